"""Front matter that is out to harm: it is text of the body, never an end of the process."""

from __future__ import annotations

import time

import pytest

from kg.readers import read_bytes
from kg.readers.front_matter import read_front_matter

BOMB = "k: [&a [1,1,1,1,1,1,1,1,1,1]" + "".join(
    f",&{name} [{','.join([f'*{before}'] * 10)}]"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    "block",
    [
        "a: " + "[" * 100_000 + "]" * 100_000,  # the loader descends in C: this ended the process
        "a:\n" + "- " * 100_000 + "x",
        "a: " + "{a: " * 90_000 + "1" + "}" * 90_000,
        BOMB + "]",  # ten thousand million numbers in 400 characters
        "a: &x [1]\nb: *x",
        "a: " + "1:" * 100_000 + "1",  # base 60
        "a: 0x" + "f" * 100_000,
        'a: !!int ""',
        "a: !!bool maybe",
        "a: !!timestamp soon",
        'a: !!float ""',
        "a: !!python/object/apply:os.system [true]",
        "a: 2020-99-99",
    ],
    ids=lambda block: block[:24].replace("\n", " "),
)
def test_yaml_that_cannot_be_loaded_is_text(block: str) -> None:
    text = f"---\n{block}\n---\nThe risk was lower (RR 0.84).\n"
    start = time.process_time()
    assert read_front_matter(text).end_char == 0
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "block",
    ['{"title":' * 60_000 + "1" + "}" * 60_000, '{"title":' + "[" * 60_000 + "]" * 60_000 + "}"],
)
def test_json_that_nests_deeply_is_text(block: str) -> None:
    assert read_front_matter(block + "\nText.").end_char == 0


def test_values_that_no_file_can_hold_are_read() -> None:
    page = b'{"title": "\\ud800 in a title", "date": 1e999, "draft": NaN}\nThe risk was lower.\n'
    reading = read_bytes(page, "a.md")
    assert "in a title" in (reading.document.title or "")
    reading.document.model_dump_json()


def test_plain_front_matter_is_read() -> None:
    found = read_front_matter("---\ntitle: A & B\ndate: 2020-01-02\ntags: [a, b]\n---\nText")
    assert found.values == {"title": "A & B", "date": "2020-01-02", "tags": ["a", "b"]}
