"""The words on which sentences about ratios turn, and those that frame the names on their two sides.

Data only. All patterns are looked for in an outline (:mod:`kg.assembly.outline`): a sentence in which
each number, and each bracket that holds one, is a run of :data:`BLOT`. O is an outcome, A an exposure.
"""

from __future__ import annotations

import re
from typing import Literal

from kg.assembly.allocation.words import PEOPLE

Side = Literal["exposure", "outcome"]

#: What stands for a number, and for a bracket that holds one, in an outline.
BLOT = "#"
_ADVERB = (
    r"(?:(?:,\s*however,|also|both|not|still|even|further|only|more|significant|[\w-]+ly)\s+){0,3}"
)
_BE = r"(?:was|were|is|are|be|been|being|remained?|had been|has been|have been)"
_FACTOR = (
    r"(?:(?:risk|prognostic|predictive|protective|predisposing|associated)\s+(?:and\s+\w+\s+)?)?"
    r"(?:factors?|predictors?|determinants?|parameters?|indicators?|markers?|correlates?|contributors?|variables?|characteristics)"
)
_RATIO = (
    r"(?:(?:pooled|adjusted|crude|unadjusted|multivariable|multivariate|summary|cumulative|overall|corresponding|the|an?)[\s-]+){0,4}"
    r"(?:a?hrs?|a?ors?|a?rrs?|irrs?|(?:hazards?|odds?|risk|rate|incidence rate|prevalence) ratios?|relative risks?|risks?|odds|hazards?)"
)
_CHANGES = r"increas|decreas|reduc|lower|rais|predict|affect|influenc|improv|worsen|doubl|tripl|attenuat|diminish|elevat|prevent"
_CHANCE = r"(?:risks?|odds|likelihood|chances?|incidence|probability|rates?|hazards?|mortality|prevalence)"


#: Outcomes that name no event.
BARE_CHANCE = frozenset(
    "risk risks odds likelihood chance chances incidence probability rate rates hazard hazards prevalence".split()
)


#: "the risk of …": what follows is an outcome.
CHANCE_OF = re.compile(rf"(?:\w+\s+)?{_CHANCE}\s+(?:of|for)\b", re.IGNORECASE)
#: What points to a name told before.
POINTING = frozenset("it its this that these those they there two both however which who".split())


class Pivot:
    """A word on which a sentence turns, and what stands on its two sides; ``None``: either.

    A `weak` one is a word that may as well belong to what a pivot right before it says.
    """

    def __init__(
        self, pattern: str, before: Side | None, after: Side | None, *, weak: bool = False
    ) -> None:
        self.pattern = re.compile(pattern, re.IGNORECASE)
        self.before, self.after, self.weak = before, after, weak


PIVOTS = (
    # A (…) and B (…) were predictors of O
    Pivot(
        rf"\b(?:{_BE}|as|emerged as|proved(?: to be)?|represented|constituted)\s+{_ADVERB}(?:an?\s+|the\s+|two\s+|three\s+)?"
        rf"(?:(?:only|most|\w+ly|independent|significant|strong(?:est)?|important|major|additional|potential|common|main|key)\s+){{0,4}}"
        rf"{_FACTOR}\s+(?:for|of|in|associated with|predicting|related to|linked to)\b",
        "exposure", "outcome",
    ),
    # predictors of O were A (…), B (…)
    Pivot(
        rf"\b{_FACTOR}\s+(?:(?:\w+ly\s+)?(?:for|of|in|associated with|predicting|related to|affecting|influencing|linked to)\s+)"
        rf"(?P<outcome>[^#.,;:]{{2,110}}?)\s*(?:\b(?:were|was|are|is|included?|comprised)\b(?!\s+(?:found|observed|seen))|:)",
        None, "exposure",
    ),
    # associations with O were observed for A (…), B (…)
    Pivot(
        r"\bassociations?\s+with\s+(?P<outcome>[^#.,;:]{2,110}?)\s+(?:were|was)\s+(?:\w+ly\s+)?(?:observed|found|seen|noted|detected)\s+(?:for|in|with)\b",
        None, "exposure",
    ),
    # no association between A and O; effect of A on O; association of A with O
    Pivot(
        rf"\b(?:associations?|relationships?|correlations?|links?)\s+(?:{_BE}\s+\w+\s+)?between\s+(?P<one>[^#.;:,]{{2,90}}?)\s+and\b",
        None, None,
    ),
    Pivot(
        rf"\b(?:associations?|relationships?|correlations?)\s+(?:{_BE}\s+\w+\s+)?of\s+(?P<one>[^#.;:,]{{2,90}}?)\s+(?:with|and)\b",
        None, None,
    ),
    Pivot(
        rf"\b(?:effects?|impact|influence|interactions?)\s+(?:{_BE}\s+\w+\s+)?(?:of|between)\s+(?P<exposure>[^#.;:,]{{2,90}}?)\s+on\b",
        None, "outcome",
    ),
    # no difference between A and B in O
    Pivot(
        rf"\bdifferences?\s+(?:{_BE}\s+\w+\s+)?between\s+(?P<exposure>[^#.;:,]{{2,90}}?)\s+and\s+(?P<comparator>[^#.;:,]{{2,60}}?)\s+"
        r"(?:in|for|on|regarding|with respect to|concerning)\b",
        None, "outcome",
    ),
    # O did not differ between A and B
    Pivot(r"\b(?:did\s+not\s+)?(?:\w+ly\s+)?differ(?:ed)?\s+(?:\w+ly\s+)?between\b", "outcome", "exposure"),
    # A showed no association with O
    Pivot(
        r"\b(?:did\s+not\s+)?(?:show(?:ed|s)?|had|has|have|indicated?|found|find|reveal(?:ed)?)\s+(?:no|an?|any)\s+(?:\w+\s+){0,2}(?:associations?|correlations?)\s+with\b",
        None, None,
    ),
    Pivot(r"\b(?:had|have|has|showed)\s+no\s+(?:\w+\s+)?(?:effect|influence|impact)\s+on\b", "exposure", "outcome"),
    # there was a higher risk of O in A
    Pivot(
        rf"\bthere\s+{_BE}\s+(?:an?\s+|no\s+)?{_ADVERB}(?:higher|lower|increased|decreased|reduced|elevated|greater)\s+"
        r"(?P<outcome>[^#.;:,]{2,90}?)\s+(?:in|among|for|with)\b",
        None, "exposure",
    ),
    # A had a hazard ratio of # for O
    Pivot(
        rf"\b(?:had|have|has|showed)\s+{_RATIO}\s*(?:of|=|:)?\s*(?=#)",
        "exposure", "outcome",
    ),
    # A was associated with O
    Pivot(
        rf"\b(?:{_BE}\s*)?{_ADVERB}(?:associated|correlated|related|linked)\s+{_ADVERB}(?:with|to)\b",
        None, None,
    ),
    # A was more likely to do O
    Pivot(
        rf"\b{_BE}\s+(?:\w+ly\s+|#++\s*|and\s+|times\s+){{0,4}}(?:more|less|most|as|equally|twice as)?\s*likely\s+to\b",
        "exposure", "outcome",
    ),
    # O was lower in A
    Pivot(
        rf"\b{_BE}\s+{_ADVERB}(?:higher|lower|greater|increased|decreased|reduced|elevated|more frequent|less frequent|more common|less common|"
        rf"longer|shorter|better|worse|similar)\s+(?:in|among|for|with|after|by)\b",
        "outcome", "exposure",
    ),
    # O was decreased by A
    Pivot(rf"\b{_BE}\s+{_ADVERB}(?:{_CHANGES})\w*\s+(?:by|with)\b", "outcome", "exposure"),
    # A did not affect O
    Pivot(
        r"\bdid\s+not\s+(?:\w+ly\s+)?(?:affect|influence|impact|reduce|increase|predict|improve|alter|change)\b",
        "exposure", "outcome",
    ),
    # A increased the risk of O, A predicted O
    Pivot(
        rf"\b(?:{_CHANGES})(?:e?s|e?d)?\s+(?=(?:the\s+)?(?:\w+\s+)?{_CHANCE}\b)|(?<!\bto )\b(?:predict|affect|influence|impact)(?:s|ed|d)?\s+(?!by\b)",
        "exposure", "outcome", weak=True,
    ),
    # A (…) and B (…) reduced O
    Pivot(
        rf"(?<=#)\s+{_ADVERB}(?:{_CHANGES})(?:e?s|e?d)\s+(?!(?:\w+ly\s+)?(?:with|by|in|from|to|over|after|at|during|among|for|and|or)\b)",
        "exposure", "outcome",
    ),
    # A had a higher risk of O
    Pivot(
        rf"\b(?:had|have|has|showed|shows?|experienced|exhibited|demonstrated|carried|conferred)\s+{_ADVERB}(?:an?\s+)?(?:#+\s*%?\s*)?{_ADVERB}"
        rf"(?=(?:higher|lower|increased|decreased|reduced|elevated|greater|longer|shorter|better|worse|improved|more|less|fewer)\b)",
        "exposure", "outcome", weak=True,
    ),
)  # fmt: skip
#: Words before "increased" that make it an adjective.
BEFORE_ADJECTIVE = re.compile(
    r"(?:^\W*A|\b(?:(?-i:an?)|the|with|in|of|for|to|no|any|had|has|have|showed))\s+(?:\w+ly\s+)*$",
    re.IGNORECASE,
)
#: A weak pivot counts where more than this stands between it and the pivot before.
APART = 30  # characters
#: "HR for O was 1.3 for A and 1.5 for B", "the odds of O in A were …"
NAMED = re.compile(
    rf"\b{_RATIO}\s+(?:of|for)\s+(?P<what>[^#;:]{{2,110}}?)\s+(?:was|were|is|are)\s+(?:{_RATIO}\s*:?\s*)?(?=#)",
    re.IGNORECASE,
)
#: "A versus B", of which a ratio is told.
CONTRAST = re.compile(
    r"(?:the\s+)?(?P<one>[^#;:,]{1,60}?)\s+(?:(?:as\s+)?compared\s+(?:with|to)|relative\s+to|versus|vs\.?|against)\s+(?:the\s+)?(?P<other>[^#;:,]{1,80})",
    re.IGNORECASE,
)
#: What parts an outcome from those in whom it is counted: the first, and before a list of these.
IN_WHOM = re.compile(
    r"\s+(?:in|among|for|with|within|between|after|before|following|during|per)\s+", re.IGNORECASE
)
WITHIN = re.compile(
    r"\s+(?:in|among|within|for(?=\s+(?:patients|those|participants|subjects|people|women|men|individuals|children)\b))\s+",
    re.IGNORECASE,
)
#: "and between C and D": the next two that a list relates, behind "between A and B (…)".
NEXT_TWO = re.compile(
    r"[\s,]*(?:and\s+)?(?:between\s+)?(?P<one>[^#.;:,]{2,90}?)\s+and\s+(?P<other>[^#.;:,]{2,90}?)\s*",
    re.IGNORECASE,
)
#: "1.3 for A"
FOR_WHOM = re.compile(
    r"[\s,]*(?P<how>for|in|among|with)\s+(?P<name>[^#,;:.]{2,90}?)(?=\s*(?:[#,;:.]|$|\band\s+(?:for\s+)?#|\bcompared\b))",
    re.IGNORECASE,
)

#: "and for P was", "and in B was": what a list of such ratios goes on with.
NEXT = re.compile(
    r"[\s,]*(?:and\s+)?(?:(?P<how>for|in|among|with|of)\b)?\s*(?P<name>.{2,90}?)\s+(?:was|were)?\s*$",
    re.IGNORECASE,
)

CLAUSE = re.compile(
    rf";(?!\s*{_RATIO}\b)|\b(?:whereas|while|but(?! not\b)|although)\b", re.IGNORECASE
)
COMPARED = re.compile(
    r",?\s*\b(?:as\s+)?(?:compared\s+(?:with|to)|comparing\s+(?:with|to)|than|relative\s+to|versus|vs)\b\.?(?:\s+those)?",
    re.IGNORECASE,
)
#: What follows an outcome without being part of its name.
BEYOND = re.compile(
    r",?\s*\b(?:(?:and\s+)?after\s+(?:\w+\s+)?(?:adjust|control|account|correct)\w*|adjusting|adjusted\s+for|independent(?:ly)?\s+(?:of|from)|irrespective|regardless|"
    r"controlling|even\s+after|when\s+adjust|with\s+an?\s+(?:\w+\s+){0,3}(?:ratio|risk|hr|or|rr)\b)",
    re.IGNORECASE,
)
#: What tells that something was found, before the sentence that tells it.
REPORTED = re.compile(
    r"\b(?:that|showed|shows|revealed|confirmed|found|demonstrated|indicated|suggested|identified|observed)\b(?:\s+that)?",
    re.IGNORECASE,
)
#: What comes before a subject, up to its comma.
ADJUNCT = re.compile(
    r"\s*(?:and\s+|moreover,?\s+|furthermore,?\s+|finally,?\s+|overall,?\s+|similarly,?\s+|conversely,?\s+)*"
    r"(?:in|on|after|before|using|among|by|for|at|during|when|with|from|adjusting|compared|relative to|as|after|within|of|under|over|because|even|"
    r"moreover|furthermore|finally|overall|similarly|conversely|interestingly|notably|specifically|additionally|consequently|"
    r"nevertheless|nonetheless|thus|there|then)\b[^#]*?,\s+",
    re.IGNORECASE,
)
ADJUSTED = re.compile(
    r"\s*(?:and\s+)?(?:after|when|in models|with|even after)?\s*(?:\w+\s+)?(?:adjust|control|account|correct)\w*\b[^#]*,\s+",
    re.IGNORECASE,
)
#: What frames a name before and behind.
LEAD = re.compile(
    r"(?:[\s,;:/()\[\]-]|\bno\s+(?:\w+\s+)?(?:differences?|changes?|effects?|associations?)\s+(?:in|of|on|with)\b|\b(?:and|or|as\s+well\s+as|also|both|either|only|the|an?)\b)+",
    re.IGNORECASE,
)
#: "patients receiving A": who got it is no part of what they got.
WHO_GOT = re.compile(
    rf"(?:the\s+)?(?:{PEOPLE}|those)\s+"
    r"(?:who\s+(?:received|took|used|were\s+given|got)|receiving|taking|using|given|administered|on|(?:treated|supplemented)\s+with|(?:randomi[sz]ed|assigned|allocated)\s+to)\s+",
    re.IGNORECASE,
)
TAIL = re.compile(
    rf"(?:[\s,;:=(\[-]|\b(?:and|or|of|was|were|is|are|be|with|by|in|for|(?-i:an?)|the|that|which|who|not|did|also|still|then|again|\w+(?:ically|antly|ently|arly|ately|edly|ively|ally))\b|\b{_RATIO}\b(?=\W*$))+$",
    re.IGNORECASE,
)


#: "(overweight: OR": what a bracket names before a number.
INSIDE = re.compile(
    rf"[\s(\[;,]*(?:and\s+|or\s+)?(?P<name>[^\s:;,()=][^:;,()=]{{1,60}}?)\s*(?::\s*|\s(?=\s*(?:adjusted|{_RATIO})))(?:(?:adjusted|crude|unadjusted|{_RATIO})[\s:=,]*)*",
    re.IGNORECASE,
)


#: "for the middle third, 1.6": what it names behind one.
BEHIND = re.compile(
    r"[\s\])]*(?:</?\w+>)?\s*(?:for|in|among)\s+(?:the\s+)?(?!trend|interaction|heterogeneity|all|both|each)(?P<name>[^\d;:,()\[\]<>=]{3,50}?)(?=\s*(?:[;,)\]]|and\b))",
    re.IGNORECASE,
)
