"""Readers and grammar against mutated bytes, in short; ``make fuzz`` is the long form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kg.readers.formats import FORMATS
from tests.faults.fuzz import run_own
from tests.faults.fuzz_targets import SEEDS, parse_doses, parse_numbers, read_all, targets, zipped
from tests.faults.strategies import FILES, PIECES


@pytest.mark.parametrize("name", targets())
def test_mutated_bytes_are_read_or_refused(name: str) -> None:
    runs = 20 if name in ("numbers", "text", "markdown", "html") else 60
    done, problems = run_own(name, seconds=120, seed=7, runs=runs)
    assert problems == {}
    assert done == runs


QUICK = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a failure is small as it is
)


def test_every_format_is_fuzzed() -> None:
    assert FORMATS.keys() - SEEDS.keys() == {"bzip2", "xz"}, "opened as gzip is"
    assert FORMATS.keys() - FILES.keys() == {"pdf", "zip", "tar", "gzip", "bzip2", "xz"}


@pytest.mark.parametrize("form", FILES)
def test_any_file_of_a_format_is_read_or_refused(form: str) -> None:
    @QUICK
    @given(FILES[form])
    def check(data: bytes) -> None:
        read_all(data, form)

    check()


@QUICK
@given(st.sampled_from(sorted(SEEDS)), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(form: str, data: bytes) -> None:
    read_all(data, form)


ROWS = st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join)


@pytest.mark.parametrize("parse", [parse_numbers, parse_doses])
def test_any_row_of_signs_is_parsed(parse: Callable[[bytes], None]) -> None:
    @QUICK
    @given(ROWS)
    def check(text: str) -> None:
        parse(text.encode("utf-8", "surrogatepass"))

    check()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("dates", "٣202"),  # digits of another script are none in a date …
        ("identifiers", "PMID: 𝟗12345"),  # … nor in a PubMed number
        ("identifiers", "CRD420181٣12345"),
        (
            "jats",
            "<article><body><sec><p>RR 0.84</p><table><tr><td>1</td><td colspan='2①'>2</td></tr></table></sec></body></article>",
        ),
        ("nbib", "PMID- ١٢٣\nTI  - A\nAB  - RR 0.84\n"),
        ("zip", zipped({"\0": "RR 0.84"})),  # a member without a name
        ("zip", zipped({"a.txt": "RR 0.84"})[5:]),  # a member that begins before the file does
    ],
)
def test_what_fuzzing_has_found_stays_mended(name: str, data: str | bytes) -> None:
    targets()[name].work(data.encode() if isinstance(data, str) else data)
