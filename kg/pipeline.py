"""The pipeline: the ordered list of its components, and what it says of one document.

This is the only way by which text meets spaCy. What comes out is plain data
(:class:`kg.assembly.annotation.Annotation`), so that nothing behind it needs spaCy.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice, repeat
from operator import add

import spacy
from spacy.language import Language

from kg.assembly.annotation import Annotation, Chunk, TaggedMention, Token
from kg.assembly.sentence import Sentence
from kg.components.abbreviations.component import Definition, define, resolve
from kg.components.mentions.component import (
    KIND_BY_LABEL,
    Entity,
    Passage,
    context_of,
    entities_of,
    find_mentions,
)
from kg.components.phrases.component import tag_sentences
from kg.components.sentences.component import cut_sentences
from kg.components.tokenizer.component import ClinicalTokenizer, tokenize
from kg.tagging.consistency import make_consistent
from kg.tagging.context import section_kind
from kg.text import Block, Reading

#: The components, in the order in which they run.
COMPONENTS = ("kg_sentences", "kg_abbreviations", "kg_phrases", "kg_mentions")

#: Names of our own pipeline; any other name is a spaCy model that the user has installed.
OWN_MODELS = (None, "fast")


def make_nlp(model: str | None = None) -> Language:
    """Build the pipeline.

    Parameters
    ----------
    model
        ``None`` or ``"fast"`` for the pipeline that comes with the package; else the name or path
        of an installed spaCy model (scispaCy's among them), whose named entities then join the
        mentions.

    Raises
    ------
    OSError
        If spaCy finds no model of that name.
    """
    nlp = spacy.blank("en") if model in OWN_MODELS else spacy.load(str(model))
    nlp.tokenizer = ClinicalTokenizer(nlp.vocab)
    for name in COMPONENTS:
        nlp.add_pipe(name)
    return nlp


def annotate(nlp: Language, reading: Reading) -> Annotation:
    """Return what the pipeline finds in the evidence blocks of a document.

    Sentences never cross blocks; all offsets are those of ``reading.view.text``. What the components
    would write on a ``Doc`` of each block is asked for without one: a ``Doc`` is made where the
    user's own model is to read it.
    """
    text = reading.view.text
    blocks = [
        (index, block)
        for index, block in enumerate(reading.blocks)
        if block.is_evidence and text[block.start_char : block.end_char].strip()
    ]
    passages = _cut(nlp, reading, [block for _, block in blocks])
    found, chances = find_mentions(passages, nlp.get_pipe("kg_mentions").models)  # type: ignore[attr-defined]
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    mentions: list[TaggedMention] = []
    chunks: list[Chunk] = []
    definitions: list[Definition] = []
    new = tuple.__new__  # without the Python function that a named tuple is made by
    for (index, block), passage, placed in zip(blocks, passages, found, strict=True):
        base = block.start_char
        for (start, end, words, starts, _), (tags, _, phrases) in zip(
            passage.sentences, passage.tagged, strict=True
        ):
            a, b = base + start, base + end
            sentences.append(Sentence(a, b, text[a:b], block.section, index))
            starts = list(map(base.__add__, starts))
            ends = list(map(add, starts, map(len, words)))
            tokens += map(new, repeat(Token), zip(starts, ends, words, tags, strict=True))
            for first, last in phrases:
                a, b = starts[first], ends[last - 1]
                chunks.append(new(Chunk, (a, b, text[a:b])))
        for short, long, at in define(passage.text, passage.sentences):
            definitions.append((short, long, base + at))
        for start, end, label, score in placed:
            a, b = base + start, base + end
            mentions.append(TaggedMention(KIND_BY_LABEL[label], a, b, text[a:b], score))
    return Annotation(
        tuple(tokens),
        tuple(sentences),
        make_consistent(mentions, tokens, text),
        tuple(chunks),
        resolve(definitions, text),
        chances if passages else None,
    )


def _cut(nlp: Language, reading: Reading, blocks: Sequence[Block]) -> list[Passage]:
    """Return the blocks of a document in sentences, with what the mention tagger reads of them."""
    texts = [reading.view.text[block.start_char : block.end_char] for block in blocks]
    tokens = list(map(tokenize, texts))
    sentences = list(map(cut_sentences, texts, tokens))
    tagged = iter(tag_sentences(list(chain.from_iterable(sentences))))
    context = context_of(reading.document.title or "", [own.words for own in tokens])
    return [
        Passage(
            text, own, list(islice(tagged, len(own))), context, section_kind(block.section), others
        )
        for block, text, own, others in zip(
            blocks, texts, sentences, _entities(nlp, texts), strict=True
        )
    ]


def _entities(nlp: Language, texts: Sequence[str]) -> list[list[Entity]]:
    """Return the entities that the components of the user's own model find in texts."""
    if tuple(nlp.pipe_names) == COMPONENTS:
        return [[] for _ in texts]
    return [entities_of(doc) for doc in nlp.pipe(texts, disable=COMPONENTS)]
