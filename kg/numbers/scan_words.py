"""Words → atoms: names of measures and intervals, number words, units, and mere words."""

from __future__ import annotations

import re
from typing import Final

from kg.numbers import openings as op
from kg.numbers import patterns as pt
from kg.numbers.atom import Atom
from kg.numbers.numerals import number_word_value
from kg.numbers.scan_numbers import NumberScanner, is_denominator
from kg.numbers.tables import COMPILED_MEASURES, COMPILED_STATISTICS, P_KINDS
from kg.numbers.units import AFTER_NUMBER_ONLY, to_ucum

#: What may make a name, an address or a measure of the word before it.
_JOINED: Final = frozenset("0123456789(-@+_")


class WordScanner(NumberScanner):
    """Reads what begins with a letter."""

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
                self.atoms.append(Atom("WORD", at, end, word, word.lower()))
                return end
        if opened & op.NAMED and (named := self._named(at, opened)):
            return named
        if opened != op.KIND and (found := self._special(at, opened)):
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
            return self._add(kind, at, match.end(), key=pt.percent_key(match[0]))
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
            and is_denominator(match)
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
        rest = pt.WORD.match(text, end)
        if rest is None or rest[0] == "per":  # "HRper SD"
            return False
        return not (text[end] in "QT" and text[end + 1 : end + 2].isdecimal())

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
            return self._add("PERCENT", rest.start(), rest.end(), key=pt.percent_key(rest[0]))
        return end
