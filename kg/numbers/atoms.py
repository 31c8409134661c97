"""One pass over a text: characters → typed atoms, which the grammars of statistics and doses read.

API
---
:func:`read_atoms` returns the atoms of a text in order; they never overlap, and white space and
approximation signs are no atoms. Every atom has ``start``/``end`` (offsets into the text given, end
excluded), ``text`` (the mapped characters) and a ``kind``:

========== ==========================================================================================
NUM        a number. ``value`` with sign and magnitude applied ("1.8 million" is 1800000.0),
           ``decimals`` printed, ``signed`` (a sign was printed; it lies inside ``start:end``),
           ``word`` (number word: "twelve"), ``hyphenated`` ("12-week": a word follows after a
           hyphen), ``year`` (looks like a calendar year), ``glued`` (a letter follows at once)
PERCENT    "%", "percent", "per cent"; ``key`` is "pp" for percentage points
UNIT       a unit after a number, or one that can be nothing else; ``key`` is its UCUM code
RATE       "per 1000 person-years", "/100 000"; ``key`` is a UCUM code
FOLD       "-fold", "times", "X" after a number (``value`` ``None``); "twice", "threefold",
           "doubled", "halved" (``value`` 2, 3, 2, 0.5)
CI         the label of an interval, its level and a repeated label included; ``level`` in percent
MEASURE    a measure's name; ``key`` is the code of :data:`kg.records.Measure`, ``adjusted`` is set
STAT       another statistic's name; ``key``: i2 tau2 chi2 F t z U W Q df n eta2 iqr sd se range
           median mean gmean
P          the letter p before a value; ``key`` is the p kind ("trend") or ``None``; "p = NS" → key "ns"
CMP        a comparator; ``key`` is one of < > ≤ ≥; ``word`` for "at least", "less than" …
PM         "±", "+/-"
EQ DASH TO AND OR VS COMMA SEMI COLON SLASH PIPE OPEN CLOSE RESP   what they are called;
           DASH is a range dash or a hyphen, never a sign; RESP is "respectively"
STOP BREAK the end of a sentence; of a paragraph, list item or heading
NAME       digits that are no number: "IL-2", "25(OH)D3", dates, DOIs, "1:1", ordinals, addresses
WORD OTHER any other word; any other character
========== ==========================================================================================

The scan is linear: each pattern is tried at one place, with bounded white space, and the scan moves
past what it matched.
"""

from __future__ import annotations

import re
from typing import Final

from kg.numbers import openings as op
from kg.numbers import patterns as pt
from kg.numbers.atom import Atom
from kg.numbers.charmap import map_characters
from kg.numbers.numerals import Habits, comparator, number_word_value, read_value, scaled
from kg.numbers.tables import COMPILED_MEASURES, COMPILED_STATISTICS, P_KINDS, SCALE_WORDS
from kg.numbers.units import AFTER_NUMBER_ONLY, to_ucum

__all__ = ["Atom", "number_word_value", "read_atoms"]

_OCR_ODDS: Final = re.compile(r"0Rs?(?=[ :=,])")
_LIST_NUMBER: Final = re.compile(r"\d{1,2}[.)] ")
_SPACES: Final = frozenset(" \n\u2009")
#: What may make a name, an address or a measure of the word before it.
_JOINED: Final = frozenset("0123456789(-@+_")


def read_atoms(text: str) -> list[Atom]:
    """Return the atoms of `text`, left to right.

    Parameters
    ----------
    text
        Any text, as it came; the character map is applied inside. Any string is allowed.

    Returns
    -------
    list of Atom
        Offsets are into `text`. See the module's description.
    """
    return _Scanner(map_characters(text)).run()


class _Scanner:
    """The state of one pass."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.atoms: list[Atom] = []
        self.habits = Habits.of(text)
        self.has_address = "@" in text

    def run(self) -> list[Atom]:
        text, at, size = self.text, 0, len(self.text)
        while at < size:
            char = text[at]
            if char == " " and text[at + 1 : at + 2] not in _SPACES:
                at += 1
            elif char in " \n\u2009":
                at = self._space(at)
            elif (char.isdecimal() and char.isascii()) or (
                char == "." and text[at + 1 : at + 2].isdecimal() and not self._touches_word(at)
            ):
                at = self._number(at)
            elif char.isalpha():
                at = self._letters(at)
            else:
                at = self._symbol(at)
        return self.atoms

    # -- helpers -----------------------------------------------------------------------------

    def _add(self, kind: str, start: int, end: int, **more: object) -> int:
        atom = Atom(kind, start, end, self.text[start:end])
        for name, value in more.items():
            setattr(atom, name, value)
        self.atoms.append(atom)
        return end

    def _previous(self) -> Atom | None:
        return self.atoms[-1] if self.atoms else None

    def _touches_word(self, at: int) -> bool:
        return at > 0 and self.text[at - 1].isalnum()

    def _space(self, at: int) -> int:
        text = self.text
        match = pt.SPACE.match(text, at)
        end = match.end() if match else at + 1
        if "\n" in text[at:end]:
            lines = text.count("\n", at, end)
            rest = text[end : end + 4]
            listed = (
                rest[:1] in "*•#|" or (rest[:2] == "- ") or bool(re.match(r"\d{1,2}[.)] ", rest))
            )
            if lines > 1 or (rest and listed):
                self._add("BREAK", at, end)
        return end

    # -- symbols -----------------------------------------------------------------------------

    def _symbol(self, at: int) -> int:
        text, char = self.text, self.text[at]
        if char in "±+" and (match := pt.PM.match(text, at)):
            return self._add("PM", at, match.end())
        if char in "<>=≤≥" and (match := pt.CMP.match(text, at)):
            return self._add("CMP", at, match.end(), key=comparator(match[0]))
        if char == "%":
            match = pt.PERCENT.match(text, at)
            end = match.end() if match else at + 1
            return self._add("PERCENT", at, end, key="pp" if "point" in text[at:end] else None)
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
            if char == "/" and (match := pt.RATE.match(text, at)) and _is_denominator(match):
                return self._rate(match)
            decimal = bool(self.atoms) and self.atoms[-1].decimals > 0  # "1/1,000" may be n/N
            if char == "/" and decimal and (match := pt.RATE_BARE.match(text, at)):
                return self._rate(match)
            return self._add(pt.SIMPLE[char], at, at + 1)
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
        return self._add("DASH" if char == "-" else "OTHER", at, at + 1)

    def _is_sign(self, previous: Atom | None, gap_before: int, gap_after: int) -> bool:
        if previous is None or previous.kind in pt.SIGN_AFTER:
            return True
        if previous.kind in pt.NUMERIC:
            return False
        if previous.kind in {"COMMA", "SEMI", "PIPE", "PM"}:
            return gap_after == 0 or previous.kind == "COMMA" or previous.kind == "SEMI"
        if gap_before == 0:
            return previous.kind in {"STOP", "BREAK", "OTHER"} and gap_after == 0
        if gap_after == 0:
            return True
        return previous.lower in pt.SIGN_WORDS

    # -- numbers -----------------------------------------------------------------------------

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
                key = "pp" if "point" in match[0] else None
                return self._add("PERCENT", match.start(), match.end(), key=key)
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

    # -- words -------------------------------------------------------------------------------

    def _letters(self, at: int) -> int:
        text = self.text
        spelled = pt.WORD.match(text, at)
        word = spelled[0] if spelled else text[at]
        end = at + len(word)
        opened = op.EVERYTHING
        plain = word.isascii() and not (at and text[at - 1].isalpha())
        if plain and text[end : end + 1] not in _JOINED:
            opened = op.openings(word)
            if not opened and not ("." in text[end : end + 1] and self.has_address):
                self.atoms.append(Atom("WORD", at, end, word))
                return end
        if opened & op.NAMED and (named := self._named(at, opened)):
            return named
        if found := self._special(at, opened):
            return found
        kind = pt.WORD_KINDS.get(word.lower(), "WORD")
        if kind == "VS" and word == "V":
            kind = "WORD"
        added = self._add(kind, at, end)
        if text[end : end + 1] == "." and (kind == "VS" or word.lower() in op.ABBREVIATED):
            return end + 1
        return added

    def _special(self, at: int, opened: int) -> int:
        """Add what begins at a letter and is neither a name of the grammar nor a mere word."""
        text = self.text
        if opened == op.EVERYTHING and (match := pt.CJK_RUN.match(text, at)):
            return self._add("WORD", at, match.end())
        if (
            (opened & op.ADDRESS or self.has_address)
            and text[at] in "hwNIACUPEd"
            and (match := pt.OPAQUE.match(text, at))
        ):
            return self._add("NAME", at, match.end())
        if opened & op.FOLD and (match := pt.FOLD_WORD.match(text, at)):
            word = match[0].lower()
            value = (
                float(pt.SMALL_WORDS[match["n"].lower()])
                if match["n"] and match["n"].lower() in pt.SMALL_WORDS
                else pt.FOLD_VALUES.get(word[:5])
            )
            return self._add("FOLD", at, match.end(), value=value, word=True)
        if opened & op.DATE and text[at].isupper() and (match := pt.DATE.match(text, at)):
            return self._add("NAME", at, match.end(), key="date")
        if opened & op.NO_EVENT and text[at] in "nN" and (match := pt.NO_EVENT.match(text, at)):
            return self._add("NUM", at, match.end(), value=0.0, word=True)
        if (
            opened & op.NUMBER
            and (match := pt.NUMBER_WORD.match(text, at))
            and match[0].lower() != "hundred"
        ):
            return self._number_word(match)
        if opened & op.PERCENT and (match := pt.PERCENT.match(text, at)):
            kind = "WORD" if "ile" in match[0] else "PERCENT"
            return self._add(kind, at, match.end(), key="pp" if "point" in match[0] else None)
        if (
            opened & op.COMPARATOR
            and (match := pt.CMP_WORD.match(text, at))
            and pt.NUMBER_NEXT.match(text, match.end())
        ):
            key = pt.CMP_WORDS[int((match.lastgroup or "c0")[1:])][1]
            return self._add("CMP", at, match.end(), key=key, word=True)
        if (
            opened & op.RATE
            and (match := pt.RATE.match(text, at))
            and _is_denominator(match)
            and (match["size"] or match[0][:3].lower() == "per")
        ):
            return self._rate(match)
        if (
            opened & op.RATE
            and text.startswith("per", at)
            and (match := pt.RATE_BARE.match(text, at))
        ):
            return self._rate(match)
        if opened & op.UNIT and (match := pt.UNIT.match(text, at)) and self._unit_fits(match):
            return self._add("UNIT", at, match.end(), key=to_ucum(match[0]))
        if opened != op.EVERYTHING:
            return 0
        if match := pt.BRACKETED_NAME.match(text, at):
            return self._add("NAME", at, match.end())
        if (match := pt.NAME.match(text, at)) and not text.startswith("%", match.end()):
            return self._add("NAME", at, match.end())
        return 0

    def _unit_fits(self, match: re.Match[str]) -> bool:
        printed = match[0]
        if self.text[match.end() : match.end() + 1].isalpha():
            return False
        previous = self._previous()
        numeric = previous is not None and previous.kind in {"NUM", "CLOSE", "PERCENT", "DASH"}
        near = previous is not None and match.start() - previous.end <= 3
        if printed in AFTER_NUMBER_ONLY or len(printed) == 1:
            return (
                numeric
                and near
                and (previous is None or previous.kind != "CLOSE" or len(printed) > 2)
            )
        return True

    def _named(self, at: int, opened: int = op.EVERYTHING) -> int:
        """Add the interval label, measure, statistic or p that begins at `at`; its end or 0."""
        text = self.text
        if (
            at
            and text[at - 1].isalpha()
            and text[at].isalpha()
            and pt.WORD.match(text, at - 1)
            and pt.WORD.match(text, at)
        ):
            return 0
        if opened & op.INTERVAL and (match := pt.CI.match(text, at)):
            level = match["level"] or match["after"]
            return self._add("CI", at, match.end(), level=float(level) if level else None)
        if (
            opened & op.MEASURE
            and (match := pt.MEASURE.match(text, at))
            and not self._is_part_of_word(match)
        ):
            name = COMPILED_MEASURES[int((match.lastgroup or "m0")[1:])][0]
            end = match.end()
            if repeated := pt.REPEATED.match(text, end):
                end = repeated.end()
            if not name.strict or pt.STRICT_NEXT.match(text, end):
                adjusted = bool(
                    re.match(r"(?:a|A|adj|m)[A-Z]", match[0])
                    or "adj" in match[0].lower()
                    or pt.ADJUSTED_BEFORE.search(text[max(0, at - 12) : at])
                )
                return self._add("MEASURE", at, end, key=name.measure, adjusted=adjusted)
        if (
            opened & op.STATISTIC
            and (match := pt.STATISTIC.match(text, at))
            and not self._is_part_of_word(match)
        ):
            key = COMPILED_STATISTICS[int((match.lastgroup or "s0")[1:])][0]
            return self._add("STAT", at, match.end(), key=key)
        if opened & op.P and text[at] in "pPoOtT" and (match := pt.P.match(text, at)) and match[0]:
            if ns := pt.P_NS.match(text, match.end()):
                return self._add("P", at, ns.end(), key="ns")
            kind = match["kind"]
            return self._add("P", at, match.end(), key=P_KINDS.get(kind.lower()) if kind else None)
        return 0

    def _is_part_of_word(self, match: re.Match[str]) -> bool:
        end, text = match.end(), self.text
        if not (text[end - 1].isalpha() and text[end : end + 1].isalpha()):
            return False
        return pt.WORD.match(text, end) is not None and not (
            text[end] in "QT" and text[end + 1 : end + 2].isdecimal()
        )

    def _number_word(self, match: re.Match[str]) -> int:
        text = match[0]
        value = number_word_value(text)
        end = match.end()
        previous = self._previous()
        if (
            value == 1
            and previous is not None
            and previous.lower in {"the", "this", "that", "each", "no", "any", "every"}
        ):
            return self._add("WORD", match.start(), end)
        end = self._add("NUM", match.start(), end, value=float(value), word=True)
        if self.text[end : end + 1] == "-" and self.text[end + 1 : end + 2].isalpha():
            self.atoms[-1].hyphenated = True
            return end + 1
        rest = pt.PERCENT.match(self.text, end + 1)
        if rest and self.text[end] in " -" and "ile" not in rest[0]:
            return self._add(
                "PERCENT", rest.start(), rest.end(), key="pp" if "point" in rest[0] else None
            )
        return end

    def _rate(self, match: re.Match[str]) -> int:
        """Add a rate's denominator: a power of ten, or a thing counted."""
        groups = match.groupdict()
        size_text = groups.get("size") or re.sub(r"\D", "", match[0])
        size = SCALE_WORDS.get(size_text.lower()) or int(re.sub(r"\D", "", size_text) or 1)
        what = (groups.get("what") or "").lower().replace(" ", "-")
        key = f"/{size or 1}" + (f".{{{what}}}" if what else "")
        return self._add("RATE", match.start(), match.end(), key=key)


def _is_denominator(match: re.Match[str]) -> bool:
    """Whether a rate counts per 1, 10, 100 … and not "17/29 patients"."""
    digits = re.sub(r"\D", "", match["size"] or "")
    return not digits or digits.rstrip("0") == "1"
