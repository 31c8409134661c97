"""Tables of studies: found by column name, refused with the row and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from statistics_textbook import FOLDER, studies

from kg.errors import PoolError
from kg.synthesis.analysis import Model, synthesize
from kg.synthesis.report import as_object, count, digits, interval_text, p_text, sentences
from kg.synthesis.study_table import parse_rows, read_studies


def write(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "measure", "value", "error"),
    [
        ("study,estimate,low,high,measure\nA,0.81,0.70,0.94,RR\n", "RR", 0.81, 0.0752),
        ("label;value;lower;upper;measure\nA;0.81;0.70;0.94;HR\n", "HR", 0.81, 0.0752),
        ("slab\tyi\tvi\tmeasure\nA\t-0.5\t0.04\tSMD\n", "SMD", -0.5, 0.2),
        ("study,TE,seTE,measure\nA,-0.5,0.2,MD\n", "MD", -0.5, 0.2),
        ("study,ai,n1i,ci,n2i\nA,5,100,10,100\n", "RR", 0.5, 0.5292),
        ("studlab,event.e,n.e,event.c,n.c\nA,5,100,10,100\n", "RR", 0.5, 0.5292),
        ("study,m1i,sd1i,n1i,m2i,sd2i,n2i\nA,103,5.5,50,100,4.5,50\n", "MD", 3.0, 1.005),
        ("study,estimate,low,high,level,measure\nA,2,1,3,90,MD\n", "MD", 2.0, 0.60796),
    ],
)
def test_columns_go_by_many_names(tmp_path, text, measure, value, error):
    found, used = read_studies(write(tmp_path, text))
    assert used == measure
    estimate = found[0].measured_as(measure).estimate
    assert estimate.value == pytest.approx(value)
    assert estimate.error == pytest.approx(error, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no studies"),
        ("study,estimate,low,high\n", "holds no studies"),
        ("name,x\nA,1\n", "no columns to pool.*it has name, x"),
        ("study,estimate,low,high\nA,1,0.5,2\n", "name it with --measure"),
        ("study,estimate,low,high,measure\nA,1,0.5,2,RR\nB,1,0.5,2,OR\n", "mixes OR and RR"),
        ("study,estimate,low,high,measure\nA,x,0.5,2,RR\n", "row 2: estimate is no number: 'x'"),
        ("study,estimate,low,high,measure\nA,3,0.5,2,RR\n", "row 2: the estimate 3 lies outside"),
        ("study,estimate,low,high,measure\nA,1,-1,2,RR\n", "row 2: RR -1: a ratio is positive"),
        ("study,estimate,low,high,measure\nA,1,,2,RR\n", "row 2: lacks low"),
        ("study,estimate,se,measure\nA,1,0,RR\n", "row 2: a standard error must be above 0"),
        ("study,events1,total1,events2,total2\nA,11,10,1,10\n", "row 2: 11 of 10 people"),
        ("study,mean1,sd1,n1,mean2,sd2,n2\nA,1,1,5.5,1,1,5\n", "n1 must be a whole number"),
        ("study,estimate,low,high,measure\nA,1,0.5\n", "row 2: 3 cells under 5 columns"),
    ],
)
def test_damaged_tables_are_refused_with_place_and_reason(tmp_path, text, message):
    with pytest.raises(PoolError, match=message):
        read_studies(write(tmp_path, text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PoolError, match=r"nothing\.csv: no such file"):
        read_studies(tmp_path / "nothing.csv")
    (tmp_path / "latin.csv").write_bytes("study,é\n".encode("latin-1"))
    with pytest.raises(PoolError, match="not UTF-8"):
        read_studies(tmp_path / "latin.csv")


def test_lenient_reading_passes_over_and_says_so():
    rows = [["A", 1.0, 0.5, 2.0, "RR"], ["B", None, 0.5, 2.0, "RR"], ["C", 1.0, 0.5, 2.0, "HR"]]
    header = ["study", "estimate", "low", "high", "measure"]
    found, measure, passed = parse_rows(header, rows, "rows", "RR", lenient=True)
    assert ([item.label for item in found], measure) == (["A"], "RR")
    assert passed == ["row 3: lacks estimate", "row 4: HR is not RR"]


def test_other_columns_group_studies():
    found = synthesize(studies("bcg", "RR"), "RR", Model(by="allocation"))
    assert [(name, pooled.k) for name, pooled in found.subgroups.groups] == [
        ("alternate", 2), ("random", 7), ("systematic", 4),
    ]  # fmt: skip
    assert sum(pooled.k for _, pooled in found.subgroups.groups) == 13


@pytest.mark.parametrize(
    ("measure", "model", "message"),
    [
        ("RR", Model(by="colour"), "no study has a 'colour' to group by; there is allocation"),
        ("RR", Model(method="Peto"), "Peto's method is of odds ratios"),
        ("RR", Model(method="IV", hartung_knapp=True), "belongs to random effects"),
        ("MD", Model(), "nothing is left to pool"),
    ],
)
def test_impossible_models_are_refused(measure, model, message):
    with pytest.raises(PoolError, match=message):
        synthesize(read_studies(FOLDER / "bcg.csv")[0], measure, model)


def test_peto_needs_events_of_all():
    with pytest.raises(PoolError, match="pools events of both arms, which 1, 2"):
        synthesize(studies("open-education", "SMD"), "SMD", Model(method="Peto"))


def test_studies_that_tell_nothing_are_left_out():
    found = synthesize(read_studies(FOLDER / "beta-blockers.csv")[0], "OR", Model(method="Peto"))
    assert [item.label for item in found.left_out] == ["Pitt", "Hutton", "Yusuf"]
    assert all("no ratio follows" in item.reason for item in found.left_out)
    assert (found.pooled.k, round(found.pooled.value, 2)) == (18, 0.93)


def test_the_object_holds_everything():
    found = as_object(synthesize(studies("bcg", "RR"), "RR", Model(by="allocation"), "BCG"))
    assert found["pooled"]["estimate"] == pytest.approx(0.4894, abs=1e-4)
    assert [round(bound, 2) for bound in found["pooled"]["prediction"]] == [0.13, 1.78]
    assert len(found["studies"]) == len(found["leave_one_out"]) == len(found["cumulative"]) == 13
    assert found["cumulative"][0]["added"] == "Aronson"
    assert found["cumulative"][-1]["estimate"] == pytest.approx(found["pooled"]["estimate"])
    assert found["egger"]["df"] == 11
    assert set(found["subgroups"]["groups"]) == {"alternate", "random", "systematic"}
    assert found["studies"][0]["events"] == {
        "events1": 4.0, "total1": 123.0, "events2": 11.0, "total2": 139.0,
    }  # fmt: skip


def test_labels_are_told_apart():
    found = synthesize(studies("bcg", "RR"), "RR", Model())
    names = [item.label for item in found.contributions]
    assert len(set(names)) == 13
    assert "Rosenthal et al., 1960" in names


def test_the_report_says_it_in_sentences():
    lines = list(sentences(synthesize(studies("bcg", "RR"), "RR", Model())))
    assert lines[0] == "RR 0.49 (0.34 to 0.70), p < 0.001 — 13 studies, 357347 participants"
    assert "I² = 92 %; τ² = 0.313 (0.12 to 1.11)" in lines[2]
    assert lines[3] == "Prediction interval for a new study: 0.13 to 1.78"


@pytest.mark.parametrize(
    ("value", "measure", "text"),
    [(0.4894, "RR", "0.49"), (0.0034, "RR", "0.003"), (15.83, "OR", "15.8"), (123.4, "HR", "123"),
     (-13.1, "MD", "-13.10"), (0.0123, "RD", "0.012"), (-0.0001, "RD", "0.000"), (4321.0, "MD", "4321"),
     (float("inf"), "OR", "∞")],
)  # fmt: skip
def test_numbers_are_printed_as_tables_do(value, measure, text):
    assert digits(value, measure) == text


def test_small_texts():
    assert interval_text(0.49, 0.34, 0.7, "RR") == "0.49 (0.34 to 0.70)"
    assert [p_text(p) for p in (1e-9, 0.0123, 0.3, 0.999)] == [
        "< 0.001", "= 0.012", "= 0.30", "> 0.99",
    ]  # fmt: skip
    assert [count(n) for n in (1941, 27310)] == ["1941", "27\u2009310"]
