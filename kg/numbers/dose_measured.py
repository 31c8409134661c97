"""Amounts that are outcomes: an intake or a need that somebody measured, not a regimen that was given.

"Mean daily insulin doses were 0.40 U/kg", "the median intake was 9.4 ug/d (IQR 6.5-12.3)",
"insulin requirement fell by 12 IU/day" report what was found; they are read as results.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kg.numbers.dose_tables import SENTENCE_END
from kg.numbers.regimens import fold, spaced
from kg.numbers.statistic import DoseReading

_BEFORE: Final = 200  # characters looked back
_BETWEEN: Final = 90  # characters from one figure of a pair to the other

#: An intake that somebody measured: "the median intake was", "dietary intake of calcium averaged".
_TAKEN: Final = re.compile(spaced(
    r"(?<![a-z])(?:intakes?|consumptions?|requirements?)(?: (?:of|from|in) [^.;,]{1,40}?)?"
    r" (?:was|were|averaged|is|are|rose|fell|increased|decreased|dropped|went)(?: (?:only|about|approximately|from|to|by))*[ (]*$"
))  # fmt: skip
_CHANGED: Final = re.compile(spaced(
    r"(?<![a-z])(?:doses?|intakes?|requirements?|use|need) [^.;,]{0,40}?(?:fell|rose|dropped|increased|decreased|declined|was reduced|was lower(?:ed)?)"
    r" by(?: only| about| approximately)? $"
))  # fmt: skip
#: A change with its test: "overestimated intakes by 221 mg/d (P < .001)".
_BY: Final = re.compile(r"(?<![a-z])by (?:about |approximately |only )?$")
_TESTED: Final = re.compile(r"[^.;()]{0,16}[ ,;(\[]{1,3}p(?:[- ]value)? ?[<=>\u2264]")
#: What people were told apart by: "stratified by corticosteroid dosage (<10 or >=10 mg/day)".
_STRATIFIED: Final = re.compile(r"(?<![a-z])stratif(?:ied|ication) [^;]*$")
#: A spread behind an amount: nobody is given "9.4 ug/d (IQR 6.5-12.3)".
_SPREAD: Final = re.compile(
    r"[ ,;(\[]{0,3}(?:iqr|interquartile|inter-quartile|s\.?d\.?|s\.?e\.?(?:m\.?)?|standard (?:deviation|error))(?![a-z])"
)
#: Drugs that are given until they work: how much was needed is a result.
_TITRATED: Final = (
    r"(?:insulin|glargine|detemir|degludec|lispro|aspart|basal|prandial|bolus|morphine|opioid|fentanyl|propofol|"
    r"ana?esthetic|analgesic|rescue)"
)
_FOUND: Final = (
    rf"(?:(?:mean|median|average|total|final|overall)(?![a-z])[^.;(]{{0,40}}?(?<![a-z])(?:{_TITRATED}(?: (?:and|/|or) [a-z]+)?(?: (?:doses?|dosages?|use))?|requirements?|consumption)"
    rf"|{_TITRATED}(?: [a-z]+)? (?:doses?|dosages?|requirements?|consumption))(?![a-z])[^;]{{0,120}}?"
)
#: A dose that turned out: "mean daily glargine dose at week 24 was", "total insulin dosages were higher with".
_TURNED_OUT: Final = re.compile(spaced(
    rf"(?<![a-z]){_FOUND} (?:was|were|is|are|averaged|higher|lower|smaller|greater|larger|less|reduction|than|increased by|decreased by)(?![a-z])[^;]*$"
))  # fmt: skip
_BRACKETED: Final = re.compile(spaced(
    rf"(?<![a-z]){_FOUND}[,:(] ?\(?$|(?<![a-z])(?:mean|median|average) (?:reduction|increase|change|difference),? ?$"
))  # fmt: skip
#: Words between the two that say that somebody is given an amount after all.
_GIVEN: Final = re.compile(
    r"(?<![a-z])(?:receiv\w+|randomi[sz]\w+|assigned|allocated|given|treated|administered|titrat\w+|adjusted|initiated|started|add(?:ed|ition)|"
    r"capped|set|fixed|kept|maintained|limited|doubled|halved|escalated|to be|able to|consisted)(?![a-z])|(?<![a-z])(?:increased|reduced|decreased|raised) (?:from|to)(?![a-z])"
)
_MEAN: Final = re.compile(r"(?<![a-z])(?:mean|median|average|total daily)(?![a-z])")
#: Two arms' figures in one bracket behind a result: "were higher with A (0.57 vs. 0.51 U/kg)".
_PAIR_BEFORE: Final = re.compile(
    r"(?:\(|: ?)[\d.,]+(?: ?(?:\u00b1|\+/-|\() ?[\d.,]+\)?)? ?(?:[a-z/]{1,9} )?(?:vs\.?|versus|and) $"
)
_PAIR_AFTER: Final = re.compile(
    r"(?: ?(?:\u00b1|\+/-|\() ?[\d.,]+\)?)? ?(?:[a-z/]{1,9} )?(?:vs\.?|versus) ?[\d.,]+"
)
#: A test behind the second of two figures, or behind the first with the second: "2 vs 5 mg/kg/h, P < 0.001".
_TESTED_PAIR: Final = re.compile(
    r"(?:[^.;()]{0,8}(?:vs\.?|versus) [\d.,]+ ?[a-z/ ]{1,12})?[ ,;(\[]{1,3}p(?:[- ]value)? ?[<=>\u2264]"
)
_RESULT: Final = re.compile(
    r"(?<![a-z])(?:higher|lower|greater|smaller|less|more|similar|comparable|differen\w+|reduced|increased|decreased|fell|rose|increase|decrease|mean|median|total|average)(?![a-z])"
)
#: Units of what is found in blood, or of an index of the body, oftener than of what is given.
_LEVELS: Final = frozenset({"mmol/L", "g/m2"})
_AMOUNT_WORD: Final = re.compile(
    rf"(?<![a-z])(?:{_TITRATED}|requirements?|consumptions?|intakes?)(?![a-z])"
)
#: What is weighed, lost or passed, anywhere before an amount that no verb of giving follows.
_BODY: Final = re.compile(
    r"(?<![a-z])(?:blood loss|bleeding|birth ?weights?|body ?weight|weight (?:gain|loss)|urine (?:output|volume)|drainage|volume of distribution|"
    r"transfus\w+|residual volume|stroke volume|tidal volume|milk yield|fat mass|lean mass|clearance|half-life)(?![a-z])(?P<rest>[^;]*)$"
)


def without_measured(text: str, readings: Sequence[DoseReading]) -> list[DoseReading]:
    """Return the doses that somebody was given; the other figure of a measured pair goes with it."""
    kept: list[DoseReading] = []
    last: DoseReading | None = None  # the last one that was measured
    measured_groups = {r.group for r in readings if r.group is not None and is_measured(text, r)}
    for reading in readings:
        measured = reading.group in measured_groups or (
            last is not None
            and last.unit == reading.unit
            and _goes_on(text, last.end_char, reading.start_char)
        )
        if measured:
            last = reading
        else:
            kept.append(reading)
    return kept


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a sentence goes on from one figure to the next without a word of giving."""
    if end - start > _BETWEEN or SENTENCE_END.search(text, start, end):
        return False
    return not _GIVEN.search(fold(text[start:end]))


def is_measured(text: str, reading: DoseReading) -> bool:
    """Whether an amount is an outcome: an intake, a dose or a need that was measured, not a regimen."""
    start = max(0, reading.start_char - _BEFORE)
    folded = fold(text[start : reading.end_char + 60])
    at, end = reading.start_char - start, reading.amount_end - start
    before = folded[:at]
    for match in SENTENCE_END.finditer(text, start, reading.start_char):
        before = folded[match.end() - start : at]
    unit_end = folded.find(fold(reading.raw_unit), end)
    behind = folded[unit_end + len(reading.raw_unit) :] if unit_end >= 0 else folded[end:]
    stratified = _STRATIFIED.search(before)
    if stratified and not _GIVEN.search(before, stratified.start()):
        return True
    if _BY.search(before) and _TESTED.match(behind):
        return True
    if _TAKEN.search(before) or _CHANGED.search(before) or _SPREAD.match(behind):
        return True
    found = _TURNED_OUT.search(before) or (_MEAN.search(before) and _BRACKETED.search(before))
    if found and not _GIVEN.search(before, found.start()):
        return True
    body = _BODY.search(before)
    if (
        body
        and reading.unit in {"mL", "g", "L", "mL/kg", "L/kg"}
        and not _GIVEN.search(body["rest"])
    ):
        return True
    if reading.unit in _LEVELS and _RESULT.search(before) and not _GIVEN.search(before):
        return True
    paired = _PAIR_BEFORE.search(before) or (
        before.rstrip(" ").endswith(("(", ":")) and _PAIR_AFTER.match(folded, end)
    )
    return bool(
        paired
        and _RESULT.search(before)
        and (_AMOUNT_WORD.search(before) or _TESTED_PAIR.match(behind))
        and not _GIVEN.search(before)
    )
