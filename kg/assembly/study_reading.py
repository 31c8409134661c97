"""What is read of a study before anyone gives it an identifier.

All offsets are offsets of the view (``reading.view.text``), end excluded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kg.records import Design

Offsets = tuple[int, int]
Phase = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class PopulationReading:
    """Participants, or a part of them, as one place of the text names them.

    ``label`` is short and without the number ("IIM patients"); ``condition`` holds the words that
    say what they have ("idiopathic inflammatory myopathy"). Ages are in years, ``female_percent``
    is 0 to 100. ``arm_words`` are the words naming the group that this number counts
    ("5,000 IU daily (HD)"), ``None`` for participants who are no group of a comparison.
    ``derived``: ``n`` is a sum of stated group sizes.
    """

    label: str
    start_char: int
    end_char: int
    n: int | None = None
    condition: str | None = None
    age_low: float | None = None
    age_high: float | None = None
    age_mean: float | None = None
    female_percent: float | None = None
    arm_words: str | None = None
    arm_start: int | None = None
    arm_end: int | None = None
    derived: bool = False


@dataclass(frozen=True, slots=True)
class CellReading:
    """A value in the row of a component study: ``12±7.04`` before treatment, in column CDASI."""

    column: str
    column_start: int
    column_end: int
    phase: Phase | None
    start_char: int
    end_char: int


@dataclass(slots=True)
class StudyReading:
    """A study that a document reports, or a component of a synthesis that it lists.

    ``blocks`` are indexes into ``reading.blocks``, in order; a component has its parent's table
    block, or none. ``parent`` is the index, in the same list, of the study that includes it.
    ``n_participants`` is the total of people (or animals) randomised, enrolled or else analysed;
    ``n_derived`` says that it is a sum of stated group sizes. Facts the text does not state are
    ``None``. ``dose`` is where a component's row states the regimen, ``label_span`` where the
    text names the study.
    """

    blocks: tuple[int, ...]
    kind: Literal["report", "component"] = "report"
    parent: int | None = None
    label: str = ""
    label_span: Offsets | None = None
    design: Design = "other"
    design_evidence: Offsets | None = None
    title: str | None = None
    title_span: Offsets | None = None
    doi: str | None = None
    pmid: str | None = None
    registry_ids: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str | None = None
    n_studies: int | None = None
    n_studies_evidence: Offsets | None = None
    n_participants: int | None = None
    n_evidence: Offsets | None = None
    n_derived: bool = False
    countries: tuple[str, ...] = ()
    setting: str | None = None
    follow_up: str | None = None
    search_date: str | None = None
    analysis: str | None = None
    populations: list[PopulationReading] = field(default_factory=list)
    disease: str | None = None
    dose: Offsets | None = None
    cells: list[CellReading] = field(default_factory=list)

    @property
    def is_retold(self) -> bool:
        """Whether a page tells of the study in its own words, under a headline of its own."""
        return self.kind == "report" and self.label_span is not None
