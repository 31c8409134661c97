"""The patterns of single atoms, each matched at one place of mapped text.

White space in them is bounded, so that matching at every place of a text stays linear.
"""

from __future__ import annotations

import re
from typing import Final

from kg.numbers.charmap import GROUP_SPACE
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
from kg.numbers.units import UNIT_PATTERN

_S = r"[ \n]{0,8}"

# A letter that words are made of; Chinese, Japanese and Korean ones form words without blanks.
_CJK: Final = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_L: Final = rf"[^\W\d_{_CJK}]"
CJK_RUN: Final = re.compile(rf"[{_CJK}](?:(?!曲线下面积)[{_CJK}]){{0,40}}")
SPACE: Final = re.compile(rf"[ \n{GROUP_SPACE}]+")
BREAK: Final = re.compile(r"\n[ ]*(?=\n)|\n(?=[ ]{0,8}(?:[*•#|]|-[ ]|\d{1,2}[.)][ ]))")
WORD: Final = re.compile(rf"{_L}+(?:['-](?={_L}){_L}+)*")
NAME: Final = re.compile(
    rf"{_L}{{1,30}}\d{{1,6}}-{_L}{{1,4}}\d{{1,3}}\.\d{{1,2}}(?![\d.])"  # "GC1107-T7.5"
    rf"|(?!(?:and|to|of|was|by|vs|versus|or|than|is|were|in|from|for|at|with)\d)"
    rf"{_L}{{1,30}}(?:-?\d{{1,12}}(?![.,]?\d){_L}{{0,12}}){{1,4}}(?:\([^\W_]{{1,4}}\))?(?::\d{{1,2}}(?![\d.]))?"
)
BRACKETED_NAME: Final = re.compile(r"[A-Z][A-Za-z]{0,4}\(\d{1,2}[a-z]?\)(?!\d)")
CURRENCY: Final = "$€£"
OPAQUE: Final = re.compile(  # addresses and identifiers
    r"https?:/{0,2}[^\s)\]>\"]{1,2000}|www\.[^\s)\]>\"]{1,2000}|10\.\d{4,9}/[^\s)\]>\"]{1,300}"
    r"|(?:NCT|ISRCTN|ACTRN|ChiCTR|UMIN|CTRI|PMC)[-/:A-Za-z]{0,8}\d{3,20}"
    r"|(?:PMID|PMCID|ISSN|ISBN|doi|DOI|EudraCT|ClinicalTrials\.gov)[: ]{0,3}(?:PMC)?\d[-\d./X]{1,40}"
    r"|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}"
)
VITAMER: Final = re.compile(
    r"(?:1[ ]?[αa]?[ ]?,[ ]?)?2[45][ ]?-?[ ]?(?:di)?(?:[hH]ydroxy[\w-]{0,30}|[\(\[]?OH[\)\]]?[ ]?(?:[\(\[]?2[\)\]]?)?[ ]?-?[ ]?(?:[vV]it(?:amin)?\.?[ ]?)?D?\d?)(?:\(\d\))?"
    r"|1[ ]?,[ ]?25-?(?:\(?OH\)?|di)[\w()-]{0,30}"
)
_MONTH: Final = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
DATE: Final = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?[ ])?{_MONTH}\.?[ ,]{{1,2}}(?:\d{{1,2}}(?:st|nd|rd|th)?,?[ ])?(?:19|20)\d\d(?!\d)"
    rf"|{_MONTH}\.?[ ]\d{{1,2}}(?:st|nd|rd|th)?(?![\d.%])|\d{{1,2}}[ ]{_MONTH}(?![a-z])"
    r"|(?:19|20)\d\d-\d\d-\d\d(?:T[\d:.Z+-]{1,20})?|\d{1,2}/\d{1,2}/(?:19|20)\d\d|(?:19|20)\d\d;\d{1,4}(?:\(\d{1,4}\))?(?::[\w-]{1,15})?"
    r"|(?:19|20)\d\d[ ]" + _MONTH + r"(?:[ ]\d{1,2})?(?!\w)"
)
DIGIT_NAME: Final = re.compile(
    r"\d{16,}|\d{1,4}(?:st|nd|rd|th)(?![a-z])|\d{1,3}:\d{1,3}(?::\d{1,3})?(?![.,\d])"
    r"|\d{1,2}[A-Z](?:[A-Z0-9]{1,6})(?![a-z])|\d{1,2}[A-Z](?![\w/])(?![ ]?/)"
    r"|\d{1,2}(?:,\d{1,2}){1,4}-[a-z]{3,}|\d{2,3}(?:Co|Cs|Ir|Pd|Ra|Tc|Lu|Sr|Re|Ga|Xe|Tl|Au|I)(?![\w/])"
    r"|\d{1,3}(?:\.\d{1,3}){3,6}|\d{1,2}p\d\d|\d{1,4}-[A-Z]{2,}(?:[-\d]{1,4})?(?![a-z])|\d{1,2}-\d{1,2}-\d{2,4}(?!\.?\d)"
)
YEAR_SPAN: Final = re.compile(r"(?:19|20)\d\d(?:[ ]?[-/][ ]?(?:(?:19|20)\d\d|\d\d))?(?![\d.,]*\d)")

SUPERSCRIPT: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
PLAIN_NUMBER: Final = re.compile(r"\d{1,15}(?:\.\d{1,15})?|\.\d{1,15}")
COMMA_GROUPS: Final = re.compile(r"[1-9]\d{0,2}(?:,\d{3}){1,4}+(?!\d)(?:\.\d{1,6})?")
SPACE_GROUPS: Final = re.compile(r"[1-9]\d{0,2}(?:[ ]\d{3}){1,4}+(?![\d]|\.\d)")
NARROW_GROUPS: Final = re.compile(
    rf"[1-9]\d{{0,2}}(?:{GROUP_SPACE}\d{{3}}){{1,4}}+(?:\.\d{{1,6}})?"
)
TABLE_YEAR: Final = re.compile(r"(?:19|20)\d\d(?=\.\d)")
POINT_GROUPS: Final = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){1,4}+(?![\d.]\d|\d)")
SPLIT_DECIMAL: Final = re.compile(r"(\d{1,6})\.[ ](\d{1,6})(?![\d.])")
COMMA_DECIMAL: Final = re.compile(r"\d{1,6},\d{1,6}(?![,.]?\d)")
HYPHEN_DECIMAL: Final = re.compile(r"\d-\d\d(?!\d)")
EXPONENT: Final = re.compile(
    rf"{_S}(?:[×*xX]|·|\.){_S}10{_S}(?:\(({{0}})\)|\^?{_S}\(?({{0}})\)?|([⁻⁰¹²³⁴-⁹]{{1,4}}))".replace(
        "{0}", r"-[ ]?\d{1,3}|\d{1,2}"
    )
    .replace("{{", "{")
    .replace("}}", "}")
)
E_EXPONENT: Final = re.compile(r"[eE]([-+]?[ ]?\d{1,3})(?![\d.])")
MAGNITUDE: Final = re.compile(
    rf"{_S}-?(million|billion|thousand|hundred)s?(?![a-z])", re.IGNORECASE
)
COUNTED_NOUN: Final = re.compile(
    r"[ ]{0,2}(?:[a-z]{1,15}[ ]){0,2}?(?:IU|I\.U|units|patients|participants|people|subjects|women|men|individuals|children|"
    r"adults|cases|deaths|persons?|births|infants|studies|volunteers|controls|pregnan\w{1,5}|patient-years|person-years|steps|cells|mothers|households|veterans)\b"
)
AFTER_N: Final = re.compile(r"[nN][ ]{0,2}=[ ]{0,2}$")

PERCENT: Final = re.compile(
    r"%-?[ ]?points?\b|%|per[ ]cent(?:age[ ]points?)?\b|percent(?:age[ ]points?)?\b|pcnt\b|pct\b|perc\b|p\.p\.|[pP]ercentiles?\b"
)
PM: Final = re.compile(r"±|\+[ ]?/[ ]?[-_]|\+\\-|\+-(?=[ ]?\d)|\+/(?=[ ]?\d)")
UNIT: Final = re.compile(UNIT_PATTERN)
RATE: Final = re.compile(
    rf"(?:per|/|for every|for each){_S}(?P<size>(?:\d{{1,3}}(?:[ ,]\d{{3}}){{1,2}}|\d{{1,7}}|hundred|thousand|million)?){_S}-?"
    r"(?P<what>(?:person|patient|woman|women|child|catheter|ventilator|hospital|bed|device|participant|subject|man|people|procedure)[- ]?(?:'?s)?[- ]?(?:at[- ]risk[- ])?(?:years?|yrs?|months?|weeks?|days?)(?:[- ]at[- ]risk)?"
    r"|live[- ]births|births|population|inhabitants|people|persons|pregnancies|deliveries|admissions|patients|women|children|days|PY|pys)(?![a-z])",
    re.IGNORECASE,
)
RATE_BARE: Final = re.compile(
    r"(?:per|/)[ ]{0,2}(?:10{2,6}|\d{1,3}[ ,]000)(?![\d.])(?![ ]?(?:mL|ml|mg|g|IU|kcal|cells|μg|mcg|ug|ng)\b)"
)
_HUNDREDTHS: Final = r"(?:%|-?per[ ]?cent\b)"  # "95% CI", "95 percent confidence interval"
CI: Final = re.compile(
    rf"(?:(?:the[ ])?(?P<level>{LEVEL}){_S}{_HUNDREDTHS}?{_S}-?{_S})?(?:(?:two|one)-sided[ ])?(?P<label>{INTERVAL_LABEL})"
    rf"(?:{_S}[\(\[]{_S}(?:{LEVEL}{_S}%?{_S})?(?:CIs?|C\.I\.|CrIs?)(?:{_S}{LEVEL}{_S}%)?{_S}[\)\]]|{_S}:{_S}CI(?=[ )]))?"
    rf"(?:{_S}[\(\[]?(?P<after>{LEVEL}){_S}%[\)\]]?)?"
)
LEVEL_THEN_LABEL: Final = re.compile(
    rf"{LEVEL}{_S}{_HUNDREDTHS}?{_S}-?{_S}(?:two-sided[ ])?{INTERVAL_LABEL}"
)
P: Final = re.compile(
    r"(?:(?:two|one|2|1)-(?:sided|tailed)[ ])?[Pp][-_\s]?(?:(?:[Vv]alues?|val)\b\.?)?"
    rf"(?:{_S}[-_\(\[]?(?:for[ ](?:the[ ]|a[ ])?)?(?P<kind>{'|'.join(sorted(P_KINDS, key=len, reverse=True))})[\)\]]?)?"
    rf"(?:{_S}(?:for|of)(?:{_S}(?:all|both|the|each|every|overall|between|group|groups|differences?|comparisons?|these|log-rank|[A-Za-z-]{{1,20}})){{1,4}})?"
    rf"(?:{_S}\((?:log-?rank|two-sided|one-sided|adj(?:usted)?|corrected|[A-Za-z -]{{1,20}})\))?"
    rf"(?:{_S}(?:values?|was|were|is|are|of|being|all|both|at|each))*?"
    rf"(?={_S}(?:[<>=≤≥]|[:,]?{_S}0?\.\d|(?:less|greater|more|lower)[ ]than[ ]0?\.\d)|{_S}[:=]?{_S}(?:NS|ns|n\.s|N\.S))"
)
P_NS: Final = re.compile(rf"{_S}[:=]?{_S}(?:NS|ns|n\.s\.?|N\.S\.?)(?![A-Za-z])")
CMP: Final = re.compile(
    r"<[ ]?(?:or[ ]?)?=|=[ ]?<|<[ ]?/[ ]?=|=/<|>[ ]?(?:or[ ]?)?=|=[ ]?>(?=[ ]?[.\d])|=/>|<<|[<>≤≥]"
)
CMP_WORDS: Final[tuple[tuple[str, str], ...]] = (
    (r"less than or equal to|lower than or equal to|no more than|not more than|at most|up to|a maximum of|maximum", "≤"),
    (r"(?:greater|more|higher) than or equal to|at least|no less than|not less than|a minimum of|minimum|as (?:many|much|high) as", "≥"),
    (r"less than|fewer than|lower than|smaller than|under|below|younger than", "<"),
    (r"more than|greater than|higher than|larger than|over|above|exceeding|exceeded|in excess of|older than", ">"),
)  # fmt: skip
CMP_WORD: Final = re.compile(
    "|".join(f"(?P<c{n}>{words})" for n, (words, _) in enumerate(CMP_WORDS)), re.IGNORECASE
)
NUMBER_NEXT: Final = re.compile(
    r"[ \n]{1,3}(?:about |approximately |the |an? )?(?:-?\.?\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|fifty)\b)"
)
FOLD: Final = re.compile(r"[- ]{0,2}(?:folds?(?![a-z])|times(?![a-z])|[xX](?![a-zA-Z])(?![ ]?\d))")
FOLD_WORD: Final = re.compile(
    r"(?P<n>two|three|four|five|six|seven|eight|nine|ten|twenty|several|many)[- ]?fold|twice|thrice|"
    r"doubl(?:ed|es|e|ing)|tripl(?:ed|es|e|ing)|quadrupled|half(?=[ ](?:as[ ](?:many|much|likely)|the[ ](?:number|rate|risk|odds|incidence|likelihood|chance|frequency)))|halv(?:ed|es|e|ing)",
    re.IGNORECASE,
)
FOLD_VALUES: Final = {
    "twice": 2.0, "thrice": 3.0, "doubl": 2.0, "tripl": 3.0, "quadr": 4.0, "halve": 0.5, "half": 0.5, "halvi": 0.5,
}  # fmt: skip
SMALL_WORDS: Final = {**UNITS_WORDS, **TENS_WORDS}
_LONGEST: Final = sorted(
    [*SMALL_WORDS, *SCALE_WORDS, "a hundred", "a thousand", "a million"], key=len, reverse=True
)
_GAP: Final = r"[ \n]{1,3}"
_SOMEBODY: Final = (
    r"(?:patients?|participants?|subjects?|women|woman|men|man|child|children|infants?|neonates?|controls|volunteers?|individuals?|"
    r"persons?|people|animals?|mice|rats|eyes?|recipients?)"
)
_BEFELL: Final = (
    r"(?:had|has|have|was|were|died|developed|experienced|required|showed|reported|presented|discontinued|withdrew|underwent|"
    r"suffered|received|needed|achieved|occurred|relapsed|responded|did)"
)
_RELATION: Final = (  # what is not found between things, and what is no event
    r"(?:signific|differ|chang|effect|influenc|impact|associat|evidence|correlat|relat|improv|interact|increas|decreas|reduc|benefit|trend|"
    r"advantage|superior|excess|shift|drift|activ|lower|loss|gain|statistical|dose-|variation|heterogen|bias|studies|trials|data|information|reason|more\b|other\b|such\b|further\b)"
)
NO_EVENT: Final = re.compile(  # "no deaths", "none of the patients": a count of nought
    rf"(?:no|not{_GAP}a{_GAP}single)(?={_GAP}(?!evidence|signific|differ|change|effect|increase)(?:(?!(?:of|in|on|for|with|between|to|from)\b)[a-z-]{{2,20}}{_GAP}){{0,3}}(?:deaths?|adverse|complications?|side[- ]effects?|toxicities|"
    r"recurrences?|withdrawals?|episodes?|infections?|perforations?|reoperations?|hospitali[sz]ations?|strokes?|events?|failures?|relapses?|"
    r"reactions?|fractures?|bleeds?|seizures?|dropouts?|drop-outs|discontinuations?|injuries|malformations?|responses|pregnancies|"
    rf"conversions?|transfusions?|cases?|S?AEs?|(?:secondary|untoward|toxic|ill){_GAP}effects)\b"
    rf"|{_GAP}(?:[a-z-]{{2,20}}{_GAP}){{0,2}}{_SOMEBODY}{_GAP}(?:(?:in|from|of|on|with)(?:{_GAP}[\w'-]{{1,24}}){{1,5}}{_GAP})?(?:{_BEFELL}\b|(?:[a-z]{{2,16}}ly{_GAP})?[a-z]{{3,16}}ed\b)"
    rf"|(?:{_GAP}(?!{_RELATION}|(?:was|were)\b)[a-z0-9][a-z0-9/-]{{0,24}},?){{1,7}}{_GAP}(?:(?:was|were|has{_GAP}been|have{_GAP}been){_GAP}(?:[a-z]{{2,16}}ly{_GAP})?"
    rf"(?:observed|noted|noticed|recorded|reported|seen|found|identified|detected|encountered|documented)|occurred|developed|failed|arose|appeared)\b)"
    rf"|none(?={_GAP}of{_GAP}(?:\d{{1,5}}\b|(?:the|these|our){_GAP}(?:\d{{1,5}}{_GAP})?(?:[a-z-]{{2,20}}{_GAP}){{0,2}}{_SOMEBODY}\b)|{_GAP}(?:in|with|under|on){_GAP}|{_GAP}{_BEFELL}\b)",
    re.IGNORECASE,
)
NUMBER_WORD: Final = re.compile(
    rf"(?:{'|'.join(_LONGEST)})(?:[-\s](?:and )?(?:{'|'.join(_LONGEST)}))*+(?![a-z])",
    re.IGNORECASE,
)
MEASURE: Final = re.compile(
    "|".join(
        f"(?P<m{n}>(?i:{name.pattern}))" if name.ignore_case else f"(?P<m{n}>{name.pattern})"
        for n, (name, _) in enumerate(COMPILED_MEASURES)
    )
)
STATISTIC: Final = re.compile(
    "|".join(
        f"(?P<s{n}>(?i:{pattern.pattern}))"
        if pattern.flags & re.IGNORECASE
        else f"(?P<s{n}>{pattern.pattern})"
        for n, (_, pattern) in enumerate(COMPILED_STATISTICS)
    )
)
REPEATED: Final = re.compile(REPEATED_NAME)
STRICT_NEXT: Final = re.compile(r"[ \n]{0,3}(?:[=:,;(\[]|was |were |is |are |of |for |-?[.\d])")
ADJUSTED_BEFORE: Final = re.compile(r"(?<!un)adjusted[ \n]{1,3}$|\badj\.? $", re.IGNORECASE)
SENTENCE_END: Final = re.compile(r"[.!?](?=[\"')\]]{0,2}(?:\s|$|[A-Z(\[]|\d{1,2}(?:\s|,|-|$)))")
SIMPLE: Final[dict[str, str]] = {
    ",": "COMMA", ";": "SEMI", ":": "COLON", "/": "SLASH", "|": "PIPE", "(": "OPEN", "[": "OPEN",
    "{": "OPEN", ")": "CLOSE", "]": "CLOSE", "}": "CLOSE", "=": "EQ",
}  # fmt: skip
WORD_KINDS: Final[dict[str, str]] = {
    "to": "TO", "through": "TO", "till": "TO", "and": "AND", "or": "OR", "respectively": "RESP",
    "resp": "RESP", "respectfully": "RESP", **dict.fromkeys(VERSUS_WORDS, "VS"),
}  # fmt: skip
SIGN_AFTER: Final = frozenset({"EQ", "COLON", "OPEN", "CMP", "CI", "MEASURE", "TO", "DASH"})
SIGN_WORDS: Final = frozenset({
    "was", "were", "of", "by", "is", "change", "changed", "difference", "from", "and", "mean",
    "median", "slope", "score",
})  # fmt: skip
NUMERIC: Final = frozenset({"NUM", "PERCENT", "UNIT", "FOLD", "RATE"})


def percent_key(printed: str) -> str | None:
    """Return "pp" for percentage points, ``None`` for per cent."""
    return "pp" if "point" in printed or "p.p" in printed else None
