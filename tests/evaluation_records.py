"""Making annotated documents and records of them by hand, for tests of the score."""

from __future__ import annotations

import random
import re
from typing import Any

Json = dict[str, Any]


def span(text: str, words: str, nth: int = 0) -> Json:
    """Return a span of our records: where `words` stand for the nth time."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return {"start_char": start, "end_char": start + len(words), "text": words}


def entity(text: str, label: str, words: str, nth: int = 0, **more: Any) -> Json:
    """Return an annotated entity: where `words` stand for the nth time."""
    place = span(text, words, nth)
    ends = {"start": place["start_char"], "end": place["end_char"]}
    return {"label": label, "text": words, **ends, **more}


def record(text: str, document: str = "d", **study: Any) -> Json:
    """Return a record with one study, or none where nothing of a study is given."""
    mentions = study.pop("mentions", [])
    parts = ("interventions", "outcomes", "populations", "arms", "doses", "effects")
    studies = [{**{part: [] for part in parts}, **study}] if study else []
    path = {"path": f"texts/{document}.txt", "text": text, "doi": None}
    return {"document": path, "studies": studies, "mentions": mentions}


def effect(text: str, number: str, sentence: str | None = None, **fields: Any) -> Json:
    """Return an effect told by a number in a sentence (by default the whole text)."""
    whole = {"start_char": 0, "end_char": len(text), "text": text}
    told = whole if sentence is None else span(text, sentence)
    blank = {"intervention": None, "comparator": None, "outcome": None, "arm": None, "value": None}
    return {**blank, "measure": "percent", "direction": "unclear", **fields,
            "evidence": [told, span(text, number)]}  # fmt: skip


def scramble(document: Json, rng: random.Random) -> Json:
    """Return a record that is partly right: numbers and names of the text, put together at random."""
    text = document["text"]
    names = [e["text"] for e in document["entities"]] or ["pain"]
    for prompt in document.get("prompts", ()):
        names += [prompt["outcome"]] * 3 + [prompt["intervention"], prompt["comparator"]]
    items = {
        kind: [{"id": f"{kind}{i}", "label": rng.choice(names)} for i in range(6)]
        for kind in ("interventions", "outcomes")
    }
    roles = ("experimental", "control", "exposed", "other")
    arms = [
        {"id": f"arm{i}", "label": rng.choice(names), "role": rng.choice(roles), "n": rng.randint(1, 90)}
        for i in range(3)
    ]  # fmt: skip
    ratios = {
        (e["start"], e["end"]): e["label"][:2].upper()
        for e in document["entities"]
        if e["label"].endswith("_ratio")
    }
    effects, doses, sizes = [], [], []
    for match in re.finditer(r"\d+(?:[.·]\d+)?", text):
        value = float(match[0].replace("·", "."))
        if rng.random() < 0.6:
            told = _random_effect(text, match.span(), value, items, arms, rng)
            if (ratio := ratios.get(match.span())) and rng.random() < 0.7:
                told |= {"measure": ratio, "value": value}
            effects.append(told)
        if rng.random() < 0.1:
            doses.append({"low": value, "high": rng.choice([None, value]), "unit": "mg", "raw_unit": "mg",
                          "intervention": f"interventions{rng.randint(0, 5)}"})  # fmt: skip
        if value.is_integer():
            sizes.append(int(value))
    mentions = [_random_mention(text, e, rng) for e in document["entities"] if rng.random() < 0.8]
    return record(
        text, document["id"], mentions=mentions, arms=arms, effects=effects, doses=doses,
        n_participants=rng.choice([*sizes, None]), **items,
    )  # fmt: skip


def _random_effect(
    text: str,
    place: tuple[int, int],
    value: float,
    items: Json,
    arms: list[Json],
    rng: random.Random,
) -> Json:
    start, end = place
    sides = (max(0, start - 60), min(len(text), end + 60))
    evidence = [
        {"start_char": a, "end_char": b, "text": text[a:b]} for a, b in (sides, (start, end))
    ]
    measures = ("percent", "mean", "median", "count", "OR", "HR", "RR", "MD")
    directions = ("increase", "decrease", "no_difference", "unclear")
    fields = ("value", "events", "sd", "p_value")
    return {
        "intervention": f"interventions{rng.randint(0, 5)}",
        "comparator": rng.choice([None, f"interventions{rng.randint(0, 5)}"]),
        "outcome": rng.choice([None, f"outcomes{rng.randint(0, 5)}"]),
        "arm": rng.choice([None, *(arm["id"] for arm in arms)]),
        "measure": rng.choice(measures),
        "direction": rng.choice(directions),
        **{field: value if rng.random() < 0.5 else None for field in fields},
        "evidence": evidence[rng.randint(0, 1) :],
    }


def _random_mention(text: str, found: Json, rng: random.Random) -> Json:
    kinds = ("population", "intervention", "comparator", "outcome", "condition")
    start = max(0, found["start"] + rng.choice([0, 0, -3, 2]))
    end = max(start + 1, found["end"] + rng.choice([0, 0, 4]))
    return {
        "kind": rng.choice(kinds),
        "start_char": start,
        "end_char": end,
        "text": text[start:end],
    }
