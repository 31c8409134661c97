"""What every record is made of: frozen models, spans of the text, identifiers that are hashes of content."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648, in small letters
_PAIRS = [one + two for one in _BASE32 for two in _BASE32]


def content_id(kind: str, key: Any) -> str:
    """Return ``<kind>-<26 characters>``: base32 of the first 128 bits of SHA-256 over canonical JSON.

    Strings are NFC with runs of white space folded, numbers canonical, nulls left out, so the
    identifier depends on content alone and workers need not talk.
    """
    canonical = _CANONICAL.encode([kind, _canonical(key)])
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).digest()
    bits = int.from_bytes(digest[:16]) << 2  # 130 bits: thirteen pairs of characters
    return f"{kind}-" + "".join([_PAIRS[bits >> place & 1023] for place in range(120, -1, -10)])


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _canonical(value: Any) -> Any:
    if value is None or type(value) is int:
        return value
    if isinstance(value, str):
        return _folded(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {k: _canonical(v) for k, v in value.items() if v is not None}
    if isinstance(value, (list, tuple)):
        return [_canonical(v) for v in value]
    return value


class FrozenRecord(BaseModel):
    """Base of all records: frozen, no unknown fields, no NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Span(FrozenRecord):
    """A stretch of ``document.text``, end excluded."""

    start_char: Annotated[int, Field(ge=0)]
    end_char: Annotated[int, Field(ge=0)]
    text: str

    @model_validator(mode="after")
    def _length_fits(self) -> Span:
        if self.end_char - self.start_char != len(self.text):
            raise ValueError("a span's text must be as long as its offsets say")
        return self


Evidence = tuple[Span, ...]
