"""Is it given? Whether an amount is a dose, by the words around it, and what is given.

A strong unit (IU, mg, ug) is a dose unless words say otherwise; a weak one (g, mL, %, U) is none
unless words say so. All patterns read folded text (:func:`kg.numbers.regimens.fold`).
"""

from __future__ import annotations

import re
from typing import Final

from kg.numbers.dose_amounts import Amount
from kg.numbers.dose_strengths import is_percent_given, is_strength_given
from kg.numbers.dose_tables import DRUG_NAME, GIVING, PIECES

_GIVING: Final = re.compile(rf"(?<![a-z])(?:{GIVING})(?![a-z])")

#: What is measured, lost, paid or weighed, right before an amount ("blood loss was 250 mL").
_MEASURED_BEFORE: Final = re.compile(
    r"(?<![a-z])(?:birth ?weight\w*|weigh\w*|weight|loss(?:es)?|bleeding|excretion|excret\w*|output|urin\w*|"
    r"drainage|residual|volumes?|mass|bmc|bone mineral content|fat free mass|lean|"
    r"proteinuria|albuminuria|serum|plasma|blood|levels?|concentrations?|25-?\(oh\)d\w*|25\(oh\)|"
    r"threshold|cut-?off|heavier|lighter|price|cost\w*|expenditure|energy|"
    r"creatinine|crp|clearance|gfr|hba1c|oxalate|stool|tumou?r|prostate|placenta\w*|"
    r"difference|differed|fvc|fev ?1?|vital capacity|sd|mean ?\+/-|\u00b1|gain\w*|content of|sweat|secretion|aspirat\w*|requirements?)"
    r"(?: [a-z-]+){0,3}?(?: ?(?:=|:|\u2265|>|<|\u2264|of|was|were|is|by|to|at|than|about|and|from))*[ (\[]*$"
)
_MEASURED_AFTER: Final = re.compile(
    r"(?:\s|-)*(?:of )?(?:blood loss|urine|weight|birth ?weight|body ?weight|loss|gain|lower|higher|heavier|lighter|"
    r"less|more (?:than )?(?:weight|in)|of (?:fat|weight|body|lean|alcohol)|in (?:weight|birth)|increase|decrease|"
    r"reduction|filament|monofilament|cholesterol|blood|plasma|serum|milk|difference|drop|per test|stone)(?![a-z])"
)
_CHANGE_BEFORE: Final = re.compile(
    r"(?<![a-z])(?:(?:increment|increase|decrease|decrement|reduction|change|difference|rise|fall)s?(?: [a-z]+){0,2}?"
    r"(?: of| by| ?=)?|(?:every|each|per|additional|extra)(?: additional)?)[ ,(]*-?$"
)
_PRICE: Final = re.compile(
    r"[$\u20ac\u00a3\u00a2]|(?<![a-z])(?:cents?|usd|eur|price|costs?)(?![a-z])"
)
_CONTENT_AFTER: Final = re.compile(
    r"(?: of)?(?: [a-z0-9]+){0,3}? (?:per|/|in (?:a|an|one|each|100)) ?"
    r"(?:100 ?(?:g|ml|kcal|calories)|glass|cup|serving|egg|ounce|oz|slice|bottle|lit(?:er|re)|quart|yol?k)"
)
_CONTENT_TABLE: Final = re.compile(
    r"(?<![a-z])(?:contains?|content|food sources?|fortified with|fortification of)(?![a-z])"
)


#: An estimate with its interval is a result, not a dose.
_INTERVAL_AFTER: Final = re.compile(
    r"[ ,;(\[]{0,3}(?:9\d(?:\.\d)? ?% ?)?(?:ci|confidence interval|credible interval)(?![a-z])"
)
_INTERVAL_BEFORE: Final = re.compile(r"(?<![a-z])(?:ci|interval)[,:=]? ?[(\[]?$")
#: Two means with their deviations are compared, not given: "50 ± 5 versus 101 ± 13 units/d".
_SPREAD_PAIR_AFTER: Final = re.compile(
    r" ?(?:[a-z/]{1,9} )?(?:vs\.?|versus) [\d.,]+ ?(?:\u00b1|\+/-|\+-)"
)
_SPREAD_PAIR_BEFORE: Final = re.compile(
    r"(?:\u00b1|\+/-|\+-) ?[\d.,]+ ?(?:[a-z/]{1,9} )?(?:vs\.?|versus) $"
)
#: What is dosed in units without being called international.
_IN_UNITS: Final = re.compile(
    r"vit(?:amin)?\.? ?[ade]|calciferol|insulin|glargine|detemir|degludec|lispro|aspart|heparin|parin(?![a-z])|toxin|bleomycin|"
    r"penicillin|oxytocin|hyaluronidase|streptokinase|urokinase|poetin|vasopressin|tocopherol|retin(?:ol|yl)|collagenase|interferon|"
    r"asparaginase|gonadotropin|fsh|follitropin|hcg"
)
_BLOOD: Final = re.compile(r" (?:of )?(?:prbcs?|rbcs?|packed|blood|plasma|platelets?|red)(?![a-z])")
_DILUENT_BEFORE: Final = re.compile(r"(?<![a-z])(?:in|into|to|with) (?:an? )?$")
#: What was given in so much of something else: "4 mg of X in 4 mL of Y", "10 mg (diluted in 2 mL …)".
_DISSOLVED_BEFORE: Final = re.compile(
    r"\d ?(?:mg|g|ug|mcg|iu|units?)(?![a-z])[^.;]{0,50}(?<![a-z])(?:in|into) (?:a volume of )?$"
)
_DILUENT_AFTER: Final = re.compile(
    r" ?(?:of )?(?:[a-z]+ )?(?:water|saline|juice|solution|diluent|glucose|dextrose|milk|muffin|oil)(?![a-z])"
)
_NAMED_AFTER: Final = re.compile(
    r"(?:/(?:day|d|kg)|-| ?(?:iv|i\.v\.))? (?:of )?(?!(?:in|for|with|vs|versus|and|or|to|at|per|from|by|than|on|was|were|is|after|before|more|less|lower|higher|versus|compared|respectively|during|between|but)(?![a-z]))[a-z][a-z-]"
)


def is_dose(
    text: str, amount: Amount, start: int, end: int, *, rhythmic: bool, routed: bool
) -> bool:
    """Return whether an amount is given to somebody.

    Parameters
    ----------
    text
        Folded text.
    amount
        The amount.
    start, end
        The stretch of text that belongs to it: its sentence.
    rhythmic, routed
        Whether a rhythm or a route stands with it.
    """
    if amount.code in PIECES:
        return True
    if amount.level and amount.per:
        before = text[max(start, amount.start_char - 90) : amount.start_char]
        return is_strength_given(
            amount, before, text[amount.end_char : min(end, amount.end_char + 70)]
        )
    if (
        amount.level
        or _CONTENT_AFTER.match(text, amount.end_char, end)
        or (amount.spread and not rhythmic)
    ):
        return False
    before = text[max(start, amount.start_char - 70) : amount.start_char]
    after = text[amount.end_char : min(end, amount.end_char + 70)]
    if amount.spread and (_SPREAD_PAIR_AFTER.match(after) or _SPREAD_PAIR_BEFORE.search(before)):
        return False
    if _INTERVAL_AFTER.match(after) or _INTERVAL_BEFORE.search(before):
        return False
    if amount.code == "%":
        near = text[max(start, amount.start_char - 160) : min(end, amount.end_char + 100)]
        return is_percent_given(amount, before, after, given=bool(_GIVING.search(near)))
    if (
        (
            before.endswith("/")
            and amount.position == 0
            and not before.endswith(f"{amount.spelled}/")
        )
        or (_CHANGE_BEFORE.search(before) and (not rhythmic or "difference" in before[-16:]))
        or re.search(r"(?:^|[ (=])-$", before)
    ):
        return False
    if amount.code == "ng":  # bare, it is a level written short ("40 ng")
        return amount.rhythm is not None or "/kg" in amount.divisor
    if (amount.code == "[iU]" and amount.strength == "strong") or amount.divisor in {"/kg", "/m2"}:
        return not (_PRICE.search(before[-14:]) and "per" in before[-14:])
    if not rhythmic and (_MEASURED_BEFORE.search(before) or _MEASURED_AFTER.match(after)):
        return False
    if amount.strength == "strong":
        return True
    near = text[max(start, amount.start_char - 160) : min(end, amount.end_char + 100)]
    given = bool(_GIVING.search(near))
    if _DILUENT_BEFORE.search(before) and _DILUENT_AFTER.match(after):
        return False
    if amount.code == "mL" and _DISSOLVED_BEFORE.search(before):
        return False
    if amount.code == "[iU]":  # units, U
        if _BLOOD.match(after):
            return False
        if _IN_UNITS.search(near):
            return given or rhythmic or bool(_NAMED_AFTER.match(after))
        return rhythmic and (amount.low or amount.high or 0) >= 100
    if amount.divisor.endswith(("/h", "/min")):
        if amount.code == "L":
            return given and bool(_GAS.search(before[-60:] + " " + after[:60]))
        if amount.divisor.startswith("/kg") and _RATE_MEASURED.search(before):
            return False
        named = bool(DRUG_NAME.search(before[-40:] + " " + after[:40]))
        return given and (routed or named or amount.divisor.startswith("/kg"))
    named = bool(_NAMED_AFTER.match(after)) or before.rstrip()[-1:] == "("
    drug = bool(DRUG_NAME.search(before[-40:] + " | " + after[:40]))
    if amount.code in {"g", "mL", "L", "ng", "uL", "[oz_av]"}:
        return (
            (given and (named or rhythmic)) or (drug and amount.code != "L") or (rhythmic and named)
        )
    if amount.code == "[drp]":
        return rhythmic and (drug or routed or "eye" in after[:30])
    return given and (rhythmic or routed or drug)


_GAS: Final = re.compile(
    r"(?<![a-z])(?:oxygen|o2|nasal|cannula|nhf|hfnc|ltot|mask|gas|air)(?![a-z])"
)
_RATE_MEASURED: Final = re.compile(
    r"(?<![a-z])(?:clearance|vo2\w*|uptake|turnover|production|disposal|output|excretion|consumption|gfr|flow|rates? of)(?![a-z])"
)


def is_price(text: str, start: int, end: int) -> bool:
    """Whether a price stands close to ``start:end``."""
    return bool(
        _PRICE.search(text[max(0, start - 40) : start]) or _PRICE.search(text[end : end + 30])
    )


def is_content(text: str, start: int, end: int) -> bool:
    """Whether an amount is what a food contains."""
    return bool(_CONTENT_AFTER.match(text, end, end + 60)) or bool(
        _CONTENT_TABLE.search(text, max(0, start - 40), start)
    )
