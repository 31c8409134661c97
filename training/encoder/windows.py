"""Write what the encoder learns from: every set as windows of word pieces with their labels.

    python -m training.encoder.windows --data DATA --silver SILVER --encoder FOLDER --to FILE

`FOLDER` holds ``tokenizer.json`` of the base model. Each set teaches its own head in its own way of
marking; the silver documents teach links, directions and measures besides. One JSON object a
window, so that training needs nothing of this project.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from kg.assembly.link import MEASURES
from kg.assembly.pointing import DIRECTIONS
from kg.tagging.windows import Window, make_windows
from training.encoder.texts import (
    LINKS,
    PROMPT_SETS,
    TAGGED_SETS,
    Text,
    linked_texts,
    prompts,
    silver_texts,
    tagged,
)

#: Runs of words by which two texts are known to be the same.
_RUN = 10


def shingles(text: str) -> set[int]:
    """Return hashes of the runs of ten words of a text."""
    words = re.findall(r"[a-z]+", text.lower())
    return {hash(tuple(words[k : k + _RUN])) for k in range(len(words) - _RUN + 1)}


def without_held_out(texts: Sequence[Text]) -> Iterator[Text]:
    """Leave out training texts that share a tenth of their runs with a text held out."""
    held: dict[int, set[str]] = defaultdict(set)
    for t in texts:
        if t.dev:
            for run in shingles(t.text):
                held[run].add(t.style)
    for t in texts:
        runs = shingles(t.text)
        if t.dev or sum(r in held for r in runs) * 10 <= len(runs):
            yield t


def write(texts: Iterable[Text], tokenizer: Tokenizer, target: Path) -> None:
    """Write the windows; the first line names the labels of every head."""
    texts = list(texts)
    labels: dict[str, list[str]] = defaultdict(list)
    for t in texts:
        if t.style not in ("told", LINKS):
            labels[t.style].extend(sorted({s[2] for s in t.spans} - set(labels[t.style])))
    names = {style: sorted(set(found)) for style, found in sorted(labels.items())}
    with target.open("w", encoding="utf-8") as lines:
        head = {"labels": names, "directions": list(DIRECTIONS), "measures": list(MEASURES)}
        lines.write(json.dumps(head) + "\n")
        for t in texts:
            for window in make_windows(tokenizer, t.text, t.sentences, t.title):
                lines.write(json.dumps(_row(t, window, names)) + "\n")


def _row(t: Text, window: Window, names: dict[str, list[str]]) -> dict[str, Any]:
    """Return a window's labels; a tag is 0 outside, 2k+1 where label k begins, 2k+2 inside it."""
    words = window.words
    low, high = words[0][1], words[-1][2]
    row: dict[str, Any] = {
        "style": t.style, "doc": t.name, "dev": t.dev, "ids": window.ids,
        "words": [w[0] for w in words], "offsets": [[w[1], w[2]] for w in words],
    }  # fmt: skip
    if t.style in names:
        tags = [0] * len(words)
        for start, end, label in t.spans:
            inside = _inside(words, start, end)
            for k in inside:
                tags[k] = 2 * names[t.style].index(label) + (1 if k == inside[0] else 2)
        if t.keep is not None:
            tags = [
                tag if any(a <= w[1] < b for a, b in t.keep) else -100
                for tag, w in zip(tags, words, strict=True)
            ]
        row["tags"] = tags
    values = []
    for value in t.values:
        if not low <= value.at < high:
            continue
        at = _inside(words, value.at, value.at + 1)
        if not at:
            continue
        links: dict[str, list[int] | None] = {}
        for role, places in value.links.items():
            if places is None:
                links[role] = None
            else:
                inside = sorted({k for a, b in places for k in _inside(words, a, b)})
                if inside:
                    links[role] = inside
        values.append({"at": at[0], "links": links, "classes": value.classes})
    row["values"] = values
    told: dict[int, int] = {}
    for a, b, way in t.told:
        for k in _inside(words, a, b):
            told[k] = way if told.get(k, way) == way else -1
    row["told"] = [[k, way] for k, way in sorted(told.items()) if way >= 0]
    return row


def _inside(words: Sequence[tuple[int, int, int]], start: int, end: int) -> list[int]:
    return [k for k, (_, a, b) in enumerate(words) if a < end and start < b]


def main() -> None:
    """Write the windows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--silver", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    texts = [
        t
        for name in TAGGED_SETS
        for part in ("train", "dev")
        for t in tagged(options.data, name, part)
    ]
    texts += [
        t
        for name in PROMPT_SETS
        for part in ("train", "dev")
        for t in prompts(options.data, name, part)
    ]
    texts += silver_texts(options.silver)
    texts += linked_texts(options.silver)
    tokenizer = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    write(without_held_out(texts), tokenizer, options.to)


if __name__ == "__main__":
    main()
