"""Digits → atoms: numbers with their per cent, and digits that are none; what a scan keeps in mind."""

from __future__ import annotations

import re
from typing import Final

from kg.numbers import patterns as pt
from kg.numbers.atom import Atom
from kg.numbers.numerals import Habits, read_value, scaled
from kg.numbers.tables import SCALE_WORDS

_OCR_ODDS: Final = re.compile(r"0Rs?(?=[ :=,])")


class NumberScanner:
    """The state of one pass, and what begins with a digit."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.atoms: list[Atom] = []
        self.habits = Habits.of(text)
        self.has_address = "@" in text

    def _add(self, kind: str, start: int, end: int, **more: object) -> int:
        printed = self.text[start:end]
        atom = Atom(kind, start, end, printed, printed.lower())
        for name, value in more.items():
            setattr(atom, name, value)
        self.atoms.append(atom)
        return end

    def _previous(self) -> Atom | None:
        return self.atoms[-1] if self.atoms else None

    def _touches_word(self, at: int) -> bool:
        return at > 0 and self.text[at - 1].isalnum()

    def _number(self, at: int, sign: int = 0, start: int | None = None) -> int:
        text = self.text
        start = at if start is None else start
        if not sign and (end := self._digits_that_are_no_number(at)):
            return end
        end, value, decimals = read_value(text, at, self.atoms, self.habits)
        if text[end : end + 1] == "." and text[end + 1 : end + 2] in {"%", ")"} and not decimals:
            end += 1  # "66.%"
        if match := pt.E_EXPONENT.match(text, end):
            exponent = int(match[1].replace(" ", ""))
            value, decimals, end = scaled(value, exponent), decimals, match.end()
        elif (match := pt.EXPONENT.match(text, end)) and (
            exponent_text := match[1] or match[2] or match[3]
        ):
            exponent = int(exponent_text.translate(pt.SUPERSCRIPT).replace(" ", ""))
            value, end = scaled(value, exponent), match.end()
        elif match := pt.MAGNITUDE.match(text, end):
            value, end = value * SCALE_WORDS[match[1].lower()], match.end()
        year = (
            not sign
            and decimals == 0
            and 1900 <= value <= 2099
            and end - at == 4
            and not pt.UNIT.match(text, end + (text[end : end + 1] == " "))
            and text[end : end + 2].strip()[:1] not in {"%", "±"}
        )
        self._add(
            "NUM", start, end, value=round(value * (sign or 1), 12) if abs(value) < 1e6 else value * (sign or 1),
            decimals=decimals, signed=bool(sign), year=year, glued=text[end : end + 1].isalpha(),
        )  # fmt: skip
        match = pt.PERCENT.match(text, end) or pt.PERCENT.match(text, end + 1)
        if match and (not text[match.start()].isalpha() or match.start() > end):
            if "ile" in match[0]:
                self.atoms[-1].kind = "NAME"  # a percentile
                return match.end()
            if text[end : match.start()] in {"", " ", "-", "\n"}:
                return self._add(
                    "PERCENT", match.start(), match.end(), key=pt.percent_key(match[0])
                )
        if match := pt.FOLD.match(text, end):
            return self._add("FOLD", match.start(), match.end())
        return end

    def _digits_that_are_no_number(self, at: int) -> int:
        """Return the end of a name that begins with digits, added as an atom, or 0."""
        text = self.text
        previous = self._previous()
        if (match := pt.LEVEL_THEN_LABEL.match(text, at)) and (label := pt.CI.match(text, at)):
            level = label["level"] or label["after"]
            return self._add("CI", at, label.end(), level=float(level) if level else None)
        del match
        if text[at] == "0" and (match := _OCR_ODDS.match(text, at)):
            return self._add("MEASURE", at, match.end(), key="OR")
        if text.startswith("10.", at) and (match := pt.OPAQUE.match(text, at)):
            return self._add("NAME", at, match.end())
        if (match := pt.VITAMER.match(text, at)) and len(match[0]) > 3:
            return self._add("NAME", at, match.end())
        if match := pt.DATE.match(text, at):
            return self._add("NAME", at, match.end(), key="date")
        glued = previous is not None and previous.end == at and previous.kind in {"PM", "EQ", "CMP"}
        if (match := pt.DIGIT_NAME.match(text, at)) and not glued:
            digits = len(match[0]) - len(match[0].lstrip("0123456789"))
            unit = pt.UNIT.match(text, at + digits)
            spell = re.sub(r"^\d+-?", "", match[0])
            if not (unit and unit.end() >= match.end()) and spell not in {"X", "NA", "NAI"}:
                return self._add("NAME", at, match.end())
        if match := pt.YEAR_SPAN.match(text, at):
            span = match[0]
            if len(span) > 4 and not pt.UNIT.match(
                text, match.end() + (text[match.end() : match.end() + 1] == " ")
            ):
                first, last = int(span[:4]), int(re.split(r"\D+", span)[1])
                last = last if last > 99 else first // 100 * 100 + last
                if first < last <= 2099 and text[match.end() : match.end() + 1] != "%":
                    return self._add("NAME", at, match.end(), key="date")
        return 0

    def _rate(self, match: re.Match[str]) -> int:
        """Add a rate's denominator: a power of ten, or a thing counted."""
        groups = match.groupdict()
        size_text = groups.get("size") or re.sub(r"\D", "", match[0])
        size = SCALE_WORDS.get(size_text.lower()) or int(re.sub(r"\D", "", size_text) or 1)
        what = (groups.get("what") or "").lower().replace(" ", "-")
        key = f"/{size or 1}" + (f".{{{what}}}" if what else "")
        return self._add("RATE", match.start(), match.end(), key=key)


def is_denominator(match: re.Match[str]) -> bool:
    """Whether a rate counts per 1, 10, 100 … and not "17/29 patients"."""
    digits = re.sub(r"\D", "", match["size"] or "")
    return not digits or digits.rstrip("0") == "1"
