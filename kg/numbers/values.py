"""Values: numbers with their unit, count, measure and all that stands behind them.

Half of the walk of :mod:`kg.numbers.grammar`: what is read where a number stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.attach import Carried, read_tail
from kg.numbers.change import change_after, change_before, is_change_in_bracket
from kg.numbers.context import is_threshold
from kg.numbers.expression import Expression
from kg.numbers.measuring import OF_ONE, contrast_in_gap, fits, has_interval_next
from kg.numbers.naming import no_quantity, step_of_exposure
from kg.numbers.per_people import take_size
from kg.numbers.pieces import (
    Bounds,
    Fraction,
    kind_at,
    lower_at,
    money_before,
    money_behind,
    read_bounds,
    read_fraction,
)
from kg.numbers.ranges import is_range_found
from kg.numbers.repair import is_run_together, split_run_together
from kg.numbers.statistic import NumberNotice
from kg.numbers.words import EVENT_WORDS, FILLERS
from kg.records import RATIO_MEASURES

_QUANTITY: Final = frozenset({"PERCENT", "UNIT", "RATE", "FOLD"})
_MEASURE_REACH: Final = 22  # atoms between a measure's name and its value
_RATIO_REACH: Final = 40  # … of a ratio, and a value with an interval behind it
_GROUPS: Final = frozenset({"groups", "arms", "cohorts", "regimens"})
_NEAR_WORDS: Final = 4  # words between "n of N" and its percentage in brackets
_SHARE_REACH: Final = 12  # … where the percentage is that of the two numbers
_ROUNDING: Final = 0.6  # percentage points between a printed percentage and its fraction


class ValueReader:
    """What a reader keeps in mind, and how it reads a number."""

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

    def _number(self, at: int) -> int:
        atoms = self.atoms
        if end := step_of_exposure(atoms, at):
            self._note_exposure(at - 1, end)
            return end
        stated = [kind_at(atoms, at - n) for n in (1, 2)] == ["EQ", "STAT"]  # "median = 6 sessions"
        if end := (0 if stated else no_quantity(atoms, at)) or self._is_one_prevented(at):
            named = at - 2 if lower_at(atoms, at - 1) == "of" else at - 1
            if kind_at(atoms, named) == "STAT" and not atoms[at].hyphenated:
                self.stat = (
                    None  # "over a median of 13 years, 283 developed": it is of what is passed over
                )
            return end
        fraction = read_fraction(atoms, at)
        if fraction is not None and not self._divides_units(fraction):
            return self._fraction(fraction)
        if is_run_together(atoms, at):
            return self._run_together(at)
        bounds = read_bounds(atoms, at)
        if bounds is not None and kind_at(atoms, bounds.end) != "PM":
            told = bounds.separator == "TO" and self._goes_from_to(at, bounds.low, bounds.high)
            if not told and not is_change_in_bracket(atoms, bounds):
                if is_range_found(atoms, bounds, goes_on=self.ranged == self.sentence):
                    self.ranged = self.sentence
                    return self._range(bounds)
                return self._skip_range(bounds.end)
        if (count := self._count_with_percent(at)) is not None:
            return count
        return self._value(at)

    def _range(self, bounds: Bounds) -> int:
        """Read both ends of "27-35% of the samples", "ranged from 3.4 to 7.1": two values that were found."""
        atoms = self.atoms
        low, high = (self._new(bounds.low, at) for at in (bounds.low, bounds.high))
        for e in (low, high):
            e.unit, e.hinted = bounds.unit, True
            if e.unit is not None and atoms[e.unit].kind in {"UNIT", "RATE"}:
                e.unit_code = atoms[e.unit].key
        self._take_measure(low, bounds.low)
        high.measure, high.measure_atom, high.adjusted = low.measure, low.measure_atom, low.adjusted
        low.end = bounds.low + 1
        self.found.append(low)
        return self._finish(high, bounds.end)

    def _is_one_prevented(self, at: int) -> int:
        """Return the index behind "one" in "number needed to treat to prevent one death", or 0."""
        waits = self.measure is not None and not self.used
        one = (
            waits and self.atoms[at].value == 1 and self.atoms[cast(int, self.measure)].key == "NNT"
        )
        return at + 1 if one else 0

    def _run_together(self, at: int) -> int:
        """Read "RR 0.95% CI 0.90-0.99", or leave it out with a notice."""
        atoms = self.atoms
        measure = atoms[self.measure].key if self.measure is not None and not self.used else None
        before = next(
            (e for e in reversed(self.found[-3:]) if e.sentence == self.sentence and e.unit is not None
             and e.value is not None and atoms[e.unit].kind == "PERCENT"), None,
        )  # fmt: skip
        percent = None
        if before is not None:
            direction = change_before(atoms, before) or change_after(atoms, before)
            percent = (
                cast(float, atoms[cast(int, before.value)].value) * direction if direction else None
            )
        split = split_run_together(atoms, at, measure, percent)
        if split is None:
            self.notices.append(
                NumberNotice(atoms[at].start, atoms[at + 2].end, "estimate_run_together",
                             f'"{atoms[at].text}% CI" may be an estimate and a level, or the level alone')
            )  # fmt: skip
            return at + 3
        e, _ = split
        e.sentence, e.stat = self.sentence, self.stat
        if measure is not None:
            e.measure, e.measure_atom = measure, self.measure  # type: ignore[assignment]
            self.used = True
        e.end = read_tail(atoms, e, e.end, self.carried)
        self.found.append(e)
        return e.end

    def _note_exposure(self, start: int, end: int) -> None:
        """Keep "per 20 nmol/L" for the estimate just read, or the next."""
        last = self.found[-1] if self.found else None
        near = last is not None and last.sentence == self.sentence and start - last.end < 8
        if last is not None and near and last.measure_atom is not None:
            last.per = (start, end)
        else:
            self.per = (start, end)

    def _after_equals(self, at: int) -> bool:
        return kind_at(self.atoms, at - 1) in {"EQ", "MEASURE"}

    def _divides_units(self, fraction: Fraction) -> bool:
        """Whether "7.1/5.7 mmHg" style slashes join two values instead of n and N."""
        atoms = self.atoms
        after = kind_at(atoms, fraction.end)
        return fraction.slash and after in {"UNIT", "SLASH", "PM"}

    def _goes_from_to(self, at: int, low: int, high: int) -> bool:
        """Whether "a to b" is a change from a to b, not a range."""
        atoms = self.atoms
        around = [kind_at(atoms, n) for n in (at - 2, at - 1, high + 1, high + 2)]
        if around == ["NUM", "SLASH", "SLASH", "NUM"]:
            return True  # "150/95 to 140/90"
        for step in range(1, 3):
            word = lower_at(atoms, at - step)
            if word == "from":
                before = {lower_at(atoms, at - step - n) for n in range(1, 4)}
                return not before & {"ranged", "ranging", "range", "ranges", "varying", "varied"}
            if word not in FILLERS:
                break
        if kind_at(atoms, at - 1) in {"OPEN", "COMMA"} or lower_at(atoms, at - 1) in {
            "increased",
            "decreased",
            "fell",
            "rose",
        }:
            return (
                cast(float, atoms[low].value) > cast(float, atoms[high].value)
                or kind_at(atoms, high + 1) == "PM"
            )
        return False

    def _skip_range(self, end: int) -> int:
        while kind_at(self.atoms, end) in _QUANTITY:
            end += 1
        return end

    def _fraction(self, fraction: Fraction) -> int:
        """Read n/N with its percentage, or as a count of N."""
        atoms, at = self.atoms, fraction.end
        words = 0
        while kind_at(atoms, at) in {"WORD", "NAME"} and words < _SHARE_REACH:
            if lower_at(atoms, at) in {"and", "had"} and words < _NEAR_WORDS:
                break
            at, words = at + 1, words + 1
        opened = kind_at(atoms, at) in {"OPEN", "COLON", "COMMA", "EQ", "SEMI"}
        percent = kind_at(atoms, at + 1) == "NUM" and kind_at(atoms, at + 2) == "PERCENT"
        if (
            opened
            and percent
            and (words <= _NEAR_WORDS or self._is_share(fraction.events, at + 1, fraction.total))
        ):
            e = self._new(fraction.start, at + 1)
            e.unit = at + 2
            e.events, e.total = fraction.events, fraction.total
            return self._finish(e, at + 3)
        if owner := self._percent_of(fraction):
            owner.events, owner.total = fraction.events, fraction.total
            owner.end = read_tail(atoms, owner, fraction.end, self.carried)
            return owner.end
        e = self._new(fraction.start, fraction.events)
        e.events, e.total, e.counted, e.measure, e.measure_atom = (
            fraction.events,
            fraction.total,
            True,
            "count",
            None,
        )
        return self._finish(e, fraction.end)

    def _percent_of(self, fraction: Fraction) -> Expression | None:
        """Return the percentage shortly before that n/N gives again: "48.7% of enrollees (459/943)"."""
        atoms = self.atoms
        last = self.found[-1] if self.found else None
        if last is None or last.value is None or last.unit is None or last.events is not None:
            return None
        if (
            atoms[last.unit].kind != "PERCENT"
            or last.sentence != self.sentence
            or fraction.start - last.end > 8
        ):
            return None
        total = cast(float, atoms[fraction.total].value)
        share = 100 * cast(float, atoms[fraction.events].value) / total if total else -1.0
        return last if abs(share - cast(float, atoms[last.value].value)) < _ROUNDING else None

    def _count_with_percent(self, at: int) -> int | None:
        """Read "95 patients (44%)": a count with the percentage in brackets."""
        atoms = self.atoms
        atom = atoms[at]
        if (
            atom.decimals
            or atom.signed
            or atom.year
            or kind_at(atoms, at - 1) == "CMP"
            or kind_at(atoms, at + 1) in _QUANTITY | {"PM", "DASH"}
        ):
            return None
        if kind_at(atoms, at - 1) == "OPEN" and kind_at(atoms, at + 1) == "SEMI":
            return self._count_before_percent(at)
        step = at + 1
        while kind_at(atoms, step) in {"WORD", "NAME"} and step < at + 7:
            step += 1
        if kind_at(atoms, step) == "OPEN" and kind_at(atoms, step + 1) == "CMP":
            return None
        if any(lower_at(atoms, n) in _GROUPS for n in range(at + 1, step)):
            return None  # "between the two groups (5.0% in …": groups are no cases
        if not (
            kind_at(atoms, step) == "OPEN"
            and kind_at(atoms, step + 1) == "NUM"
            and not atoms[step + 1].signed
            and kind_at(atoms, step + 2) == "PERCENT"
        ):
            return None
        if kind_at(atoms, step + 3) not in {"CLOSE", "COMMA", "SEMI", "AND", "WORD", "VS", "OPEN"}:
            return None
        e = self._new(at, step + 1)
        e.unit, e.events = step + 2, at
        after = step + 3
        if (
            kind_at(atoms, after) == "CLOSE"
            and lower_at(atoms, after + 1) == "of"
            and kind_at(atoms, after + 2) == "NUM"
        ):
            e.total, after = after + 2, after + 3  # "21 [16.8%] of 125"
        elif (
            kind_at(atoms, after) == "CLOSE"
            and lower_at(atoms, after + 1) == "in"
            and kind_at(atoms, after + 2) == "NUM"
            and self._is_share(at, step + 1, after + 2)
        ):
            e.total, after = after + 2, after + 3  # "226 [6.3%] in 3575 women"
        return self._finish(e, after)

    def _count_before_percent(self, at: int) -> int | None:
        """Read "(13; 3.1%)": a count and its percentage in one bracket."""
        atoms = self.atoms
        kinds = [kind_at(atoms, at + n) for n in range(2, 5)]
        if kinds != ["NUM", "PERCENT", "CLOSE"] or atoms[at + 2].signed:
            return None
        e = self._new(at, at + 2)
        e.unit, e.events = at + 3, at
        return self._finish(e, at + 4)

    def _is_share(self, events: int, percent: int, total: int) -> bool:
        """Whether a percentage is that of the events in a total, as far as it is printed."""
        part, share, whole = (cast(float, self.atoms[n].value) for n in (events, percent, total))
        return whole >= part and whole > 0 and abs(100 * part / whole - share) < _ROUNDING

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

    def _value(self, at: int) -> int:
        atoms = self.atoms
        e = self._new(at, at)
        after = at + 1
        if kind_at(atoms, after) in _QUANTITY:
            e.unit = after
            after += 1
        elif e.unit_code is None and (code := money_behind(atoms, at)):
            e.unit_code = code
            after += 1
        elif lower_at(atoms, after) in EVENT_WORDS and kind_at(atoms, after + 1) == "RATE":
            e.unit = after + 1  # "42 deaths per 1000 livebirths"
            after += 2
        if kind_at(atoms, after) == "PM" and kind_at(atoms, after + 1) == "NUM":
            e.spread, e.plus_minus = after + 1, True
            e.spread_kind, e.spread_labelled = (
                self.carried.spread or "sd",
                self.carried.spread is not None,
            )
            after += 2
            if kind_at(atoms, after) in _QUANTITY:
                e.unit = after if e.unit is None else e.unit
                after += 1
        elif (
            kind_at(atoms, after) == "PM"
            and kind_at(atoms, after + 1) == "STAT"
            and kind_at(atoms, after + 2) == "NUM"
        ):
            e.spread, e.plus_minus, e.spread_labelled = after + 2, True, True
            e.spread_kind = atoms[after + 1].key or "sd"
            after += 3
        self._take_measure(e, at)
        return self._finish(e, take_size(atoms, e) or after)

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
        at += 1 + (kind_at(self.atoms, at + 1) in _QUANTITY)
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
        self._read_bound_behind(e, after)
        if not is_threshold(self.atoms, e):
            self.found.append(e)
        elif e.p is not None:
            self.found.append(Expression(e.p.start, e.p.end, p=e.p, sentence=self.sentence))
        return e.end

    def _read_bound_behind(self, e: Expression, at: int) -> None:
        """Note "30 ng/mL or greater": a limit, not a value."""
        if lower_at(self.atoms, at) in {"or", "and"} and e.bound is None:
            word = lower_at(self.atoms, at + 1)
            if word in {"greater", "more", "higher", "above", "older", "over", "longer", "later"}:
                e.bound = ">="
            elif word in {"less", "lower", "below", "fewer", "younger", "under", "shorter"}:
                e.bound = "<="
