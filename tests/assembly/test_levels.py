"""Values of people by a level of an exposure, and estimates at such levels."""

from __future__ import annotations

from kg.extract import make_extractor
from kg.readers import read_bytes
from kg.records import Study


def study_of(said: str) -> Study:
    page = (
        "# Zinc and falls: a cohort study\n\nWe measured serum zinc in 2,000 older adults and followed them for five years. "
        f"{said}\n"
    )
    return make_extractor()(read_bytes(page.encode(), "page.md")).studies[0]


def exposures(study: Study) -> dict[float | None, tuple[str | None, str | None]]:
    names = {i.id: i.label for i in study.interventions}
    return {
        e.value: (names.get(e.intervention or ""), names.get(e.comparator or ""))
        for e in study.effects
    }


def test_shares_of_people_at_two_levels_are_of_their_levels() -> None:
    found = exposures(study_of("Falls occurred in 24.8% of adults below 70 µg/dL and 8.1% of those with 90 µg/dL or more."))  # fmt: skip
    assert found[24.8] == ("below 70 µg/dL", "90 µg/dL or more")
    assert found[8.1] == ("90 µg/dL or more", "below 70 µg/dL")


def test_a_level_keeps_the_name_before_it() -> None:
    found = exposures(study_of("The prevalence of falls was 7.4% with zinc below 70 µg/dL and 2.8% with 90 µg/dL or more."))  # fmt: skip
    assert found[7.4] == ("zinc below 70 µg/dL", "90 µg/dL or more")


def test_ratios_at_levels_are_of_their_levels() -> None:
    found = exposures(study_of("The hazard ratio of falls was 0.80 (95% CI 0.73 to 0.88) at 70 µg/dL and 0.66 (0.56 to 0.78) at 90 µg/dL."))  # fmt: skip
    assert (found[0.8][0], found[0.66][0]) == ("70 µg/dL", "90 µg/dL")


def test_one_level_alone_is_no_exposure() -> None:
    found = exposures(study_of("Zinc below 70 µg/dL was seen in 12% of women and 14% of men."))
    assert "70" not in (found[12.0][0] or "") + (found[14.0][0] or "")


def test_what_people_had_is_no_level_they_are_told_by() -> None:
    found = exposures(study_of("Of the women 84% had zinc below 90 µg/dL and 40% were below 70 µg/dL."))  # fmt: skip
    assert {84.0, 40.0} <= found.keys()
    assert not any("µg" in (name or "") for names in found.values() for name in names)


def test_estimates_compare_the_levels_that_their_sentence_tells() -> None:
    said = (
        "Those above 90 µg/dL had a lower risk of falls than those below 70 µg/dL (HR 0.48, 95% CI 0.33 to 0.70). Compared with adults at or above "
        "120 µg/dL, the odds ratio of a fracture was 1.22 (95% CI 0.81 to 1.84) at 70-89 µg/dL and 2.71 (1.60 to 4.58) below 60 µg/dL."
    )
    found = exposures(study_of(said))
    assert found[0.48] == ("above 90 µg/dL", "below 70 µg/dL")
    assert found[1.22] == ("70-89 µg/dL", "at or above 120 µg/dL")
    assert found[2.71] == ("below 60 µg/dL", "at or above 120 µg/dL")
