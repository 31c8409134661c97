"""Sets by name: found, read, built from, scored; and the page of what differs."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from evaluation_records import effect, entity, record, span
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.errors import BuildError, ValidationFailed
from kg.evaluation import SETS
from kg.evaluation.report import render_errors
from kg.evaluation.sets import by_name, is_held_out, read_lines

TEXT = "Heat <b>eased</b> pain & fever in 40 women (HR 0.50, 95% CI 0.40-0.60)."


def document(identity: str) -> dict[str, Any]:
    entities = [entity(TEXT, "INTERVENTIONS", "Heat"), entity(TEXT, "OUTCOMES", "pain & fever")]
    return {"id": identity, "text": TEXT, "entities": entities, "relations": []}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder of data with a small set in two parts."""
    folder = tmp_path / "data" / "ebm_nlp"
    folder.mkdir(parents=True)
    lines = [json.dumps(document(f"d{i}")) for i in range(3)]
    (folder / "dev.jsonl").write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    with gzip.open(folder / "test.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write(lines[0] + "\n")
    return folder.parent


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Return records of the first two documents: the second names the outcome."""
    told = [
        record(TEXT, "d0", mentions=[{"kind": "intervention", **span(TEXT, "Heat")}]),
        record(TEXT, "d1", mentions=[{"kind": "outcome", **span(TEXT, "fever")}]),
    ]
    file = tmp_path / "records.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in told), encoding="utf-8")
    return file


def kg(*arguments: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def test_parts_are_read_gzipped_or_not(data: Path) -> None:
    chosen = SETS["ebm_nlp"]
    assert list(chosen.read(data, "dev")) == ["d0", "d1", "d2"]
    assert list(chosen.read(data, "test")) == ["d0"]
    with pytest.raises(BuildError, match=r"no train\.jsonl there"):
        chosen.read(data, "train")
    assert len(list(read_lines(data / "ebm_nlp", "dev"))) == 3, "empty lines are no documents"


def test_records_are_found_by_file_name() -> None:
    told = [{"document": {"path": path}} for path in ("a/x.txt", "b/y.md", "z.txt")]
    assert sorted(by_name(told, {"x": {}, "y.md": {}, "w": {}})) == ["x", "y.md"]
    assert sorted(by_name(told, {"z.txt": {}})) == ["z.txt"]


def test_texts_are_written_as_they_are(data: Path, tmp_path: Path) -> None:
    odd = {"a": {"id": "a", "text": "one\r\ntwo\u2009%\n"}}
    SETS["ebm_nlp"].write(data, odd, tmp_path)
    assert (tmp_path / "a.txt").read_bytes().decode("utf-8") == odd["a"]["text"]


def test_a_fifth_of_the_silver_documents_is_held_out() -> None:
    assert is_held_out("PMC5391230.txt")
    held = sum(is_held_out(f"PMC{number}.txt") for number in range(2000))
    assert 0.17 < held / 2000 < 0.23


def test_every_named_set_is_there(shared: Path) -> None:
    sizes = {name: len(chosen.read(shared / "data", "dev")) for name, chosen in SETS.items()}
    assert sizes == {
        "ebm_nlp": 187, "pico_corpus": 100, "clerx": 17, "ctro": 30, "rct_art": 54,
        "evidence_inference": 86, "evidence_inference_exhaustive": 20, "evidence_map": 27,
        "evidence_outcomes": 62, "llm_meta_analysis": 10, "bc5cdr": 500, "seeds": 4, "posts": 18, "silver": 180,
    }  # fmt: skip


def test_the_intervals_that_were_read_off_are_printed(shared: Path) -> None:
    from kg.evaluation.scorers.clerx import read_intervals

    documents = SETS["clerx"].read(shared / "data", "dev")
    ratios = {
        (identity, e["start"])
        for identity, found in documents.items()
        for e in found["entities"]
        if e["label"].endswith("_ratio")
    }
    assert read_intervals().keys() == ratios
    for (identity, start), printed in read_intervals().items():
        around = documents[identity]["text"][start : start + 80]
        for number in (printed.ci_low, printed.ci_high, printed.p_value):
            assert number is None or str(number) in around, (identity, start)


# --- the command ------------------------------------------------------------------------------


def test_a_named_set_is_scored(data: Path, records: Path) -> None:
    found = json.loads(kg("evaluate", "ebm_nlp", records, "--data", data, "--json").stdout)
    assert (found["set"], found["docs"], found["docs_missing"]) == ("ebm_nlp", 3, 1)
    exact = found["interventions_exact"]
    assert (exact["p"], exact["r"], exact["gold"], exact["gold_hit"]) == (1.0, 0.3333, 3, 1)
    assert found["outcomes_relaxed"]["r"] == 0.3333
    low, high = found["intervals"]["interventions_exact"]
    assert 0.0 == low < high <= 1.0
    table = kg("evaluate", "ebm_nlp", records, "--data", data).stdout
    assert re.search(r"interventions_exact +1.0 +0.3333 +0.5 +0.000–1.000 +1/1 +1/3", table)


def test_a_part_and_a_limit_choose_documents(data: Path, records: Path) -> None:
    test = json.loads(
        kg("evaluate", "ebm_nlp", records, "--data", data, "--part", "test", "--json").stdout
    )
    few = json.loads(
        kg("evaluate", "ebm_nlp", records, "--data", data, "--limit", "2", "--json").stdout
    )
    assert (test["docs"], test["interventions_exact"]["f1"]) == (1, 1.0)
    assert (few["docs"], few["docs_missing"]) == (2, 0)


def test_a_set_without_a_build_is_built(data: Path, tmp_path: Path) -> None:
    run = (
        "evaluate",
        "ebm_nlp",
        "--data",
        data,
        "--limit",
        "1",
        "--keep",
        tmp_path / "kept",
        "--json",
    )
    found = json.loads(kg(*run).stdout)
    assert (found["docs"], found["docs_missing"]) == (1, 0)
    assert (tmp_path / "kept" / "texts" / "d0.txt").read_text(encoding="utf-8") == TEXT
    assert (tmp_path / "kept" / "build" / "records.jsonl").exists()


def test_a_figure_can_be_required(data: Path, records: Path) -> None:
    run = ("evaluate", "ebm_nlp", records, "--data", data, "--require")
    kg(*run, "interventions_exact.p=1")
    with pytest.raises(ValidationFailed, match=r"interventions_exact 0.5 < 0.6"):
        kg(*run, "interventions_exact=0.6")
    assert (
        "no such figure: interventions_exact.x"
        in kg(*run, "interventions_exact.x=1", code=2).stderr
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("evaluate", "ebm-nlp"), "sets are ebm_nlp, pico_corpus"),
        (("evaluate", "ebm_nlp"), "where ebm_nlp lies with --data"),
    ],
)
def test_what_is_missing_is_named(arguments: tuple[str, ...], said: str) -> None:
    stderr = " ".join(re.sub(r"[│╭╮╰╯─]", " ", kg(*arguments, code=2).stderr).split())
    assert said in stderr


# --- the page of what differs -----------------------------------------------------------------


def test_the_page_marks_the_place_and_escapes_the_text(
    data: Path, records: Path, tmp_path: Path
) -> None:
    page = tmp_path / "errors.html"
    kg("evaluate", "ebm_nlp", records, "--data", data, "--errors", page)
    html = page.read_text(encoding="utf-8")
    assert "<b>eased" not in html
    assert "&lt;b&gt;eased&lt;/b&gt;" in html
    assert html.count('<tr class="missed">') == 4, "Heat in two texts, the outcome in two"
    assert html.count('<tr class="wrong">') == 1
    assert re.search(
        r'class="m missed">pain &amp; </span><span class="m missed claimed">fever</span>', html
    )
    assert "<td>pain &amp; fever</td><td>fever</td>" in html
    assert "default-src 'none'" in html


def test_targets_have_their_own_tables_in_mixed_order() -> None:
    documents = {f"d{i}": document(f"d{i}") for i in range(12)}
    told = [record(TEXT, name, mentions=[]) for name in documents]
    html = render_errors(SETS["ebm_nlp"].evaluate(documents, told))
    assert re.findall(r'<h2 id="target-\d">(\w+) <small>(.+)</small>', html) == [
        ("interventions", "12 missed"), ("outcomes", "12 missed"),
    ]  # fmt: skip
    order = re.findall(r'<span class="document">(d\d+)</span>', html)[:12]
    assert sorted(order) == sorted(documents)
    assert order != list(documents), "the first rows are a sample"
    assert html == render_errors(SETS["ebm_nlp"].evaluate(documents, told))


def test_a_false_alarm_shows_ours_alone() -> None:
    found = record(
        TEXT, "d", effects=[effect(TEXT, "0.50", value=0.5, measure="HR", evidence=None)]
    )
    found["studies"][0]["effects"][0]["evidence"] = [span(TEXT, "0.50")]
    html = render_errors(SETS["clerx"].evaluate({"d": document("d")}, [found]))
    assert '<tr class="alarm">' in html
    assert "<td>—</td><td>HR 0.5</td>" in html
    assert '<span class="m claimed">0.50</span>' in html
