"""What the label of a row or column says: a time, an arm, a sum, a unit, the form of its numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.assembly.table_grid import RAISED
from kg.assembly.words import CONTROL_WORDS
from kg.numbers.units import UNIT_PATTERN

#: A time or an occasion: "baseline", "after", "12 weeks", "T1".
PHASE = re.compile(
    r"\b(?:baseline|before|after|pre-?(?:treatment|test|intervention|operative(?:ly)?|op)?|"
    r"post-?(?:treatment|test|intervention|operative(?:ly)?|op)?|follow-?up|admission|discharge|"
    r"end\s*(?:point|of\s+\w+)|endpoint|initial|final|change(?:\s+from\s+baseline)?|first\s+\w+|"
    r"(?:\d+\s*(?:-|–|to)\s*)?(?:\d+|one|two|three|six|twelve)(?:st|nd|rd|th)?[\s-]*(?:hours?|hrs?|h|days?|weeks?|wks?|months?|mo|years?|yrs?|minutes?|min)|"
    r"(?:hour|day|week|month|year|visit|time|period)\s*-?\d+(?:\s*to\s*\d+)?)\b|^[TDWM]\s?\d{1,3}$",
    re.IGNORECASE,
)  # fmt: skip
#: Tables of what people were like before anything was done: no results.
BASELINE = re.compile(
    r"\b(?:baseline|demographics?|characteristics?|on admission|at entry|at enrol+ment|preoperative)\b",
    re.IGNORECASE,
)
NOT_ARMS = re.compile(
    r"\b(?:total|overall|all|both|items?|variables?|parameters?|references?|authors?|studies|study|years?|country|"
    r"countries|domains?|questions?|comments?|definitions?|descriptions?|inclusion|exclusion|cost)\b",
    re.IGNORECASE,
)
#: Columns that stand for all arms.
SUMS = re.compile(
    r"total|overall|all(?:\s+(?:patients|participants|subjects))?|both(?:\s+groups)?|sum",
    re.IGNORECASE,
)
ARM_CODE = re.compile(
    r"(?:group|arm|cohort)s?\s*(?:[A-F]|[IVX]{1,4}|\d)\b|\b(?:[A-F]|I{1,3}|IV)\s*group\b", re.I
)
#: Headings that say what kind of rows follow, not what was measured.
GENERAL = re.compile(
    r"^\s*(?:primary|secondary|other|variables?|parameters?|outcomes?|characteristics?|results?|"
    r"efficacy|safety|continuous|categorical)\b[^:]{0,40}$", re.IGNORECASE,
)  # fmt: skip
_TRAILING = re.compile(
    r"[,;:]?\s*[(\[]?\s*(?<!\w)(?:(?:mean|median|m)\b\s*(?:(?:[(\[±,+/-]|and).{0,24})?|(?:n|no\.?|number)\s*[(,/]?\s*(?:%|n)\s*\)?|"
    r"±\s*s\.?[de]\.?m?\.?|%|\(%\)|s\.?d\.?)\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_LIKE_A_UNIT = re.compile(r"[/%°]|\b(?:kg|g|mg|cm|mm|h|hours?|days?|min|score|points?)\b")
_PRINTED_UNIT = re.compile(UNIT_PATTERN)
_UNIT = re.compile(r"[(\[,]\s*([^()\[\],]{1,24})\s*[)\]]?\s*$")


_STUDIES = re.compile(
    r"^(?:first\s+)?(?:stud(?:y|ies)|authors?|trials?|references?|sources?)\b", re.IGNORECASE
)
_CITED = re.compile(r"\b(?:19|20)\d\d\b|\bet\s+al\b", re.IGNORECASE)
#: The row of a synthesis that sums its studies up.
POOLED = re.compile(
    r"^(?:sub)?totals?\b|^overall\b|^pooled\b|^summary\b|^combined\b|^all\s+(?:studies|trials)\b",
    re.IGNORECASE,
)


#: "Hazard ratios (95% CI) for dementia", "risk of stroke".
OF_WHAT = re.compile(
    r"\b(?:ratios?|risks?|odds|hazards?|a?HRs?|a?ORs?|a?RRs?|associations?|predictors?|factors?|regressions?)\b\s*(?:\([^()]{0,40}\)\s*)*"
    r"(?:(?:associated|related)\s+(?:with|to)|for|of|with)\s+(?:the\s+)?(?P<what>[^.,;:()|]{3,70}?)"
    r"(?=\s+(?:by|according|in|among|across|associated|with|comparing|per|for|and\s+95)\b|[.,;:()|]|$)",
    re.IGNORECASE,
)
#: A p value of all rows of an exposure or a subgroup, of none by itself.
P_OF_SEVERAL = re.compile(r"\b(?:interaction|heterogeneity|trend)\b", re.IGNORECASE)
SUBGROUPS = re.compile(r"^sub-?groups?\b", re.IGNORECASE)


def are_studies(corner: str, stubs: Sequence[str]) -> bool:
    """Tell whether the rows of a table are studies: its corner says so, or half of them are citations."""
    told = [stub for stub in stubs if stub]
    cited = sum(_CITED.search(stub) is not None for stub in told)
    return _STUDIES.search(corner) is not None or cited > len(told) / 2


def words_of(label: str) -> set[str]:
    """Return the words of a label in small letters, digits and signs left out."""
    return set(re.findall(r"[a-z]+", label.lower()))


def is_control(label: str) -> bool:
    """Tell whether a label names a control ("Placebo (n = 30)")."""
    return bool(words_of(label) & CONTROL_WORDS)


def without_notes(label: str) -> str:
    """Return what a row is called, marks of notes left out."""
    return RAISED.sub("", label).strip(" *_†‡§¤")


def strip_statistic(label: str) -> str:
    """Return a label without what it says of the form of its numbers ("…, mean (SD)", "…, n (%)").

    Examples
    --------
    >>> strip_statistic("Parathyroid hormone (pg/mL), mean ± SD")
    'Parathyroid hormone (pg/mL)'
    """
    bare = label.strip(" :*_")
    previous = None
    while bare != previous:
        previous = bare
        bare = _TRAILING.sub("", bare).strip(" :,;*_")
    bare = RAISED.sub("", bare).rstrip("*†‡§¤")
    return bare.strip(" :,;*_")


def unit_of(label: str) -> str | None:
    """Return the unit that a label ends in, ``None`` where it names none.

    Examples
    --------
    >>> unit_of("Parathyroid hormone (pg/mL)"), unit_of("Parathyroid hormone (intact)")
    ('pg/mL', None)
    """
    found = _UNIT.search(label)
    if found is None:
        return None
    told = found[1].strip()
    return told if _PRINTED_UNIT.fullmatch(told) or _LIKE_A_UNIT.search(told) else None


def without_unit(label: str) -> str:
    """Return a label without the unit that it ends in.

    Examples
    --------
    >>> without_unit("FEV1, L"), without_unit("Pain (0-10)"), without_unit("Falls, hip fractures")
    ('FEV1', 'Pain (0-10)', 'Falls, hip fractures')
    """
    found = _UNIT.search(label)
    if found is None or not label[: found.start()].strip():
        return label
    known = _PRINTED_UNIT.fullmatch(found[1].strip()) is not None
    return label[: found.start()].rstrip(" ,") if known else label


def parse_p(text: str) -> tuple[str, float, str] | None:
    """Read a cell of a column of p values; "NS" and footnote marks give ``None``.

    Examples
    --------
    >>> parse_p("<0.001*")
    ('<', 0.001, '<0.001')
    """
    found = re.match(r"[pP]?\s*([<>=≤≥]?)\s*(0?[.·,]\d+|[01](?:[.·,]\d+)?)(?!\d)", text.strip(" *"))
    if not found:
        return None
    operator = {"": "=", "≤": "<=", "≥": ">="}.get(found[1], found[1])
    value = float(found[2].replace("·", ".").replace(",", "."))
    return (operator, value, found[1] + found[2]) if value <= 1 else None


def title_of(caption: str) -> str:
    """Return the first sentence of a caption, "Table 2." left out; at most 120 characters."""
    bare = re.sub(r"^\s*tab(?:le)?\.?\s*\w{1,4}[.:]?\s*", "", caption, flags=re.IGNORECASE)
    return bare[:120].split(".")[0]
