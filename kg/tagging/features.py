"""Features of the mention tagger: what the words are, what stands round them, where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from kg.lexicon.cues import ENDINGS, SETS
from kg.tagging.context import DocumentContext
from kg.tagging.words import normal_word, word_shape

#: Words of these sets are remembered as the nearest cue before or after a word.
_CUE_SETS = ("given", "versus", "change", "measured", "group", "person")
_CUE_REACH = 7  # words
_PADDING = "_"


def mention_features(
    words: Sequence[str],
    tags: Sequence[str],
    context: DocumentContext,
    section: str,
) -> list[list[str]]:
    """Return the features of each word of one sentence.

    Parameters
    ----------
    words, tags
        The tokens of one sentence and their parts of speech.
    context
        The title's words and the word counts of the document.
    section
        A kind of :func:`kg.tagging.context.section_kind`.
    """
    size = len(words)
    normal = [_PADDING, _PADDING, *map(normal_word, words), _PADDING, _PADDING]
    pos = [_PADDING, _PADDING, *tags, _PADDING, _PADDING]
    flags = [_flags(word) for word in words]
    before = _nearest_cues(words, range(size))
    after = _nearest_cues(words, range(size - 1, -1, -1))
    depth = 0
    rows: list[list[str]] = []
    for k, word in enumerate(words):
        here = normal[k + 2]
        p1, p2, n1, n2 = normal[k + 1], normal[k], normal[k + 3], normal[k + 4]
        t, tp1, tp2, tn1, tn2 = pos[k + 2], pos[k + 1], pos[k], pos[k + 3], pos[k + 4]
        depth += word in "([" if len(word) == 1 else 0
        row = [
            *_own_features(word),
            f"-1={p1}", f"+1={n1}", f"-2={p2}", f"+2={n2}",
            f"-1+0={p1}|{here}", f"+0+1={here}|{n1}", f"-2-1={p2}|{p1}", f"+1+2={n1}|{n2}",
            f"t={t}", f"t-1={tp1}", f"t+1={tn1}", f"t-10={tp1}|{t}", f"t0+1={t}|{tn1}",
            f"t-2-10={tp2}|{tp1}|{t}", f"t0+1+2={t}|{tn1}|{tn2}", f"t-1w={tp1}|{here}",
            f"t+1w={here}|{tn1}",
            f"cb={before[k]}", f"ca={after[k]}", f"cb={before[k]}|{t}", f"ca={after[k]}|{t}",
            f"sec={section}", f"sec={section}|{t}", f"sec={section}|{here}",
        ]  # fmt: skip
        lower = word.lower()
        if lower in context.title and t in ("NOUN", "ADJ", "VBG", "X", "NUM"):
            row.append("title")
            row.append(f"title|{section}")
        if t in ("NOUN", "ADJ", "X"):
            row.append(_count_feature(context.counts.get(lower, 0)))
        if depth > 0:
            row.append("bracket")
            row.append(f"bracket|{t}")
        depth -= word in ")]" if len(word) == 1 else 0
        depth = max(depth, 0)
        row += flags[k][0]
        if k:
            row += flags[k - 1][1]
        if k + 1 < size:
            row += flags[k + 1][2]
        if k + 2 < size:
            row += flags[k + 2][3]
        if k == 0:
            row.append("first")
        rows.append(row)
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
    earlier = [_PADDING, *names, _PADDING]
    normal = [_PADDING, *map(normal_word, words), _PADDING]
    for k, row in enumerate(rows):
        row += (
            f"n={earlier[k + 1]}", f"n-1={earlier[k]}", f"n+1={earlier[k + 2]}",
            f"st={style}", f"st={style}|{normal[k + 1]}", f"st={style}|{normal[k]}",
            f"st={style}|{normal[k + 2]}",
        )  # fmt: skip
    return rows


@lru_cache(maxsize=50_000)
def _own_features(word: str) -> tuple[str, ...]:
    lower = normal_word(word)
    return (
        "b", f"w={lower}", f"s3={lower[-3:]}", f"s4={lower[-4:]}", f"s5={lower[-5:]}",
        f"p3={lower[:3]}", f"p5={lower[:5]}", f"h={word_shape(word)}",
    )  # fmt: skip


@lru_cache(maxsize=50_000)
def _flags(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the lists that hold the word, as features of itself and of words at -1, +1, +2."""
    lower = word.lower()
    found = [f"l:{name}" for name, entries in SETS.items() if lower in entries]
    if len(lower) > 5:
        found.extend(f"l:{name}" for name, ends in ENDINGS.items() if lower.endswith(ends))
    return tuple(tuple(place + flag for flag in found) for place in ("", "-1", "+1", "+2"))


@lru_cache(maxsize=50_000)
def _cue(word: str) -> str:
    lower = word.lower()
    return lower if any(lower in SETS[name] for name in _CUE_SETS) else ""


def _nearest_cues(words: Sequence[str], order: range) -> list[str]:
    """Return for each word the cue met last when walking in `order`, within reach."""
    found = [_PADDING] * len(words)
    cue, age = _PADDING, 0
    for k in order:
        age += 1
        found[k] = cue if age <= _CUE_REACH else _PADDING
        here = _cue(words[k])
        if here:
            cue, age = here, 0
    return found


def _count_feature(count: int) -> str:
    return f"c={'1' if count <= 1 else '2' if count <= 2 else '4' if count <= 4 else '5+'}"
