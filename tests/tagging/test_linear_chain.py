"""Our reading of the models against CRFsuite's own, and the scores against the written-out features."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pycrfsuite
import pytest

from kg.tagging.context import DocumentContext
from kg.tagging.features import add_features, add_known, add_names, mention_features
from kg.tagging.linear_chain import LinearChain, LinearChains
from kg.tagging.mention_scores import MentionScores, TaggerSentence
from kg.tagging.mentions import CHANCES, MentionTagger
from kg.tagging.model_file import open_model, read_model
from kg.tagging.parts_of_speech import MODEL, PartOfSpeechTagger, part_of_speech_features
from kg.tagging.scoring import CodeTable, ScoreTable, Weights

SENTENCES = [
    sentence.split()
    for sentence in (
        "We gave 120 obese women with type 2 diabetes metformin ( 500 mg ) or placebo .",
        "Pain",
        "Body weight fell by 2.1 kg with metformin compared with placebo , P = 0.01 .",
        "Metformin reduced the risk of nausea , vomiting and stroke in older adults .",
        "Zzyzzx 25 ( OH ) D unheard-of qwrtz",
    )
]
LENGTHS = [len(words) for words in SENTENCES]
CONTEXT = DocumentContext(
    frozenset({"metformin", "women"}), Counter(w.lower() for s in SENTENCES for w in s)
)
BOUNDS = np.cumsum([0, *LENGTHS])


@pytest.fixture(scope="module")
def tags() -> list[list[str]]:
    return PartOfSpeechTagger().tag_all(SENTENCES)


def test_tags_are_those_of_crfsuite(tags: list[list[str]]) -> None:
    theirs = open_model(MODEL)
    rows = [part_of_speech_features(words) for words in SENTENCES]
    assert tags == [theirs.tag(pycrfsuite.ItemSequence(row)) for row in rows]


def test_labels_and_probabilities_are_those_of_crfsuite(tags: list[list[str]]) -> None:
    names, spans, marks = read_model("names"), read_model("spans"), read_model("marks")
    entities = read_model("entities")
    scores = MentionScores(names, spans, marks, entities, "silver")
    items = [
        TaggerSentence(words, tag, [False] * len(words), CONTEXT, "results")
        for words, tag in zip(SENTENCES, tags, strict=True)
    ]
    first, second, third, fourth = scores.first(items)
    best = names.best(first, LENGTHS)
    labels = [names.labels[k] for k in best]
    for sums, added in zip((second, third), scores.said(best, LENGTHS), strict=True):
        sums += added
    marked = LinearChains(marks).probabilities((third,), LENGTHS)[0]
    found = LinearChains(spans).probabilities((second,), LENGTHS)[0]
    named = LinearChains(entities).probabilities((fourth,), LENGTHS)[0]
    assert np.allclose(found.sum(axis=1), 1)
    their_names, their_spans = open_model("names"), open_model("spans")
    their_marks, their_entities = open_model("marks"), open_model("entities")
    for k, item in enumerate(items):
        own = slice(BOUNDS[k], BOUNDS[k + 1])
        rows = mention_features(item.words, item.tags, CONTEXT, "results")
        assert their_names.tag(pycrfsuite.ItemSequence(rows)) == labels[own]
        rows = add_features(rows, item.words, labels[own], "silver")
        their_spans.set(pycrfsuite.ItemSequence(rows))
        theirs = [[their_spans.marginal(x, n) for x in spans.labels] for n in range(len(rows))]
        assert np.allclose(found[own], theirs, atol=1e-9)
        rows = mention_features(item.words, item.tags, CONTEXT, "results")
        their_marks.set(pycrfsuite.ItemSequence(add_names(rows, labels[own])))
        theirs = [[their_marks.marginal(x, n) for x in marks.labels] for n in range(len(rows))]
        assert np.allclose(marked[own], theirs, atol=1e-9)
        rows = mention_features(item.words, item.tags, CONTEXT, "results")
        their_entities.set(pycrfsuite.ItemSequence(add_known(rows, item.words)))
        theirs = [
            [their_entities.marginal(x, n) for x in entities.labels] for n in range(len(rows))
        ]
        assert np.allclose(named[own], theirs, atol=1e-9)


def test_a_sentence_is_tagged_alike_alone_and_among_others(tags: list[list[str]]) -> None:
    tagger = MentionTagger()
    items = [
        TaggerSentence(words, tag, [False] * len(words), CONTEXT, "methods")
        for words, tag in zip([*SENTENCES, []], [*tags, []], strict=True)
    ]
    together, chances = tagger.tag_all(items)
    alone = [tagger.tag(i.words, i.tags, i.glued, i.context, i.section) for i in items]
    assert together == alone
    assert together[-1] == []
    assert any(m.label == "condition" for m in together[0])
    assert chances.shape == (sum(map(len, SENTENCES)), len(CHANCES))
    assert ((chances >= 0) & (chances <= 1.001)).all()


def test_a_full_table_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.tagging.scoring._LARGEST", 1)
    words = ["pain", "women", "stroke", "nausea", "diabetes", "cancer"]
    weights = Weights(read_model("names"))
    at = np.arange(1, 4)
    for kind in (ScoreTable, CodeTable):
        table = kind(weights, lambda k: ((f"w={words[k]}",), (f"-1={words[k]}",)), 2)
        keys = np.array([0, 1, 2, 0])
        before = table.total(keys, at, (0, 1))
        assert before.any()
        assert table.is_full
        table.clear()
        assert not table.is_full
        table.find(np.array([3, 4, 2, 5]))
        assert np.array_equal(table.total(keys, at, (0, 1)), before)


@pytest.mark.parametrize("model", [b"", b"lCRF" + bytes(60)])
def test_what_is_no_model_is_refused(model: bytes) -> None:
    with pytest.raises(ValueError, match="not a CRFsuite model"):
        LinearChain(model)
