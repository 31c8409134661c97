"""What an intervention consists of: "vitamin D plus calcium" is vitamin D and calcium, together.

Without this the graph would say that vitamin D does what vitamin D *with calcium* does. Splitting
is conservative: a label that is kept whole costs a link, one that is split wrongly states a
falsehood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Joins parts whatever they are. "Plus" with a capital is part of many a trade name.
_STRONG = re.compile(
    r"\s+\+\s+|(?<=[A-Za-z)])\+(?=[a-z]{3})|\s+(?:plus|PLUS)\s+"
    r"|(?i:\s+(?:(?:in\s+combination|combined|together|co-?administered)\s+with|in\s+addition\s+to)\s+)"
)
#: Joins what was given; elsewhere ("patients with asthma", "trial and error") it joins other things.
_WEAK = re.compile(r"\s+(?:and|(?<!ed\s)with)\s+|\s+&\s+", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s+(?:and\s+)?|\s+and\s+", re.IGNORECASE)
#: A label with one of these tells alternatives, not a combination.
_ALTERNATIVES = re.compile(
    r"\b(?:or|versus|vs|without|rather|either|instead|between)\b", re.IGNORECASE
)
_LEAD = re.compile(
    r"^(?:the\s+)?(?:both\s+|combined\s+(?=.*\band\b)"
    r"|(?:combination|co-?administration|combined\s+use|addition)(?:\s+(?:therapy|treatment))?\s+(?:of|with)\s+)",
    re.IGNORECASE,
)  # fmt: skip
#: Words that show a part to be people, a state or a setting rather than something given.
_NOT_GIVEN = frozenset({
    "adult", "adults", "age", "and", "arm", "arms", "baseline", "cases", "child", "children",
    "concentration", "concentrations", "control", "controls", "day", "days", "deficiency",
    "disease", "disorder", "group", "groups", "healthy", "history", "hour", "hours", "individual",
    "individuals", "infant", "infants", "insufficiency", "level", "levels", "man", "men",
    "minute", "minutes", "month", "months", "mother", "mothers", "no", "non", "not",
    "participant", "participants", "patient", "patients", "people", "person", "receiving", "risk",
    "sex", "status", "subject", "subjects", "switched", "syndrome", "then", "those", "treated",
    "week", "weeks", "who", "woman", "women", "year", "years",
})  # fmt: skip
#: Comparators that add nothing to what they are joined with.
INERT = frozenset({
    "placebo", "usual care", "standard care", "standard of care", "no treatment", "vehicle",
    "control", "sham",
})  # fmt: skip

_AMOUNT = (
    r"\d[\d.,]*\s*(?:[-–]\s*\d[\d.,]*\s*)?(?:iu|mg|g|ug|mcg|µg|μg|units?|million iu)\b"
    r"(?:\s*(?:/|per\s+)\s*(?:d|day|week|wk|month|kg|l)\b)*"
)
_BEFORE = re.compile(
    r"^(?:an?|the|supplemental|supplementary|additional|adjunctive|adjuvant|concomitant|add-?on)\s+",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s+(?:supplementation|supplements?|supplement\s+use|administration|injections?|tablets?"
    r"|capsules?|use|intake|\([A-Za-z/+-]{1,12}\))$",
    re.IGNORECASE,
)
#: "statin therapy" is statin; "physical therapy", "triple therapy" are not what the first word says.
_THERAPY = re.compile(r"\s+(?:therapy|treatment)$", re.IGNORECASE)
_NO_SUBSTANCE = re.compile(
    r"\S*(?:al|ive|ic|ed|ing|line|term|course|care|ary|ous|step)"
    r"|triple|dual|active|standard|usual|hormone|combination|drug|multimodal|initial|first|second"
    r"|daily|weekly|monthly|high|low|single|large",
    re.IGNORECASE,
)
#: What tells one arm from another that is given the same: dose, route, rhythm, the arm's name.
_TELLING_BEFORE = re.compile(
    r"^(?:(?:very[\s-]+)?(?:high|low|medium|moderate|standard|lower|higher|single|large)[\s-]+doses?(?:\s+of)?"
    rf"|oral|intramuscular|intravenous|topical|daily|weekly|monthly|{_AMOUNT}(?:\s+of)?)\s+",
    re.IGNORECASE,
)  # fmt: skip
_TELLING_AFTER = re.compile(
    r"\s*(?:\([^()]*\)|\[[^\[\]]*\])$"
    rf"|\s+(?:alone|only|monotherapy|group|arm|daily|weekly|monthly|{_AMOUNT})$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a combination: ``label`` tells arms apart ("vitamin D 800 IU"), ``base`` is the substance."""

    label: str
    base: str


def plain_label(label: str) -> str:
    """Return a label without words that distinguish nothing: "supplement", an abbreviation in brackets.

    >>> plain_label("the oral vitamin D supplement (VD)")
    'oral vitamin D'
    """
    stripped = re.sub(r"\s+", " ", label).strip()
    while True:
        shorter = _BEFORE.sub("", stripped)
        for ending in (_AFTER, _THERAPY):
            without = ending.sub("", shorter).strip()
            if " " in without or not _NO_SUBSTANCE.fullmatch(without):
                shorter = without
        if not shorter or shorter == stripped:
            return stripped
        stripped = shorter


def base_label(label: str) -> str:
    """Return what was given, without how: dose, form, route, "alone", "group", a bracket at the end.

    >>> base_label("high-dose vitamin D supplementation alone (arm B)")
    'vitamin D'
    """
    stripped = plain_label(label)
    while True:
        shorter = plain_label(_TELLING_AFTER.sub("", _TELLING_BEFORE.sub("", stripped)).strip())
        if not shorter or shorter == stripped:
            return stripped
        stripped = shorter


def components(label: str, given: bool = True) -> tuple[str, ...]:
    """Return the base labels of what an intervention consists of, inert parts left out.

    Examples
    --------
    >>> components("vitamin D plus calcium")
    ('vitamin D', 'calcium')
    >>> components("vitamin D 800 IU plus placebo")
    ('vitamin D',)
    >>> components("vitamin D with or without calcium")
    ('vitamin D with or without calcium',)
    """
    based = [part.base for part in split_label(label, given)]
    active = [base for base in based if base.casefold() not in INERT] or based[:1]
    return tuple(dict.fromkeys(active))


def split_label(label: str, given: bool = True) -> tuple[Part, ...]:
    """Split a combination's label into its parts; a simple intervention is one part.

    Parameters
    ----------
    label
        As the record names the intervention.
    given
        Whether it is something given to people. An exposure is split at unmistakable joints only.
    """
    whole = plain_label(label)
    if _ALTERNATIVES.search(whole) or ":" in whole:
        return (Part(whole, base_label(whole)),)
    core, brackets = _hide_brackets(_LEAD.sub("", whole))
    parts = [part for part in _STRONG.split(core) if part.strip()]
    if given:
        parts = [piece for part in parts for piece in _split_weak(part)]
    if len(parts) < 2:
        return (Part(whole, base_label(whole)),)
    shown = [plain_label(_show_brackets(part, brackets)) for part in _restore_heads(parts)]
    return tuple(Part(part, base_label(part)) for part in shown)


def _hide_brackets(text: str) -> tuple[str, list[str]]:
    """Replace bracketed stretches by a mark: what joins words inside them joins no parts."""
    hidden: list[str] = []

    def hide(match: re.Match[str]) -> str:
        hidden.append(match[0])
        return f"\x00{len(hidden) - 1}\x00"

    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]", hide, text.replace("\x00", "")), hidden


def _show_brackets(text: str, hidden: list[str]) -> str:
    return re.sub(r"\x00(\d+)\x00", lambda match: hidden[int(match[1])], text)


def _split_weak(part: str) -> list[str]:
    pieces = _WEAK.split(part)
    if len(pieces) > 1:
        pieces = [piece for item in pieces for piece in _COMMA.split(item)]
    words = [re.sub(r"\x00\d+\x00", "", piece).split() for piece in pieces]
    words = [base_label(" ".join(piece)).split() for piece in words]
    if any(piece.rstrip().endswith("-") for piece in pieces):  # "web- and phone-based advice"
        return [part]
    if all(0 < len(w) <= 4 and not _NOT_GIVEN.intersection(x.casefold() for x in w) for w in words):
        return pieces
    return [part]


def _restore_heads(parts: list[str]) -> list[str]:
    """Give "vitamins D and K" their heads back: "vitamin D", "vitamin K"."""
    restored: list[str] = []
    for part in parts:
        if restored and re.fullmatch(r"[A-Z]\d{0,2}", part) and " " in restored[-1]:
            part = f"{restored[-1].rsplit(' ', 1)[0]} {part}"
        restored.append(re.sub(r"^(vitamin)s(?= [A-Z]\d{0,2}$)", r"\1", part, flags=re.IGNORECASE))
    return restored
