"""The pipeline: the ordered list of its components, and what it says of one document.

This is the only way by which text meets spaCy. What comes out is plain data
(:class:`kg.assembly.annotation.Annotation`), so that nothing behind it needs spaCy.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.assembly.annotation import Abbreviation, Annotation, Chunk, TaggedMention, Token
from kg.assembly.sentence import Sentence
from kg.components.abbreviations.component import resolve
from kg.components.mentions.component import (
    KIND_BY_LABEL,
    MentionContext,
    chances_of,
    mentions_of,
)
from kg.components.phrases.component import tagged_of
from kg.components.sentences.component import sentences_of
from kg.components.tokenizer.component import ClinicalTokenizer
from kg.tagging.consistency import make_consistent
from kg.tagging.mentions import Chances
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
    """Run the pipeline over the evidence blocks of a document, each a ``Doc`` of its own.

    Sentences never cross blocks; all offsets are those of ``reading.view.text``.
    """
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    mentions: list[TaggedMention] = []
    chunks: list[Chunk] = []
    definitions: list[tuple[str, str, int]] = []
    chances: list[Chances] = []
    text = reading.view.text
    for index, block, doc in _docs(nlp, reading):
        base = block.start_char
        for sentence, tagged in zip(sentences_of(doc), tagged_of(doc), strict=True):
            a, b = base + sentence.start_char, base + sentence.end_char
            sentences.append(Sentence(a, b, text[a:b], block.section, index))
            starts = [base + start for start in sentence.starts]
            ends = [a + len(word) for a, word in zip(starts, sentence.words, strict=True)]
            # without the Python function that a named tuple is made by
            made = zip(starts, ends, sentence.words, tagged.tags, strict=True)
            tokens += map(tuple.__new__, repeat(Token), made)
            for first, last in tagged.phrases:
                a, b = starts[first], ends[last - 1]
                chunks.append(Chunk(a, b, text[a:b]))
        definitions.extend((short, long, base + at) for short, long, at in doc._.kg_definitions)
        chances.append(chances_of(doc))
        for mention in mentions_of(doc):
            a, b = base + mention.start_char, base + mention.end_char
            kind = KIND_BY_LABEL[mention.label]
            mentions.append(TaggedMention(kind, a, b, text[a:b], mention.score))
    abbreviations: tuple[Abbreviation, ...] = resolve(definitions, text)
    return Annotation(
        tuple(tokens),
        tuple(sentences),
        make_consistent(mentions, tokens, text),
        tuple(chunks),
        abbreviations,
        np.concatenate(chances) if chances else None,
    )


def _docs(nlp: Language, reading: Reading) -> Iterator[tuple[int, Block, Doc]]:
    """Yield each evidence block with its index and its annotated ``Doc``."""
    text = reading.view.text
    blocks: list[tuple[int, Block]] = []
    docs: list[Doc] = []
    for index, block in enumerate(reading.blocks):
        piece = text[block.start_char : block.end_char]
        if block.is_evidence and piece.strip():
            blocks.append((index, block))
            docs.append(nlp.make_doc(piece))
    context = MentionContext.of(reading, docs)
    for (_, block), doc in zip(blocks, docs, strict=True):
        context.attach(doc, block)
    for (index, block), doc in zip(blocks, nlp.pipe(docs), strict=True):
        yield index, block, doc
