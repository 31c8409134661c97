"""Parts of speech and base noun phrases."""

from __future__ import annotations

import pytest

from kg.components.tokenizer.component import find_tokens
from kg.tagging.parts_of_speech import TAGS, PartOfSpeechTagger
from kg.tagging.phrases import find_phrases


@pytest.fixture(scope="module")
def tagger() -> PartOfSpeechTagger:
    """Return the packaged tagger."""
    return PartOfSpeechTagger()


def phrases(text: str, tagger: PartOfSpeechTagger) -> list[str]:
    """Return the base noun phrases of one sentence as strings."""
    spans = find_tokens(text)
    words = [text[a:b] for a, b in spans]
    glued = [k > 0 and spans[k][0] == spans[k - 1][1] for k in range(len(spans))]
    ranges = find_phrases(words, tagger.tag(words), glued)
    return [text[spans[a][0] : spans[b - 1][1]] for a, b in ranges]


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        (
            "Vitamin D supplementation (700-1,000 IU/day) reduced fall risk in older adults by 19%.",
            ["Vitamin D supplementation", "fall risk", "older adults"],
        ),
        (
            "Low-dose aspirin significantly reduced the risk of myocardial infarction.",
            ["Low-dose aspirin", "risk", "myocardial infarction"],
        ),
        ("Serum 25(OH)D levels were higher.", ["Serum 25(OH)D levels"]),
        ("Increased creatine kinase levels (85.20 IU/L) were seen.", ["creatine kinase levels"]),
    ],
)
def test_phrases_name_things_and_leave_amounts_out(
    sentence: str, wanted: list[str], tagger: PartOfSpeechTagger
) -> None:
    assert phrases(sentence, tagger) == wanted


def test_tags_are_those_declared(tagger: PartOfSpeechTagger) -> None:
    words = [
        "The",
        "mean",
        "HbA1c",
        "of",
        "48",
        "women",
        "who",
        "received",
        "placebo",
        "fell",
        "by",
        "0.5",
        "%",
        "(",
        "p",
        "<",
        ".001",
        ")",
        ".",
    ]
    tags = tagger.tag(words)
    assert len(tags) == len(words)
    assert set(tags) <= set(TAGS)
    assert tags[words.index("48")] == "NUM"
    assert tags[words.index("women")] == "NOUN"
    assert tags[words.index("received")] == "VERB"
    assert tagger.tag([]) == []


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Pain was lower in Group 2 than elsewhere.", "Group 2"),
        ("In each group 12 (15%) had pain.", None),
        ("In the group 12 of them had pain.", None),
    ],
)
def test_a_number_is_a_groups_code_unless_a_word_says_which_group(
    sentence: str, code: str | None, tagger: PartOfSpeechTagger
) -> None:
    found = [p for p in phrases(sentence, tagger) if any(c.isdigit() for c in p)]
    assert found == ([] if code is None else [code])
