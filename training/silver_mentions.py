"""The silver documents as passages: names of arms and outcomes found again in their texts.

An annotation names what was given, measured and to whom, once; the tagger wants every place. Each
name is looked up word by word (short forms exchanged for long ones and back); where a quoted result
holds no such place, the phrase of the quote most like the name is taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from kg.components.abbreviations.component import find_definitions, resolve
from kg.components.sentences.component import find_sentences
from kg.components.tokenizer.component import find_tokens
from kg.lexicon import word_set
from kg.lexicon.cues import LIGHT, PERSON
from kg.tagging.parts_of_speech import PartOfSpeechTagger
from kg.tagging.phrases import find_phrases
from training.corpora import LabelledSpan, Passage, title_end, trim, without_overlaps
from training.matching import Words

_FRONT_MATTER = re.compile(r"\A\{\n.*?\n\}\n", re.S)
_TAG = re.compile(r"<[^<>\n]{1,200}>")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)")
_EMPHASIS = re.compile(r"\*\*|__|\{\{[^}]*\}\}")

#: Words that alone name no particular intervention or outcome.
GENERIC = word_set(
    """
    treatment treatments therapy intervention interventions group groups study trial exposure baseline
    outcome outcomes response effect effects patients women men children all none other total use age
    sex risk level levels score change time drug drugs dose program programme both primary secondary
    regimen regimens
    """
)
_SMALL = word_set("the a an of in on and or for to with by at from vs versus")
_DROPPED_TAILS = word_set(
    """
    supplementation supplements supplement therapy treatment group level levels score scores rate rates intake
    """
)
_MOST_WORDS = 9

#: A phrase of a quote stands for a name when it shares at least about half of the stems.
_LEAST_LIKENESS = 0.49

#: Where the count of participants ends and their description begins.
_HEAD_COUNT = re.compile(
    r"(?:a total of |in total,? |the |all |these )*"
    r"(?:[\d,. ]+|[A-Z][a-z]+(?:[- ][a-z]+){0,3} "
    r"(?=patients|women|men|children|subjects|participants))?\s*",
    re.I,
)
_MOST_POPULATION_WORDS = 16


def plain_text(text: str) -> str:
    """Return a page's text without front matter and markup."""
    text = _FRONT_MATTER.sub("", text)
    text = _TAG.sub("", _LINK.sub(r"\1", text))
    text = re.sub(r"^#+\s*", "", _EMPHASIS.sub("", text), flags=re.M)
    return re.sub(r"[ \u00a0\u2009]{2,}", " ", text)


def read_silver(folder: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield document name, plain text and annotation."""
    for path in sorted(folder.glob("annotations-*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                annotation = json.loads(line)
                text = (folder / "docs" / annotation["doc"]).read_text(encoding="utf-8")
                yield annotation["doc"], plain_text(text), annotation


def silver_passages(folder: Path) -> Iterator[Passage]:
    """Yield every silver document as a passage."""
    tagger = PartOfSpeechTagger()
    for name, text, annotation in read_silver(folder):
        yield Passage(
            name, "silver", text, tuple(_align(text, annotation, tagger)), title_end(text)
        )


def _align(text: str, annotation: dict[str, Any], tagger: PartOfSpeechTagger) -> list[LabelledSpan]:
    words = Words.of(text)
    shorts = _short_forms(text)
    phrases = _phrases(text, tagger)
    found: list[tuple[int, LabelledSpan]] = []  # with a rank: exact places of names first
    for study in annotation["studies"]:
        for key, label in (("outcomes", "outcome"), ("interventions", "intervention")):
            for item in study.get(key, ()):
                role = "comparator" if item.get("role") == "comparator" else label
                quotes = _quotes(study, label, item["id"])
                found.extend(
                    _places(text, words, phrases, list(_names(item, shorts)), quotes, role)
                )
        for item in study.get("populations", ()):
            span = _population(text, plain_text(item.get("text") or ""), tagger)
            if span is not None:
                found.append((2, (*span, "population")))
    return without_overlaps(found)


def _quotes(study: dict[str, Any], field: str, identity: str) -> list[str]:
    """Return the quotes of the effects that refer to an arm or an outcome."""
    fields = (field, "comparator") if field == "intervention" else (field,)
    effects = study["effects"]
    return sorted(
        {plain_text(e["quote"]) for e in effects if any(e.get(f) == identity for f in fields)}
    )


def _places(
    text: str,
    words: Words,
    phrases: Sequence[tuple[int, int]],
    names: Sequence[str],
    quotes: Sequence[str],
    role: str,
) -> Iterator[tuple[int, LabelledSpan]]:
    """Yield where one arm or outcome is named, exact places with rank 0, likely ones with rank 1."""
    places = sorted({place for name in names for place in words.occurrences(name)})
    for start, end in places:
        span = trim(text, start, end, role)
        if span is not None:
            yield 0, (*span, role)
    for quote in quotes:
        at = text.find(quote)
        last = at + len(quote)
        if at < 0 or any(at <= start < last for start, _ in places):
            continue
        best = _most_alike(text, [p for p in phrases if at <= p[0] and p[1] <= last], names)
        span = trim(text, *best, role) if best is not None else None
        if span is not None:
            yield 1, (*span, role)


def _short_forms(text: str) -> list[tuple[str, str]]:
    found = [
        (short, long, a + at)
        for a, b in find_sentences(text)
        for short, long, at in find_definitions(text[a:b])
    ]
    return [(item.short, item.long) for item in resolve(found, text)]


def _names(item: dict[str, Any], shorts: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield what an annotated arm or outcome may be called in the text."""
    queue = [plain_text(item.get("name") or ""), plain_text(item.get("text") or "")]
    for name in list(queue):
        queue.append(re.sub(r"\s*\([^()]*\)", "", name))
        queue.extend(re.findall(r"\(([^()]{2,40})\)", name))
    for short, long in shorts:
        for name in list(queue):
            if name.lower() == short.lower():
                queue.append(long)
            elif long.lower() in name.lower() and len(name) < len(long) + 12:
                queue.append(re.sub(re.escape(long), short.replace("\\", ""), name, flags=re.I))
    for name in list(queue):
        tokens = name.split()
        if len(tokens) > 1 and tokens[-1].lower() in _DROPPED_TAILS:
            queue.append(" ".join(tokens[:-1]))
        if len(tokens) > 2 and tokens[0].lower() in LIGHT and tokens[1] in ("in", "of"):
            queue.append(" ".join(tokens[2:]))
    seen: set[str] = set()
    for name in queue:
        span = trim(name, 0, len(name), "intervention")
        if span is not None and name[slice(*span)] not in seen and _is_name(name[slice(*span)]):
            seen.add(name[slice(*span)])
            yield name[slice(*span)]


def _is_name(name: str) -> bool:
    """Tell whether words are few enough, and particular enough, to be looked up everywhere."""
    spoken = [name[a:b].lower() for a, b in find_tokens(name)]
    content = [w for w in spoken if w not in _SMALL and w.isalnum() and not w.isdigit()]
    if len(spoken) > _MOST_WORDS or len(name) < 2:
        return False
    return any(w not in GENERIC and w not in LIGHT for w in content)


def _phrases(text: str, tagger: PartOfSpeechTagger) -> list[tuple[int, int]]:
    """Return base noun phrases and those that "of" or "in" joins, as character offsets."""
    found: list[tuple[int, int]] = []
    for start, end in find_sentences(text):
        spans = [(start + a, start + b) for a, b in find_tokens(text[start:end])]
        words = [text[a:b] for a, b in spans]
        glued = [k > 0 and spans[k][0] == spans[k - 1][1] for k in range(len(spans))]
        ranges = find_phrases(words, tagger.tag(words), glued)
        found.extend((spans[a][0], spans[b - 1][1]) for a, b in ranges)
        for (a, b), (c, d) in pairwise(ranges):
            between = [w.lower() for w in words[b:c]]
            if (
                between
                and between[0] in ("of", "in", "with", "to")
                and set(between[1:]) <= {"the", "a"}
            ):
                found.append((spans[a][0], spans[d - 1][1]))
    return found


def _stems(text: str) -> set[str]:
    words = (text[a:b].lower() for a, b in find_tokens(text))
    return {
        w[:6] for w in words if w not in _SMALL and w not in LIGHT and w.isalnum() and len(w) > 1
    }


def _most_alike(
    text: str, phrases: Sequence[tuple[int, int]], names: Sequence[str]
) -> tuple[int, int] | None:
    """Return the phrase most like one of the names, the shorter where two are; or ``None``."""
    best, best_score = None, _LEAST_LIKENESS
    for a, b in phrases:
        have = _stems(text[a:b])
        for name in names:
            want = _stems(name)
            if have and want:
                score = len(have & want) / len(have | want) - 0.001 * (b - a)
                if score > best_score:
                    best, best_score = (a, b), score
    return best


def _population(text: str, wanted: str, tagger: PartOfSpeechTagger) -> tuple[int, int] | None:
    """Return who took part, from the first word after the count to before the verb."""
    at = text.find(wanted) if len(wanted) > 5 else -1
    if at < 0:
        return None
    match = _HEAD_COUNT.match(wanted)
    start = at + (match.end() if match else 0)
    spans = [(start + a, start + b) for a, b in find_tokens(text[start : at + len(wanted)])]
    words = [text[a:b] for a, b in spans]
    last = 0
    for k, tag in enumerate(tagger.tag(words)):
        if (
            tag in ("VERB", "AUX")
            or words[k] in ("(", ";", ":", ".")
            or k >= _MOST_POPULATION_WORDS
        ):
            break
        last = k + 1
    if not any(w.lower() in PERSON for w in words[:last]):
        return None
    return trim(text, spans[0][0], spans[last - 1][1], "population")
