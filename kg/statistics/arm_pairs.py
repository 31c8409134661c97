"""Results of single arms in pairs: what was counted or measured in two arms at one time.

Nothing is guessed: a pair needs exactly one arm of the intervention and one other, the same outcome, time
and unit, and numbers from which events and people, or mean, standard deviation and people follow.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kg.statistics.conversions import sd_from_mean_interval, sd_from_se
from kg.statistics.medians import Summary, estimate_mean, estimate_sd, is_skewed
from kg.statistics.two_groups import Events, Means

_BASELINE = re.compile(r"(?i)(at )?baseline\b|before\b")
_OTHER_ARMS = frozenset({"control", "unexposed"})


@dataclass(frozen=True, slots=True)
class ArmResult:
    """What was counted or measured in one arm; fields as in :class:`kg.records.Effect`.

    ``effect`` and ``study_node`` identify, ``outcome``, ``intervention`` and ``comparator`` are labels, ``role`` is
    as in :class:`kg.records.Arm`; ``phase`` is "baseline" for a value before.
    """

    effect: str
    study_node: str
    study: str
    outcome: str
    intervention: str | None
    comparator: str | None
    arm: str | None
    arm_n: int | None
    role: str | None
    measure: str
    value: float | None
    unit: str | None
    sd: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    ci_level: float | None
    q1: float | None
    q3: float | None
    minimum: float | None
    maximum: float | None
    n: int | None
    events: int | None
    total: int | None
    phase: str | None
    timepoint: str | None
    subgroup: str | None

    @property
    def is_control(self) -> bool:
        """Whether the arm's role says that it is not the intervention's."""
        return self.role in _OTHER_ARMS


@dataclass(frozen=True, slots=True)
class Pair:
    """Two arms: that of the intervention first. Either ``events`` or ``means`` is there."""

    first: ArmResult
    second: ArmResult
    events: Events | None
    means: Means | None
    notes: tuple[str, ...] = ()


def pair_arms(
    results: Iterable[ArmResult], is_treated: Callable[[ArmResult], bool]
) -> Iterator[Pair]:
    """Yield a pair of arms for each study, outcome, time and unit that has exactly two.

    Baseline values and results of subgroups are passed over.

    Parameters
    ----------
    results
        Of any number of studies.
    is_treated
        Whether an arm is the intervention's.
    """
    groups: dict[tuple[str, str, str, str, str], list[ArmResult]] = {}
    for item in results:
        if (
            item.subgroup
            or item.phase == "baseline"
            or item.arm is None
            or _BASELINE.match(item.timepoint or "")
        ):
            continue
        kind = "events" if count_events(item) is not None else "means"
        when = " ".join((item.timepoint or "").casefold().split())
        unit = "" if kind == "events" else item.unit or ""
        key = (item.study_node, item.outcome.casefold(), when, kind, unit)
        groups.setdefault(key, []).append(item)
    for (_, _, _, kind, _), members in groups.items():
        treated = [item for item in members if is_treated(item)]
        others = [item for item in members if item not in treated]
        if len(treated) == 1 and len(others) == 1 and treated[0].arm != others[0].arm:
            pair = _compare(treated[0], others[0], kind)
            if pair is not None:
                yield pair


def _compare(first: ArmResult, second: ArmResult, kind: str) -> Pair | None:
    if kind == "events":
        one, two = count_events(first), count_events(second)
        return None if one is None or two is None else Pair(first, second, Events(*one, *two), None)
    mean1, mean2 = read_mean(first), read_mean(second)
    if mean1 is None or mean2 is None:
        return None
    try:
        means = Means(*mean1[:3], *mean2[:3])
    except ValueError:
        return None
    return Pair(first, second, None, means, tuple(dict.fromkeys((*mean1[3], *mean2[3]))))


def count_events(item: ArmResult) -> tuple[float, float] | None:
    """Return events and people of an arm, ``None`` where they do not follow.

    A percentage of known people is turned into events where it rounds one number of people alone.
    """
    if item.measure not in ("percent", "count"):
        return None
    people = item.total or item.n or item.arm_n
    if not people:
        return None
    if item.events is not None:
        return (item.events, people) if item.events <= people else None
    if item.value is None:
        return None
    if item.measure == "percent" and 0 <= item.value <= 100:
        events = whole_events(item.value, people)
        return None if events is None else (events, people)
    if item.measure == "count" and 0 <= item.value <= people and item.value == int(item.value):
        return item.value, people
    return None


def whole_events(percent: float, people: int) -> float | None:
    """Return the number of people that a percentage rounds, ``None`` where several do.

    >>> whole_events(13.5, 148), whole_events(28.0, 201)
    (20.0, None)
    """
    decimals = len(f"{percent:.10f}".rstrip("0").partition(".")[2])
    half = 0.5 * 10**-decimals
    low, high = (percent - half) * people / 100, (percent + half) * people / 100
    able = range(max(0, math.ceil(low)), min(people, math.floor(high)) + 1)
    return float(able[0]) if len(able) == 1 else None


def read_mean(item: ArmResult) -> tuple[float, float, int, tuple[str, ...]] | None:
    """Return mean, SD, people and what was worked out; ``None`` where they do not follow."""
    people = item.n or item.total or item.arm_n
    if people is None or people < 2 or item.value is None:
        return None
    if item.measure == "mean":
        if item.sd is not None:
            return item.value, item.sd, people, ()
        if item.se is not None and item.se > 0:
            sd = sd_from_se(item.se, people)
            return item.value, sd, people, ("SD from SE (Cochrane Handbook 6.5.2.2)",)
        if item.ci_low is not None and item.ci_high is not None and item.ci_low < item.ci_high:
            sd = sd_from_mean_interval(item.ci_low, item.ci_high, people, item.ci_level or 95.0)
            note = "SD from the interval of a mean (Cochrane Handbook 6.5.2.2)"
            return item.value, sd, people, (note,)
    if item.measure == "median":
        try:
            summary = Summary(people, item.value, item.q1, item.q3, item.minimum, item.maximum)
        except ValueError:
            return None
        if not is_skewed(summary):
            note = "mean and SD from a median (Luo et al. 2018; Wan et al. 2014)"
            return estimate_mean(summary), estimate_sd(summary), people, (note,)
    return None
