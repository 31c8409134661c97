"""What one study contributes to a synthesis, whether it comes from the graph or from a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kg.errors import PoolError
from kg.statistics.conversions import log_or_to_smd, smd_to_log_or
from kg.statistics.estimate import Estimate
from kg.statistics.two_groups import Events, Means, compare_events, compare_means

EVENT_MEASURES = ("RR", "OR", "RD")
MEAN_MEASURES = ("MD", "SMD", "ROM")


@dataclass(frozen=True, slots=True)
class Contribution:
    """One row of a forest plot.

    ``estimate`` may wait for the measure that is wanted while ``events`` or ``means`` say it all.
    ``unit`` is that of a difference, ``""`` if it has none or nobody says. ``groups`` are the values by
    which studies may be grouped: ``design``, ``dose``, or a column of a table. ``sources`` are the nodes
    of the graph that the numbers stand in, ``notes`` what was converted on the way. ``reported`` are value,
    low, high and level (percent) as printed, where the estimate is just that.
    """

    label: str
    estimate: Estimate | None = None
    events: Events | None = None
    means: Means | None = None
    unit: str = ""
    year: int | None = None
    n: int | None = None
    groups: dict[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reported: tuple[float, float, float, float] | None = None

    @property
    def participants(self) -> int | None:
        """People in the study, as far as known."""
        if self.events is not None:
            return round(self.events.total1 + self.events.total2)
        if self.means is not None:
            return self.means.n1 + self.means.n2
        return self.n

    def interval(self, level: float) -> tuple[float, float, float]:
        """Return value, low and high to show: as reported if at that level, else from the estimate."""
        if self.reported is not None and self.reported[3] == level:
            return self.reported[:3]
        if self.estimate is None:
            raise PoolError(f"{self.label} has no estimate to show")
        return self.estimate.value, *self.estimate.interval(level)

    def measured_as(self, measure: str) -> Contribution:
        """Return the same with its estimate in `measure`.

        Raises
        ------
        ValueError
            If that cannot be: another measure, or a table from which none follows.
        """
        found = self.estimate
        if self.events is not None and measure in EVENT_MEASURES:
            found = compare_events(self.events, measure)  # type: ignore[arg-type]
        elif self.means is not None and measure in MEAN_MEASURES:
            found = compare_means(self.means, measure)  # type: ignore[arg-type]
        if found is None:
            raise ValueError(f"no {measure} follows from what is told")
        if found.measure == "SMD" and measure == "OR":
            found = smd_to_log_or(found)
        elif found.measure == "OR" and measure == "SMD":
            found = log_or_to_smd(found)
        if found.measure != measure:
            raise ValueError(f"{found.measure} is not {measure}")
        notes = self.notes
        if found.method and found.method not in notes and found is not self.estimate:
            notes = (*notes, found.method)
        reported = self.reported if found is self.estimate else None
        return replace(self, estimate=found, notes=notes, reported=reported)


def estimates_of(contributions: Sequence[Contribution]) -> list[Estimate]:
    """Return the estimates of contributions that have one."""
    found = [item.estimate for item in contributions]
    if any(item is None for item in found):
        raise PoolError("a study without an estimate cannot be pooled")
    return [item for item in found if item is not None]


def distinct_labels(contributions: Sequence[Contribution]) -> list[Contribution]:
    """Return the same with the year, else a letter, added to labels that several share."""

    def shown(item: Contribution, year: bool) -> str:
        known = year and item.year is not None and str(item.year) not in item.label
        return f"{item.label}, {item.year}" if known else item.label

    plain = [item.label for item in contributions]
    labels = [shown(item, plain.count(item.label) > 1) for item in contributions]
    seen: dict[str, int] = {}
    result = []
    for item, label in zip(contributions, labels, strict=True):
        if labels.count(label) > 1:
            place = seen.get(label, 0)
            seen[label] = place + 1
            label = f"{label} ({_letters(place)})"
        result.append(replace(item, label=label))
    return result


def _letters(place: int) -> str:
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("a") + rest) + name
    return name
