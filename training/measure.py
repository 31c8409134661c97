"""How well mentions are found: exact spans, and spans that meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pycrfsuite

from kg.assembly.annotation import TaggedMention, Token
from kg.components.mentions.component import KIND_BY_LABEL
from kg.tagging.consistency import make_consistent
from kg.tagging.features import add_known, mention_features
from kg.tagging.labelling import find_runs
from kg.tagging.mentions import MentionTagger
from kg.tagging.roles import role_features
from training.examples import Example, merged


def name_items(item: Example, model: str) -> pycrfsuite.ItemSequence:
    """Return the features of a sentence for one of the models of names (``names``, ``entities``)."""
    rows = mention_features(item.words, item.tags, item.context, item.section)
    return pycrfsuite.ItemSequence(add_known(rows, item.words) if model == "entities" else rows)


@dataclass
class Count:
    """What was found, what should have been, and how far they agree."""

    exact: int = 0
    gold: int = 0
    found: int = 0
    gold_met: int = 0
    found_met: int = 0

    def add(self, gold: Sequence[tuple[int, int]], found: Sequence[tuple[int, int]]) -> None:
        """Count one sentence's spans of one kind."""
        self.exact += len(set(gold) & set(found))
        self.gold += len(gold)
        self.found += len(found)
        self.gold_met += sum(any(a < d and c < b for c, d in found) for a, b in gold)
        self.found_met += sum(any(a < d and c < b for c, d in gold) for a, b in found)

    def __str__(self) -> str:
        exact = 2 * self.exact / max(1, self.gold + self.found)
        precision = self.found_met / max(1, self.found)
        recall = self.gold_met / max(1, self.gold)
        overlap = 2 * precision * recall / max(1e-9, precision + recall)
        return f"exact {exact:.3f}  overlap {overlap:.3f} (P {precision:.2f} R {recall:.2f})  n {self.gold}"


def measure(sentences: Iterable[Example], tagger: MentionTagger) -> dict[str, Count]:
    """Return the counts by kind, and over the kinds that the set has, of whole documents.

    Mentions are those of the pipeline, made consistent; comparators count as interventions.
    """
    counts: dict[str, Count] = defaultdict(Count)
    documents: dict[str, list[Example]] = defaultdict(list)
    for item in sentences:
        documents[item.document].append(item)
    kinds = {
        merged(label)[2:] for items in documents.values() for i in items for label in i.labels
    } - {""}
    for items in documents.values():
        for item, found in zip(items, _found(items, tagger), strict=True):
            if item.counts:
                gold = list(find_runs([merged(label) for label in item.labels]))
                for kind in kinds:
                    wanted = [(a, b) for a, b, label in gold if label == kind]
                    given = [(a, b) for a, b, label in found if label == kind]
                    counts[kind].add(wanted, given)
                    counts["all"].add(wanted, given)
    return counts


def _found(items: Sequence[Example], tagger: MentionTagger) -> list[list[tuple[int, int, str]]]:
    """Return the mentions of one document, sentence by sentence, as token ranges."""
    tokens: list[Token] = []
    places: list[tuple[int, int]] = []  # of each token: sentence, number in it
    mentions: list[TaggedMention] = []
    text = ""
    for number, item in enumerate(items):
        first = len(tokens)
        for k, word in enumerate(item.words):
            text += word if item.glued[k] else " " + word
            tokens.append(Token(len(text) - len(word), len(text), word))
            places.append((number, k))
        for tagged in tagger.tag(item.words, item.tags, item.glued, item.context, item.section):
            start, end = (
                tokens[first + tagged.first].start_char,
                tokens[first + tagged.last - 1].end_char,
            )
            kind = KIND_BY_LABEL[tagged.label]
            mentions.append(TaggedMention(kind, start, end, text[start:end], tagged.score))
        text += "\n\n"
    starts = {token.start_char: k for k, token in enumerate(tokens)}
    ends = {token.end_char: k for k, token in enumerate(tokens)}
    found: list[list[tuple[int, int, str]]] = [[] for _ in items]
    for mention in make_consistent(mentions, tokens, text):
        number, k = places[starts[mention.start_char]]
        found[number].append((k, places[ends[mention.end_char]][1] + 1, merged(mention.kind)))
    return found


def measure_names(
    sentences: Iterable[Example], names: pycrfsuite.Tagger, model: str
) -> dict[str, Count]:
    """Return the counts of one of the models of names by kind."""
    counts: dict[str, Count] = defaultdict(Count)
    for item in sentences:
        found = list(find_runs(names.tag(name_items(item, model))))
        gold = list(find_runs(item.labels))
        for kind in ("Chemical", "Disease"):
            wanted = [(a, b) for a, b, label in gold if label == kind]
            counts[kind].add(wanted, [(a, b) for a, b, label in found if label == kind])
    return counts


def measure_roles(sentences: Iterable[Example], roles: pycrfsuite.Tagger) -> str:
    """Return how often the role of a marked span is right, and the F1 of the comparators."""
    right = total = hit = found = gold = 0
    for item in sentences:
        for first, last, label in find_runs(item.labels):
            if label in ("intervention", "comparator"):
                row = role_features(item.words, item.tags, first, last, item.context)
                given = roles.tag(pycrfsuite.ItemSequence([row]))[0]
                total += 1
                right += given == label
                hit += given == label == "comparator"
                found += given == "comparator"
                gold += label == "comparator"
    return f"accuracy {right / max(1, total):.3f}  comparator F1 {2 * hit / max(1, found + gold):.3f}  n {total}"


def report(title: str, counts: dict[str, Count]) -> None:
    """Print one line a kind."""
    for kind in sorted(counts, key=lambda k: (k == "all", k)):
        print(f"{title:28} {kind:13} {counts[kind]}")
