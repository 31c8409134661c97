"""What each set teaches the encoder: its documents with their marks, links and answers, in one shape.

Each set marks in its own way and has a head of its own; the silver documents, and the texts of which only results
were read, teach links, directions and measures besides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.assembly.context import Context
from kg.assembly.labels import stems
from kg.assembly.link import MEASURES
from kg.assembly.pointing import DIRECTIONS
from kg.components.sentences.component import find_sentences
from kg.tagging.parts_of_speech import PartOfSpeechTagger
from training.assembly import GOLD_MEASURE, match, names_it, view_range, with_signs_read
from training.corpora import read_set, title_end
from training.documents import linked, read_context, silver
from training.matching import Words
from training.silver_mentions import _align
from training.splits import is_dev

Range = tuple[int, int]

#: The sets whose spans are learned; each has a head of its own.
TAGGED_SETS = (
    "ebm_nlp", "pico_corpus", "pico_sections", "evidence_map", "evidence_outcomes", "rct_art",
    "clerx", "bc5cdr", "ctro",
)  # fmt: skip
#: Texts of which only results are annotated: they have no head for marks.
LINKS = "links"
PROMPT_SETS = ("evidence_inference", "evidence_inference_exhaustive")
ROLES = ("outcome", "intervention", "comparator")
ARMS = ("iv", "cv")
TOLD = ("increase", "decrease", "no_difference")
LABEL_DIRECTION = {"increased": 0, "decreased": 1, "no significant difference": 2}

#: Bibliography labels of ctro, which are not in the abstract.
_NOT_TAGGED = frozenset({"Author", "Title", "Journal", "PublicationYear", "PMID", "Country"})


@dataclass
class Value:
    """A result's place with what belongs to it; ``None`` stands for "there is none"."""

    at: int
    links: dict[str, list[Range] | None] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)


@dataclass
class Text:
    """A document with all that its annotation teaches."""

    style: str
    name: str
    dev: bool
    text: str
    title: str
    sentences: list[Range]
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    keep: list[Range] | None = None
    values: list[Value] = field(default_factory=list)
    told: list[tuple[int, int, int]] = field(default_factory=list)


def tagged(data: Path, name: str, part: str) -> Iterator[Text]:
    """Yield the documents of a set with its spans, and its relations as links of values."""
    for number, d in enumerate(read_set(data, name, part)):
        text = d["text"]
        t = Text(
            name, str(d.get("id", number)), part == "dev", text, text[: title_end(text)].strip(),
            list(find_sentences(text)),
        )  # fmt: skip
        for e in d["entities"]:
            label = e.get("group", e["label"]) if name == "ctro" else e["label"]
            if label not in _NOT_TAGGED:
                t.spans.append((e["start"], e["end"], label))
        if name == "evidence_outcomes":
            found = re.search(r"\b(?:RESULTS?|FINDINGS|Results)\b\s*:?", text)
            start = found.start() if found else min((s[0] for s in t.spans), default=len(text))
            t.keep = [(start, len(text))]
        t.values = list(VALUES[name](d)) if name in VALUES else []
        yield t


def _pico_values(d: dict[str, Any]) -> Iterator[Value]:
    words = Words.of(d["text"])
    names: dict[str, list[Range]] = defaultdict(list)
    for e in d["entities"]:
        if e["label"] in ("intervention", "control"):
            key = "iv" if e["label"] == "intervention" else "cv"
            names[key].append((e["start"], e["end"]))
            names[key].extend(words.occurrences(e["text"]))
    for e in d["entities"]:
        side = e["label"][:2]
        if e["label"][2:3] == "-" and side in ARMS:
            value = Value(e["start"], classes={"arm": ARMS.index(side)})
            if names[side]:
                value.links["intervention"] = names[side]
            yield value


def _related(d: dict[str, Any], roles: dict[str, str]) -> Iterator[Value]:
    """Yield values of sets whose relations go from a value to what it is of, or back."""
    words = Words.of(d["text"])
    values: dict[int, Value] = {}
    kinds = ("_ratio", "MEAS", "Observation")
    for r in d["relations"]:
        head, tail = d["entities"][r["head"]], d["entities"][r["tail"]]
        value, other = (head, tail) if head["label"].endswith(kinds) else (tail, head)
        role = roles.get(r["label"]) or roles.get(other["label"])
        if not value["label"].endswith(kinds) or role is None:
            continue
        item = values.setdefault(value["start"], Value(value["start"]))
        places = [(other["start"], other["end"]), *words.occurrences(other["text"])]
        item.links[role] = [*(item.links.get(role) or []), *places]
    for item in values.values():
        yield item


#: Slots of an outcome that hold a number of one arm.
_OF_ARM = (
    "hasBaselineValue", "hasResultMeasuredValue", "hasChangeValue", "hasRelativeChangeValue",
    "hasPercentageAffected", "hasNumberAffected",
)  # fmt: skip


class _Templates:
    """The templates of a trial: which words name an arm, which an end point."""

    def __init__(self, d: dict[str, Any]) -> None:
        self.entities = d["entities"]
        self.words = Words.of(d["text"])
        self.by_id = d["templates"]
        self.arms = {
            outcome: self._arm(arm)
            for arm in self.by_id.values()
            if arm["type"] == "Arm"
            for slot in ("hasOutcome", "hasAdverseEffect")
            for outcome in self._refs(arm, slot)
        }
        shared = [set(places) for places in self.arms.values()]
        self.common = set.intersection(*shared) if shared else set()

    def _refs(self, template: dict[str, Any], slot: str) -> list[str]:
        found = [f["ref"] for f in template["slots"].get(slot, []) if "ref" in f]
        return [ref for ref in found if ref in self.by_id]

    def places(self, template: dict[str, Any], slot: str) -> list[Range]:
        """Return where the fillers of a slot stand, and every place with their words."""
        found: list[Range] = []
        for filler in template["slots"].get(slot, []):
            if "entity" in filler:
                entity = self.entities[filler["entity"]]
                found.append((entity["start"], entity["end"]))
                found.extend(self.words.occurrences(entity["text"]))
        return found

    def numbers(self, template: dict[str, Any], slots: Iterable[str]) -> Iterator[int]:
        """Yield where the numbers in some slots begin."""
        for slot in slots:
            for filler in template["slots"].get(slot, []):
                if "entity" in filler:
                    yield self.entities[filler["entity"]]["start"]

    def _arm(self, arm: dict[str, Any]) -> tuple[Range, ...]:
        given = [
            self.by_id[m]
            for i in self._refs(arm, "hasIntervention")
            for m in self._refs(self.by_id[i], "hasMedication")
        ]
        return tuple(place for m in given for place in self.places(m, "hasDrug"))

    def arm_of(self, outcome: str) -> list[Range]:
        """Return the names of an outcome's arm, those that every arm has left out."""
        return [place for place in self.arms.get(outcome, ()) if place not in self.common]

    def endpoint_of(self, outcome: str) -> list[Range]:
        """Return the names of what was measured."""
        return [
            place
            for endpoint in self._refs(self.by_id[outcome], "hasEndpoint")
            for place in self.places(self.by_id[endpoint], "hasEndoPointDescription")
        ]


def _template_values(d: dict[str, Any]) -> Iterator[Value]:
    """Yield the numbers of arms and of differences between arms in the templates of a trial."""
    templates = _Templates(d)
    found: dict[int, Value] = {}

    def add(at: int, role: str, places: list[Range]) -> None:
        if places:
            value = found.setdefault(at, Value(at, classes={"result": 1}))
            value.links[role] = [*(value.links.get(role) or []), *places]

    for name, template in d["templates"].items():
        if template["type"] == "Outcome":
            for at in templates.numbers(template, _OF_ARM):
                add(at, "intervention", templates.arm_of(name))
                add(at, "outcome", templates.endpoint_of(name))
        if template["type"] == "DiffBetweenGroups":
            sides = [templates._refs(template, f"hasOutcome{n}") for n in (1, 2)]
            for at in templates.numbers(template, ("hasDiffGroupAbsValue", "hasDiffGroupRelValue")):
                for side, role in zip(sides, ("intervention", "comparator"), strict=True):
                    for outcome in side:
                        add(at, role, templates.arm_of(outcome))
                for outcome in sides[0]:
                    add(at, "outcome", templates.endpoint_of(outcome))
    yield from found.values()


VALUES = {
    "pico_corpus": _pico_values,
    "ctro": _template_values,
    "rct_art": lambda d: _related(  # either arm: it is the value's own
        d, {"OC_RES": "outcome", "A1_RES": "intervention", "A2_RES": "intervention"}
    ),
    "clerx": lambda d: _related(
        d,
        {
            "explanatory_var": "intervention",
            "outcome_var": "outcome",
            "baseline": "comparator",
        },
    ),
    "evidence_map": lambda d: _related(d, {"Outcome": "outcome", "Intervention": "intervention"}),
}


def prompts(data: Path, name: str, part: str) -> Iterator[Text]:
    """Yield abstracts with the direction in which an outcome is said to have gone."""
    for d in read_set(data, name, part):
        text = d["text"]
        t = Text(
            "told", str(d.get("id") or d["pmcid"]), part == "dev", text, d.get("title") or "",
            list(find_sentences(text)),
        )  # fmt: skip
        for p in d["prompts"]:
            way = next((v for k, v in LABEL_DIRECTION.items() if k in p["label"]), None)
            if way is None or p.get("conflict"):
                continue
            for e in p["evidence"]:
                if e.get("start") is not None:
                    t.told.extend((a, b, way) for a, b in _named(text, e, p["outcome"]))
        if t.told:
            yield t


def _named(text: str, place: dict[str, Any], name: str) -> list[Range]:
    """Return the words of an evidence quote that name the outcome, if half of its stems are there."""
    wanted = stems(name)
    found = [
        (m.start(), m.end())
        for m in re.finditer(r"\w+", text[: place["end"]])
        if m.start() >= place["start"] and stems(m.group()) & wanted
    ]
    have = {s for a, b in found for s in stems(text[a:b])}
    return found if wanted and len(have & wanted) * 2 >= len(wanted) else []


def silver_texts(folder: Path) -> Iterator[Text]:
    """Yield the silver documents with mentions, links, directions and measures."""
    tagger = PartOfSpeechTagger()
    for annotation in silver(folder):
        context = read_context(folder / "docs" / annotation["doc"])
        if context is not None:
            t = _read("silver", annotation, context)
            t.spans = list(_align(t.text, annotation, tagger))
            _learn_values(t, context, match(context, annotation), frozenset())
            yield t


def linked_texts(folder: Path) -> Iterator[Text]:
    """Yield the texts of which only results were annotated, with links, directions and measures.

    Whether a number is a result is not learned from sentences in which an annotated value was not found.
    """
    for annotation in linked(folder):
        context = read_context(folder / "docs" / annotation["doc"])
        if context is None:
            continue
        effects = match(context, with_signs_read(context, annotation))
        found = {effect["id"] for effect in effects.values()}
        doubtful = frozenset(
            effect["quote"]
            for study in annotation["studies"]
            for effect in study["effects"]
            if effect["id"] not in found
        )
        t = _read(LINKS, annotation, context)
        _learn_values(t, context, effects, doubtful)
        yield t


def _read(style: str, annotation: dict[str, Any], context: Context) -> Text:
    """Return a document as the reader sees it, nothing learned from it yet."""
    sentences = [(s.start_char, s.end_char) for s in context.annotation.sentences]
    title = context.reading.document.title or ""
    name = annotation["doc"]
    held_out = style != LINKS and is_dev(name)
    return Text(style, name, held_out, context.reading.view.text, title, sentences)


def _learn_values(
    t: Text, context: Context, effects: dict[int, dict[str, Any]], doubtful: frozenset[str]
) -> None:
    """Add a document's numbers with what belongs to them; `doubtful` quotes do not tell what is no result."""
    unsure = [place for quote in doubtful if (place := view_range(context, quote))]
    for k, statistic in enumerate(context.statistics):
        at = statistic.start_char if statistic.value_start is None else statistic.value_start
        effect = effects.get(k)
        if effect is None and any(a <= at < b for a, b in unsure):
            continue
        value = Value(at, classes={"result": int(effect is not None)})
        t.values.append(value)
        if effect is None:
            continue
        for role in ROLES:
            places = _places(context, effect["_" + role])
            if places or effect["_" + role] is None:
                value.links[role] = places or None
        way = effect["direction"].replace(" ", "_")
        if way in DIRECTIONS:
            value.classes["direction"] = DIRECTIONS.index(way)
        if way in TOLD:
            sentence = context.annotation.sentences[context.places[k].sentence]
            t.told.extend(
                (a, b, TOLD.index(way))
                for a, b in value.links.get("outcome") or ()
                if sentence.start_char <= a < sentence.end_char
            )
        measure = GOLD_MEASURE.get(effect["measure"], effect["measure"])
        if measure in MEASURES:
            value.classes["measure"] = MEASURES.index(measure)


def _places(context: Any, entity: dict[str, Any] | None) -> list[Range]:
    """Return the phrases that name an annotated thing best."""
    if entity is None:
        return []

    fit = [names_it(p, entity) for p in context.phrases]
    best = max(fit, default=0.0)
    return [
        (p.start_char, p.end_char)
        for p, f in zip(context.phrases, fit, strict=True)
        if f > 0 and f >= best - 0.35
    ]
