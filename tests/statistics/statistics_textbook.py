"""The textbook data sets of docs/pooling/, as the tests want them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.statistics.estimate import Estimate
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
