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
    return FrontMatter(end, {str(key): _plain(value) for key, value in values.items()}, "json")


def _read_yaml(text: str, start: int) -> FrontMatter:
    found = _YAML.match(text, start)
    if found is None or not _YAML_KEY.search(found[1]) or "&" in _anchors(found[1]):
        return FrontMatter()
    try:
        values = yaml.load(found[1], Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return FrontMatter()
    if not isinstance(values, dict):
        return FrontMatter()
    plain = {str(key): _plain(value) for key, value in values.items()}
    return FrontMatter(found.end(), plain, "yaml")


def _anchors(block: str) -> str:
    """Return the marks of YAML anchors, which could make a small block grow without bound."""
    return "".join(re.findall(r"(?:^|[:\-,\[]\s)\s*([&*])(?=\w)", block))


def _plain(value: Any, depth: int = 0) -> object:
    """Return a value of JSON types only; dates as ISO 8601."""
    if depth > _NESTING_LIMIT:
        return None
    if isinstance(value, dict):
        return {str(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
