"""The studies that a document reports, with the facts that belong to the study as a whole."""

from __future__ import annotations

import re

from kg.assembly.components import find_components
from kg.assembly.designs import classify_design, design_evidence, design_features
from kg.assembly.participant_counts import Candidate
from kg.assembly.participants import Total, choose_total, find_candidates
from kg.assembly.populations import find_populations
from kg.assembly.publications import (
    clean_title,
    find_doi,
    find_pmid,
    find_registry_ids,
    is_authors,
    is_citation,
    is_subtitle,
)  # fmt: skip
from kg.assembly.segments import Segment, find_segments
from kg.assembly.settings import (
    find_analysis,
    find_countries,
    find_follow_up,
    find_included_studies,
    find_search_date,
    find_setting,
)  # fmt: skip
from kg.assembly.study_reading import PopulationReading, StudyReading
from kg.assembly.study_signs import is_guideline, tells_of_study
from kg.assembly.zones import Zones, find_zones
from kg.statistics.intervals import SYNTHESES
from kg.text import Reading

Offsets = tuple[int, int]

_CHANGES = ("updated", "reviewed", "modified", "published")
_CHANGED = re.compile(
    rf"\b(?:last\s+)?(?:{'|'.join(_CHANGES)})\b[^\n]{{0,30}}?\b((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_TRIALS = frozenset({"randomized controlled trial", "non-randomized trial"})


def find_studies(reading: Reading) -> list[StudyReading]:
    """Return the studies of a document in the order of their first block.

    A page without a study (an opinion, a price list, a video, an empty body) gives ``[]``.
    Components of a synthesis follow their parent and name it by index.
    """
    studies: list[StudyReading] = []
    segments = find_segments(reading)
    for segment in segments:
        stretches = _stretches(reading, segment)
        if not tells_of_study(reading, segment, stretches):
            continue
        parent = len(studies)
        study = _read_study(reading, segment, stretches, alone=len(segments) == 1)
        studies.append(study)
        studies.extend(find_components(reading, study, parent))
    return studies


def study_stretches(reading: Reading) -> tuple[list[Offsets], Zones]:
    """Return the text of a document's first study, for training: stretches and their zones."""
    segments = find_segments(reading)
    if not segments:
        return [], Zones()
    zones = find_zones(reading, segments[0].blocks, segments[0].title)
    return _stretches(reading, segments[0]), zones


def _stretches(reading: Reading, segment: Segment) -> list[Offsets]:
    """Return the parts of a segment that state something: no citations, no authors, no duplicates."""
    found = []
    for index in segment.blocks:
        block = reading.blocks[index]
        text = reading.view.text[block.start_char : block.end_char]
        inside_title = segment.title and segment.title[0] <= block.start_char < segment.title[1]
        whole = inside_title and segment.title and block.end_char <= segment.title[1]
        listing = not inside_title and (is_citation(text) or is_authors(text))
        if whole or (block.is_evidence and not listing):
            found.append((block.start_char, block.end_char))
    return found


def _read_study(
    reading: Reading, segment: Segment, stretches: list[Offsets], *, alone: bool
) -> StudyReading:
    text = reading.view.text
    zones = find_zones(reading, segment.blocks, segment.title)
    headline = _headline(reading, segment, alone=alone)
    design = classify_design(_design_features(reading, segment, stretches, headline))
    places = [segment.title, *stretches] if segment.title else stretches
    study = StudyReading(blocks=tuple(segment.blocks), design=design)
    study.design_evidence = design_evidence(text, design, [p for p in places if p])
    _read_publication(reading, segment, study, alone=alone)
    if design in SYNTHESES:
        included = find_included_studies(text, stretches, zones)
        if included is not None:
            study.n_studies, study.n_studies_evidence = (
                included.value,
                (included.start_char, included.end_char),
            )
        study.search_date = find_search_date(text, stretches)
    candidates = find_candidates(text, stretches, zones)
    if design not in ("guideline", "review"):
        _set_total(study, choose_total(_eligible(study, candidates)))
    study.countries = find_countries(text, stretches)
    study.setting = find_setting(text, stretches)
    study.follow_up = find_follow_up(text, [p for p in places if p], trial=design in _TRIALS)
    study.analysis = find_analysis(text, stretches)
    study.populations = find_populations(text, candidates)
    if study.n_derived and study.n_evidence is not None:
        everyone = PopulationReading(
            "participants", *study.n_evidence, study.n_participants, derived=True
        )
        study.populations.insert(0, everyone)
    if segment.told and segment.headline:
        study.label_span = segment.headline
        study.label = text[slice(*segment.headline)].strip(" :")
    study.label = study.label or _label(study)
    return study


def study_features(reading: Reading) -> set[str]:
    """Return the features of the design of a document's first study, for training."""
    segments = find_segments(reading)
    if not segments:
        return set()
    headline = _headline(reading, segments[0], alone=len(segments) == 1)
    return _design_features(reading, segments[0], _stretches(reading, segments[0]), headline)


def _headline(reading: Reading, segment: Segment, *, alone: bool) -> str:
    """Return what the page itself calls a study: the headline over it, or the page's own title."""
    headline = reading.view.text[slice(*segment.headline)] if segment.headline else ""
    front = reading.metadata.get("title")
    return f"{headline}\n{front}" if alone and isinstance(front, str) else headline


def _design_features(
    reading: Reading, segment: Segment, stretches: list[Offsets], headline: str
) -> set[str]:
    text = reading.view.text
    features = design_features(text, _with_subtitle(reading, segment), stretches, headline)
    if re.search(r"\bcochrane\b", segment.citation.journal or "", re.IGNORECASE):
        features.add("journal of syntheses")
    body = "\n".join(text[a:b] for a, b in stretches)
    if segment.citation.doi is None and is_guideline(body, reading.document.text):
        features.add("advice to clinicians")
    return features


def _with_subtitle(reading: Reading, segment: Segment) -> Offsets | None:
    """Return the title's stretch, the subtitle in the line after it included."""
    if segment.title is None:
        return None
    start, end = segment.title
    for index in segment.blocks:
        block = reading.blocks[index]
        near = 0 <= block.start_char - end <= 3
        if near and is_subtitle(reading.view.text[block.start_char : block.end_char]):
            return start, block.end_char
    return start, end


def _eligible(study: StudyReading, candidates: list[Candidate]) -> list[Candidate]:
    """Return the counts that can be a study's total: a synthesis has more people than studies."""
    if study.design not in SYNTHESES:
        return candidates
    least = max(study.n_studies or 0, 10)
    return [c for c in candidates if c.kind != "bare" and c.value > least]


def _set_total(study: StudyReading, total: Total | None) -> None:
    if total is not None:
        study.n_participants = total.value
        study.n_evidence = (total.start_char, total.end_char)
        study.n_derived = total.derived


def _read_publication(
    reading: Reading, segment: Segment, study: StudyReading, *, alone: bool
) -> None:
    """Fill title, DOI, PubMed number, registry numbers, year and journal."""
    text, document = reading.view.text, reading.document
    whole = "\n".join(
        text[reading.blocks[i].start_char : reading.blocks[i].end_char] for i in segment.blocks
    )
    if segment.title is not None:
        study.title = clean_title(text[slice(*segment.title)])
        study.title_span = segment.title
    study.doi = segment.citation.doi
    study.pmid = segment.citation.pmid or find_pmid(_last_lines(whole))
    study.registry_ids = find_registry_ids(whole)
    study.year = segment.citation.year
    study.journal = segment.citation.journal
    if alone:
        study.title = study.title or document.title
        study.doi = study.doi or document.doi or find_doi(whole)
        study.pmid = study.pmid or document.pmid or find_pmid(whole)
        study.journal = study.journal or document.journal
        study.year = study.year or document.year or _page_year(document.published or text)
        study.registry_ids = study.registry_ids or document.registry_ids
        study.authors = document.authors


def _last_lines(text: str) -> str:
    """Return where a PubMed page prints its number: in lines of a few words."""
    return "\n".join(line for line in text.splitlines() if len(line) < 80)


def _page_year(published: str | None) -> int | None:
    """Return the year of a page's date, or of the line that says when it was last changed."""
    text = published or ""
    if len(text) <= 40:
        match = re.search(r"\b((?:19|20)\d\d)\b", text)
    else:
        lower = text.lower()
        match = _CHANGED.search(text) if any(map(lower.__contains__, _CHANGES)) else None
    return int(match[1]) if match else None


def _label(study: StudyReading) -> str:
    if study.title:
        return study.title
    parts = [
        study.design,
        f"of {study.n_participants} participants" if study.n_participants else "",
    ]
    return " ".join(p for p in parts if p)
