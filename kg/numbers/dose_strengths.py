"""Strengths: of what is in what is given ("0.005% latanoprost", "calcipotriol 50 ug/g", "62 J/cm2").

The same figures are shares and levels of blood where they stand at no drug and no preparation. All
patterns read folded text (:func:`kg.numbers.regimens.fold`).
"""

from __future__ import annotations

import re
from typing import Final

from kg.numbers.dose_amounts import Amount
from kg.numbers.dose_tables import DRUG_NAME, INN_STEM

_NEEDS_PERCENT: Final = re.compile(
    r"(?<![a-z])(?:eye ?drops?|drops?|cream|gel|ointment|solution|ophthalmic|suspension|mouth ?(?:wash|rinse)|"
    r"lotion|patch|saline|spray|foam|topical\w*|toothpaste|varnish|irriga\w*)(?![a-z])"
)
_PERCENT_DRUG_AFTER: Final = re.compile(
    rf" ?(?:\(?w/v\)? |solution of |of )?(?:(?:topical|ophthalmic|isobaric|hyperbaric|aqueous|preservative-free|plain|hypertonic|normal|sodium|chlorhexidine|fixed) )?(?:[a-z-]*(?:{INN_STEM})s?|saline|cream|gel|ointment|solution|eye ?drops?|mouth ?wash|patch)(?![a-z])"
    r"| ?(?!(?:of|in|for|with|to|and|or|at|by|on|from|were|was|had|used|using|received|reduction|increase|decrease|lower|higher|more|less|ci|vs|versus|relative|absolute)(?![a-z]))"
    r"[a-z][a-z0-9-]{1,20}(?: [a-z-]{2,20})? (?:solution|varnish|gel|cream|ointment|mouth ?wash|mouth ?rinse|toothpaste|dentifrice|foam|lotion|spray|shampoo|emulsion|paste|eye ?drops?)(?![a-z])"
)
_PERCENT_DRUG_BEFORE: Final = re.compile(
    rf"(?<![a-z-])[a-z-]*(?:{INN_STEM})s?(?: (?:[a-z]+(?:ate|ide)|eye ?drops?|gel|cream|solution))?(?:,| \(| at|:)? ?$"
)


def _in_diet(before: str, after: str) -> bool:
    """Whether a percentage is the share of something in a feed: "a diet with PS (2%)"."""
    if not _DIET.search(before + " | " + after):
        return False
    bracketed = before.endswith("(")
    return bool(
        (bracketed and after.startswith(")") and _SUPPLEMENTED.search(before))
        or (
            (bracketed or before.endswith((" with ", "containing ", "+ ")))
            and _SUBSTANCE.match(after)
        )
    )


def is_percent_given(amount: Amount, before: str, after: str, *, given: bool) -> bool:
    """Whether a percentage is the strength of something applied ("0.005% latanoprost").

    A printed strength has few digits; one behind a volume or a mass only qualifies that.
    """
    after = _LISTED.sub("", after, count=1)
    value = amount.high if amount.high is not None else amount.low
    if value is None or amount.low != amount.high:
        return False
    if _SOLVENT.match(after) and given:
        return True
    if value > 25 or _RATIO.search(before):
        return False
    if given and (_AT_STRENGTH.search(before) or _in_diet(before, after)):
        return True
    if _PART_OF.match(after) and not _QUALIFIES.search(before):
        return False
    if _MIXTURE.match(after) or _MIXTURE_BEFORE.search(before):
        return False
    digits = re.sub(r"[.0]", "", f"{float(value):f}".rstrip("0"))
    if (len(digits) > 2 and not digits.endswith("5")) or _QUALIFIED.search(before):
        return False
    applied = bool(_NEEDS_PERCENT.search(before[-40:] + " | " + after[:40]))
    if _FORM_BEFORE.search(before) and after.startswith(")"):
        return True  # "ketorolac ophthalmic solution (0.5%)"
    if before.rstrip().endswith("(") and not _PERCENT_DRUG_AFTER.match(after):
        return applied and bool(_PERCENT_DRUG_BEFORE.search(before))
    named = _PERCENT_DRUG_BEFORE.search(before) is not None and before.endswith(" ")
    named = named and not before.rstrip().endswith((",", ":"))
    if not applied and (
        _PERCENT_RESULT.match(after) or (not named and _PERCENT_AMONG.match(after))
    ):
        return False
    if re.match(
        r" ?\(\d[\d.]* ?(?:/|of|\)|,|;|m[lg]|n ?=)|.{0,12}(?:placebo|control),? [\d.]+ ?%", after
    ) or re.search(r"(?:roughly|about|approximately|~) ?$", before):
        return False
    return bool(_PERCENT_DRUG_AFTER.match(after) or _PERCENT_DRUG_BEFORE.search(before))


#: Strengths that share the name behind the last: "1.6% and 2.4% nicotine".
_LISTED: Final = re.compile(r"^(?:,? ?(?:,|and|or|vs\.?|versus|/) ?[\d.]+ ?%)+")
_RATIO: Final = re.compile(r"\d ?/ ?$")  # "HES 130/0.4 or 0.9% saline"
_SOLVENT: Final = re.compile(
    r" (?:ethanol|ethyl alcohol|isopropyl alcohol|alcohol (?:solution|gel|rub))(?![a-z])"
)
_AT_STRENGTH: Final = re.compile(r"(?<![a-z])(?:at )?(?:an? )?(?:concentrations?|strengths?) of $")
_DIET: Final = re.compile(r"(?<![a-z])(?:diets?|feed|chow|fed)(?![a-z])")
_SUPPLEMENTED: Final = re.compile(r"(?:supplemented|fortified|enriched) with [^.;]{1,40}\($")
_SUBSTANCE: Final = re.compile(
    r" (?!(?:of|in|for|with|were|was|had|and|or|to|at|energy|calories|kcal|total|fat|protein|carbohydrate|lower|higher|more|less|increase|decrease|reduction|ci)(?![a-z]))[a-z][a-z-]{3,}"
)
#: "3.1% of bimatoprost patients" counts people; "10 mL of 0.5% of bupivacaine" gives something.
_PART_OF: Final = re.compile(r" of (?!solution)")
_QUALIFIES: Final = re.compile(
    r"(?:\d ?-?(?:ml|l|cc)|strength|concentration)(?: of)?(?: an?)? \(?$"
)
#: The parts of a ready-made insulin mixture are no strength.
_MIXTURE: Final = re.compile(
    r" (?:insulin )?(?:lispro|aspart|glargine|degludec|protamine|insulin|npl|ilps)(?![a-z])"
)
_MIXTURE_BEFORE: Final = re.compile(r"(?<![a-z])(?:insulin|lispro|aspart)(?: [a-z]+)?(?: at)? $")
_QUALIFIED: Final = re.compile(
    r"\d ?-?(?:ml|mg|l|cc)(?:/kg)?(?: \([^()]{1,20}\))?(?: of)?(?: an?)? (?:(?!of |in |for |with |and |or |then |at )[a-z-]+ ){0,2}\(?$"
)
_FORM_BEFORE: Final = re.compile(
    r"(?<![a-z])(?:ophthalmic|topical|nasal|oral|dental|vaginal|skin|eye) (?:solution|suspension|gel|cream|ointment|drops|spray|lotion|foam) \($"
)
_PERCENT_RESULT: Final = re.compile(
    r" ?(?:[);,]? ?(?:\d+% )?(?:ci|confidence)|increase|decrease|reduction|p ?[=<]|of (?:the|all|patients))(?![a-z])"
)
#: "12% for lidocaine" is a result; "timolol 0.5% in patients with glaucoma" names the drops.
_PERCENT_AMONG: Final = re.compile(r" (?:to|for|with|in|among|vs|versus)(?![a-z])")


#: Measured in blood as well as given: no figure per volume of them is a strength by their name alone.
_ANALYTE: Final = re.compile(
    r"vitamin|calci(?:um|fediol|triol)|calciferol|glucose|acid|sodium|chloride|iron|zinc|magnesium|selenium|potassium|insulin|sterone|estradiol|"
    r"creatin|citrate|extract|(?:trypt|hist|epi(?:neph)?|dop|nor|thyro)\w*(?:amine|nephrine|xine)|nitrate|fluoride|iodine|leptin|lactone|cholesterol|triglycer|urate"
)
_ANY: Final = r"(?:[^.;]|\.(?=\d))"
_NAMED_BEHIND: Final = re.compile(r" ?(?:of |solution of )?(?P<name>[a-z][a-z-]{4,})")
_NAMED_AHEAD: Final = re.compile(
    r"(?<![a-z-])(?P<name>[a-z][a-z-]{4,})(?: (?:at|solution|cream|gel|ointment|foam|hydrochloride|sodium))? ?\(?$"
)
#: A concentration that is set, not found.
_SET_TO: Final = re.compile(
    rf"(?<![a-z])(?:effect[- ]site|target(?:ed)?|infus\w+|administ\w+|instill\w+|perfus\w+|injected|ozone|final)(?: [a-z-]+){{0,4}} concentrations? (?:of|at|to|were:?) (?:{_ANY}{{0,60}}(?:and|or|,) )?$"
    rf"|(?<![a-z])(?:target|effect[- ]site) concentrations? (?:of|were:?|was) {_ANY}{{0,60}}$"
    rf"|(?<![a-z])(?:medium|media|solutions?|buffer|drinking water)(?: [a-z]+)? (?:containing|supplemented with|with) (?:{_ANY}{{0,50}}(?:\+|and|or|plus) )?$"
)
_LIGHT: Final = re.compile(
    r"(?<![a-z])(?:laser|light|uv[ab]?\d?|nb-?uvb|phototherap\w*|photodynamic|irradiat\w*|radiation|shock ?waves?|eswt|fluence|energy density|doses?)(?![a-z])"
)
_AVERAGE: Final = re.compile(r"(?<![a-z])(?:mean|median|average)(?![a-z])[^;]{0,40}$")
_FOUND: Final = re.compile(
    r"(?<![a-z])(?:serum|plasma|blood|csf|urin\w*|levels?|concentrations? (?:was|were|in)|peak|cmax|mean|median|mic\d*|ic50)(?![a-z])[^;]{0,60}$"
)


def is_strength_given(amount: Amount, before: str, after: str) -> bool:
    """Whether an amount per volume, mass or area is of something given, not a level of something measured.

    Parameters
    ----------
    amount
        An amount with `per`.
    before, after
        Folded text of its sentence around it.
    """
    if amount.code in {"J", "mJ"}:
        found = amount.spread or _AVERAGE.search(before)
        return not found and _LIGHT.search(before + " | " + after) is not None
    if amount.spread or amount.per not in {"mL", "L", "g"} or _QUALIFIED.search(before):
        return False
    if _SET_TO.search(before):
        return True
    if _FOUND.search(before):
        return False
    for named in (_NAMED_BEHIND.match(after), _NAMED_AHEAD.search(before)):
        if named and DRUG_NAME.fullmatch(named["name"]) and not _ANALYTE.search(named["name"]):
            return True
    return False
