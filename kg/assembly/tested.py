"""What a study tests, by the grammar of its title and of its aims: "effects of X on Y", "whether X reduces Y".

The tagger knows drugs; of a "hope-promoting programme" or of "repeated testing" it is seldom sure, and then
nothing says what "the intervention group" was given. A title does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kg.assembly.labels import stems
from kg.assembly.sentence import Sentence
from kg.assembly.words import CONTROL_WORDS, GENERIC_WORDS, GROUP_WORDS

if TYPE_CHECKING:
    from kg.assembly.phrase import Phrase

_ASKED = (
    r"(?:effects?|efficacy|effectiveness|impacts?|influences?|benefits?|usefulness|role|use|safety|tolerability|"
    r"efficiency|utility|feasibility|acceptability|immunogenicity|addition)"
)
_ARTICLE = r"(?:an?\s+|the\s+)?"
_NAME = r"(?P<name>[^,:;.?()\[\]]{3,100}?)"
_END = (
    r"(?=\s+(?:(?<!based )on|upon|in|for|(?<!listening )(?<!exposure )to|vs|versus|compared|as|after|during|among|when|following|at|"
    r"over|before|against|than|between|without|is|are|was|were|has|have|can|may|could|would|using)\b|\s*[,:;.?!(\[]|\s*$)"
)
#: "efficacy and safety of X in"
_EFFECT_OF = re.compile(
    rf"\b{_ASKED}(?:(?:\s*,\s*|\s+and\s+|\s+or\s+|\s*,\s*and\s+)(?:\w+\s+)?{_ASKED}){{0,4}}\s+(?:of|for)\s+{_ARTICLE}{_NAME}{_END}",
    re.IGNORECASE,
)
#: "Y treated with X"
_TREATED_WITH = re.compile(
    rf"\b(?:treated|treatment|supplemented|supplementation)\s+(?:with|by)\s+{_ARTICLE}{_NAME}{_END}",
    re.IGNORECASE,
)
#: "whether X reduces"
_WHETHER = re.compile(
    rf"\bwhether\s+{_ARTICLE}{_NAME}\s+(?:would|could|can|may|might|improves?|reduces?|decreases?|increases?|affects?|prevents?|"
    r"influences?|is|are|has|have)\b",
    re.IGNORECASE,
)
#: "X for Y", "X versus", "X improves Y"
_SUBJECT = re.compile(
    rf"^{_ARTICLE}{_NAME}\s+(?:for|versus|vs\.?|improves?|reduces?|enhances?|decreases?|increases?|lowers?|prevents?|"
    r"(?:does|do|did) not|may|can|to (?:reduce|improve|increase|prevent|treat|lower)|compared (?:with|to)|"
    r"in the (?:treatment|management|prevention))\b",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"\b(?:aims?|aimed|objectives?|purpose|goal|sought|hypothesi[sz]ed?|evaluat|assess|examin|investigat|compar|determin|"
    r"study|studied|test|explor)",
    re.IGNORECASE,
)
#: Names of what was found, or of the study, rather than of what was tested.
_NOT_TESTED = re.compile(
    r"^(?:changes?|incidence|prevalence|predictors?|risk|associations?|determinants|relationship|correlation|factors?|"
    r"differences?|comparison|evaluation|analysis|study|trial|results|outcomes?|patients?|participants?|levels?|reduction|"
    r"them|it|this|these|there)\b|\b(?:trial|study|review|patients|levels|risk)$",
    re.IGNORECASE,
)
#: Score as an intervention of a name that the grammar tells to be tested.
_TOLD = 0.6
_AIMS_WITHIN = 8  # sentences at the beginning of a document that may tell its aim


def find_tested(sentences: Sequence[Sentence], title: str | None) -> tuple[int, int] | None:
    """Return where a document names what its study tests, ``None`` where its grammar does not tell.

    Parameters
    ----------
    sentences
        Its sentences; those that its title begins with are read as the title.
    title
        Its title, if it has one.
    """
    heads = [s for s in sentences[:3] if s.section == "title" or _is_of(s, title)]
    first = len(heads)
    aims = [s for s in sentences[first : first + _AIMS_WITHIN] if _AIM.search(s.text)]
    ways = (
        (heads, (_EFFECT_OF, _TREATED_WITH)),
        (aims, (_EFFECT_OF, _WHETHER)),
        (heads, (_SUBJECT,)),
    )
    return next((place for told, patterns in ways for place in _named(told, patterns)), None)


def _is_of(sentence: Sentence, title: str | None) -> bool:
    words = " ".join(sentence.text.split())
    return bool(title) and words in " ".join((title or "").split())


def _named(
    sentences: Sequence[Sentence], patterns: Sequence[re.Pattern[str]]
) -> Iterator[tuple[int, int]]:
    for sentence in sentences:
        for pattern in patterns:
            for match in pattern.finditer(sentence.text):
                if not _NOT_TESTED.search(match["name"].strip()):
                    start, end = match.span("name")
                    yield sentence.start_char + start, sentence.start_char + end


def main_intervention(phrases: Sequence[Phrase], floor: float = 0.5) -> str | None:
    """Return the intervention that the tagger saw most, with at least a score; controls and group codes left out."""
    weights: defaultdict[str, float] = defaultdict(float)
    for phrase in phrases:
        score = phrase.score("intervention")
        words = set(phrase.raw.lower().split())
        if (
            score >= floor
            and not words & CONTROL_WORDS
            and not words <= GROUP_WORDS | GENERIC_WORDS
        ):
            weights[phrase.label] += score
    return max(weights, key=lambda label: (weights[label], label), default=None)


def with_tested(phrases: Sequence[Phrase], tested: Phrase) -> list[Phrase]:
    """Return the phrases, those that name what is tested marked as interventions wherever they stand."""
    own = stems(tested.label)
    found = [
        p.scored("intervention", _TOLD) if own and stems(p.label) == own else p for p in phrases
    ]
    if not any((p.first, p.last) == (tested.first, tested.last) for p in phrases):
        found.append(tested.scored("intervention", _TOLD))
    return found
