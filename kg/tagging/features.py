"""Features of the mention tagger: what the words are, what stands round them, where they stand.

Every feature belongs to a *template*: a function from what it depends on (a word, two neighbours, a
word and a tag …) to the features that this gives to words at some places round it. So a template
needs computing once for each word, pair or tag that turns up, and not once for each place
(:mod:`kg.tagging.scoring`); :func:`mention_features` writes them out for training.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kg.lexicon.cues import ENDINGS, SETS
from kg.tagging.context import DocumentContext
from kg.tagging.known_names import NOTHING, Known, read_known_names
from kg.tagging.words import normal_word, word_shape

#: What stands before the first word of a sentence and behind its last one.
PADDING = "_"

#: Words of these sets are remembered as the nearest cue before or after a word.
_CUE_SETS = ("given", "versus", "change", "measured", "group", "person")
_CUE_REACH = 7  # words

#: Features of one word.
Features = tuple[str, ...]


class Place(NamedTuple):
    """Where a word stands, as far as the words themselves don't tell."""

    section: str
    tag: str
    in_title: bool
    times: str  # how often the document has the word; empty where that says nothing
    in_brackets: bool
    first: bool


#: A :class:`Place` as a plain tuple, which is made in a third of the time.
PlaceKey = tuple[str, str, bool, str, bool, bool]


def word_template(word: str) -> tuple[Features, Features, Features, Features, Features]:
    """Return what a word says of itself, of the one after it, two after, before it, two before."""
    here = normal_word(word)
    own = (
        "b", f"w={here}", f"s3={here[-3:]}", f"s4={here[-4:]}", f"s5={here[-5:]}",
        f"p3={here[:3]}", f"p5={here[:5]}", f"h={word_shape(word)}",
    )  # fmt: skip
    flags = _flags(word)
    return (
        (*own, *flags),
        (f"-1={here}", *(f"-1{flag}" for flag in flags)),
        (f"-2={here}",),
        (f"+1={here}", *(f"+1{flag}" for flag in flags)),
        (f"+2={here}", *(f"+2{flag}" for flag in flags)),
    )


def pair_template(first: str, second: str) -> tuple[Features, Features, Features, Features]:
    """Return what two neighbours say of the second, the first, the one behind, the one before."""
    pair = f"{first}|{second}"
    return (f"-1+0={pair}",), (f"+0+1={pair}",), (f"-2-1={pair}",), (f"+1+2={pair}",)


def left_template(before2: str, before: str, tag: str) -> tuple[Features]:
    """Return what a word's tag and the two tags before it say of it."""
    return ((f"t={tag}", f"t-1={before}", f"t-10={before}|{tag}", f"t-2-10={before2}|{before}|{tag}"),)  # fmt: skip


def right_template(tag: str, after: str, after2: str) -> tuple[Features]:
    """Return what the two tags behind a word say of it."""
    return ((f"t+1={after}", f"t0+1={tag}|{after}", f"t0+1+2={tag}|{after}|{after2}"),)


def between_template(before: str, word: str, after: str) -> tuple[Features]:
    """Return what a word says of itself with the tags on either side."""
    here = normal_word(word)
    return ((f"t-1w={before}|{here}", f"t+1w={here}|{after}"),)


def cue_before_template(cue: str, tag: str) -> tuple[Features]:
    """Return what the nearest cue before a word with a tag says of it."""
    return ((f"cb={cue}", f"cb={cue}|{tag}"),)


def cue_after_template(cue: str, tag: str) -> tuple[Features]:
    """Return what the nearest cue behind a word with a tag says of it."""
    return ((f"ca={cue}", f"ca={cue}|{tag}"),)


def section_template(section: str, word: str) -> tuple[Features]:
    """Return what a word says of itself in a section."""
    return ((f"sec={section}|{normal_word(word)}",),)


def place_template(key: PlaceKey) -> tuple[Features]:
    """Return what a word's place says of it."""
    place = Place._make(key)
    found = [f"sec={place.section}", f"sec={place.section}|{place.tag}"]
    if place.in_title:
        found += ("title", f"title|{place.section}")
    if place.times:
        found.append(f"c={place.times}")
    if place.in_brackets:
        found += ("bracket", f"bracket|{place.tag}")
    if place.first:
        found.append("first")
    return (tuple(found),)


def known_template(known: Known) -> tuple[Features, Features, Features]:
    """Return what a word's place in known names says of itself, the one after, the one before."""
    condition, chemical = known
    return (
        (f"kd={condition}", f"kc={chemical}", f"k={condition}|{chemical}"),
        (f"kd-1={condition}", f"kc-1={chemical}"),
        (f"kd+1={condition}", f"kc+1={chemical}"),
    )


def name_template(name: str) -> tuple[Features, Features, Features]:
    """Return what a label of the tagger of names says of its word, the one after, the one before."""
    return (f"n={name}",), (f"n-1={name}",), (f"n+1={name}",)


def style_template(style: str, word: str) -> tuple[Features, Features, Features]:
    """Return what a word says of itself, the one after and the one before, in texts marked so."""
    pair = f"st={style}|{normal_word(word)}"
    return (f"st={style}", pair), (pair,), (pair,)


def find_places(
    words: Sequence[str], tags: Sequence[str], context: DocumentContext, section: str
) -> list[PlaceKey]:
    """Return the places of the words of one sentence.

    Parameters
    ----------
    words, tags
        The tokens of one sentence and their parts of speech.
    context
        The title's words and the word counts of the document.
    section
        A kind of :func:`kg.tagging.context.section_kind`.
    """
    title, counts = context.title, context.counts
    depth = 0
    places = []
    for k, (word, tag) in enumerate(zip(words, tags, strict=True)):
        if word in _OPENING:
            depth += 1
        lower = word.lower()
        count = _count(counts.get(lower, 0)) if tag in _COUNTED else ""
        places.append((section, tag, tag in _TITLED and lower in title, count, depth > 0, not k))
        if depth and word in _CLOSING:
            depth -= 1
    return places


_OPENING, _CLOSING = frozenset("(["), frozenset(")]")
_COUNTED = frozenset({"NOUN", "ADJ", "X"})
_TITLED = frozenset({"NOUN", "ADJ", "VBG", "X", "NUM"})


def find_cues(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return for each word the nearest cue before it and the nearest behind it, within reach."""
    cues = list(map(_cue, words))
    if not any(cues):
        nothing = [PADDING] * len(words)
        return nothing, nothing
    return _nearest(cues), _nearest(cues[::-1])[::-1]


def mention_features(
    words: Sequence[str], tags: Sequence[str], context: DocumentContext, section: str
) -> list[list[str]]:
    """Return the features of each word of one sentence; parameters as for :func:`find_places`."""
    size = len(words)
    rows: list[list[str]] = [[] for _ in words]

    def add(found: Sequence[Features], *places: int) -> None:
        for place, features in zip(places, found, strict=True):
            if 0 <= place < size:
                rows[place] += features

    padded = [PADDING, PADDING, *words, PADDING, PADDING]
    pos = [PADDING, PADDING, *tags, PADDING, PADDING]
    normal = list(map(normal_word, padded))
    before, after = find_cues(words)
    for k, word in enumerate(padded, -2):
        add(word_template(word), k, k + 1, k + 2, k - 1, k - 2)
    for k, (first, second) in enumerate(pairwise(normal), -2):
        add(pair_template(first, second), k + 1, k, k + 2, k - 1)
    for k, place in enumerate(find_places(words, tags, context, section)):
        add(left_template(*pos[k : k + 3]), k)
        add(right_template(*pos[k + 2 : k + 5]), k)
        add(between_template(pos[k + 1], words[k], pos[k + 3]), k)
        add(cue_before_template(before[k], tags[k]), k)
        add(cue_after_template(after[k], tags[k]), k)
        add(section_template(section, words[k]), k)
        add(place_template(place), k)
    return rows


def add_features(
    rows: list[list[str]], words: Sequence[str], names: Sequence[str], style: str
) -> list[list[str]]:
    """Add to the rows of a sentence what an earlier tagger said, and whose habits to follow.

    Parameters
    ----------
    rows
        The features of :func:`mention_features`; they are extended in place and returned.
    names
        For each word a label of the tagger of drug and disease names.
    style
        The training set whose habits of marking to follow.
    """
    marked = [style_template(style, word) for word in (PADDING, *words, PADDING)]
    return _add_neighbours(add_names(rows, names), marked)


def add_names(rows: list[list[str]], names: Sequence[str]) -> list[list[str]]:
    """Add to the rows of a sentence what an earlier tagger said of each word; return them."""
    return _add_neighbours(rows, [name_template(name) for name in (PADDING, *names, PADDING)])


def add_known(rows: list[list[str]], words: Sequence[str]) -> list[list[str]]:
    """Add to the rows of a sentence what each word is in known names; return them."""
    known = read_known_names().find(words, [len(words)])
    return _add_neighbours(rows, [known_template(here) for here in (NOTHING, *known, NOTHING)])


def _add_neighbours(
    rows: list[list[str]], found: Sequence[tuple[Features, Features, Features]]
) -> list[list[str]]:
    for k, row in enumerate(rows):
        row += (*found[k + 1][0], *found[k][1], *found[k + 2][2])
    return rows


def _flags(word: str) -> Features:
    """Return the lists that hold the word."""
    lower = word.lower()
    found = [f"l:{name}" for name, entries in SETS.items() if lower in entries]
    if len(lower) > 5:
        found.extend(f"l:{name}" for name, ends in ENDINGS.items() if lower.endswith(ends))
    return tuple(found)


@lru_cache(maxsize=50_000)
def _cue(word: str) -> str:
    lower = word.lower()
    return lower if any(lower in SETS[name] for name in _CUE_SETS) else ""


def _nearest(cues: Sequence[str]) -> list[str]:
    """Return for each place the last cue before it, within reach."""
    found = []
    cue, until = PADDING, 0
    for k, here in enumerate(cues):
        found.append(cue if k <= until else PADDING)
        if here:
            cue, until = here, k + _CUE_REACH
    return found


def _count(count: int) -> str:
    return "1" if count <= 1 else "2" if count <= 2 else "4" if count <= 4 else "5+"
