"""Which patterns a word can open: a look-up that spares most words all patterns.

A pattern of :mod:`kg.numbers.patterns` is tried at a word only where :func:`openings` names it. The
tables here are generous: a word too many costs time, a word missing loses a notation, which
``tests/numbers/test_openings.py`` shows.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from kg.numbers.patterns import SMALL_WORDS, WORD_KINDS
from kg.numbers.tables import SCALE_WORDS
from kg.numbers.units import BASE_UNITS

# What a word may open; sums of these are what :func:`openings` returns.
INTERVAL, MEASURE, STATISTIC, P, FOLD, DATE, NO_EVENT, NUMBER = (1 << k for k in range(8))
PERCENT, COMPARATOR, RATE, UNIT, ADDRESS, SHORTENED, KIND = (1 << k for k in range(8, 15))
NAMED: Final = INTERVAL | MEASURE | STATISTIC | P
EVERYTHING: Final = (1 << 15) - 1

#: Words that a full stop behind them belongs to.
ABBREVIATED: Final = frozenset({
    "al", "fig", "approx", "resp", "e.g", "i.e", "eg", "ie", "no", "dr", "vit", "avg", "ca",
})  # fmt: skip

_RUN: Final = re.compile(r"[A-Za-z]+")
_UNITS: Final = frozenset(match[0] for unit in BASE_UNITS if (match := _RUN.match(unit)))
_NUMBERS: Final = frozenset({*SMALL_WORDS, *SCALE_WORDS, "a"})
#: "pvalue", "ptrend", "pwas", as converters print.
_P_RUN: Final = re.compile(
    r"p(?:val(?:ues?)?|(?:non|trend|int|het|lin|hom|sup|equi|group|for|of).*|was|were|is|are|being|all|both|at|each|ns|"
    r"less|greater|more|lower)*"
)
#: What short forms of measures, statistics and intervals hold; the shortest may be any of them.
_SHORT_FORM: Final = re.compile(
    r"..?$|.*(?:OR|HR|RR|PR|MD|ES|RD|UC|R[Oo]|GM|NN|SD|SE|IQ|LS|MV|CI|Cr|C[Ll]|IC|UI|DI)|adj"
)

#: For each pattern: whole words, and beginnings of words, in lower case.
_TABLE: Final[tuple[tuple[int, frozenset[str], tuple[str, ...]], ...]] = tuple(
    (opening, frozenset(whole.split()), tuple(beginnings.split()))
    for opening, whole, beginnings in (
        (INTERVAL, "the two one cl", "confiden credib uncertain"),
        (
            MEASURE,
            "std stand adj log logodds inter net rs bs rho event rate ratio area least slope slopes summary effect risk "
            "absolute relative number numbers adjusted estimated between pooled treatment mean group odd odds hazard hazards "
            "sub incidence incident geometric prevalence partial correlation regression",
            "standard cohen hedge weighted weighed intergroup difference subhazard pearson spearman kappa beta unstandard "
            "coefficient bcoeff bvalue bestimate bweight",
        ),
        (
            STATISTIC,
            "df in ls partial least adjusted estimated standard geometric stdev std min max tau chi eta etap inter",
            "inconsistency cochran interquart iqr quartile percentile minimum maximum rang median mean average averaging",
        ),
        (P, "two one p", ""),
        (
            FOLD,
            "",
            "two three four five six seven eight nine ten twenty several many twice thrice doubl tripl quadrupl half "
            "halv",
        ),
        (DATE, "", "jan feb mar apr may jun jul aug sep oct nov dec"),
        (NO_EVENT, "no none", ""),
        (PERCENT, "per perc", "percent pcnt pct"),
        (
            COMPARATOR,
            "less lower no not at up a maximum greater more higher minimum as fewer smaller under below younger over "
            "above exceeding exceeded in older",
            "",
        ),
        (RATE, "per for", ""),
        (
            ADDRESS,
            "",
            "http www nct isrctn actrn chictr umin ctri pmc pmid issn isbn doi eudract clinicaltrials",
        ),
    )
)

#: Words that open something only in front of these, which seldom stand there.
FOLLOWED: Final[dict[str, tuple[str, ...]]] = {
    form: tuple(following.split())
    for word, following in (
        ("the", "5 6 8 9"), ("in", "= excess"), ("at", "least most"), ("as", "many much high"), ("not", "more less"),
        ("for", "every each"), ("between", "group"), ("group", "difference mean"),
    )
    for form in (word, word.capitalize())
} | {"a": ("hundred", "thousand", "million", "maximum", "minimum")}  # fmt: skip


@lru_cache(maxsize=50_000)
def openings(word: str) -> int:
    """Return what patterns can match at the beginning of a word.

    Parameters
    ----------
    word
        ASCII letters, with hyphens and apostrophes between; no digit and no opening bracket stands
        right behind it.
    """
    run = word
    for sign in "-'":
        run = run.partition(sign)[0]
    lower = run.lower()
    short = not run[1:].islower() and run != "a"  # single letters, capitals within
    found = (INTERVAL | MEASURE | STATISTIC) if short and _SHORT_FORM.match(run) else 0
    found |= sum(
        opening
        for opening, whole, beginnings in _TABLE
        if lower in whole or lower.startswith(beginnings)
    )
    if _P_RUN.fullmatch(lower):
        found |= P
    if lower in _NUMBERS:
        found |= NUMBER
    if run in _UNITS:
        found |= UNIT
    whole_word = word.lower()
    if whole_word in ABBREVIATED:
        found |= SHORTENED
    if whole_word in WORD_KINDS:
        found |= KIND
    return found


def plain_kind(text: str, end: int, word: str) -> str:
    """Return the kind of atom of a word, which ends at `end`, empty where it may open something: few do."""
    opened = openings(word)
    if opened == KIND and (kind := WORD_KINDS[word.lower()]) != "VS":  # a stop may belong to "vs."
        return kind
    following = FOLLOWED.get(word) if opened else ()
    if following is None or (
        following and text[end : end + 20].lstrip(" \n").lower().startswith(following)
    ):
        return ""
    return "WORD"
