"""Signs → atoms: comparators, brackets, stops, signs of numbers."""

from __future__ import annotations

from kg.numbers import patterns as pt
from kg.numbers.atom import Atom
from kg.numbers.numerals import comparator
from kg.numbers.scan_numbers import is_denominator
from kg.numbers.scan_words import WordScanner
from kg.numbers.units import to_ucum


class SymbolScanner(WordScanner):
    """Reads what begins with neither a letter nor a digit."""

    def _symbol(self, at: int) -> int:
        text, char = self.text, self.text[at]
        if char in "±+" and (match := pt.PM.match(text, at)):
            return self._add("PM", at, match.end())
        if char in "<>=≤≥" and (match := pt.CMP.match(text, at)):
            return self._add("CMP", at, match.end(), key=comparator(match[0]))
        if char == "%":
            match = pt.PERCENT.match(text, at)
            end = match.end() if match else at + 1
            return self._add("PERCENT", at, end, key=pt.percent_key(text[at:end]))
        if char in "-+":
            return self._sign(at)
        if char == "~":
            previous = self._previous()
            if (
                previous is not None
                and previous.kind in pt.NUMERIC
                and text[at + 1 : at + 3].strip()[:1].isdecimal()
            ):
                return self._add("DASH", at, at + 1)
            return at + 1
        if char == "→":
            return self._add("TO", at, at + 1)
        if char in pt.SIMPLE:
            if char == "/" and (match := pt.RATE.match(text, at)) and is_denominator(match):
                return self._rate(match)
            decimal = bool(self.atoms) and self.atoms[-1].decimals > 0  # "1/1,000" may be n/N
            if char == "/" and decimal and (match := pt.RATE_BARE.match(text, at)):
                return self._rate(match)
            return self._add(pt.SIMPLE[char], at, at + 1)
        if char == "." and self._is_abbreviated(at):
            return at + 1
        if char in ".!?" and pt.SENTENCE_END.match(text, at):
            return self._add("STOP", at, at + 1)
        if char in "°º" and (match := pt.UNIT.match(text, at)):
            return self._add("UNIT", at, match.end(), key=to_ucum(match[0]))
        if char in "βκρτχß°∆" and (end := self._named(at)):
            return end
        if char in "¼½¾":
            return self._add(
                "NUM", at, at + 1, value={"¼": 0.25, "½": 0.5, "¾": 0.75}[char], decimals=2
            )
        if char == "*" or char == "_":
            return at + 1  # emphasis that a converter left behind
        return self._add("OTHER", at, at + 1)

    def _is_abbreviated(self, at: int) -> bool:
        """Whether "515 min. with enema", "S. aureus": a stop that ends a word, for the sentence goes on."""
        before = self._previous()
        if before is None or before.end != at or self.text[at + 1 : at + 2] != " ":
            return False
        short = before.kind == "UNIT" or (before.kind == "WORD" and len(before.text) == 1)
        genus = before.kind == "UNIT" or before.text.isupper()
        return short and genus and self.text[at + 2 : at + 3].islower()

    def _sign(self, at: int) -> int:
        """Decide whether a dash or plus belongs to the number after it."""
        text, char = self.text, self.text[at]
        after = at + 1
        reach = 8 if self.atoms and self.atoms[-1].kind == "EQ" else 3
        while after < len(text) and text[after] == " " and after - at < reach:
            after += 1
        gap_after = after - at - 1
        if text[after : after + 1] in pt.CURRENCY:
            after += 1
        next_char = text[after : after + 1]
        numeric = next_char.isdecimal() or (
            next_char == "." and text[after + 1 : after + 2].isdecimal()
        )
        previous = self._previous()
        gap_before = at - previous.end if previous else 1
        if char == "-" and previous is not None and previous.kind == "NUM" and not gap_before:
            following = text[at + 1 : at + 2]
            if following.isalpha():  # "12-week"
                previous.hyphenated = True
                if match := pt.FOLD.match(text, at):
                    return self._add("FOLD", at, match.end())
                return at + 1
        if numeric and self._is_sign(previous, gap_before, gap_after):
            end = self._number(after, sign=-1 if char == "-" else 1, start=at)
            return end
        counted = previous is not None and previous.kind == "NUM"
        apart = gap_before or self.habits.plus_for_spread
        if char == "+" and numeric and counted and apart and not gap_after:
            return self._add("PM", at, at + 1)  # "6.4 +2.4 hours": the bar under the plus is lost
        return self._add("DASH" if char == "-" else "OTHER", at, at + 1)

    def _is_sign(self, previous: Atom | None, gap_before: int, gap_after: int) -> bool:
        if previous is None or previous.kind in pt.SIGN_AFTER:
            return True
        if previous.kind in pt.NUMERIC:
            return False
        if previous.kind in {"COMMA", "SEMI", "PIPE", "PM"}:
            return gap_after == 0 or previous.kind == "COMMA" or previous.kind == "SEMI"
        if gap_before == 0:
            return previous.kind in {"STOP", "BREAK", "OTHER", "SLASH"} and gap_after == 0
        if gap_after == 0:
            return True
        return previous.lower in pt.SIGN_WORDS
