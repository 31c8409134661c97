"""Which section each block lies in, and where labels cut the text."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from kg.readers import read, read_bytes
from kg.readers.labels import leading_label, section_of, whole_label
from kg.readers.people import is_affiliation, is_author_list, split_authors
from kg.text import NO_EVIDENCE, Reading

PAGE = """---
title: "2X less likely - RCT"
date: 2014-05-18
---

{{< toc >}}

---

#### Cholecalciferol and falls: a randomized trial

J Test Med. 2014 Mar 1;12(3):45-9. [doi: 10.1234/jtm.2014.45.](https://doi.org/10.1234/jtm.2014.45.)

Ann Smith 1 2, Bo Jones 2, Cy van Dam 1

1 Department of Medicine, University of Test, London, UK. ann@test.ac.uk

METHODS: We gave 40 people 800 IU/day (NCT01234567).

Results:: Falls were fewer (RR 0.70) with

* 800 IU (RR 0.6) and

* 400 IU (RR 0.8).

CONCLUSIONS: It helps. PMID: 24000001

Copyright © 2014 Test Press.

 **<i class="x"></i><a href="https://a.b/c.pdf">Download the PDF from VitaminDWiki</a>** 

---

#### Summary by VitaminDWiki

| | |
| --- | --- |
| Arm | Falls |
| D | 5 |

Wonder if 4,000 IU would give RR 0.1

## See also VitaminDWiki

* [9X more falls if low – 2011](/posts/9x)

#### Discussion

Falls were also rarer at 2 years (RR 0.9).

### References

1. Doe J, Roe R. Falls. J Test. 2010;1(2):3-4.

<pre><code>Markdown:
Falls were fewer (RR 0.70) with
</code></pre>
"""


def _sections(reading: Reading) -> list[tuple[str, str]]:
    view = reading.view.text
    return [(b.section, view[b.start_char : b.end_char]) for b in reading.blocks]


@pytest.fixture
def page() -> Reading:
    return read_bytes(PAGE.encode(), "page.md")


def test_a_page_is_told_apart(page: Reading) -> None:
    assert [name for name, _ in _sections(page)] == [
        "title", "citation", "authors", "authors", "methods", "results", "results", "results",
        "conclusion", "copyright", "navigation", "editor_comments", "table", "editor_comments",
        "see_also", "see_also", "discussion", "discussion", "references", "references",
    ]  # fmt: skip
    names = [section.name for section in page.document.sections]
    assert names[0] == "front_matter"
    assert names[-1] == "duplicate"


def test_the_publication_is_known(page: Reading) -> None:
    document = page.document
    assert document.title == "Cholecalciferol and falls: a randomized trial"
    assert (document.doi, document.pmid, document.year) == ("10.1234/jtm.2014.45", "24000001", 2014)
    assert document.journal == "J Test Med"
    assert document.registry_ids == ("NCT01234567",)
    assert document.authors == ("Ann Smith", "Bo Jones", "Cy van Dam")
    assert (document.published, document.language, document.format) == (
        "2014-05-18",
        "en",
        "markdown",
    )


def test_items_name_the_block_that_leads_them(page: Reading) -> None:
    items = [
        (i, b) for i, b in enumerate(page.blocks) if b.kind == "item" and b.section == "results"
    ]
    assert len(items) == 2
    assert {b.lead for _, b in items} == {items[0][0] - 1}
    lead = page.blocks[items[0][0] - 1]
    assert page.view.text[lead.start_char : lead.end_char].endswith("fewer (RR 0.70) with")


def test_labels_glued_to_the_text_cut_it_exactly() -> None:
    source = (
        "BackgroundIdiopathic disease (IIM).MethodsSystematic searches (STATA v.12.0)ResultsA total "
        "of 5 studies (Table 1).ConclusionLow-dose IL-2 helps.Table 1.Available evidence.12±7.04"
        "Figure 1.The efficacy.AcknowledgementsThis work was funded."
    )
    found = _sections(read_bytes(source.encode(), "a.txt"))
    assert [(name, text[:14]) for name, text in found] == [
        ("background", "BackgroundIdio"), ("methods", "MethodsSystema"), ("results", "ResultsA total"),
        ("conclusion", "ConclusionLow-"), ("table", "Table 1.Availa"), ("figure", "Figure 1.The e"),
        ("acknowledgements", "Acknowledgemen"),
    ]  # fmt: skip
    assert "".join(text for _, text in found) == source


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("METHODS: We", "methods"),
        ("Results 381 patients with", "results"),
        ("Objective. To review", "objective"),
        ("Design, Setting, and Participants  The VIDA", "methods"),
        ("Conclusions and Relevance  Vitamin", "conclusion"),
        ("Methods and results 25-Hydroxy", "results"),
        ("AUTHORS' CONCLUSIONS: Vitamin", "conclusion"),
        ("Recent Findings” Vitamin D", "results"),
        ("Trial Registration  clinicaltrials.gov", "registration"),
        ("Results were obtained for eight", None),
        ("Patients deficient in vitamin D", None),
        ("Treatment of 5 patients", None),
        ("TREATMENT OF DEFICIENCY", None),
        ("Summary statistics are given", None),
    ],
)
def test_leading_labels(text: str, section: str | None) -> None:
    found = leading_label(text, 0, len(text))
    assert (found.section if found else None) == section


def test_whole_labels() -> None:
    assert whole_label("RESULTS:") == "results"
    assert whole_label("Patients and Methods") == "methods"
    assert whole_label("Results of the trial in 5 men") is None
    assert section_of("METHODS AND RESULTS") == "results"


@pytest.mark.parametrize(
    "text",
    [
        "Anji Xiong 1 2 3, Shifeng Zhou 1, Can Liu 1",
        "Munger KL, Levin LI, Massa J",
        "Rorie A 1, Goldner WAS 2, Lyden E3",
        "Ann B Smith, MD, PhD1; Bo S. King, PhD2",
        "J. D. Coffey*, E. A. Hines*, J. D. Starkey*,2 and T. K. Chung†",
    ],
)
def test_author_lists(text: str) -> None:
    assert is_author_list(text)
    assert split_authors(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vitamin D and calcium reduced falls",
        "Age, Sex and BMI were 5.2% higher",
        "Low Levels of Vitamin D are Associated with Disease",
        "immunity, endothelial function and homeostasis",
    ],
)
def test_prose_is_no_author_list(text: str) -> None:
    assert not is_author_list(text)
    assert not is_affiliation(text)


def test_a_question_page_without_markup() -> None:
    source = (
        "What is the role of X?\n\nMedical Advisory BoardAll articles are reviewed\nSubmitted\n"
        "Approved\n\nPersonalize\n\nHelp us tailor your experience\n\nDosing\n\n  • Take 800 IU/day 1\n"
        "  • Doses <400 IU/day show no effect 1\n\nReferences\n\nGuideline\n\nA title, 2010\n\n"
        "Professional Medical Disclaimer\n\nThis information is intended for others.\n\n"
        "Have a follow-up question?\n\nOur Medical A.I. is used."
    )
    found = _sections(read_bytes(source.encode(), "a.txt"))
    evidence = [text for name, text in found if name not in NO_EVIDENCE]
    assert evidence == [
        "What is the role of X?", "Dosing", "Take 800 IU/day 1", "Doses <400 IU/day show no effect 1",
    ]  # fmt: skip
    assert [name for name, _ in found][-4:] == [
        "disclaimer",
        "disclaimer",
        "advertising",
        "advertising",
    ]


PUBMED = """
1. J Glaucoma. 2000 Jun;9(3):224-34.

Clinical success with one drug or another used twice daily in patients with
glaucoma: a randomized clinical trial.

Javitt JC(1), Schiffman RM.

Author information:
(1)Department of Ophthalmology, Some University Medical Center, Washington,
DC, USA.

PURPOSE: To compare the clinical success rates of one drug with those of another
drug in patients.
RESULTS: Clinical success was 71% (75/106) with one and 70% (73/105) with the
other.

DOI: 10.1234/abc.5
PMID: 10877373  [Indexed for MEDLINE]
"""


def test_pubmed_text() -> None:
    reading = read_bytes(PUBMED.encode(), "a.txt")
    assert reading.document.format == "pubmed"
    assert [name for name, _ in _sections(reading)] == [
        "citation", "title", "authors", "authors", "authors", "objective", "results", "citation", "citation",
    ]  # fmt: skip
    assert reading.document.title is not None
    assert reading.document.title.endswith("glaucoma: a randomized clinical trial.")
    assert (reading.document.journal, reading.document.year) == ("J Glaucoma", 2000)
    assert (reading.document.doi, reading.document.pmid) == ("10.1234/abc.5", "10877373")


def test_front_matter_that_is_none_is_text() -> None:
    assert read_bytes(b"{not json} 5 mg daily", "a.md").document.sections[0].name == "body"
    assert read_bytes(b"---\nplain text\n---\nmore", "a.md").document.text.startswith("---")


def _quotes(record: dict[str, object]) -> list[str]:
    found = []
    for study in record["studies"]:  # type: ignore[attr-defined]
        for effect in study.get("effects", []):
            if effect.get("quote") and (effect.get("value") is not None or effect.get("p")):
                found.append(effect["quote"])
        found += [d["text"] for d in study.get("doses", []) if d.get("text")]
    return found


@pytest.mark.parametrize(
    ("gold", "folder", "allowed"),
    [
        ("seeds/gold.jsonl", "seeds", 0.0),
        ("vitamindwiki/gold.jsonl", "vitamindwiki", 0.005),  # one is a percentage in a heading
        ("silver/annotations-*.jsonl", "silver/docs", 0.01),
    ],
)
def test_annotated_numbers_lie_in_evidence(
    shared: Path, gold: str, folder: str, allowed: float
) -> None:
    corpora = shared / "corpora"
    counts: Counter[bool] = Counter()
    for file in sorted(corpora.glob(gold)):
        for line in file.read_text("utf-8").splitlines():
            record = json.loads(line)
            reading = read(corpora / folder / record["doc"])
            places = [
                (
                    *reading.view.to_source(b.start_char, b.end_char),
                    b.is_evidence and b.kind != "heading",
                )
                for b in reading.blocks
            ]
            for quote in _quotes(record):
                at = reading.document.text.find(quote)
                hit = [good for a, z, good in places if a < at + len(quote) and z > at]
                again = reading.document.text.find(quote, at + 1)
                hit2 = [good for a, z, good in places if a < again + len(quote) and z > again >= 0]
                counts[(bool(hit) and all(hit)) or (bool(hit2) and all(hit2))] += 1
    assert counts.total() > 30
    assert counts[False] <= allowed * counts.total()


@pytest.mark.parametrize(
    ("paragraph", "section"),
    [
        ("Patients were randomised 1:1 to one drug or another. Altogether 342 patients were enrolled between March 2017 and June 2020.", "body"),
        ("J Bone Miner Res. March 2017.", "citation"),
    ],
)  # fmt: skip
def test_a_paragraph_that_ends_with_a_date_tells_something(paragraph: str, section: str) -> None:
    page = f"One drug or another in renal carcinoma\n\n{paragraph}\n\nMedian survival was 9.8 months (95% CI 8.1 to 12.3)."
    found = _sections(read_bytes(page.encode(), "a.txt"))
    assert [name for name, text in found if text.startswith(paragraph[:12])] == [section]
