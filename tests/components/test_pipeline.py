"""The whole pipeline: blocks in, plain data out."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from kg.pipeline import COMPONENTS, annotate, make_nlp
from kg.records import Document
from kg.text import Block, Reading, View


@pytest.fixture(scope="module")
def nlp() -> Language:
    """Return the packaged pipeline."""
    return make_nlp()


def reading(*blocks: tuple[str, str]) -> Reading:
    """Return a document of paragraphs, each given by section and text."""
    text = ""
    found = []
    for section, piece in blocks:
        start = len(text)
        text += piece
        found.append(Block("paragraph", start, len(text), section))
        text += "\n\n"
    title = blocks[0][1] if blocks and blocks[0][0] == "title" else None
    document = Document(id="d", path="d", sha256="0" * 64, format="text", text=text, title=title)
    return Reading(document, View.identity(text), tuple(found))


PAGE = (
    ("title", "Vitamin D3 and hip fracture in older women: a randomized trial"),
    (
        "methods",
        "We randomized 200 older women to vitamin D3 or placebo. Bone mineral density(BMD) was measured.",
    ),
    ("results", "Hip fracture was less frequent with vitamin D3 than with placebo.BMD rose by 2%."),
    ("see_also", "Hip fracture and placebo in 5 posts. Vitamin D3 news."),
)


def test_the_components_run_in_their_order(nlp: Language) -> None:
    assert tuple(nlp.pipe_names) == COMPONENTS


def test_a_page_is_annotated_where_it_may_state_evidence(nlp: Language) -> None:
    page = reading(*PAGE)
    text = page.view.text
    found = annotate(nlp, page)
    assert [s.block for s in found.sentences] == [0, 1, 1, 2, 2]
    assert [s.section for s in found.sentences] == [
        "title",
        "methods",
        "methods",
        "results",
        "results",
    ]
    assert found.sentences[-1].text == "BMD rose by 2%."
    for group in (found.tokens, found.sentences, found.mentions, found.chunks):
        assert group
        assert all(text[item.start_char : item.end_char] == item.text for item in group)
        assert list(group) == sorted(group, key=lambda item: item.start_char)
        assert all(item.end_char <= page.blocks[2].end_char for item in group)
    assert found.expand("BMD", len(text) - 1) == "Bone mineral density"
    kinds = {(m.kind, m.text.lower()) for m in found.mentions}
    assert {
        ("intervention", "vitamin d3"),
        ("comparator", "placebo"),
        ("outcome", "hip fracture"),
    } <= kinds
    assert "older women" in {c.text for c in found.chunks}
    assert {t.tag for t in found.tokens if t.text == "rose"} == {"VERB"}


def test_an_annotation_crosses_processes(nlp: Language) -> None:
    found = annotate(nlp, reading(*PAGE))
    assert pickle.loads(pickle.dumps(found)) == found


def test_nothing_is_said_of_an_empty_document(nlp: Language) -> None:
    found = annotate(nlp, reading())
    groups = (found.sentences, found.mentions, found.tokens, found.chunks, found.abbreviations)
    assert not any(groups)


def test_a_pipeline_with_a_parser_can_be_joined(nlp: Language, tmp_path: Path) -> None:
    """Whose sentence starts are set already, by heads."""
    parsed = spacy.blank("en")

    @Language.component("everything_hangs_on_the_first")
    def hang(doc: Doc) -> Doc:
        heads = [0 if k else 1 for k in range(len(doc))] if len(doc) > 1 else [0]
        return Doc(doc.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc],
                   heads=heads, deps=["dep"] * len(doc), user_data=doc.user_data)  # fmt: skip

    parsed.add_pipe("everything_hangs_on_the_first")
    parsed.to_disk(tmp_path / "parsed")
    page = reading(*PAGE)
    joined = make_nlp(str(tmp_path / "parsed"))
    assert annotate(joined, page) == annotate(nlp, page)
    text = PAGE[1][1]
    assert [s.text for s in joined(text).sents] == [s.text for s in nlp(text).sents]


def test_entities_of_a_joined_model_are_mentions_where_there_are_none(
    nlp: Language, tmp_path: Path
) -> None:
    ruled = spacy.blank("en")
    ruler = ruled.add_pipe("entity_ruler")
    words = {"Hip": "DISEASE", "rose": "CHEMICAL", "less": "ORG"}
    ruler.add_patterns([{"label": label, "pattern": word} for word, label in words.items()])  # type: ignore[attr-defined]
    ruled.to_disk(tmp_path / "ruled")
    page = reading(*PAGE)
    joined = make_nlp(str(tmp_path / "ruled"))
    more = set(annotate(joined, page).mentions) - set(annotate(nlp, page).mentions)
    assert {(m.kind, m.text, m.score) for m in more} == {("intervention", "rose", 1.0)}
    doc = joined(PAGE[2][1])
    assert "rose" in {span.text for span in doc.spans["mentions"]}


def test_components_say_the_same_of_one_and_of_many(nlp: Language) -> None:
    texts = [text for _, text in PAGE]
    for alone, doc in zip(map(nlp, texts), nlp.pipe(texts), strict=True):
        assert [(s.start, s.end, s.label_, s._.kg_score) for s in alone.spans["mentions"]] == [
            (s.start, s.end, s.label_, s._.kg_score) for s in doc.spans["mentions"]
        ]
        assert [s.text for s in alone.spans["phrases"]] == [s.text for s in doc.spans["phrases"]]
        assert [t.tag_ for t in alone] == [t.tag_ for t in doc]
        assert [s.text for s in alone.sents] == [s.text for s in doc.sents]


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(OSError, match="no_such_model"):
        make_nlp("no_such_model")


piece = st.lists(
    st.sampled_from(
        [
            "Vitamin D",
            "placebo",
            "(BMD)",
            "fell",
            "0.84,95% CI",
            ".",
            ". ",
            " ",
            "\u2009",
            "RR",
            "women",
        ]
    )
    | st.text(max_size=4)
).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(st.lists(piece, max_size=4))
def test_offsets_hold_and_sentences_stay_in_their_blocks(nlp: Language, pieces: list[str]) -> None:
    page = reading(*[("results", p) for p in pieces])
    text = page.view.text
    found = annotate(nlp, page)
    for group in (found.tokens, found.sentences, found.mentions, found.chunks):
        assert all(text[item.start_char : item.end_char] == item.text for item in group)
    for sentence in found.sentences:
        block = page.blocks[sentence.block]
        assert block.start_char <= sentence.start_char < sentence.end_char <= block.end_char
