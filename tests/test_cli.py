"""The command line as a person and as a program meets it."""

from __future__ import annotations

import csv
import functools
import html
import io
import json
import re
from pathlib import Path

import pytest
from fake_extraction import FACTORY
from typer.testing import CliRunner, Result

import kg.build
from kg.cli import app, main
from kg.errors import BuildError, DocumentError, QueryError, ValidationFailed
from kg.output import Records

TEXTS = {
    "falls.md": "In 120 women RR 0.84 was seen.",
    "hostile.txt": "<script>alert(1)</script> \x1b[31mRR 0.50\x1b[0m & more",
    "nothing.txt": "No number here.",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a small corpus with fake extraction and the real graph; return the folder above it."""
    root = tmp_path_factory.mktemp("cli")
    folder = root / "corpus"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    kg.build.build([folder], root / "kg-out", factory=FACTORY)
    return root


@pytest.fixture
def kg_command(built: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs ``kg`` beside the built corpus."""
    monkeypatch.chdir(built)

    def run(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app, arguments)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run


def effect_id(root: Path) -> str:
    record = next(r for r in Records(root / "kg-out") if r.document.path.endswith("falls.md"))
    return record.studies[0].effects[0].id


# --- build -----------------------------------------------------------------------------------


@pytest.fixture
def fake_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(kg.build, "build", functools.partial(kg.build.build, factory=FACTORY))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("RR 0.10")
    return tmp_path


def test_build_keeps_stdout_for_programs(fake_build: Path) -> None:
    result = CliRunner().invoke(app, ["build", "a.txt", "--json"])
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert (report["documents"], report["effects"], report["failures"]) == (1, 1, [])
    assert "1 documents (1 read): 1 studies, 1 effects" in result.stderr
    again = CliRunner().invoke(app, ["build", "a.txt"])
    assert again.stdout == ""
    assert "1 unchanged" in again.stderr


def test_build_says_what_failed(fake_build: Path) -> None:
    (fake_build / "b.txt").write_bytes(b"x\0")
    result = CliRunner().invoke(app, ["build", "."])
    assert result.exit_code == 1
    assert "b.txt, character 1: binary, not text" in result.stderr
    stopped = CliRunner().invoke(app, ["build", ".", "--fail-fast", "-o", "other"])
    assert stopped.exit_code == 1
    assert not (fake_build / "other").exists()


@pytest.mark.parametrize(
    "arguments",
    [["build"], ["build", "missing"], ["build", "a.txt", "--jobs", "-1"], ["nonsense"]],
)
def test_wrong_usage_exits_with_2(fake_build: Path, arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BuildError("x"), 2),
        (QueryError("x"), 2),
        (ValidationFailed("x"), 1),
        (DocumentError("page", "x", 3), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_errors_become_one_line_and_a_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("kg.cli.app", fail)
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("kg: ")
    assert captured.err.count("\n") == 1


# --- questions -------------------------------------------------------------------------------


def test_query_lists_the_questions(kg_command) -> None:
    rows = list(csv.DictReader(io.StringIO(kg_command("query", "--format", "csv").stdout)))
    assert len(rows) >= 15
    assert all(row["question"].endswith("?") for row in rows)


def test_query_answers_in_each_format(kg_command) -> None:
    as_json = json.loads(kg_command("query", "effects", "--format", "json").stdout)
    assert sorted(row["value"] for row in as_json) == [0.5, 0.84]
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        text = kg_command("query", "effects", "-f", form).stdout
        rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
        assert [row["effect"] for row in rows] == [row["effect"] for row in as_json]
    table = kg_command("query", "effects").stdout
    assert "0.84" in table
    assert " effect-" in table


def test_query_binds_what_the_user_gives(kg_command) -> None:
    def ask(value: str) -> list[object]:
        given = f"intervention={value}"
        return json.loads(kg_command("query", "effects", "-p", given, "-f", "json").stdout)

    assert len(ask("VITAMIN")) == 2
    assert ask('" } SELECT * { ?s ?p ?o } #') == []
    assert ask("vitamin=") == []


def test_query_takes_sparql_and_files(kg_command, built: Path) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/clinev/ns#Effect> }"
    assert json.loads(kg_command("query", count, "-f", "json").stdout) == [{"n": 2}]
    (built / "mine.rq").write_text(count)
    assert json.loads(kg_command("query", "mine.rq", "-f", "json").stdout) == [{"n": 2}]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["efects"], "did you mean effects"),
        (["effects", "-p", "outcom=x"], "did you mean outcome"),
        (["SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }"], "SERVICE"),
        (["SELECT * { ?s ?p "], "cannot be read"),
        (["gone.rq"], "no such file"),
        (["effects", "-o", "elsewhere"], "run `kg build`"),
        (["SELECT * { ?s ?p ?o }", "-p", "a=b"], "parameters belong to"),
    ],
)
def test_query_refuses_with_a_remedy(kg_command, arguments: list[str], problem: str) -> None:
    with pytest.raises((QueryError, BuildError), match=re.escape(problem)):
        kg_command("query", *arguments)


def test_query_shows_its_sparql(kg_command) -> None:
    shown = kg_command("query", "effects", "-p", 'outcome=a"b', "--show").stdout
    assert 'VALUES ?outcome { "a\\"b" }' in shown


def test_effects_are_told_with_their_sentences(kg_command, built: Path) -> None:
    told = kg_command("effects", "vitamin d").stdout
    assert "fractures <b>" in told
    assert "RR 0.84" in told
    assert "“In 120 women RR 0.84 was seen.”" in told
    assert "corpus/falls.md" in told
    assert "Smith 2020 · " in told
    assert "n = 120" in told
    assert "\x1b" not in told, "control characters of a text are not sent to the terminal"


def test_effects_as_json(kg_command) -> None:
    rows = json.loads(kg_command("effects", "vitamin d", "fracture", "--json").stdout)
    assert {row["value"] for row in rows} == {0.84, 0.5}
    assert all(row["quote"] and row["sentence"] for row in rows)
    assert len(json.loads(kg_command("effects", "vitamin d", "-n", "1", "--json").stdout)) == 1


def test_effects_suggests_what_is_spelt_alike(kg_command) -> None:
    with pytest.raises(QueryError, match="did you mean vitamin D"):
        kg_command("effects", "vitamni d")


# --- documents -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["corpus/falls.md", "falls.md", "FALLS"])
def test_show_finds_a_document_by_part_of_its_name(kg_command, name: str) -> None:
    shown = kg_command("show", name).stdout
    assert "In 120 women RR 0.84 was seen." in shown
    assert "n = 120" in shown


def test_show_escapes_what_texts_hold(kg_command, built: Path) -> None:
    kg_command("show", "hostile.txt", "--html", "page.html")
    page = (built / "page.html").read_text()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)\s*=", page), "the page loads nothing"
    assert 'class="m effect' in page
    assert "\x1b" not in kg_command("show", "hostile.txt").stdout


def test_show_holds_the_whole_text_and_a_card_for_each_effect(kg_command, built: Path) -> None:
    page = kg_command("show", "falls.md", "--html", "-").stdout
    assert TEXTS["falls.md"] in html.unescape(re.sub(r"<[^>]*>", "", page))
    cards = json.loads(re.search(r'id="cards">(.*?)</script>', page, re.DOTALL)[1])
    assert cards[effect_id(built)]["kind"] == "effect"
    assert ["measure", "RR"] in cards[effect_id(built)]["fields"]


def test_show_as_json_is_the_record(kg_command) -> None:
    record = json.loads(kg_command("show", "falls.md", "--json").stdout)
    assert record["studies"][0]["effects"][0]["value"] == 0.84


@pytest.mark.parametrize(
    ("wanted", "problem"), [("fals.md", "did you mean falls.md"), ("txt", "2 documents are called")]
)
def test_show_says_why_not(kg_command, wanted: str, problem: str) -> None:
    with pytest.raises(QueryError, match=problem):
        kg_command("show", wanted)


def test_explain_leads_back_to_the_sentence(kg_command, built: Path) -> None:
    identifier = effect_id(built)
    for wanted in (identifier, identifier[:14]):
        told = kg_command("explain", wanted).stdout
        assert "corpus/falls.md:1:14" in told
        assert "In 120 women RR 0.84 was seen." in told
        assert identifier in told
    record = json.loads(kg_command("explain", identifier, "--json").stdout)["records"][0]
    assert (record["kind"], record["record"]["value"]) == ("effect", 0.84)


def test_explain_follows_an_iri_to_its_record(kg_command, built: Path) -> None:
    rows = json.loads(kg_command("query", "effects", "-f", "json").stdout)
    iri = next(row["effect"] for row in rows if row["value"] == 0.84)
    name = iri.rsplit("/", 1)[1]
    for wanted in (iri, name, f"cer:{name}"):
        assert effect_id(built) in kg_command("explain", wanted).stdout
    assert "oa:exact" in kg_command("explain", _selector(kg_command)).stdout
    with pytest.raises(QueryError, match="several ids start so"):
        kg_command("explain", _selector(kg_command).rsplit("/", 1)[1][:20])


def test_a_table_is_short_and_its_ids_lead_on(kg_command, built: Path) -> None:
    lines = kg_command("query", "effects").stdout.splitlines()
    shown = next(line.split()[-1] for line in lines if "0.84" in line)
    rows = json.loads(kg_command("query", "effects", "-f", "json").stdout)
    full = next(row["effect"] for row in rows if row["value"] == 0.84)
    assert full.rsplit("/", 1)[1].startswith(shown)
    assert len(shown) == len("effect-") + 12
    assert effect_id(built) in kg_command("explain", shown).stdout
    computed = kg_command("query", "SELECT (1.0/3 AS ?third) (1800000.5 AS ?big) {}").stdout
    assert computed.splitlines()[1].split() == ["0.333333", "1800000.5"]


def test_a_table_is_as_wide_as_asked(kg_command, monkeypatch: pytest.MonkeyPatch) -> None:
    widths = []
    for columns in ("60", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        shown = kg_command("query").stdout.splitlines()
        widths.append(max(map(len, shown)))
    assert widths[0] <= 60 < widths[1] <= 200


def _selector(kg_command) -> str:
    query = "SELECT ?s { ?s a <http://www.w3.org/ns/oa#TextQuoteSelector> } LIMIT 1"
    return json.loads(kg_command("query", query, "-f", "json").stdout)[0]["s"]


@pytest.mark.parametrize("wanted", ["effect-nothing", "a b", "<x>", "https://example.org/none"])
def test_explain_of_what_is_not_there(kg_command, wanted: str) -> None:
    with pytest.raises(QueryError):
        kg_command("explain", wanted)


# --- checks ----------------------------------------------------------------------------------


def test_schema_is_printed_and_compared(kg_command) -> None:
    assert json.loads(kg_command("schema").stdout)["title"] == "Record"
    assert "up to date" in kg_command("schema", "--check").stderr


def test_check_tells_what_does_not_fit(kg_command, built: Path) -> None:
    record = next(r for r in Records(built / "kg-out") if r.document.path.endswith("falls.md"))
    study = record.studies[0]
    effect = study.effects[0].model_copy(update={"value": 0.84, "p_value": 0.0})
    printed = effect.printed.model_copy(update={"value": "0.84", "p": "0.00"})
    studies = (
        study.model_copy(update={"effects": (effect.model_copy(update={"printed": printed}),)}),
    )
    (built / "odd").mkdir(exist_ok=True)
    lines = record.model_copy(update={"studies": studies}).model_dump_json() + "\n"
    (built / "odd" / "records.jsonl").write_text(lines)
    target = "odd/records.jsonl"
    (told,) = json.loads(kg_command("check", target, "--json").stdout)
    assert (told["code"], told["severity"], told["effect"]) == ("p_zero", "info", effect.id)
    assert told["quote"] == record.document.text[told["start_char"] : told["end_char"]]
    assert told["source"].startswith("statcheck")
    shown = kg_command("check", target)
    assert "no p value is exactly zero" in shown.stdout
    assert "In 120 women RR 0.84 was seen." in shown.stdout
    assert "1 info" in shown.stderr
    assert json.loads(kg_command("check", target, "--severity", "warning", "--json").stdout) == []
    assert json.loads(kg_command("check", target, "-c", "grim", "--json").stdout) == []
    kg_command("check", target, "--fail-on", "error")
    kg_command("check", target, "--fail-on", "info", code=1)
    assert "did you mean p_zero" in kg_command("check", target, "-c", "p_zeros", code=2).stderr
    assert "nothing to say" in kg_command("check").stderr
    assert "nothing to say" in kg_command("check", "falls.md").stderr


def test_check_explains_every_check(kg_command) -> None:
    from kg.statistics.catalogue import CATALOGUE

    listed = json.loads(kg_command("check", "--list", "--json").stdout)
    assert [kind["code"] for kind in listed] == list(CATALOGUE)
    page = kg_command("check", "--list").stdout
    assert all(code in page for code in CATALOGUE)
    assert "Brown & Heathers" in page


def test_evaluate_prints_figures_and_fails_on_demand(kg_command, built: Path) -> None:
    study = {
        "id": "s", "title": "Falls", "design": "cohort", "sample_size": 120,
        "interventions": [{"id": "i", "name": "vitamin D"}],
        "outcomes": [{"id": "o", "name": "fractures"}],
        "effects": [
            {"id": f"e{value}", "measure": "RR", "value": value, "direction": "decrease", "p": None,
             "intervention": "i", "outcome": "o", "quote": "In 120 women RR 0.84 was seen."}
            for value in (0.84, 0.99)
        ],
    }  # fmt: skip
    (built / "gold.jsonl").write_text(json.dumps({"doc": "falls.md", "studies": [study]}) + "\n")
    figures = json.loads(kg_command("evaluate", "gold.jsonl", "--json").stdout)
    assert (figures["numbers_recall"], figures["full_recall"]) == (0.5, 0.5)
    assert figures["intervals"]["numbers_recall"] == [0.5, 0.5]
    table = kg_command("evaluate", "gold.jsonl", "kg-out/records.jsonl", "--misses").stdout
    assert "numbers_recall" in table
    assert "falls.md\tnumber\tmissed\tRR 0.99\t\tIn 120 women" in table
    kg_command("evaluate", "gold.jsonl", "--require", "numbers_recall=0.5")
    with pytest.raises(ValidationFailed, match=r"numbers_recall 0.5 < 0.6"):
        kg_command("evaluate", "gold.jsonl", "--require", "numbers_recall=0.6")
    assert (
        "no such figure"
        in kg_command("evaluate", "gold.jsonl", "--require", "recall=1", code=2).stderr
    )
    kg_command("evaluate", "gold.jsonl", "--errors", "errors.html")
    page = (built / "errors.html").read_text()
    assert "RR 0.99" in page
    assert "missed" in page


def test_evaluate_names_the_line_of_bad_gold(kg_command, built: Path) -> None:
    (built / "bad.jsonl").write_text('{"doc": "a", "studies": []}\n{"doc": 1}\n')
    with pytest.raises(BuildError, match=r"bad.jsonl, line 2"):
        kg_command("evaluate", "bad.jsonl")


def test_export_writes_to_stdout_or_a_file(kg_command, built: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(kg_command("export", "-f", "csv").stdout)))
    assert len(rows) == 2
    kg_command("export", "-t", "graph.ttl")
    assert (built / "graph.ttl").read_bytes() == (built / "kg-out" / "graph.ttl").read_bytes()
    assert "did you mean turtle" in kg_command("export", "-f", "turtel", code=2).stderr


def test_validate_checks_shapes_spans_and_units(kg_command) -> None:
    report = json.loads(kg_command("validate", "--json").stdout)
    assert report["conforms"]
    assert report["checked"] > 0
    assert "valid" in kg_command("validate").stderr


def test_every_command_shows_examples(kg_command) -> None:
    commands = re.findall(r"^  ([a-z]+) {2,}\S", kg_command("--help").stdout, re.MULTILINE)
    assert {"build", "query", "effects", "show", "explain", "evaluate"} <= set(commands)
    for command in commands:
        assert f"kg {command}" in kg_command(command, "--help").stdout.split("Examples:")[1]
