"""What a reader of numbers keeps in mind from one atom to the next, and how it begins and ends a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.attach import Carried, read_tail
from kg.numbers.context import is_threshold
from kg.numbers.expression import Expression
from kg.numbers.measuring import OF_ONE, contrast_in_gap, fits, has_interval_next
from kg.numbers.pieces import Bounds, kind_at, lower_at, money_before
from kg.numbers.statistic import NumberNotice
from kg.records import RATIO_MEASURES

QUANTITY: Final = frozenset({"PERCENT", "UNIT", "RATE", "FOLD"})
_MEASURE_REACH: Final = 22  # atoms between a measure's name and its value
_OWNER_REACH: Final = 24  # atoms between a value and an interval that others stand before
_RATIO_REACH: Final = 40  # … of a ratio, and a value with an interval behind it


class ReaderState:
    """The measure that waits for its value, what was announced, and all that was read so far."""

    def __init__(self, atoms: Sequence[Atom], *, bare: bool = False) -> None:
        self.atoms = atoms
        self.bare = bare
        self.found: list[Expression] = []
        self.notices: list[NumberNotice] = []
        self.sentence = 0
        self.ranged = -1  # the last sentence with a range of which both ends are values
        self.measure: int | None = None  # atom of the measure named and waiting for a value
        self.used = False  # the measure has had a value; another needs a list
        self.stat: str | None = None
        self.carried = Carried()
        self.per: tuple[int, int] | None = None  # "per 20 nmol/L" before the estimate

    def _new(self, start: int, value: int) -> Expression:
        e = Expression(start, value + 1, value=value, sentence=self.sentence, stat=self.stat)
        for step in range(1, 7):
            kind = kind_at(self.atoms, start - step)
            if kind in {"STAT", "NUM", "STOP", "BREAK"}:
                e.stat_near = kind == "STAT"
                break
        if (money := money_before(self.atoms, start)) is not None:
            e.start, e.unit_code = money
            start = e.start
        if kind_at(self.atoms, start - 1) == "CMP":
            e.bound = {"≤": "<=", "≥": ">="}.get(
                self.atoms[start - 1].key or "", self.atoms[start - 1].key
            )
        return e

    def _take_measure(self, e: Expression, at: int) -> None:
        """Give the value the measure named before it, if it can be its value."""
        atoms, measure = self.atoms, self.measure
        if measure is None:
            return
        far = atoms[measure].key in RATIO_MEASURES and has_interval_next(atoms, at)
        reach = _RATIO_REACH if far else _MEASURE_REACH
        if at - measure > reach and not self.used:
            return
        if self.used and (not self._continues_list(at) or self._has_spread_of_its_own(at)):
            return
        if self.used and self._is_other_scale(e):
            return
        if self.used and self._is_set_against(at) and atoms[measure].key in RATIO_MEASURES:
            return
        if not fits(atoms, measure, e) or not self._path_is_clear(measure, at):
            return
        e.measure = atoms[measure].key  # type: ignore[assignment]
        e.measure_atom = measure
        e.adjusted = atoms[measure].adjusted or None
        e.per, self.per = self.per or contrast_in_gap(atoms, measure, at), None
        self.used = True

    def _is_other_scale(self, e: Expression) -> bool:
        """Whether "AUC 0.84, sensitivity 81%": a part of one goes before, a percentage of another thing follows."""
        last = self.found[-1] if self.found else None
        percent = e.unit is not None and self.atoms[e.unit].kind == "PERCENT"
        return percent and last is not None and last.measure in OF_ONE and last.unit is None

    def _is_set_against(self, at: int) -> bool:
        """Whether "19.9 vs 30.0": the values of two groups, of which a ratio behind them may be told."""
        return "VS" in {kind_at(self.atoms, at + 1), kind_at(self.atoms, at - 1)}

    def _has_spread_of_its_own(self, at: int) -> bool:
        """Whether "-7.6% (SD 5.9)": one group's values vary so, no difference of two does."""
        at += 1 + (kind_at(self.atoms, at + 1) in QUANTITY)
        spread = kind_at(self.atoms, at) == "OPEN" and kind_at(self.atoms, at + 1) == "STAT"
        return spread and self.atoms[at + 1].key == "sd"

    def _path_is_clear(self, measure: int, at: int) -> bool:
        """Whether nothing between the name and the value cuts them apart."""
        if self.used:
            return True
        return all(atom.kind not in {"STOP", "BREAK", "P"} for atom in self.atoms[measure + 1 : at])

    def _continues_list(self, at: int) -> bool:
        """Whether the value at `at` is a further item of the list the last value belongs to."""
        if not self.found:
            return False
        bounded = has_interval_next(self.atoms, at)
        last = next((e for e in reversed(self.found) if e.value is not None), self.found[-1])
        if bounded and self.atoms[cast(int, self.measure)].key in RATIO_MEASURES:
            last = self._before_levels(last)
        gap = self.atoms[last.end : at]
        reach = 45 if bounded else 14
        if last.sentence != self.sentence or len(gap) > reach or last.measure_atom != self.measure:
            return False
        return any(
            a.kind in {"AND", "COMMA", "SEMI", "VS", "OR", "PIPE"}
            or a.lower in {"compared", "while", "whereas", "against"}
            for a in gap
        ) and not any(a.kind in {"MEASURE", "STAT"} for a in gap)

    def _before_levels(self, last: Expression) -> Expression:
        """Return the ratio before the levels it is told of: "0.80 (0.73, 0.88) at 50 nmol/L, 0.66 (0.56, 0.78) at …"."""
        for e in reversed(self.found[-4:]):
            if e.measure_atom == self.measure:
                return e
            if e.value is None or e.has_evidence or self.atoms[e.value].decimals:
                break
        return last

    def _finish(self, e: Expression, after: int) -> int:
        e.end = read_tail(self.atoms, e, after, self.carried)
        if e.unit is not None and self.atoms[e.unit].kind in {"UNIT", "RATE"}:
            e.unit_code = self.atoms[e.unit].key
        self._give_back(e)
        self._read_bound_behind(e, after)
        if not is_threshold(self.atoms, e):
            self.found.append(e)
        elif e.p is not None:
            self.found.append(Expression(e.p.start, e.p.end, p=e.p, sentence=self.sentence))
        return e.end

    def _give_back(self, e: Expression) -> None:
        """Give "118 g higher with 4,000 IU than with 400 IU (95% CI 22 to 214)" its interval: of the value that it holds."""
        if e.bounds is None or not e.labelled or e.measure_atom is not None or e.stat_near:
            return
        if e.value is None or self._holds(e.bounds, e.value):
            return
        owner = self._owner_of(e.bounds, e.start)
        if owner is None or owner.p is not None:
            return
        owner.bounds, owner.labelled, owner.level = e.bounds, True, e.level
        owner.p = e.p
        e.bounds, e.labelled, e.level, e.p = None, False, None, None

    def _owner_of(self, bounds: Bounds, at: int) -> Expression | None:
        """Return the value a few words before atom `at` that an interval belongs to: it must hold it."""
        for e in reversed(self.found[-3:]):
            if e.sentence != self.sentence or at - e.end > _OWNER_REACH:
                return None
            if e.value is not None and e.bounds is None and self._holds(bounds, e.value):
                return e
        return None

    def _holds(self, bounds: Bounds, value: int) -> bool:
        """Whether an interval holds a value, or a fall as it is printed."""
        low, high = sorted(cast(float, self.atoms[n].value) for n in (bounds.low, bounds.high))
        printed = cast(float, self.atoms[value].value)
        return low <= printed <= high or low <= -printed <= high

    def _read_bound_behind(self, e: Expression, at: int) -> None:
        """Note "30 ng/mL or greater": a limit, not a value."""
        if lower_at(self.atoms, at) in {"or", "and"} and e.bound is None:
            word = lower_at(self.atoms, at + 1)
            if word in {"greater", "more", "higher", "above", "older", "over", "longer", "later"}:
                e.bound = ">="
            elif word in {"less", "lower", "below", "fewer", "younger", "under", "shorter"}:
                e.bound = "<="
