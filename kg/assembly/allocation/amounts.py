"""Groups that differ by an amount alone: "formoterol 4.5 or 9 μg", "anifrolumab (300 mg or 1,000 mg)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.assembly.allocation.member import BRACKET, Stretch, Told
from kg.assembly.allocation.words import AMOUNT, NUMBER, UNIT, VALUE, names_more

_IN_BRACKET = re.compile(rf"(?P<value>{NUMBER})(?:\s?(?P<unit>{UNIT}))?")
_ONE = rf"\d{{1,5}}(?:,\d{{3}}|[.·]\d{{1,4}})?(?:\s?{UNIT})?"
_ONLY_AMOUNTS = re.compile(
    rf"{_ONE}(?:(?:,\s(?:or\s|and\s)?|\s(?:or|and)\s|\s?/\s?){_ONE}){{1,5}}(?:\s(?:daily|bid|once|twice|per|day|a)\b){{0,3}}"
)
_LAST = re.compile(rf"{AMOUNT.pattern}|(?<=\s){NUMBER}(?=\s?$)")
_AT_END = re.compile(rf"(?<=\w)\s+{AMOUNT.pattern}$")
_AT = re.compile(r"\s+(?:at|in)(?:\s+an?\s+dos(?:e|age)\s+of)?\s*$", re.IGNORECASE)
_LONGEST = 60  # characters of a bracket that lists amounts


def in_bracket(text: str, told: Told, end: int) -> list[Told]:
    """Return the groups of a bracket behind what was given that lists its amounts, none where it does not."""
    bracket = BRACKET.match(text, told.given[1], end)
    if bracket is None or len(bracket["inside"]) > _LONGEST:
        return []
    amounts = list(_IN_BRACKET.finditer(text, *bracket.span("inside")))
    if len(amounts) < 2 or not _ONLY_AMOUNTS.fullmatch(bracket["inside"]):
        return []
    unit = next((a["unit"] for a in reversed(amounts) if a["unit"]), "")
    return [
        Told(a.span(), (), told.given, f"{a['value']} {a['unit'] or unit}".strip()) for a in amounts
    ]


def completed(text: str, told: Sequence[Told]) -> list[Told]:
    """Return groups that are told by an amount, or differ by one, with what it is an amount of where the list says that.

    "Randomised to 4,000 IU daily, 1,000 IU daily or placebo" says it of none: the document has to. A bare number
    without a mate that has a unit is no group.
    """
    wholes = [t.whole or t.given for t in told]
    found = list(told)
    for n, t in enumerate(told):
        own = text[slice(*wholes[n])]
        amount = AMOUNT.match(own)
        if t.amount or not (VALUE.fullmatch(own) or (amount and not names_more(own))):
            continue
        mate = next((m for m in _nearest(n, len(told)) if _tells_amount(text, wholes[m])), None)
        value, unit = (amount["value"], amount["unit"]) if amount else (own, _unit_of(text, wholes))
        if mate is None:
            if unit in ("", "%"):
                return []
            found[n] = replace(t, amount=f"{value} {unit}")
            continue
        start, end = wholes[mate]
        theirs = _LAST.search(text[start:end])
        assert theirs is not None
        before, behind = (
            _before_at(text, start, start + theirs.start()),
            (start + theirs.end(), end),
        )
        head = before if theirs.start() else told[mate].given
        head = behind if head == (start, end) else head
        found[n] = replace(t, head=head, amount=f"{value} {unit}".strip())
        if theirs["unit"] is None and unit:
            found[mate] = replace(told[mate], head=head, amount=f"{theirs.group()} {unit}")
        elif theirs["unit"] is not None and theirs.start():
            found[mate] = replace(
                told[mate], head=before, amount=f"{theirs['value']} {theirs['unit']}"
            )
    found = _by_amount_alone(text, found)
    heads = [text[slice(*(t.head or t.given))].strip().lower() for t in found]
    return [
        t if t.amount or heads.count(head) == 1 else _with_amount(text, t)
        for t, head in zip(found, heads, strict=True)
    ]


def _by_amount_alone(text: str, told: Sequence[Told]) -> list[Told]:
    """Return groups, those of one name with an amount behind it told by that: "A 4 mg, A 8 mg or placebo"."""
    ends = [None if t.amount else _AT_END.search(text[slice(*t.given)]) for t in told]
    bare = [
        e and text[t.given[0] : t.given[0] + e.start()].lower()
        for t, e in zip(told, ends, strict=True)
    ]
    return [
        t if e is None or bare.count(name) == 1
        else replace(t, head=(t.given[0], t.given[0] + e.start()), amount=f"{e['value']} {e['unit']}")
        for t, e, name in zip(told, ends, bare, strict=True)
    ]  # fmt: skip


def _before_at(text: str, start: int, end: int) -> Stretch:
    """Return "vitamin D" of "vitamin D at a dose of"."""
    at = _AT.search(text, start, end)
    return start, end if at is None else at.start()


def _nearest(n: int, size: int) -> Sequence[int]:
    return *range(n + 1, size), *range(n - 1, -1, -1)


def _tells_amount(text: str, place: Stretch) -> bool:
    own = text[slice(*place)]
    return names_more(own) and _LAST.search(own) is not None


def _with_amount(text: str, told: Told) -> Told:
    amount = AMOUNT.search(text[slice(*(told.whole or told.given))])
    if amount is None:
        return told
    return replace(told, head=told.given, amount=f"{amount['value']} {amount['unit']}")


def _unit_of(text: str, places: Sequence[Stretch]) -> str:
    units = (AMOUNT.search(text[slice(*place)]) for place in places)
    return next((unit["unit"] for unit in units if unit), "")
