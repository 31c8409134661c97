"""Which studies a page reports, and their facts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_reading import make_reading

from kg.assembly.publications import is_citation
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


def test_a_lay_page_about_a_trial_tells_of_a_study():
    (study,) = find_studies(make_reading(LAY))
    assert study.n_participants == 126


LAY = """# Is it worth taping my sore knee?

Yes. They recruited 126 people with painful arthritis and split them, at random, into three groups of 42.

- taping by a therapist
- no tape at all

At three weeks, 68% said their pain had improved, compared with 14% of those without tape (95% CI 40 to 61)."""


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


PASSING = (
    "# Two trials of zinc\n\nTwo trials disagree about the cold.\n\n"
    "## Oslo, 2011\n\nBerg and colleagues (J Cold, PMID 11111111) randomized 120 adults to 30 mg of zinc or placebo."
    " Colds were shorter with zinc (HR 1.4; P = 0.02).\n\n"
    "## Bergen, 2014\n\nIn this randomized trial (doi:10.1234/COLD.2) 80 children took zinc or placebo."
    " Colds were as long with zinc as with placebo (P = 0.6).\n\n"
    "## Side by side\n\nThe larger trial found more in 120 adults (P = 0.02)."
)


def test_studies_that_a_page_retells_under_headlines_stay_apart():
    found = find_studies(make_reading(PASSING))
    assert [(s.label, s.pmid, s.doi, s.year, s.journal, s.n_participants) for s in found] == [
        ("Oslo, 2011", "11111111", None, 2011, "J Cold", 120),
        ("Bergen, 2014", None, "10.1234/COLD.2", 2014, None, 80),
    ]
    assert [s.title for s in found] == [None, None]
    assert [s.blocks for s in found] == [(2, 3), (4, 5)]


def test_prose_that_cites_in_brackets_is_no_citation():
    assert not is_citation(
        "Berg et al. (J Cold 2011;4:12, PMID 11111111) randomized 120 adults with colds to zinc or to placebo."
    )
    assert is_citation("Zinc for colds in adults: a randomized trial (doi:10.1234/cold.1)")


def test_a_citation_is_read_without_its_authors_and_with_the_doi_of_its_link(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# Zinc and the length of colds in adults\n\nBerg K, de Vries A 2, Lund O Jr, et al.\n\n"
        "J Cold. 2011. [Full text](https://doi.org/10.1234/cold.2009.07) PMID: 11111111\n\n"
        "METHODS: 120 adults were randomized. RESULTS: Colds were shorter (P = 0.02).\n"
    )
    [study] = find_studies(read(page))
    assert (study.doi, study.journal, study.year) == ("10.1234/cold.2009.07", "J Cold", 2011)
    page.write_text(
        "# Zinc and the length of colds in adults\n\n"
        "Berg K 1, de Vries A 2, Lund O Jr, et al. J Cold. 2011 Feb. PMID: 11111111\n\n"
        "METHODS: 120 adults were randomized. RESULTS: Colds were shorter (P = 0.02).\n"
    )
    [study] = find_studies(read(page))
    assert study.journal == "J Cold"


def test_the_digits_of_a_doi_are_no_year(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# Zinc and the length of colds in adults\n\nBerg K, Lund O\n\nJ Cold. doi:10.1234/cold-2009-07\n\n"
        "METHODS: 120 adults were randomized. RESULTS: Colds were shorter (P = 0.02).\n"
    )
    [study] = find_studies(read(page))
    assert study.year is None


def test_a_page_of_sourced_advice_is_a_guideline():
    items = (
        "Take zinc within a day of a cold in adults 1",
        "Give children 10 mg a day 2",
        "Do not add copper to the treatment 1, 3",
    )
    page = "\n\n".join(
        ["Which dose of zinc shortens colds, 10 mg or 30?", "Zinc for colds", *items]
    )
    [study] = find_studies(make_reading(page))
    assert (study.design, study.title) == (
        "guideline",
        "Which dose of zinc shortens colds, 10 mg or 30?",
    )
    unsourced = page.replace(" 1, 3", "").replace(" 1", "").replace(" 2", "")
    assert find_studies(make_reading(unsourced)) == []
