"""Front matter: the JSON or YAML block with which a static site's page begins."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

_YAML = re.compile(
    r"---[ \t]*\r?\n(.{0,400000}?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL
)
_YAML_KEY = re.compile(r"^[A-Za-z_][\w -]{0,60}:", re.MULTILINE)
#: JSON front matter names at least one of these; any other ``{`` is text.
_KNOWN_KEYS = frozenset({"title", "slug", "date", "aliases", "url", "draft", "categories", "tags"})
_NESTING_LIMIT = 50
#: A number of more characters is none: YAML reads "1:1:1:…" as base 60, in quadratic time.
_NUMBER_LIMIT = 200
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which no file can hold
_NUMBER = re.compile(r"[-+0-9A-Fa-fxob_.:]+")
#: What the constructors of YAML 1.1 raise for values that are not what their form announces.
_YAML_ERRORS = (
    yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, ArithmeticError,
    RecursionError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What front matter says, and where the body begins."""

    end_char: int = 0
    values: dict[str, object] = field(default_factory=dict)
    format: str | None = None  # "json" or "yaml"


def read_front_matter(text: str) -> FrontMatter:
    """Read the front matter of a page; broken or absent front matter is text of the body."""
    start = len(text) - len(text.lstrip())
    if text.startswith("{", start):
        return _read_json(text, start)
    if text.startswith("---", start):
        return _read_yaml(text, start)
    return FrontMatter()


def _read_json(text: str, start: int) -> FrontMatter:
    try:
        values, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return FrontMatter()
    if not isinstance(values, dict) or not _KNOWN_KEYS & {str(key).lower() for key in values}:
        return FrontMatter()
    return FrontMatter(
        end, {str(_plain(key)): _plain(value) for key, value in values.items()}, "json"
    )


def _read_yaml(text: str, start: int) -> FrontMatter:
    found = _YAML.match(text, start)
    if found is None or not _YAML_KEY.search(found[1]):
        return FrontMatter()
    try:
        values = yaml.load(found[1], Loader=yaml.CSafeLoader) if _is_tame(found[1]) else None
    except _YAML_ERRORS:
        return FrontMatter()
    if not isinstance(values, dict):
        return FrontMatter()
    plain = {str(_plain(key)): _plain(value) for key, value in values.items()}
    return FrontMatter(found.end(), plain, "yaml")


def _is_tame(block: str) -> bool:
    """Whether a block of YAML may be loaded; it is judged by its events, which cost no recursion.

    An alias repeats what it names, so that a small block could grow without bound, and the loader
    descends in C, where deep nesting would end the process.
    """
    depth = 0
    for event in yaml.parse(block, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            return False
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _NESTING_LIMIT:
                return False
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif (
            isinstance(event, yaml.ScalarEvent)
            and len(event.value) > _NUMBER_LIMIT
            and _NUMBER.fullmatch(event.value)
        ):
            return False
    return True


def _plain(value: Any, depth: int = 0) -> object:
    """Return a value of JSON types only; dates as ISO 8601."""
    if depth > _NESTING_LIMIT:
        return None
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if value is None or isinstance(value, (int, float, bool)):
        return value
    return str(value)
