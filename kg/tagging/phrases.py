"""Base noun phrases from parts of speech: cheap candidates for names of outcomes and interventions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from kg.lexicon import word_set
from kg.lexicon.cues import DISEASE_ENDINGS, DRUG_ENDINGS
from kg.tagging.names import find_names

#: Signs that hold two tokens together when no white space is between: "low-dose", "and/or".
JOINERS = frozenset("-–‐‑/'’+.:*")

#: Tags that may stand before the head of a phrase.
_BEFORE_HEAD = frozenset({"ADJ", "NOUN", "VBN", "VBG", "NUM", "X"})

#: Tags that a name of a drug or a disease may have been given.
_DOUBTFUL = frozenset({"ADV", "VERB", "X"})

#: First words that say how much or which way, and name nothing.
NOT_FIRST = word_set("""
    increased decreased reduced improved elevated lowered raised enhanced worsened higher lower greater lesser
    larger smaller fewer more less better worse longer shorter faster slower most least significant
    nonsignificant significantly similar same different further additional several many few various
    such other another certain possible potential likely statistically clinically observed reported
    measured using based compared associated following including according randomized randomised
    assigned allocated treated receiving received given administered taking increasing decreasing reducing
    improving lowering raising preventing treating assessing comparing evaluating investigating
    marked substantial considerable important modest slight main key first second third last
    """)

#: What may go by a number, "arm 2", unless a word before says which is meant.
_CODED = frozenset({"group", "arm", "cohort", "regimen"})
_DETERMINERS = frozenset(
    {"each", "every", "per", "the", "a", "one", "this", "that", "same", "any", "either"}
)

#: Units behind a number name nothing either.
UNITS = word_set("""
    % mg g kg ug μg µg mcg ng pg iu u ml l dl μl µl mmol nmol pmol μmol µmol mol meq mm cm m km mmhg hg
    min mins minute minutes h hr hour hours s sec second seconds d day days week weeks wk wks month months
    mo mos year years yr yrs y times time fold points point percent per cent ci p n sd se
    """)


#: Tokens that no white space parts, read as one word: first, last (excluded), tag, the word in lower case.
Unit = tuple[int, int, str, str]


def find_phrases(
    words: Sequence[str], tags: Sequence[str], glued: Sequence[bool]
) -> list[tuple[int, int]]:
    """Return the base noun phrases of a sentence as token ranges, end excluded.

    Parameters
    ----------
    words, tags
        The tokens of one sentence and their tags (:data:`kg.tagging.parts_of_speech.TAGS`).
    glued
        For each token, whether it follows the one before without white space.

    Examples
    --------
    >>> words = "Low - dose vitamin D significantly reduced hip fractures".split()
    >>> tags = ["ADJ", "PUNCT", "NOUN", "NOUN", "NOUN", "ADV", "VERB", "NOUN", "NOUN"]
    >>> find_phrases(words, tags, [False, True, True] + [False] * 6)
    [(0, 5), (7, 9)]
    """
    return group_units(find_units(words, tags, glued), words, glued)


def group_units(
    units: Sequence[Unit], words: Sequence[str], glued: Sequence[bool]
) -> list[tuple[int, int]]:
    """Return the base noun phrases of a sentence whose units are known."""
    found: list[tuple[int, int]] = []
    run: list[Unit] = []
    for unit in [*units, (len(words), len(words), "END", "")]:
        at, _, tag, _ = unit
        if run and run[-1][2] == "NOUN" and words[at : at + 1] == ["A"]:
            unit = (at, at + 1, "NOUN", "a")  # "botulinum toxin A": no article is a capital there
            tag = "NOUN"
        heads = tag in _BEFORE_HEAD
        if run and (
            not heads
            or (tag in ("VBN", "VBG") and run[-1][2] == "NOUN")
            or _follows_heading(words, glued, at)
        ):
            if _is_code(run, words):
                found.append((run[0][0], run[1][1]))
            else:
                _close(run, found, heads or tag in ("DET", "PRON"))
            run = []
        if heads:
            run.append(unit)
    return found


def _is_code(run: Sequence[Unit], words: Sequence[str]) -> bool:
    """Whether a run is a group's code and no more: "Group 2", but not "(in each) group 12 (…)"."""
    if len(run) != 2 or run[0][3] not in _CODED or not run[1][3].isdecimal():
        return False
    before = words[run[0][0] - 1].lower() if run[0][0] else ""
    return len(run[1][3]) <= 2 and before not in _DETERMINERS


def _follows_heading(words: Sequence[str], glued: Sequence[bool], at: int) -> bool:
    """Whether a word stands glued to a heading: "ConclusionLow-dose" is two tokens for no other reason."""
    return glued[at] and words[at][0].isalpha() and words[at - 1][-1].isalpha()


def _close(run: list[Unit], found: list[tuple[int, int]], object_follows: bool) -> None:
    """Add the phrase that a run of units makes, trimmed at both ends.

    A lone "-ing" form is a name ("bleeding", "vomiting") unless it has an object.
    """
    first, last = 0, len(run)
    measured = False  # a number before: what follows may be its unit
    while first < last:
        _, _, tag, word = run[first]
        if tag == "NUM" or (measured and UNITS.issuperset(word.split("/"))):
            measured = True
        elif word not in NOT_FIRST:
            break
        first += 1
    loose = ("NUM", "ADJ", "VBN", "X", "VBG") if object_follows else ("NUM", "ADJ", "VBN", "X")
    while last > first:
        _, _, tag, word = run[last - 1]
        if tag in loose:
            last -= 1
        elif last - first > 2 and word in UNITS and run[last - 2][2] == "NUM":
            last -= 2  # an amount behind the name: "vitamin D 4000 IU"
        else:
            break
    if last > first and any(map(str.isalpha, run[last - 1][3])):
        found.append((run[first][0], run[last - 1][1]))


def find_units(words: Sequence[str], tags: Sequence[str], glued: Sequence[bool]) -> list[Unit]:
    """Return the tokens of a sentence as units that are read as one word: "25(OH)D", "low-dose"."""
    units: list[Unit] = []
    names = dict(find_names(words, glued))
    size = len(words)
    until = 0
    for at, (word, tag, goes_on) in enumerate(zip(words, tags, (*glued[1:], False), strict=True)):
        if at < until:
            continue
        if not goes_on and at not in names:
            units.append((at, at + 1, _word_tag(word, tag), word.lower()))
            continue
        end = names.get(at, at + 1)
        while end < size and glued[end]:
            step = _joined(words, glued, at, end)
            if not step:
                break
            joined = range(end, end + step)
            end = max([end + step, *(names[k] for k in joined if k in names)])
        if end == at + 1:
            units.append((at, end, _word_tag(word, tag), word.lower()))
            continue
        named = end == names.get(at)
        tag = "NOUN" if named else _unit_tag(words, tags, at, end)
        units.append((at, end, tag, "".join(words[at:end]).lower()))
        until = end
    return units


@lru_cache(maxsize=50_000)
def _word_tag(word: str, tag: str) -> str:
    """Return the tag of a unit of one word: mostly its own."""
    return _unit_tag((word,), (tag,), 0, 1)


def _joined(words: Sequence[str], glued: Sequence[bool], first: int, at: int) -> int:
    """Return how many tokens from `at` belong to the unit that began at `first`."""
    word, following = words[at], at + 1
    if not words[first][-1].isalnum():
        return 0
    if word in JOINERS:
        return (
            2
            if following < len(words) and glued[following] and words[following][0].isalnum()
            else 0
        )
    if word == "(" and at + 2 < len(words) and words[at + 2] == ")":
        short = len(words[at - 1]) <= 5 and len(words[following]) <= 3
        return 3 if short and glued[following] and glued[at + 2] else 0
    if word == "%":
        return 1
    before = words[at - 1][-1]
    return 1 if word[0].isalnum() and (before.isdigit() or before == ")") else 0


def _unit_tag(words: Sequence[str], tags: Sequence[str], first: int, last: int) -> str:
    """Return the tag of the unit's last word, a number with letters before it being a name."""
    if words[last - 1] == "%":
        return "NUM"
    if not any(c.isalnum() for word in words[first:last] for c in word):
        return "PUNCT"  # "±", "=", which the tagger takes for nouns at times
    if last - first == 1 and tags[first] in _DOUBTFUL and _ends_like_a_name(words[first]):
        return "NOUN"
    named = [k for k in range(first, last) if words[k][0].isalpha()]
    if not named:
        return tags[first]
    if last - first > 1 and tags[named[-1]] not in ("VBN", "VBG", "ADJ"):
        return "NOUN"
    return tags[named[-1]]


def _ends_like_a_name(word: str) -> bool:
    """Tell whether a word has the ending of a drug's or a disease's name."""
    return len(word) > 6 and word.lower().endswith(DRUG_ENDINGS + DISEASE_ENDINGS)
