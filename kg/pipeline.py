"""The pipeline: the ordered list of its components, and what it says of one document.

This is the only way by which text meets spaCy. What comes out is plain data
(:class:`kg.assembly.annotation.Annotation`), so that nothing behind it needs spaCy.
"""

from __future__ import annotations

from collections.abc import Iterator

import spacy
from spacy.language import Language
from spacy.tokens import Doc

import kg.components.abbreviations.component
import kg.components.mentions.component
import kg.components.phrases.component  # noqa: F401
from kg.assembly.annotation import Abbreviation, Annotation, Chunk, TaggedMention, Token
from kg.assembly.sentence import Sentence
from kg.components.abbreviations.component import resolve
from kg.components.mentions.component import KIND_BY_LABEL, MentionContext
from kg.components.mentions.patterns import SPANS as MENTIONS
from kg.components.phrases.patterns import SPANS as PHRASES
from kg.components.sentences.component import sentences_of
from kg.components.tokenizer.component import ClinicalTokenizer
from kg.tagging.consistency import make_consistent
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
    """Run the pipeline over the evidence blocks of a document, one block at a time.

    Sentences never cross blocks; all offsets are those of ``reading.view.text``.
    """
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    mentions: list[TaggedMention] = []
    chunks: list[Chunk] = []
    definitions: list[tuple[str, str, int]] = []
    text = reading.view.text
    for index, block, doc in _docs(nlp, reading):
        base = block.start_char
        tokens.extend(
            Token(base + t.idx, base + t.idx + len(t), t.text, t.tag_)
            for t in doc
            if not t.is_space
        )
        for sentence in sentences_of(doc):
            a, b = base + sentence.start_char, base + sentence.end_char
            sentences.append(Sentence(a, b, text[a:b], block.section, index))
        definitions.extend((short, long, base + at) for short, long, at in doc._.kg_definitions)
        for span in doc.spans[MENTIONS]:
            a, b = base + span.start_char, base + span.end_char
            score = span._.kg_score
            mentions.append(TaggedMention(KIND_BY_LABEL[span.label_], a, b, text[a:b], score))
        for span in doc.spans[PHRASES]:
            a, b = base + span.start_char, base + span.end_char
            chunks.append(Chunk(a, b, text[a:b]))
    abbreviations: tuple[Abbreviation, ...] = resolve(definitions, text)
    return Annotation(
        tuple(tokens),
        tuple(sentences),
        make_consistent(mentions, tokens, text),
        tuple(chunks),
        abbreviations,
    )


def _docs(nlp: Language, reading: Reading) -> Iterator[tuple[int, Block, Doc]]:
    """Yield each evidence block with its index and its annotated ``Doc``."""
    text = reading.view.text
    context = MentionContext.of(reading)
    for index, block in enumerate(reading.blocks):
        piece = text[block.start_char : block.end_char]
        if block.is_evidence and piece.strip():
            doc = nlp.make_doc(piece)
            context.attach(doc, block)
            yield index, block, nlp(doc)
