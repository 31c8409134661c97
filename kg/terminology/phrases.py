"""What a phrase of a text names: the phrase with what does not change the concept set aside.

"daily oral vitamin D3 (50,000 IU)" names vitamin D3, "serum 25(OH)D levels" what "25(OH)D" does,
"patients with severe asthma" asthma. Each step costs a little certainty; words that may change the
concept ("chronic", "anti-", "primary") are never set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, get_args

#: The place in a record that a phrase fills; it decides which kinds of concepts are meant.
Slot = Literal["intervention", "condition", "outcome"]
SLOTS: tuple[Slot, ...] = get_args(Slot)

_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])")
#: Brackets that belong to a name: "25(OH)D", "1,25(OH)2D3", "Lp(a)".
_INNER = re.compile(r"(?<=[A-Za-z0-9])\((?:OH|a)\)\d?", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?i)(?<![\w(])(?:[<>≤≥~]\s*)?\d[\d.,  ]{0,20}(?:\s*(?:-|–|to|or)\s*\d[\d.,]{0,20})?\s*[-–]?\s*"
    r"(?:mg|µg|μg|mcg|ug|g|kg|iu|i\.u\.|units?|ml|l|mmol|nmol|meq|%|mg/kg|mg/dl|ng/ml|nmol/l|"
    r"days?|weeks?|months?|years?|h|hours?|min|minutes?|wk|mo|yr)(?:\s*/\s*\w+|\s*per\s+\w+)*"
    r"(?:\s+of\b)?(?![\w])"
)
_FRONT: dict[Slot | None, str] = {
    "intervention": (
        r"(?:once|twice|thrice|three times)?[- ]?(?:daily|weekly|monthly|yearly|biweekly|bi-weekly)|"
        r"(?:high|low|higher|lower|standard|moderate|single|mega|very high|medium|usual|fixed|full|loading)[- ]dos(?:e|age)s?(?: of)?|"
        r"oral(?:ly)?|intravenous|intramuscular|subcutaneous|i\.?v\.?|i\.?m\.?|topical|"
        r"supplemental|supplementary|supplementation (?:of|with)|supplements? (?:of|with)|adjunctive|adjuvant|additional|add-on|concomitant|"
        r"treatment with|therapy with|administration of|use of|intake of|doses? of|dosage of|injections? of|infusions? of|"
        r"receiving|receipt of|given|taking|a course of|long[- ]term|short[- ]term|maintenance|prophylactic|active|"
        r"early|continued|exogenous|bolus|capsules? of|tablets? of|the|a|an|effects? of|dietary|increased|regular"
    ),
    "condition": (
        r"(?:adult |pediatric |paediatric |elderly |male |female |older |hospitali[sz]ed )?"
        r"(?:patients?|subjects?|people|persons?|individuals?|participants?|adults?|children|women|men|adolescents|infants|cases?|outpatients?|inpatients?)"
        r" (?:diagnosed with|suffering from|affected by|with|having|who had|undergoing|receiving|treated for)|"
        r"(?:mild|moderate|severe)(?:[- ](?:to|or|and)[- ](?:moderate|severe))?|mild|moderate|severe|newly[- ]diagnosed|"
        r"active|established|symptomatic|confirmed|clinically|stable|uncontrolled|poorly controlled|"
        r"history of|presence of|diagnosis of|treatment of|prevention of|risk of|incidence of|the|a|an|acute episodes? of|hospitali[sz]ed|"
        r"incident|prevalent|overt|existing|known|suspected|concomitant|comorbid"
    ),
    "outcome": (
        r"(?:cumulative |annual |overall |relative |absolute |adjusted |crude )?"
        r"(?:risks?|incidences?|prevalences?|rates?|odds|hazards?|occurrences?|frequency|frequencies|severity|number|numbers|"
        r"development|onset|likelihood|probability|proportion|percentage|percent|presence|level|levels|concentrations?|values?|amount|"
        r"changes?|reductions?|increases?|decreases?|improvements?|difference|differences|decline|deterioration|time|days|hours|duration)"
        r" (?:of|in|from|to|with)(?: the)?|"
        r"mean|median|average|total|baseline|final|post-?treatment|posttreatment|post-?intervention|follow-?up|"
        r"increased|decreased|reduced|improved|elevated|lower|higher|low|high|new|new-onset|self-reported|patient-reported|"
        r"serum|plasma|blood|circulating|urinary|the|a|an|maternal|neonatal|overall|clinical|incident|"
        r"mild|moderate|severe|primary outcome|adjusted|subjective|objective|daily"
    ),
}
_BACK: dict[Slot | None, str] = {
    "intervention": (
        r"therapy|therapies|treatments?|supplementation|supplements?|supplemented|groups?|arms?|tablets?|capsules?|pills?|injections?|"
        r"infusions?|intake|administration|use|users?|regimens?|monotherapy|drops|oil|powder|consumption|"
        r"daily|weekly|monthly|orally|once|twice|alone|only|plus|doses?|dosing|interventions?|programs?|programmes?|"
        r"bolus|megadoses?|per day|a day|per week|per month|every day|once daily|twice daily|once weekly|in addition|participants|patients|"
        r"loading|cream|ointment|gel|spray|solution|eye drops|exposure|levels?|status"
    ),
    "condition": (
        r"patients?|subjects?|cases?|individuals?|participants?|people|adults|children|women|men|sufferers|diagnosis|population|"
        r"symptoms?|disease activity|risk|severity|cohort|survivors|prevention|treatment|mothers|history"
    ),
    "outcome": (
        r"levels?|concentrations?|status|scores?|rates?|incidence|prevalence|risk|values?|events?|episodes?|severity|frequency|"
        r"symptoms?|outcomes?|measures?|measurements?|changes?|improvements?|reductions?|increases?|decreases?|decline|"
        r"at \w+(?: \w+)?|after \w+(?: \w+)?|over time|from baseline|to baseline|in serum|in blood|per year|ratings?|assessments?|indices|subscales?|"
        r"scales?|total scores?|production|secretion|expression|activity|development|occurrence|onset|diagnosis|progression|response|"
        r"in (?:the )?\w+ (?:group|arm)|biomarkers?|markers?|percentage|count|parameters?|variables?|control|index|test|days"
    ),
}  # fmt: skip
_FRONT[None] = "the|a|an|serum|plasma|blood|circulating|total"
_BACK[None] = "patients|levels?|supplementation|supplements?"
_STRIP = {
    slot: (
        re.compile(rf"^(?:{_FRONT[slot]})(?:[\s,:-]+|$)", re.IGNORECASE),
        re.compile(rf"(?:^|(?<![\s,:-])[\s,:-]+)(?:{_BACK[slot]})$", re.IGNORECASE),
    )
    for slot in _FRONT
}
_TAILS = re.compile(
    r"(?i)\s+(?:in|among|for|during|versus|vs\.?|compared|from|at|after|within|between|on|as|per|by|than|every|until|when)\b.*$"
)
_EDGES = " \t\n,;:.-–—/*'\"“”‘’"

_PEOPLE = re.compile(r"(?i)patients?|subjects?|individuals?|people|adults|children|women|men")

#: What is taken off, and the certainty that is left.
_PLAIN, _NO_AMOUNT, _STRIPPED, _NO_TAIL = 1.0, 0.99, 0.97, 0.93


def readings(phrase: str, slot: Slot | None = None) -> Iterator[tuple[str, float]]:
    """Yield what a phrase may name, and how certain each reading is, 0 to 1; the surest first.

    Examples
    --------
    >>> [text for text, _ in readings("oral vitamin D3 (50,000 IU) weekly", "intervention")]
    ['oral vitamin D3 (50,000 IU) weekly', 'oral vitamin D3 weekly', 'vitamin D3 weekly', 'vitamin D3']
    >>> [text for text, _ in readings("serum 25(OH)D levels", "outcome")]
    ['serum 25(OH)D levels', '25(OH)D levels', '25(OH)D']
    """
    seen: set[str] = set()

    def new(text: str) -> bool:
        text = text.casefold()
        fresh = len(text) > 1 and text not in seen
        seen.add(text)
        return fresh

    phrase = " ".join(phrase.split()).strip(_EDGES)
    if new(phrase):
        yield phrase, _PLAIN
    for base, certainty in ((phrase, 1.0), (_TAILS.sub("", phrase), _NO_TAIL)):
        bare = " ".join(_AMOUNT.sub(" ", _without_brackets(base)).split()).strip(_EDGES)
        if new(bare):
            yield bare, certainty * _NO_AMOUNT
        for text, steps in _stripped(bare, slot):
            if new(text):
                yield text, certainty * _NO_AMOUNT * _STRIPPED ** (1 + 0.3 * (steps - 1))


def bracketed(phrase: str) -> list[str]:
    """Return what stands in a phrase's brackets: another name of the same thing, often.

    >>> bracketed("25-hydroxyvitamin D [25(OH)D]")
    ['25(OH)D']
    """
    inner = [match.group().strip()[1:-1] for match in _BRACKETS.finditer(_protect(phrase))]
    return [_unprotect(text).strip(_EDGES) for text in inner]


#: Endings of adjectives and of the nouns of states they belong to.
_NOUNS = (
    ("tensive", ("tension",)), ("ressed", ("ression",)), ("cemic", ("cemia",)), ("emic", ("emia",)),
    ("uric", ("uria",)), ("otic", ("osis", "otic disorder")), ("itic", ("itis",)), ("eptic", ("epsy", "epsis")),
    ("phrenic", ("phrenia",)), ("toxic", ("toxicity",)), ("genic", ("genesis",)), ("pathic", ("pathy",)),
    ("manic", ("mania",)), ("phobic", ("phobia",)), ("plegic", ("plegia",)), ("rrhythmic", ("rrhythmia",)),
    ("rrhagic", ("rrhage",)), ("trophic", ("trophy",)), ("lepsic", ("lepsy",)), ("algic", ("algia",)),
    ("sthetic", ("sthesia",)), ("penic", ("penia",)), ("ritic", ("ritis",)), ("matic", ("ma",)),
    ("ulsive", ("ulsion", "ulsions")), ("structive", ("struction",)), ("ancerous", ("ancer",)), ("thritic", ("thritis",)),
    ("cerous", ("cer",)), ("morous", ("mor",)), ("ious", ("iety",)), ("oxic", ("oxia",)), ("ythmic", ("ythmia",)),
    ("lithic", ("lithiasis",)), ("stenotic", ("stenosis",)), ("rotic", ("rosis",)), ("nemic", ("nemia",)),
    ("iabetic", ("iabetes",)), ("bese", ("besity",)), ("lergic", ("lergy",)), ("eric", ("eria",)),
    ("yretic", ("yrexia",)), ("rexic", ("rexia",)), ("sonian", ("son disease",)), ("elirious", ("elirium",)),
    ("hotic", ("hosis",)), ("orrheic", ("orrhea",)), ("ardic", ("ardia",)), ("neic", ("nea",)),
    ("atonic", ("atonia",)), ("spastic", ("spasticity",)), ("kinetic", ("kinesia",)), ("tonic", ("tonia",)),
    ("ataleptic", ("atalepsy",)), ("static", ("stasis",)), ("lytic", ("lysis",)), ("tanic", ("tany",)), ("ephalic", ("ephaly",)), ("thyroid", ("thyroidism",)), ("genital", ("genital abnormality",)),
)  # fmt: skip


#: Adjectives of organs and what vocabularies call the organ.
_ORGANS = {
    "renal": "kidney", "hepatic": "liver", "cardiac": "heart", "pulmonary": "lung", "gastric": "stomach",
    "ocular": "eye", "cerebral": "brain", "dermal": "skin", "cutaneous": "skin", "mammary": "breast",
    "ovarian": "ovary", "prostatic": "prostate", "vesical": "bladder", "splenic": "spleen", "colonic": "colon",
    "rectal": "rectum", "esophageal": "esophagus", "pancreatic": "pancreas", "intestinal": "intestine",
    "muscular": "muscle", "osseous": "bone", "neural": "nerve", "vascular": "blood vessel", "coronary": "coronary artery",
    "articular": "joint", "dental": "tooth", "aural": "ear", "nasal": "nose", "thyroidal": "thyroid",
}  # fmt: skip
_ORGANS |= {noun: adjective for adjective, noun in _ORGANS.items() if noun not in _ORGANS}
_TUMORS = ("cancer", "carcinoma", "neoplasm", "tumor")
_TUMOR = re.compile(
    r"(?i)\b(?:cancers?|carcinomas?|neoplasms?|tumou?rs?|malignanc(?:y|ies)|malignant neoplasms?)\b"
)
#: Words that say an organ or a function is harmed, without saying how.
_HARM = re.compile(
    r"(?i)\b(?:damages?|dysfunctions?|impairments?|abnormalit(?:y|ies)|disorders?|complications?|toxicit(?:y|ies)|injur(?:y|ies)|"
    r"insufficienc(?:y|ies)|failures?|lesions?|disturbances?|deficits?|defects?|alterations?|diseases?|illness(?:es)?|problems?)$"
)
#: What harm is called in the names of vocabularies, the closest in meaning first.
_HARMS = (
    ("injury", 0.9), ("disorder", 0.88), ("impairment", 0.87), ("dysfunction", 0.87), ("disease", 0.86),
)  # fmt: skip
_IMPAIRED = re.compile(
    r"(?i)^(?:impaired|abnormal|disturbed|defective|reduced|(?:impairments?|abnormalit(?:y|ies)|deterioration|decline|loss|deficits?|disturbances?)"
    r" (?:of|in)(?: the)?) (?P<of>[\w -]+?)(?P<function> functions?)?$"
)
_HARM_OF = re.compile(
    r"(?i)^(?:(?:acute|chronic|severe) )?(damage|dysfunction|impairment|abnormalit(?:y|ies)|disorders?|toxicity|injury|failure|loss|disturbances?|"
    r"lesions?|diseases?|inflammation) (?:of|in|to) (?:the )?(.+)$"
)
_INFECTED = re.compile(r"(?i)[- ](?:co-?)?infected(?: \w+)?$")
_SALT = re.compile(
    r"(?i)\s+(?:mono|di|hemi)?(?:hydrochloride|hcl|sulfate|sulphate|hydrobromide|maleate|mesylate|besylate|"
    r"tartrate|fumarate|succinate|citrate|acetate|phosphate|sodium|potassium|disodium|calcium|hydrate|trihydrate|bromide)$"
)


def rewordings(phrase: str, slot: Slot | None) -> Iterator[tuple[str, float]]:
    """Yield other ways to say a phrase, and how certain it is that they say the same.

    >>> list(rewordings("renal carcinoma", "condition"))[:2]
    [('kidney carcinoma', 0.96), ('renal cancer', 0.95)]
    >>> list(rewordings("gentamicin sulfate", "intervention"))
    [('gentamicin', 0.93)]
    >>> list(rewordings("Hypotensive", "condition")), next(rewordings("HIV-infected", "condition"))
    ([('Hypotension', 0.92)], ('HIV infection', 0.96))
    """
    words = phrase.split()
    if slot == "intervention":
        if (bare := _SALT.sub("", phrase)) != phrase:
            yield bare, 0.93
        return
    swapped = " ".join(_ORGANS.get(word.lower(), word) for word in words)
    if (lost := _IMPAIRED.search(phrase)) is not None:
        organs = dict.fromkeys((lost["of"], _ORGANS.get(lost["of"].lower(), lost["of"])))
        nouns = (
            ("dysfunction", "impairment", "disease")
            if lost["function"]
            else ("impairment", "disorder")
        )
        yield from ((f"{organ} {noun}", 0.92) for noun in nouns for organ in organs)
    if (turned := _HARM_OF.search(phrase)) is not None:
        yield f"{turned.group(2)} {turned.group(1)}", 0.93
        yield from ((f"{turned.group(2)} {noun}", sure) for noun, sure in _HARMS)
    variants = [phrase] if swapped == phrase else [phrase, swapped]
    if swapped != phrase:
        yield swapped, 0.96
    for variant in variants:
        if (found := _TUMOR.search(variant)) is not None:
            for noun in _TUMORS:
                if noun != found.group().lower():
                    yield variant[: found.start()] + noun + variant[found.end() :], 0.95
        if len(words) > 1 and _HARM.search(variant):
            for noun, sure in _HARMS:
                yield _HARM.sub(noun, variant), sure
    if _INFECTED.search(phrase):
        yield _INFECTED.sub(" infection", phrase), 0.96
    for noun in _nouns(words):
        yield noun, 0.92
    for at in range(len(words) - 1):  # "gall bladder", "co-infection"
        yield " ".join((*words[:at], words[at] + words[at + 1], *words[at + 2 :])), 0.95
    if "-" in phrase:
        yield phrase.replace("-", ""), 0.95


#: Words that say of a condition how it runs, how bad it is, where or since when, not which one it is.
_COURSE = re.compile(
    r"(?i)^(?:(?:acute|subacute|chronic|acute-on-chronic|idiopathic|transient|transitory|temporary|persistent|persisting|permanent|"
    r"recurrent|recurring|relapsing|repeated|refractory|resistant|intractable|subjective|subclinical|asymptomatic|silent|spontaneous|"
    r"progressive|reversible|irreversible|bilateral|unilateral|left|right|diffuse|generali[sz]ed|locali[sz]ed|massive|extensive|profound|"
    r"marked|minor|major|fatal|lethal|life-threatening|serious|significant|sudden|sustained|prolonged|late|delayed|early|experimental|"
    r"iatrogenic|advanced|metastatic|recent|first-episode|new-onset|late-onset|early-onset|adult-onset|fulminant|isolated|intermittent|paroxysmal|"
    r"possible|probable|apparent|postoperative|perioperative|secondary|toxic|systolic|oliguric|non-?oliguric|complete|partial|additional)\s+"
    r"|(?P<cause>[\w()/-]+)[- ](?:induced|related|associated|mediated)\s+)(?=\w)"
)
#: Causes that vocabularies have conditions of.
_CAUSED = ("drug-induced", "substance-induced", "chemical-induced")


def wider(phrase: str) -> Iterator[tuple[str, float]]:
    """Yield what a condition is a form of: without words for its course, its degree and its cause.

    >>> list(wider("idiopathic subjective tinnitus"))
    [('subjective tinnitus', 0.92), ('tinnitus', 0.9)]
    >>> [name for name, _ in wider("levodopa-induced dyskinesia")]
    ['drug-induced dyskinesia', 'substance-induced dyskinesia', 'chemical-induced dyskinesia', 'dyskinesia']
    >>> list(wider("non-ulcer dyspepsia"))
    []
    """
    sure = 0.94
    while (found := _COURSE.match(phrase)) is not None:
        phrase, sure = phrase[found.end() :], round(sure - 0.02, 2)
        if found.group("cause"):
            yield from ((f"{cause} {phrase}", sure) for cause in _CAUSED)
        yield phrase, sure


def _nouns(words: list[str]) -> list[str]:
    """Return what state an adjective says somebody is in: "epileptic", "cirrhotic patients".

    The words are made by endings alone and name something only if a terminology has them.
    """
    if not words or len(words) > 2 or (len(words) == 2 and not _PEOPLE.fullmatch(words[1])):
        return []
    word = words[0].strip(_EDGES)
    found = {
        word[: -len(ending)] + noun: None
        for ending, made in _NOUNS
        if word.lower().endswith(ending) and len(word) > len(ending)
        for noun in made
    }
    return list(found)


def _stripped(text: str, slot: Slot | None) -> Iterator[tuple[str, int]]:
    """Yield a text with words taken off its front and its back, one after the other."""
    front, back = _STRIP[slot]
    for steps in range(1, 9):
        # From the back first: "vitamin D level" may be a name where "D level" is none.
        shorter = back.sub("", text, count=1).strip(_EDGES) if steps % 2 == 0 else ""
        if not shorter or shorter == text:
            shorter = front.sub("", text, count=1).strip(_EDGES)
        if shorter == text or not shorter:
            shorter = back.sub("", text, count=1).strip(_EDGES)
        if not shorter or shorter == text:
            return
        text = shorter
        yield text, steps


def _without_brackets(text: str) -> str:
    return _unprotect(_BRACKETS.sub(" ", _protect(text)))


def _protect(text: str) -> str:
    return _INNER.sub(lambda match: match.group().replace("(", "\x01").replace(")", "\x02"), text)


def _unprotect(text: str) -> str:
    return text.replace("\x01", "(").replace("\x02", ")")


_JOINT = re.compile(
    r"(?i)\s*(?:\+|/|,|;|&)\s*|\s+(?:and|plus|with|or|in combination with|combined with|versus|vs\.?|followed by)\s+"
)


def parts(phrase: str) -> list[str]:
    """Return what an intervention that names several things consists of, an empty list for one thing.

    >>> parts("vitamin D 800 IU plus calcium"), parts("vitamin D")
    (['vitamin D 800 IU', 'calcium'], [])
    """
    found = [part.strip(_EDGES) for part in _JOINT.split(_without_brackets(phrase))]
    found = [part for part in found if len(part) > 1]
    return found if len(found) > 1 else []
