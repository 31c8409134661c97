"""What a number measures, by its own words where they say it."""

from __future__ import annotations

import re

from kg.assembly.context import Context
from kg.assembly.phrase import Phrase
from kg.measures import GROUP_MEASURES
from kg.numbers.statistic import Statistic

#: What a model may say of a number whose words do not.
MEASURES = (
    "mean",
    "median",
    "percent",
    "count",
    "percent_change",
    "rate",
    "MD",
    "RD",
    "fold_change",
    "direction_only",
)


#: What is itself measured in per cent: a value of it is a mean, no share of people.
_IN_PERCENT = re.compile(
    r"\b(?:(?:hb)?a1c|gly(?:cat|cosylat)ed h|ejection fraction|lvef|oxygen saturation|s[paft]o2|ha?ematocrit|"
    r"flow[- ]mediated|fmd|body fat|fat percentage|percent(?:age)? (?:body fat|predicted)|time in range)\b",
    re.IGNORECASE,
)
#: Words of those who are on one side of a limit: "HbA1c below 7%".
_LIMIT = re.compile(
    r"[<>≤≥]|\b(?:target|goal|achiev\w*|reach\w*|below|above|proportion|control|respon\w*)\b",
    re.IGNORECASE,
)
_BEHIND = 12  # characters behind a name that may tell a limit
_OF_PEOPLE = re.compile(r"\s*%?\s*(?:\([^()]*\)\s*)?(?:of|in \d)\b")
_SHARE = re.compile(
    r"\b(?:proportions?|percentages?|numbers?)\s+of\b|\b(?:patients|participants|people|subjects)\s+(?:who\s+)?(?:had|with|achiev\w+|reach\w+|attain\w+)\b",
    re.IGNORECASE,
)
_ON_SCALE = {"percent": "mean", "RD": "MD"}


def on_scale_of(context: Context, k: int, outcome: Phrase | None, measure: str) -> str:
    """Return what the `k`-th number measures, a percentage of what is itself measured in per cent as a level."""
    s = context.statistics[k]
    shared = s.unit == "%" and s.events is None and s.total is None and measure in _ON_SCALE
    if not shared or outcome is None or not _IN_PERCENT.search(outcome.label):
        return measure
    text = context.reading.view.text
    sentence = context.annotation.sentences[context.places[k].sentence]
    of_people = s.value_end is not None and _OF_PEOPLE.match(text, s.value_end)
    behind = text[outcome.end_char : outcome.end_char + _BEHIND]
    if (
        of_people
        or any(map(_LIMIT.search, (outcome.label, behind)))
        or _SHARE.search(sentence.text)
    ):
        return measure
    return _ON_SCALE[measure]


def is_change(s: Statistic) -> bool:
    """Tell whether a value is a change by words alone: "rose by 0.8 kg"."""
    return s.measure == "MD" and s.measure_start is None and s.ci_low is None


def is_measure_told(s: Statistic) -> bool:
    """Tell whether a number's own words say what it measures: its name, quartiles, what it is per or of, percentage points."""
    counted = s.measure == "count" and (s.unit or "%") != "%"
    return s.measure_start is not None or s.measure in ("median", "rate", "RD") or counted


def _is_sign_told(s: Statistic) -> bool:
    """Tell whether words alone make a value negative: "a loss of 1.2 kg"."""
    return s.value is not None and s.value < 0 and (s.printed_value or "-")[:1] not in "-−–"


def choose_measure(s: Statistic, likely: str) -> str:
    """Return what a number measures: `likely`, where its words do not say it."""
    if s.measure is None or (s.measure in MEASURES and not is_measure_told(s)):
        if s.measure == "fold_change":
            return s.measure  # "2.4-fold": a multiple, whatever was counted or measured
        within = s.measure == "MD" and s.sd is not None  # a group's changes vary
        if s.measure is not None and _is_sign_told(s) and likely in GROUP_MEASURES and not within:
            return s.measure  # "the mean reduction was 1.1": no level lies below nought
        return likely if s.value is not None else "direction_only"
    return s.measure
