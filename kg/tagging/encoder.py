"""The encoder: a small transformer that reads a whole document once, and what it says of each word.

One pass over windows of sentences gives, for every word, what kind of mention it belongs to; for
every number, which words name its outcome, its intervention and its comparator, and whether the
outcome rose or fell. The weights (8-bit ONNX) come from ``training/encoder``.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.assembly.annotation import Annotation
from kg.tagging.model_file import MODELS
from kg.tagging.windows import Range, in_blocks, make_windows
from kg.text import Reading

#: Words on either side of a stretch that are looked at with it.
BESIDE = 3

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of the model's output are."""

    places: dict[str, tuple[int, int]]
    labels: dict[str, tuple[str, ...]]
    roles: tuple[str, ...]
    answers: dict[str, tuple[str, ...]]

    @classmethod
    def read(cls, path: Path) -> Columns:
        """Read the file that lies beside the model."""
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            {name: (a, b) for name, (a, b) in found["columns"].items()},
            {style: tuple(labels) for style, labels in found["labels"].items()},
            tuple(found["roles"]),
            {
                "direction": tuple(found["directions"]),
                "measure": tuple(found["measures"]),
                "arm": ("intervention", "comparator"),
                "result": ("no", "yes"),
                "told": ("increase", "decrease", "no_difference"),
            },
        )


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Stretches of which some were read with a number, by words counted from the first one read with it."""

    of: NDArray[np.intp]  # the words of all stretches: kept, since they are told apart by identity
    together: NDArray[np.bool_]
    bounds: NDArray[np.intp]  # (4, read together): first, end, and as far beside them as is looked
    sizes: NDArray[np.intp]  # how many words each has


class Encoded:
    """What the encoder says of one text; all offsets are those of the text it read.

    Parameters
    ----------
    words
        Offsets of the words, in text order.
    rows
        words × columns: the model's output.
    windows
        For each window, in order, the first of the words that it adds, and the output for the words before
        that it read again.
    columns
        What the columns are.
    """

    def __init__(
        self,
        words: Sequence[Range],
        rows: Floats,
        windows: Sequence[tuple[int, Floats]],
        columns: Columns,
    ) -> None:
        self.words = words
        self.starts = [a for a, _ in words]
        self._starts = np.array(self.starts, np.intp)
        self.rows = rows
        self.columns = columns
        self._firsts = [first for first, _ in windows]
        self._ends = [*self._firsts[1:], len(words)]
        self._context = [context for _, context in windows]
        self._links: dict[int, Floats] = {}
        self._tags: dict[str, Floats] = {}
        self._labels: dict[tuple[str, str], Floats] = {}
        self._answers: dict[str, Floats] = {}
        self._stretches: dict[tuple[int, int], _Stretches] = {}

    def _column(self, name: str) -> Floats:
        a, b = self.columns.places[name]
        return self.rows[:, a:b]

    def word_at(self, at_char: int) -> int | None:
        """Return the index of the word that holds a character, or ``None``."""
        k = bisect_right(self.starts, at_char) - 1
        return k if k >= 0 and at_char < self.words[k][1] else None

    def words_at(self, places: Sequence[int]) -> NDArray[np.intp]:
        """Return for each place the word that begins there or last before, the first where none does."""
        return np.maximum(np.searchsorted(self._starts, places, side="right") - 1, 0)

    def within(self, start_char: int, end_char: int) -> slice:
        """Return the words that a stretch touches."""
        first = bisect_right(self.starts, start_char) - 1
        if first < 0 or self.words[first][1] <= start_char:
            first += 1
        last = first
        while last < len(self.words) and self.words[last][0] < end_char:
            last += 1
        return slice(first, last)

    def tag_chances(self, style: str) -> Floats:
        """Return words × tags: the probabilities of "outside", then "begins" and "inside" a label."""
        if style not in self._tags:
            self._tags[style] = _softmax(self._column(f"tags {style}"))
        return self._tags[style]

    def label_chances(self, style: str, label: str, within: slice = slice(None)) -> Floats:
        """Return for each word, or those of a part, the chance that it begins or goes on a label."""
        if (style, label) not in self._labels:
            k = self.columns.labels[style].index(label)
            self._labels[style, label] = self.tag_chances(style)[:, 1 + 2 * k : 3 + 2 * k].sum(1)
        return self._labels[style, label][within]

    def named(self, style: str, label: str, start_char: int, end_char: int) -> float | None:
        """Return the mean chance that the words of a stretch have a label, ``None`` where none was read."""
        chances = self.label_chances(style, label, self.within(start_char, end_char))
        return float(chances.mean()) if len(chances) else None

    def answer(self, question: str, at_char: int) -> dict[str, float] | None:
        """Return the probability of each answer to a question about the word at a place.

        Questions: ``direction`` of a number's effect, ``measure`` of it, ``result`` (whether a number is one), ``arm``
        (which side it was seen on), ``told`` (where an outcome went).
        """
        k = self.word_at(at_char)
        if k is None:
            return None
        chances = self._chances_of(question)[k].tolist()
        return dict(zip(self.columns.answers[question], chances, strict=True))

    def mean_answer(self, question: str, start_char: int, end_char: int) -> dict[str, float]:
        """Return the mean of the answers for the words of a stretch, empty where none was read."""
        chances = self._chances_of(question)[self.within(start_char, end_char)]
        if not len(chances):
            return {}
        return dict(zip(self.columns.answers[question], chances.mean(0).tolist(), strict=True))

    def _chances_of(self, question: str) -> Floats:
        """Return words × answers."""
        if question not in self._answers:
            self._answers[question] = _softmax(self._column(f"class {question}"))
        return self._answers[question]

    def parts(self, places: Sequence[Range]) -> NDArray[np.intp]:
        """Return for each stretch its first word and the one behind its last, both -1 where none was read."""
        found = np.full((len(places), 2), -1, np.intp)
        for n, place in enumerate(places):
            part = self.within(*place)
            if part.start < part.stop:
                found[n] = part.start, part.stop
        return found

    def _read_with(self, k: int) -> Range:
        """Return the first of the words that were read with a word, and the one behind the last."""
        n = bisect_right(self._firsts, k) - 1
        return self._firsts[n] - len(self._context[n]), self._ends[n]

    def _together(self, value_char: int, parts: NDArray[np.intp]) -> tuple[int, NDArray[np.bool_]]:
        """Return the word at a place and which stretches were read together with it; -1 and none if no word is there."""
        k = self.word_at(value_char)
        if k is None:
            return -1, np.zeros(len(parts), bool)
        low, high = self._read_with(k)
        return k, (low <= parts[:, 0]) & (parts[:, 0] < high) & (parts[:, 0] >= 0)

    def links(self, role: str, value_char: int, parts: NDArray[np.intp]) -> Doubles:
        """Return the chances that stretches (:meth:`parts`) name what the number at a place is of.

        `role` is ``outcome``, ``intervention`` or ``comparator``. The chances of all words of the
        window and of "nothing" sum to 1; not a number where the two were not read together.
        """
        found = np.full(len(parts), np.nan)
        k, together = self._together(value_char, parts)
        if not together.any():
            return found
        chances, (low, _) = self._chances(k), self._read_with(k)
        row = chances[self.columns.roles.index(role)]
        bounds = np.minimum(parts[together, :2] - low, len(row)).ravel()
        found[together] = np.add.reduceat(np.append(row, row[:1] * 0), bounds)[::2]
        return found

    def pointed(self, value_char: int, parts: NDArray[np.intp]) -> Doubles:
        """Return what a number says of many stretches in each role, ``(roles, 5, stretches)``.

        The chance of the words of the stretch together, of the :data:`BESIDE` words before and behind it,
        whether the likeliest word lies in it, and the mean chance of its words; not a number for a stretch
        that was not read together with the number.
        """
        found = np.full((len(self.columns.roles), 5, len(parts)), np.nan)
        k = self.word_at(value_char)
        stretches = None if k is None else self._read_together(k, parts)
        if k is None or stretches is None or not len(stretches.sizes):
            return found
        chances = self._chances(k)[:, :-1]
        sums = np.zeros((len(chances), chances.shape[1] + 1))
        sums[:, 1:] = chances.cumsum(1)
        first, end, before, behind = np.moveaxis(sums[:, stretches.bounds], 1, 0)
        whole = end - first
        best = chances.argmax(1)[:, None]
        peak = (stretches.bounds[0] <= best) & (best < stretches.bounds[1])
        said = (whole, first - before, behind - end, peak, whole / stretches.sizes)
        found[:, :, stretches.together] = np.stack(said, 1)
        return found

    def _read_together(self, k: int, parts: NDArray[np.intp]) -> _Stretches:
        """Return which stretches were read with a word; the same are asked for with every number of a window."""
        low, high = self._read_with(k)
        kept = self._stretches.get((low, id(parts)))
        if kept is None:
            together = (low <= parts[:, 0]) & (parts[:, 0] < high) & (parts[:, 0] >= 0)
            words = high - low
            first, end = np.clip(parts[together, :2].T - low, 0, words)
            beside = np.maximum(first - BESIDE, 0), np.minimum(end + BESIDE, words)
            bounds = np.stack([first, end, *beside])
            kept = _Stretches(parts, together, bounds, np.maximum(end - first, 1))
            self._stretches[low, id(parts)] = kept
        return kept

    def nothing(self, role: str, value_char: int) -> float:
        """Return the chance that nothing read with the number at a place fills a role, 1 where none was read."""
        k = self.word_at(value_char)
        return 1.0 if k is None else float(self._chances(k)[self.columns.roles.index(role), -1])

    def kinds(self, style: str, labels: Sequence[str], parts: NDArray[np.intp]) -> Floats:
        """Return what the words of many stretches are, ``(labels + 2, stretches)``.

        The mean chance of each label, then the chances that some label begins with the first word and that
        some label goes on behind the last one; 0 where nothing was read.
        """
        tags = self.tag_chances(style)
        each = np.stack([self.label_chances(style, label) for label in labels])
        sums = np.concatenate([np.zeros((len(labels), 1)), each.cumsum(1)], axis=1)
        begins = np.append(tags[:, 1::2].sum(1), 0.0)
        goes_on = np.append(tags[:, 2::2].sum(1), 0.0)
        read = parts[:, 0] >= 0
        first, last = np.where(read, parts[:, 0], 0), np.where(read, parts[:, 1], 0)
        means = (sums[:, last] - sums[:, first]) / np.maximum(last - first, 1)
        found = np.concatenate([means, begins[first][None], goes_on[last][None]])
        return np.where(read, found, 0.0).astype(np.float32)

    def _chances(self, k: int) -> Floats:
        """Return roles × (words read together with a value, nothing)."""
        if k not in self._links:
            n = bisect_right(self._firsts, k) - 1
            first, end = self._firsts[n], self._read_with(k)[1]
            a, b = self.columns.places["keys"]
            keys = np.concatenate([self._context[n][:, a:b], self.rows[first:end, a:b]])
            roles = len(self.columns.roles)
            query = self._column("queries")[k].reshape(roles, -1)
            scores = np.einsum("rd,wrd->rw", query, keys.reshape(len(keys), roles, -1))
            scores /= np.sqrt(query.shape[1])
            self._links[k] = _softmax(
                np.concatenate([scores, self._column("nothing")[k][:, None]], 1)
            )
        return self._links[k]


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)  # type: ignore[no-any-return]


class Encoder:
    """Reads texts; holds the model, keeps nothing of a text.

    Parameters
    ----------
    models
        The folder that holds ``encoder.onnx``, ``encoder.json`` and ``tokenizer.json``.

    Raises
    ------
    ImportError
        If onnxruntime or tokenizers is missing.
    """

    def __init__(self, models: Path = MODELS) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # the model is written as it is to be run; fusing more makes slower nodes of it
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        self._session = onnxruntime.InferenceSession(
            str(models / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(models / "tokenizer.json"))
        self.columns = Columns.read(models / "encoder.json")

    def __call__(self, text: str, sentences: Sequence[Range], title: str = "") -> Encoded:
        """Read the sentences of a text, each given by its offsets, in order."""
        words: list[Range] = []
        rows: list[Floats] = []
        windows: list[tuple[int, Floats]] = []
        for window in make_windows(self._tokenizer, text, sentences, title):
            ids = np.zeros(in_blocks(len(window.ids)), np.int64)
            ids.flat[: len(window.ids)] = window.ids
            feed = {
                "ids": ids,
                "words": np.array([w[0] for w in window.words], np.int64),
            }
            found = self._session.run(None, feed)[0]
            windows.append((len(words), found[: window.context]))
            rows.append(found[window.context :])
            words.extend((a, b) for _, a, b in window.words[window.context :])
        width = max(b for _, b in self.columns.places.values())
        table = np.concatenate(rows) if rows else np.zeros((0, width), np.float32)
        return Encoded(words, table, windows, self.columns)

    def read(self, reading: Reading, annotation: Annotation) -> Encoded:
        """Read the evidence of a document; offsets are those of its view."""
        sentences = [(s.start_char, s.end_char) for s in annotation.sentences]
        return self(reading.view.text, sentences, reading.document.title or "")


@cache
def find_encoder(models: Path = MODELS) -> Encoder | None:
    """Return this process's encoder, ``None`` where onnxruntime or tokenizers is not installed."""
    if not (find_spec("onnxruntime") and find_spec("tokenizers")):
        return None
    return Encoder(models)
