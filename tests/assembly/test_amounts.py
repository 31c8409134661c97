"""Groups that are told by their amounts alone."""

from __future__ import annotations

import pytest

from kg.extract import make_extractor
from kg.readers import read_bytes

Groups = tuple[str | None, str | None]


def groups_of(said: str) -> dict[float | None, Groups]:
    page = (
        "# Zinc in pregnancy: a randomised trial\n\nMETHODS: 300 women were randomised to zinc 40 mg, 20 mg or 10 mg a day for 12 weeks.\n"
        f"{said}\n"
    )
    study = make_extractor()(read_bytes(page.encode(), "page.md")).studies[0]
    names = {i.id: i.label for i in study.interventions}
    return {e.value: (names.get(e.intervention or ""), names.get(e.comparator or "")) for e in study.effects}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "value", "groups"),
    [
        (
            "RESULTS: Compared with 10 mg, the risk of preterm birth was lower with 40 mg (RR 0.43, 95% CI 0.21 to 0.87) but not with 20 mg (RR 0.78, 95% CI 0.44 to 1.38).",
            0.43, ("zinc 40 mg", "zinc 10 mg"),
        ),
        (
            "RESULTS: Compared with 10 mg, the risk of preterm birth was lower with 40 mg (RR 0.43, 95% CI 0.21 to 0.87) but not with 20 mg (RR 0.78, 95% CI 0.44 to 1.38).",
            0.78, ("zinc 20 mg", "zinc 10 mg"),
        ),
        ("RESULTS: Birth weight was 118 g higher with 40 mg than with 10 mg (95% CI 22 to 214).", 118.0, ("zinc 40 mg", "zinc 10 mg")),
    ],
)  # fmt: skip
def test_estimates_are_of_the_amounts_their_sentence_tells(
    said: str, value: float, groups: Groups
) -> None:
    assert groups_of(said)[value] == groups


def test_values_are_of_the_amount_behind_them() -> None:
    found = groups_of("RESULTS: Nausea was reported by 22.0% of those on 40 mg, 16.1% on 20 mg and 7.8% on 10 mg (P = .04).")  # fmt: skip
    assert [found[value][0] for value in (22.0, 16.1, 7.8)] == ["zinc 40 mg", "zinc 20 mg", "zinc 10 mg"]  # fmt: skip


def test_what_is_measured_in_an_amount_is_of_no_group() -> None:
    found = groups_of("RESULTS: Serum zinc was 20 mg higher in women on iron (95% CI 5 to 35).")
    assert found[20.0][0] != "zinc 20 mg"
