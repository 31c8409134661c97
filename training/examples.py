"""Passages as labelled sentences: what the taggers are trained on and measured by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.components.sentences.component import find_sentences
from kg.components.tokenizer.component import find_tokens
from kg.tagging.context import DocumentContext, heading_kind
from kg.tagging.parts_of_speech import PartOfSpeechTagger
from training.corpora import Passage


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence: tokens, tags, BIO labels, and where it stands."""

    document: str
    style: str
    words: tuple[str, ...]
    tags: tuple[str, ...]
    glued: tuple[bool, ...]
    labels: tuple[str, ...]
    context: DocumentContext
    section: str
    counts: bool = True  # whether a word without label says that nothing is there


def examples(passages: Iterable[Passage], tagger: PartOfSpeechTagger) -> Iterator[Example]:
    """Yield the sentences of passages with their labels."""
    for passage in passages:
        text = passage.text
        tokens = [(text[a:b].lower(), a) for a, b in find_tokens(text)]
        title = frozenset(word for word, a in tokens if a < passage.title_end)
        context = DocumentContext(title, Counter(word for word, _ in tokens))
        section = ""
        for start, end in find_sentences(text):
            section = heading_kind(text[start:end]) or section
            spans = [(start + a, start + b) for a, b in find_tokens(text[start:end])]
            words = tuple(text[a:b] for a, b in spans)
            yield Example(
                passage.document,
                passage.style,
                words,
                tuple(tagger.tag(words)),
                tuple(k > 0 and spans[k][0] == spans[k - 1][1] for k in range(len(spans))),
                tuple(bio(spans, passage)),
                context,
                "title" if end <= passage.title_end else section,
                not passage.keep or any(a <= start < b for a, b in passage.keep),
            )


def bio(tokens: list[tuple[int, int]], passage: Passage) -> list[str]:
    """Return the BIO labels of tokens; a token belongs to the span in which it begins."""
    labels = ["O"] * len(tokens)
    for start, end, label in passage.spans:
        inside = [k for k, (a, _) in enumerate(tokens) if start <= a < end]
        for k in inside:
            labels[k] = f"{'B' if k == inside[0] else 'I'}-{label}"
    return labels


def merged(label: str) -> str:
    """Return a label with the comparator's role left to the role model."""
    return label.replace("comparator", "intervention")


def shingles(text: str, size: int = 10) -> set[int]:
    """Return hashes of all runs of `size` words."""
    words = [text[a:b].lower() for a, b in find_tokens(text) if text[a].isalpha()]
    return {hash(tuple(words[k : k + size])) for k in range(len(words) - size + 1)}


def without_overlap(passages: Iterable[Passage], held_out: Iterable[Passage]) -> Iterator[Passage]:
    """Leave out passages that share a tenth of their ten-word runs with a held-out text."""
    known: set[int] = set()
    for passage in held_out:
        known |= shingles(passage.text)
    for passage in passages:
        mine = shingles(passage.text)
        if len(mine & known) * 10 < max(1, len(mine)):
            yield passage
