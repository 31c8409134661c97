"""What is given: the name that a text sets right at a dose."""

from __future__ import annotations

import re
from typing import Final

from kg.numbers.dose_amounts import Amount
from kg.numbers.dose_tables import DRUG_NAME

_STOP_WORDS_TEXT: Final = """
show shows shown may might can could should would will must start begin maintain consider add use using
supplement improve improves reduce reduces raise raised raises lead leads produce produced result results
is-not it its this these those there here our we participants volunteers adults infants mothers once-daily
a an the of in on and or with to for by at from vs versus plus than as per each every either
both was were is are be been had has have received receiving receive given giving took
taking take administered administration treated treatment treating randomized randomised
assigned allocated dose doses dosage dosages dosing dosed high low higher lower single
loading maintenance daily weekly monthly once twice three times oral orally intravenous
intramuscular subcutaneous iv im sc topical group groups arm patients women men children
subjects participants who which that fixed mean median average total up followed then after
before during until while least equivalent titrated using via into bolus standard intake
additional initial supplemental supplementation supplement supplements injection injections
infusion capsule capsules tablet tablets containing ml mg g iu day week month intravenously
alone no not if when all only also we they combination combined compared initially increased
reduced started maximum minimum about approximately over between inhaled therapy
weight-based long-term receives ingested consumed co-administered taken consisting
comprising infused injected their his her fortnightly quarterly nightly annually yearly
biweekly weeks months days years type added found appears did however specified induction
increments intrathecal subcut inputs most people need needs till closure time strength
pregnancy control experience optimization co-administration regimen showed suggested
maintained inhibited dry matter got others under ophthalmic preservative-free bid tid qd bd tds od thereafter monotherapy thrice alternate
other one two four five six demonstrated exhibited provided caused included includes include including comprised comprises consisted offered attended completed performed underwent delivered undertook does do did session sessions designed lasting among arms cohort cohorts hours hour minutes
"""
_STOP_WORDS: Final = frozenset(_STOP_WORDS_TEXT.split())
_TOKEN: Final = re.compile(
    r"[a-z0-9\u03b1-\u03c9][\w\u03b1-\u03c9'-]*(?:\([a-z0-9]{1,3}\)[a-z0-9]*)*(?:/[a-z][\w-]+)?"
)
_AFTER_LINK: Final = re.compile(
    r"(?:/(?:day|d|week|wk|month)|\s|daily|weekly|monthly|\(-1\))*?(?: ?[\])])? ?"
    r"(?:(?:(?:dos(?:e|es|age)|sessions?|classes|cycles?|bouts?) )?(?:of (?:the |either |oral |intravenous |iv |daily |weekly )?)|(?:oral(?:ly)? |(?:(?:iv|i\.v\.|intramuscular|intravenous|subcutaneous) )?(?:(?:injections?|infusions?|bolus(?:es)?) of )?)?)"
)
_BEFORE_LINK: Final = re.compile(
    r"(?:(?: (?:was|were|is) [a-z-]+(?:ed|en)(?: [a-z]+ly| daily)?(?: to| at| in)?(?: an?)?(?: doses? of)?|"
    r",| \(| \[|:| at| at a dose of| intakes? (?:of|was|were)| in doses of| given at| at a dosage of| at doses of| dose of| in a dose of|\))? ?)$"
)
#: Words that follow a name without being part of it ("calcium supplement (1000 mg)").
_GENERIC_TEXT: Final = """
supplement supplements supplementation tablet tablets capsule capsules injection injections
therapy treatment drops pills infusion infusions bolus powder solution solutions suspension monotherapy daily orally intravenously intramuscularly
"""
_GENERIC: Final = frozenset(_GENERIC_TEXT.split())


_UNIT_WORD: Final = re.compile(
    r"(?:[mnkp\u03bcu]?g|i?u|[md\u03bcu]?l|cc|[mnp\u03bcu]?mol|kcal|cfu|bw|sd|se)(?:/.*)?|[mn]g[./-].*|q\d+[hdw]"
)
_STRENGTH: Final = re.compile(r"(?:\d+(?:\.\d+)? ?% ){1}(?=[a-z])")
#: Words in front of a name that say how it is given, not what it is.
_MANNERS: Final = frozenset({
    "once-daily", "twice-daily", "once-weekly", "single-dose", "high-dose", "low-dose", "stable",
    "add-on", "adjuvant", "inj", "perioperative", "dose-dense", "fixed-dose", "open-label",
    "fixed-combination", "single-blind", "double-blind",
})  # fmt: skip


def _ends_name(token: str) -> bool:
    """Whether a word cannot be part of a name."""
    return (
        token in _STOP_WORDS
        or token in {"i", "s", "p"}
        or token.endswith("ly")
        or _UNIT_WORD.fullmatch(token) is not None
    )


def find_substance(text: str, amount: Amount, start: int, end: int) -> tuple[int, int] | None:
    """Return where the text names, right at the amount, what is given; ``None`` if it does not.

    Behind the amount ("5 mg of prednisolone", "1000 IU vitamin D3") comes before in front of it
    ("prednisolone 5 mg", "vitamin D3 (1000 IU)").
    """
    if amount.name:
        return amount.name
    if amount.inner:
        found = _name_after(text, amount.inner[0], amount.inner[1])
        if found:
            return found
    link = _AFTER_LINK.match(text, amount.end_char, end)
    at = link.end() if link else amount.end_char
    of = link is not None and "of " in link[0]
    behind = None
    if not text[amount.end_char : at + 1].lstrip().startswith((",", ";", ".", ")")) or of:
        behind = _name_after(text, at, min(end, at + 60))
    if behind and of:
        return behind
    front = _name_before(text, max(start, amount.start_char - 70), amount.start_char)
    front = front and _outside(text, start, front)
    if behind and front:
        bracketed = "(" in text[amount.end_char : behind[0]]
        drug = DRUG_NAME.search(text, *front) and not DRUG_NAME.search(text, *behind)
        return front if bracketed or drug else behind
    return behind or front


def _outside(text: str, start: int, front: tuple[int, int]) -> tuple[int, int]:
    """Return the name before a bracket for one that opens it: "budesonide (Budenofalk, 9 mg)"."""
    if not text[: front[0]].endswith(" ("):
        return front
    outer = _name_before(text, max(start, front[0] - 60), front[0] - 1)
    return outer if outer and DRUG_NAME.search(text, *outer) else front


def _name_after(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the words of a name from `start` on, at most four."""
    at = start
    while at < end and text[at] in " (":
        at += 1
    if strength := _STRENGTH.match(text, at, end):  # "20 mL of 0.25% bupivacaine"
        at = strength.end()
    if text.startswith("+", at) and text[at - 1] == "(":  # "IU (+D3)"
        at += 1
    first = last = at
    for _ in range(4):
        token = _TOKEN.match(text, at, end)
        if token is None or _ends_name(token[0]) or token[0].isdigit():
            break
        if last > first and token[0].endswith(("ed", "ing")):
            break
        if token[0] in _MANNERS:
            first = min(token.end() + 1, end)
        last = token.end()
        if text[last : last + 1] != " ":
            break
        at = last + 1
    return _trimmed(text, first, last)


def _name_before(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the words of a name up to `end`, at most four, through a comma or a bracket."""
    link = _BEFORE_LINK.search(text, start, end)
    stop = link.start() if link else end
    words = list(_TOKEN.finditer(text, start, stop))
    while (
        len(words) > 1 and words[-1][0] in _GENERIC and not text[words[-1].end() : stop].strip(" (")
    ):
        stop = words.pop().start()
    if not words or text[words[-1].end() : stop].strip(" )]*"):
        return None
    if words[-1].end() == end or words[-1][0].endswith("ing"):
        return None  # a table's cell glued to the amount; a verb
    first = last = words[-1].end()
    for token in reversed(words[-4:]):
        gap = text[token.end() : first]
        if gap not in {"", " "} or _ends_name(token[0]) or token[0] in _MANNERS:
            break
        if token[0].isdigit() or (first < last and token[0].endswith(("ed", "ing"))):
            break
        first = token.start()
    return _trimmed(text, first, last)


def _trimmed(text: str, first: int, last: int) -> tuple[int, int] | None:
    """Return a name without hyphens at its ends; ``None`` where a letter or nothing is left."""
    while first < last and text[last - 1] in "-\u2013'":
        last -= 1
    return (first, last) if last - first > 1 else None


#: Two things of which each is given so much: "40 mg of either adalimumab (A) or etanercept (B)".
_EITHER: Final = re.compile(
    r"(?:/day|/d)? of (?:either )?(?P<first>(?=[\d-]*[a-z])[\w-]+(?: [a-z][\w-]*){0,3}?)(?: ?\([^()]{1,30}\))?,? or (?=[a-z])"
)
_NO_OTHER: Final = re.compile(
    r"(?:an? |the )?(?:matching |identical |no |other |another |both |more |less |equivalent|placebo|sham|vehicle|controls?|saline|normal|nothing|usual|standard|without|its|their)"
)


def find_alternative(text: str, amount: Amount, end: int) -> tuple[int, int] | None:
    """Return what is given in the same amount instead: the second of "200 mg of dextrose or caffeine"."""
    either = _EITHER.match(text, amount.end_char, end)
    if either is None or _NO_OTHER.match(text, either.end()):
        return None
    if any(_ends_name(word) for word in either["first"].split()):
        return None
    return _name_after(text, either.end(), min(end, either.end() + 60))
