"""When two names are the same: spelling, number, punctuation and word order set aside.

Three keys of a name, from strict to loose: its *short* key (letter case kept, for abbreviations), its
*plain* key (letter case, hyphens, plural, British spelling and Greek letters set aside) and its *bag*
key (word order and "of", "the" set aside too).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda",
    "μ": "mu", "ω": "omega", "τ": "tau", "σ": "sigma", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ß": "beta",
}  # fmt: skip
_GREEK_LETTER = re.compile("[" + "".join(_GREEK) + "]")
_APOSTROPHE_S = re.compile(r"['’`´]s?\b")
_NOT_WORD = re.compile(r"[^0-9a-z+%]+")
_DIGIT = re.compile(r"[0-9]")
_SPLIT_NUMBER = re.compile(r"(?<![0-9a-z])([a-z]) (\d{1,2})(?![0-9a-z])")
_GLUED = re.compile(r"(?<![0-9a-z])(alpha|beta|gamma|delta|omega)(\d)")

#: British → American, at any place of a word unless the pattern says where.
_AMERICAN = (
    (re.compile(r"aemi(?=[ac])"), "emi"), (re.compile(r"haem"), "hem"), (re.compile(r"\bpaed"), "ped"),
    (re.compile(r"\borthopaed"), "orthoped"), (re.compile(r"oedema"), "edema"),
    (re.compile(r"\boesoph"), "esoph"), (re.compile(r"oesoph"), "esoph"), (re.compile(r"\bfoet"), "fet"),
    (re.compile(r"rrhoea"), "rrhea"), (re.compile(r"pnoea"), "pnea"), (re.compile(r"\boestr"), "estr"),
    (re.compile(r"oestrogen"), "estrogen"), (re.compile(r"\bgynaec"), "gynec"),
    (re.compile(r"caesar"), "cesar"), (re.compile(r"\baetiol"), "etiol"), (re.compile(r"tumour"), "tumor"),
    (re.compile(r"colour"), "color"), (re.compile(r"behaviour"), "behavior"), (re.compile(r"labour"), "labor"),
    (re.compile(r"fibre"), "fiber"), (re.compile(r"sulph"), "sulf"), (re.compile(r"aluminium"), "aluminum"),
    (re.compile(r"ageing"), "aging"), (re.compile(r"analogue"), "analog"), (re.compile(r"is(?=ation\b)"), "iz"),
    (re.compile(r"\bleucocyt"), "leukocyt"), (re.compile(r"\bcoeliac"), "celiac"), (re.compile(r"caecum"), "cecum"),
    (re.compile(r"faec"), "fec"), (re.compile(r"anaesth"), "anesth"), (re.compile(r"\bdyslipidaemi"), "dyslipidemi"),
    (re.compile(r"manoeuv"), "maneuv"), (re.compile(r"\bhyperlipaem"), "hyperlipem"), (re.compile(r"phthalmoe"), "phthalme"),
)  # fmt: skip
#: The same with the letters that a name must have.
_SPELLINGS = tuple(
    (re.sub(r"\\b|\(\?=.*\)", "", pattern.pattern), pattern, american)
    for pattern, american in _AMERICAN
)
_BRITISH = re.compile(r"ae|oe|our|sulph|fibre|minium|geing|logue|isation|leucocyt")
_NOT_SHORT = re.compile(r"[^\w+%/]|_")
_SINGULARS = {
    "metastases": "metastasis", "diagnoses": "diagnosis", "prognoses": "prognosis", "crises": "crisis",
    "analyses": "analysis", "dialyses": "dialysis", "feces": "feces", "herpes": "herpes",
    "diabetes": "diabetes", "rabies": "rabies", "scabies": "scabies", "caries": "caries",
    "series": "series", "species": "species", "rickets": "rickets", "measles": "measles",
    "mumps": "mumps", "shingles": "shingles", "scores": "score", "doses": "dose", "lens": "lens",
    "vertebrae": "vertebra", "women": "woman", "men": "man", "children": "child", "feet": "foot",
    "teeth": "tooth", "ischemias": "ischemia", "vertices": "vertex", "indices": "index",
    "bacteria": "bacterium", "sequelae": "sequela", "criteria": "criterion", "leaves": "leaf",
    "herbs": "herb", "kinetics": "kinetics", "tinnitus": "tinnitus",
}  # fmt: skip
_KEEP_S = re.compile(r"(?:ss|us|is|ics)$|^(?:pancreas|bias|gas|atlas|chaos|biogas)$")
#: Words that a name may have or lack without meaning another thing.
LOOSE_WORDS = frozenset("of the a an in for to due by nos".split())


@lru_cache(maxsize=16384)
def plain_key(name: str) -> str:
    """Return a name without letter case, hyphens, accents, plural, and British spelling.

    Examples
    --------
    >>> plain_key("Crohn’s disease"), plain_key("Haemoglobin A1c"), plain_key("TNF-α inhibitors")
    ('crohn disease', 'hemoglobin a1c', 'tnf alpha inhibitor')
    >>> plain_key("Vitamin D-3"), plain_key("vitamin D₃"), plain_key("Infections, Urinary Tract")
    ('vitamin d3', 'vitamin d3', 'infection urinary tract')
    """
    text = name.lower() if name.isascii() else unicodedata.normalize("NFKC", name).casefold()
    if not text.isascii():
        text = _GREEK_LETTER.sub(lambda match: _GREEK[match.group()], text)
        text = text.replace("’", "'").replace("æ", "ae").replace("œ", "oe").replace("ø", "o")
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    if "'" in text or "`" in text or "´" in text:
        text = _APOSTROPHE_S.sub("", text)
    text = _NOT_WORD.sub(" ", text).strip()
    if _DIGIT.search(text):
        text = _SPLIT_NUMBER.sub(r"\1\2", text)
        text = _GLUED.sub(r"\1 \2", text)
    if _BRITISH.search(text):
        for letters, pattern, american in _SPELLINGS:
            if letters in text:
                text = pattern.sub(american, text)
    return " ".join(map(_singular, text.split()))


def bag_key(plain: str) -> str:
    """Return the words of a plain key in alphabetical order, without :data:`LOOSE_WORDS`.

    >>> bag_key(plain_key("cancer of the breast")) == bag_key(plain_key("Breast Cancer"))
    True
    """
    return " ".join(sorted(word for word in plain.split() if word not in LOOSE_WORDS))


@lru_cache(maxsize=16384)
def short_key(name: str) -> str:
    """Return a short form in its letter case, without hyphens, blanks and full stops.

    >>> short_key("HAQ-DI"), short_key("IL - 6"), short_key("25(OH)D")
    ('HAQDI', 'IL6', '25OHD')
    """
    if name.isascii() and name.isalnum():
        return name
    return _NOT_SHORT.sub("", unicodedata.normalize("NFKC", name))


@lru_cache(maxsize=16384)
def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith(("s", "women", "men", "ae", "a", "children", "feet", "teeth", "leaves")):  # fmt: skip
        return word
    known = _SINGULARS.get(word)
    if known is not None:
        return known
    if not word.endswith("s") or _KEEP_S.search(word) or any(c.isdigit() for c in word):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if re.search(r"(?:[^cdgp]oses|yses)$", word):
        return word[:-2] + "is"
    if re.search(r"(?:ss|sh|ch|x|zz)es$", word):
        return word[:-2]
    return word[:-1]
