"""Readers and grammar against mutated bytes, in short; ``make fuzz`` is the long form."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faults.fuzz import run_own
from tests.faults.fuzz_targets import SEEDS, parse_numbers, read_all, targets


@pytest.mark.parametrize("name", targets())
def test_mutated_bytes_are_read_or_refused(name: str) -> None:
    runs = 20 if name in ("numbers", "text", "markdown", "html") else 60
    done, problems = run_own(name, seconds=120, seed=7, runs=runs)
    assert problems == {}
    assert done == runs


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(SEEDS)), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(form: str, data: bytes) -> None:
    read_all(data, form)


PIECES = st.sampled_from(
    ["RR", "95% CI", "0.84", "1,234", "−", "±", "(", ")", "[", "]", "to", "-", ";", "p <", "n =", "%", "10", "mg", "/d", " ", "\n",
     "mean", "SD", "·", "–", "weeks", "IU", "=", "/", ":", ",", "½", "①", "Ⅻ", "٣", "e", "×10", "million", "respectively", "\u202e"]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join))
def test_any_row_of_signs_is_parsed(text: str) -> None:
    parse_numbers(text.encode("utf-8", "surrogatepass"))


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
    ],
)
def test_what_fuzzing_has_found_stays_mended(name: str, data: str) -> None:
    targets()[name].work(data.encode())
