"""The daily doses under which effects were found, in units that can be compared, and bands of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median

import pyoxigraph as ox

from kg.errors import PoolError
from kg.queries import select
from kg.statistics.amounts import AmountError, comparable_dose
from kg.store import Store
from kg.synthesis.contributions import Contribution
from kg.table import plain

_DOSES = """
PREFIX ce: <https://w3id.org/clinev/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?effect ?substance ?low ?high ?unit WHERE {
  VALUES ?effect { EFFECTS }
  ?effect ce:dose ?dose . ?dose ce:perDayMax ?high ; ce:unit ?unit ; ce:ofIntervention/ce:component/skos:prefLabel ?substance .
  OPTIONAL { ?dose ce:perDayMin ?low }
} ORDER BY ?effect ?substance ?unit ?low ?high"""


def find_doses(store: Store, effects: Iterable[str]) -> dict[str, str]:
    """Return effect IRI → its daily dose, as "20 ug/d"; effects with several doses or none are absent."""
    nodes = " ".join(str(ox.NamedNode(node)) for node in sorted(set(effects)))
    found: dict[str, set[str]] = {}
    if not nodes:
        return {}
    for row in select(store, _DOSES.replace("EFFECTS", nodes)).dicts():
        low, high, unit = plain(row["low"]), plain(row["high"]), str(row["unit"])
        amount = high if low is None else (low + high) / 2
        try:
            change = comparable_dose(amount, unit, str(row["substance"]))
            text = f"{change.value:.6g} {change.unit}/d"
        except AmountError:
            text = f"{amount:.6g} {unit}/d"
        found.setdefault(str(row["effect"]), set()).add(text)
    return {effect: next(iter(texts)) for effect, texts in found.items() if len(texts) == 1}


def band(contributions: Sequence[Contribution], edges: Sequence[float]) -> list[Contribution]:
    """Return the same with ``groups["dose band"]``: where each daily dose lies between edges.

    Parameters
    ----------
    contributions
        With ``groups["dose"]`` as :func:`find_doses` gives it, in one unit.
    edges
        Rising, in that unit; an edge belongs to the lower band. Empty: the median of the doses.

    Raises
    ------
    PoolError
        If no dose is known, or they are in several units.
    """
    known = [text.partition(" ") for item in contributions if (text := item.groups.get("dose"))]
    if not known:
        raise PoolError("no study's daily dose is known, so there are no dose bands")
    units = sorted({unit for _, _, unit in known})
    if len(units) > 1:
        raise PoolError(f"daily doses in {' and '.join(units)} cannot be put into the same bands")
    limits = list(edges) or [median(float(amount) for amount, _, _ in known)]
    if limits != sorted(set(limits)):
        raise PoolError("the edges of dose bands must rise")
    result = []
    for item in contributions:
        text = item.groups.get("dose")
        if text is None:
            result.append(item)
            continue
        amount = float(text.partition(" ")[0])
        result.append(
            replace(item, groups={**item.groups, "dose band": _band_name(amount, limits, units[0])})
        )
    return result


def _band_name(amount: float, limits: Sequence[float], unit: str) -> str:
    below = [edge for edge in limits if edge < amount]
    above = [edge for edge in limits if edge >= amount]
    if not below:
        return f"up to {above[0]:g} {unit}"
    if not above:
        return f"above {below[-1]:g} {unit}"
    return f"{below[-1]:g} to {above[0]:g} {unit}"
