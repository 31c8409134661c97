"""What is read from annotated pages is right often enough: the floors that no change may go below.

The figures are those of ``kg evaluate``. Floors are targets or what has been reached, whichever is
lower, so a failure here is a loss; a figure that rises lets its floor be raised.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kg.build import BuildOptions, build
from kg.evaluation import evaluate_pages
from kg.evaluation.labels import SAME_LABEL, likeness, same_number
from kg.evaluation.scorers.pages import check_spans
from kg.output import Records
from kg.records import Recommendation, Record, Study

REPOSITORY = Path(__file__).resolve().parent.parent

#: Set of pages → figure → least. Those of advice are counted below, the rest by ``kg evaluate``.
FLOORS: dict[str, dict[str, float]] = {
    "seeds": {
        "numbers_recall": 1.0,
        "numbers_precision_in_annotated_sentences": 1.0,
        "p_recall_of_hit": 1.0,
        "dose_recall": 1.0,
        "dose_precision": 1.0,
        "dose_unit_ok": 1.0,
        "design_acc": 1.0,
        "sample_size_acc": 1.0,
        "doi_acc": 1.0,
        "full_recall": 0.95,
        "advice_recall": 0.95,
        "advice_named": 0.5,
    },
    "posts": {
        "numbers_recall": 0.95,
        "numbers_precision_in_annotated_sentences": 0.95,
        "dose_recall": 0.95,
        "dose_precision": 0.95,
        "design_acc": 0.9,
        "sample_size_acc": 0.9,
        "full_recall": 0.8,
    },
    "corpus": {
        "numbers_recall": 0.95,
        "numbers_precision_in_annotated_sentences": 0.95,
        "dose_recall": 0.95,
        "dose_precision": 0.95,
        "design_acc": 0.9,
        "sample_size_acc": 0.9,
        "doi_acc": 0.95,
        "full_recall": 0.55,
    },
}
#: How many annotated pages each set has, so that none is lost unnoticed.
PAGES = {"seeds": 4, "posts": 18, "corpus": 20}

#: Kinds of the posts' own list that tell of no finished study.
_NO_STUDY = re.compile(r"empty body|not a study|no results")


@dataclass(frozen=True)
class Scored:
    """A built set of pages, its gold and its figures."""

    gold: list[dict[str, Any]]
    records: dict[str, Record]  # by file name
    figures: dict[str, Any]


@pytest.fixture(scope="module")
def score(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Scored]:
    """Return a function that builds a set once and scores it."""
    known: dict[str, Scored] = {}

    def folders(name: str) -> tuple[Path, Path]:
        if name == "corpus":
            return REPOSITORY / "corpus", REPOSITORY / "corpus" / "gold" / "gold.jsonl"
        folder = {"seeds": "seeds", "posts": "vitamindwiki"}[name]
        pages: Path = request.getfixturevalue("shared") / "corpora" / folder
        return pages, pages / "gold.jsonl"

    def built(name: str) -> Scored:
        if name not in known:
            pages, gold_file = folders(name)
            report = build([pages], tmp_path_factory.mktemp(name) / "out", BuildOptions())
            assert report.failures == ()
            records = list(Records(report.out))
            gold = [json.loads(line) for line in gold_file.read_text("utf-8").splitlines()]
            as_json = [record.model_dump(mode="json") for record in records]
            figures = evaluate_pages(gold, as_json).to_json()
            by_name = {Path(record.document.path).name: record for record in records}
            figures |= score_advice(gold, by_name)
            known[name] = Scored(gold, by_name, figures)
        return known[name]

    return built


def score_advice(gold: list[dict[str, Any]], records: dict[str, Record]) -> dict[str, float | None]:
    """Return the shares of annotated recommendations that are found, and found by name.

    One of ours answers where its evidence meets the annotated words, its dose has gold's bounds and
    unit, and what it advises, if it says so, is what gold says; *named* are those that say so.
    """
    found = named = total = 0
    for page in gold:
        record = records[page["doc"]]
        for advice in (a for s in page["studies"] for a in s.get("recommendations", ())):
            start = record.document.text.index(advice["text"])
            names = [
                {i.id: i.label for i in study.interventions}.get(ours.intervention or "", "")
                for study in record.studies
                for ours in study.recommendations
                if any(
                    e.start_char < start + len(advice["text"]) and start < e.end_char
                    for e in ours.evidence
                )
                and has_dose(advice.get("dose"), ours, study)
            ]
            wanted = advice.get("intervention") or ""
            total += 1
            named += any(likeness(wanted, name) >= SAME_LABEL for name in names)
            found += any(not name or likeness(wanted, name) >= SAME_LABEL for name in names)
    return {
        "advice_recall": found / total if total else None,
        "advice_named": named / total if total else None,
    }


def has_dose(gold: dict[str, Any] | None, ours: Recommendation, study: Study) -> bool:
    """Whether a recommendation of ours has gold's dose; none is needed where gold has none."""
    if not gold:
        return True
    mine = next((dose for dose in study.doses if dose.id == ours.dose), None)
    if mine is None or (mine.unit or "").lower() != gold["unit"].lower():
        return False
    low, high = (
        gold.get("value") if gold.get(side) is None else gold[side] for side in ("low", "high")
    )
    its_high = mine.low if mine.high is None else mine.high
    return (low is None or same_number(mine.low, low)) and (
        high is None or same_number(its_high, high)
    )


@pytest.mark.parametrize(
    ("name", "figure", "least"),
    [(name, figure, least) for name, row in FLOORS.items() for figure, least in row.items()],
)
def test_a_figure_holds_its_floor(
    score: Callable[[str], Scored], name: str, figure: str, least: float
) -> None:
    value = score(name).figures[figure]
    assert value is not None, f"{name} has nothing that {figure} counts"
    assert value >= least, f"{figure} of {name}: {value} is below {least}"


@pytest.mark.parametrize("name", FLOORS)
def test_every_annotated_page_was_read(score: Callable[[str], Scored], name: str) -> None:
    scored = score(name)
    assert len(scored.gold) == PAGES[name]
    assert (scored.figures["docs"], scored.figures["docs_missing"]) == (PAGES[name], 0)


@pytest.mark.parametrize("name", FLOORS)
def test_every_span_is_its_slice(score: Callable[[str], Scored], name: str) -> None:
    records = score(name).records.values()
    counted = [check_spans(record.model_dump(mode="json")) for record in records]
    assert sum(spans for spans, _ in counted) > 100
    assert sum(bad for _, bad in counted) == 0


def test_a_page_without_a_study_yields_no_effect(
    shared: Path, score: Callable[[str], Scored]
) -> None:
    posts = score("posts")
    assert len(posts.records) == 60
    bare = {page["doc"] for page in posts.gold if not page["studies"]}
    bare |= set(pages_without_results(shared / "corpora" / "vitamindwiki" / "README.md"))
    assert len(bare) >= 8
    effects = {
        name: [effect.value for study in posts.records[name].studies for effect in study.effects]
        for name in bare
    }
    assert {name: values for name, values in effects.items() if values} == {}


def pages_without_results(readme: Path) -> Iterator[str]:
    """Yield the files that the list of posts says tell of no finished study."""
    for line in readme.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 2 and _NO_STUDY.search(cells[1]):
            yield cells[0].removesuffix("†").strip() + ".md"
