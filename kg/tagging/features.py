"""Features of the mention tagger: what the words are, what stands round them, where they stand.

Every feature belongs to a *template*: a function from what it depends on (a word, two neighbours, a
word and a tag …) to the features that this gives to words at some places round it. So a template
needs computing once for each word, pair or tag that turns up, and not once for each place
(:mod:`kg.tagging.scoring`); :func:`mention_features` writes them out for training.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise, repeat

import numpy as np
from numpy.typing import NDArray

from kg.lexicon.cues import ENDINGS, SETS
from kg.tagging.context import SECTIONS, DocumentContext
from kg.tagging.known_names import SIGNS, read_known_names
from kg.tagging.linear_chain import Integers
from kg.tagging.parts_of_speech import TAGS
from kg.tagging.scoring import Code
from kg.tagging.words import normal_word, word_shape

#: What stands before the first word of a sentence and behind its last one.
PADDING = "_"

#: Words of these sets are remembered as the nearest cue before or after a word.
_CUE_SETS = ("given", "versus", "change", "measured", "group", "person")
_CUE_REACH = 7  # words

#: Features of one word.
Features = tuple[str, ...]


#: A word's tag is a number among these, a cue and the section likewise.
TAG_NAMES = (PADDING, *TAGS)
TAG_NUMBERS = {tag: k for k, tag in enumerate(TAG_NAMES)}
CUES = (PADDING, *sorted(frozenset[str]().union(*(SETS[name] for name in _CUE_SETS))))
_CUE_NUMBERS = {cue: k for k, cue in enumerate(CUES) if k}
SECTION_NUMBERS = {section: k for k, section in enumerate(SECTIONS)}


_TIMES = ("", "1", "2", "4", "5+")
_TIMES_OF = np.array([1, 1, 2, 3, 3, 4])  # for each count of words, the last for all above
#: Where a word stands, as far as the words themselves don't tell: its section and tag, whether the title has it, how often the
#: document has it (empty where that says nothing), whether it is in brackets, and whether it is its sentence's first.
PLACES = Code(SECTIONS, TAG_NAMES, (False, True), _TIMES, (False, True), (False, True))
#: What a word is in the names of conditions and of chemicals that are known.
KNOWN = Code(SIGNS, SIGNS)


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


def between_template(word: str, before: str, after: str) -> tuple[Features]:
    """Return what a word says of itself with the tags on either side."""
    here = normal_word(word)
    return ((f"t-1w={before}|{here}", f"t+1w={here}|{after}"),)


def cue_before_template(cue: str, tag: str) -> tuple[Features]:
    """Return what the nearest cue before a word with a tag says of it."""
    return ((f"cb={cue}", f"cb={cue}|{tag}"),)


def cue_after_template(cue: str, tag: str) -> tuple[Features]:
    """Return what the nearest cue behind a word with a tag says of it."""
    return ((f"ca={cue}", f"ca={cue}|{tag}"),)


def section_template(word: str, section: str) -> tuple[Features]:
    """Return what a word says of itself in a section."""
    return ((f"sec={section}|{normal_word(word)}",),)


def place_template(
    section: str, tag: str, in_title: bool, times: str, in_brackets: bool, first: bool
) -> tuple[Features]:
    """Return what a word's place (:data:`PLACES`) says of it."""
    found = [f"sec={section}", f"sec={section}|{tag}"]
    if in_title:
        found += ("title", f"title|{section}")
    if times:
        found.append(f"c={times}")
    if in_brackets:
        found += ("bracket", f"bracket|{tag}")
    if first:
        found.append("first")
    return (tuple(found),)


def known_template(condition: str, chemical: str) -> tuple[Features, Features, Features]:
    """Return what a word's place in known names says of itself, the one after, the one before."""
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
    words: Sequence[str],
    tags: Integers,
    sections: Integers,
    contexts: Sequence[DocumentContext],
    lengths: Sequence[int],
) -> Integers:
    """Return the places of the words of some sentences, as numbers of :data:`PLACES`.

    Parameters
    ----------
    words, tags, sections
        The tokens of all sentences, their parts of speech (:data:`TAG_NUMBERS`), and the kinds of
        section in which they stand (:data:`SECTION_NUMBERS`).
    contexts
        For each sentence the title's words and the word counts of its document.
    lengths
        The sentences' numbers of words; none is 0.
    """
    in_title: list[bool] = []
    counts: list[int] = []
    rest = map(str.lower, words)
    for length, context in zip(lengths, contexts, strict=True):
        lower = list(islice(rest, length))
        in_title += map(context.title.__contains__, lower)
        counts += map(context.counts.get, lower, repeat(0))
    times = _TIMES_OF[np.minimum(counts, len(_TIMES_OF) - 1)] * _COUNTED[tags]
    first = np.zeros(len(words), np.intp)
    first[np.cumsum(lengths) - lengths] = 1
    inside = _in_brackets(words, lengths)
    return PLACES.number(sections, tags, in_title & _TITLED[tags], times, inside, first)


def _in_brackets(words: Sequence[str], lengths: Sequence[int]) -> NDArray[np.bool_]:
    """Tell for each word of some sentences whether it stands in brackets, or is one."""
    at = np.arange(len(words)) + np.repeat(np.arange(1, len(lengths) + 1), lengths)
    steps = np.full(len(words) + len(lengths), -len(words) - 1)  # before a sentence all are closed
    steps[at] = np.fromiter(map(_DEEPER.get, words, repeat(0)), np.intp, len(words))
    depth = np.cumsum(steps)
    depth -= np.minimum.accumulate(depth)  # what closes where nothing is open counts for nothing
    found: NDArray[np.bool_] = np.maximum(depth[at], depth[at - 1]) > 0
    return found


_DEEPER = {"(": 1, "[": 1, ")": -1, "]": -1}
_COUNTED = np.isin(TAG_NAMES, ("NOUN", "ADJ", "X"))
_TITLED = np.isin(TAG_NAMES, ("NOUN", "ADJ", "VBG", "X", "NUM"))


def find_cues(cues: Integers, lengths: Sequence[int]) -> tuple[Integers, Integers]:
    """Return for each word the nearest cue before it and the nearest behind it, within reach.

    Parameters
    ----------
    cues
        For each word of some sentences the cue that it is (:func:`cue_number`).
    lengths
        The sentences' numbers of words.
    """
    every = np.arange(len(cues))
    ends = np.cumsum(lengths)
    first, last = np.repeat(ends - lengths, lengths), np.repeat(ends - 1, lengths)
    before = np.maximum.accumulate(np.where(cues, every, -1))
    before = np.concatenate([[-1], before[:-1]])
    behind = np.minimum.accumulate(np.where(cues, every, len(cues))[::-1])[::-1]
    behind = np.concatenate([behind[1:], [len(cues)]])
    near_before = (before >= first) & (every - before <= _CUE_REACH)
    near_behind = (behind <= last) & (behind - every <= _CUE_REACH)
    return cues[before] * near_before, cues.take(behind, mode="clip") * near_behind


def mention_features(
    words: Sequence[str], tags: Sequence[str], context: DocumentContext, section: str
) -> list[list[str]]:
    """Return the features of each word of one sentence, which has words.

    `section` is a kind of :func:`kg.tagging.context.section_kind`.
    """
    size = len(words)
    rows: list[list[str]] = [[] for _ in words]

    def add(found: Sequence[Features], *places: int) -> None:
        for place, features in zip(places, found, strict=True):
            if 0 <= place < size:
                rows[place] += features

    padded = [PADDING, PADDING, *words, PADDING, PADDING]
    pos = [PADDING, PADDING, *tags, PADDING, PADDING]
    normal = list(map(normal_word, padded))
    cues = find_cues(np.array([cue_number(word) for word in words], np.intp), [size])
    before, after = ([CUES[cue] for cue in side.tolist()] for side in cues)
    numbers = np.array([TAG_NUMBERS[tag] for tag in tags], np.intp)
    sections = np.full(size, SECTION_NUMBERS[section])
    places = find_places(words, numbers, sections, [context], [size]).tolist()
    for k, word in enumerate(padded, -2):
        add(word_template(word), k, k + 1, k + 2, k - 1, k - 2)
    for k, (first, second) in enumerate(pairwise(normal), -2):
        add(pair_template(first, second), k + 1, k, k + 2, k - 1)
    for k, place in enumerate(places):
        add(left_template(*pos[k : k + 3]), k)
        add(right_template(*pos[k + 2 : k + 5]), k)
        add(between_template(words[k], pos[k + 1], pos[k + 3]), k)
        add(cue_before_template(before[k], tags[k]), k)
        add(cue_after_template(after[k], tags[k]), k)
        add(section_template(words[k], section), k)
        add(place_template(*PLACES.values(place)), k)
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
    signs = KNOWN.number(*read_known_names().find(words, [len(words)])).tolist()
    known = [known_template(*KNOWN.values(sign)) for sign in (0, *signs, 0)]
    return _add_neighbours(rows, known)


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


def cue_number(word: str) -> int:
    """Return the number of a word among :data:`CUES`, 0 for all others."""
    return _CUE_NUMBERS.get(word.lower(), 0)
