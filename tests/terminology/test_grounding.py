"""From phrases to concepts: names, readings, short forms, layers, and what is left unlinked."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from kg.records import (
    Document,
    Intervention,
    Mention,
    Outcome,
    Population,
    Record,
    Section,
    Span,
    Study,
)
from kg.terminology.entry import make_entry
from kg.terminology.grounding import Grounder
from kg.terminology.index import Terminology
from kg.terminology.layers import load_grounder, packaged
from kg.terminology.linking import link_record
from kg.terminology.phrases import SLOTS, Slot
from kg.terminology.senses import Sense, Senses


@pytest.fixture(scope="module")
def grounder() -> Grounder:
    return load_grounder()


@pytest.mark.parametrize(
    ("phrase", "slot", "identifier"),
    [
        ("vitamin D", "intervention", "MESH:D014807"),
        ("oral vitamin D3 (50,000 IU) weekly", "intervention", "MESH:D002762"),
        ("high-dose cholecalciferol supplementation", "intervention", "MESH:D002762"),
        ("calcium", "intervention", "MESH:D002118"),
        ("gentamicin sulphate", "intervention", "MESH:D005839"),
        ("serum 25(OH)D levels", "outcome", "EFO:0004631"),
        ("mean serum 25-hydroxyvitamin D concentrations", "outcome", "EFO:0004631"),
        ("incidence of hip fractures", "outcome", "MESH:D006620"),
        ("pain", "outcome", "MESH:D010146"),
        (
            "CDASI scores",
            "outcome",
            "CLINEV:cutaneous-dermatomyositis-disease-area-and-severity-index",
        ),
        ("WOMAC", "outcome", "CLINEV:womac"),
        ("ACR20", "outcome", "CLINEV:acr20-response"),
        ("DAS28", "outcome", "EFO:0009435"),
        ("patients with severe asthma", "condition", "MESH:D001249"),
        ("rheumatoid arthritis", None, "MESH:D001172"),
        ("HIV-infected", "condition", "MESH:D015658"),
        ("Haemodialysis", "intervention", "MAXO:0000602"),
    ],
)
def test_phrases_are_grounded(
    grounder: Grounder, phrase: str, slot: Slot | None, identifier: str
) -> None:
    concept = grounder.ground(phrase, slot).concept
    assert concept is not None
    assert identifier in concept.curies


@pytest.mark.parametrize(
    ("phrase", "slot"),
    [
        ("combined", "condition"),
        ("the intervention group", "intervention"),
        ("time", "outcome"),
        ("xyzzyplugh", None),
        ("", None),
        ("12 mg", "intervention"),
        ("vitamin D receptor polymorphisms of zebrafish larvae", "outcome"),
    ],
)
def test_no_link_is_better_than_a_wrong_one(
    grounder: Grounder, phrase: str, slot: Slot | None
) -> None:
    assert grounder.ground(phrase, slot).concept is None


def test_the_place_chooses_between_kinds() -> None:
    terms = Terminology.build(
        [make_entry("A:1", "phosphate", "chemical"), make_entry("B:1", "phosphate level", "measurement", names=["phosphate"])],
        "t",
    )  # fmt: skip
    grounder = Grounder([terms])
    chosen = {slot: grounder.ground("phosphate", slot).concept for slot in SLOTS}
    assert {slot: entry and entry.id for slot, entry in chosen.items() if slot != "condition"} == {
        "intervention": "A:1", "outcome": "B:1",
    }  # fmt: skip
    assert {item.entry.id for item in grounder.ground("phosphate", "outcome").candidates} == {
        "A:1",
        "B:1",
    }


def test_a_short_form_of_two_concepts_is_withheld() -> None:
    terms = Terminology.build(
        [make_entry("A:1", "aortic insufficiency", "disease", names=["AI"]), make_entry("A:2", "adrenal insufficiency", "disease", names=["AI"])],
        "t",
    )  # fmt: skip
    grounding = Grounder([terms]).ground("AI", "condition")
    assert (grounding.concept, grounding.reason, len(grounding.candidates)) == (
        None,
        "ambiguous",
        2,
    )


@pytest.mark.parametrize(
    ("misprint", "identifier"),
    [("ibuprofin tablets", "A:1"), ("hypotension", None), ("vitamin B2", None)],
)
def test_similar_names_are_linked_only_where_they_are_the_same(
    misprint: str, identifier: str | None
) -> None:
    terms = Terminology.build(
        [make_entry("A:1", "ibuprofen", "chemical"), make_entry("A:2", "hypertension", "disease"), make_entry("A:3", "vitamin B1", "chemical")],
        "t",
    )  # fmt: skip
    concept = Grounder([terms]).ground(misprint, "intervention").concept
    assert (concept and concept.id) == identifier


def _slips(name: str) -> set[str]:
    """Return a name with a letter left out, two swapped, one doubled, and with a blank less or more."""
    at = len(name) // 2
    return {
        name[:at] + name[at + 1 :], name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        name[:at] + name[at - 1 :], name.replace(" ", "", 1), f"{name[:at]} {name[at:]}",
    }  # fmt: skip


@pytest.mark.parametrize("slot", SLOTS)
def test_a_slip_is_looked_up_wherever_a_link_may_come_of_it(grounder: Grounder, slot: Slot) -> None:
    labels = [e.label for k, e in enumerate(packaged()) if k % 60 == 0 and 7 < len(e.label) < 40]
    labels = [
        name for name in labels if name[len(name) // 2 - 1] != "s"
    ]  # no plural where it is parted
    slips = [slip for label in labels for slip in sorted(_slips(label))]
    linked = [grounder.ground(slip, slot).concept for slip in slips]
    assert sum(concept is not None for concept in linked) > len(slips) / 4
    assert [grounder.ground(slip, slot, suggest=False).concept for slip in slips] == linked


def test_rewordings_left_out_unasked_name_nothing(grounder: Grounder) -> None:
    asked = Grounder([packaged()])
    asked._is_used = lambda word: True
    labels = [
        e.label
        for k, e in enumerate(packaged())
        if k % 20 == 0 and e.kind in ("disease", "symptom")
    ]
    phrases = [
        *labels,
        *(label.replace(" ", "-") for label in labels),
        *(f"renal {label}" for label in labels),
    ]
    phrases += [
        "kidney lesions",
        "disorders of the liver",
        "abnormal hepatic function",
        "gall bladder stones",
        "colonic tumours",
    ]
    found = [grounder.ground(phrase, "condition").concept for phrase in phrases]
    assert found == [asked.ground(phrase, "condition").concept for phrase in phrases]


def test_later_layers_add_what_the_first_lacks() -> None:
    first = Terminology.build([make_entry("M:1", "asthma", "disease", xrefs=["D:1"])], "first")
    second = Terminology.build(
        [make_entry("D:1", "asthma", "disease", names=["bronchial asthma"]), make_entry("D:2", "croup", "disease")],
        "second",
    )  # fmt: skip
    grounder = Grounder([first, second])
    assert (found := grounder.ground("asthma").concept) is not None
    assert found.id == "M:1"
    assert (found := grounder.ground("croup").concept) is not None
    assert found.id == "D:2"
    assert grounder.translate(grounder.ground("asthma"), "D") == "D:1"
    assert (found := grounder.get("D:1")) is not None
    assert found.id == "M:1"


def test_one_thing_has_one_id_whichever_layer_knows_the_name() -> None:
    first = Terminology.build(
        [make_entry("D:1", "breast cancer", "disease", xrefs=["M:1"])], "first"
    )
    second = Terminology.build([make_entry("M:1", "breast neoplasms", "disease")], "second")
    grounder = Grounder([first, second])
    found = [grounder.ground(name).concept for name in ("breast cancer", "breast neoplasms")]
    assert [concept and concept.id for concept in found] == ["D:1", "D:1"]


def test_a_heading_of_a_later_layer_comes_before_a_loose_name_of_the_same_vocabulary() -> None:
    first = Terminology.build(
        [
            make_entry("M:1", "hepatitis C", "disease", names=["chronic hepatitis C"]),
            make_entry("M:3", "ethanol", "chemical", names=["alcohol"]),
            make_entry("M:5", "cognitive decline", "disease", names=["cognitive impairment"]),
        ],
        "first",
    )
    second = Terminology.build(
        [
            make_entry("M:2", "Hepatitis C, Chronic", "disease"),
            make_entry("M:4", "Alcohol", "chemical"),
            make_entry("H:5", "Cognitive impairment", "disease"),
        ],
        "second",
    )
    grounder = Grounder([first, second])
    for name, identifier in (
        ("chronic hepatitis C", "M:2"),
        ("hepatitis C", "M:1"),
        ("alcohol", "M:3"),  # everyday names of substances stay with the first layer
        ("cognitive impairment", "M:5"),  # another vocabulary does not keep it apart
    ):
        assert (concept := grounder.ground(name).concept) is not None, name
        assert concept.id == identifier, name


@pytest.mark.parametrize(
    ("phrase", "identifier", "match"),
    [
        ("idiopathic subjective tinnitus", "A:1", "wider"),
        ("levodopa-induced dyskinesia", "A:2", "wider"),
        ("amphetamine-induced tinnitus", "A:1", "wider"),
        ("renal toxicity", "A:4", "label"),
        ("dysfunction of the kidney", "A:4", "label"),
        ("impaired memory", "A:5", "label"),
        ("abnormal renal function", "A:4", "label"),
        ("gall bladder stones", "A:6", "label"),
        ("non-tinnitus", None, None),
        ("pseudo-dyskinesia", None, None),
        ("objective tinnitus", None, None),  # which one it is, not how it runs
    ],
)
def test_conditions_in_other_words(phrase: str, identifier: str | None, match: str | None) -> None:
    rows = [
        make_entry("A:1", "tinnitus", "disease"), make_entry("A:2", "drug-induced dyskinesia", "disease"),
        make_entry("A:3", "dyskinesia", "disease"), make_entry("A:4", "kidney disease", "disease"),
        make_entry("A:5", "memory disorder", "disease"), make_entry("A:6", "gallbladder stones", "disease"),
    ]  # fmt: skip
    grounding = Grounder([Terminology.build(rows, "t")]).ground(phrase, "condition")
    assert (grounding.concept and grounding.concept.id) == identifier
    if identifier is not None:
        assert grounding.candidates[0].match == match


def test_a_sign_is_translated_to_the_heading_that_mesh_qualifies() -> None:
    rows = [
        make_entry("HP:1", "nystagmus", "symptom", broader=["MESH:2"]),
        make_entry("MESH:1", "Nystagmus, Pathologic", "disease"),
        make_entry("MESH:2", "nervous system diseases", "disease"),
    ]
    grounder = Grounder([Terminology.build(rows, "t")])
    assert grounder.translate(grounder.ground("nystagmus", "condition"), "MESH") == "MESH:1"


@pytest.mark.parametrize("name", ["disease", "human disease", "animal disease model"])
def test_the_lexicon_has_nothing_that_says_nothing(name: str) -> None:
    assert all(hit.entry.label.casefold() != name for hit in packaged().find(name))


def test_short_forms_mean_what_is_defined_where_they_stand() -> None:
    sections = [Section(name="a", start_char=0, end_char=100), Section(name="b", start_char=100, end_char=300)]  # fmt: skip
    senses = Senses(
        [Sense("AI", "aromatase inhibitor", 20), Sense("AI", "adequate intake", 120), Sense("OA", "osteoarthritis", 5)],
        sections,
    )  # fmt: skip
    assert senses.expand("AI users", 50).text == "aromatase inhibitor users"
    assert senses.expand("AI", 150).text == "adequate intake"
    assert senses.expand("AI", 2).unclear == ("AI",)
    assert senses.expand("AI", 105).text == "aromatase inhibitor"
    assert senses.expand("OA of the knee", 0).text == "osteoarthritis of the knee"
    assert senses.expand("AID and X-OA", 50).text == "AID and X-OA"


def make_record() -> Record:
    text = "AI was given. Vitamin D and calcium raised serum 25OHD in patients with RA."

    def span(words: str) -> Span:
        at = text.index(words)
        return Span(start_char=at, end_char=at + len(words), text=words)

    joint = span("Vitamin D and calcium")
    mentions = [("intervention", "AI"), ("intervention", "calcium"), ("outcome", "serum 25OHD")]
    study = Study(
        id="s", label="s",
        interventions=(Intervention(id="i", label="Vitamin D and calcium", role="intervention", evidence=(joint,)),),
        outcomes=(Outcome(id="o", label="serum 25OHD", evidence=(span("serum 25OHD"),)),),
        populations=(Population(id="p", label="RA", condition="RA", evidence=(span("RA"),)),),
    )  # fmt: skip
    return Record(
        document=Document(id="d", path="d.txt", sha256="0" * 64, format="text", text=text),
        studies=(study,),
        mentions=tuple(
            Mention(kind=kind, start_char=span(words).start_char, end_char=span(words).end_char, text=words)  # type: ignore[arg-type]
            for kind, words in mentions
        ),
    )  # fmt: skip


def test_a_record_gets_concepts_and_says_what_it_cannot_tell(grounder: Grounder) -> None:
    senses = Senses([Sense("AI", "aromatase inhibitor", 60), Sense("AI", "adequate intake", 70)])
    record = link_record(make_record(), senses, grounder)
    study = record.studies[0]
    known = {concept.id: concept for concept in record.concepts}
    assert study.interventions[0].concept is None, "two things are not one concept"
    assert {"MESH:D014807", "MESH:D002118"} <= set(known), "but each is among the concepts"
    assert study.outcomes[0].concept == "EFO:0004631"
    assert study.populations[0].condition == "MESH:D001172"
    assert [mention.concept for mention in record.mentions] == [None, "MESH:D002118", "EFO:0004631"]
    assert "DOID:7148" in known["MESH:D001172"].xrefs
    assert any(above in known for above in known["MESH:D001172"].broader), (
        "what is above can be named"
    )
    assert [notice.code for notice in record.notices] == ["ambiguous-abbreviation"]
    assert "aromatase inhibitor" in record.notices[0].message


def test_autoimmune_disease_is_above_rheumatoid_arthritis(grounder: Grounder) -> None:
    waiting, above = ["MESH:D001172"], set()
    while waiting:
        entry = grounder.get(waiting.pop())
        assert entry is not None, "every broader concept of the lexicon is in it"
        waiting += [curie for curie in entry.broader if curie not in above]
        above |= set(entry.broader)
    assert "MESH:D001327" in above


def test_everyday_names_lead_to_checked_ids(shared: Path, grounder: Grounder) -> None:
    with (shared / "terminology" / "ids_check.tsv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter="\t") if row["ids"]]
    assert len(rows) > 290
    found = [(row, grounder.ground(row["name"]).concept) for row in rows]
    linked = [(row, concept) for row, concept in found if concept is not None]
    right = [row for row, concept in linked if concept.id in row["ids"].split("|")]
    assert len(linked) >= 0.9 * len(rows)
    assert len(right) >= 0.97 * len(linked)


def test_the_lexicon_is_sound() -> None:
    entries = list(packaged())
    assert 5000 < len(entries) < 15_000
    ids = {entry.id for entry in entries}
    assert len(ids) == len(entries)
    assert {curie for entry in entries for curie in entry.broader} <= ids
    assert {"chemical", "disease", "symptom", "measurement", "instrument", "action", "route", "population"} <= {
        entry.kind for entry in entries
    }  # fmt: skip


def test_the_packaged_index_is_made_of_the_lexicon_in_sight() -> None:
    table = Path(__file__).resolve().parents[2] / "training" / "lexicon" / "lexicon.tsv"
    digest = hashlib.sha256(table.read_bytes().rstrip(b"\n")).hexdigest()
    assert packaged().digest == digest, "run: python -m training.lexicon compile"


@pytest.mark.parametrize(
    ("phrase", "slot"),
    [
        ("intralesional triamcinolone acetonide (TAC)", "intervention"),
        ("decline of a score by 25-hydroxyvitamin D (25(OH)D)", "outcome"),
        ("disease severity", "outcome"),
    ],
)
def test_what_once_went_wrong(grounder: Grounder, phrase: str, slot: Slot) -> None:
    concept = grounder.ground(phrase, slot).concept
    assert concept is None or "riamcinolone" in concept.label


@pytest.mark.parametrize("phrase", ["()", "", "–"])
def test_a_condition_without_words_is_none(grounder: Grounder, phrase: str) -> None:
    assert grounder.ground(phrase, "condition").concept is None
