"""``kg pool`` and ``kg plot``: answers on stdout, what was left out on stderr, exit codes as everywhere."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from statistics_textbook import FOLDER
from trials import events, ratio, store_of, trial

from kg import cli


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pool")
    store_of(
        folder / "kg-out",
        trial("Adler", ratio(0.8, 0.6, 1.07), year=2004, dose=(400.0, "[iU]")),
        trial("Beck", ratio(0.9, 0.7, 1.16), year=2001, dose=(2000.0, "[iU]"), design="cohort"),
        trial("Conte", events("experimental", 5, 100), events("control", 10, 100), year=2010),
        trial("Dorn", ratio(0.7, 0.5, 0.98, "HR"), year=2005),
    )
    return folder


@pytest.fixture
def run(built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(built)

    def call(*arguments: str, code: int = 0) -> tuple[str, str]:
        monkeypatch.setattr("sys.argv", ["kg", *arguments])
        try:
            cli.main()
            found = 0
        except SystemExit as stop:
            found = int(stop.code or 0)
        out, err = capsys.readouterr()
        assert found == code, err
        return out, err

    return call


def test_the_table_and_what_was_left_out(run):
    out, err = run("pool", "vitamin D", "fracture")
    assert [line.split()[0] for line in out.splitlines()[1:4]] == ["Beck", "Adler", "Conte"]
    assert "3 studies, 400 participants" in out
    assert "[1] RR from events of both arms" in out
    assert "Prediction interval for a new study" in out
    assert (
        err.strip()
        == "left out: Dorn: HR 0.7 (0.5 to 0.98) — HR; pooled is RR (--measure HR pools it)"
    )


def test_json_holds_the_same(run):
    out, err = run("pool", "vitamin D", "fracture", "--json", "--knapp", "--by", "design")
    found = json.loads(out)
    assert err == ""
    assert found["pooled"]["hartung_knapp"] is True
    assert found["pooled"]["df"] == 2
    assert [item["added"] for item in found["cumulative"]] == ["Beck", "Adler", "Conte"]
    assert set(found["subgroups"]["groups"]) == {"cohort", "randomized controlled trial"}
    assert found["left_out"][0]["label"] == "Dorn"
    assert found["left_out"][0]["source"].startswith("https://")


def test_csv_can_be_pooled_again(run, built):
    out, _ = run("pool", "vitamin D", "fracture", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["study"] for row in rows] == ["Beck", "Adler", "Conte"]
    (built / "again.csv").write_text(out, encoding="utf-8")
    first = json.loads(run("pool", "vitamin D", "fracture", "--json")[0])["pooled"]
    second = json.loads(run("pool", "--from", "again.csv", "--json")[0])["pooled"]
    for name in ("estimate", "low", "high", "tau2", "q"):
        assert second[name] == pytest.approx(first[name], abs=1e-9)


def test_dose_bands(run):
    out, _ = run("pool", "vitamin D", "fracture", "--by", "dose", "--bands", "20")
    assert "up to 20 ug/d: RR 0.80" in out
    assert "above 20 ug/d: RR 0.90" in out
    assert "not stated: RR 0.50" in out


def test_a_textbook_set(run):
    out, _ = run("pool", "--from", str(FOLDER / "bcg.csv"), "--method", "DL", "--by", "allocation")
    assert "RR 0.49 (0.34 to 0.70), p < 0.001 — 13 studies" in out
    assert "Difference between subgroups" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("pool",), "name an intervention and an outcome"),
        (("pool", "vitamin D"), "name an intervention and an outcome"),
        (("pool", "vitamin D", "fractur"), None),
        (("pool", "vitamin D", "fructure"), "did you mean fracture"),
        (("pool", "vitamin D", "fracture", "--measure", "XX"), "XX is not pooled: there are RR"),
        (("pool", "vitamin D", "fracture", "--measure", "MD"), "nothing to pool"),
        (("pool", "vitamin D", "fracture", "--by", "colour"), "no study has a 'colour'"),
        (
            ("pool", "vitamin D", "fracture", "--by", "dose", "--bands", "x"),
            "write numbers with commas",
        ),
        (("pool", "vitamin D", "fracture", "--contrast", "odd"), "no contrast is called 'odd'"),
        (("pool", "vitamin D", "fracture", "--baseline-risk", "0.2"), "add --measure RR"),
        (("pool", "vitamin D", "fracture", "--convert"), "add --measure OR or SMD"),
        (("pool", "vitamin D", "fracture", "--method", "Peto"), "pools events of both arms"),
        (
            ("pool", "vitamin D", "fracture", "--method", "IV", "--knapp"),
            "belongs to random effects",
        ),
        (("pool", "--from", "none.csv"), "none.csv: no such file"),
        (("pool", "vitamin D", "fracture", "--out", "elsewhere"), "run `kg build` first"),
        (("plot",), "one of the three"),
        (("plot", "vitamin D", "fracture", "--to", "a.pdf"), "written as .svg or .png"),
        (
            ("plot", "--query", "SELECT ?x WHERE { ?x ?y ?z }", "--to", "a.svg"),
            "no columns to pool",
        ),
        (("plot", "--no-pool", "vitamin D", "fracture"), "--no-pool draws the rows"),
    ],
)
def test_errors_say_what_would_do(run, arguments, message):
    if message is None:
        run(*arguments)
        return
    _, err = run(*arguments, code=2)
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize("kind", ["forest", "funnel", "cumulative"])
def test_pictures_of_the_graph(run, built, kind):
    _, err = run(
        "plot", "vitamin D", "fracture", "--kind", kind, "-t", f"{kind}.svg", "-t", f"{kind}.png"
    )
    assert f"wrote {kind}.svg" in err
    assert (built / f"{kind}.svg").read_bytes().startswith(b"<?xml")
    assert (built / f"{kind}.png").read_bytes().startswith(b"\x89PNG")


def test_rows_of_a_query_are_drawn(run, built):
    sparql = """PREFIX ce: <https://w3id.org/clinev/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT ?label ?estimate ?low ?high WHERE { ?e a ce:Effect ; ce:value ?estimate ; ce:ciLower ?low ;
      ce:ciUpper ?high ; ce:ofStudy/rdfs:label ?label } ORDER BY ?label"""
    _, err = run("plot", "--query", sparql, "--no-pool", "--log", "-t", "rows.svg")
    assert "wrote rows.svg" in err
    _, err = run(
        "plot", "--query", "forest", "-p", "outcome=fracture", "--measure", "RR", "-t", "f.svg"
    )
    assert "left out: row" in err  # the hazard ratio
    assert (built / "f.svg").stat().st_size > 10_000


def test_a_table_without_a_measure_is_drawn_as_it_stands(run, built):
    (built / "rows.csv").write_text("label,estimate,low,high\nA,1,0.5,1.5\nB,-2,-3,-1\n")
    _, err = run("plot", "--from", "rows.csv", "--no-pool", "-t", "plain.svg")
    assert "wrote plain.svg" in err
    _, err = run("plot", "--from", "rows.csv", "-t", "plain.svg", code=2)
    assert "name it with --measure" in err


def test_the_trials_of_magnesium_say_in_words_what_the_table_says() -> None:
    with (FOLDER / "magnesium.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 16
    for row in rows:
        name = f"{row['year']}-{row['study'].lower()}.md"
        text = (FOLDER / "magnesium-trials" / name).read_text(encoding="utf-8")
        for column in ("events1", "total1", "events2", "total2"):
            assert row[column] in text.replace("\n", " "), (name, column)
