"""What a number tells of the people studied: their age, their sex, who of them left or stayed.

The words for it stand right beside the number, and no ranking is needed: "61% were male", "three
patients withdrew". A mean age of those studied is a population's, not a result; what is left here are ages
that are measured, as that at birth.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kg.assembly.context import Context
from kg.assembly.phrase import Phrase

_TIMES = frozenset({None, "a", "mo", "wk", "d"})
#: Words from "age" to a number that is none: "age, sex and a mean duration of illness of 5 years".
_NO_AGE = frozenset("; duration time follow-up followup since sex gender onset".split())
_AGE_WITHIN = 8  # tokens from the word "age" to its number
_KINDS_OF_AGE = frozenset(
    "gestational postmenstrual postnatal maternal paternal bone biological patient".split()
)

_FEMALE, _MALE = r"(?P<female>females?|women|girls)", r"(?P<male>males?|men|boys)"
_SEX = rf"(?:{_FEMALE}|{_MALE})\b"
#: "61%) were male", "(61% male; …)", but not "61% boys found it useful".
_SEX_BEHIND = re.compile(
    rf"\s*%\s*\)?,?\s*(?:(?:of (?:them|whom)\s+)?(?:were|was)\s+{_SEX}"
    rf"|{_SEX.replace('<', '<bare_')}(?=\s*[,;.:)\]]|\s+aged\b|\s+and\s+\d+\s*\(|\s*$))",
    re.IGNORECASE,
)
#: What the shares of both sexes add up to, in percent, as they are rounded and some told neither.
_WHOLE = (95.0, 105.0)
_SEX_AHEAD = re.compile(rf"[(\[;,]\s*{_SEX}\s*[,:=]\s*(?:\d+\s*[,;(]\s*)?$", re.IGNORECASE)

#: What befell people by its verb: how it is named, and the words for it.
_FATES = (
    ("death", r"(?:had\s+)?died(?!\s+(?:of|from|due|because|with)\b)"),
    ("withdrawal", r"withdrew"),
    ("dropout", r"dropped out"),
    ("loss to follow-up", r"(?:were|was) lost to follow-?\s?up"),
    ("completion", r"completed"),
)
_PEOPLE = r"(?:patients?|participants?|subjects?|women|men|children|infants|adults|people|individuals|volunteers)"
_GROUP = r"(?:the\s+)?(?:[\w+/-]+\s+){0,5}?(?:group|arm|cohort)(?:\s+[A-Z0-9]{1,3})?"
#: "in the zinc arm", "receiving placebo"
_WHERE = (
    rf"(?:(?:in|from|of)\s+{_GROUP}"
    r"|(?:receiving|taking|on|given|(?:assigned|allocated|randomi[sz]ed) to)\s+(?:[\w+/-]+\s+){0,3}?[\w+/-]+)"
)
_OTHERS = (
    r"(?:,?\s+(?:and|versus|vs\.?|compared (?:with|to))\s+(?:\d{1,5}|no|none|one|two|three|four|five|six|seven|eight|nine|ten)"
    rf"(?:\s+\([^()]{{1,20}}\))?(?:\s+{_PEOPLE})?\s+{_WHERE}){{0,2}}"
)
_FATE = re.compile(
    rf"[\s%)\]]*(?:of (?:the |all )?(?:\w+ )?{_PEOPLE}\s+|(?:of them|of these|of whom)\s+|{_PEOPLE}\s+)?"
    rf"(?:{_WHERE}{_OTHERS}\s+)?(?:"
    + "|".join(f"(?P<f{n}>{words})" for n, (_, words) in enumerate(_FATES))
    + r")\b",
    re.IGNORECASE,
)


def told_of_sample(context: Context, k: int) -> Phrase | None:
    """Return what the `k`-th number tells of the people studied, ``None`` where it tells something else."""
    return _aged(context, k) or _of_sex(context, k) or _befell(context, k)


def _aged(context: Context, k: int) -> Phrase | None:
    """Return "age", with its kind, where a mean or median is one: "a mean gestational age of 31.2 ± 1.4 weeks"."""
    statistic, place = context.statistics[k], context.places[k]
    if statistic.value is None or statistic.measure not in ("mean", "median"):
        return None
    if statistic.unit not in _TIMES:
        return None
    first, _ = context.sentence_tokens[place.sentence]
    for t in range(place.token - 1, max(first, place.token - _AGE_WITHIN) - 1, -1):
        if context.in_number[t] or context.lower[t] in _NO_AGE:
            return None
        if context.lower[t] in ("age", "ages"):
            kind = t - 1 if t > first and context.lower[t - 1] in _KINDS_OF_AGE else t
            return context.phrase_at(context.starts[kind], context.annotation.tokens[t].end_char)
    return None


def _of_sex(context: Context, k: int) -> Phrase | None:
    """Return the sex that a percentage is the share of: "61% were male", "(women, 45%)"."""
    found = _sex_beside(context, k)
    if found is None or _is_of_each(context, k, found):
        return None
    group, start, end = found
    phrase = context.phrase_at(start, end)
    return None if phrase is None else replace(phrase, label=f"{group} sex")


def _sex_beside(context: Context, k: int) -> tuple[str, int, int] | None:
    """Return which sex a percentage stands beside, and where."""
    statistic, place = context.statistics[k], context.places[k]
    if (
        statistic.measure != "percent"
        or statistic.value_start is None
        or statistic.value_end is None
    ):
        return None
    sentence, text = context.annotation.sentences[place.sentence], context.reading.view.text
    match = _SEX_BEHIND.match(text, statistic.value_end, sentence.end_char)
    if match is None:
        match = _SEX_AHEAD.search(text, sentence.start_char, statistic.value_start)
    if match is None:
        return None
    group = match.lastgroup or ""
    return group.removeprefix("bare_"), *match.span(group)


def _is_of_each(context: Context, k: int, found: tuple[str, int, int]) -> bool:
    """Tell whether a bracket tells a rate of each sex, "(male, 6.3%; female, 15.3%)": shares make up the whole."""
    place = context.places[k]
    for j in (k - 1, k + 1):
        if not 0 <= j < len(context.places) or context.places[j].anchor != place.anchor:
            continue
        other = _sex_beside(context, j) if place.depth else None
        if other is not None and other[0] != found[0]:
            total = sum(context.statistics[n].value or 0.0 for n in (j, k))
            return not _WHOLE[0] <= total <= _WHOLE[1]
    return False


def _befell(context: Context, k: int) -> Phrase | None:
    """Return what befell the people that a count or percentage counts: "three patients withdrew"."""
    statistic, place = context.statistics[k], context.places[k]
    if statistic.measure not in ("percent", "count", None) or statistic.value_end is None:
        return None
    sentence = context.annotation.sentences[place.sentence]
    match = _FATE.match(context.reading.view.text, statistic.value_end, sentence.end_char)
    if match is None:
        return None
    group = match.lastgroup or ""
    phrase = context.phrase_at(*match.span(group))
    return (
        None if phrase is None else replace(phrase, label=_FATES[int(group.removeprefix("f"))][0])
    )
