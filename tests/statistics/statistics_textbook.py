"""The textbook data sets of docs/pooling/, as the tests want them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.statistics.estimate import Estimate
from kg.statistics.pooling import Pooled
from kg.statistics.two_groups import Events
from kg.synthesis.contributions import Contribution, estimates_of
from kg.synthesis.study_table import read_studies

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pooling"


def studies(name: str, measure: str | None = None) -> list[Contribution]:
    rows, usual = read_studies(FOLDER / f"{name}.csv", measure)
    return [row.measured_as(measure or usual) for row in rows]


def estimates(name: str, measure: str | None = None) -> list[Estimate]:
    return estimates_of(studies(name, measure))


def tables(rows: Sequence[Contribution]) -> list[Events]:
    found = [row.events for row in rows if row.events is not None]
    assert len(found) == len(rows)
    return found


def figures(pooled: Pooled, *names: str) -> list[float]:
    """Return figures of a pooled estimate or of its heterogeneity, by name."""
    holders = (pooled, pooled.heterogeneity)
    return [
        next(getattr(holder, name) for holder in holders if hasattr(holder, name)) for name in names
    ]


def printed(values: Sequence[float], digits: int) -> list[float]:
    return [round(value, digits) for value in values]


def agree(rows: Sequence[Pooled], want: Sequence[tuple[float, ...]], names: Sequence[str]) -> None:
    """Compare to four digits; I² by REML, which metafor stops at a change of 1e-5 in τ², to 0.001."""
    assert len(rows) == len(want)
    for row, expected in zip(rows, want, strict=True):
        assert tuple(printed(figures(row, *names), 4)) == expected[:-1]
        assert row.heterogeneity.i2 == pytest.approx(expected[-1], abs=1e-3)
