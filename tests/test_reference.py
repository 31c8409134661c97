"""References as texts print them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.reference import REGISTRY_PREFIXES, find_references, parse_doi


@pytest.mark.parametrize(
    ("text", "curies"),
    [
        ("[doi: 10.1234/abc.2022.11214.](https://doi.org/10.1234/abc.2022.11214.)",
         ["doi:10.1234/abc.2022.11214"] * 2),
        ("https:// doi.org/10.1016/j.cca.2020.01.003", ["doi:10.1016/j.cca.2020.01.003"]),
        ("[doi: https](https://doi.org/https)://doi.org/10.1016/j.x.2015.1", ["doi:10.1016/j.x.2015.1"]),
        ("http://dx.doi.org/10.1016/j.jhep.2012.04.033, How", ["doi:10.1016/j.jhep.2012.04.033"]),
        ("(doi: 10.1016/S0140-6736(13)61500-7)", ["doi:10.1016/s0140-6736(13)61500-7"]),
        ("doi: l0.1093/aje/kws243. Epub 2013", ["doi:10.1093/aje/kws243"]),
        ("10.1124/jpet.112.197038", ["doi:10.1124/jpet.112.197038"]),
        ("doi:10.1001/jama.2012.207624. February 6, 2013", ["doi:10.1001/jama.2012.207624"]),
        ("PMID:     24320141", ["pubmed:24320141"]),
        ("https://www.ncbi.nlm.nih.gov/pubmed/28719693", ["pubmed:28719693"]),
        ("https://pubmed.ncbi.nlm.nih.gov/28719693/", ["pubmed:28719693"]),
        ("PMC3407873", ["pmc:PMC3407873"]),
        ("ClinicalTrials.gov (NCT00938600).", ["clinicaltrials:NCT00938600"]),
        ("NCT 00938600; ISRCTN 12345678", ["clinicaltrials:NCT00938600", "isrctn:ISRCTN12345678"]),
        ("EudraCT number 2010-123456-12", ["euclinicaltrials:2010-123456-12"]),
        ("PROSPERO (CRD42015016134)", ["prospero:CRD42015016134"]),
        ("ACTRN12612000123456", ["anzctr:ACTRN12612000123456"]),
        ("UMIN000001234", ["jprn:UMIN000001234"]),
        ("RR 10.1/5 and 10.2345 in 2010-12", []),
        ("25(OH)D was 10.1234/ml", []),
        ("NCT1234", []),
    ],
)  # fmt: skip
def test_references_are_found_and_normalised(text: str, curies: list[str]) -> None:
    assert [found.reference.curie for found in find_references(text)] == curies


@pytest.mark.parametrize("printed", ["", "10.", "10.1234", "doi: none", "10.12/x"])
def test_what_is_no_doi(printed: str) -> None:
    assert parse_doi(printed) is None


@given(st.text(alphabet="10.23/doi:xPMIDNCT ()[]-", max_size=60))
def test_found_places_lie_in_the_text(text: str) -> None:
    for found in find_references(text):
        assert 0 <= found.start_char < found.end_char <= len(text)
        assert found.reference.identifier
        assert ":" in found.reference.curie
    assert "clinicaltrials" in REGISTRY_PREFIXES
