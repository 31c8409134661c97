"""Counts of a whole and their percentages: "12/40 (30%)", "95 patients (44%)", "(13; 3.1%)"."""

from __future__ import annotations

from typing import Final, cast

from kg.numbers.attach import read_tail
from kg.numbers.expression import Expression
from kg.numbers.pieces import Fraction, kind_at, lower_at
from kg.numbers.reader_state import QUANTITY, ReaderState

_GROUPS: Final = frozenset({"groups", "arms", "cohorts", "regimens"})
_NEAR_WORDS: Final = 4  # words between "n of N" and its percentage in brackets
_SHARE_REACH: Final = 12  # … where the percentage is that of the two numbers
_ROUNDING: Final = 0.6  # percentage points between a printed percentage and its fraction


class ShareReader(ReaderState):
    """How a reader reads a part of a whole."""

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
            or kind_at(atoms, at + 1) in QUANTITY | {"PM", "DASH"}
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
