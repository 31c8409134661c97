"""Atoms → number expressions: one walk from left to right.

The reader keeps what a human reader keeps in mind: the measure last named and not yet given its
value, whether a mean or a median was announced, the level and the spread that earlier text
declared. Lists and pairs are joined afterwards, in :mod:`kg.numbers.lists`.
"""

from __future__ import annotations

from typing import Final, cast

from kg.numbers.attach import read_tail
from kg.numbers.expression import Expression
from kg.numbers.pieces import (
    kind_at,
    lower_at,
    read_bounds,
    read_fraction,
    read_half_interval,
    read_labelled_interval,
    read_p,
)
from kg.numbers.ranges import is_range_found
from kg.numbers.statistic import NumberNotice
from kg.numbers.values import ValueReader

#: Kinds of atoms at which something is read; others are passed over.
_TELLING: Final = frozenset({"STOP", "BREAK", "MEASURE", "STAT", "CI", "P", "NUM", "FOLD"})
_TEST_KEYS: Final = frozenset({"chi2", "F", "t", "z", "U", "W", "Q", "eta2", "i2", "tau2", "df"})


class Reader(ValueReader):
    """Reads the atoms of one text into expressions and notices."""

    def run(self) -> list[Expression]:
        """Read all atoms."""
        at, size = 0, len(self.atoms)
        while at < size:
            following = self._step(at) if self.atoms[at].kind in _TELLING else 0
            at = following if following > at else at + 1
        return self.found

    def _step(self, at: int) -> int:
        atom = self.atoms[at]
        kind = atom.kind
        if kind in {"STOP", "BREAK"}:
            self._end_sentence(kind)
        elif kind == "MEASURE":
            self.measure, self.used, self.stat = at, False, None
        elif kind == "STAT":
            return self._statistic(at)
        elif kind == "CI":
            return self._interval(at)
        elif kind == "P":
            return self._p_alone(at)
        elif kind == "NUM":
            return self._number(at)
        elif kind == "FOLD" and atom.value is not None:
            return self._fold_word(at)
        return at + 1

    def _end_sentence(self, kind: str) -> None:
        self.sentence += 1
        self.per = None
        self.measure = self.stat = None
        self.used = False
        self.carried.bracket = None
        if self.sentence - self.carried.level_sentence > 4:
            self.carried.level, self.carried.labelled = None, False

    # -- everything but values ---------------------------------------------------------------

    def _statistic(self, at: int) -> int:
        atoms, key = self.atoms, self.atoms[at].key
        if key in {"mean", "median", "gmean"}:
            self.stat = "mean" if key == "gmean" else key
            if self.used:
                self.measure = None
            return at + 1
        if (
            key in {"F", "t"}
            and len(atoms[at].text) == 1
            and kind_at(atoms, at - 1) in {"VS", "AND"}
        ):
            return at + 1  # "M = 0.17 vs F = 0.12": males and females
        if key == "sd" and lower_at(atoms, at - 1) in {"per", "each", "every"}:
            return at + 1  # "HR per SD 1.21": a step of exposure
        first = at + 1
        if kind_at(atoms, first) in {"EQ", "COLON", "CMP"}:
            first += 1
        if key in {"sd", "se"} and (
            kind_at(atoms, first) != "NUM" or kind_at(atoms, at - 1) == "PM"
        ):
            self._declare_spread(key, at)
            return at + 1
        if key in {"iqr", "range"} and kind_at(atoms, first) in {
            "CLOSE",
            "COMMA",
            "SEMI",
            "WORD",
            "NAME",
        }:
            self.carried.bracket = key
            if key == "iqr" and self.stat == "median":
                self.carried.quartiles = True
            return at + 1
        if key == "range" and (bounds := read_bounds(atoms, first, loose=True)):
            return self._range(bounds) if is_range_found(atoms, bounds) else bounds.end
        if key == "n" and (fraction := read_fraction(atoms, first)):
            return fraction.end
        if key in {"iqr", "n", "sd", "se", "df"} and kind_at(atoms, first) == "NUM":
            bounds = read_bounds(atoms, first)
            return bounds.end if bounds else first + 1
        if key in _TEST_KEYS and kind_at(atoms, first) == "NUM":
            return self._test_statistic(at, first, key)
        return at + 1

    def _declare_spread(self, key: str, at: int) -> None:
        """Note what "mean (SD)", "mean ± SE" says of the spread of values before and behind it."""
        before = kind_at(self.atoms, at - 1)
        if before in {"PM", "OPEN", "COMMA", "OTHER"} or lower_at(self.atoms, at - 1) in {
            "and",
            "as",
            "mean",
        }:
            self.carried.spread = key
            for expression in reversed(self.found[-12:]):
                if expression.sentence != self.sentence:
                    break
                if expression.spread is not None and not expression.spread_labelled:
                    expression.spread_kind, expression.spread_labelled = key, True

    def _test_statistic(self, at: int, number: int, key: str | None) -> int:
        end = number + 1
        expression = Expression(at, end, sentence=self.sentence)
        if key not in {"i2", "tau2", "df"}:
            expression.statistic = (at, end)
        end = read_tail(self.atoms, expression, end, self.carried)
        if expression.p is not None and expression.statistic is not None:
            expression.end = end
            self.found.append(expression)
        return max(end, number + 1)

    def _interval(self, at: int) -> int:
        """Read an interval that stands behind no value: a label before one, or a lost value."""
        atoms = self.atoms
        found = read_labelled_interval(atoms, at)
        if found is None:
            kinds = [kind_at(atoms, at + n) for n in (-2, -1, 1)]
            if kinds == ["STAT", "OPEN", "CLOSE"]:
                self.carried.bracket = "ci"  # "median (95% CI) times were 92 hours (84-114 hours)"
            self.carried.level, self.carried.labelled = atoms[at].level or self.carried.level, True
            self.carried.level_sentence = self.sentence
            if half := read_half_interval(atoms, at):
                return half[1]  # of a value that was not reached itself
            torn = kind_at(atoms, at + 1) in {"COMMA", "COLON"} and kind_at(atoms, at + 2) == "NUM"
            return at + 3 if torn and self.used else at + 1
        if self._waits_for_value(found.bounds.low):
            self.carried.level, self.carried.labelled = atoms[at].level, True
            self.carried.level_sentence = self.sentence
            return found.bounds.low
        if owner := self._owner_of(found.bounds, found.label):
            owner.bounds, owner.labelled, owner.level = found.bounds, True, atoms[at].level
            self.carried.level, self.carried.labelled = owner.level, True
            self.carried.level_sentence = self.sentence
            owner.end = read_tail(atoms, owner, found.bounds.end, self.carried)
            owner.end = max(owner.end, found.bounds.end)
            return owner.end
        low, high = atoms[found.bounds.low], atoms[found.bounds.high]
        self.notices.append(
            NumberNotice(
                atoms[at].start,
                high.end,
                "interval_without_value",
                f"an interval {low.text} to {high.text} stands here without the value it belongs to",
            )
        )
        self.carried.level, self.carried.labelled = atoms[at].level, True
        self.carried.level_sentence = self.sentence
        return found.bounds.end

    def _waits_for_value(self, number: int) -> bool:
        """Whether "HR; 95% CI 1.9; 1.2, 3.1": the number behind the label is the estimate."""
        if self.measure is None or self.used:
            return False
        after = number + 1
        if kind_at(self.atoms, after) not in {"SEMI", "COMMA"}:
            return False
        bounds = read_bounds(self.atoms, after + 1, loose=True)
        if bounds is None:
            return False
        value, low, high = (
            cast(float, self.atoms[n].value) for n in (number, bounds.low, bounds.high)
        )
        return low <= value <= high

    def _p_alone(self, at: int) -> int:
        p = read_p(self.atoms, at)
        if p is None:
            return at + 1
        self.found.append(Expression(at, p.end, p=p, sentence=self.sentence))
        return p.end

    def _fold_word(self, at: int) -> int:
        expression = Expression(
            at, at + 1, value=at, unit=at, measure="fold_change", sentence=self.sentence
        )
        expression.end = read_tail(self.atoms, expression, at + 1, self.carried)
        self.found.append(expression)
        return expression.end
