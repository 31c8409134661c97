"""Advice is found apart from results, with its condition, aim and dose."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.assembly.recommendations import RecommendationReading, find_recommendations
from kg.assembly.sentence import Sentence
from kg.numbers.doses import find_doses


def advise(text: str, section: str = "body") -> list[RecommendationReading]:
    sentence = Sentence(0, len(text), text, section, 0)
    return find_recommendations([sentence], find_doses(text))


def sentences_of(text: str) -> list[Sentence]:
    """Split a plain page roughly: lines, then full stops before a capital."""
    found = []
    for line in re.finditer(r"[^\n]+", text):
        for part in re.finditer(r".+?(?:[.!?](?=\s+[A-Z(\[])|$)", line[0]):
            start = line.start() + part.start()
            found.append(Sentence(start, start + len(part[0]), part[0], "body", 0))
    return found


@pytest.mark.parametrize(("text", "advice"), [
    ("  • Start with 800 IU/day minimum, adjusting upward 1", "Start with 800 IU/day minimum, adjusting upward"),
    ("If 25(OH)D <30 ng/mL: Consider a loading dose 1, 5", "If 25(OH)D <30 ng/mL: Consider a loading dose"),
    ("For adults with asthma, supplement with 800 IU daily.", "supplement with 800 IU daily"),
    ("Adjust dosing to maintain levels ≥40 ng/mL 1", "Adjust dosing to maintain levels ≥40 ng/mL"),
    ("Recheck levels after 3 months, as response varies.", "Recheck levels after 3 months"),
    ("Amounts up to 3,000 IU/day are probably safe.", "Amounts up to 3,000 IU/day are probably safe"),
    ("The upper safety limit is 100 ng/mL.", "The upper safety limit is 100 ng/mL"),
    ("Levels should be measured in all patients.", "Levels should be measured in all patients"),
    ("We recommend screening of older adults.", "We recommend screening of older adults"),
    ("This underscores the importance of using one laboratory 5", "using one laboratory"),
])  # fmt: skip
def test_advice_is_found_without_bullet_reason_and_citation(text: str, advice: str) -> None:
    (reading,) = advise(text)
    assert text[reading.start_char : reading.end_char] == advice


@pytest.mark.parametrize("text", [
    "Taking 900-1,100 IU/day cut the number of falls by 12% in nursing homes.",
    "Below 300 IU/day there was no benefit for bones.",
    "Further trials should be conducted in children.",
    "These results should be interpreted with caution.",
    "More research is needed to confirm this.",
    "Patients were advised to take 400 IU daily.",
    "Use of 800 IU/day was associated with fewer falls.",
    "Treatment with 800 IU/day lowered the risk.",
    "Target Serum Levels",
    "Test performance of this method is consistent with previous studies.",
    "To assess whether children should receive 400 IU/day.",
    "Should adults take 800 IU/day?",
    "Women must have completed 24 months of treatment.",
    "",
])  # fmt: skip
def test_results_procedures_and_calls_for_research_are_no_advice(text: str) -> None:
    assert advise(text) == []


@pytest.mark.parametrize("section", ["methods", "objective", "references", "disclaimer"])
def test_some_sections_never_advise(section: str) -> None:
    assert advise("Patients should receive 800 IU/day.", section) == []


def test_two_bodies_in_one_sentence_advise_twice() -> None:
    text = "Doses up to 3,000 IU/day are safe, with the National Academy recommending up to 8,000 IU/day for adults at risk."
    first, second = advise(text)
    assert text[first.start_char : first.end_char] == "Doses up to 3,000 IU/day are safe"
    assert (first.dose_indexes, second.dose_indexes) == ((0,), (1,))
    assert second.population is not None
    assert text[slice(*second.population)] == "adults at risk"


def test_condition_target_and_population_are_told_apart() -> None:
    text = "If 25(OH)D is low: Start 800 IU/day in women receiving therapy to maintain levels ≥40 ng/mL"
    (reading,) = advise(text)
    assert reading.condition is not None
    assert reading.target is not None
    assert reading.population is not None
    assert text[slice(*reading.condition)] == "25(OH)D is low"
    assert text[slice(*reading.target)] == "levels ≥40 ng/mL"
    assert text[slice(*reading.population)] == "women receiving therapy"


def test_the_annotated_advice_of_the_seeds_is_found(shared: Path) -> None:
    folder = shared / "corpora" / "seeds"
    total = found = exact = 0
    for line in (folder / "gold.jsonl").read_text("utf-8").splitlines():
        page = json.loads(line)
        gold = [r["text"] for s in page["studies"] for r in s.get("recommendations", [])]
        if not gold:
            continue
        text = (folder / page["doc"]).read_text("utf-8")
        readings = find_recommendations(sentences_of(text), find_doses(text))
        spans = [(r.start_char, r.end_char) for r in readings]
        for advice in gold:
            start = text.index(advice)
            total += 1
            found += any(a < start + len(advice) and start < b for a, b in spans)
            exact += (start, start + len(advice)) in spans
        results = [e["quote"] for s in page["studies"] for e in s["effects"]]
        for quote in results:
            start = text.index(quote)
            assert not any(a < start + len(quote) and start < b for a, b in spans), quote
    assert total == 18
    assert found == total
    assert exact >= 17


@given(
    st.text(max_size=120)
    | st.lists(
        st.sampled_from(
            [
                "If ",
                "should be ",
                "given",
                ", as ",
                "800 IU/day",
                " with ",
                "recommend ",
                ": ",
                "Take ",
                "1",
                "(",
                ".",
            ]
        ),
        max_size=20,
    ).map("".join)
)
@settings(deadline=None)
def test_spans_lie_within_any_sentence(text: str) -> None:
    for reading in advise(text):
        assert 0 <= reading.start_char < reading.end_char <= len(text)
        for place in (reading.condition, reading.target, reading.population):
            assert place is None or 0 <= place[0] < place[1] <= len(text)
