"""The packaged taggers on sentences of our own."""

from __future__ import annotations

from collections import Counter

import pytest

from kg.components.tokenizer.component import find_tokens
from kg.tagging.context import DocumentContext, heading_kind, section_kind
from kg.tagging.features import mention_features
from kg.tagging.labelling import find_runs
from kg.tagging.mentions import MentionTagger
from kg.tagging.model_file import MODELS, SUFFIX
from kg.tagging.parts_of_speech import PartOfSpeechTagger
from kg.tagging.words import normal_word, word_shape

ABSTRACT = (
    "Metformin for weight loss in obese women: a randomized trial. "
    "We randomized 120 obese women with type 2 diabetes to receive metformin or placebo. "
    "Body weight was significantly lower with metformin than with placebo (p = 0.01). "
    "Metformin reduced the risk of nausea compared with placebo."
)


@pytest.fixture(scope="module")
def found() -> set[tuple[str, str]]:
    """Return kind and words of the mentions in the abstract above."""
    tagger, parts = MentionTagger(), PartOfSpeechTagger()
    words = [ABSTRACT[a:b].lower() for a, b in find_tokens(ABSTRACT)]
    context = DocumentContext(frozenset(words[:11]), Counter(words))
    kinds: set[tuple[str, str]] = set()
    for sentence in ABSTRACT.split(". "):
        spans = find_tokens(sentence)
        tokens = [sentence[a:b] for a, b in spans]
        glued = [k > 0 and spans[k][0] == spans[k - 1][1] for k in range(len(spans))]
        for item in tagger.tag(tokens, parts.tag(tokens), glued, context, "results"):
            assert 0 <= item.first < item.last <= len(tokens)
            assert 0 < item.score <= 1
            kinds.add((item.label, " ".join(tokens[item.first : item.last]).lower()))
    return kinds


@pytest.mark.parametrize(
    "mention",
    [
        ("intervention", "metformin"),
        ("comparator", "placebo"),
        ("outcome", "body weight"),
        ("condition", "type 2 diabetes"),
    ],
)
def test_what_was_given_and_measured_is_found(
    mention: tuple[str, str], found: set[tuple[str, str]]
) -> None:
    assert mention in found


def test_numbers_are_no_mentions(found: set[tuple[str, str]]) -> None:
    assert all(any(c.isalpha() for c in words) for _, words in found)


def test_models_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in MODELS.glob("*.gz")}
    names = ("names", "entities", "spans", "marks", "roles", "parts_of_speech")
    assert set(sizes) == {f"{name}{SUFFIX}" for name in names}
    assert sum(sizes.values()) <= 10 * 2**20
    assert (MODELS / "known_names.npz").stat().st_size <= 2**20
    assert (MODELS / "encoder.onnx").stat().st_size <= 25_000_000


@pytest.mark.parametrize(
    ("labels", "runs"),
    [
        (["O", "I-a", "O"], [(1, 2, "a")]),
        (["B-a", "I-a", "B-a"], [(0, 2, "a"), (2, 3, "a")]),
        (["B-a", "I-b"], [(0, 1, "a"), (1, 2, "b")]),
        ([], []),
    ],
)
def test_runs_are_read_from_labels(labels: list[str], runs: list[tuple[int, int, str]]) -> None:
    assert list(find_runs(labels)) == runs


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("METHODS: We enrolled 20 women.", "methods"),
        ("ResultsA total of 5 studies", "results"),
        ("CONCLUSIONS - It works.", "conclusions"),
        ("Results were mixed.", ""),
        ("We enrolled 20 women: all were healthy.", ""),
    ],
)
def test_headings_within_sentences_are_read(sentence: str, kind: str) -> None:
    assert heading_kind(sentence) == kind


def test_section_names_have_kinds() -> None:
    assert section_kind("main_results") == "results"
    assert section_kind("see_also") == ""


def test_words_look_like_something() -> None:
    assert word_shape("25(OH)D") == "99(XX)X"
    assert normal_word("1,240") == "<9,9>"
    assert normal_word("2014") == "<year>"
    assert normal_word(".") == "."


def test_every_word_has_features() -> None:
    rows = mention_features(
        ["Pain", "fell", "."], ["NOUN", "VERB", "PUNCT"], DocumentContext(frozenset(), {}), ""
    )
    assert len(rows) == 3
    assert all(f"w={word}" in row for word, row in zip(("pain", "fell", "."), rows, strict=True))
