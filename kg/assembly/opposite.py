"""What a value is set against: the other arm's value of the same outcome, and the test of the two.

The features of :mod:`kg.assembly.direction` that only the table of arms can give.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from kg.assembly.arms import ArmTable
from kg.assembly.by_grammar import RESULT_NOUNS, clause
from kg.assembly.context import Context
from kg.assembly.features import MEASURE_GROUPS, Features, null_value
from kg.assembly.labels import likeness
from kg.measures import GROUP_MEASURES
from kg.numbers.statistic import ALPHA, Statistic

if TYPE_CHECKING:
    from kg.assembly.link import Link

_WITHIN = 2  # sentences in which the other arm's value may stand, before and after
_SAME = 0.5  # likeness of two outcomes' names from which they are one
_FAR = 20.0  # what stands for "none" where a distance is asked


class Opposites:
    """A document's values and the arms they are of, asked for what each is set against."""

    def __init__(self, context: Context, links: Mapping[int, Link], arms: ArmTable) -> None:
        self.context = context
        self.links = links
        self.arms = arms
        self.by_sentence: dict[int, list[int]] = {}
        for k, place in enumerate(context.places):
            self.by_sentence.setdefault(place.sentence, []).append(k)

    def features(self, k: int) -> Features:
        """Return what the table of arms and the tests beside a number say of its direction."""
        link = self.links[k]
        f: Features = {f"lm_{MEASURE_GROUPS.get(link.measure or '', 'none')}": 1.0}
        f |= self._document
        f |= self._verdicts(k)
        f |= self._next_sentence(self.context.places[k].sentence)
        arm = self.arms.arm_of(k)
        f["in_arm"] = float(arm is not None)
        if arm is not None:
            f["in_control"] = float(arm.control)
        if self.context.statistics[k].value is None or link.measure not in GROUP_MEASURES:
            return f
        other = self.other(k)
        if other is not None:
            f |= self._beside(k, other)
        f |= self._rank(k)
        return f

    @cached_property
    def _verdict_of(self) -> list[float]:
        """What each statistic's test says (:func:`_verdict`)."""
        return [_verdict(s) for s in self.context.statistics]

    @cached_property
    def _document(self) -> Features:
        """What holds for all numbers: how many arms there are, and whether one is a control."""
        used = {id(arm): arm for arm in (self.arms.of_value or {}).values()}
        return {
            "doc_arms": float(len(self.arms.arms)),
            "doc_used": float(len(used)),
            "doc_controls": float(sum(arm.control for arm in used.values())),
            "doc_random": float(f" {' '.join(self.context.lower)}".count(" random")),
        }

    def other(self, k: int) -> int | None:
        """Return the value of another arm that the `k`-th is likeliest set against, if there is one."""
        best = max(self._others(k), default=None)
        return None if best is None else int(-best[-1])

    def _others(self, k: int) -> Iterator[tuple[float, ...]]:
        """Yield the values that may be the other arm's, each with its rank; the last of it is ``-j``."""
        own, place, arm = self.context.statistics[k], self.context.places[k], self.arms.arm_of(k)
        link = self.links[k]
        for n in range(place.sentence - _WITHIN, place.sentence + _WITHIN + 1):
            for j in self.by_sentence.get(n, ()):
                other, theirs = self.context.statistics[j], self.links.get(j)
                if j == k or theirs is None or other.value is None:
                    continue
                if theirs.measure != link.measure or other.unit != own.unit:
                    continue
                there = self.arms.arm_of(j)
                if arm is not None and there is arm:
                    continue
                known = arm is not None and there is not None
                same = self._same_outcome(k, j)
                listed = own.group is not None and own.group == other.group
                if not (same or listed):
                    continue
                if n != place.sentence and not (known and same):
                    continue
                yield (
                    float(known), float(same), float(listed), -abs(n - place.sentence),
                    -abs(j - k), float(j > k), -j,
                )  # fmt: skip

    def _same_outcome(self, k: int, j: int) -> bool:
        one, other = self.links[k].outcome, self.links[j].outcome
        if one is None or other is None:
            return one is other
        return likeness(one.label, other.label) >= _SAME

    def _beside(self, k: int, j: int) -> Features:
        own, other = self.context.statistics[k], self.context.statistics[j]
        assert own.value is not None
        assert other.value is not None
        a, b = self.arms.arm_of(k), self.arms.arm_of(j)
        f: Features = {
            "o_known": 1.0 + float(a is not None and b is not None),
            "o_same": float(self._same_outcome(k, j)),
            "o_listed": float(own.group is not None and own.group == other.group),
            "o_vs": float(own.pairing == "vs" or other.pairing == "vs"),
            "o_apart": float(abs(self.context.places[k].sentence - self.context.places[j].sentence)),
            "o_gap": float(abs(j - k)),
            "o_before": float(j < k),
            "o_sign": _sign(own.value - other.value),
            "o_far": math.log1p(abs(own.value - other.value)),
            "o_control": float(b is not None and b.control),
            "o_verdict": self._verdict_of[j],
        }  # fmt: skip
        if own.value > 0 and other.value > 0:
            f["o_ratio"] = math.log(own.value / other.value)
        return f

    def _rank(self, k: int) -> Features:
        """Return how a value stands among those of its outcome in the sentence."""
        own = self.context.statistics[k]
        assert own.value is not None
        values, arms = [], set()
        for j in self.by_sentence[self.context.places[k].sentence]:
            value, link = self.context.statistics[j].value, self.links.get(j)
            if link is None or value is None or link.measure != self.links[k].measure:
                continue
            if self.context.statistics[j].unit != own.unit or not self._same_outcome(k, j):
                continue
            values.append(value)
            arms.add(id(self.arms.arm_of(j)))
        return {
            "r_values": float(len(values)),
            "r_arms": float(len(arms)),
            "r_highest": float(own.value >= max(values)),
            "r_lowest": float(own.value <= min(values)),
        }

    def _verdicts(self, k: int) -> Features:
        """Return what the nearest tests of the clause say, after the number and before it."""
        start, end = clause(self.context, k)
        places = self.context.places
        own = [
            j for j in self.by_sentence[places[k].sentence]
            if j == k or start <= places[j].anchor < end
        ]  # fmt: skip
        at = own.index(k)
        f: Features = {}
        for name, beside in (("ahead", own[at:]), ("behind", own[:at][::-1])):
            f[f"v_{name}_gap"] = _FAR
            for gap, j in enumerate(beside):
                found = self._verdict_of[j]
                if found:
                    f[f"v_{name}"], f[f"v_{name}_gap"] = found, float(gap)
                    f[f"v_{name}_way"] = _against_null(self.context.statistics[j])
                    break
        told = [self._verdict_of[j] for j in own]
        f["v_shown"], f["v_not"] = float(told.count(1.0)), float(told.count(-1.0))
        return f

    def _next_sentence(self, n: int) -> Features:
        """Return what the next sentence opens with: a test of this one's values, or that they did not differ."""
        if n + 1 >= len(self.context.sentence_tokens):
            return {}
        f: Features = {}
        first, last = self.context.sentence_tokens[n + 1]
        numbers = self.by_sentence.get(n + 1, [])
        if numbers and self.context.statistics[numbers[0]].value is None:
            f["n_verdict"] = self._verdict_of[numbers[0]]
        table = self.context.counts["cue_not"]
        f["n_not"] = float(
            not numbers and table[last] > table[first] and any(
                table[t + 1] > table[t]
                and RESULT_NOUNS.intersection(self.context.lower[t + 1 : min(last, t + 5)])
                for t in range(first, last)
            )
        )  # fmt: skip
        return f


def _verdict(s: Statistic) -> float:
    """Return 1 where a statistic's test shows a difference, -1 where it shows none, 0 without a test."""
    if s.p_value is not None and s.p_kind is None:
        if s.p_operator in (">", ">="):
            return -1.0
        return 1.0 if s.p_value < ALPHA or (s.p_value == ALPHA and s.p_operator == "<") else -1.0
    null = null_value(s)
    if null is not None and s.ci_low is not None and s.ci_high is not None:
        return -1.0 if s.ci_low <= null <= s.ci_high else 1.0
    return 0.0


def _against_null(s: Statistic) -> float:
    null = null_value(s)
    return 0.0 if null is None or s.value is None else _sign(s.value - null)


def _sign(x: float) -> float:
    return float(x > 0) - float(x < 0)
