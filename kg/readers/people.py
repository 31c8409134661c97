"""Telling names and places of work from prose."""

from __future__ import annotations

import re

from kg.readers.regions import AFFILIATION, EMAIL, STATISTICS

_PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "der",
        "den",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "du",
        "la",
        "le",
        "van",
        "von",
        "vd",
        "ten",
        "ter",
        "el",
        "al",
        "bin",
        "ibn",
        "abu",
        "st",
        "y",
        "zu",
        "zur",
        "und",
        "et",
    ]
)
#: Words that stand among names without being any.
_AMONG_NAMES = frozenset(
    [
        "and",
        "for",
        "the",
        "of",
        "mail",
        "equal",
        "contributor",
        "contributors",
        "author",
        "authors",
        "email",
        "on",
        "behalf",
        "group",
        "study",
        "investigators",
        "jr",
        "sr",
        "iii",
        "corresponding",
        "show",
        "more",
        "see",
        "less",
        "with",
    ]
)
_DEGREES = re.compile(
    r"\b(?:M\.?D|Ph\.?D|PhDa|M\.?Sc?|M\.?P\.?H|M\.?S|M\.?A|B\.?S|B\.?A|BSc|MBBS|MBBD|MBChB|MRCP|FRCPC?|FRACP|FRCPA|FASA|FRSH|"
    r"D\.?Sc|Dr\.?P\.?H|R\.?D|R\.?N|DO|DPhil|ScD|FACS|FACP|MHS|MHSc|MMSc|MBA|MSPH|PharmD|DVM|DDS|DMD|FAHA|FACC|BMedSc|FRCP|MNSc|MS1?)\b\.?"
)
#: Small words of titles, which names do not have.
_TITLE_WORDS = frozenset({"the", "of", "for", "on", "in", "to", "with", "from"})
_CHUNKS = re.compile(r"(?:(?<!\s)\s+)?(?:[,;&|•·]|\band\b|\s-\s)\s*")
_WORDS = re.compile(r"[^\W\d_][\w'’.\-‐]*")
_MARKS = re.compile(r"[\d*†‡§¶#∗\u00b9\u00b2\u00b3\u2070-\u209f()\[\]?]+")
_INITIALS = re.compile(r"[A-ZÀ-Þ][\w'’‐-]+(?: [A-ZÀ-Þ][\w'’‐-]+)? (?:[A-Z]\.?-?){1,4}(?:\(?\d|\b)")
_VERBS = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|may|can|should|will|would|did|does|do|than|that|which|"
    r"reduced?s?|increased?s?|associated|showed?|found|using|between|among|after|during|not|we|our|their|patients?)\b"
)


def is_author_list(text: str) -> bool:
    """Whether a block names people and nothing else.

    Examples
    --------
    >>> is_author_list("Anji Xiong 1 2 3, Shifeng Zhou 1, Can Liu 1")
    True
    >>> is_author_list("Vitamin D, calcium and magnesium were given")
    False
    """
    if len(text) < 6 or len(text) > 6000 or STATISTICS.search(text) or _VERBS.search(text):
        return False
    bare = _MARKS.sub(" ", _DEGREES.sub(" ", EMAIL.sub(" ", text))).replace("Email author", ",")
    chunks = [chunk for chunk in _CHUNKS.split(bare) if len(chunk.strip(" .:")) > 1]
    if not chunks:
        return False
    names = sum(_is_name(chunk) for chunk in chunks)
    if len(chunks) == 1:
        words = _WORDS.findall(chunks[0])
        marked = bool(re.search(r"[A-Za-z][ \u00a0]?\d", text)) or bool(_INITIALS.match(text))
        run_on = len(words) >= 6 and all(word[0].isupper() for word in words) and not text.isupper()
        return (names == 1 and len(words) <= 5 and marked and not AFFILIATION.search(text)) or (
            run_on and bool(_DEGREES.search(text) or re.search(r"[a-z]\d|author", text))
        )
    return names >= 0.75 * len(chunks) and not text.isupper()


def is_affiliation(text: str) -> bool:
    """Whether a block says where authors work, or how to write to them.

    Examples
    --------
    >>> is_affiliation("1 Department of Medicine, Parkwood Hospital, London, ON, Canada")
    True
    """
    if len(text) > 3000 or STATISTICS.search(text):
        return False
    mail = EMAIL.search(text) if "@" in text else None
    if not AFFILIATION.search(text):
        return bool(mail) and len(text) < 250
    words = [word for word in _WORDS.findall(EMAIL.sub(" ", text)) if len(word) > 1]
    if not words or (_VERBS.search(text) and not mail):
        return False
    small = {"of", "the", "and", "for", "in", "at", "to", "on"} | _PARTICLES
    counted = [word for word in words if word.lower() not in small]
    upper = sum(word[0].isupper() for word in counted)
    return (
        bool(counted)
        and upper >= 0.75 * len(counted)
        and ("," in text or bool(mail) or not text[0].isalpha())
    )


def split_authors(text: str) -> tuple[str, ...]:
    """Return the names of an author list, without marks, degrees and addresses."""
    bare = _MARKS.sub(" ", _DEGREES.sub(" ", EMAIL.sub(" ", text)))
    names = []
    for chunk in _CHUNKS.split(bare):
        name = " ".join(chunk.split()).strip(" .:")
        name = re.sub(r"\s(?:[a-z]|equal contributor|mail|Email author)(?=\s|$)", "", name).strip()
        if _is_name(name) and len(name) > 2:
            names.append(name)
    return tuple(dict.fromkeys(names))


def _is_name(chunk: str) -> bool:
    words = _WORDS.findall(chunk)
    if not words or len(words) > 7 or _TITLE_WORDS & set(words):
        return False
    own = [w for w in words if w.lower() not in _PARTICLES and w.lower() not in _AMONG_NAMES]
    if not own or not all(word[0].isupper() for word in own if len(word) > 1):
        return False
    return not AFFILIATION.search(chunk)
