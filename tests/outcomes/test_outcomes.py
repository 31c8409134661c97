"""Names of one outcome meet; names of two do not."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from pathlib import Path

import pytest

from kg.effects import find_effects
from kg.errors import QueryError
from kg.outcomes import broader_of, lookup_outcome, outcome_key, same_outcome
from kg.queries import run
from kg.rdf import triples
from kg.records import Document, Effect, Intervention, Outcome, Record, Span, Study
from kg.store import Store

PAIRS = Path(__file__).with_name("pairs.tsv")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("serum 25(OH)D", "vitamin D levels"),
        ("vitamin D levels", "25-hydroxyvitamin D concentration"),
        ("mean serum 25-hydroxyvitamin D [25(OH)D] levels", "25OHD"),
        ("risk of falling", "falls"),
        ("death from any cause", "all-cause mortality"),
        ("30-day mortality", "deaths at 30 days"),
        ("change in HbA1c from baseline to week 24", "haemoglobin A1c"),
        ("pain intensity (VAS)", "VAS pain score"),
        ("HAM-D score", "depression (HDRS-17)"),
        ("AUC of insulin", "insulin AUC"),
        ("urinary calcium excretion", "calcium excretion in urine"),
        ("incidence of hip fracture", "hip fractures"),
    ],
)
def test_names_of_one_outcome(one: str, other: str) -> None:
    first, second = (outcome_key(name, lookup=lookup_outcome) for name in (one, other))
    assert same_outcome(first, second), (first, second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("25(OH)D", "1,25(OH)2D"),
        ("vitamin D levels", "vitamin D deficiency"),
        ("time to first exacerbation", "exacerbations"),
        ("severe exacerbations", "exacerbations"),
        ("exacerbation duration", "exacerbation rate"),
        ("hip fracture", "fracture"),
        ("urinary calcium", "serum calcium"),
        ("pain (VAS)", "pain (NRS)"),
        ("2-hour glucose", "fasting glucose"),
        ("grade 2 anemia", "grade >2 anemia"),
        ("depression remission", "depression"),
        ("heart rate", "heart"),
        ("overall survival", "progression-free survival"),
        ("25(OH)D below 50 nmol/L", "25(OH)D below 75 nmol/L"),
        ("weight loss", "weight"),
    ],
)
def test_names_of_two_outcomes(one: str, other: str) -> None:
    first, second = (outcome_key(name, lookup=lookup_outcome) for name in (one, other))
    assert not same_outcome(first, second), (first, second)


def test_the_parts_of_a_name() -> None:
    key = outcome_key("urinary calcium at 12 weeks")
    assert (key.specimen, key.timepoint, key.instrument) == ("urine", "12 weeks", "")
    key = outcome_key("time to first exacerbation")
    assert (key.aspect, key.measured) == ("time to", "w:exacerbation")
    assert outcome_key("pain", "visual analogue scale").instrument == "vas"
    assert key.node.startswith("outcomegroup-")
    assert outcome_key("calcium in urine").title.endswith("in urine")


def test_times_tell_effects_apart_not_groups() -> None:
    early, late = outcome_key("pain at 6 weeks"), outcome_key("pain at 12 weeks")
    assert same_outcome(early, late)
    assert not same_outcome(early, late, times=True)
    assert early.node == late.node


def test_an_instrument_named_by_one_only_does_not_tell_apart() -> None:
    assert same_outcome(outcome_key("quality of life"), outcome_key("quality of life (SF-36)"))


def test_a_short_form_is_what_the_record_takes_it_for() -> None:
    known = ("CLINEV:x", "exercise capacity")
    assert outcome_key("EXC", concept=known).measured == "CLINEV:x"
    assert outcome_key("oxygen uptake", concept=known).measured != "CLINEV:x"


@pytest.mark.parametrize(
    "name", ["", "()", "%", "<", "level", "change in", "time to", "VAS", "痛み"]
)
def test_any_name_has_a_key(name: str) -> None:
    key = outcome_key(name, lookup=lookup_outcome)
    assert key.measured
    assert same_outcome(key, outcome_key(name, lookup=lookup_outcome))


def judged() -> dict[tuple[str, bool, bool], int]:
    """Count (set, said to be the same, judged to be the same)."""
    counts: Counter[tuple[str, bool, bool]] = Counter()
    with PAIRS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            first, second = (
                outcome_key(row[name], lookup=lookup_outcome) for name in ("one", "other")
            )
            said = same_outcome(first, second)
            counts[row["set"], said, row["judgement"] == "same"] += 1
    return counts


def test_judged_pairs() -> None:
    """Pairs of outcome names from abstracts, judged by hand: see docs/identity.md."""
    counts = judged()
    assert sum(counts.values()) == 364
    for part in ("first", "second"):
        right, wrong = counts[part, True, True], counts[part, True, False]
        missed = counts[part, False, True]
        assert right / (right + wrong) >= 0.9, part
        assert right / (right + missed) >= 0.85, part


def test_the_lexicon_tells_what_is_broader() -> None:
    entry = lookup_outcome("hip fracture")
    assert entry is not None
    above = {label.casefold() for _, _, label in broader_of(entry.id)}
    assert any("fracture" in label for label in above)


def test_autoimmune_disease_finds_rheumatoid_arthritis() -> None:
    text = "Vitamin D lowered the incidence of rheumatoid arthritis (RR 0.60)."
    place = (Span(start_char=0, end_char=len(text), text=text),)
    digest = hashlib.sha256(text.encode()).hexdigest()
    study = Study(
        id="s", label="A trial", outcomes=(Outcome(id="o", label="incidence of rheumatoid arthritis"),),
        interventions=(Intervention(id="i", label="vitamin D", role="intervention"),),
        effects=(Effect(id="e", intervention="i", outcome="o", measure="RR", value=0.6, evidence=place),),
    )  # fmt: skip
    document = Document(id="d", path="a.txt", sha256=digest, format="text", text=text)
    store = Store.of(triples([Record(document=document, studies=(study,))]))
    (found,) = find_effects(store, "vitamin d", "autoimmune disease")
    assert found.outcome == "incidence of rheumatoid arthritis"
    assert found.outcome_group is not None
    assert "rheumatoid" in found.outcome_group.casefold()
    assert len(run(store, "effects", {"outcome": "autoimmune disease"})) == 1
    with pytest.raises(QueryError):
        find_effects(store, "vitamin d", "liver disease")
