"""Records → networkx: typed nodes, one node a study, combinations of their own."""

from __future__ import annotations

import networkx as nx
import pytest

from kg.combinations import base_label, components
from kg.graph import build_graph, label_of, project
from kg.identity import Identities, concept_node, label_node, study_nodes, xref_iri
from kg.records import Check, Effect, Notice, Record, Span
from kg.statistics.significance import significance
from kg.vocabulary import CLASSES, EDGES, PROPERTIES

from . import small as data


@pytest.fixture(scope="module")
def whole(records: list[Record]) -> nx.MultiDiGraph:
    return build_graph(records)


def by_kind(graph: nx.MultiDiGraph, kind: str) -> list[str]:
    return [node for node, found in graph.nodes(data="kind") if found == kind]


def test_nodes_and_edges_are_typed(whole: nx.MultiDiGraph) -> None:
    stated = {kind for kind in CLASSES if not kind.startswith("computed_")}
    assert {kind for _, kind in whole.nodes(data="kind")} == stated
    for _, attributes in whole.nodes(data=True):
        assert set(attributes) - set(PROPERTIES) <= {"kind", "kinds"}
    for _, _, key, kind in whole.edges(keys=True, data="type"):
        assert key == kind
        assert kind in EDGES


def test_one_study_in_two_documents_is_one_node(whole: nx.MultiDiGraph) -> None:
    """A DOI with a resolver in capitals, a PMID, a registry number: the same trial."""
    studies = by_kind(whole, "study")
    assert len(studies) == 8
    (adler,) = [node for node in studies if label_of(whole, node) == "Adler 2020"]
    kinds = [kind for _, _, kind in whole.out_edges(adler, keys=True)]
    assert kinds.count("reported_in") == 2
    assert kinds.count("evidence") == 2
    attributes = whole.nodes[adler]
    assert attributes["design"] == "ce:RandomizedTrial"  # not "other"
    assert attributes["n"] == 403
    assert attributes["quality_flag"] == ("ce:sourcesDisagree",)


def test_several_registry_numbers_identify_nothing() -> None:
    """A pooled analysis names the trials that it pools."""
    study = (
        data.adler().studies[0].model_copy(update={"doi": None, "registry_ids": ("NCT1", "NCT2")})
    )
    record = data.adler().model_copy(update={"studies": (study,)})
    other = data.baker().studies[0].model_copy(update={"registry_ids": ("NCT1",)})
    nodes = study_nodes(record, Identities.of([record]))
    others = study_nodes(data.baker().model_copy(update={"studies": (other,)}), Identities())
    assert not set(nodes.values()) & set(others.values())


def test_a_component_with_its_parents_doi_is_still_itself() -> None:
    record = data.clark()
    studies = [study.model_copy(update={"doi": "10.1000/clark"}) for study in record.studies]
    nodes = study_nodes(record.model_copy(update={"studies": tuple(studies)}), Identities())
    assert len(set(nodes.values())) == 3


def test_two_studies_of_one_paper_are_two() -> None:
    first = data.gruber().studies[0]
    second = first.model_copy(update={"id": "s2", "label": "Gruber 2023, trial 2"})
    again = first.model_copy(update={"id": "s3"})
    record = data.gruber().model_copy(update={"studies": (first, second, again)})
    nodes = study_nodes(record, Identities())
    assert nodes["s1"] == nodes["s3"] == study_nodes(data.gruber(), Identities())["s1"]
    assert nodes["s2"] != nodes["s1"]


def test_what_is_no_identifier_identifies_nothing() -> None:
    study = data.fuchs().studies[0].model_copy(update={"doi": "n/a", "pmid": "PMC12"})
    graph = build_graph([data.fuchs().model_copy(update={"studies": (study,)})])
    assert by_kind(graph, "publication") == []


def test_studies_that_contain_each_other_end() -> None:
    first, second, third = data.clark().studies
    loop = (first.model_copy(update={"part_of": "s2", "doi": None}), second, third)
    record = data.clark().model_copy(update={"studies": loop})
    assert len(build_graph([record])) > 10


def test_a_combination_is_a_node_of_its_own(whole: nx.MultiDiGraph) -> None:
    (combination,) = by_kind(whole, "combination")
    parts = {
        label_of(whole, node)
        for _, node, kind in whole.out_edges(combination, keys=True)
        if kind == "component"
    }
    assert parts == {"vitamin D", "calcium"}
    assert whole.nodes[combination]["alt_label"] == ("vitamin D with calcium",)
    (alone,) = [n for n in by_kind(whole, "concept") if label_of(whole, n) == "vitamin D alone"]
    assert whole.has_edge(alone, "concept-mesh.D014807", key="component")


def test_doses_tell_combinations_apart_and_order_does_not() -> None:
    labels = [
        "aspirin + vitamin D",
        "vitamin D plus aspirin tablets",
        "vitamin D with aspirin (ASA)",
    ]
    telling = ["vitamin D 400 IU plus aspirin (group 2)", "vitamin D 800 IU plus aspirin (group 3)"]
    study = data.baker().studies[0]
    nodes = []
    for label in [*labels, *telling]:
        given = (data.Intervention(id="i", label=label, role="intervention"),)
        bare = study.model_copy(update={"interventions": given, "doses": (), "effects": ()})
        graph = build_graph([data.baker().model_copy(update={"studies": (bare,), "concepts": ()})])
        (node,) = by_kind(graph, "combination")
        assert sum(kind == "component" for *_, kind in graph.out_edges(node, keys=True)) == 2
        nodes.append(node)
    assert len(set(nodes[:3])) == 1
    assert len(set(nodes)) == 3


def test_equal_numbers_at_two_places_are_two_effects() -> None:
    text = "Pain fell by 5 and by 5."
    places = (
        Span(start_char=13, end_char=14, text="5"),
        Span(start_char=22, end_char=23, text="5"),
    )
    sentence = Span(start_char=0, end_char=len(text), text=text)
    effects = tuple(
        Effect(id=f"e{place.start_char}", measure="MD", value=-5, evidence=(sentence, place))
        for place in (*places, *places)
    )
    study = (
        data.baker()
        .studies[0]
        .model_copy(
            update={
                "interventions": (),
                "outcomes": (),
                "doses": (),
                "effects": effects,
                "evidence": (),
            }
        )
    )
    made = Record(document=data.document("x.txt", text), studies=(study,))
    assert len(by_kind(build_graph([made]), "effect")) == 2


def test_a_hypothesis_makes_no_claim(whole: nx.MultiDiGraph) -> None:
    for effect in [*by_kind(whole, "effect"), *by_kind(whole, "arm_measurement")]:
        claims = [
            kind for _, _, kind in whole.out_edges(effect, keys=True) if kind == "supports_claim"
        ]
        if whole.nodes[effect]["reported_as"] != "ce:result":
            assert claims == []


def test_projection_holds_each_effect_with_both_ends(whole: nx.MultiDiGraph) -> None:
    view = project(whole)
    assert view.number_of_edges() == 18
    pairs = {
        (view.nodes[s]["label"], view.nodes[t]["label"]): edge
        for s, t, edge in view.edges(data=True)
        if edge["measure"] == "RR"
    }
    assert set(pairs) == {("vitamin D", "fall risk"), ("high-dose vitamin D", "fall risk")}
    edge = pairs["vitamin D", "fall risk"]
    assert (edge["value"], edge["direction"], edge["study"]) == (0.81, "decrease", "Adler 2020")


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("vitamin D plus calcium", ["vitamin D", "calcium"]),
        ("vitamin D + calcium", ["vitamin D", "calcium"]),
        ("vitamin D with calcium", ["vitamin D", "calcium"]),
        ("vitamin D+calcium", ["vitamin D", "calcium"]),
        ("vitamin D combined with calcium", ["vitamin D", "calcium"]),
        ("calcium and vitamin D supplementation", ["calcium", "vitamin D"]),
        ("vitamin D, calcium and magnesium", ["vitamin D", "calcium", "magnesium"]),
        ("vitamins D and K", ["vitamin D", "vitamin K"]),
        ("combination of aspirin and statins", ["aspirin", "statins"]),
        ("usual care plus exercise", ["exercise"]),
        ("percussion and postural drainage (P&PD)", ["percussion", "postural drainage"]),
        ("ESHAP (etoposide, cytarabine and cisplatin)", ["ESHAP"]),
        ("vitamin D 400 IU/day plus aspirin (group 2)", ["vitamin D", "aspirin"]),
        ("vitamin D therapy", ["vitamin D"]),
        ("high-dose vitamin D alone", ["vitamin D"]),
        ("2,000 IU/d vitamin D", ["vitamin D"]),
        # no combinations:
        ("vitamin D with or without calcium", ["vitamin D with or without calcium"]),
        ("vitamin D versus calcium and magnesium", ["vitamin D versus calcium and magnesium"]),
        ("CD4+ T cells", ["CD4+ T cells"]),
        ("patients with asthma", ["patients with asthma"]),
        ("women with low vitamin D", ["women with low vitamin D"]),
        ("therapy", ["therapy"]),
        ("physical therapy", ["physical therapy"]),
        ("milk fortified with vitamin D", ["milk fortified with vitamin D"]),
        ("rifaximin and VSL#3, 12 months", ["rifaximin and VSL#3, 12 months"]),
        ("level 1: plus aprepitant", ["level 1: plus aprepitant"]),
        ("no contact with cases", ["no contact with cases"]),
        ("VICRYL Plus suture", ["VICRYL Plus suture"]),
        ("web- and phone-based advice", ["web- and phone-based advice"]),
    ],
)
def test_combinations_are_split(label: str, expected: list[str]) -> None:
    assert list(components(label)) == expected


def test_exposures_are_split_at_plain_joints_only() -> None:
    assert components("obesity and hypertension", given=False) == ("obesity and hypertension",)
    assert components("obesity plus hypertension", given=False) == ("obesity", "hypertension")


def test_base_label_never_strips_everything() -> None:
    assert base_label("daily supplement") == "supplement"
    assert base_label("dietary supplement") == "dietary supplement"
    assert base_label("group") == "group"


def test_node_names() -> None:
    assert concept_node("MESH:D014807") == "concept-mesh.D014807"
    assert concept_node("vitamin D: what") is None
    assert concept_node("concept-x-vitamin-d-abc") == "concept-x-vitamin-d-abc"
    assert label_node("outcome", "Fall  Risk") == label_node("outcome", "fall risk")
    assert label_node("outcome", "pain") != label_node("condition", "pain")
    assert label_node("outcome", "痛み").startswith("concept-x-unnamed-")
    assert xref_iri("DOID:7148") == "http://purl.obolibrary.org/obo/DOID_7148"
    assert xref_iri("UMLS:C01") == "http://bioregistry.io/umls:C01"
    assert xref_iri("no curie") is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"significant": True, "p_value": 0.5, "p_operator": "="}, (True, False)),
        ({"p_value": 0.049, "p_operator": "="}, (True, True)),
        ({"p_value": 0.05, "p_operator": "="}, (False, True)),
        ({"p_value": 0.05, "p_operator": "<"}, (True, True)),
        ({"p_value": 0.1, "p_operator": "<"}, (None, False)),
        ({"p_value": 0.05, "p_operator": ">"}, (False, True)),
        ({"p_value": 0.01, "p_operator": ">"}, (None, False)),
        ({"ci_low": 0.7, "ci_high": 0.9, "ci_level": 95}, (True, True)),
        ({"ci_low": 0.7, "ci_high": 1.0, "ci_level": 95}, (False, True)),
        ({"ci_low": 0.7, "ci_high": 0.9, "ci_level": 90}, (None, False)),
        ({"ci_low": 0.7, "ci_high": 1.1, "ci_level": 99}, (None, False)),
        ({"ci_low": 0.9, "ci_high": 0.7, "ci_level": 95}, (None, False)),
        ({"ci_low": -1, "ci_high": 1, "measure": "NNT"}, (None, False)),
        ({}, (None, False)),
    ],
)
def test_significance(fields: dict[str, object], expected: tuple[bool | None, bool]) -> None:
    place = Span(start_char=0, end_char=1, text="x")
    assert (
        significance(Effect(**{"id": "e", "measure": "RR", "evidence": (place,), **fields}))
        == expected
    )


def test_alarms_of_checks_are_flags() -> None:
    record = data.clark()
    study = record.studies[0]
    checks = (
        Check(code="direction_word", severity="warning", message="the words say the opposite"),
        Check(code="p_zero", severity="info", message="no p is zero"),
    )
    effect = study.effects[0].model_copy(update={"checks": checks})
    changed = study.model_copy(update={"effects": (effect,)})
    notice = Notice(code="groups_against_total", severity="warning", message="24 + 23 are not 39")
    record = record.model_copy(
        update={"studies": (changed, *record.studies[1:]), "notices": (notice,)}
    )
    graph = build_graph([record])
    (node,) = by_kind(graph, "effect")[:1]
    assert graph.nodes[node]["quality_flag"] == ("ce:signContradictsText",)
    assert len(graph.nodes[node]["check"]) == 2
    (document,) = by_kind(graph, "document")
    assert graph.nodes[document]["quality_flag"] == ("ce:groupsAgainstTotal",)
    assert graph.nodes[document]["check"] == ("groups_against_total (warning): 24 + 23 are not 39",)
