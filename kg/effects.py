"""The relation "intervention → outcome", answered: what the corpus says, with the sentences."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import QueryError
from kg.identity import fold
from kg.queries import select
from kg.store import Store
from kg.table import Value, plain
from kg.vocabulary import CONTRASTS, DESIGNS, DIRECTIONS, MEASURES, REPORTED_AS, expand
from kg.wording import in_words

if TYPE_CHECKING:
    import rdflib

__all__ = ["EffectRow", "find_effects", "in_words"]


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One effect with all that a reader needs to judge it.

    ``measure``, ``direction``, ``contrast`` and ``reported_as`` are as in :class:`kg.records.Effect`; ``ci_level`` is
    in percent, ``design`` as in :class:`kg.records.Study`. ``quote`` is the sentence as it stands in ``document`` at ``start_char``, cut at 4 kB
    in the graph; ``number_quote`` is the number expression. ``outcome_group`` names what is measured under all its
    names (:mod:`kg.outcomes`). ``effect`` is an IRI, ``study_node`` too.
    """

    effect: str
    intervention: str
    outcome: str
    outcome_group: str | None
    comparator: str | None
    population: str | None
    direction: str
    measure: str
    value: float | None
    unit: str | None
    ci_level: float | None
    ci_low: float | None
    ci_high: float | None
    p_operator: str | None
    p_value: float | None
    sd: float | None
    significant: bool | None
    significance_computed: bool
    contrast: str | None
    per: str | None
    timepoint: str | None
    subgroup: str | None
    adjusted: bool | None
    reported_as: str
    exposure: bool
    confidence: float | None
    study: str
    study_node: str
    parent: str | None
    design: str
    n: int | None
    year: int | None
    doi: str | None
    document: str
    start_char: int
    end_char: int
    quote: str
    number_quote: str | None


_LABELS = """
PREFIX ce: <https://w3id.org/clinev/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?node ?label ?own WHERE {
  { SELECT DISTINCT ?node WHERE { ?effect %s ?node } }
  { ?node skos:prefLabel|skos:altLabel ?label . BIND(true AS ?own) }
  UNION { ?node ce:component/skos:prefLabel ?label . BIND(false AS ?own) }
  UNION { ?node skos:broader+/skos:prefLabel ?label . BIND(false AS ?own) }
  UNION { ?node ce:component/skos:broader+/skos:prefLabel ?label . BIND(false AS ?own) }
  %s
}"""
_SUBJECTS = _LABELS % ("ce:intervention|ce:exposure", "")
# An outcome is found by its group's name and by what is above the concept that is measured, too.
_OUTCOMES = _LABELS % (
    "ce:outcome",
    """UNION {
    ?effect ce:outcome ?node ; ce:outcomeGroup ?group .
    { ?group skos:prefLabel ?label } UNION { ?group ce:measured/skos:prefLabel ?label }
    UNION { ?group ce:measured/skos:broader+/skos:prefLabel ?label }
    BIND(false AS ?own)
  }""",
)

_DETAILS = """
PREFIX bibo: <http://purl.org/ontology/bibo/> PREFIX ce: <https://w3id.org/clinev/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT * WHERE {
  VALUES ?subject { SUBJECTS }
  { ?effect ce:intervention ?subject . BIND(false AS ?exposure) } UNION { ?effect ce:exposure ?subject . BIND(true AS ?exposure) }
  ?effect a ce:Effect ; ce:outcome ?object ; ce:measure ?measure ; ce:direction ?direction ;
    ce:reportedAs ?reported_as ; ce:ofStudy ?study_node ; ce:evidence ?span .
  FILTER NOT EXISTS { ?study_node ce:qualityFlag ce:retracted }
  ?subject skos:prefLabel ?intervention . ?object skos:prefLabel ?outcome .
  OPTIONAL { ?effect ce:outcomeGroup ?group . ?group skos:prefLabel ?outcome_group }
  ?study_node rdfs:label ?study ; ce:design ?design .
  ?span oa:hasSource/dcterms:identifier ?document ; oa:hasSelector ?selector .
  ?selector oa:start ?start_char ; oa:end ?end_char ; oa:exact ?quote .
  OPTIONAL { ?effect ce:value ?value } OPTIONAL { ?effect ce:unit ?unit }
  OPTIONAL { ?effect ce:ciLower ?ci_low } OPTIONAL { ?effect ce:ciUpper ?ci_high }
  OPTIONAL { ?effect ce:ciLevel ?ci_level }
  OPTIONAL { ?effect ce:pOperator ?p_operator } OPTIONAL { ?effect ce:pValue ?p_value }
  OPTIONAL { ?effect ce:sd ?sd } OPTIONAL { ?effect ce:significant ?significant }
  OPTIONAL { ?effect ce:significanceComputed ?significance_computed }
  OPTIONAL { ?effect ce:contrast ?contrast } OPTIONAL { ?effect ce:per ?per }
  OPTIONAL { ?effect ce:timepoint ?timepoint } OPTIONAL { ?effect ce:subgroup ?subgroup }
  OPTIONAL { ?effect ce:adjusted ?adjusted } OPTIONAL { ?effect ce:confidence ?confidence }
  OPTIONAL { ?effect ce:comparator/skos:prefLabel ?comparator }
  OPTIONAL { ?effect ce:population/rdfs:label ?population }
  OPTIONAL { ?study_node ce:n ?n } OPTIONAL { ?study_node ce:year ?year }
  OPTIONAL { ?study_node ce:publication/bibo:doi ?doi }
  OPTIONAL { ?whole ce:includesStudy ?study_node ; rdfs:label ?parent }
  OPTIONAL { ?effect ce:numberEvidence ?place . ?place oa:hasSource/dcterms:identifier ?document ;
    oa:hasSelector/oa:exact ?number_quote }
}"""
_NAMES = {
    name: {expand(term): key for key, term in table.items()}
    for name, table in {
        "measure": MEASURES, "direction": DIRECTIONS, "contrast": CONTRASTS, "design": DESIGNS,
        "reported_as": REPORTED_AS,
    }.items()
}  # fmt: skip


def find_effects(
    store: Store | rdflib.Graph, intervention: str, outcome: str | None = None
) -> list[EffectRow]:
    """Find what an intervention or exposure does to outcomes.

    Parameters
    ----------
    store
        The graph.
    intervention
        A label or the beginning of words in one, in any case: "vitamin d" finds vitamin D,
        vitamin D3, "high-dose vitamin D", combinations that contain it, and what is narrower by
        the terminologies: "statins" finds atorvastatin.
    outcome
        The same for the outcome, by any of its names: "25-hydroxyvitamin D" finds "vitamin D
        levels"; ``None`` for all.

    Returns
    -------
    list of EffectRow
        Best-fitting label first, then by outcome, study and value; the same on every run. Empty
        if both are known but no effect joins them.

    Raises
    ------
    QueryError
        If no label fits; the message suggests some that are spelt like it.
    """
    subjects = _matching(select(store, _SUBJECTS).rows, intervention, "intervention")
    objects = None
    if outcome is not None:
        objects = _matching(select(store, _OUTCOMES).rows, outcome, "outcome")
    nodes = " ".join(str(ox.NamedNode(node)) for node in sorted(subjects))
    found: dict[str, dict[str, Any]] = {}
    for row in select(store, _DETAILS.replace("SUBJECTS", nodes)).dicts():
        if objects is not None and row["object"] not in objects:
            continue
        known = found.get(str(row["effect"]))
        if known is None or _place(row) < _place(known):
            found[str(row["effect"])] = row

    def order(row: dict[str, Any]) -> tuple[Any, ...]:
        fit = subjects[str(row["subject"])]
        fits = 0 if objects is None else objects[str(row["object"])]
        value = row["value"]
        return (
            fit, fold(row["intervention"]), fits, fold(row["outcome"]), row["study"],
            row["measure"], value is None, value or 0, row["effect"],
        )  # fmt: skip

    return [_row(row) for row in sorted(found.values(), key=order)]


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    """Order the places of one effect; the rest of the row makes the choice complete."""
    return row["document"], row["start_char"], *(str(value) for value in row.values())


def _matching(rows: Iterable[tuple[Value, ...]], wanted: str, kind: str) -> dict[str, int]:
    """Return the nodes that fit, with how well: 0 by name, 1 by a component, 2 by part of a name."""
    term = fold(wanted)
    labels: dict[str, str] = {}
    fits: dict[str, int] = {}
    inside = re.compile(rf"(?<!\w){re.escape(term)}") if term else re.compile("")
    for node, label, own in rows:
        text = fold(str(label))
        labels[text] = str(label)
        if inside.search(text):
            fit = 2 if text != term else 0 if own else 1
            fits[str(node)] = min(fits.get(str(node), fit), fit)
    if fits:
        return fits
    if not labels:
        raise QueryError(f"this graph holds no {kind} with an effect")
    close = difflib.get_close_matches(term, labels, n=3, cutoff=0.6) or _by_word(term, labels)
    if close:
        hint = "did you mean " + " or ".join(labels[text] for text in close) + "?"
    else:
        hint = (
            "try `kg query interventions`"
            if kind == "intervention"
            else "try `kg query studies-per-outcome`"
        )
    raise QueryError(f"no {kind} is called {wanted!r}: {hint}")


def _by_word(term: str, labels: Iterable[str]) -> list[str]:
    """Find labels with a word that is spelt like one of the term's."""
    words = {
        word: text
        for text in sorted(labels, reverse=True)
        for word in text.split()
        if len(word) > 3
    }
    close = [
        words[match]
        for word in term.split()
        for match in difflib.get_close_matches(word, words, n=1, cutoff=0.75)
    ]
    return list(dict.fromkeys(close))[:3]


def _row(row: dict[str, Any]) -> EffectRow:
    values = {name: plain(row.get(name)) for name in EffectRow.__slots__}
    for name, names in _NAMES.items():
        values[name] = names.get(str(values[name])) if values[name] else None
    values["significance_computed"] = bool(values["significance_computed"])
    if row["ci_level"] is not None:
        values["ci_level"] = plain(row["ci_level"] * 100)
    return EffectRow(**values)
