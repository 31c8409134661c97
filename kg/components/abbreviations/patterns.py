"""Where a text may define a short form, as data."""

from __future__ import annotations

import re

from kg.lexicon import word_set

_SHORT = r"(?:[A-Z][a-z]{1,3}\.? [A-Z]\d?(?!\w)|[A-Za-zα-ωΑ-Ω0-9][\w/&+.\-–]{0,11}(?:\([\w]{1,3}\)[\w/\-–]{0,6})?)"

#: "aromatase inhibitor (AI)", "myopathies(IIMs)", "[25(OH)D]", "(BMD; primary)", "(HR, 0.8)".
SHORT_IN_BRACKETS = re.compile(rf"[(\[]\s?[\"'“‘]?(?P<short>{_SHORT})[\"'”’]?\s?(?=[)\],;:=])")

#: "IIM (idiopathic inflammatory myopathy)": the long form stands in the brackets.
LONG_IN_BRACKETS = re.compile(
    r"(?<!\w)(?P<short>[A-Z][\w\-]{1,9})\s?\((?P<long>[A-Za-z][^()\d=<>;]{6,90})\)"
)

#: Words before the brackets that are looked at.
WORDS_BEFORE = re.compile(r"[^\s()\[\],;]+(?:\([^\s()]{1,3}\)[^\s()\[\],;]*)?|[()\[\],;]")

#: Characters before the brackets that are looked at.
REACH = 160

#: What an abbreviation detector takes for short forms, and is none.
NOT_SHORT = word_set("""
    and or the for with without vs see ie eg yes no all both men women mean total range table
    figure fig ref adult adults male female year years age aged day days week weeks months hours
    baseline control placebo group groups primary secondary usa uk
    """)

#: Words that no long form begins with.
FUNCTION_WORDS = word_set(
    "and or the a an of in on at to for with by from as than that which was were is are be"
)
