"""The project holds together: imports point one way, the start is light, what is generated is fresh."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "kg"

#: Library → where alone it may be imported; a name is a module or a folder of the package.
HOMES = {
    "spacy": {"components", "tagging", "pipeline", "extract"},
    "scispacy": {"components", "tagging", "pipeline", "terminology"},
    "pycrfsuite": {"tagging"},
    "typer": {"cli"},
    "rdflib": {"rdf", "queries", "sparql", "shapes", "jsonld", "export", "remote"},
    "pyoxigraph": {
        "rdf", "store", "queries", "sparql", "shapes", "export", "spool", "terms", "turtle",
        "effects", "jsonld", "settling", "terminology", "synthesis",
        "graph_patch", "document_graphs", "remote",
    },
    "fastobo": {"terminology"},
    "ijson": {"readers", "terminology"},
    "platformdirs": {"terminology"},
    "oxrdflib": {"store"},
    "pyshacl": {"shapes"},
    "networkx": {
        "graph", "graph_concepts", "graph_record", "rdf", "export", "export_kgx", "combinations",
    },
    "rich": {"cli", "show"},
    "httpx": {"remote"},
    "watchfiles": {"watch"},
    "ray": {"ray_engine"},
    "matplotlib": {"plots"},
    "lxml": {"readers", "safe_xml"},
    "pypdf": {"readers"},
}  # fmt: skip

#: Layers from left to right: file → document → mentions → record → graph → answer → command line.
#: A module imports from its own layer or one before it.
LAYERS = (
    {"errors", "printable", "record_base", "records", "text", "measures", "reference", "resources", "safe_xml", "schema"},
    {"terminology"},
    {"numbers", "readers", "lexicon"},
    {"statistics"},
    {"components", "tagging"},
    {"assembly", "pipeline"},
    {"extract", "retraction"},
    {
        "vocabulary", "prefixes", "identity", "study_profile", "study_matching", "study_groups", "outcomes", "merge",
        "combinations", "graph", "graph_concepts", "graph_computed", "graph_record", "rdf", "runs", "settling", "spool",
        "terms", "turtle", "table", "store", "sparql", "graph_files",
        "document_graphs",
    },
    {"queries", "effects", "synthesis", "plots", "wording", "shapes", "jsonld", "export", "export_kgx"},
    {"describe", "sources", "ledger", "journal", "manifest", "output", "graph_patch", "graph_build", "workers"},
    {"versions", "ray_engine", "build_options", "build", "explain", "show", "units", "remote", "findings", "diff", "watch"},
    {"evaluation"},
    {"cli"},
)  # fmt: skip

RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
#: What the language components write and assembly reads: plain data between the two.
INTERFACES = {"kg.assembly.annotation", "kg.assembly.sentence"}


def modules() -> list[tuple[str, Path]]:
    """Return each module with the name of its file or top folder."""
    files = sorted(PACKAGE.rglob("*.py"))
    assert len(files) > 30
    return [(file.relative_to(PACKAGE).parts[0].removesuffix(".py"), file) for file in files]


@cache
def imports(file: Path) -> frozenset[str]:
    """Return the dotted names that a module imports, those for type checkers left out."""
    found: set[str] = set()

    def walk(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        for child in ast.iter_child_nodes(node):
            walk(child)

    walk(ast.parse(file.read_text(encoding="utf-8")))
    return frozenset(found)


@pytest.mark.parametrize("library", HOMES)
def test_a_library_stays_at_home(library: str) -> None:
    strays = [
        f"{file.relative_to(REPOSITORY)}"
        for home, file in modules()
        if home not in HOMES[library]
        and any(name.split(".")[0] == library for name in imports(file))
    ]
    assert strays == [], f"{library} is imported outside {sorted(HOMES[library])}"


def test_imports_point_one_way() -> None:
    backward = []
    for home, file in modules():
        if home in ("__init__", "__main__"):
            continue
        assert home in RANK, f"{home} has no place in LAYERS: say what it may import"
        for name in imports(file):
            parts = name.split(".")
            if ".".join(parts[:3]) in INTERFACES:
                continue
            if parts[0] == "kg" and len(parts) > 1 and RANK.get(parts[1], -1) > RANK[home]:
                backward.append(f"{file.relative_to(REPOSITORY)} imports {name}")
    assert backward == []


def test_every_place_named_here_is_there() -> None:
    there = {home for home, _ in modules()}
    assert set(RANK) - there == set(), "LAYERS names what is no more"
    assert set().union(*HOMES.values()) - there == set(), "HOMES names what is no more"
    assert len(RANK) == sum(map(len, LAYERS)), "a module has one layer"


@pytest.mark.parametrize("folder", ["assembly", "numbers", "readers"])
def test_reading_and_assembly_know_nothing_of_the_graph(folder: str) -> None:
    known = {
        name.split(".")[0] for home, file in modules() if home == folder for name in imports(file)
    }
    assert known & {"rdflib", "pyoxigraph", "networkx", "typer", "rich", "spacy"} == set()


def test_assembly_knows_no_spacy() -> None:
    script = "import sys, kg.assembly.assemble; print('spacy' in sys.modules)"
    assert run_python(script) == "False"


HEAVY = (
    "spacy", "scispacy", "numpy", "rdflib", "pyoxigraph", "pyshacl", "networkx",
    "jinja2", "matplotlib", "scipy", "lxml", "bs4", "sklearn", "rich.progress", "kg.records", "kg.extract", "kg.queries",
)  # fmt: skip


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    script = f"""
import sys
sys.argv = ["kg", *{arguments!r}]
from kg.cli import app
try:
    app()
except SystemExit:
    pass
print("LOADED", *sorted(set(sys.modules) & set({HEAVY!r})))
"""
    assert run_python(script).splitlines()[-1] == "LOADED"


def test_help_loads_no_pydantic() -> None:
    # typer itself loads it for the options of a command, so only the first page can do without
    assert run_python("import sys, kg.cli; print('pydantic' in sys.modules)") == "False"


def run_python(script: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_schema_is_fresh() -> None:
    from kg.schema import record_schema

    file = REPOSITORY / "schemas" / "record.schema.json"
    assert file.read_text(encoding="utf-8") == record_schema(), "run: kg schema > schemas/…"
    schema = json.loads(record_schema())
    assert schema["properties"]["document"]["$ref"] == "#/$defs/Document"
    assert schema["additionalProperties"] is False


def test_every_library_is_declared_and_used() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    optional = [text for extra in extras if extra != "dev" for text in extras[extra]]
    declared = {_name(text) for text in [*project["dependencies"], *optional]}
    modules_of = {
        "python-crfsuite": "pycrfsuite", "pyahocorasick": "ahocorasick", "beautifulsoup4": "bs4",
        "markdown-it-py": "markdown_it", "pyyaml": "yaml",
    }  # fmt: skip
    used = {name.split(".")[0] for _, file in modules() for name in imports(file)}
    third = used - set(sys.stdlib_module_names) - {"kg"}
    names = {modules_of.get(name, name.replace("-", "_")) for name in declared}
    assert third - names == set(), "imported, but not declared in pyproject.toml"
    # rdflib loads the one by name, Graph(store="Oxigraph"), Ray the other
    plugins = {"oxrdflib", "pyarrow"}
    assert names - third - plugins == set(), "declared in pyproject.toml, but not imported"


def test_what_is_locked_satisfies_what_is_declared() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = {line.split("==")[0].strip() for line in lock.splitlines() if "==" in line}
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {_name(text) for text in declared} - locked == set(), "run: make lock"
    assert "://" not in lock, "a lock file names no address"
    assert lock.count("--hash=sha256:") > len(locked)


def _name(requirement: str) -> str:
    name = requirement
    for sign in "<>=!~[ ;":
        name = name.split(sign)[0]
    return name.lower()


@pytest.mark.parametrize("command", ["run", "test", "check", "bench", "golden", "accuracy"])
def test_make_knows(command: str) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert f"\n{command}: $(READY)" in makefile
