"""One name, one meaning."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.assembly.annotation import MentionLabel, TaggedMention, Token
from kg.components.tokenizer.component import find_tokens
from kg.tagging.consistency import make_consistent


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text."""
    return [Token(a, b, text[a:b]) for a, b in find_tokens(text)]


def mention(kind: MentionLabel, text: str, part: str, after: int = 0) -> TaggedMention:
    """Return the first mention of `part` in `text` at or behind `after`."""
    at = text.index(part, after)
    return TaggedMention(kind, at, at + len(part), part, 0.8)


def test_a_name_is_marked_wherever_it_stands() -> None:
    text = "Metformin helped. METFORMIN and hip fractures; a hip fracture."
    known = [mention("intervention", text, "Metformin"), mention("outcome", text, "hip fractures")]
    found = make_consistent(known, tokens(text), text)
    assert [(m.kind, m.text) for m in found] == [
        ("intervention", "Metformin"),
        ("intervention", "METFORMIN"),
        ("outcome", "hip fractures"),
        ("outcome", "hip fracture"),
    ]
    assert found[1].score < found[0].score


def test_the_same_words_have_one_role() -> None:
    text = "latanoprost or timolol; timolol, timolol."
    known = [
        mention("intervention", text, "latanoprost"),
        mention("intervention", text, "timolol"),
        mention("comparator", text, "timolol", 17),
        mention("comparator", text, "timolol", 26),
    ]
    kinds = {m.text: m.kind for m in make_consistent(known, tokens(text), text)}
    assert kinds == {"latanoprost": "intervention", "timolol": "comparator"}


def test_vague_words_and_populations_are_not_spread() -> None:
    text = "treatment in women; treatment of women"
    known = [mention("intervention", text, "treatment"), mention("population", text, "women")]
    assert make_consistent(known, tokens(text), text) == tuple(known)


def test_a_condition_may_lie_within_a_population() -> None:
    text = "women with asthma. Asthma"
    known = [mention("population", text, "women with asthma"), mention("condition", text, "asthma")]
    found = make_consistent(known, tokens(text), text)
    assert [(m.kind, m.text) for m in found] == [
        ("population", "women with asthma"),
        ("condition", "asthma"),
        ("condition", "Asthma"),
    ]


names = st.sampled_from(["placebo", "vitamin D", "hip fracture", "IL-2", "women", "a"])


@settings(deadline=None)
@given(st.lists(names, min_size=1, max_size=12), st.sampled_from(["outcome", "intervention"]))
def test_mentions_of_one_layer_never_overlap(pieces: list[str], kind: MentionLabel) -> None:
    text = ", ".join(pieces)
    known = [mention(kind, text, pieces[0])]
    found = make_consistent(known, tokens(text), text)
    assert all(text[m.start_char : m.end_char] == m.text for m in found)
    spans = sorted((m.start_char, m.end_char) for m in found)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    assert make_consistent(found, tokens(text), text)[0].kind == kind
