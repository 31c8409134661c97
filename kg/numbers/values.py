"""Values: numbers with their unit, count, measure and all that stands behind them.

Half of the walk of :mod:`kg.numbers.grammar`: what is read where a number stands.
"""

from __future__ import annotations

from typing import cast

from kg.numbers.attach import read_tail
from kg.numbers.change import change_after, change_before, is_change_in_bracket
from kg.numbers.naming import no_quantity, step_of_exposure
from kg.numbers.per_people import take_size
from kg.numbers.pieces import (
    Bounds,
    Fraction,
    kind_at,
    lower_at,
    money_behind,
    read_bounds,
    read_fraction,
)
from kg.numbers.ranges import is_range_found
from kg.numbers.reader_state import QUANTITY
from kg.numbers.repair import is_run_together, split_run_together
from kg.numbers.shares import ShareReader
from kg.numbers.statistic import NumberNotice
from kg.numbers.words import EVENT_WORDS, FILLERS


class ValueReader(ShareReader):
    """How a reader reads a number."""

    def _number(self, at: int) -> int:
        atoms = self.atoms
        if end := step_of_exposure(atoms, at):
            self._note_exposure(at - 1, end)
            return end
        stated = [kind_at(atoms, at - n) for n in (1, 2)] == ["EQ", "STAT"]  # "median = 6 sessions"
        if end := (0 if stated else no_quantity(atoms, at)) or self._is_one_prevented(at):
            named = at - 2 if lower_at(atoms, at - 1) == "of" else at - 1
            if kind_at(atoms, named) == "STAT" and not atoms[at].hyphenated:
                self.stat = None  # "a median of 13 years": it is of what is passed over
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
        while kind_at(self.atoms, end) in QUANTITY:
            end += 1
        return end

    def _value(self, at: int) -> int:
        atoms = self.atoms
        e = self._new(at, at)
        after = at + 1
        if kind_at(atoms, after) in QUANTITY:
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
            if kind_at(atoms, after) in QUANTITY:
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
