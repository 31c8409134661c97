"""Short forms and what they stand for, resolved by position.

Each place that may define a short form is cut out with the words before it, within its sentence,
and judged by scispaCy's abbreviation detection (Schwartz & Hearst 2003): a definition cannot cross
a sentence, and a short form may be defined anew ("AI": autoimmune, then aromatase inhibitor).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from scispacy.abbreviation import filter_matches, find_abbreviation
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.assembly.annotation import Abbreviation
from kg.components.abbreviations.patterns import (
    FUNCTION_WORDS,
    LONG_IN_BRACKETS,
    NOT_SHORT,
    REACH,
    SHORT_IN_BRACKETS,
    WORDS_BEFORE,
)
from kg.components.sentences.component import SentenceTokens, sentences_of
from kg.components.tokenizer.component import text_of

#: A definition: short form, long form, place of the short form's first character.
Definition = tuple[str, str, int]


@Language.factory("kg_abbreviations", requires=["doc.sents"], assigns=["doc._.kg_definitions"])
class Abbreviations:
    """Find definitions of short forms; writes ``doc._.kg_definitions`` (plain tuples)."""

    def __init__(self, nlp: Language, name: str = "kg_abbreviations") -> None:
        self.name = name
        if not Doc.has_extension("kg_definitions"):
            Doc.set_extension("kg_definitions", default=())

    def __call__(self, doc: Doc) -> Doc:
        doc._.kg_definitions = tuple(define(text_of(doc), sentences_of(doc)))
        return doc


def define(text: str, sentences: Sequence[SentenceTokens]) -> list[Definition]:
    """Return the short forms that the sentences of a text define."""
    return [
        (short, long, sentence.start_char + at)
        for sentence in sentences
        for short, long, at in find_definitions(text[sentence.start_char : sentence.end_char])
    ]


def find_definitions(sentence: str) -> list[Definition]:
    """Return the short forms that one sentence defines, left to right.

    Examples
    --------
    >>> find_definitions("effects on bone mineral density(BMD) and on falls (n = 3)")
    [('BMD', 'bone mineral density', 32)]
    """
    if "(" not in sentence and "[" not in sentence:
        return []
    found: dict[int, Definition] = {}
    for match in LONG_IN_BRACKETS.finditer(sentence):
        long = _judge(match["long"], match["short"])
        if long is not None and long.lower() == match["long"].strip().lower():
            found[match.start("short")] = (match["short"], long, match.start("short"))
    for match in SHORT_IN_BRACKETS.finditer(sentence):
        short = match["short"].rstrip(".-–")
        before, behind = sentence[: match.start()][-1:], sentence[match.end() + 1 :][:1]
        if before.isalnum() and behind.isalnum():
            continue  # the brackets of one name: "25(OH)D"
        if _may_be_short(short):
            long = _judge(sentence[max(0, match.start() - REACH) : match.start()], short)
            if long is not None and _fits(short, long):
                found.setdefault(match.start("short"), (short, long, match.start("short")))
    return [found[at] for at in sorted(found)]


def resolve(definitions: Sequence[Definition], text: str) -> tuple[Abbreviation, ...]:
    """Give each definition of a text its scope, with plural and singular forms and chains undone.

    A short form means its first definition from the text's beginning on, and each further one from
    where it is given.

    Parameters
    ----------
    definitions
        In order of place; offsets of `text`.
    text
        The text they were found in.
    """
    items: list[Abbreviation] = []
    by_short: dict[str, list[Definition]] = {}
    for short, long, at in sorted(definitions, key=lambda d: d[2]):
        known = by_short.setdefault(short, [])
        if not known or known[-1][1].lower() != long.lower():
            known.append((short, long, at))
    for short, variant, plural in list(_variants(by_short, text)):
        by_short[variant] = [
            (variant, _number(long, plural), at) for _, long, at in by_short[short]
        ]
    for short, known in by_short.items():
        for k, (_, long, at) in enumerate(known):
            start = 0 if k == 0 else at
            end = known[k + 1][2] if k + 1 < len(known) else len(text)
            items.append(Abbreviation(short, _unchained(short, long, by_short), at, start, end))
    return tuple(sorted(items, key=lambda a: (a.start_char, a.short)))


@lru_cache(maxsize=1)
def _vocabulary() -> Vocab:
    return Vocab()


@lru_cache(maxsize=4096)
def _judge(before: str, short: str) -> str | None:
    """Return the long form of `short` that ends the text `before`, or ``None``."""
    spans = [match.span() for match in WORDS_BEFORE.finditer(before)]
    plain = re.sub(r"[^A-Za-z0-9α-ωΑ-Ω]", "", short)
    if not spans or not 2 <= len(plain) < 10:
        return None
    if not plain[0].isalpha():  # "25(OH)D" for "25-hydroxyvitamin D"
        return _judge_by_digits(before, short, spans)
    words = [re.sub(r"[()\[\]]", ",", before[a:b]) for a, b in spans]
    doc = Doc(_vocabulary(), words=[*words, "(", plain, ")"])
    for candidate, short_span in filter_matches([(0, len(words) + 1, len(words) + 2)], doc):
        _, long_span = find_abbreviation(candidate, short_span)
        if long_span is not None:
            return before[spans[long_span.start][0] :].strip(" ,;:/") or None
    return None


def _judge_by_digits(before: str, short: str, spans: list[tuple[int, int]]) -> str | None:
    """Return the words from the last one that begins with the short form's digits on."""
    digits = re.match(r"\d+", short)
    if digits is None:
        return None
    letters = {c for c in short[digits.end() :].lower() if c.isalpha()}
    for start, _ in reversed(spans[-6:]):
        tail = before[start:].lower()
        if tail.startswith(digits.group()) and letters <= set(tail):
            return before[start:].strip(" ,;:")
    return None


def _may_be_short(short: str) -> bool:
    letters = [c for c in short if c.isalpha()]
    if not letters or short.lower() in NOT_SHORT or len(letters) * 2 < len(short):
        return bool(letters) and short[0].isdigit() and any(c.isupper() for c in letters)
    return any(c.isupper() for c in letters) and not (len(short) > 6 and short[1:].islower())


def _fits(short: str, long: str) -> bool:
    """Tell whether a long form is one: longer than the short form, and no list or clause."""
    words = long.split()
    capitals = sum(c.isupper() for c in short)
    return (
        len(long) > len(short) + 1
        and len(words) <= max(2, min(len(short) + 3, 2 * len(short)))
        and not (capitals >= 3 and len(words) == 1 and len(long) < 2 * len(short))
        and not any(c in long for c in "%=<>")
        and words[0].lower() not in FUNCTION_WORDS
        and not any(word.lower() in ("was", "were", "is", "are", "than") for word in words)
    )


def _variants(by_short: dict[str, list[Definition]], text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield short form, its plural or singular that the text uses undefined, and which it is."""
    for short in by_short:
        if short.endswith("s") and short[-2:-1].isupper():
            other, plural = short[:-1], False
        elif short[-1].isupper():
            other, plural = short + "s", True
        else:
            continue
        if (
            other not in by_short
            and len(other) > 1
            and other in text
            and re.search(rf"(?<!\w){re.escape(other)}(?!\w)", text)
        ):
            yield short, other, plural


def _number(long: str, plural: bool) -> str:
    """Return a long form in the plural or the singular."""
    if plural:
        return (
            long if long.endswith("s") else long[:-1] + "ies" if long.endswith("y") else long + "s"
        )
    if long.endswith("ies"):
        return long[:-3] + "y"
    return long[:-1] if long.endswith("s") and not long.endswith("ss") else long


def _unchained(short: str, long: str, by_short: dict[str, list[Definition]]) -> str:
    """Write out the short forms that a long form contains."""

    def expand(match: re.Match[str]) -> str:
        word = match.group()
        known = by_short.get(word)
        return known[0][1] if known and word != short and word.isupper() else word

    return re.sub(r"(?<![\w-])[A-Z][A-Z0-9]+(?![\w-])", expand, long)
