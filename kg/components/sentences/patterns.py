"""Where a sentence may end, as data."""

from __future__ import annotations

import re

from kg.components.tokenizer.patterns import GLUED_HEADING
from kg.lexicon import word_set

#: A possible end: closing signs with the quotes and brackets behind them.
STOP = re.compile(r"[.!?。]+[\"'”’)\]]*")

#: Short forms that never end a sentence, lower case, without their last full stop.
NEVER_LAST = word_set("""
    vs viz cf al approx ca i.e e.g eg ie resp incl excl fig figs tab eq eqs ref refs suppl ch sec
    dr prof mr mrs ms st mt jr sr ph.d m.d b.sc m.sc dept univ no nos vol vols pp ed eds rev edn
    sp spp subsp var str ser chap art fl assoc
    jan feb mar apr jun jul aug sep sept oct nov dec
    """)

#: Short forms that stand before a number, and only then are no end ("No. 5", "p. 12").
BEFORE_NUMBER = word_set("no nos fig figs tab ref refs vol p pp eq ch sec art v ver")

#: Short forms that are words as well: no end only with a digit behind ("Dec. 5", not "in Dec.").
WORD_TOO = word_set("no mar art st tab ref var str ser fl ed rev dec jan")

#: Words after which a single letter is a name, not an initial: "vitamin D. The trial …".
LETTER_NAMES = word_set("""
    vitamin vitamins vit hepatitis group groups arm arms type types grade stage class category phase cohort
    factor protein immunoglobulin influenza part panel table figure appendix level schedule
    plan option treatment regimen drug score model day step site study studies ward unit dose
    method test scale subtype haemophilia hemophilia coenzyme botulinum toxin interferon
    """)

#: Dotted letters, e.g. "U.S.", "C.I.", "t.i.d."; the last stop is part of them.
DOTTED = re.compile(r"(?:^|[^\w.])((?:[A-Za-z]\.){1,4}[A-Za-z])$")

#: Reference numbers after a full stop: "function. 2 The", "risk.12,13 In", "symptoms. 1".
CITATION = re.compile(r"\s?\[?\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\]?(?=\s*$|\s+[A-Z“\"(•])")

#: What the next sentence may begin with.
OPENING = re.compile(r"\s*[\"'“‘(\[]*(?:[A-Z0-9ÀÖ-Þ¿≥≤<>α-ω±+−•*]|–\s)")

#: A decimal that a blank has split: "P < 0. 05", "11. 7%".
SPLIT_DECIMAL_TAIL = re.compile(r"\s\d{1,4}(?=\s?%|\s?[),;\]]|\.(?:\s|$))")

#: What may follow a stop without a blank: a new word in upper case ("0.05.Besides", "1).The").
GLUED_OPENING = re.compile(r"[\"'“‘(\[]?[A-Z](?:[a-z]+|\s|[A-Z]+\b|-)")

#: A section's label that a text begins with, run into its first sentence: "Results Mortality fell".
RUN_IN_LABEL = re.compile(
    r"\s*(?:(?:Results|Methods|Findings|Conclusions)(?=\s[A-Z])|(?:RESULTS|METHODS|FINDINGS|CONCLUSIONS)(?=\s[A-Z][a-z]))"
)

#: Ends that no sign marks: blank lines, list bullets at a line's beginning, glued headings.
HARD_BREAK = re.compile(
    rf"(?=[\nA-Z])(?:\n\s*\n|\n\s*(?=[•*‣▪◦·]\s)|(?<=[a-z0-9).\]%])(?={GLUED_HEADING}))"
)

#: A stop within brackets ends no sentence when the bracket closes within so many characters.
BRACKET_REACH = 160
