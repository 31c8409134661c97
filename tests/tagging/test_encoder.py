"""The encoder: how a text is cut for it, what it answers, and what is made of its answers."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from kg.extract import Extractor
from kg.readers import read_bytes
from kg.tagging import encoder as module
from kg.tagging.encoder import Encoder, find_encoder
from kg.tagging.model_file import MODELS
from kg.tagging.second_opinion import EncoderScores
from kg.tagging.windows import SIZE, make_windows

TITLE = "Zinc lozenges for colds in nurses: a randomized trial"
TEXT = (
    f"{TITLE}\n\nMethods: We randomized 120 nurses to zinc lozenges or placebo.\n\n"
    "Results: Cough lasted 4.1 days with zinc and 6.3 days with placebo (P = 0.02)."
)


def ranges(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a text that ends each with a full stop and a blank."""
    found, at = [], 0
    for piece in text.split(". "):
        found.append((at, at + len(piece) + 1))
        at += len(piece) + 2
    return [(a, min(b, len(text))) for a, b in found]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(MODELS / "tokenizer.json"))


@pytest.fixture(scope="module")
def reader() -> Encoder:
    found = find_encoder()
    assert found is not None
    return found


@pytest.mark.parametrize("title", ["", TITLE])
def test_every_word_is_in_one_window(tokenizer: Tokenizer, title: str) -> None:
    text = ". ".join(f"Sentence {n} says that pain fell by {n}.5 mm (P=0.0{n})" for n in range(60))
    windows = list(make_windows(tokenizer, text, ranges(text), title))
    assert len(windows) > 2
    assert all(len(window.ids) <= SIZE for window in windows)
    places = [(a, b) for window in windows for _, a, b in window.words[window.context :]]
    assert places == sorted(set(places))
    for before, window in pairwise(windows):  # the last whole sentences of the window before
        again = [(a, b) for _, a, b in window.words[: window.context]]
        assert again
        assert again == [(a, b) for _, a, b in before.words][-len(again) :]
        assert text[again[0][0] :].startswith("Sentence")
    covered = "".join(text[a:b] for a, b in places)
    assert covered == "".join(text.split())


def test_a_sentence_longer_than_a_window_is_cut_between_words(tokenizer: Tokenizer) -> None:
    text = "immunoglobulin " * 400
    windows = list(make_windows(tokenizer, text, [(0, len(text))]))
    assert len(windows) > 1
    words = [text[a:b] for window in windows for _, a, b in window.words[window.context :]]
    assert words == ["immunoglobulin"] * 400


def test_chances_of_links_sum_to_one_at_most(reader: Encoder) -> None:
    found = reader(TEXT, [(0, len(TEXT))])
    at = TEXT.index("4.1")
    for role in ("outcome", "intervention", "comparator"):
        (whole,) = found.links(role, at, found.parts([(0, len(TEXT))]))
        assert 0.5 < whole <= 1.0001
    answer = found.answer("direction", at)
    assert answer is not None
    assert sum(answer.values()) == pytest.approx(1, abs=1e-4)


def test_what_was_measured_is_likelier_than_who_took_part(reader: Encoder) -> None:
    scores = EncoderScores(reader(TEXT, [(0, len(TEXT))]))
    at = TEXT.index("4.1")
    cough, nurses = TEXT.index("Cough"), TEXT.index("nurses")
    places = ((cough, cough + 5), (nurses, nurses + 6))
    outcome, other = scores.links("outcome", (at, at + 3), places)
    assert outcome > 2 * other


def test_a_number_is_linked_to_the_sentences_before_its_window_and_to_none_further_away(
    tokenizer: Tokenizer, reader: Encoder
) -> None:
    text = ". ".join(f"Pain fell by {n}.5 mm in group {n}" for n in range(60)) + "."
    found = reader(text, ranges(text))
    _, window = list(make_windows(tokenizer, text, ranges(text)))[:2]
    again, own = window.words[0], window.words[window.context]
    assert text[again[1] : again[2]] == text[own[1] : own[2]] == "Pain"
    value = own[1] + len("Pain fell by ")
    places = found.parts([(0, 4), again[1:], own[1:]])
    nothing, chance, behind = found.links("outcome", value, places)
    assert math.isnan(nothing)
    assert 0 < chance < 1
    assert 0 < behind < 1
    assert not math.isnan(found.links("outcome", 0, places)[0])
    pointed = found.pointed(value, places)[found.columns.roles.index("outcome"), 0]
    assert pointed == pytest.approx([nothing, chance, behind], nan_ok=True)


def test_marks_say_who_what_and_which() -> None:
    record = Extractor()(read_bytes(TEXT.encode(), "zinc.txt"))
    marked = {(m.kind, m.text.lower()) for m in record.mentions}
    assert ("comparator", "placebo") in marked
    assert any(kind == "intervention" and "zinc" in text for kind, text in marked)
    assert any(kind == "population" and "nurses" in text for kind, text in marked)
    assert any(kind == "outcome" and "cough" in text for kind, text in marked)
    assert all(TEXT[m.start_char : m.end_char] == m.text for m in record.mentions)


def test_without_onnxruntime_the_chains_do_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = read_bytes(TEXT.encode(), "zinc.txt")
    fast = Extractor("fast")(reading)
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    find_encoder.cache_clear()
    try:
        assert Extractor()(reading) == fast
    finally:
        find_encoder.cache_clear()


def test_a_folder_without_a_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"encoder\.onnx"):
        Encoder(tmp_path)
