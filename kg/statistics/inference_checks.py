"""Checks of test statistics against their p values, and of I² against Q."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.numbers.statistic import ALPHA
from kg.statistics.passage import Finding, Passage
from kg.statistics.tests_of_significance import (
    Heterogeneity,
    TestStatistic,
    find_heterogeneity,
    find_tests,
)

_ONE_SIDED = re.compile(r"one[- ]?(?:sided|tailed)|directional", re.IGNORECASE)
_SIGNS = {
    "t": "t",
    "F": "F",
    "chi2": "χ²",
    "z": "z",
    "r": "r",
    "Q": "Q",
}


def check_tests(passage: Passage) -> Iterator[Finding]:
    """Yield the tests of a sentence whose p does not follow, where the effect is theirs."""
    sentence = passage.sentence
    if "=" not in sentence:
        return
    one_sided = _ONE_SIDED.search(sentence) is not None
    for test in find_tests(sentence):
        if _belongs(passage, test.start_char, test.end_char):
            finding = _compare(test, one_sided)
            if finding is not None:
                yield finding
    for heterogeneity in find_heterogeneity(sentence):
        if heterogeneity.text in passage.number or heterogeneity.text in passage.after:
            finding = _compare_i2(heterogeneity)
            if finding is not None:
                yield finding


def _belongs(passage: Passage, start: int, end: int) -> bool:
    """Tell whether a test of the sentence is in the effect's own number expression or touches it."""
    first = len(passage.before)
    last = first + len(passage.number)
    if not passage.before and passage.number == passage.sentence:
        return True
    return start < last + 3 and first - 3 < end


def _compare(test: TestStatistic, one_sided: bool) -> Finding | None:
    computed = test.recompute()
    if computed is None:
        return None
    p = test.p
    if computed.meets(p) or (one_sided and (computed * 0.5).meets(p)):
        return None
    if test.operator == "=" and computed.gap(p) < 0.1 * 10.0 ** -_places(test):
        return None
    df = ", ".join(f"{number:g}" for number in test.df)
    name = f"{_SIGNS[test.kind]}({df})" if df else _SIGNS[test.kind]
    decides = (p.high < ALPHA <= computed.low) or (p.low > ALPHA > computed.high)
    least = "at least " if test.kind == "chi2" and not test.df else ""
    shown = f"{computed.low:.2g}" if least else _span(computed.low, computed.high)
    return Finding(
        "p_against_test",
        f"{name} = {test.value.centre:g} gives p {least}{shown}, but p {test.operator} {test.printed_p:g} is printed.",
        {"statistic": test.value.centre, "p": test.printed_p, "p_low": float(f"{computed.low:.3g}"),
         "p_high": float(f"{computed.high:.3g}")}
        | {f"df{i}": number for i, number in enumerate(test.df, 1)},
        None if decides else "warning",
    )  # fmt: skip


def _places(test: TestStatistic) -> int:
    return len(f"{test.printed_p}".partition(".")[2])


def _compare_i2(printed: Heterogeneity) -> Finding | None:
    computed = printed.recompute()
    if computed.gap(printed.i2) <= 0.5:
        return None
    return Finding(
        "i2_against_q",
        f"Q = {printed.q.centre:g} with {printed.df} degrees of freedom gives I² of {_span(computed.low, computed.high)} %, "
        f"but {printed.i2.centre:g} % is printed.",
        {"q": printed.q.centre, "df": float(printed.df), "i2": printed.i2.centre},
    )


def _span(low: float, high: float) -> str:
    one, two = f"{low:.2g}", f"{high:.2g}"
    if high < 1e-4:
        return "below 0.0001"
    return f"about {one}" if one == two else f"between {one} and {two}"
