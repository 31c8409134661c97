"""What is written keeps to the shapes; what does not is told apart and named."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import ValidationFailed
from kg.rdf import write_turtle
from kg.records import Record
from kg.shapes import Report, validate

from .small import small


def test_the_small_graph_conforms(turtle: Path) -> None:
    report = validate(turtle)
    assert report.conforms
    assert report.results == ()
    assert report.checked == report.of > 100


def test_records_are_checked_document_by_document() -> None:
    report = validate(list(reversed(small())), sample=2)
    assert (report.conforms, report.results, report.checked, report.of) == (True, (), 2, 7)


MUTATIONS = {
    "interval upside down": ("ce:ciLower 0.7 ;", "ce:ciLower 9.7 ;", "warning"),
    "negative ratio": ("ce:value 0.81 ", "ce:value -0.81 ", "warning"),
    "contradicted direction": ("ce:value 0.81 ", "ce:value 1.81 ", "warning"),
    "p above one": ("ce:pValue 0.006 ", "ce:pValue 1.5 ", "violation"),
    "two values": ("ce:value 0.81 ", "ce:value 0.81 , 0.82 ", "violation"),
    "unknown measure": ("ce:measure ce:RR", "ce:measure ce:XX", "violation"),
    "dose bounds": ("ce:doseMin 800.0 ", "ce:doseMin 5000.0 ", "violation"),
    "no decimal": ("ce:value 0.81 ", 'ce:value "abc"^^xsd:decimal ', "violation"),
    "double": ("ce:value 0.81 ", "ce:value 8.1e-1 ", "violation"),
    "two labels": ('rdfs:label "older adults"', 'rdfs:label "older adults" , "them"', "violation"),
    "no evidence": ("ce:evidence ", "ce:numberEvidence ", "violation"),
}


@pytest.fixture(scope="module")
def one_effect(tmp_path_factory: pytest.TempPathFactory) -> str:
    record = small()[0]
    study = record.studies[0]
    study = study.model_copy(update={"effects": study.effects[:1], "arms": study.arms[:1]})
    path = tmp_path_factory.mktemp("one") / "graph.ttl"
    write_turtle([record.model_copy(update={"studies": (study,)})], path)
    return path.read_text("utf-8")


@pytest.mark.parametrize("name", MUTATIONS)
def test_faults_are_found(name: str, one_effect: str, tmp_path: Path) -> None:
    before, after, severity = MUTATIONS[name]
    assert before in one_effect
    path = tmp_path / "graph.ttl"
    path.write_text(one_effect.replace(before, after), encoding="utf-8")
    report = validate(path)
    assert severity in {item.severity for item in report.results}
    assert report.conforms == (severity == "warning")


def test_a_span_that_ends_before_it_starts(one_effect: str, tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text(one_effect.replace('oa:start "155"', 'oa:start "955"'), encoding="utf-8")
    assert not validate(path).conforms


def test_large_files_are_sampled(turtle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.shapes.WHOLE_LIMIT", 100)
    report = validate(turtle, sample=5)
    assert (report.conforms, report.checked) == (True, 5)
    assert report.of > 100


def test_what_is_no_turtle_fails(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("this is no turtle", encoding="utf-8")
    with pytest.raises(ValidationFailed, match="cannot be read as Turtle"):
        validate(tmp_path / "x.ttl")


def test_no_records_conform(records: list[Record]) -> None:
    assert validate([]) == Report(True, (), 0, 0)
