"""What a dose may be made of: units, times, rhythms, routes and cue words, as declared tables.

Patterns are regular-expression fragments for a lower-cased, length-preserved text in which white
space is plain and dashes are hyphens; an entry that must be read case-sensitively says so. Codes
are UCUM, case-sensitive (https://ucum.org/ucum, tables 1-5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

Unit = Literal["strong", "weak"]


@dataclass(frozen=True, slots=True)
class AmountUnit:
    """A unit that an amount may have: ``weak`` ones need a sign that something is given."""

    pattern: str
    code: str
    strength: Unit


#: Amounts. Longer notations stand before shorter ones that begin alike.
AMOUNT_UNITS: tuple[AmountUnit, ...] = (
    AmountUnit(r"(?:international|usp|i\.?) units?", "[iU]", "strong"),
    AmountUnit(r"iu'?s?|i\. ?u\.?|ui|u\.i\.", "[iU]", "strong"),
    AmountUnit(r"(?:insulin )?units?", "[iU]", "weak"),  # of insulin, of vitamin D
    AmountUnit(
        r"micro ?g(?:rams?|rammes?)?|mcgs?|(?:mu|[\u00b5\u03bcu]) ?g|\?g|mikrog", "ug", "strong"
    ),
    AmountUnit(r"milligrams?|milligrammes?|mgs?", "mg", "strong"),
    AmountUnit(r"nanograms?|ng", "ng", "weak"),
    AmountUnit(r"milli(?:lit(?:er|re)s?)|mls?|cc", "mL", "weak"),
    AmountUnit(r"micro(?:lit(?:er|re)s?)|[\u00b5\u03bcu]l", "uL", "weak"),
    AmountUnit(r"mmol|millimoles?", "mmol", "weak"),
    AmountUnit(r"[\u00b5\u03bcu]mol|micromoles?", "umol", "weak"),
    AmountUnit(r"nmol", "nmol", "weak"),
    AmountUnit(r"pmol", "pmol", "weak"),
    AmountUnit(r"meq", "meq", "weak"),
    AmountUnit(r"cfus?|colony[- ]forming units?", "[CFU]", "strong"),
    AmountUnit(r"(?:standard )?erythemal? doses?(?: \(seds?\))?|seds?", "{SED}", "strong"),
    AmountUnit(r"gy|grays?", "Gy", "strong"),
    AmountUnit(r"cgy|centigrays?", "cGy", "strong"),
    AmountUnit(r"j(?:oules?)?(?= ?(?:/|per) ?[cm]m)", "J", "weak"),  # of light, by area
    AmountUnit(r"mj(?= ?(?:/|per) ?[cm]m)", "mJ", "weak"),
    AmountUnit(r"lit(?:er|re)s?|l", "L", "weak"),
    AmountUnit(r"grams?|grammes?|gms?|gr|g", "g", "weak"),
    AmountUnit(r"(?:fluid )?(?:oz|ounces?)", "[oz_av]", "weak"),
    AmountUnit(r"u", "[iU]", "weak"),
    AmountUnit(r"drops?(?! in| of| from| by| out| was| were)", "[drp]", "weak"),
    AmountUnit(r"%|percent|per cent", "%", "weak"),
)

SESSION: Final = "{session}"
#: Codes of amounts that are no mass, volume or activity: :mod:`kg.numbers.dose_sessions` finds them.
PIECES: Final = frozenset({
    SESSION, "min", "h", "s", "{call}", "{visit}", "{message}", "{capsule}", "{tablet}", "{serving}",
    "{sachet}", "{puff}", "{cup}", "{mouthwash}", "{cycle}", "{step}", "{glass}", "{can}", "{bottle}",
})  # fmt: skip

#: What an amount may be divided by and still be given: body size, time of an infusion, diet.
DENOMINATORS: tuple[tuple[str, str], ...] = (
    (r"kg|kilo(?:gram(?:me)?)?s?", "kg"),
    (r"m ?(?:2|\(2\)|\u00b2|\^2)|m(?=\(?-2|\u207b)", "m2"),
    (r"h|hr|hour", "h"),
    (r"min|minute", "min"),
)

#: Divisors that make a level, an activity or a content of an amount: not a dose, unless it is the strength of something given.
LEVEL_DENOMINATORS = (
    r"d ?l|ml|l|lit(?:er|re)|dm3|cm(?: ?2| ?3| ?\(2\)| ?\(3\)|\u00b2|\u00b3)?|mm(?:2|3|\u00b2|\u00b3)?|m(?:3|\u00b3)|"
    r"ml?mol|mol|g(?:ram)?|mg|[\u00b5\u03bcu]g|cell|100 ?(?:g|ml|kcal)|24[- ]?h(?:r|ours?)?|"
    r"hpf|creatinine|cr|protein"
)

#: Of these, what strengths are printed by, with their codes.
STRENGTH_DENOMINATORS: tuple[tuple[str, str], ...] = (
    (r"ml", "mL"), (r"l|lit(?:er|re)", "L"), (r"g(?:ram)?", "g"), (r"cm ?\(?[2\u00b2]\)?", "cm2"), (r"mm\(?[2\u00b2]\)?", "mm2"),
)  # fmt: skip

#: Times, in days. A month is 365.25/12 days.
TIME_DAYS: tuple[tuple[str, Fraction], ...] = (
    (r"minutes?|mins?", Fraction(1, 1440)),
    (r"hours?|hrs?|h", Fraction(1, 24)),
    (r"days?|d", Fraction(1)),
    (r"nights?", Fraction(1)),
    (r"weeks?|wks?|w", Fraction(7)),
    (r"fortnights?", Fraction(14)),
    (r"months?|mos?|mths?", Fraction(487, 16)),
    (r"quarters?", Fraction(1461, 16)),
    (r"years?|yrs?|y", Fraction(1461, 4)),
)

#: Adverbs and adjectives of rhythm, in days between two doses (low, high).
RHYTHM_DAYS: tuple[tuple[str, Fraction, Fraction], ...] = (
    (r"(?:once[- ])?daily|nightly|per diem", Fraction(1), Fraction(1)),
    (r"(?:once[- ])?weekly|q\.w\.|qw", Fraction(7), Fraction(7)),
    (r"fortnightly", Fraction(14), Fraction(14)),
    (r"bi-?weekly", Fraction(7, 2), Fraction(14)),  # twice a week or every two weeks
    (r"(?:once[- ])?monthly", Fraction(487, 16), Fraction(487, 16)),
    (r"bi-?monthly", Fraction(487, 32), Fraction(487, 8)),
    (r"quarterly", Fraction(1461, 16), Fraction(1461, 16)),
    (r"(?:once[- ])?(?:yearly|annually)|annual", Fraction(1461, 4), Fraction(1461, 4)),
)

#: Prescription shorthand, doses a day (low, high). British Pharmacopoeia and FDA label usage.
SHORTHAND_TIMES: tuple[tuple[str, int], ...] = (
    (r"b\. ?i\. ?d\b\.?|bid|b\.?d\.?s?", 2),
    (r"t\. ?i\. ?d\b\.?|tid|t\.?d\.?s\.?", 3),
    (r"q\. ?i\. ?d\b\.?|qid|q\.?d\.?s\.?", 4),
    (r"q\. ?d\b\.?|qd|o\. ?d\b\.?|q\.?a\.?m\.?|q\.?p\.?m\.?|q\.?h\.?s\.?|q24h", 1),
)

#: Adverbs of a rhythm and the time unit that they name.
TIME_ADVERBS: dict[str, str] = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year",
    "annually": "year",
}  # fmt: skip

#: Rhythms that say no number.
UNNUMBERED_RHYTHMS = (
    r"on demand|as needed|as required|prn|continuous(?:ly)?|intermittent(?:ly)?|"
    r"[=\u2265]?(?:\d|two|three|four|five|six)(?:(?:-| to | or )(?:\d|two|three|four|five|six))? days? ?(?:/|per|a|each) ?week"
)

NUMBER_WORDS: dict[str, float] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20, "twenty-four": 24, "thirty": 30,
    "thirty-six": 36, "forty": 40, "forty-eight": 48, "fifty": 50, "sixty": 60, "ninety": 90,
    "hundred": 100, "half a": 0.5,
}  # fmt: skip
ORDINALS: dict[str, int] = {
    "other": 2, "second": 2, "2nd": 2, "alternate": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "sixth": 6,
}  # fmt: skip
TIMES: dict[str, int] = {"once": 1, "twice": 2, "thrice": 3}

MAGNITUDES: dict[str, int] = {
    "hundred": 100, "thousand": 1000, "k": 1000, "lakh": 100_000, "lac": 100_000,
    "million": 1_000_000, "mio": 1_000_000, "mln": 1_000_000, "billion": 1_000_000_000,
}  # fmt: skip

#: How it is given, first match in the table wins over later ones at the same distance.
ROUTES: tuple[tuple[str, str], ...] = (
    (r"intramuscular(?:ly)?|i\. ?m\.|im(?= |,|;|\)|\.|$)", "intramuscular"),
    (r"intravenous(?:ly)?|i\. ?v\.|iv(?= |,|;|\)|\.|$)", "intravenous"),
    (r"subcutaneous(?:ly)?|s\. ?c\.|sc(?= |,|;|\)|\.|$)|subcut", "subcutaneous"),
    (r"sub-?lingual(?:ly)?", "sublingual"),
    (r"subconjunctival(?:ly)?", "subconjunctival"),
    (r"intravitreal(?:ly)?", "intravitreal"),
    (r"intra-?articular(?:ly)?", "intra-articular"),
    (r"intraperitoneal(?:ly)?|i\. ?p\.", "intraperitoneal"),
    (r"intrathecal(?:ly)?", "intrathecal"),
    (r"intrapleural(?:ly)?", "intrapleural"),
    (r"intradermal(?:ly)?", "intradermal"),
    (r"intralesional(?:ly)?", "intralesional"),
    (r"intra-?uterine", "intrauterine"),
    (r"intravesical(?:ly)?", "intravesical"),
    (r"intranasal(?:ly)?|nasal spray", "intranasal"),
    (r"intratympanic(?:ally)?", "intratympanic"),
    (r"epidural(?:ly)?", "epidural"),
    (r"inhal(?:ed|ation|er)|nebuli[sz]ed|metered[- ]dose inhaler|p?mdi(?![a-z])|dpi(?![a-z])|diskus|turbu?haler|turbohaler|handihaler|respimat", "inhaled"),
    (r"transdermal(?:ly)?|(?:skin|cutaneous) patch", "transdermal"),
    (r"subgingival(?:ly)?", "subgingival"),
    (r"rectal(?:ly)?|suppositor(?:y|ies)|enemas?", "rectal"),
    (r"(?:intra)?vaginal(?:ly)?|pessar(?:y|ies)", "vaginal"),
    (r"buccal(?:ly)?", "buccal"),
    (r"mouth ?(?:wash(?:es)?|rinses?)", "mouthwash"),
    (r"eye[- ]?drops?|ophthalmic|ocular(?! (?:hyper|pressure|surface|adverse|side|disease))|in(?:to)? (?:the|each|both|one) (?:affected )?eyes?",
     "ophthalmic"),
    (r"topical(?:ly)?|ointment|cream", "topical"),
    (r"oral(?:ly)?|by mouth|per os|p\. ?o\.|po(?= |,|;|\)|$)|per oral", "oral"),
    (r"in (?:the |their )?(?:diet|feed)|fed (?:an? )?(?:[a-z-]+ )?diets?|dietary treatments?|diet plus supplements", "diet"),
    (r"naso-?(?:gastric|jejunal|enteric) tube", "enteral tube"),
    (r"infiltrat(?:ion|ed)", "infiltration"),
    (r"(?:plexus|nerve) block", "nerve block"),
    (r"parenteral(?:ly)?", "parenteral"),
    (r"injection|injected", "injection"),
    (r"infusion|infused", "infusion"),
)  # fmt: skip

#: Routes that say less than the others; a sentence that also names another means that one.
VAGUE_ROUTES = frozenset({"injection", "infusion", "parenteral", "topical"})

#: A bound printed before the amount: which side stays open.
LOW_BOUND_BEFORE = (
    r"\u2265|>/=|>=|> ?or ?=|>|\u2a7e|at least|minimum(?: dose)?(?: of)?|min\.?|no less than|"
    r"not less than|more than|greater than(?: or equal to)?|higher than|above|over|exceeding|"
    r"in excess of|upwards of"
)
HIGH_BOUND_BEFORE = (
    r"\u2264|</=|<=|< ?or ?=|<|\u2a7d|up to|maximum(?: dose)?(?: of)?|max\.?|no more than|"
    r"not more than|at most|less than(?: or equal to)?|lower than|below|under|not exceeding|"
    r"not to exceed|upper limit of"
)
LOW_BOUND_AFTER = (
    r"or (?:more|higher|greater|above)|and (?:above|over|more)|minimum|at (?:a )?minimum|at least"
)
HIGH_BOUND_AFTER = (  # "60 mg maximum", but "1 mg/kg (maximum 60 mg)" has two amounts
    r"or (?:less|lower|below|fewer)|and below|"
    r"(?:maximum|max\b\.?)(?![ :=,]{0,3}(?:(?:daily|total|single) )?(?:dose[ :=,]{0,3})?(?:of )?\d)|at most"
)

#: Endings of drug names: stems of international nonproprietary names (WHO, The use of stems in
#: the selection of INN, 2018), plus a few families that are older than the list.
INN_STEMS: tuple[str, ...] = (
    "prost", "prostone", "olol", "zolamide", "nidine", "caine", "mycin", "micin", "conazole",
    "floxacin", "oxacin", "cycline", "cillin", "vir", "limus", "ciclib", "tinib", "parib", "mab",
    "cept", "platin", "rubicin", "taxel", "tecan", "citabine", "trexate", "trexed", "setron",
    "triptan", "gliptin", "gliflozin", "glitazone", "glutide", "natide", "formin", "gliclazide",
    "glimepiride", "statin", "fibrate", "sartan", "pril", "dipine", "azosin", "semide", "thiazide",
    "prazole", "tidine", "oxetine", "opram", "azepam", "azolam", "barbital", "fentanil", "fentanyl",
    "dronate", "dronic acid", "calcitol", "calciferol", "fediol", "sone", "solone", "lone",
    "olone", "onide", "profen", "coxib", "oxicam", "fenac", "terol", "tropium", "kast", "phylline",
    "relin", "parin", "grel", "xaban", "gatran", "plase", "poetin", "grastim", "curonium",
    "flurane", "azocine", "orphan", "orphine", "codone", "oxone", "adol", "idone", "apine",
    "azole", "amine", "afil", "idazole", "bendazole", "quine", "oquine", "zepine", "gabalin",
    "gabapentin", "racetam", "toin", "pramine", "triptyline", "sulfan", "mustine", "fosfamide",
    "uracil", "tamide", "mide", "estrant", "mestane", "ifene", "oxifene", "trozole", "estradiol",
    "gestrel", "sterone", "steride", "insulin", "glargine", "aspart", "lispro", "degludec",
    "semaglutide", "ciclosporin", "cyclosporine", "cyclosporin", "tacrolimus", "chlorhexidine",
    "hypochlorite", "heparin", "botulinum", "vitamin", "timolol", "epinephrine", "sodium",
    "chloride", "saline", "dextrose", "glucose", "acid", "maleate", "hydrochloride", "tartrate",
    "carpine", "purite", "turmeric", "cetamol", "minophen", "aspirin", "citrate", "xylose", "extract", "magnesium", "calcium", "iron", "zinc", "selenium",
    "alol", "anib", "fenib", "degib", "lisib", "zomib", "azoline", "bactam", "bradine", "clidine", "curium", "entan", "mectin", "exine",
    "fylline", "giline", "melteon", "metacin", "methacin", "milast", "oxidil", "orexant", "pamil", "penem", "pitant", "planin", "pressin",
    "relix", "renone", "lactone", "spirone", "steine", "stigmine", "tadine", "tiazem", "tocin", "tropine", "udine", "uridine", "vaptan", "verine",
    "viroc", "zolid", "dopa", "prim", "arabine", "kinra", "potriol", "potriene", "betasol", "nafine", "fungin", "tinoin", "arotene", "quimod",
    "propofol", "tomidate", "tomidine", "adrenaline", "nephrine", "ephedrine", "nicotine", "caffeine", "lactulose", "melatonin", "warfarin",
    "digoxin", "nitrate", "peroxide", "fluoride", "iodine", "potassium", "glycerin",
)  # fmt: skip

INN_STEM: Final = "|".join(sorted(INN_STEMS, key=len, reverse=True))
DRUG_NAME: Final = re.compile(rf"(?<![a-z-])[a-z-]*(?:{INN_STEM})s?(?![a-z])")

#: Words that say that something is given or taken.
GIVING = (
    r"receiv\w*|administ\w*|given|gave|giv(?:e|ing)|treat(?:ed|ment|ments|ing)|randomi[sz]\w*|"
    r"assigned|allocated|supplement\w*|dos(?:e|es|ed|age|ages|ing|ings)\b|take|taking|took|taken|"
    r"ingest\w*|consum\w*|inject\w*|infus\w*|infiltrat\w*|premedicat\w*|prescri\w*|intake\w*|"
    r"fed|tablets?|capsules?|pills?|therapy|bolus|drops?|cream|gel|ointment|mouth ?(?:wash|rinse)\w*|"
    r"solution|suspension|lavage|regimens?|loading|maintenance|diluted|titrat\w*|instill\w*|"
    r"immersed|irrigat\w*|placebo|monotherapy|combination|fortified|groups?|arms?|powder|versus|vs"
)

#: Where a sentence ends, in a text as it stands: before a capital, a blank line, a list item.
SENTENCE_END: Final = re.compile(
    r"[.!?\n|](?:(?<=[.!?])(?<!\bvs.)(?<!\bapprox.)(?<!\bno.)(?<!\bca.)(?<!\bfig.)(?<!\be\.g.)(?<!\bi\.e.)"
    r"(?<![ (]i\. v.)(?<![ (]i\.v.)(?<![ (]i\.m.)(?=\d{0,3}(?:,\d{1,2})*\s+[A-Z(\[*#\u2022-])"
    r"|(?<=\n)[ \t]*(?=\n)|(?<=\n)(?=[ \t]*(?:[*\u2022#|]|- |\d{1,2}[.)] ))|(?<=\|))"
)
