"""Advice that is not a result: what to give, to whom, on what condition, up to which level.

A sentence advises when it begins with an imperative ("Start with 800 IU/day"), when it says that
something should be done or is recommended, or when it judges a dose ("doses up to 4,000 IU/day are
generally safe"). What calls for research, tells a study's procedure or reports a finding is none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.assembly.sentence import Sentence
from kg.numbers.statistic import DoseReading
from kg.text import NO_EVIDENCE

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RecommendationReading:
    """One piece of advice; offsets are of the view.

    ``condition`` is the "if" part, the occasion or else for whom it holds, ``population`` for whom,
    ``target`` the level or aim; ``strength`` is the word that makes it advice ("should", "recommended"), ``None``
    for an imperative. ``dose_indexes`` point into the doses that were given.
    """

    start_char: int
    end_char: int
    dose_indexes: tuple[int, ...] = ()
    condition: Place | None = None
    target: Place | None = None
    population: Place | None = None
    strength: str | None = None


#: Verbs of clinical advice that open a sentence as imperatives.
_IMPERATIVES: Final = (
    "add|adjust|administer|advise|aim|avoid|begin|check|combine|consider|continue|correct|counsel|"
    "discontinue|encourage|ensure|follow|give|increase|individualize|initiate|keep|limit|"
    "maintain|measure|minimize|monitor|obtain|offer|optimize|prefer|prescribe|provide|recheck|reassess|reduce|refer|"
    "repeat|replace|reserve|restrict|retest|screen|select|start|stop|supplement|switch|take|taper|target|test|"
    "titrate|treat|use|do not|don't|never|always"
)
#: What shows that such a word is a noun or begins a heading, not an imperative.
_NO_IMPERATIVE: Final = (
    r"(?! ?(?:of|was|were|is|are|has|had|in|group|groups|arm|use|users|intake|and|or|by|rates?|results?|scores?|"
    r"data|dates?|duration|effects?|studies|trials?|-|:|,)(?![a-z]))"
)
_OPENING: Final = (
    r"(?:[\s*\u2022\u2013>#-]|\d{1,2}[.)]\s)*"
    r"(?P<lead>(?:if|when|in|for|before|after|once|unless) [^.;:]{3,160}?[:,] (?:then )?)?(?:please |also |then )?"
)
_IMPERATIVE: Final = re.compile(
    rf"{_OPENING}(?P<verb>{_IMPERATIVES}){_NO_IMPERATIVE} \S", re.IGNORECASE
)
_MODAL: Final = re.compile(
    r"\b(?P<word>should(?: not)?|must(?: not)?(?! have \w+ed)|ought to|need(?:s)? to|had better) (?:also |always |ideally |routinely |all )*"
    r"(?:be (?:\w+ly )?\w+(?:ed|en|ght|ade|ut|id)\b|receive|take|have|consider|use|avoid|undergo|maintain|aim|start|"
    r"supplement|continue|include|get|consume|keep|measure|monitor|prescribe|offer|reach|achieve)\b",
    re.IGNORECASE,
)
_STATED: Final = re.compile(
    r"\b(?:is|are|can be|may be) (?:strongly |generally |therefore |also |now |not |hereby )*"
    r"(?P<word>recommended|advised|advisable|indicated|warranted|suggested(?= (?:for|in|that|as a))|encouraged|contraindicated|preferred)\b"
    r"|\b(?:we|authors|society|committee|panel|guidelines?|institute|academy|iom|who|physicians?|experts?) "
    r"(?:\w+ ){0,3}?(?P<verb>recommend(?:s|ing)?|suggests? (?:giving|using|that (?:all|every|patients|clinicians|supplement))|advis(?:e|es|ing)|endorse[sd]?)\b"
    r"|\b(?P<also>recommending|recommended (?:daily )?(?:dose|dosage|intake|level|allowance)s? (?:is|are))\b",
    re.IGNORECASE,
)
_JUDGED: Final = re.compile(
    r"\b(?:is|are|may be|might be|appears?(?: to be)?|seems?(?: to be)?|remains?|considered) (?:\w+ly )?"
    r"(?P<word>safe|unsafe|toxic|inadequate|insufficient|adequate|sufficient|required|needed|necessary|appropriate|enough)\b",
    re.IGNORECASE,
)
_LIMIT: Final = re.compile(
    r"\b(?:upper|safe|tolerable|safety)(?: \w+){0,2}? (?:limit|level|intake)\w* (?:is|are|of|should|remains)\b",
    re.IGNORECASE,
)
_IMPORTANCE: Final = re.compile(
    r"\b(?P<word>(?:underscor|highlight|stress|emphasi[sz])\w*) the (?:importance|need|necessity) (?:of|for|to) (?=\w+ing\b)",
    re.IGNORECASE,
)
#: Parts of words, in lower case, of which any text that fits one of the patterns above but the
#: imperative's holds one.
_ADVISING: Final = (
    "should", "must", "ought to", "need", "had better", "recommend", "advis", "indicated", "warranted",
    "suggest", "encouraged", "preferred", "endorse", "safe", "toxic", "adequate", "sufficient",
    "required", "necessary", "appropriate", "enough", "limit", "level", "intake", "the importance",
)  # fmt: skip
#: Calls for research, remarks on interpretation, tellings of what a study did: no advice.
_RESEARCH: Final = re.compile(
    r"\b(?:(?:further|future|more|larger|additional|randomi[sz]ed|clinical|prospective|well-designed|such|long-term|these|those|previous|other|new) (?:\w+ ){0,3}?"
    r"(?:research|studies|study|trials?|investigations?|work|evidence)|(?:study|studies|trials?|research|hypothes\w+|evidence|findings?|results?|conclusions?|data|meta-analys\w+|protocol|"
    r"articles?|estimates?|analys[ei]s|limitations?|bias|sample sizes?|statistical\w*|methodolog\w+|models?) "
    r"(?:\w+ ){0,6}?(?:should|must|need|needs|is|are) (?:be )?(?:\w+ly )?(?:warranted|needed|required|necessary|conducted|performed|included|interpreted|noted|extended|developed|investigated|suggested)"
    r"|should (?:be|have been) (?:\w+ly )?(?:interpreted|noted|investigated|explored|examined|confirmed|clarified|validated|studied|conducted|"
    r"replicated|tested in|viewed|verified|kept in mind|acknowledged|classified|emphasi[sz]ed|regarded|addressed|evaluated|elucidated|borne|balanced|incorporated into statistical|taken into (?:account|consideration))|"
    r"(?:it|this|that) should be (?:noted|emphasi[sz]ed|considered)|needs? to be (?:\w+ly )?(?:confirmed|investigated|studied|elucidated|established|clarified|explored|determined|evaluated|examined|tested)|"
    r"is (?:needed|required|warranted|necessary) to (?:\w+ly )?(?:confirm|determine|clarify|investigate|establish|evaluate|understand|elucidate|explore|assess|verify|test|examine|prove|define))\b",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(
    r"\?\s*$|\bwhether\b|\bto (?:determine|assess|evaluate|investigate|examine|compare|test) (?:whether|if|the)\b",
    re.IGNORECASE,
)
_TOLD: Final = re.compile(
    r"\b(?:not|nor) support\b|\b(?:agreed|believed?|respondents|unlikely|claimed|argued)\b|\b(?:was|were|had been|has been) (?:\w+ly )?(?:recommended|advised|instructed|required|asked|told)\b",
    re.IGNORECASE,
)
_NO_ADVICE_SECTIONS: Final = NO_EVIDENCE | {
    "methods",
    "objective",
    "objectives",
    "aim",
    "aims",
    "design",
    "title",
}
#: A predicate behind what looked like an imperative: it was a noun ("Test performance is …").
_FINITE: Final = re.compile(
    r"\b(?:was|were|did|had)\b|(?<!which)(?<!that)(?<!who) (?:is|are) (?:not|consistent|associated|likely|a|an|the)\b",
    re.IGNORECASE,
)
_RESULT_SECTIONS: Final = frozenset({"results", "result", "findings"})

_TARGET: Final = re.compile(
    r"\b(?:target(?:ing)?(?: an?)?|aim(?:ing)? (?:for|at)|maintain(?:ing)?|achiev(?:e|ing)|reach(?:ing)?|attain(?:ing)?|keep(?:ing)?|above|"
    r"for optimal|limit (?:is|of))\s+(?P<aim>(?:(?!\bfrom\b|\bto\b|\bin (?:women|men|patients)|\bwith\b)(?:[^,;.()]|[,.](?=\d)|\([^()]{1,20}\))){2,80})",
    re.IGNORECASE,
)
_LEVEL: Final = re.compile(
    r"\d ?(?:ng|nmol|mmol|pg|mg|ug|\u03bcg|\u00b5g)\s?(?:/|per )\s?(?:d?l|ml)|\d ?%", re.IGNORECASE
)
_IF: Final = re.compile(
    r"\b(?:if|when|unless|in case of|once)\s+(?P<part>[^:;,.]{3,120})", re.IGNORECASE
)
_SETTING: Final = re.compile(
    r"\b(?P<part>(?:before|after|during|prior to|while) (?:starting |initiating |receiving |beginning )?[^,;:.]{3,100})",
    re.IGNORECASE,
)
_POPULATION: Final = re.compile(
    r"\b(?:for|in|among|to)\s+(?P<part>(?:all |most |some |the |elderly |older |pregnant |postmenopausal |healthy |obese |young |hospitali[sz]ed |adult )*"
    r"(?:women|men|patients|people|persons|individuals|adults|children|infants|adolescents|subjects|survivors|participants|seniors|mothers|those|athletes|residents|anyone|everyone)"
    r"(?: (?:with|at|on|receiving|taking|who|without|aged|over|under|in|of|undergoing|having|treated)\b[^,;:.]{2,90}?)?)(?=[,;:.]|$|\s\d[\d, ]*$|\sas\b|\sto\b|\sshould)",
    re.IGNORECASE,
)
_PATIENTS_FIRST: Final = re.compile(
    r"^\W*(?P<part>(?:all |most |elderly |older |pregnant |postmenopausal )*(?:women|men|patients|people|adults|children|infants|clinicians|physicians|individuals|those)\b[^,;:.]{0,90}?)\s(?:should|must|ought|need)",
    re.IGNORECASE,
)
_REASON: Final = re.compile(
    r"(?<!such)(?<!well)(?<!soon)(?<!long)(?<!much),? (?:as|because|since|given that|though|although|whereas) (?!(?:a|an|part|soon|well|long|much|needed|monotherapy|required)\b)|,? but ",
    re.IGNORECASE,
)
_CITATION: Final = re.compile(r"[\s.]*+(?:\[?\d{1,3}(?:\s?[,\u2013-]\s?\d{1,3})*\]?)?[\s.]*+$")
_SECOND: Final = re.compile(
    r",? (?:with|and) (?P<rest>(?:the |an? )?[\w' -]{2,60}? recommend(?:s|ing) )", re.IGNORECASE
)


def find_recommendations(
    sentences: Sequence[Sentence], doses: Sequence[DoseReading] = ()
) -> list[RecommendationReading]:
    """Return the advice that sentences give, in text order.

    Parameters
    ----------
    sentences
        Sentences of the view; those of a methods, objective or no-evidence section advise nothing.
    doses
        The doses of the same view, left to right, to which readings point by index.

    Returns
    -------
    list of RecommendationReading
        Spans end before a reason clause and a trailing citation number.
    """
    starts = [dose.amount_start for dose in doses]
    found: list[RecommendationReading] = []
    for sentence in sentences:
        if sentence.section.lower() in _NO_ADVICE_SECTIONS:
            continue
        for start, end in _clauses(sentence.text):
            first = bisect_left(starts, sentence.start_char + start)
            last = bisect_left(starts, sentence.start_char + end)
            reading = _read(sentence, start, end, tuple(range(first, last)))
            if reading is not None:
                found.append(reading)
    return found


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    """Yield a sentence, or its two halves where the second tells another body's advice."""
    second = _SECOND.search(text) if "recommend" in text.lower() else None
    if second is None or second.start() < 12:
        yield 0, len(text)
        return
    yield 0, second.start()
    yield second.start("rest"), len(text)


def _read(
    sentence: Sentence, start: int, end: int, doses: tuple[int, ...]
) -> RecommendationReading | None:
    text = sentence.text[start:end]
    advice = _advice(text, sentence.section.lower(), dosed=bool(doses))
    if advice is None:
        return None
    at, strength, word = advice
    first = at + len(text[at:]) - len(text[at:].lstrip(" \t\n*\u2022\u2013>#-"))
    last = len(text)
    if reason := _REASON.search(text, first + 20):
        if word < reason.start():
            last = reason.start()
        else:  # the advice stands behind the reason: "It helps, but it should …"
            first = reason.end()
    if trailing := _CITATION.search(text, first, last):
        last = (
            max(trailing.start(), first + 1)
            if not _needs_digits(text, trailing.start(), last)
            else last
        )
    base = sentence.start_char + start
    people = _population(text, (0, last))
    return RecommendationReading(
        base + first, base + last, doses, _moved(_condition(text, (0, last)) or people, base),
        _moved(_target(text, (first, last)), base), _moved(people, base), strength,
    )  # fmt: skip


def _moved(part: Place | None, base: int) -> Place | None:
    return None if part is None else (base + part[0], base + part[1])


def _needs_digits(text: str, start: int, end: int) -> bool:
    """Whether the digits at a sentence's end are its own ("up to 40"), no citation."""
    before = text[:start].rstrip()
    return bool(
        re.search(
            r"(?:[<>\u2264\u2265=]|\b(?:to|of|than|least|and|or|by|is|in|type|vitamin|for))$",
            before,
        )
    )


def _advice(text: str, section: str, *, dosed: bool) -> tuple[int, str | None, int] | None:
    """Return where advice begins, the word that makes it advice and its place, or ``None``."""
    if not _may_advise(text) or _QUESTION.search(text) or _TOLD.search(text):
        return None
    if (match := _IMPERATIVE.match(text)) and not (
        section in _RESULT_SECTIONS or _FINITE.search(text, match.end()) or _is_heading(text)
    ):
        lead = (match["lead"] or "").lower()  # "For women …," says for whom; "If …:" is part of it
        at = match.start("verb") if lead.startswith(("for ", "in ")) else 0
        return at, None, match.start("verb")
    if match := _IMPORTANCE.search(text):
        return match.end(), match["word"].lower(), match.end()
    if _RESEARCH.search(text):
        return None
    if match := _MODAL.search(text):
        return 0, match["word"].lower(), match.start()
    if match := _STATED.search(text):
        word = match["word"] or match["verb"] or match["also"]
        return 0, word.lower(), match.start()
    if section in _RESULT_SECTIONS:
        return None
    if dosed and (match := _JUDGED.search(text)):
        return 0, match["word"].lower(), match.start()
    if (match := _LIMIT.search(text)) and (dosed or _LEVEL.search(text)):
        return 0, "limit", match.start()
    return None


def _may_advise(text: str) -> bool:
    """Whether a text holds what each form of advice does: most sentences hold none of it."""
    lower = text.lower()
    return any(part in lower for part in _ADVISING) or _IMPERATIVE.match(text) is not None


def _is_heading(text: str) -> bool:
    """Whether a line names a topic ("Target Serum Levels") and says nothing of it."""
    words = [word for word in re.findall(r"[^\W\d_][\w'-]*", text) if len(word) > 3]
    return len(text.split()) < 3 or (
        not any(char.isdigit() for char in text) and all(word[0].isupper() for word in words)
    )


def _condition(text: str, limit: Place) -> Place | None:
    for pattern in (_IF, _SETTING):
        if match := pattern.search(text, *limit):
            return match.span("part")
    return None


def _target(text: str, limit: Place) -> Place | None:
    best: re.Match[str] | None = None
    for match in _TARGET.finditer(text, *limit):
        if best is None or (_LEVEL.search(match["aim"]) and not _LEVEL.search(best["aim"])):
            best = match
    if best is None:
        return None
    begin, finish = best.span("aim")
    return begin, begin + len(text[begin:finish].rstrip())


def _population(text: str, limit: Place) -> Place | None:
    if match := _PATIENTS_FIRST.search(text[: limit[1]]):
        return match.span("part")
    if match := _POPULATION.search(text, *limit):
        begin, finish = match.span("part")
        return begin, begin + len(text[begin:finish].rstrip())
    return None
