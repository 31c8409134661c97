"""Checks of sizes: groups against the total, denominators and table rows against the sample."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from kg.numbers.numerals import number_word_value
from kg.records import Record, Span, Study
from kg.statistics.passage import PEOPLE, Finding, Passage, groups_told, plain

_DIVIDED = re.compile(
    rf"(?P<total>\d{{1,3}}(?:,\d{{3}})+|\d{{2,5}})\s+(?:[A-Za-z][\w-]*\s+){{0,5}}?{PEOPLE}[^.;()]{{0,60}}?\b(?:were|was)\s+(?:\w+ly\s+)?"
    r"(?:randomi[sz]ed|randomly|allocated|assigned|divided|split)\b(?P<rest>[^.;]{10,400})",
)
_N_EQUALS = re.compile(r"\(\s*[nN]\s*=\s*(\d{1,5}(?:,\d{3})?)\b[^)]{0,40}\)")
#: "Thirty-nine patients … (the NK group, 24 patients) or … (the TR group, 23 patients)".
_NAMED_GROUP = re.compile(
    rf"\([^()\d]{{0,40}}\bgroup[,:]\s*(?:n\s*=\s*)?(\d{{1,5}})\s*(?:{PEOPLE})?\)"
)
_OPENING = re.compile(
    rf"^\W*(?:An?\s+total\s+of\s+|Overall,?\s+)?(?P<total>\d{{2,5}}|[A-Z][a-z]+(?:[- ][a-z]+){{0,4}}?)\s+(?:[A-Za-z][\w-]*\s+){{0,5}}?{PEOPLE}\b"
)
_SEXES = re.compile(
    r"(?<![\d.,])(?P<total>\d{2,5})\s+(?:(?:[A-Za-z][\w-]*\s+){0,3}?(?:participants|patients|subjects|individuals|people|adults)\s*"
    r"(?:were\s+\w+\s*)?)?[(,:]\s*(?P<a>\d{1,5})\s+(?P<sex_a>women|men|females?|males?)\s*(?:,|and|&|/)\s*(?P<b>\d{1,5})\s+(?P<sex_b>women|men|females?|males?)\b",
    re.IGNORECASE,
)
_EXCLUDED = re.compile(
    r"\b(?:withdr|dropp|excluded|complet|analy[sz]ed|lost|declin|ratio|crossover|cross-over|paired|both|each|"
    r"of whom|remaining|respectively|per group|strat)",
    re.IGNORECASE,
)


def check_totals(record: Record) -> Iterator[Finding]:
    """Yield groups that do not add up to their total, and rows that do not add up to the sample."""
    text = record.document.text
    for sentence in _sentences(record):
        words = plain(sentence.text)
        found = _DIVIDED.search(words)
        if found is not None and not _EXCLUDED.search(found["rest"]):
            total = int(found["total"].replace(",", ""))
            groups = [int(n.replace(",", "")) for n in _N_EQUALS.findall(found["rest"])]
            if len(groups) >= 2 and _is_wrong_sum(groups, total, found["rest"]):
                yield _sum_finding(groups, total, sentence, "groups_against_total", "groups of")
        named = [int(n) for n in _NAMED_GROUP.findall(words)]
        opening = _OPENING.search(words) if len(named) == 2 else None
        if opening is not None and not _EXCLUDED.search(words):
            size = _count(opening["total"])
            if size is not None and _is_wrong_sum(named, size, "two groups"):
                yield _sum_finding(named, size, sentence, "groups_against_total", "groups of")
        sexes = _SEXES.search(words)
        if sexes is not None and sexes["sex_a"][0].lower() != sexes["sex_b"][0].lower():
            parts = [int(sexes["a"]), int(sexes["b"])]
            if sum(parts) != int(sexes["total"]):
                yield _sum_finding(parts, int(sexes["total"]), sentence, "groups_against_total", "women and men")  # fmt: skip
    yield from _rows(record, text)


def _count(text: str) -> int | None:
    """Return a count in digits or in words, ``None`` for other words."""
    if text.isdecimal():
        return int(text)
    try:
        return number_word_value(text) or None
    except (KeyError, ValueError):
        return None


def _is_wrong_sum(groups: list[int], total: int, words: str) -> bool:
    """Tell whether groups that seem complete do not add up; a group counted twice is forgiven."""
    if sum(groups) == total or sum(dict.fromkeys(groups)) == total or total in groups:
        return False
    named = len(
        re.findall(r"\b(?:groups?|arms?)\b|\bor\b|,\s+and\b|\band\b", words)
    )  # the groups may be more than have an n
    counted = re.search(r"\b(two|three|four|five|six|2|3|4|5|6)\s+(?:\w+\s+)?(?:groups|arms)", words)  # fmt: skip
    sizes = {
        "two": 2,
        "three": 3,
        "four": 4,
        "five": 5,
        "six": 6,
    }
    if counted is not None:
        wanted = sizes.get(counted[1], 0) or int(counted[1])
        if len(groups) != wanted:
            return False
    elif len(groups) > 2 and named < len(groups) - 1:
        return False
    return abs(sum(groups) - total) <= total / 3  # else one is of something else


def _sum_finding(parts: list[int], total: int, sentence: Span, code: str, what: str) -> Finding:
    shown = " + ".join(map(str, parts))
    numbers: dict[str, float] = {"total": total, "sum": sum(parts)}
    numbers |= {f"part_{i}": part for i, part in enumerate(parts, 1)}
    message = f"{total} are told of, but {what} {shown} make {sum(parts)}."
    return Finding(code, message, numbers, evidence=(sentence,))


def _rows(record: Record, text: str) -> Iterator[Finding]:
    for study in record.studies:
        parts = [s for s in record.studies if s.part_of == study.id]
        sizes = [s.n_participants for s in parts]
        if len(parts) < 2 or study.n_participants is None or study.n_studies != len(parts):
            continue
        known = [n for n in sizes if n is not None]
        if len(known) == len(sizes) and sum(known) != study.n_participants:
            yield _sum_finding(
                known,
                study.n_participants,
                study.evidence[0] if study.evidence else _title(text),
                "rows_against_total",
                f"the {len(parts)} studies listed,",
            )


def _title(text: str) -> Span:
    return Span(start_char=0, end_char=min(80, len(text)), text=text[:80])


_SENTENCE = re.compile(r"[^\n]*?(?:[.;](?=\s+[A-Z(\[*#]|\s*\n)|\n|$)")


def _sentences(record: Record) -> Iterator[Span]:
    """Yield the sentences that may divide a sample, by a plain rule: they need not hold an effect."""
    text = record.document.text
    last = (-1, -1)
    for found in re.finditer(r"randomi[sz]ed|randomly|allocated|assigned|divided|women|females|group,", text):  # fmt: skip
        start = max(
            text.rfind(". ", 0, found.start()) + 2, text.rfind("\n", 0, found.start()) + 1, 0
        )
        if start == 1:
            start = 0
        end = _SENTENCE.match(text, found.end())
        stop = end.end() if end is not None else len(text)
        if stop - start < 1500 and (start, stop) != last:
            last = start, stop
            yield Span(start_char=start, end_char=stop, text=text[start:stop])


def check_denominators(study: Study, passages: list[Passage]) -> Iterator[tuple[str, Finding]]:
    """Yield pairs of denominators that do not add up to the size of a study of two groups."""
    n = study.n_participants
    if n is None or study.design != "randomized controlled trial" or groups_told(study) > 1:
        return
    if len({arm.id for arm in study.arms}) != 2:
        return
    for one, two in itertools.pairwise(passages):
        a, b = one.effect, two.effect
        if a.measure != "percent" or b.measure != "percent" or a.evidence[0] != b.evidence[0]:
            continue
        if not a.total or not b.total or a.arm == b.arm or a.total == n:
            continue
        both = a.total + b.total
        if both == n or not 0.9 <= both / n <= 1.1 or a.subgroup or b.subgroup:
            continue
        yield (
            b.id,
            Finding(
                "groups_against_total",
                f"The denominators {a.total} and {b.total} make {both}, and the study has {n}.",
                {"total_1": a.total, "total_2": b.total, "sum": both, "n": n},
                "info" if both < n else None,
            ),
        )
        return
