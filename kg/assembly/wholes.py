"""Values of all arms together: "of 449 events 183 were in the drug and 266 in the placebo group".

A count that the counts of several arms behind it add up to is no arm's, nor is the share that they
make: "in 21.9% of cases (11/59 with A, 16/64 with B)".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kg.assembly.arm_scene import ArmScene
from kg.numbers.statistic import Statistic

_LEAST = 3  # of two, one here and one there prove nothing
_MOST = 4  # arms


def find_wholes(scene: ArmScene, names: Mapping[int, int]) -> frozenset[int]:
    """Return the values that are sums of values behind them, each of another arm (`names`, by value)."""
    statistics = scene.context.statistics
    return frozenset(
        k for at, k in enumerate(scene.values)
        if any(_make(statistics[k], [statistics[p] for p in parts])
               for parts in _of_arms_behind(scene, at, names))
    )  # fmt: skip


def _of_arms_behind(scene: ArmScene, at: int, names: Mapping[int, int]) -> Iterator[Sequence[int]]:
    """Yield two, three … values behind one in its sentence, as long as each is of another arm named there."""
    place = scene.context.places[scene.values[at]]
    here = scene.by_sentence.get(place.sentence, ())
    free = {m.name for m in here if m.phrase.first >= place.end}
    parts: list[int] = []
    for p in scene.values[at + 1 : at + 1 + _MOST]:
        if scene.context.places[p].sentence != place.sentence or names[p] not in free:
            return
        free.remove(names[p])
        parts.append(p)
        if len(parts) > 1:
            yield parts


def _make(whole: Statistic, parts: Sequence[Statistic]) -> bool:
    """Tell whether counts add up to another, or make a share together."""
    counts = [n for part in parts if (n := _count(part)) is not None]
    totals = [part.total for part in parts if part.total is not None]
    if len(counts) < len(parts) or len(totals) not in (0, len(parts)):
        return False
    events, total = sum(counts), sum(totals) or None
    own = _count(whole)
    if own is not None:
        return own == events >= _LEAST and (None in (whole.total, total) or whole.total == total)
    if whole.unit != "%" or whole.value is None or not total:
        return False
    decimals = len((whole.printed_value or "").replace("·", ".").partition(".")[2])
    return abs(100 * events / total - whole.value) < 10.0**-decimals  # rounded or cut off


def _count(s: Statistic) -> int | None:
    """Return how many a value counts, ``None`` if it counts nothing."""
    if s.events is not None or s.measure != "count" or s.value is None or s.unit is not None:
        return s.events
    return int(s.value) if s.value.is_integer() else None
