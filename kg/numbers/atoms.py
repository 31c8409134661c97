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
from dataclasses import dataclass
from typing import Final

from kg.numbers.charmap import GROUP_SPACE, map_characters
from kg.numbers.tables import (
    COMPILED_MEASURES,
    COMPILED_STATISTICS,
    INTERVAL_LABEL,
    LEVEL,
    P_KINDS,
    REPEATED_NAME,
    SCALE_WORDS,
    TENS_WORDS,
    UNITS_WORDS,
    VERSUS_WORDS,
)
from kg.numbers.units import AFTER_NUMBER_ONLY, UNIT_PATTERN, to_ucum


@dataclass(slots=True)
class Atom:
    """A typed piece of text; see the module's description for the kinds."""

    kind: str
    start: int
    end: int
    text: str
    value: float | None = None
    decimals: int = 0
    key: str | None = None
    level: float | None = None
    signed: bool = False
    word: bool = False
    hyphenated: bool = False
    year: bool = False
    glued: bool = False
    adjusted: bool = False

    @property
    def lower(self) -> str:
        """The text in lower case."""
        return self.text.lower()


_S = r"[ \n]{0,8}"

# A letter that words are made of; Chinese, Japanese and Korean ones form words without blanks.
_CJK: Final = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_L: Final = rf"[^\W\d_{_CJK}]"
_CJK_RUN: Final = re.compile(rf"[{_CJK}](?:(?!曲线下面积)[{_CJK}]){{0,40}}")
_SPACE: Final = re.compile(rf"[ \n{GROUP_SPACE}]+")
_BREAK: Final = re.compile(r"\n[ ]*(?=\n)|\n(?=[ ]{0,8}(?:[*•#|]|-[ ]|\d{1,2}[.)][ ]))")
_WORD: Final = re.compile(rf"{_L}+(?:['-](?={_L}){_L}+)*")
_NAME: Final = re.compile(
    r"(?!(?:and|to|of|was|by|vs|versus|or|than|is|were|in|from|for|at|with)\d)"
    rf"{_L}{{1,30}}(?:-?\d{{1,12}}(?![.,]?\d){_L}{{0,12}}){{1,4}}(?:\([^\W_]{{1,4}}\))?(?::\d{{1,2}}(?![\d.]))?"
)
_BRACKETED_NAME: Final = re.compile(r"[A-Z][A-Za-z]{0,4}\(\d{1,2}[a-z]?\)(?!\d)")
_CURRENCY: Final = "$€£"
_OPAQUE: Final = re.compile(  # addresses and identifiers
    r"https?:/{0,2}[^\s)\]>\"]{1,2000}|www\.[^\s)\]>\"]{1,2000}|10\.\d{4,9}/[^\s)\]>\"]{1,300}"
    r"|(?:NCT|ISRCTN|ACTRN|ChiCTR|UMIN|CTRI|PMC)[-/:A-Za-z]{0,8}\d{3,20}"
    r"|(?:PMID|PMCID|ISSN|ISBN|doi|DOI|EudraCT|ClinicalTrials\.gov)[: ]{0,3}(?:PMC)?\d[-\d./X]{1,40}"
    r"|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}"
)
_VITAMER: Final = re.compile(
    r"(?:1[ ]?[αa]?[ ]?,[ ]?)?2[45][ ]?-?[ ]?(?:di)?(?:[hH]ydroxy[\w-]{0,30}|[\(\[]?OH[\)\]]?[ ]?(?:[\(\[]?2[\)\]]?)?[ ]?-?[ ]?(?:[vV]it(?:amin)?\.?[ ]?)?D?\d?)(?:\(\d\))?"
    r"|1[ ]?,[ ]?25-?(?:\(?OH\)?|di)[\w()-]{0,30}"
)
_MONTH: Final = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
_DATE: Final = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?[ ])?{_MONTH}\.?[ ,]{{1,2}}(?:\d{{1,2}}(?:st|nd|rd|th)?,?[ ])?(?:19|20)\d\d(?!\d)"
    rf"|{_MONTH}\.?[ ]\d{{1,2}}(?:st|nd|rd|th)?(?![\d.%])|\d{{1,2}}[ ]{_MONTH}(?![a-z])"
    r"|(?:19|20)\d\d-\d\d-\d\d(?:T[\d:.Z+-]{1,20})?|\d{1,2}/\d{1,2}/(?:19|20)\d\d|(?:19|20)\d\d;\d{1,4}(?:\(\d{1,4}\))?(?::[\w-]{1,15})?"
    r"|(?:19|20)\d\d[ ]" + _MONTH + r"(?:[ ]\d{1,2})?(?!\w)"
)
_DIGIT_NAME: Final = re.compile(
    r"\d{16,}|\d{1,4}(?:st|nd|rd|th)(?![a-z])|\d{1,3}:\d{1,3}(?::\d{1,3})?(?![.,\d])"
    r"|\d{1,2}[A-Z](?:[A-Z0-9]{1,6})(?![a-z])|\d{1,2}[A-Z](?![\w/])(?![ ]?/)"
    r"|\d{1,2}(?:,\d{1,2}){1,4}-[a-z]{3,}"
    r"|\d{1,3}(?:\.\d{1,3}){3,6}|\d{1,2}p\d\d|\d{1,4}-[A-Z]{2,}(?:[-\d]{1,4})?(?![a-z])|\d{1,2}-\d{1,2}-\d{2,4}(?!\.?\d)"
)
_YEAR_SPAN: Final = re.compile(r"(?:19|20)\d\d(?:[ ]?[-/][ ]?(?:(?:19|20)\d\d|\d\d))?(?![\d.,]*\d)")

_SUPERSCRIPT: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_PLAIN_NUMBER: Final = re.compile(r"\d{1,15}(?:\.\d{1,15})?|\.\d{1,15}")
_COMMA_GROUPS: Final = re.compile(r"[1-9]\d{0,2}(?:,\d{3}){1,4}+(?!\d)(?:\.\d{1,6})?")
_SPACE_GROUPS: Final = re.compile(r"[1-9]\d{0,2}(?:[ ]\d{3}){1,4}+(?![\d]|\.\d)")
_NARROW_GROUPS: Final = re.compile(
    rf"[1-9]\d{{0,2}}(?:{GROUP_SPACE}\d{{3}}){{1,4}}+(?:\.\d{{1,6}})?"
)
_TABLE_YEAR: Final = re.compile(r"(?:19|20)\d\d(?=\.\d)")
_POINT_GROUPS: Final = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){1,4}+(?![\d.]\d|\d)")
_SPLIT_DECIMAL: Final = re.compile(r"(\d{1,6})\.[ ](\d{1,6})(?![\d.])")
_COMMA_DECIMAL: Final = re.compile(r"\d{1,6},\d{1,6}(?![,.]?\d)")
_HYPHEN_DECIMAL: Final = re.compile(r"\d-\d\d(?!\d)")
_EXPONENT: Final = re.compile(
    rf"{_S}(?:[×*xX]|·|\.){_S}10{_S}(?:\(({{0}})\)|\^?{_S}\(?({{0}})\)?|([⁻⁰¹²³⁴-⁹]{{1,4}}))".replace(
        "{0}", r"-[ ]?\d{1,3}|\d{1,2}"
    )
    .replace("{{", "{")
    .replace("}}", "}")
)
_E_EXPONENT: Final = re.compile(r"[eE]([-+]?[ ]?\d{1,3})(?![\d.])")
_MAGNITUDE: Final = re.compile(
    rf"{_S}-?(million|billion|thousand|hundred)s?(?![a-z])", re.IGNORECASE
)
_COUNTED_NOUN: Final = re.compile(
    r"[ ]{0,2}(?:[a-z]{1,15}[ ]){0,2}?(?:IU|I\.U|units|patients|participants|people|subjects|women|men|individuals|children|"
    r"adults|cases|deaths|persons?|births|infants|studies|volunteers|controls|pregnan\w{1,5}|patient-years|person-years|steps|cells|mothers|households|veterans)\b"
)
_AFTER_N: Final = re.compile(r"[nN][ ]{0,2}=[ ]{0,2}$")

_PERCENT: Final = re.compile(
    r"%-?[ ]?points?\b|%|per[ ]cent(?:age[ ]points?)?\b|percent(?:age[ ]points?)?\b|pcnt\b|pct\b|perc\b|[pP]ercentiles?\b"
)
_PM: Final = re.compile(r"±|\+[ ]?/[ ]?[-_]|\+\\-|\+-(?=[ ]?\d)|\+/(?=[ ]?\d)")
_UNIT: Final = re.compile(UNIT_PATTERN)
_RATE: Final = re.compile(
    rf"(?:per|/|for every|for each){_S}(?P<size>(?:\d{{1,3}}(?:[ ,]\d{{3}}){{1,2}}|\d{{1,7}}|hundred|thousand|million)?){_S}-?"
    r"(?P<what>(?:person|patient|woman|women|child|catheter|ventilator|hospital|bed|device|participant|subject|man|people|procedure)[- ]?(?:'?s)?[- ]?(?:at[- ]risk[- ])?(?:years?|yrs?|months?|weeks?|days?)(?:[- ]at[- ]risk)?"
    r"|live[- ]births|births|population|inhabitants|people|persons|pregnancies|deliveries|admissions|patients|women|children|days|PY|pys)(?![a-z])",
    re.IGNORECASE,
)
_RATE_BARE: Final = re.compile(
    r"(?:per|/)[ ]{0,2}(?:10{2,6}|\d{1,3}[ ,]000)(?![\d.])(?![ ]?(?:mL|ml|mg|g|IU|kcal|cells|μg|mcg|ug|ng)\b)"
)
_CI: Final = re.compile(
    rf"(?:(?:the[ ])?(?P<level>{LEVEL}){_S}%?{_S}-?{_S})?(?:(?:two|one)-sided[ ])?(?P<label>{INTERVAL_LABEL})"
    rf"(?:{_S}[\(\[]{_S}(?:{LEVEL}{_S}%?{_S})?(?:CIs?|C\.I\.|CrIs?)(?:{_S}{LEVEL}{_S}%)?{_S}[\)\]]|{_S}:{_S}CI(?=[ )]))?"
    rf"(?:{_S}[\(\[]?(?P<after>{LEVEL}){_S}%[\)\]]?)?"
)
_LEVEL_THEN_LABEL: Final = re.compile(rf"{LEVEL}{_S}%?{_S}-?{_S}(?:two-sided[ ])?{INTERVAL_LABEL}")
_P: Final = re.compile(
    r"(?:(?:two|one|2|1)-(?:sided|tailed)[ ])?[Pp][-_\s]?(?:(?:[Vv]alues?|val)\b\.?)?"
    rf"(?:{_S}[-_\(\[]?(?:for[ ](?:the[ ]|a[ ])?)?(?P<kind>{'|'.join(sorted(P_KINDS, key=len, reverse=True))})[\)\]]?)?"
    rf"(?:{_S}(?:for|of)(?:{_S}(?:all|both|the|each|every|overall|between|group|groups|differences?|comparisons?|these|log-rank|[A-Za-z-]{{1,20}})){{1,4}})?"
    rf"(?:{_S}\((?:log-?rank|two-sided|one-sided|adj(?:usted)?|corrected|[A-Za-z -]{{1,20}})\))?"
    rf"(?:{_S}(?:values?|was|were|is|are|of|being|all|both|at|each))*?"
    rf"(?={_S}(?:[<>=≤≥]|[:,]?{_S}0?\.\d|(?:less|greater|more|lower)[ ]than[ ]0?\.\d)|{_S}[:=]?{_S}(?:NS|ns|n\.s|N\.S))"
)
_P_NS: Final = re.compile(rf"{_S}[:=]?{_S}(?:NS|ns|n\.s\.?|N\.S\.?)(?![A-Za-z])")
_CMP: Final = re.compile(
    r"<[ ]?(?:or[ ]?)?=|=[ ]?<|<[ ]?/[ ]?=|=/<|>[ ]?(?:or[ ]?)?=|=[ ]?>(?=[ ]?[.\d])|=/>|<<|[<>≤≥]"
)
_CMP_WORDS: Final[tuple[tuple[str, str], ...]] = (
    (r"less than or equal to|lower than or equal to|no more than|not more than|at most|up to|a maximum of|maximum", "≤"),
    (r"(?:greater|more|higher) than or equal to|at least|no less than|not less than|a minimum of|minimum|as (?:many|much|high) as", "≥"),
    (r"less than|fewer than|lower than|smaller than|under|below|younger than", "<"),
    (r"more than|greater than|higher than|larger than|over|above|exceeding|exceeded|in excess of|older than", ">"),
)  # fmt: skip
_CMP_WORD: Final = re.compile(
    "|".join(f"(?P<c{n}>{words})" for n, (words, _) in enumerate(_CMP_WORDS)), re.IGNORECASE
)
_NUMBER_NEXT: Final = re.compile(r"[ \n]{1,3}(?:about |approximately |the |an? )?(?:-?\.?\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|fifty)\b)")
_FOLD: Final = re.compile(r"[- ]{0,2}(?:folds?(?![a-z])|times(?![a-z])|[xX](?![a-zA-Z])(?![ ]?\d))")
_FOLD_WORD: Final = re.compile(
    r"(?P<n>two|three|four|five|six|seven|eight|nine|ten|twenty|several|many)[- ]?fold|twice|thrice|"
    r"doubl(?:ed|es|e|ing)|tripl(?:ed|es|e|ing)|quadrupled|half(?=[ ](?:as[ ](?:many|much|likely)|the[ ](?:number|rate|risk|odds|incidence|likelihood|chance|frequency)))|halv(?:ed|es|e|ing)",
    re.IGNORECASE,
)
_FOLD_VALUES: Final = {
    "twice": 2.0, "thrice": 3.0, "doubl": 2.0, "tripl": 3.0, "quadr": 4.0, "halve": 0.5, "half": 0.5, "halvi": 0.5,
}  # fmt: skip
_SMALL_WORDS: Final = {**UNITS_WORDS, **TENS_WORDS}
_NUMBER_WORD: Final = re.compile(
    rf"(?:{'|'.join([*_SMALL_WORDS, 'a hundred', 'a thousand', 'a million', 'hundred'])})(?:[-\s](?:and )?(?:{'|'.join([*_SMALL_WORDS, *SCALE_WORDS])}))*+(?![a-z])",
    re.IGNORECASE,
)
_MEASURE: Final = re.compile(
    "|".join(
        f"(?P<m{n}>(?i:{name.pattern}))" if name.ignore_case else f"(?P<m{n}>{name.pattern})"
        for n, (name, _) in enumerate(COMPILED_MEASURES)
    )
)
_STATISTIC: Final = re.compile(
    "|".join(
        f"(?P<s{n}>(?i:{pattern.pattern}))"
        if pattern.flags & re.IGNORECASE
        else f"(?P<s{n}>{pattern.pattern})"
        for n, (_, pattern) in enumerate(COMPILED_STATISTICS)
    )
)
_REPEATED: Final = re.compile(REPEATED_NAME)
_STRICT_NEXT: Final = re.compile(r"[ \n]{0,3}(?:[=:,;(\[]|was |were |is |are |of |for |-?[.\d])")
_ADJUSTED_BEFORE: Final = re.compile(r"(?<!un)adjusted[ \n]{1,3}$|\badj\.? $", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.!?](?=[\"')\]]{0,2}(?:\s|$|[A-Z(\[]|\d{1,2}(?:\s|,|-|$)))")
_SIMPLE: Final[dict[str, str]] = {
    ",": "COMMA", ";": "SEMI", ":": "COLON", "/": "SLASH", "|": "PIPE", "(": "OPEN", "[": "OPEN",
    "{": "OPEN", ")": "CLOSE", "]": "CLOSE", "}": "CLOSE", "=": "EQ",
}  # fmt: skip
_WORD_KINDS: Final[dict[str, str]] = {
    "to": "TO", "through": "TO", "till": "TO", "and": "AND", "or": "OR", "respectively": "RESP",
    "resp": "RESP", "respectfully": "RESP", **dict.fromkeys(VERSUS_WORDS, "VS"),
}  # fmt: skip
_SIGN_AFTER: Final = frozenset({"EQ", "COLON", "OPEN", "CMP", "CI", "MEASURE", "TO", "DASH"})
_SIGN_WORDS: Final = frozenset({
    "was", "were", "of", "by", "is", "change", "changed", "difference", "from", "and", "mean",
    "median", "slope", "score",
})  # fmt: skip
_NUMERIC: Final = frozenset({"NUM", "PERCENT", "UNIT", "FOLD", "RATE"})


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
        self.splits_decimals = len(re.findall(r"[<>=] ?\d\. \d\d", text[:200_000])) > 0
        commas = len(re.findall(r"(?<![\d.,])\d{1,3},\d{1,2}(?![\d,.])", text[:200_000]))
        points = len(re.findall(r"\d\.\d", text[:200_000]))
        self.comma_decimals = commas > 2 and commas > points

    def run(self) -> list[Atom]:
        text, at, size = self.text, 0, len(self.text)
        while at < size:
            char = text[at]
            if char in " \n\u2009":
                at = self._space(at)
            elif char.isdecimal() and char.isascii():
                at = self._number(at)
            elif char == "." and text[at + 1 : at + 2].isdecimal() and not self._touches_word(at):
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
        match = _SPACE.match(text, at)
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
        if char in "±+" and (match := _PM.match(text, at)):
            return self._add("PM", at, match.end())
        if char in "<>=≤≥" and (match := _CMP.match(text, at)):
            return self._add("CMP", at, match.end(), key=_comparator(match[0]))
        if char == "%":
            match = _PERCENT.match(text, at)
            end = match.end() if match else at + 1
            return self._add("PERCENT", at, end, key="pp" if "point" in text[at:end] else None)
        if char in "-+":
            return self._sign(at)
        if char == "~":
            previous = self._previous()
            if (
                previous is not None
                and previous.kind in _NUMERIC
                and text[at + 1 : at + 3].strip()[:1].isdecimal()
            ):
                return self._add("DASH", at, at + 1)
            return at + 1
        if char == "→":
            return self._add("TO", at, at + 1)
        if char in _SIMPLE:
            if char == "/" and (match := _RATE.match(text, at)) and _is_denominator(match):
                return self._rate(match)
            if char == "/" and (match := _RATE_BARE.match(text, at)):
                return self._rate(match)
            return self._add(_SIMPLE[char], at, at + 1)
        if char in ".!?" and _SENTENCE_END.match(text, at):
            return self._add("STOP", at, at + 1)
        if char in "βκρτχß°" and (end := self._named(at)):
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
        if text[after : after + 1] in _CURRENCY:
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
                if match := _FOLD.match(text, at):
                    return self._add("FOLD", at, match.end())
                return at + 1
        if numeric and self._is_sign(previous, gap_before, gap_after):
            end = self._number(after, sign=-1 if char == "-" else 1, start=at)
            return end
        return self._add("DASH" if char == "-" else "OTHER", at, at + 1)

    def _is_sign(self, previous: Atom | None, gap_before: int, gap_after: int) -> bool:
        if previous is None or previous.kind in _SIGN_AFTER:
            return True
        if previous.kind in _NUMERIC:
            return False
        if previous.kind in {"COMMA", "SEMI", "PIPE", "PM"}:
            return gap_after == 0 or previous.kind == "COMMA" or previous.kind == "SEMI"
        if gap_before == 0:
            return previous.kind in {"STOP", "BREAK", "OTHER"} and gap_after == 0
        if gap_after == 0:
            return True
        return previous.lower in _SIGN_WORDS

    # -- numbers -----------------------------------------------------------------------------

    def _number(self, at: int, sign: int = 0, start: int | None = None) -> int:
        text = self.text
        start = at if start is None else start
        if not sign and (end := self._digits_that_are_no_number(at)):
            return end
        end, value, decimals = self._read_value(at)
        if text[end : end + 1] == "." and text[end + 1 : end + 2] in {"%", ")"} and not decimals:
            end += 1  # "66.%"
        if match := _E_EXPONENT.match(text, end):
            exponent = int(match[1].replace(" ", ""))
            value, decimals, end = _scale(value, exponent), decimals, match.end()
        elif (match := _EXPONENT.match(text, end)) and (
            exponent_text := match[1] or match[2] or match[3]
        ):
            exponent = int(exponent_text.translate(_SUPERSCRIPT).replace(" ", ""))
            value, end = _scale(value, exponent), match.end()
        elif match := _MAGNITUDE.match(text, end):
            value, end = value * SCALE_WORDS[match[1].lower()], match.end()
        year = (
            not sign
            and decimals == 0
            and 1900 <= value <= 2099
            and end - at == 4
            and not _UNIT.match(text, end + (text[end : end + 1] == " "))
            and text[end : end + 2].strip()[:1] not in {"%", "±"}
        )
        self._add(
            "NUM", start, end, value=round(value * (sign or 1), 12) if abs(value) < 1e6 else value * (sign or 1),
            decimals=decimals, signed=bool(sign), year=year, glued=text[end : end + 1].isalpha(),
        )  # fmt: skip
        if match := _PERCENT.match(text, end) or _PERCENT.match(text, end + 1):
            if not text[match.start()].isalpha() or match.start() > end:
                gap = text[end : match.start()]
                if gap in {"", " ", "-", "\n"} and "ile" not in match[0]:
                    points = "point" in match[0]
                    return self._add(
                        "PERCENT", match.start(), match.end(), key="pp" if points else None
                    )
                if "ile" in match[0]:
                    self.atoms[-1].kind = "NAME"
                    return match.end()
        if match := _FOLD.match(text, end):
            return self._add("FOLD", match.start(), match.end())
        return end

    def _digits_that_are_no_number(self, at: int) -> int:
        """Return the end of a name that begins with digits, added as an atom, or 0."""
        text = self.text
        previous = self._previous()
        if (match := _LEVEL_THEN_LABEL.match(text, at)) and (label := _CI.match(text, at)):
            level = label["level"] or label["after"]
            return self._add("CI", at, label.end(), level=float(level) if level else None)
        del match
        if text[at] == "0" and (match := re.compile(r"0Rs?(?=[ :=,])").match(text, at)):
            return self._add("MEASURE", at, match.end(), key="OR")
        if text.startswith("10.", at) and (match := _OPAQUE.match(text, at)):
            return self._add("NAME", at, match.end())
        if (match := _VITAMER.match(text, at)) and len(match[0]) > 3:
            return self._add("NAME", at, match.end())
        if match := _DATE.match(text, at):
            return self._add("NAME", at, match.end(), key="date")
        glued = previous is not None and previous.end == at and previous.kind in {"PM", "EQ", "CMP"}
        if (match := _DIGIT_NAME.match(text, at)) and not glued:
            unit = (
                _UNIT.match(text, at + len(re.match(r"\d+", match[0])[0]))
                if match[0][0].isdecimal()
                else None
            )  # type: ignore[index]
            spell = re.sub(r"^\d+-?", "", match[0])
            if not (unit and unit.end() >= match.end()) and spell not in {"X", "NA", "NAI"}:
                return self._add("NAME", at, match.end())
        if match := _YEAR_SPAN.match(text, at):
            span = match[0]
            if len(span) > 4 and not _UNIT.match(
                text, match.end() + (text[match.end() : match.end() + 1] == " ")
            ):
                first, last = int(span[:4]), int(re.split(r"\D+", span)[1])
                last = last if last > 99 else first // 100 * 100 + last
                if first < last <= 2099 and text[match.end() : match.end() + 1] != "%":
                    return self._add("NAME", at, match.end(), key="date")
        return 0

    def _read_value(self, at: int) -> tuple[int, float, int]:
        """Read the digits at `at`: where they end, their value, how many decimals are printed."""
        text = self.text
        if match := _COMMA_GROUPS.match(text, at):
            digits = match[0].replace(",", "")
            return match.end(), float(digits), _decimals(digits)
        if match := _NARROW_GROUPS.match(text, at):
            digits = match[0].replace(GROUP_SPACE, "")
            return match.end(), float(digits), _decimals(digits)
        if (match := _TABLE_YEAR.match(text, at)) and at > 1 and text[at - 1] not in " \n=(,":
            return match.end(), float(match[0]), 0  # "Feng.2019.35(35)": cells run together
        if (match := _SPACE_GROUPS.match(text, at)) and self._groups_are_one_number(match):
            return match.end(), float(match[0].replace(" ", "")), 0
        if (match := _POINT_GROUPS.match(text, at)) and self._points_group(match):
            return match.end(), float(match[0].replace(".", "")), 0
        if match := _SPLIT_DECIMAL.match(text, at):
            whole, part = match.groups()
            if (whole == "0" and len(part) > 1) or (
                self.splits_decimals and (not self._ends_item(at) or text[match.end() : match.end() + 1] == "%")
            ):
                return match.end(), float(f"{whole}.{part}"), len(part)
        if match := _COMMA_DECIMAL.match(text, at):
            whole, part = match[0].split(",")
            if _LEVEL_THEN_LABEL.match(text, at + len(whole) + 1):
                return at + len(whole), float(whole), 0  # "6,95% CI": the level follows
            percent = text[match.end() : match.end() + 2].strip()[:1] == "%"
            if (
                (whole == "0" and part)
                or self.comma_decimals
                or (percent and len(part) < 3 and not self._in_list(at))
            ):
                return match.end(), float(f"{whole}.{part}"), len(part)
        if (match := _HYPHEN_DECIMAL.match(text, at)) and self._hyphen_is_point(match):
            return match.end(), float(match[0].replace("-", ".")), 2
        match = _PLAIN_NUMBER.match(text, at)
        if match is None:  # pragma: no cover - callers look first
            return at + 1, 0.0, 0
        return match.end(), float(match[0]), _decimals(match[0])

    def _groups_are_one_number(self, match: re.Match[str]) -> bool:
        """Whether digits in groups of three with blanks between are one number."""
        text, start = self.text, match.start()
        groups = match[0].split(" ")
        if len(groups) > 2 or "000" in groups[1:]:
            return True
        if _AFTER_N.search(text[max(0, start - 6) : start]):
            return True
        previous = self._previous()
        named = previous is not None and previous.kind == "NAME"
        if re.compile(r"[ ]{0,2}\(\d{1,3}(?:\.\d+)?[ ]?%").match(text, match.end()):
            return True  # "31 533 (59%)"
        return bool(_COUNTED_NOUN.match(text, match.end())) and not named

    def _points_group(self, match: re.Match[str]) -> bool:
        groups = match[0].split(".")
        if len(groups) > 2:
            return True
        return bool(re.compile(r"[ ]?(?:IU|I\.U)\b").match(self.text, match.end())) or (
            bool(_COUNTED_NOUN.match(self.text, match.end())) and not self._after_equals()
        )

    def _after_equals(self) -> bool:
        previous = self._previous()
        return previous is not None and previous.kind in {"EQ", "CI", "MEASURE"}

    def _ends_item(self, at: int) -> bool:
        """Whether a number here would stand at the head of a list item."""
        previous = self._previous()
        return previous is None or previous.kind in {"BREAK", "STOP"}

    def _in_list(self, at: int) -> bool:
        previous = self._previous()
        return previous is not None and previous.kind == "COMMA" and previous.end == at

    def _hyphen_is_point(self, match: re.Match[str]) -> bool:
        """ "OR 1-94 (95% CI 1.21-3.08)": a hyphen in the place of the point."""
        previous = self._previous()
        if previous is None or previous.kind not in {"MEASURE", "EQ"}:
            return False
        if previous.kind == "EQ" and not (len(self.atoms) > 1 and self.atoms[-2].kind == "MEASURE"):
            return False
        whole, part = match[0].split("-")
        rest = self.text[match.end() : match.end() + 24]
        return int(whole) < int(part) and bool(re.match(r"[ ,;]{0,3}[\(\[]?[ ]?9\d ?%", rest))

    # -- words -------------------------------------------------------------------------------

    def _letters(self, at: int) -> int:
        text = self.text
        if end := self._named(at):
            return end
        previous = self._previous()
        if match := _CJK_RUN.match(text, at):
            return self._add("WORD", at, match.end())
        if text[at] in "hwNIACUPEd" and (match := _OPAQUE.match(text, at)):
            return self._add("NAME", at, match.end())
        if match := _FOLD_WORD.match(text, at):
            word = match[0].lower()
            value = (
                float(_SMALL_WORDS[match["n"].lower()])
                if match["n"] and match["n"].lower() in _SMALL_WORDS
                else _FOLD_VALUES.get(word[:5])
            )
            return self._add("FOLD", at, match.end(), value=value, word=True)
        if text[at].isupper() and (match := _DATE.match(text, at)):
            return self._add("NAME", at, match.end(), key="date")
        if (match := _NUMBER_WORD.match(text, at)) and (match[0].lower() != "hundred"):
            return self._number_word(match)
        if match := _PERCENT.match(text, at):
            kind = "WORD" if "ile" in match[0] else "PERCENT"
            return self._add(kind, at, match.end(), key="pp" if "point" in match[0] else None)
        if (match := _CMP_WORD.match(text, at)) and _NUMBER_NEXT.match(text, match.end()):
            key = _CMP_WORDS[int((match.lastgroup or "c0")[1:])][1]
            return self._add("CMP", at, match.end(), key=key, word=True)
        if (match := _RATE.match(text, at)) and _is_denominator(match) and (match["size"] or match[0][:3].lower() == "per"):
            return self._rate(match)
        if text.startswith("per", at) and (match := _RATE_BARE.match(text, at)):
            return self._rate(match)
        numeric = previous is not None and previous.kind in {"NUM", "CLOSE", "PERCENT", "DASH"}
        if (match := _UNIT.match(text, at)) and self._unit_fits(match, numeric):
            return self._add("UNIT", at, match.end(), key=to_ucum(match[0]))
        if match := _BRACKETED_NAME.match(text, at):
            return self._add("NAME", at, match.end())
        word = _WORD.match(text, at)
        if match := _NAME.match(text, at):
            if text[match.end() : match.end() + 1] not in {"%"}:
                return self._add("NAME", at, match.end())
        end = word.end() if word else at + 1
        kind = _WORD_KINDS.get(text[at:end].lower(), "WORD")
        if kind == "VS" and text[at:end] == "V":
            kind = "WORD"
        added = self._add(kind, at, end)
        if text[end : end + 1] == "." and (
            kind == "VS"
            or text[at:end].lower()
            in {
                "al",
                "fig",
                "approx",
                "resp",
                "e.g",
                "i.e",
                "eg",
                "ie",
                "no",
                "dr",
                "vit",
                "avg",
                "ca",
            }
        ):
            return end + 1
        return added

    def _unit_fits(self, match: re.Match[str], numeric: bool) -> bool:
        printed = match[0]
        if self.text[match.end() : match.end() + 1].isalpha():
            return False
        previous = self._previous()
        near = previous is not None and match.start() - previous.end <= 3
        if printed in AFTER_NUMBER_ONLY or len(printed) == 1:
            return (
                numeric
                and near
                and (previous is None or previous.kind != "CLOSE" or len(printed) > 2)
            )
        return True

    def _named(self, at: int) -> int:
        """Add the interval label, measure, statistic or p that begins at `at`; its end or 0."""
        text = self.text
        if (
            at
            and text[at - 1].isalpha()
            and text[at].isalpha()
            and _WORD.match(text, at - 1)
            and _WORD.match(text, at)
        ):
            return 0
        if match := _CI.match(text, at):
            level = match["level"] or match["after"]
            return self._add("CI", at, match.end(), level=float(level) if level else None)
        if (match := _MEASURE.match(text, at)) and not self._is_part_of_word(match):
            name = COMPILED_MEASURES[int((match.lastgroup or "m0")[1:])][0]
            end = match.end()
            if repeated := _REPEATED.match(text, end):
                end = repeated.end()
            if not name.strict or _STRICT_NEXT.match(text, end):
                adjusted = bool(
                    re.match(r"(?:a|A|adj|m)[A-Z]", match[0])
                    or "adj" in match[0].lower()
                    or _ADJUSTED_BEFORE.search(text[max(0, at - 12) : at])
                )
                return self._add("MEASURE", at, end, key=name.measure, adjusted=adjusted)
        if (match := _STATISTIC.match(text, at)) and not self._is_part_of_word(match):
            key = COMPILED_STATISTICS[int((match.lastgroup or "s0")[1:])][0]
            return self._add("STAT", at, match.end(), key=key)
        if (text[at] in "pPoOtT") and (match := _P.match(text, at)) and match[0]:
            if match := _P.match(text, at):
                if ns := _P_NS.match(text, match.end()):
                    return self._add("P", at, ns.end(), key="ns")
                kind = match["kind"]
                return self._add(
                    "P", at, match.end(), key=P_KINDS.get(kind.lower()) if kind else None
                )
        return 0

    def _is_part_of_word(self, match: re.Match[str]) -> bool:
        end, text = match.end(), self.text
        if not (text[end - 1].isalpha() and text[end : end + 1].isalpha()):
            return False
        return _WORD.match(text, end) is not None and not (
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
        rest = _PERCENT.match(self.text, end + 1)
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


def number_word_value(text: str) -> int:
    """Return the value of a number in words.

    Examples
    --------
    >>> number_word_value("Three hundred two"), number_word_value("twenty-one")
    (302, 21)
    """
    total = current = 0
    for word in re.split(r"[-\s]+", text.lower()):
        if word in _SMALL_WORDS:
            current += _SMALL_WORDS[word]
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in SCALE_WORDS:
            total += max(current, 1) * SCALE_WORDS[word]
            current = 0
        elif word == "a":
            current = max(current, 0)
    return total + current


def _comparator(printed: str) -> str:
    if "=" in printed or "or" in printed:
        strict = re.match(r"=[ ]?<(?!=)", printed) or re.match(r"=[ ]?>", printed)
        if strict:  # "p = < 0.001": the equals sign is a slip, not a bound included
            return "<" if "<" in printed else ">"
        return "≤" if "<" in printed else "≥"
    return {"<<": "<"}.get(printed, printed)


def _decimals(digits: str) -> int:
    return len(digits.partition(".")[2])


def _scale(value: float, exponent: int) -> float:
    """Return ``value * 10**exponent`` rounded as if typed, within the range of a float."""
    return float(f"{value!r}e{max(-300, min(exponent, 200))}")
