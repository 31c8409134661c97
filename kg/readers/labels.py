"""The words that head the parts of an abstract, and finding them in running text.

Labels stand on lines of their own, before a colon, in capitals, or glued to the text around them
("(IIM).MethodsSystematic searches"). A new label word is a new entry of a table below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Section name: the labels that open it, without regard to case. Plural "s" and a following
# "of the study" are understood; labels combine with "and", "/" and commas.
_LABELS: dict[str, tuple[str, ...]] = {
    "background": (
        "background", "backgroud", "introduction", "context", "importance", "rationale",
        "summary of background data", "background context", "question", "what is known",
    ),
    "objective": (
        "objective", "aim", "purpose", "goal", "hypothesis", "study objective", "aims of the study",
        "purpose of review", "purpose of the review", "purpose of this review", "research question",
        "primary objective", "study aim", "scope", "aim of the study",
    ),
    "methods": (
        "method", "material", "design", "study design", "setting", "participant", "patient",
        "subject", "population", "study population", "intervention", "exposure", "measurement",
        "measure", "main outcome", "main measure", "main outcome measure", "outcome",
        "outcome measure", "primary outcome", "secondary outcome", "primary outcome measure",
        "main exposure", "data source", "study selection", "data extraction", "search method",
        "search strategy", "selection criteria", "eligibility criteria", "data collection",
        "data collection and analysis", "research design", "research method", "procedure",
        "methodology", "experimental design", "methods/design", "trial design", "sample",
        "statistical analysis", "statistical method", "statistics", "analysis",
        "review method", "study appraisal", "study appraisal and synthesis method", "sources",
        "type of study", "type of participant", "setting and participant", "location",
        "conduct of this review", "methods of the study", "material and method", "protocol",
        "study eligibility criteria", "treatment", "approach", "randomisation", "randomization",
        "design and method",
    ),
    "results": (
        "result", "main result", "finding", "main finding", "principal finding", "key finding",
        "recent finding", "data synthesis", "observation", "key result", "primary result",
        "findings of this review", "outcomes and results", "clipped from results", "study result",
    ),
    "conclusion": (
        "conclusion", "author's conclusion", "authors' conclusion", "authors conclusion",
        "reviewer's conclusion", "reviewers' conclusion", "interpretation", "relevance",
        "clinical relevance", "significance", "clinical significance", "implication",
        "clinical implication", "summary", "take home message", "concluding remark", "perspective",
        "limitations of the study", "what this study adds", "clinical implications",
    ),
    "discussion": ("discussion", "limitation", "strength", "comment", "study limitation"),
    "abstract": ("abstract", "summary of the study", "structured abstract"),
    "highlights": ("highlight", "key point", "study highlight", "key message"),
    "keywords": ("keyword", "key word", "mesh term", "index term", "subject heading"),
    "registration": (
        "trial registration", "clinical trial registration", "registration", "study registration",
        "clinicaltrials.gov identifier", "trial registration number", "trial registry",
        "clinical trial number", "systematic review registration", "registration number",
        "clinical trial", "prospero registration number",
    ),
    "evidence_level": ("level of evidence", "evidence level", "quality of evidence"),
    "acknowledgements": (
        "acknowledgement", "acknowledgment", "funding", "funding source", "source of funding",
        "financial support", "disclosure", "disclosure of interest", "conflict of interest",
        "conflicts of interest", "competing interest", "declaration of interest", "sponsor",
        "declaration of competing interest", "primary funding source", "author contribution",
        "grant support", "financial disclosure", "role of the funding source",
        "data availability", "ethics approval",
    ),
    "references": ("reference", "bibliography", "literature cited", "works cited"),
}  # fmt: skip

#: Where a combined label names parts of several sections, the later of these wins.
_RANK = (
    "background", "objective", "methods", "abstract", "highlights", "keywords", "registration",
    "evidence_level", "references", "acknowledgements", "discussion", "conclusion", "results",
)  # fmt: skip

_BY_NAME = {label: section for section, labels in _LABELS.items() for label in labels}
#: Labels that also are plain words of prose: only a colon, a line of its own, or capitals mark them.
_ORDINARY = frozenset({
    "question", "scope", "goal", "population", "setting", "participant", "patient", "subject",
    "measure", "sample", "analysis", "treatment", "observation", "comment", "strength", "significance",
    "perspective", "location", "approach", "procedure", "protocol", "exposure", "outcome",
    "intervention", "material", "relevance", "limitation", "registration", "clinical trial",
    "highlight", "reference", "sponsor", "measurement", "implication", "design", "sources",
    "statistics", "context", "importance", "rationale", "summary", "hypothesis", "disclosure",
    "randomisation", "randomization", "finding", "interpretation", "key point",
})  # fmt: skip

_ONE = (
    "|".join(sorted((re.escape(label) for label in _BY_NAME), key=len, reverse=True))
    .replace(r"\ ", r"[ \u00a0]+")
    .replace("'", "['’]?")
)
_JOINT = r"(?:[ \u00a0]*,[ \u00a0]*(?:and[ \u00a0]+|&[ \u00a0]*)?|[ \u00a0]+(?:and|&)[ \u00a0]+|[ \u00a0]*/[ \u00a0]*)"
_LABEL = (
    rf"(?i:(?:(?:study|brief|the|our|main)[ \u00a0]+)?(?:{_ONE})s?(?:{_JOINT}(?:{_ONE})s?){{0,4}})"
)
_WHOLE = re.compile(rf"\W{{0,3}}(?P<label>{_LABEL})[\s:.;*_—–-]*$")
# The mark that follows a label. "”" stands where a page lost its colon.
_MARK = r"[ \u00a0]*(?P<mark>:{1,3}|[.](?=\s+[A-Z0-9])|[—–](?=\s*[A-Z])|[”\"](?=\s+[A-Z])|-(?=\s+[A-Z]))\s*"
_MARKED = re.compile(rf"[\W_]{{0,3}}(?P<label>{_LABEL}){_MARK}")
_SPACED = re.compile(
    rf"(?P<label>{_LABEL})(?:[ \u00a0\t]{{1,4}}(?=[A-Z0-9“\"'‘(À-Þ])|[ \u00a0\t]{{2,4}}(?=\S))"
)
_GLUED = re.compile(rf"(?P<label>{_LABEL})(?=[A-Z][a-z]|[A-Z]{{1,4}}[ -]|[0-9“(])")
# A place within running text where a label may stand: after a sentence's end.
_START = re.compile(r"(?<=[.?!)\]”\"%;])\s*(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class LabelFound:
    """A label in a text: where it stands, where the text it heads begins, and its section."""

    start: int
    end: int
    section: str


def section_of(label: str) -> str | None:
    """Return the section that a label names, ``None`` if it is no label.

    Examples
    --------
    >>> section_of("METHODS AND RESULTS")
    'results'
    >>> section_of("Design, Setting, and Participants")
    'methods'
    """
    name = " ".join(label.replace("’", "'").lower().split()).strip(" :.;*_-–—")
    whole = _plain(name)
    if whole is not None:
        return whole
    parts = re.split(r" ?, ?(?:and |& ?)?| (?:and|&) | ?/ ?", name)
    found = [_plain(part) for part in parts]
    if not found or any(section is None for section in found):
        return None
    return max((section for section in found if section), key=_RANK.index)


def _plain(name: str) -> str | None:
    for candidate in (name, name.removesuffix("s"), name.removesuffix("es")):
        if candidate in _BY_NAME:
            return _BY_NAME[candidate]
    words = name.split(" ", 1)
    if len(words) == 2 and words[0] in ("study", "brief", "the", "our", "main"):
        return _plain(words[1])
    return None


def whole_label(text: str) -> str | None:
    """Return the section if the text is nothing but a label."""
    if len(text) > 90:
        return None
    found = _WHOLE.match(text)
    return section_of(found["label"]) if found else None


def leading_label(text: str, start: int, end: int) -> LabelFound | None:
    """Find the label that a paragraph opens with."""
    window = text[start : min(end, start + 160)]
    for pattern in (_MARKED, _SPACED, _GLUED):
        found = pattern.match(window)
        if found is None:
            continue
        label = found["label"]
        section = section_of(label)
        if section is None or not label[0].isupper():
            continue
        if pattern is not _MARKED and not _stands_out(label, window, found.end("label")):
            continue
        if pattern is _MARKED and found["mark"] not in (":", "::", ":::") and _is_ordinary(label):
            continue
        return LabelFound(start + found.start("label"), start + found.end(), section)
    return None


def inner_labels(text: str, start: int, end: int) -> Iterator[LabelFound]:
    """Find labels within a paragraph, left to right, the leading one left out."""
    for place in _START.finditer(text, start + 1, end):
        if not place.group() and text[place.start() - 1] in "%;":
            continue
        window = text[place.end() : min(end, place.end() + 160)]
        marked = _MARKED.match(window)
        if marked and marked["mark"].startswith(":") and marked["label"][0].isupper():
            section = section_of(marked["label"])
            label_start = place.end() + marked.start("label")
            if section and (place.group() or label_start == place.end()):
                yield LabelFound(label_start, place.end() + marked.end(), section)
                continue
        if place.group():
            continue
        glued = _GLUED.match(window)
        if glued and glued["label"][0].isupper() and not glued["label"].isupper():
            section = section_of(glued["label"])
            if _is_ordinary(glued["label"]) and not window[glued.end() : glued.end() + 1].isalpha():
                continue
            if section:
                yield LabelFound(place.end(), place.end() + glued.end(), section)


def _is_ordinary(label: str) -> bool:
    name = " ".join(label.lower().split())
    return name in _ORDINARY or name.removesuffix("s") in _ORDINARY


def _stands_out(label: str, window: str, end: int) -> bool:
    """Whether a label without a colon is one: in capitals, set off by two spaces, or unmistakable."""
    if label.isupper() and len(label) > 3:
        return not window[end:].lstrip().split(None, 1)[0].isupper()
    gap = window[end : end + 2]
    if gap and gap.isspace() and len(gap) == 2:
        return True
    if not _is_ordinary(label):
        return True
    return bool(re.search(r"[,/&]| and ", label))
