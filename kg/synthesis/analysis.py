"""One synthesis: a model fitted to what studies contribute, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.errors import PoolError
from kg.statistics.bias import Asymmetry, egger
from kg.statistics.event_pooling import mantel_haenszel, pool_peto
from kg.statistics.heterogeneity import tau2_interval
from kg.statistics.pooling import (
    RANDOM_METHODS,
    Method,
    Pooled,
    Subgroups,
    compare_subgroups,
    cumulate,
    leave_one_out,
    pool,
)
from kg.statistics.scales import USUAL_LEVEL
from kg.statistics.two_groups import Events
from kg.synthesis.contributions import (
    EVENT_MEASURES,
    Contribution,
    distinct_labels,
    estimates_of,
)

#: What stands for a value by which studies are grouped where nobody says it.
UNKNOWN = "not stated"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A result that is not pooled, and why. ``source`` is its node in the graph, "" for a table's row."""

    label: str
    told: str
    reason: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """How to pool. ``by`` names a group of :class:`Contribution`, e.g. ``design``; "" for none."""

    method: Method = "REML"
    hartung_knapp: bool = False
    level: float = USUAL_LEVEL
    by: str = ""


@dataclass(frozen=True, slots=True)
class Synthesis:
    """Contributions, what they say together, and what was left out.

    ``leave_one_out`` and ``cumulative`` have a model a contribution, the latter in the order of
    ``by_year``. ``asymmetry`` is ``None`` with fewer than three studies or equal precision.
    """

    title: str
    measure: str
    unit: str
    contributions: tuple[Contribution, ...]
    pooled: Pooled
    tau2_interval: tuple[float, float] | None
    leave_one_out: tuple[Pooled, ...]
    by_year: tuple[Contribution, ...]
    cumulative: tuple[Pooled, ...]
    subgroups: Subgroups | None
    asymmetry: Asymmetry | None
    left_out: tuple[LeftOut, ...]

    @property
    def participants(self) -> int | None:
        """People in all studies, ``None`` if one does not say."""
        known = [item.participants for item in self.contributions]
        return None if None in known else sum(n for n in known if n is not None)


def measure_all(
    contributions: Sequence[Contribution], measure: str
) -> tuple[list[Contribution], list[LeftOut]]:
    """Express all contributions in one measure; what cannot be is left out with its reason."""
    kept, left_out = [], []
    for item in contributions:
        try:
            kept.append(item.measured_as(measure))
        except ValueError as error:
            source = item.sources[0] if item.sources else ""
            left_out.append(LeftOut(item.label, _told(item), str(error), source))
    return kept, left_out


def _told(item: Contribution) -> str:
    if item.events is not None:
        table = item.events
        return f"{table.events1:g}/{table.total1:g} against {table.events2:g}/{table.total2:g}"
    return "" if item.estimate is None else f"{item.estimate.measure} {item.estimate.value:.3g}"


def synthesize(
    contributions: Sequence[Contribution],
    measure: str,
    model: Model,
    title: str = "",
    left_out: Sequence[LeftOut] = (),
) -> Synthesis:
    """Fit a model to contributions of one measure and unit.

    Raises
    ------
    PoolError
        If nothing is left to pool, units or measures are mixed, or the method needs events that a
        study does not tell.
    """
    kept, unmeasured = measure_all(contributions, measure)
    kept = distinct_labels(kept)
    left = (*left_out, *unmeasured)
    if not kept:
        raise PoolError(_nothing(left))
    units = sorted({item.unit for item in kept})
    if len(units) > 1:
        names = " and ".join(unit or "no unit" for unit in units)
        raise PoolError(f"{measure} in {names} cannot be pooled together")
    if model.hartung_knapp and model.method not in RANDOM_METHODS:
        raise PoolError(
            f"Hartung & Knapp's interval belongs to random effects, not to {model.method}"
        )
    if model.method in ("MH", "Peto"):
        _check_events(kept, measure, model.method)

    def fit(some: Sequence[Contribution]) -> Pooled:
        return _fit(some, measure, model)

    try:
        pooled = fit(kept)
        by_year = tuple(
            sorted(kept, key=lambda item: (item.year is None, item.year or 0, kept.index(item)))
        )
        return Synthesis(
            title, measure, units[0], tuple(kept), pooled, _tau2_interval(kept, model),
            tuple(leave_one_out(kept, fit)), by_year, tuple(cumulate(by_year, fit)),
            _subgroups(kept, model), _asymmetry(kept), left,
        )  # fmt: skip
    except ValueError as error:
        raise PoolError(str(error)) from error


def _fit(some: Sequence[Contribution], measure: str, model: Model) -> Pooled:
    if model.method == "MH":
        return mantel_haenszel(_tables(some), measure, model.level)  # type: ignore[arg-type]
    if model.method == "Peto":
        return pool_peto(_tables(some), model.level)
    return pool(
        estimates_of(some), model.method, hartung_knapp=model.hartung_knapp, level=model.level
    )


def _tables(some: Sequence[Contribution]) -> list[Events]:
    return [item.events for item in some if item.events is not None]


def _check_events(kept: Sequence[Contribution], measure: str, method: str) -> None:
    without = [item.label for item in kept if item.events is None]
    if without:
        raise PoolError(
            f"{method} pools events of both arms, which {', '.join(without)} "
            f"{'does' if len(without) == 1 else 'do'} not tell; take IV, DL, PM or REML"
        )
    if method == "Peto" and measure != "OR":
        raise PoolError(f"Peto's method is of odds ratios, not of {measure}: add --measure OR")
    if measure not in EVENT_MEASURES:
        raise PoolError(f"Mantel & Haenszel's method pools RR, OR and RD, not {measure}")


def _tau2_interval(kept: Sequence[Contribution], model: Model) -> tuple[float, float] | None:
    if model.method not in RANDOM_METHODS or len(kept) < 2:
        return None
    estimates = estimates_of(kept)
    return tau2_interval(
        [item.point for item in estimates], [item.variance for item in estimates], model.level
    )


def _asymmetry(kept: Sequence[Contribution]) -> Asymmetry | None:
    try:
        return egger(estimates_of(kept))
    except ValueError:  # too few, or all equally precise: nothing to say, and the report says which
        return None


def _subgroups(kept: Sequence[Contribution], model: Model) -> Subgroups | None:
    if not model.by:
        return None
    if not any(model.by in item.groups for item in kept):
        known = sorted({name for item in kept for name in item.groups})
        raise PoolError(
            f"no study has a {model.by!r} to group by; there is {', '.join(known) or 'nothing'}"
        )
    names = [item.groups.get(model.by) or UNKNOWN for item in kept]
    plain = replace(model, by="")
    groups = []
    for name in dict.fromkeys(sorted(names, key=lambda text: (text == UNKNOWN, natural(text)))):
        members = [item for item, own in zip(kept, names, strict=True) if own == name]
        groups.append((name, _fit(members, kept[0].estimate.measure, plain)))  # type: ignore[union-attr]
    return compare_subgroups(groups)


def natural(text: str) -> list[tuple[int, float, str]]:
    """Order texts with numbers in them as people do: "10 to 20" after "2 to 10"."""
    import re

    parts = re.findall(r"\d+(?:\.\d+)?|\D+", text)
    return [(0, float(part), "") if part[0].isdigit() else (1, 0.0, part) for part in parts]


def _nothing(left_out: Sequence[LeftOut]) -> str:
    if not left_out:
        return "there is nothing to pool"
    lines = [
        f"  {item.label}{': ' + item.told if item.told else ''} — {item.reason}"
        for item in left_out[:12]
    ]
    more = len(left_out) - len(lines)
    return "nothing is left to pool:\n" + "\n".join(
        [*lines, *([f"  and {more} more"] if more else [])]
    )
