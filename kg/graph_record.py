"""One record → nodes and edges. A function of the record and the study identities, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib import metadata
from typing import Any

from kg.graph_computed import add_computed
from kg.graph_concepts import Concepts, Graph, intervention_nodes, link, put
from kg.identity import (
    Identities,
    clean_doi,
    clean_pmid,
    document_node,
    document_tail,
    fold,
    node_name,
    publication_node,
    reports_of,
    study_nodes,
)
from kg.measures import GROUP_MEASURES
from kg.records import (
    Arm,
    Dose,
    Effect,
    Evidence,
    Outcome,
    Population,
    Recommendation,
    Record,
    Regimen,
    Span,
    Study,
)
from kg.retraction import is_retracted
from kg.statistics.significance import significance
from kg.vocabulary import (
    ARM_ROLES,
    CLAIM_PREDICATES,
    CONTRASTS,
    DESIGNS,
    DIRECTIONS,
    FLAGS,
    MEASURES,
    PHASES,
    QUDT_UNITS,
    REPORTED_AS,
    VERDICTS,
)

#: Bytes of UTF-8 that a quotation keeps; a store may refuse a literal of megabytes.
QUOTE_LIMIT = 4096
#: Characters before and after a quotation that let it be found again in an edited text.
CONTEXT = 24


@cache
def tool_version() -> str:
    """Return the installed version of this program, "0" where it is not installed."""
    try:
        return metadata.version("clinev")
    except metadata.PackageNotFoundError:
        return "0"


def add_record(graph: Graph, record: Record, identities: Identities) -> None:
    """Add all that one record states to a graph."""
    _RecordReader(graph, record, identities).add()


class _RecordReader:
    """What the parts of one record share while they are added."""

    def __init__(self, graph: Graph, record: Record, identities: Identities) -> None:
        self.graph = graph
        self.record = record
        self.document = document_node(record.document)
        self.studies = study_nodes(record, identities)
        self.identities = identities
        self.concepts = Concepts(graph, record)
        version = tool_version()
        self.agent = node_name("agent", ["clinev", version])
        put(graph, self.agent, "agent", label=f"clinev {version}")

    def add(self) -> None:
        document = self.record.document
        put(
            self.graph, self.document, "document", path=(document.path,), sha256=document.sha256,
            characters=len(document.text), title=document.title, format=document.format,
            language=document.language, url=() if document.url is None else (document.url,),
            check=tuple(f"{n.code} ({n.severity}): {n.message}" for n in self.record.notices if n.code in FLAGS),
            quality_flag=tuple(FLAGS[n.code] for n in self.record.notices if n.code in FLAGS and n.severity != "info"),
        )  # fmt: skip
        for study in self.record.studies:
            self._study(study)
        self._matches()
        for mention in self.record.mentions:
            if mention.concept and (node := self.concepts.known(mention.concept)):
                link(self.graph, node, "mentioned_in", self.document)

    def _study(self, study: Study) -> None:
        retracted = study.kind == "report" and is_retracted(self.record)
        node = put(
            self.graph, self.studies[study.id], "study", label=study.label, record_id=(study.id,),
            design=DESIGNS[study.design], n=study.n_participants, included_studies=study.n_studies,
            year=study.year, registry_id=study.registry_ids, country=study.countries,
            setting=study.setting, follow_up=study.follow_up, search_date=study.search_date,
            analysis=study.analysis,
            quality_flag=(FLAGS["retracted"],) if retracted else (),
        )  # fmt: skip
        link(self.graph, node, "reported_in", self.document)
        parent = self.studies.get(study.part_of or "")
        if parent is not None and parent != node:
            link(self.graph, parent, "includes_study", node)
        self._publication(study, node)
        self._evidence(node, study.evidence)
        _StudyReader(self, study, node).add()

    def _matches(self) -> None:
        """Say of each study which other reports look like it, and what was made of that."""
        for study_id, report in reports_of(self.record).items():
            for match in self.identities.matches(report):
                node = put(
                    self.graph, node_name("match", [match.first, match.second]), "match",
                    reason=match.reasons, match_score=match.score, verdict=VERDICTS[match.same],
                )  # fmt: skip
                link(self.graph, node, "match_of", self.studies[study_id])
                link(self.graph, node, "matched_in", self.document)

    def _publication(self, study: Study, node: str) -> None:
        publication = publication_node(study)
        if publication is None:
            return
        put(
            self.graph, publication, "publication", title=study.title, journal=study.journal,
            doi=clean_doi(study.doi) if study.doi and clean_doi(study.doi) else None,
            pmid=clean_pmid(study.pmid), issued=study.year, authors="; ".join(study.authors) or None,
        )  # fmt: skip
        link(self.graph, node, "publication", publication)
        if study.kind == "report":
            link(self.graph, self.document, "excerpt_from", publication)

    def _evidence(self, node: str, evidence: Evidence, rest: str = "evidence") -> None:
        """Tie a node to its places in the text, the first as evidence, the others as `rest`."""
        text = self.record.document.text
        for index, span in enumerate(evidence):
            tail = f"{document_tail(self.record.document.sha256)}-{span.start_char}-{span.end_char}"
            quote = _capped(span.text)
            put(
                self.graph, f"span-{tail}", "evidence",
                start_char=span.start_char, end_char=span.end_char, quote=quote,
                prefix=text[max(0, span.start_char - CONTEXT) : span.start_char],
                suffix=text[span.end_char : span.end_char + CONTEXT],
                truncated=True if quote != span.text else None,
            )  # fmt: skip
            link(self.graph, f"span-{tail}", "source", self.document)
            link(self.graph, node, rest if index else "evidence", f"span-{tail}")


class _StudyReader:
    """Adds what one study says of people, treatments and results."""

    def __init__(self, reader: _RecordReader, study: Study, node: str) -> None:
        self.reader, self.graph, self.concepts = reader, reader.graph, reader.concepts
        self.study, self.node = study, node
        self.interventions = intervention_nodes(study, self.concepts)
        self.roles = {item.id: item.role for item in study.interventions}
        self.outcomes = {item.id: self.concepts.outcome(item) for item in study.outcomes}
        self.groups = {item.id: self.concepts.outcome_group(item) for item in study.outcomes}
        self.outcome_records: dict[str, Outcome] = {item.id: item for item in study.outcomes}
        self.populations = {item.id: self._population(item) for item in study.populations}
        self.doses = {item.id: self._dose(item) for item in study.doses}
        self.regimens = {item.id: self._regimen(item) for item in study.regimens}
        self.arms = {item.id: self._arm(item) for item in study.arms}
        self.baselines = {effect.baseline for effect in study.effects if effect.baseline}
        self.effects: dict[str, str] = {}
        self.places: dict[tuple[str, Span], list[Span]] = {}

    def add(self) -> None:
        for effect in self.study.effects:
            self.effects[effect.id] = self._effect(effect)
        for effect in self.study.effects:
            target = self.effects.get(effect.baseline or "")
            if target != self.effects[effect.id]:
                link(self.graph, self.effects[effect.id], "changes_from", target)
        for recommendation in self.study.recommendations:
            self._recommendation(recommendation)
        add_computed(
            self.graph, self.study, self.node, self.reader.agent,
            interventions=self.interventions, exposures={k for k, r in self.roles.items() if r == "exposure"},
            outcomes=self.outcomes, populations=self.populations, doses=self.doses, effects=self.effects,
        )  # fmt: skip

    def _population(self, item: Population) -> str:
        node = put(
            self.graph, node_name("pop", [self.node, fold(item.label), item.n]), "population",
            label=item.label, n=item.n, age_years_low=item.age_low, age_years_high=item.age_high,
            age_years_mean=item.age_mean, female_percent=item.female_percent,
        )  # fmt: skip
        link(self.graph, node, "of_study", self.node)
        if item.condition:
            link(self.graph, node, "condition", self.concepts.condition(item.condition))
        self.reader._evidence(node, item.evidence)
        return node

    def _dose(self, item: Dose) -> str:
        values: dict[str, Any] = {
            "dose_low": item.low, "dose_high": item.high, "unit": item.unit, **_schedule(item),
            "per_day_low": item.per_day_low, "per_day_high": item.per_day_high,
            "cumulative_low": item.cumulative_low, "cumulative_high": item.cumulative_high,
        }  # fmt: skip
        daily = item.per_day_low is not None or item.per_day_high is not None
        return self._given(
            item, "dose", values, raw_unit=item.raw_unit,
            has_unit=(QUDT_UNITS[item.unit],) if item.unit in QUDT_UNITS else (),
            per_day_unit=f"{item.unit}/d" if daily else None,
        )  # fmt: skip

    def _regimen(self, item: Regimen) -> str:
        return self._given(item, "regimen", _schedule(item))

    def _given(self, item: Regimen, kind: str, values: dict[str, Any], **more: Any) -> str:
        """Add how something is given, named by study, intervention, route and `values`."""
        intervention = self.interventions.get(item.intervention or "")
        key = [self.node, intervention, values, fold(item.route or "")]
        node = put(self.graph, node_name(kind, key), kind, **values, **more)
        link(self.graph, node, "of_study", self.node)
        link(self.graph, node, "of_intervention", intervention)
        if item.route:
            link(self.graph, node, "route", self.concepts.route(item.route))
        self.reader._evidence(node, item.evidence)
        return node

    def _arm(self, item: Arm) -> str:
        node = put(
            self.graph, node_name("arm", [self.node, fold(item.label), item.n]), "arm",
            label=item.label, arm_role=ARM_ROLES[item.role], n=item.n,
        )  # fmt: skip
        link(self.graph, node, "of_study", self.node)
        link(self.graph, node, "population", self.populations.get(item.population or ""))
        for identifier in item.interventions:
            link(self.graph, node, "intervention", self.interventions.get(identifier))
        for identifier in item.doses:
            link(self.graph, node, "dose", self.doses.get(identifier))
        for identifier in item.regimens:
            link(self.graph, node, "regimen", self.regimens.get(identifier))
        self.reader._evidence(node, item.evidence)
        return node

    def _effect(self, effect: Effect) -> str:
        subject = self.interventions.get(effect.intervention or "")
        relation = (
            "exposure"
            if self.roles.get(effect.intervention or "") == "exposure"
            else "intervention"
        )
        outcome = self.outcome_records.get(effect.outcome or "")
        links = {
            relation: subject,
            "comparator": self.interventions.get(effect.comparator or ""),
            "population": self.populations.get(effect.population or ""),
            "outcome": self.outcomes.get(effect.outcome or ""),
            "arm": self.arms.get(effect.arm or ""),
        }
        values = _values(effect, outcome)
        key: dict[str, Any] = {"study": self.node, **links, **values}
        if not any(value is not None for value in (effect.value, effect.ci_low, effect.p_value)):
            # A finding in words is told from another by its words, not by numbers.
            key["said"] = (
                fold(effect.evidence[0].text) if None in (subject, links["outcome"]) else None
            )
        stated, computed = significance(effect)
        node = put(
            self.graph, self._effect_name(key, effect.evidence),
            "arm_measurement" if effect.measure in GROUP_MEASURES else "effect",
            record_id=(effect.id,), confidence=effect.confidence, significant=stated,
            significance_computed=True if computed else None, phase=self._phase(effect),
            has_unit=(QUDT_UNITS[effect.unit],) if effect.unit in QUDT_UNITS else (),
            repair=tuple(f"{item.before} → {item.after}: {item.reason}" for item in effect.repairs),
            check=tuple(f"{item.code} ({item.severity}): {item.message}" for item in effect.checks),
            quality_flag=_flags(effect), **values,
        )  # fmt: skip
        link(self.graph, node, "of_study", self.node)
        for kind, target in links.items():
            link(self.graph, node, kind, target)
        link(self.graph, node, "outcome_group", self.groups.get(effect.outcome or ""))
        arm = next((arm for arm in self.study.arms if arm.id == effect.arm), None)
        for dose in _given_in(arm.doses if arm else (), self.study.doses, self.doses, effect):
            link(self.graph, node, "dose", dose)
        for regimen in _given_in(
            arm.regimens if arm else (), self.study.regimens, self.regimens, effect
        ):
            link(self.graph, node, "regimen", regimen)
        link(self.graph, node, "attributed_to", self.reader.agent)
        self.reader._evidence(node, effect.evidence, rest="number_evidence")
        self._claim(effect, node, subject, links["outcome"])
        return node

    def _effect_name(self, key: dict[str, Any], evidence: Evidence) -> str:
        """Name an effect by its content; equal numbers at two places of one sentence are two effects.

        The same content in another sentence, of this document or another, is the same effect told again.
        """
        name = node_name("effect", key)
        places = self.places.setdefault((name, evidence[0]), [])
        if evidence[-1] not in places:
            places.append(evidence[-1])
        ordinal = places.index(evidence[-1])
        return node_name("effect", {**key, "ordinal": ordinal}) if ordinal else name

    def _phase(self, effect: Effect) -> str | None:
        if effect.measure not in GROUP_MEASURES:
            return None
        if effect.id in self.baselines or re.match(
            r"(?i)(at )?baseline\b|before\b", effect.timepoint or ""
        ):
            return PHASES["baseline"]
        return PHASES["follow-up"] if effect.baseline else None

    def _claim(self, effect: Effect, node: str, subject: str | None, outcome: str | None) -> None:
        """State the direct edge and the claim behind it.

        Results alone make claims, and a comparator makes none: that placebo lowers what the drug
        raises is no finding about placebo. A value of one group without a direction makes none.
        """
        if subject is None or outcome is None or effect.reported_as != "result":
            return
        if self.roles.get(effect.intervention or "") == "comparator":
            return
        if effect.direction == "unclear" and effect.measure in GROUP_MEASURES:
            return
        edge, predicate = CLAIM_PREDICATES[effect.direction]
        claim = node_name("claim", [subject, predicate, outcome])
        put(self.graph, claim, "claim", predicate=predicate)
        link(self.graph, claim, "subject", subject)
        link(self.graph, claim, "object", outcome)
        link(self.graph, node, "supports_claim", claim)
        if edge is not None:
            link(self.graph, subject, edge, outcome)

    def _recommendation(self, item: Recommendation) -> None:
        intervention = self.interventions.get(item.intervention or "")
        dose, population = (
            self.doses.get(item.dose or ""),
            self.populations.get(item.population or ""),
        )
        words = {"condition_text": item.condition, "target": item.target, "strength": item.strength}
        key = [self.node, intervention, dose, population, words, fold(item.evidence[0].text)]
        node = put(
            self.graph, node_name("rec", key), "recommendation", record_id=(item.id,), **words
        )
        link(self.graph, node, "of_study", self.node)
        link(self.graph, node, "intervention", intervention)
        link(self.graph, node, "dose", dose)
        link(self.graph, node, "population", population)
        link(self.graph, node, "attributed_to", self.reader.agent)
        self.reader._evidence(node, item.evidence)


def _schedule(item: Regimen) -> dict[str, Any]:
    """Return how often, for how long and how many times something is given: part of its key, all of it."""
    return {
        "times_per_day_low": item.times_per_day_low, "times_per_day_high": item.times_per_day_high,
        "interval_days_low": item.interval_days_low, "interval_days_high": item.interval_days_high,
        "frequency": item.frequency, "duration": item.duration,
        "duration_days_low": item.duration_days_low, "duration_days_high": item.duration_days_high,
        "administrations_low": item.doses_low, "administrations_high": item.doses_high,
    }  # fmt: skip


def _given_in(
    of_arm: Sequence[str],
    stated: Sequence[Regimen],
    nodes: Mapping[str, str],
    effect: Effect,
) -> tuple[str, ...]:
    """Return the nodes of what is given in an effect's arm, else of the one regimen of its intervention."""
    if of_arm:
        return tuple(nodes[item] for item in of_arm if item in nodes)
    own = {
        nodes[item.id] for item in stated
        if item.intervention and item.intervention == effect.intervention
    }  # fmt: skip
    return tuple(own) if len(own) == 1 else ()


def _values(effect: Effect, outcome: Outcome | None) -> dict[str, Any]:
    """Return what an effect says in numbers and words: part of its key, all of it."""
    level = None if effect.ci_level is None else float(Decimal(repr(effect.ci_level)) / 100)
    return {
        "measure": MEASURES[effect.measure], "value": effect.value, "unit": effect.unit,
        "ci_lower": effect.ci_low, "ci_upper": effect.ci_high, "ci_level": level,
        "p_operator": effect.p_operator, "p_value": effect.p_value,
        "direction": DIRECTIONS[effect.direction],
        "contrast": CONTRASTS[effect.contrast] if effect.contrast else None,
        "reported_as": REPORTED_AS[effect.reported_as], "per": effect.per, "sd": effect.sd,
        "se": effect.se, "q1": effect.iqr_low, "q3": effect.iqr_high, "n": effect.n,
        "range_low": effect.range_low, "range_high": effect.range_high, "events": effect.events,
        "total": effect.total, "statistic": effect.statistic, "degrees_of_freedom": effect.df,
        "i_squared": effect.i2, "tau_squared": effect.tau2, "model": effect.model,
        "timepoint": effect.timepoint or (outcome.timepoint if outcome else None),
        "subgroup": effect.subgroup, "adjusted": effect.adjusted,
        "instrument": outcome.instrument if outcome else None,
    }  # fmt: skip


def _capped(text: str) -> str:
    """Cut a text to `QUOTE_LIMIT` bytes of UTF-8 without cutting a character."""
    encoded = text.encode("utf-8", "replace")
    return text if len(encoded) <= QUOTE_LIMIT else encoded[:QUOTE_LIMIT].decode("utf-8", "ignore")


def _flags(effect: Effect) -> tuple[str, ...]:
    """Return what to know before using an effect: a repair, and every check that raised an alarm."""
    codes = [check.code for check in effect.checks if check.severity != "info"]
    return tuple(
        dict.fromkeys(
            FLAGS[c] for c in (*(["repaired"] if effect.repairs else []), *codes) if c in FLAGS
        )
    )
