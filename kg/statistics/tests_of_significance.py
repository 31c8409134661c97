"""Test statistics with their degrees of freedom, as texts print them, and the p values they give.

What statcheck does for APA style, for the notations of medical journals too: ``t(28) = 2.20``,
``t = 6.017, d.f. = 38``, ``F [3, 28] = 4.1``, ``F1,47 = 4.438``,
``χ²(1, N = 90) = 3.84``, ``X2 = 2.54``, ``z = 2.1``, ``r(48) = .35``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.records import POperator
from kg.statistics.rounding import Range, p_range, parse_number, printed_range
from kg.statistics.scales import p_from_z

_NUMBER = r"[-−–]?(?:\d+(?:[.·]\d+)?|[.·]\d+)"
_DF = r"\d+(?:\.\d+)?"
_STATISTIC = re.compile(
    r"(?<![\w.])(?P<name>t|F|χ\s?[²2]|[Xx][²2]|chi[- ]?squared?(?:\s+test)?|[zZ]|r|Q)(?:[- ]?(?:test|score|value|statistic))?"
    rf"\s?_?(?:[(\[{{]\s*(?:df\s*=\s*)?(?P<df1>{_DF})\s*(?:[,;]\s*(?:[Nn]\s*=\s*(?P<n>[\d,]+)|(?P<df2>{_DF})))?\s*[)\]}}]|(?P<sub1>\d+),\s?(?P<sub2>\d+(?:\.\d+)?)(?=\s*=))?"
    rf"\s*=\s*(?P<value>{_NUMBER})"
    rf"(?P<after>\s*[,;(]\s*(?:d\.?\s?f\.?|degrees? of freedom)\s*[=:]?\s*(?P<df3>{_DF})(?:\s*[,;]\s*(?P<df4>{_DF})(?=\s*[,;)]))?)?"
    r"\s*[,;)(]{0,2}\s*(?:and\s+)?[Pp](?:[- ]?values?)?\s*(?P<operator>=|<|>|≤|≥|<=|>=)\s*(?P<p>0?[.·]\d+|[01](?:[.·]\d+)?)(?![\d/×x%])"
)
_OPERATORS: dict[str, POperator] = {"=": "=", "<": "<", ">": ">", "≤": "<=", "≥": ">=", "<=": "<=", ">=": ">="}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TestStatistic:
    """One printed test: its statistic, degrees of freedom and p value, with offsets in the text read.

    ``kind`` is t, F, chi2, z, r or Q; ``df`` empty where the text gives none.
    """

    __test__ = False  # its name is no wish to be collected by pytest

    start_char: int
    end_char: int
    text: str
    kind: str
    value: Range
    df: tuple[float, ...]
    p: Range
    printed_p: float
    operator: POperator

    def recompute(self) -> Range | None:
        """Return the two-sided p values that the statistic allows, ``None`` where df are missing.

        A chi-squared value without df gives the smallest p it can have, that of one degree.
        """
        if self.kind == "chi2" and not self.df:
            low = _p("chi2", self.value.high, (1.0,))
            return Range(low, 1.0)
        if self.kind in ("t", "r", "chi2", "Q") and len(self.df) != 1:
            return None
        if self.kind == "F" and len(self.df) != 2:
            return None
        size = abs(self.value)
        ends = _p(self.kind, size.low, self.df), _p(self.kind, size.high, self.df)
        return Range(min(ends), max(ends))


def _p(kind: str, value: float, df: tuple[float, ...]) -> float:
    from scipy.special import chdtrc, fdtrc, stdtr

    match kind:
        case "z":
            return p_from_z(value)
        case "t":
            return float(2 * stdtr(df[0], -value))
        case "r":
            if value >= 1:
                return 0.0
            return float(2 * stdtr(df[0], -value * math.sqrt(df[0] / (1 - value * value))))
        case "F":
            return float(fdtrc(df[0], df[1], max(0.0, value)))
        case _:
            return float(chdtrc(df[0], max(0.0, value)))


def find_tests(text: str) -> Iterator[TestStatistic]:
    """Yield the tests that a text prints with a p value, left to right.

    Examples
    --------
    >>> [test.df for test in find_tests("F [3, 28] = 4.1; P = .02 and t(28) = 2.20, p = .036")]
    [(3.0, 28.0), (28.0,)]
    """
    for found in _STATISTIC.finditer(text):
        name = found["name"]
        kind = name if name in ("t", "F", "r", "Q") else "z" if name in ("z", "Z") else "chi2"
        first = found["df1"] or found["sub1"] or found["df3"]
        second = found["df2"] or found["sub2"] or found["df4"]
        df = [float(item) for item in (first, second) if item is not None]
        if kind == "r" and found["df1"] in (None, "2"):  # r(2) is mostly a flattened r²
            df = []
        if any(number <= 0 for number in df):
            continue
        value, p = parse_number(found["value"]), parse_number(found["p"])
        operator = _OPERATORS[found["operator"]]
        yield TestStatistic(
            found.start(), found.end(), found[0], kind, printed_range(value, found["value"]), tuple(df),
            p_range(p, operator, found["p"]), p, operator,
        )  # fmt: skip


_HETEROGENEITY = re.compile(
    rf"(?P<name>Q|χ\s?[²2]|[Cc]hi[²2]|Chi[- ]?squared?)(?:\s?statistic)?\s*=\s*(?P<q>{_NUMBER})\s*[,;]?\s*\(?\s*"
    r"(?:d\.?\s?f\.?|degrees? of freedom)\s*[=:]?\s*(?P<df>\d+)\s*[,;]?\s*"
    rf"(?:\(?[Pp](?:[- ]?value)?\s*[=<>≤≥]\s*{_NUMBER}\)?\s*)?\)?\s*[,;]?\s*\(?\s*I\s?[²2]\s*(?:statistic)?\s*[=:]\s*(?P<i2>\d+(?:[.·]\d+)?)\s?%"
)


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Cochran's Q with its degrees of freedom and the I² printed beside it, in percent."""

    text: str
    q: Range
    df: int
    i2: Range

    def recompute(self) -> Range:
        """Return the I² that Q and df allow, in percent."""
        if self.q.high <= 0:
            return Range(0.0, 0.0)
        low = 100 * max(0.0, 1 - self.df / self.q.low) if self.q.low > 0 else 0.0
        return Range(low, 100 * max(0.0, 1 - self.df / self.q.high))


def find_heterogeneity(text: str) -> Iterator[Heterogeneity]:
    """Yield each Q with df and I².

    Examples
    --------
    >>> next(find_heterogeneity("Chi² = 12.30, df = 5 (P = 0.03); I² = 59%")).df
    5
    """
    for found in _HETEROGENEITY.finditer(text):
        q, i2 = parse_number(found["q"]), parse_number(found["i2"])
        yield Heterogeneity(found[0], printed_range(q, found["q"]), int(found["df"]), printed_range(i2, found["i2"]))  # fmt: skip
