"""What a token is, as data: one alternation, tried from top to bottom at every place."""

from __future__ import annotations

import re

#: Headings that published abstracts glue to the first word of their text ("ResultsA total").
GLUED_HEADINGS = (
    "Background", "Backgrounds", "Introduction", "Context", "Importance", "Rationale",
    "Objective", "Objectives", "Purpose", "Aim", "Aims", "Hypothesis", "Goal",
    "Method", "Methods", "Design", "Setting", "Settings", "Participants", "Patients", "Subjects",
    "Intervention", "Interventions", "Measurements", "Outcomes", "Exposures", "Measures",
    "Result", "Results", "Findings", "Conclusion", "Conclusions", "Discussion", "Interpretation",
    "Limitations", "Significance", "Implications", "Relevance", "Funding", "Registration",
    "Acknowledgements", "Abstract",
)  # fmt: skip

#: A glued heading is followed by a new word in upper case: "ConclusionLow-dose", "ResultsA total".
GLUED_HEADING = (
    r"(?=[A-Z])(?:"
    + "|".join(sorted(GLUED_HEADINGS, key=len, reverse=True))
    + r")(?=[A-Z](?:[a-z]|\s))"
)

TOKEN = re.compile(
    rf"""
    [a-z][^\W_]*                             # most words: nothing else begins with a small letter
  | {GLUED_HEADING}                          # "Results" of "ResultsA total"
  | \d{{1,3}}(?:,\d{{3}})+(?!\d)(?:[.·]\d+)? # 1,240  283,537  1,240.5
  | \d+(?:[.·]\d+)?                          # 12  0.84  0·84; letters behind start a new token
  | (?<!\w)[.·]\d+                           # .05
  | ['’]s\b                                  # 's
  | [^\W\d_][^\W_]*                          # words, HbA1c, D3, μg
  | \S                                       # any other sign by itself: = < ± / - ( ) [ ] %
    """,
    re.VERBOSE,
)
