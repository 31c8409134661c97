"""Where, how long and how a study was done; how many studies a synthesis includes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kg.assembly.numerals import Count, find_counts
from kg.assembly.zones import Zones
from kg.numbers.dose_told import find_trial_length

Offsets = tuple[int, int]

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_DATE = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:(?:{_MONTHS})\.?,?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?)?(?:19|20)\d\d"
_SEARCH = re.compile(
    rf"\bsearch(?:ed|es)?\b[^.;]{{0,200}}?\b(?:on|until|up to|to|through|till|in|before|by)\s+(?P<date>{_DATE})"
    rf"|\b(?:up to|until|through|to|till|inception to)\s+(?P<date2>{_DATE})[^.;]{{0,100}}\bsearch"
    rf"|\((?:all\s+)?(?:through|up to|until|to)\s+(?P<date3>{_DATE})\)"
)
_FOLLOW_UP = re.compile(
    r"\b(?:followed(?! by)(?: up| for|-up)?|follow-?\s?up)\b[^.;]{0,40}?(?P<a>\d+(?:[.·]\d+)?(?:\s?(?:-|–|to)\s?\d+(?:\.\d+)?)?[\s-](?:days?|weeks?|months?|years?))"
    r"|(?P<b>(?<!\d)\d+(?:[.·]\d+)?[\s-](?:days?|weeks?|months?|years?))(?:'|’)?s?\s+(?:of\s+)?follow-?\s?up",
    re.IGNORECASE,
)
_SETTING = re.compile(r"\bSetting(?:s)?\s*[:.]\s*(?P<setting>[^.\n]{5,150})")
_ANALYSIS = re.compile(
    r"\b(?:modified\s+)?intention[- ]to[- ]treat|\bper[- ]protocol|\bas[- ]treated", re.IGNORECASE
)

_STUDIES = re.compile(
    r"\s+(?P<words>(?:[\w/()-]+,?\s+){0,6}?)(?P<noun>studies|trials|RCTs|articles|papers|publications|reports|cohorts|datasets)\b",
    re.IGNORECASE,
)
_INCLUDED = re.compile(
    r"\b(?:were|was|are)\s+(?:\w+\s+)?(?:included|selected|analy[sz]ed|pooled|eligible|identified|used)|\bqualified\b|\bsatisfied\b|\bmet\b|\binclud(?:ed|ing)\b|\bfulfilled\b"
    r"|\bwith (?:a total|\d)|\bcomprising\b|\binvolving\b|\bparticipants\b|\bpatients\b|\bsubjects\b",
    re.IGNORECASE,
)
_FOUND = re.compile(
    r"\b(?:included|selected|identified|pooled|analy[sz]ed|revealed|from|of|found|in)\s+(?:the\s+|only\s+|a total of\s+)*$|\btotal of\s+$",
    re.IGNORECASE,
)
_SCREENED = re.compile(
    r"\b(?:screened|retrieved|records|abstracts|citations|potentially|full[- ]text|excluded|duplicates)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:subgroup|sensitivity|only|of (?:the|these|which|them)|showed|reported|found|had)\b|^\s*$",
    re.IGNORECASE,
)


def find_included_studies(text: str, stretches: Iterable[Offsets], zones: Zones) -> Count | None:
    """Return how many studies a synthesis includes: the most clearly included, else the first."""
    best: tuple[float, Count] | None = None
    for start, end in stretches:
        for count in find_counts(text, start, end):
            match = _STUDIES.match(text, count.end_char, end)
            if (
                not match
                or count.value < 2
                or _SCREENED.search(match["words"])
                or "participants" in match["words"]
            ):
                continue
            after = text[match.end() : min(end, match.end() + 90)]
            before = text[max(start, count.start_char - 40) : count.start_char]
            after = re.split(r"[.;]\s", after)[0]
            points = 2.0 * bool(_INCLUDED.search(after[:70])) + 1.5 * bool(_FOUND.search(before))
            points -= 3.0 * bool(_SCREENED.search(after[:60])) + 2.0 * bool(
                re.search(r"\b[Oo]f (?:the )?$|\bin\s+$", before)
            )
            points += 1.0 * (zones.at(count.start_char) == "results") - 1.0 * (
                zones.at(count.start_char) == "conclusion"
            )
            points += 1.0 * bool(
                re.match(
                    r"[\s,]{0,20}(?:\(?(?:with|of|involving|comprising|including)\s+)?(?:a total of\s+)?\(?[\d,  ]{2,}\s+\w+",
                    after,
                )
            )
            if best is None or points > best[0]:
                best = points, count
    return best[1] if best and best[0] > 0 else None


def find_search_date(text: str, stretches: Iterable[Offsets]) -> str | None:
    """Return until when a synthesis searched, as written."""
    for start, end in stretches:
        if match := _SEARCH.search(text, start, end):
            return match["date"] or match["date2"] or match["date3"]
    return None


def find_follow_up(text: str, stretches: Sequence[Offsets], *, trial: bool = False) -> str | None:
    """Return how long participants were followed, as written; in a trial else how long it lasted."""
    if "follow" in text.lower():
        for start, end in stretches:
            if match := _FOLLOW_UP.search(text, start, end):
                return match["a"] or match["b"]
    if trial:
        whole = "\n".join(text[start:end] for start, end in stretches)
        if length := find_trial_length(whole):
            return whole[length.start_char : length.end_char]
    return None


def find_setting(text: str, stretches: Iterable[Offsets]) -> str | None:
    """Return what stands after the label "Setting:"."""
    for start, end in stretches if "Setting" in text else ():
        if match := _SETTING.search(text, start, end):
            return re.sub(r"\s+", " ", match["setting"]).strip()
    return None


def find_analysis(text: str, stretches: Iterable[Offsets]) -> str | None:
    """Return the analysis population a text names: intention to treat, per protocol."""
    lower = text.lower()
    named = any(word in lower for word in ("intention", "protocol", "treated"))
    for start, end in stretches if named else ():
        if match := _ANALYSIS.search(text, start, end):
            return match.group().lower().replace(" ", "-")
    return None


COUNTRIES = (
    "Argentina|Australia|Austria|Bangladesh|Belgium|Brazil|Bulgaria|Cameroon|Canada|Chile|China|Colombia|Croatia|Cuba|"
    "Czech Republic|Denmark|Egypt|England|Estonia|Ethiopia|Finland|France|Germany|Ghana|Greece|Hong Kong|Hungary|Iceland|"
    "India|Indonesia|Iran|Iraq|Ireland|Israel|Italy|Japan|Jordan|Kenya|Korea|Kuwait|Lebanon|Malawi|Malaysia|Mali|Mexico|"
    "Mongolia|Morocco|Mozambique|Myanmar|Nepal|Netherlands|New Zealand|Nigeria|Northern Ireland|Norway|Oman|Pakistan|Peru|Philippines|"
    "Poland|Portugal|Qatar|Romania|Russia|Rwanda|Saudi Arabia|Scotland|Senegal|Serbia|Singapore|Slovakia|Slovenia|"
    "South Africa|South Korea|Spain|Sri Lanka|Sudan|Sweden|Switzerland|Taiwan|Tanzania|Thailand|Tunisia|Turkey|Uganda|"
    "United Arab Emirates|United Kingdom|United States|Uruguay|Venezuela|Viet ?[Nn]am|Wales|Zambia|Zimbabwe"
)  # fmt: skip
_COUNTRY = re.compile(
    rf"\b(?:in|from|across|of|throughout|,|and)\s+(?:the\s+|northern\s+|southern\s+|rural\s+)?(?P<country>{COUNTRIES}|USA|US|UK)\b"
)
#: A country's name wherever it stands, which is found faster than the words before it.
_NAMED = re.compile(rf"(?:{COUNTRIES}|USA|US|UK)\b")


def find_countries(text: str, stretches: Iterable[Offsets]) -> tuple[str, ...]:
    """Return the countries that a study's text says it was done in, in order, each once."""
    found: dict[str, None] = {}
    for start, end in stretches if _NAMED.search(text) else ():
        for match in _COUNTRY.finditer(text, start, end):
            if (
                match["country"] != "US"
                or text[match.start("country") - 4 : match.start("country")] == "the "
            ):
                found.setdefault(match["country"])
    return tuple(found)
