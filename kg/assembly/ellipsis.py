"""What a number's words leave out because it was told before: "as did B (…)", "low folate showed no association (…)".

A clause that repeats the one before it names one thing alone, and this plays the part that the first one's subject does. A subject
of which only an association is told has the outcome that was told last; so has a bare "the risk", "the prevalence".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kg.assembly.context import Context
from kg.assembly.features import MEASURE_GROUPS, null_value
from kg.assembly.parallel import Parallel
from kg.assembly.phrase import Phrase
from kg.assembly.side_words import BARE_CHANCE

if TYPE_CHECKING:
    from kg.assembly.link import Link

_REACH = 160  # characters before a number
_BE = r"(?:was|were|is|are|did|does|do|had|has|have)"
_NAME = r"(?P<name>[^.;:,()\[\]\d][^.;:,()\[\]]{1,80}?)"
_END = r"[\s,]*[(\[][^()\[\]]{0,30}$"
#: "as did B (", "nor was B (", "whereas B was not (".
_AGAIN = (
    re.compile(
        rf"\b(?:as|so|nor|neither)\s{_BE}\s(?:that of\s)?{_NAME}"
        rf"(?:\s(?:versus|vs\.?|compared with|relative to)\s[^.;:,()\[\]]{{2,40}})?{_END}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:whereas|while|but)\s(?:(?:that|those) of\s|use of\s)?(?:the\s|an?\s)?"
        rf"{_NAME}\s{_BE}\snot(?:\sso)?{_END}",
        re.IGNORECASE,
    ),
)
#: "Low folate showed no association (", "decaffeinated coffee was likewise protective (".
_UNSAID = re.compile(
    rf"(?:^|[.;,:]\s|\b(?:whereas|while|but|and)\s)(?:the\s|an?\s)?{_NAME}\s(?:was|were|is|are|showed|had|remained|proved)\s"
    r"(?:(?:also|likewise|not|no|an?|independently|significantly|similarly|again|still|significant|clear|second|further|strong|independent|inverse)\s){0,4}"
    r"(?:associations?|associated|protective|(?:risk|protective)\sfactors?|predictive|predictors?|harmful)"
    + _END,
    re.IGNORECASE,
)
#: Words that say how often something is, not what: of these alone no outcome's name consists.
_HOW_OFTEN = BARE_CHANCE | frozenset(
    "benefit benefits percentage percentages proportion proportions share shares estimate estimates comparison association associations "
    "effect effects result results finding findings too also alone adjusted relative the a of in and or versus vs to than "
    "highest lowest second third fourth fifth quartile quartiles quintile quintiles tertile tertiles category categories more less "
    "mean median number numbers frequency it both compared with".split()
)  # fmt: skip
_AMOUNT = re.compile(
    r"(?<![\w.,-])\d[\d.,–-]*\s?(?:(?:[kmnpµμ]?(?:g|mol|m|[lL])|IU|h|hours?|cups?|days?|weeks?|months?|years?|%)(?:/\w+)?)?(?![\w-])"
)
_WORD = re.compile(r"[^\W\d_][\w-]*")


def read_ellipsis(context: Context, k: int, links: Mapping[int, Link]) -> Parallel | None:
    """Return what the `k`-th number is of where its clause repeats the one before, or names an exposure alone."""
    s = context.statistics[k]
    if null_value(s) is None:
        return None
    text = context.reading.view.text
    start = context.annotation.sentences[context.places[k].sentence].start_char
    area = text[max(start, s.start_char - _REACH) : s.start_char]
    for pattern in _AGAIN:
        if (again := pattern.search(area)) is not None:
            return _repeated(context, k, again.span("name"), s.start_char - len(area), links)
    if (unsaid := _UNSAID.search(area)) is None or MEASURE_GROUPS.get(s.measure or "") != "ratio":
        return None
    name = _phrase(context, unsaid.span("name"), s.start_char - len(area))
    outcome = told_last(context, k, links)
    return None if name is None or outcome is None else Parallel(outcome, name, None)


def _repeated(
    context: Context, k: int, place: tuple[int, int], offset: int, links: Mapping[int, Link]
) -> Parallel | None:
    name = _phrase(context, place, offset)
    link = links.get(k - 1)
    if name is None or link is None or context.places[k - 1].sentence != context.places[k].sentence:
        return None
    parts = [p for p in (link.outcome, link.intervention) if p is not None and p.sentence == context.places[k].sentence]  # fmt: skip
    if not parts:
        return None
    if min(parts, key=lambda p: p.start_char) is link.outcome:
        return Parallel(name, link.intervention, link.comparator)
    return Parallel(link.outcome, name, None)


def _phrase(context: Context, place: tuple[int, int], offset: int) -> Phrase | None:
    return context.phrase_at(place[0] + offset, place[1] + offset)


def is_bare(phrase: Phrase) -> bool:
    """Tell whether an outcome's name says how often something is, or for whom, but not what: "the odds too", "1,200 IU"."""
    return _HOW_OFTEN.issuperset(
        word.lower() for word in _WORD.findall(_AMOUNT.sub(" ", phrase.label))
    )


def told_last(context: Context, k: int, links: Mapping[int, Link]) -> Phrase | None:
    """Return the outcome that was told last before a number, of the same block or the one before it."""
    block = context.annotation.sentences[context.places[k].sentence].block
    for j in range(k - 1, -1, -1):
        link = links.get(j)
        if block - context.annotation.sentences[context.places[j].sentence].block > 1:
            return None
        if link is not None and link.outcome is not None and not is_bare(link.outcome):
            return link.outcome
    return None
