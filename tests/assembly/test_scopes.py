"""A study of a page of several takes its names from its own blocks."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.assembly.scopes import within
from kg.extract import make_extractor
from kg.pipeline import annotate, make_nlp
from kg.readers import read
from kg.records import Effect, Record, Study

PAGE = """#### Zinc for the common cold: a randomized trial

Thorax. 2014 Feb 5;12(3):45-50. doi: 10.1234/abc.2014.1

METHODS: We randomly assigned 120 adults with a cold to zinc acetate lozenges or placebo for 7 days.

RESULTS: The duration of symptoms was 4.5 days with zinc acetate and 8.1 days with placebo (P = 0.03).

CONCLUSION: Zinc acetate lozenges shortened the common cold compared with placebo.

---

#### Night work and gallstones in nurses: a cohort study

Chest. 2016 Mar;44(1):1-9. doi: 10.1234/xyz.2016.2

METHODS: We followed 6,400 nurses for 10 years and asked them about night work.

RESULTS: Night work was associated with gallstones (HR 1.31; 95% CI 1.10 to 1.56; P = 0.002).

CONCLUSION: Nurses who work at night have more gallstones.
"""


def names(study: Study) -> set[str]:
    """Return all that a study names as given, compared or measured."""
    given = {item.label.lower() for item in study.interventions}
    return given | {item.label.lower() for item in study.outcomes}


def record_of(path: Path) -> Record:
    return make_extractor()(read(path))


def comparators(study: Study, effects: tuple[Effect, ...]) -> set[str | None]:
    labels = {item.id: item.label for item in study.interventions}
    return {labels.get(effect.comparator or "") for effect in effects}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.md"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_no_study_is_compared_with_the_arms_of_its_neighbour(page: Path) -> None:
    trial, cohort = record_of(page).studies
    assert "placebo" in names(trial)
    assert not any("night" in name or "gallstone" in name for name in names(trial))
    assert any("night work" in name for name in names(cohort))
    assert not any("placebo" in name or "zinc" in name for name in names(cohort))


def test_an_annotation_is_cut_to_blocks_with_all_that_belongs_to_them(page: Path) -> None:
    reading = read(page)
    annotation = annotate(make_nlp(), reading)
    blocks = {annotation.sentences[0].block, annotation.sentences[-1].block}
    part = within(annotation, blocks)
    assert {s.block for s in part.sentences} == blocks
    assert "".join(t.text for t in part.tokens) == "".join(
        "".join(s.text.split()) for s in part.sentences
    )
    assert part.chunks
    assert all(part.sentence_at(item.start_char) is not None for item in part.chunks)
    if part.chances is not None:
        assert len(part.chances) == len(part.tokens)
    assert within(annotation, range(len(reading.blocks))) is annotation


def test_a_page_that_retells_trials_says_once_what_they_gave() -> None:
    record = record_of(Path("corpus/copd-four-trials.md"))
    *_, last = record.studies
    assert last.effects
    assert {item.label.lower() for item in last.interventions} == {"vitamin d"}
    assert comparators(last, last.effects) == {None}  # "without a control group"
