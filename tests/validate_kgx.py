"""``kgx validate`` without a network: the Biolink model comes from the package ``biolink-model``.

``kgx`` fetches the model and its prefixes from the web when it starts. Run with a Python that has
both packages (``CLINEV_KGX`` names it for ``make kgx`` and for the tests)::

    python -m venv kgx-venv && kgx-venv/bin/pip install 'kgx==2.4.2' 'biolink-model==4.4.6'
    make kgx CLINEV_KGX=kgx-venv/bin/python
"""

from __future__ import annotations

import contextlib
import json
import sys
from importlib import import_module
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

PREFIX = "clinev"


def use_the_installed_model() -> None:
    """Let the Biolink model toolkit and kgx read the model from where it is installed."""
    model = files("biolink_model")
    toolkit: Any = import_module("bmt.toolkit").Toolkit
    # Schema and map of old predicates; the map is not packaged, and validation does not ask for it.
    schema = str(model / "schema" / "biolink_model.yaml")
    toolkit.__init__.__defaults__ = (schema, {"predicate mappings": []})
    prefixes = json.loads(
        (model / "prefixmaps" / "biolink_model_prefix_map.json").read_text("utf-8")
    )
    config: Any = import_module("kgx.config")
    config.jsonld_context_map["biolink"] = prefixes
    for other in ("monarch_context", "obo_context"):
        context = files("prefixcommons") / "registry" / f"{other}.jsonld"
        config.jsonld_context_map[other] = json.loads(context.read_text("utf-8"))["@context"]


def validate(path: Path) -> dict[str, dict[str, dict[str, list[str]]]]:
    """Return what kgx finds in a KGX file: level → kind → message → nodes and edges."""
    use_the_installed_model()
    found = import_module("kgx.cli.cli_utils").validate([str(path)], "json", None, "/dev/null")
    return {
        level: {
            kind: {text: [str(item) for item in items] for text, items in texts.items()}
            for kind, texts in kinds.items()
        }
        for level, kinds in found.items()
    }


def unexpected(found: dict[str, dict[str, dict[str, list[str]]]]) -> list[str]:
    """Return all findings but one: that our prefix is not among the Biolink model's."""
    return [
        f"{level} {kind}: {text}"
        for level, kinds in found.items()
        for kind, texts in kinds.items()
        for text in texts
        if f"CURIE prefix '{PREFIX}'" not in text or "not represented in Biolink" not in text
    ]


def main() -> int:
    """Validate one file; say what was found, as JSON, and return 1 if anything is unexpected."""
    with contextlib.redirect_stdout(sys.stderr):  # where kgx talks
        found = validate(Path(sys.argv[1]))
    told = unexpected(found)
    number = sum(len(texts) for kinds in found.values() for texts in kinds.values())
    versions = {name: version(name) for name in ("kgx", "bmt", "biolink-model")}
    summary = {"versions": versions, "prefix_not_registered": number - len(told)}
    print(json.dumps({**summary, "unexpected": told}, indent=1))
    return bool(told)


if __name__ == "__main__":
    sys.exit(main())
