"""The words of the graph: kinds of node, their attributes, their edges, and the IRI of each.

This is the one table between ``networkx`` and RDF. A node attribute stands in :data:`PROPERTIES`, an
edge type in :data:`EDGES`, a closed list of values in the dictionaries below them. Every ``ce:``
term here is described in ``schemas/ontology.ttl``; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from kg.statistics.catalogue import CATALOGUE

#: Terms. Nobody has registered this w3id path yet: it is a placeholder.
TERMS = "https://w3id.org/clinev/ns#"
#: Data; every function that writes IRIs takes another base.
DEFAULT_BASE = "https://w3id.org/clinev/id/"

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

#: Prefixes of the Turtle output, without ``cer``, whose IRI is the caller's base.
PREFIXES: dict[str, str] = {
    "bibo": "http://purl.org/ontology/bibo/",
    "ce": TERMS,
    "cito": "http://purl.org/spar/cito/",
    "dcterms": "http://purl.org/dc/terms/",
    "fabio": "http://purl.org/spar/fabio/",
    "mesh": "http://id.nlm.nih.gov/mesh/",
    "oa": "http://www.w3.org/ns/oa#",
    "obo": "http://purl.obolibrary.org/obo/",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "unit": "http://qudt.org/vocab/unit/",
    "xsd": XSD,
}

Datatype = Literal[
    "string", "label", "decimal", "integer", "offset", "boolean", "year", "unit", "term", "iri"
]  # fmt: skip
#: How one value is chosen when two documents state different ones of a node: see `kg.merge`.
Choice = Literal["least", "greatest", "first", "plainest", "most specific"]


@dataclass(frozen=True, slots=True)
class Property:
    """A node attribute in RDF.

    ``choice`` is ``None`` where several values may stand side by side. ``telling`` says whether
    different values are worth a ``ce:sourcesDisagree`` on the node.
    """

    curie: str
    datatype: Datatype
    choice: Choice | None = None
    telling: bool = False


def _one(
    curie: str, datatype: Datatype, choice: Choice = "first", telling: bool = True
) -> Property:
    return Property(curie, datatype, choice, telling)


_RANGES = {
    "dose": "dose", "times_per_day": "timesPerDay", "interval_days": "intervalDays",
    "duration_days": "durationDays", "administrations": "administrations", "per_day": "perDay",
    "cumulative": "cumulative", "age_years": "ageYears", "range": "range",
}  # fmt: skip
_bounds = {
    f"{name}_low": _one(f"ce:{camel}Min", "decimal", "least") for name, camel in _RANGES.items()
} | {
    f"{name}_high": _one(f"ce:{camel}Max", "decimal", "greatest") for name, camel in _RANGES.items()
}

#: Node attribute → property. One name means the same on every kind of node.
PROPERTIES: dict[str, Property] = _bounds | {
    # documents, publications
    "sha256": _one("ce:sha256", "string"),
    "characters": _one("ce:characters", "integer"),
    "path": Property("dcterms:identifier", "string"),
    "record_id": Property("dcterms:identifier", "string"),
    "format": _one("dcterms:format", "string", telling=False),
    "language": _one("dcterms:language", "string", telling=False),
    "url": Property("ce:url", "string"),
    "title": _one("dcterms:title", "string", "plainest", telling=False),
    "doi": _one("bibo:doi", "string"),
    "pmid": _one("fabio:hasPubMedId", "string"),
    "issued": _one("dcterms:issued", "year", "least"),
    "journal": _one("ce:journal", "string", "plainest", telling=False),
    "authors": _one("ce:authors", "string", telling=False),
    # studies
    "label": _one("rdfs:label", "string", "plainest", telling=False),
    "design": _one("ce:design", "term", "most specific"),
    "n": _one("ce:n", "integer", "greatest"),
    "included_studies": _one("ce:numberOfIncludedStudies", "integer", "greatest"),
    "year": _one("ce:year", "integer", "least"),
    "registry_id": Property("ce:registryId", "string"),
    "country": Property("ce:country", "string"),
    "setting": _one("ce:setting", "string", telling=False),
    "follow_up": _one("ce:followUp", "string", telling=False),
    "search_date": _one("ce:searchDate", "string"),
    "analysis": _one("ce:analysis", "string", telling=False),
    # populations, arms
    "age_years_mean": _one("ce:ageYearsMean", "decimal"),
    "female_percent": _one("ce:femalePercent", "decimal"),
    "arm_role": _one("ce:armRole", "term"),
    # doses
    "unit": _one("ce:unit", "unit"),
    "raw_unit": _one("ce:rawUnit", "string", telling=False),
    "has_unit": Property("qudt:hasUnit", "iri"),
    "per_day_unit": _one("ce:perDayUnit", "unit"),
    "frequency": _one("ce:frequencyText", "string"),
    "duration": _one("ce:durationText", "string"),
    # concepts
    "pref_label": _one("skos:prefLabel", "label", "plainest", telling=False),
    "alt_label": Property("skos:altLabel", "label"),
    "notation": Property("skos:notation", "string"),
    "exact_match": Property("skos:exactMatch", "iri"),
    # groups of outcomes; "instrument" is below
    "specimen": _one("ce:specimen", "string"),
    "aspect": _one("ce:aspect", "string"),
    # effects
    "measure": _one("ce:measure", "term"),
    "value": _one("ce:value", "decimal"),
    "ci_lower": _one("ce:ciLower", "decimal"),
    "ci_upper": _one("ce:ciUpper", "decimal"),
    "ci_level": _one("ce:ciLevel", "decimal"),
    "p_operator": _one("ce:pOperator", "string"),
    "p_value": _one("ce:pValue", "decimal"),
    "significant": _one("ce:significant", "boolean"),
    "significance_computed": _one("ce:significanceComputed", "boolean", telling=False),
    "direction": _one("ce:direction", "term"),
    "contrast": _one("ce:contrast", "term"),
    "phase": _one("ce:phase", "term"),
    "reported_as": _one("ce:reportedAs", "term"),
    "per": _one("ce:per", "string"),
    "sd": _one("ce:sd", "decimal"),
    "se": _one("ce:se", "decimal"),
    "q1": _one("ce:q1", "decimal"),
    "q3": _one("ce:q3", "decimal"),
    "events": _one("ce:events", "integer"),
    "total": _one("ce:total", "integer"),
    "statistic": _one("ce:statistic", "string"),
    "degrees_of_freedom": _one("ce:degreesOfFreedom", "string"),
    "i_squared": _one("ce:iSquared", "decimal"),
    "tau_squared": _one("ce:tauSquared", "decimal"),
    "model": _one("ce:model", "string"),
    "timepoint": _one("ce:timepoint", "string"),
    "subgroup": _one("ce:subgroup", "string"),
    "instrument": _one("ce:instrument", "string", telling=False),
    "adjusted": _one("ce:adjusted", "boolean"),
    "confidence": _one("ce:confidence", "decimal", "greatest", telling=False),
    "repair": Property("ce:repair", "string"),
    "check": Property("ce:check", "string"),
    "quality_flag": Property("ce:qualityFlag", "term"),
    # what follows by computation
    "computed": _one("ce:computed", "boolean", telling=False),
    "method": _one("ce:method", "string", telling=False),
    # recommendations
    "condition_text": _one("ce:conditionText", "string"),
    "target": _one("ce:target", "string"),
    "strength": _one("ce:strength", "string"),
    # pairs of reports that look alike
    "reason": Property("ce:matchReason", "string"),
    "match_score": _one("ce:matchScore", "decimal"),
    "verdict": _one("ce:matchVerdict", "term"),
    # claims
    "predicate": _one("rdf:predicate", "term"),
    # evidence: on the selector, not on the span; see `kg.rdf`
    "start_char": _one("oa:start", "offset"),
    "end_char": _one("oa:end", "offset"),
    "quote": _one("oa:exact", "string"),
    "prefix": _one("oa:prefix", "string"),
    "suffix": _one("oa:suffix", "string"),
    "truncated": _one("ce:truncated", "boolean"),
}

#: Edge type → property.
EDGES: dict[str, str] = {
    "reported_in": "ce:reportedIn",
    "publication": "ce:publication",
    "excerpt_from": "cito:includesExcerptFrom",
    "includes_study": "ce:includesStudy",
    "of_study": "ce:ofStudy",
    "condition": "ce:condition",
    "population": "ce:population",
    "arm": "ce:arm",
    "intervention": "ce:intervention",
    "exposure": "ce:exposure",
    "comparator": "ce:comparator",
    "outcome": "ce:outcome",
    "dose": "ce:dose",
    "regimen": "ce:regimen",
    "of_intervention": "ce:ofIntervention",
    "route": "ce:route",
    "component": "ce:component",
    "outcome_group": "ce:outcomeGroup",
    "measured": "ce:measured",
    "match_of": "ce:matchOf",
    "matched_in": "ce:matchedIn",
    "broader": "skos:broader",
    "mentioned_in": "ce:mentionedIn",
    "changes_from": "ce:changesFrom",
    "evidence": "ce:evidence",
    "number_evidence": "ce:numberEvidence",
    "source": "oa:hasSource",
    "supports_claim": "ce:supportsClaim",
    "subject": "rdf:subject",
    "object": "rdf:object",
    "increases": "ce:increases",
    "decreases": "ce:decreases",
    "no_difference_in": "ce:noDifferenceIn",
    "attributed_to": "prov:wasAttributedTo",
    "derived_from": "prov:wasDerivedFrom",
}

#: Node kind → classes. Concepts carry theirs in the attribute ``kinds``.
CLASSES: dict[str, tuple[str, ...]] = {
    "document": ("ce:Document",),
    "publication": ("ce:Publication",),
    "study": ("ce:Study",),
    "population": ("ce:Population",),
    "arm": ("ce:Arm",),
    "dose": ("ce:DoseRegimen",),
    "regimen": ("ce:Regimen",),
    "concept": ("skos:Concept",),
    "combination": ("ce:Combination", "skos:Concept"),
    "effect": ("ce:Effect",),
    "arm_measurement": ("ce:Effect", "ce:ArmMeasurement"),
    # apart from what texts state, so that no question for effects or doses finds them unasked
    "computed_effect": ("ce:ComputedEffect",),
    "computed_dose": ("ce:ComputedDose",),
    "recommendation": ("ce:Recommendation",),
    "claim": ("ce:Claim",),
    "evidence": ("ce:EvidenceSpan", "oa:SpecificResource"),
    "agent": ("prov:SoftwareAgent",),
    "match": ("ce:StudyMatch",),
    "outcome_group": ("ce:OutcomeGroup",),
}
SELECTOR_CLASSES = ("oa:TextPositionSelector", "oa:TextQuoteSelector")

#: What a concept may be → class.
CONCEPT_KINDS: dict[str, str] = {
    "intervention": "ce:Intervention",
    "exposure": "ce:Exposure",
    "condition": "ce:Condition",
    "outcome": "ce:Outcome",
    "route": "ce:Route",
}

#: Study design → term, the more specific first: that order decides between two documents.
DESIGNS: dict[str, str] = {
    "randomized controlled trial": "ce:RandomizedTrial",
    "non-randomized trial": "ce:NonRandomizedTrial",
    "meta-analysis": "ce:MetaAnalysis",
    "systematic review": "ce:SystematicReview",
    "case-control": "ce:CaseControl",
    "cross-sectional": "ce:CrossSectional",
    "cohort": "ce:Cohort",
    "case series": "ce:CaseSeries",
    "case report": "ce:CaseReport",
    "animal study": "ce:AnimalStudy",
    "guideline": "ce:Guideline",
    "protocol": "ce:Protocol",
    "review": "ce:Review",
    "other": "ce:OtherDesign",
}

MEASURES: dict[str, str] = {
    "MD": "ce:MD", "WMD": "ce:WMD", "SMD": "ce:SMD", "RR": "ce:RR", "OR": "ce:OR", "HR": "ce:HR",
    "IRR": "ce:IRR", "RD": "ce:RD", "ARR": "ce:ARR", "RRR": "ce:RRR", "NNT": "ce:NNT",
    "ROM": "ce:ROM", "r": "ce:Correlation", "rho": "ce:RankCorrelation", "R2": "ce:RSquared",
    "beta": "ce:Beta", "AUC": "ce:AUC", "kappa": "ce:Kappa", "percent_change": "ce:PercentChange",
    "fold_change": "ce:FoldChange", "mean": "ce:Mean", "median": "ce:Median",
    "percent": "ce:Percent", "count": "ce:Count", "rate": "ce:Rate",
    "test_statistic": "ce:TestStatistic", "direction_only": "ce:Unspecified",
}  # fmt: skip


def _flag(code: str) -> str:
    """Return the term of a check's code: ``p_decision`` is ``ce:pDecision``."""
    named = {"direction_word": "signContradictsText", "repeated_numbers": "duplicateEstimate"}
    first, *rest = code.split("_")
    return "ce:" + named.get(code, first + "".join(word.capitalize() for word in rest))


DIRECTIONS: dict[str, str] = {
    "increase": "ce:increase",
    "decrease": "ce:decrease",
    "no_difference": "ce:noDifference",
    "unclear": "ce:unclear",
}
#: Direction → (direct edge or ``None``, predicate of the claim).
CLAIM_PREDICATES: dict[str, tuple[str | None, str]] = {
    "increase": ("increases", "ce:increases"),
    "decrease": ("decreases", "ce:decreases"),
    "no_difference": ("no_difference_in", "ce:noDifferenceIn"),
    "unclear": (None, "ce:studiedFor"),
}
CONTRASTS: dict[str, str] = {
    "between_groups": "ce:betweenGroups",
    "before_after": "ce:beforeAfter",
    "association": "ce:association",
    "single_arm": "ce:singleArm",
}
ARM_ROLES: dict[str, str] = {
    role: f"ce:{role}" for role in ("experimental", "control", "exposed", "unexposed", "other")
}
REPORTED_AS: dict[str, str] = {
    name: f"ce:{name}" for name in ("result", "background", "hypothesis")
}
PHASES: dict[str, str] = {"baseline": "ce:baseline", "follow-up": "ce:postTreatment"}
#: Whether two reports that look alike tell of one study.
VERDICTS: dict[bool, str] = {True: "ce:sameStudy", False: "ce:keptApart"}
#: What to know before using a node: repairs, disagreements, and the codes of failed checks.
FLAGS: dict[str, str] = {
    "repaired": "ce:repaired",
    "sources disagree": "ce:sourcesDisagree",
    "retracted": "ce:retracted",
} | {code: _flag(code) for code in CATALOGUE if code != "repaired"}

#: UCUM code → QUDT unit, where QUDT has one that was looked up in its source.
QUDT_UNITS: dict[str, str] = {
    "[iU]": "unit:IU", "[IU]": "unit:IU", "mg": "unit:MilliGM", "mg/d": "unit:MilliGM-PER-DAY",
    "ng/mL": "unit:NanoGM-PER-MilliL", "[iU]/L": "unit:IU-PER-L", "[IU]/L": "unit:IU-PER-L",
    "d": "unit:DAY", "wk": "unit:WK", "%": "unit:PERCENT",
}  # fmt: skip

#: CURIE prefix (lower case) → IRI prefix of its terms; others go to bioregistry.io.
XREF_PREFIXES: dict[str, str] = {
    "mesh": "http://id.nlm.nih.gov/mesh/",
    "efo": "http://www.ebi.ac.uk/efo/EFO_",
    "drugbank": "http://bioregistry.io/drugbank:",
} | {
    prefix.lower(): f"http://purl.obolibrary.org/obo/{prefix}_"
    for prefix in ("CHEBI", "DOID", "MONDO", "HP", "NCIT", "SYMP", "CMO", "MAXO", "VT", "OBI", "STATO")
}  # fmt: skip


@lru_cache(maxsize=4096)
def expand(curie: str) -> str:
    """Return the IRI of a prefixed name of :data:`PREFIXES`; a full IRI comes back as it is."""
    prefix, separator, name = curie.partition(":")
    if separator and prefix in PREFIXES and not name.startswith("//"):
        return PREFIXES[prefix] + name
    return curie
