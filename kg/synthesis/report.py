"""A synthesis for people and programs: rows of a table, sentences, and one object for JSON."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from kg.statistics.pooling import Pooled
from kg.statistics.scales import LOG_MEASURES, from_scale
from kg.synthesis.analysis import Synthesis

METHODS = {
    "IV": "inverse variance, common effect",
    "MH": "Mantel-Haenszel, common effect",
    "Peto": "Peto, common effect",
    "DL": "inverse variance, random effects, τ² by DerSimonian-Laird",
    "PM": "inverse variance, random effects, τ² by Paule-Mandel",
    "REML": "inverse variance, random effects, τ² by REML",
}
COLUMNS = (
    "study", "year", "n", "measure", "estimate", "low", "high", "level", "unit", "weight", "told", "source",
)  # fmt: skip


def digits(value: float, measure: str) -> str:
    """Return a number as tables print it: two decimals for a ratio, three figures or two decimals else.

    >>> digits(0.4894, "RR"), digits(-13.1, "MD"), digits(0.0123, "RD"), digits(1234.5, "MD")
    ('0.49', '-13.10', '0.012', '1234')
    """
    if not math.isfinite(value):
        return "∞" if value > 0 else "-∞"
    size = abs(value)
    if measure in LOG_MEASURES:
        if size >= 100:
            return f"{value:.0f}"
        return f"{value:.1f}" if size >= 10 else f"{value:.2f}" if size >= 0.01 else f"{value:.1g}"
    if size >= 1000:
        return f"{value:.0f}"
    text = f"{value:.3f}" if measure in ("RD", "r", "rho") else f"{value:.2f}"
    return text.replace("-0.000", "0.000") if float(text) == 0 else text


def count(number: float) -> str:
    r"""Return a number of people, with thin spaces from five figures on.

    >>> count(1941), count(27310)
    ('1941', '27\u2009310')
    """
    text = f"{number:.10g}"
    return (
        f"{int(number):,}".replace(",", "\u2009") if number >= 10_000 and text.isdigit() else text
    )


def p_text(p: float) -> str:
    """Return a p value as journals print it.

    >>> p_text(0.00004), p_text(0.0123), p_text(0.3)
    ('< 0.001', '= 0.012', '= 0.30')
    """
    if p < 0.001:
        return "< 0.001"
    if p > 0.99:
        return "> 0.99"
    return f"= {p:.3f}" if p < 0.095 else f"= {p:.2f}"


def interval_text(value: float, low: float, high: float, measure: str) -> str:
    """Return "0.49 (0.34 to 0.70)"."""
    return f"{digits(value, measure)} ({digits(low, measure)} to {digits(high, measure)})"


def pooled_text(pooled: Pooled) -> str:
    """Return a pooled estimate with interval and p value."""
    text = interval_text(pooled.value, pooled.low, pooled.high, pooled.measure)
    return f"{pooled.measure} {text}, p {p_text(pooled.p)}"


def heterogeneity_text(pooled: Pooled) -> str:
    """Return Q, I² and τ² in one line; "" for a single study."""
    found = pooled.heterogeneity
    if not found.df:
        return ""
    text = f"Q = {found.q:.2f}, df = {found.df}, p {p_text(found.p)}; I² = {found.i2:.0f} %"
    return f"{text}; τ² = {found.tau2:.3g}" if pooled.model == "random" else text


def rows(synthesis: Synthesis) -> list[tuple[Any, ...]]:
    """Return a row for each contribution, under :data:`COLUMNS`."""
    level = synthesis.pooled.level
    found = []
    for item, weight in zip(synthesis.contributions, synthesis.pooled.weights, strict=True):
        value, low, high = item.interval(level)
        found.append((
            item.label, item.year, item.participants, synthesis.measure, value, low, high, level,
            item.unit or None, weight, "; ".join(item.notes), " ".join(item.sources),
        ))  # fmt: skip
    return found


def sentences(synthesis: Synthesis) -> Iterator[str]:
    """Yield what a reader needs to know of the pooled estimate, a line each."""
    pooled = synthesis.pooled
    unit = f" {synthesis.unit}" if synthesis.unit else ""
    people = synthesis.participants
    of = f"{pooled.k} {'study' if pooled.k == 1 else 'studies'}"
    of += f", {people} participants" if people else ""
    yield f"{pooled_text(pooled)}{unit} — {of}"
    knapp = ", interval by Hartung-Knapp" if pooled.hartung_knapp else ""
    yield f"Model: {METHODS[pooled.method]}{knapp}, {pooled.level:g} % intervals"
    if pooled.heterogeneity.df:
        text = f"Heterogeneity: {heterogeneity_text(pooled)}"
        if synthesis.tau2_interval is not None:
            low, high = synthesis.tau2_interval
            shown = "∞" if math.isinf(high) else f"{high:.3g}"
            text += f" ({low:.3g} to {shown})"
        yield text
    if pooled.prediction is not None:
        bounds = " to ".join(digits(bound, pooled.measure) for bound in pooled.prediction)
        yield f"Prediction interval for a new study: {bounds}{unit}"
    if synthesis.subgroups is not None:
        yield from _subgroup_lines(synthesis)
    if len(synthesis.leave_one_out) > 1:
        least = min(synthesis.leave_one_out, key=lambda found: found.value)
        most = max(synthesis.leave_one_out, key=lambda found: found.value)
        names = [textwrap.shorten(i.label, 40, placeholder=" …") for i in synthesis.contributions]
        without = {id(found): names[index] for index, found in enumerate(synthesis.leave_one_out)}
        yield (
            f"Leaving one out: from {digits(least.value, pooled.measure)} (without {without[id(least)]})"
            f" to {digits(most.value, pooled.measure)} (without {without[id(most)]})"
        )
    yield _asymmetry_line(synthesis)


def _subgroup_lines(synthesis: Synthesis) -> Iterator[str]:
    found = synthesis.subgroups
    assert found is not None
    for name, pooled in found.groups:
        of = f"{pooled.k} {'study' if pooled.k == 1 else 'studies'}"
        i2 = f", I² = {pooled.heterogeneity.i2:.0f} %" if pooled.heterogeneity.df else ""
        yield f"  {name}: {pooled_text(pooled)} — {of}{i2}"
    if found.p is not None:
        yield f"Difference between subgroups: Q = {found.q:.2f}, df = {found.df}, p {p_text(found.p)}"


def _asymmetry_line(synthesis: Synthesis) -> str:
    found = synthesis.asymmetry
    if found is None:
        return "Egger's test: not made (it needs three studies of different precision)"
    text = f"Egger's test: intercept {found.intercept:.2f}, t = {found.t:.2f}, df = {found.df}, p {p_text(found.p)}"
    return text if found.enough else f"{text}; with fewer than ten studies it says little"


def as_object(synthesis: Synthesis) -> dict[str, Any]:
    """Return the whole synthesis as an object that JSON can hold."""
    pooled = synthesis.pooled
    names = [item.label for item in synthesis.contributions]
    studies = []
    for row, item in zip(rows(synthesis), synthesis.contributions, strict=True):
        shown = dict(zip(COLUMNS, row, strict=True))
        assert item.estimate is not None
        shown |= {
            "told": list(item.notes), "source": list(item.sources), "groups": item.groups,
            "on_scale": item.estimate.point, "se": item.estimate.error, "computed": bool(item.notes),
            "events": asdict(item.events) if item.events else None,
            "means": asdict(item.means) if item.means else None,
        }  # fmt: skip
        studies.append(shown)
    subgroups = None
    if synthesis.subgroups is not None:
        subgroups = {
            "groups": {name: pooled_object(found) for name, found in synthesis.subgroups.groups},
            "q": synthesis.subgroups.q, "df": synthesis.subgroups.df, "p": synthesis.subgroups.p,
        }  # fmt: skip
    asymmetry = None
    if synthesis.asymmetry is not None:
        asymmetry = asdict(synthesis.asymmetry)
        for name in ("limit", "limit_low", "limit_high"):
            asymmetry[name] = from_scale(synthesis.measure, asymmetry[name])
    found: dict[str, Any] = _finite({
        "title": synthesis.title, "measure": synthesis.measure, "unit": synthesis.unit or None,
        "participants": synthesis.participants, "pooled": pooled_object(pooled),
        "tau2_interval": synthesis.tau2_interval, "studies": studies, "subgroups": subgroups,
        "leave_one_out": {
            name: pooled_object(found) for name, found in zip(names, synthesis.leave_one_out, strict=False)
        },
        "cumulative": [
            {"added": item.label, "year": item.year, **pooled_object(found)}
            for item, found in zip(synthesis.by_year, synthesis.cumulative, strict=True)
        ],
        "egger": asymmetry, "left_out": [asdict(item) for item in synthesis.left_out],
    })  # fmt: skip
    return found


def pooled_object(pooled: Pooled) -> dict[str, Any]:
    """Return a pooled estimate as an object."""
    found = pooled.heterogeneity
    return {
        "estimate": pooled.value, "low": pooled.low, "high": pooled.high, "level": pooled.level,
        "on_scale": pooled.point, "se": pooled.error, "statistic": pooled.statistic, "df": pooled.df,
        "p": pooled.p, "k": pooled.k, "method": pooled.method, "model": pooled.model,
        "hartung_knapp": pooled.hartung_knapp, "prediction": pooled.prediction, "q": found.q,
        "q_df": found.df, "q_p": found.p, "i2": found.i2, "h2": found.h2, "tau2": found.tau2,
    }  # fmt: skip


def _finite(value: Any) -> Any:
    """Replace infinities, which JSON does not know, by texts."""
    if isinstance(value, float) and not math.isfinite(value):
        return "infinity" if value > 0 else "-infinity"
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
