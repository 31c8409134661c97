"""Reports that tell of one study are found and merged; what is merely alike is not."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph import build_graph
from kg.identity import Identities, reports_of, study_nodes
from kg.queries import run
from kg.rdf import triples
from kg.records import Design, Effect, Intervention, Outcome, Record, Study
from kg.store import Store
from kg.study_matching import SAME, Match
from kg.study_profile import identity_lines, profiles_of, surname

from . import small as data

LONG = "Vitamin D supplementation and the prevention of falls in older adults living at home"
ODDS = ((0.81, 0.70, 0.94), (1.37, 1.12, 1.68), (0.655, 0.412, 1.04))


def told(name: str, *results: tuple[float, float, float], **fields: Any) -> Record:
    """Make a page that tells of one study, with some odds ratios."""
    text = f"{name}: a page about a study."
    design: Design = fields.pop("design", "cohort")
    about = {"label": name, "title": None} | fields
    given = (Intervention(id="i", label="vitamin D", role="intervention"),)
    measured = (Outcome(id="o", label="falls at home"),)
    effects = tuple(
        Effect(
            id=f"e{index}", intervention="i", outcome="o", measure="OR", value=value, ci_level=95,
            ci_low=low, ci_high=high, evidence=data.spans(text, "a study"),
        )
        for index, (value, low, high) in enumerate(results)
    )  # fmt: skip
    study = Study(
        id="s", design=design, interventions=given, outcomes=measured, effects=effects, **about
    )
    return Record(document=data.document(f"{name}.txt", text), studies=(study,))


def judge(*records: Record) -> list[Match]:
    """Return the pairs that are worth showing."""
    found = Identities.of(records)
    reports = [report for record in records for report in reports_of(record).values()]
    return sorted({match for report in reports for match in found.matches(report)}, key=str)


def nodes(*records: Record) -> list[str]:
    """Return the node of each record's first study."""
    found = Identities.of(records)
    return [study_nodes(record, found)[record.studies[0].id] for record in records]


def number_of_studies(*records: Record) -> int:
    return len(set(nodes(*records)))


def test_identifiers_join_across_documents() -> None:
    one = told("one", pmid="1", doi="10.1000/A")
    two = told("two", doi="https://doi.org/10.1000/a", registry_ids=("NCT00000001",))
    three = told("three", registry_ids=("NCT 00000001",))
    assert number_of_studies(one, two, three) == 1
    (match,) = judge(one, two)
    assert match.same
    assert "same DOI 10.1000/a" in match.reasons


def test_a_follow_up_paper_of_one_trial_is_the_same_study() -> None:
    """Reports of one trial are collated: the study is the unit (Cochrane Handbook, 4.6.2)."""
    first = told(
        "first", doi="10.1000/a", registry_ids=("NCT00000001",), n_participants=400, year=2015
    )
    later = told(
        "later", doi="10.1000/b", registry_ids=("NCT00000001",), n_participants=310, year=2021
    )
    assert number_of_studies(first, later) == 1
    graph = build_graph([first, later])
    publications = {node for node, kind in graph.nodes(data="kind") if kind == "publication"}
    assert len(publications) == 2


def test_a_synthesis_that_names_a_trial_is_not_that_trial() -> None:
    trial = told("trial", registry_ids=("NCT00000001",), design="randomized controlled trial")
    pooled = told("pooled", registry_ids=("NCT00000001",), design="meta-analysis")
    assert number_of_studies(trial, pooled) == 2
    (match,) = judge(trial, pooled)
    assert not match.same
    assert (
        "a primary study and a synthesis" in match.reasons
        or "a synthesis and a primary study" in match.reasons
    )


def test_numbers_restated_are_one_study() -> None:
    abstract = told("abstract", *ODDS, n_participants=463)
    page = told("page", *ODDS[:2], n_participants=463)
    assert number_of_studies(abstract, page) == 1
    (match,) = judge(abstract, page)
    assert any(reason.startswith("2 equal results: ") for reason in match.reasons)
    assert "same number of participants 463" in match.reasons


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("a", ODDS[0]), told("b", ODDS[0])),
        (told("a", ODDS[0], n_participants=463), told("b", ODDS[0], n_participants=463)),
        (told("a", n_participants=463, year=2020), told("b", n_participants=463, year=2020)),
        (told("a", authors=("Wang L",), year=2015, n_participants=60),
         told("b", authors=("Wang Y",), year=2015, n_participants=60)),
        (told("a", *ODDS, n_participants=463, doi="10.1000/a"),
         told("b", ODDS[0], ODDS[1], n_participants=463, doi="10.1000/b")),
        (told("a", *ODDS, design="meta-analysis", n_participants=91791),
         told("b", *ODDS[:2], (1.5, 1.1, 2.2), (2.5, 2.1, 3.2), design="guideline")),
        (told("a", *ODDS, design="animal study"), told("b", *ODDS, design="cohort")),
        (told("a", title=LONG, doi="10.1002/x.pub2", n_participants=4000, design="systematic review"),
         told("b", title=LONG, doi="10.1002/x.pub3", n_participants=5000, design="systematic review")),
        (told("a", *ODDS, registry_ids=("NCT00000001",)), told("b", *ODDS, registry_ids=("NCT00000002",))),
        (told("a", title="Study protocol"), told("b", title="Study protocol")),
    ],
    ids=["one result", "one result and n", "n and year", "author, year, n", "two DOIs", "cited by a guideline",
         "animals", "an updated review", "two registry numbers", "a short title"],
)  # fmt: skip
def test_what_is_merely_alike_stays_apart(one: Record, other: Record) -> None:
    assert number_of_studies(one, other) == 2


def test_the_same_title_is_enough_where_nothing_speaks_against_it() -> None:
    assert number_of_studies(told("a", title=LONG), told("b", title=LONG.upper())) == 1
    preprint = told(
        "a", ODDS[0], title=LONG, doi="10.1101/1", n_participants=463, authors=("Adler A",)
    )
    article = told(
        "b", ODDS[0], title=LONG, doi="10.1000/2", n_participants=463, authors=("A. Adler",)
    )
    assert number_of_studies(preprint, article) == 1


def test_a_doi_that_is_not_the_studys_does_not_merge() -> None:
    """A page whose only DOI is that of a letter, or of another study it mentions."""
    trial = told(
        "trial", *ODDS, title=LONG, doi="10.1000/a", n_participants=4000, design="meta-analysis"
    )
    page = told("page", title="Rickets among Chinese school children during winter months",
                doi="10.1000/a", n_participants=90, design="cross-sectional")  # fmt: skip
    found = judge(trial, page)
    assert [match.same for match in found] == [False]
    assert number_of_studies(trial, page) == 2


def test_a_third_page_joins_no_two_publications() -> None:
    one = told("one", title=LONG, doi="10.1000/a")
    other = told("other", title=LONG, doi="10.1000/b", n_participants=50)
    page = told("page", title=LONG)
    assert number_of_studies(one, other, page) == 2
    assert any("would join two publications" in match.reasons for match in judge(one, other, page))


def test_two_trials_of_one_paper_stay_two_in_every_document() -> None:
    def paper(name: str) -> Record:
        text = f"{name}: trial 1, then trial 2."
        trials = tuple(
            Study(id=f"s{k}", label=f"trial {k}", doi="10.1000/two", n_participants=100 * k + 1,
                  evidence=data.spans(text, f"trial {k}"))
            for k in (1, 2)
        )  # fmt: skip
        return Record(document=data.document(name, text), studies=trials)

    one, other = paper("one"), paper("other")
    found = Identities.of([one, other])
    assert study_nodes(one, found) == study_nodes(other, found)
    assert len(set(study_nodes(one, found).values())) == 2


def test_a_component_is_its_own_report() -> None:
    synthesis = data.clark()
    report = told(
        "report", label="Egli 2018", authors=("Egli B",), year=2018, n_participants=310, design="cohort"
    )  # fmt: skip
    parts = [
        study.model_copy(update={"n_participants": 310, "authors": ("Egli",), "interventions": report.studies[0].interventions,
                                 "outcomes": report.studies[0].outcomes, "effects": ()})
        if study.id == "s3" else study
        for study in synthesis.studies
    ]  # fmt: skip
    record = synthesis.model_copy(update={"studies": tuple(parts)})
    graph = build_graph([record, report])
    found = study_nodes(record, Identities.of([record, report]))
    assert graph.has_edge(found["s1"], found["s3"], key="includes_study")
    shown = judge(record, report)
    assert [match.score for match in shown] == [7.0]
    assert not shown[0].same, "an author, a year and a number of people may be shared by chance"


def test_identities_do_not_depend_on_order_and_survive_text() -> None:
    records = [
        *data.small(),
        told("x", *ODDS, n_participants=463),
        told("y", *ODDS, n_participants=463),
    ]
    expected = Identities.of(records)
    for seed in range(4):
        random.Random(seed).shuffle(records)
        assert Identities.of(records).to_json() == expected.to_json()
    again = Identities.from_json(expected.to_json())
    assert again.to_json() == expected.to_json()
    assert list(triples(records, identities=again)) == list(triples(records))


def test_a_record_knows_what_concerns_it() -> None:
    one, page = told("one", pmid="7"), told("page", pmid="7")
    alone = told("alone", pmid="8")
    found = Identities.of([one, page, alone])
    assert found.about(alone) == ""
    assert found.about(one) == Identities.of([alone, page, one]).about(one) != ""
    assert found.about(one) != Identities.of([one]).about(one)


def test_what_was_merged_is_in_the_graph_with_its_reasons() -> None:
    records = [told("one", *ODDS, n_participants=463), told("two", *ODDS, n_participants=463),
               told("three", registry_ids=("NCT00000001",)),
               told("four", registry_ids=("NCT00000001",), design="review")]  # fmt: skip
    table = run(Store.of(triples(records)), "duplicates")
    merged = [row for row in table.dicts() if row["verdict"] == "sameStudy"]
    apart = [row for row in table.dicts() if row["verdict"] == "keptApart"]
    assert {(row["document"], row["other_document"]) for row in merged} == {("one.txt", "two.txt")}
    assert "same number of participants 463" in {row["reason"] for row in merged}
    assert {(row["document"], row["other_document"]) for row in apart} == {
        ("four.txt", "three.txt")
    }
    assert {row["label"] for row in apart} == {"four"}
    assert len(run(Store.of(triples(records)), "duplicates", {"only": "keptApart"})) == len(apart)


def test_the_same_bytes_under_two_names_are_one_document() -> None:
    one = told("one")
    copy = one.model_copy(update={"document": one.document.model_copy(update={"path": "copy.txt"})})
    rows = run(Store.of(triples([one, copy])), "duplicates").dicts()
    assert [(row["document"], row["other_document"], row["reason"]) for row in rows] == [
        ("copy.txt", "one.txt", "same bytes")
    ]


ids = st.sampled_from([None, "10.1000/a", "10.1000/b"])
numbers = st.lists(st.sampled_from(ODDS), max_size=3, unique=True)
pages = st.builds(
    lambda k, doi, pmid, n, results, title, design: told(
        f"page {k}", *results, doi=doi, pmid=pmid, n_participants=n, title=title, design=design
    ),
    st.integers(0, 999), ids, st.sampled_from([None, "1", "2"]), st.sampled_from([None, 463, 90]), numbers,
    st.sampled_from([None, LONG]), st.sampled_from(["cohort", "meta-analysis", "other"]),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(pages, max_size=7, unique_by=lambda page: page.document.sha256), st.randoms())
def test_groups_depend_on_the_set_alone(found: list[Record], shuffler: random.Random) -> None:
    shuffled = list(found)
    shuffler.shuffle(shuffled)
    one, other = Identities.of(found), Identities.of(shuffled)
    assert one.to_json() == other.to_json()
    for record in found:
        assert study_nodes(record, one) == study_nodes(record, other)
        for match in one.matches(reports_of(record)["s"]):
            assert match.same <= (match.score >= SAME)


def test_surnames() -> None:
    assert surname("Van den Heuvel EGHM") == surname("E G H M van den Heuvel")
    assert surname("Müller, K.") == "müller"


def test_lines_are_short_and_of_the_record_alone() -> None:
    for record in data.small():
        lines = list(identity_lines(record))
        assert lines == list(identity_lines(record))
        assert all("\n" not in line and line[0] in "KP" for line in lines)
        assert len(list(profiles_of(record))) == len(record.studies)
