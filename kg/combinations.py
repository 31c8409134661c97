"""What an intervention consists of: "vitamin D plus calcium" is vitamin D and calcium, together.

Without this the graph would say that vitamin D does what vitamin D *with calcium* does. Splitting
is conservative: a label that is kept whole costs a link, one that is split wrongly states a
falsehood.
"""

from __future__ import annotations

import re

#: Joins parts whatever they are.
_STRONG = re.compile(
    r"\s+\+\s+|(?<=[A-Za-z)])\+(?=[a-z]{3})"
    r"|\s+plus\s+|\s+(?:(?:in\s+combination|combined|together|co-?administered)\s+with|in\s+addition\s+to)\s+",
    re.IGNORECASE,
)  # fmt: skip
#: Joins what was given; elsewhere ("patients with asthma", "trial and error") it joins other things.
_WEAK = re.compile(r"\s+(?:and|with)\s+|\s*&\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)
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
    "patient", "patients", "people", "person", "adult", "adults", "child", "children", "infant",
    "infants", "woman", "women", "man", "men", "participant", "participants", "individual",
    "individuals", "subject", "subjects", "mother", "mothers", "group", "groups", "arm", "arms",
    "level", "levels", "status", "concentration", "concentrations", "deficiency", "insufficiency",
    "disease", "disorder", "syndrome", "healthy", "control", "controls", "who", "those",
    "receiving", "treated", "risk", "history", "age", "sex", "and",
})  # fmt: skip
#: Comparators that add nothing to what they are joined with.
INERT = frozenset({
    "placebo", "usual care", "standard care", "standard of care", "no treatment", "vehicle",
    "control", "sham",
})  # fmt: skip

_AMOUNT = (
    r"\d[\d.,]*\s*(?:[-–]\s*\d[\d.,]*\s*)?(?:iu|mg|g|ug|mcg|µg|μg|units?|million iu)\b"
    r"(?:\s*(?:/|per\s+)\s*(?:d|day|week|wk|month|kg)\b)*"
)
_FORM_BEFORE = re.compile(
    r"^(?:(?:very[\s-]+)?(?:high|low|medium|moderate|standard|lower|higher|single|large)[\s-]+doses?(?:\s+of)?"
    r"|oral|intramuscular|intravenous|topical|daily|weekly|monthly|supplemental|supplementary|additional"
    rf"|adjunctive|adjuvant|concomitant|add-?on|{_AMOUNT}(?:\s+of)?)\s+",
    re.IGNORECASE,
)  # fmt: skip
_FORM_AFTER = re.compile(
    r"\s+(?:alone|only|monotherapy|therapy|treatment|supplementation|supplements?|supplement\s+use"
    r"|administration|injections?|tablets?|capsules?|group|arm|use|intake"
    rf"|daily|weekly|monthly|{_AMOUNT})$",
    re.IGNORECASE,
)  # fmt: skip


def base_label(label: str) -> str:
    """Return what was given, without how: dose, form, "alone", "group".

    >>> base_label("high-dose vitamin D supplementation alone")
    'vitamin D'
    """
    stripped = re.sub(r"\s+", " ", label).strip()
    while True:
        shorter = _FORM_AFTER.sub("", _FORM_BEFORE.sub("", stripped)).strip()
        if not shorter or shorter == stripped:
            return stripped
        stripped = shorter


def components(label: str, given: bool = True) -> tuple[str, ...]:
    """Split a combination's label into base labels of what it combines; else return one.

    Parameters
    ----------
    label
        As the record names the intervention.
    given
        Whether it is something given to people. An exposure is split at unmistakable joints only.

    Examples
    --------
    >>> components("vitamin D plus calcium")
    ('vitamin D', 'calcium')
    >>> components("vitamin D with or without calcium")
    ('vitamin D with or without calcium',)
    """
    whole = base_label(label)
    if _ALTERNATIVES.search(whole):
        return (whole,)
    core = _LEAD.sub("", whole)
    parts = [part for part in _STRONG.split(core) if part.strip()]
    if given:
        parts = [piece for part in parts for piece in _split_weak(part)]
    based = [base_label(part) for part in _restore_heads(parts)]
    active = [part for part in based if part.casefold() not in INERT] or based[:1]
    if len(parts) < 2:
        return (base_label(core) if core != whole and len(core.split()) > 1 else whole,)
    return tuple(dict.fromkeys(active))


def _split_weak(part: str) -> list[str]:
    pieces = _WEAK.split(part)
    if len(pieces) > 1:
        pieces = [piece for item in pieces for piece in _COMMA.split(item)]
    words = [base_label(piece).split() for piece in pieces]
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
