"""Studies that a synthesis lists: the rows of its table, or a name in a sentence."""

from __future__ import annotations

from kg.assembly.study_reading import StudyReading
from kg.text import Reading


def find_components(reading: Reading, study: StudyReading, parent: int) -> list[StudyReading]:
    """Return the component studies that a study's blocks list, in text order."""
    return []
