"""Which studies a page reports, and their facts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_reading import make_reading

from kg.assembly.studies import find_studies
from kg.readers import read

ABSTRACT = """BACKGROUND: Low levels are common.

METHODS: We randomly assigned {n} adults with asthma to drug or placebo for 12 weeks.

RESULTS: The score was significantly lower with the drug (P = 0.03).

CONCLUSION: The drug helped."""

TWO = f"""#### One drug in asthma: a randomized trial

Thorax. 2014 Feb 5;12(3):45-50. doi: 10.1234/abc.2014.1

{ABSTRACT.format(n=120)}

#### Adults with asthma breathe better, study of 2016

Another drug in asthma: a placebo-controlled trial

Chest. 2016 Mar;44(1):1-9. doi: 10.1234/xyz.2016.2

{ABSTRACT.format(n=64)}

PMID: 27182818
"""


def test_titles_over_citations_divide_a_page():
    first, second = find_studies(make_reading(TWO))
    assert (first.title, first.doi, first.journal, first.year) == (
        "One drug in asthma: a randomized trial", "10.1234/abc.2014.1", "Thorax", 2014,
    )  # fmt: skip
    assert (second.title, second.doi, second.journal, second.year, second.pmid) == (
        "Another drug in asthma: a placebo-controlled trial", "10.1234/xyz.2016.2", "Chest", 2016, "27182818",
    )  # fmt: skip
    assert (first.n_participants, second.n_participants) == (120, 64)
    assert not set(first.blocks) & set(second.blocks)
    assert {first.design, second.design} == {"randomized controlled trial"}


def test_the_same_doi_twice_is_one_study():
    again = TWO.replace("10.1234/xyz.2016.2", "10.1234/abc.2014.1")
    (study,) = find_studies(make_reading(again))
    assert study.doi == "10.1234/abc.2014.1"


def test_results_without_a_title_are_a_study():
    (study,) = find_studies(make_reading(ABSTRACT.format(n=40)))
    assert study.title is None
    assert study.n_participants == 40


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Video\n\nDr. Smith talks about vitamin D.\n\n## Iguana with little vitamin D",
        "Vitamin D costs 40 cents a month.\n\nTake 50,000 IU twice a month.\n\nIt is safe.",
        "See the page on prices.\n\nUpdated March 2014\n\n2,000 IU for $5.",
    ],
)
def test_pages_without_a_study_give_none(text):
    assert find_studies(make_reading(text)) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(TWO.split("\n\n"))
        | st.text(max_size=40)
        | st.sampled_from(["Study.Year.n", "A 2010.3"]),
        max_size=12,
    )
)
def test_offsets_lie_in_the_text_whatever_the_page(parts):
    reading = make_reading("\n\n".join(parts))
    size = len(reading.view.text)
    studies = find_studies(reading)
    for study in studies:
        assert all(0 <= b < len(reading.blocks) for b in study.blocks)
        assert study.parent is None or studies[study.parent].kind == "report"
        for place in (study.design_evidence, study.n_evidence, study.title_span, study.label_span):
            assert place is None or 0 <= place[0] < place[1] <= size
        for population in study.populations:
            assert 0 <= population.start_char < population.end_char <= size


@pytest.mark.parametrize("folder", ["seeds", "vitamindwiki"])
def test_annotated_pages_have_their_studies(shared, folder):
    pages = shared / "corpora" / folder
    wanted = right = 0
    for line in (pages / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        studies = find_studies(read(pages / document["doc"]))
        assert bool(studies) == bool(document["studies"]), document["doc"]
        for annotated in document["studies"]:
            for key, fact in (
                ("design", "design"),
                ("sample_size", "n_participants"),
                ("doi", "doi"),
                ("pmid", "pmid"),
            ):
                if annotated.get(key):
                    wanted += 1
                    right += any(
                        str(getattr(s, fact)).lower() == str(annotated[key]).lower()
                        for s in studies
                    )
    assert wanted > 20
    assert right / wanted >= 0.95


def test_silver_development_documents_hold_their_figures(shared):
    designs = totals = n_designs = n_totals = 0
    folder = shared / "corpora" / "silver"
    for path in sorted(folder.glob("annotations-*.jsonl"))[:3]:
        for line in path.read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            if len(document["studies"]) != 1:
                continue
            annotated = document["studies"][0]
            studies = find_studies(read(folder / "docs" / document["doc"]))
            n_designs += 1
            designs += any(s.design == annotated["design"] for s in studies)
            if annotated.get("sample_size"):
                n_totals += 1
                totals += any(s.n_participants == annotated["sample_size"] for s in studies)
    assert n_designs > 100
    assert designs / n_designs >= 0.78
    assert totals / n_totals >= 0.85
