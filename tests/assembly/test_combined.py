"""Names of what was given together, and of the two sides of a comparison."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.assembly.annotation import MentionLabel, TaggedMention
from kg.assembly.combined import find_joins, find_partings, is_combined
from kg.assembly.evidence import make_context, read_evidence
from kg.assembly.phrase import Phrase
from kg.pipeline import annotate, make_nlp
from tests.assembly.make_reading import make_reading


def _phrases(text: str, **tagged: MentionLabel) -> dict[str, Phrase]:
    """Return the phrases of a text whose words are tagged, by name."""
    reading = make_reading(text, "results")
    mentions = []
    for words, kind in tagged.items():
        cut = words.replace("_", " ")
        start = text.index(cut)
        mentions.append(TaggedMention(kind, start, start + len(cut), cut, 0.5))
    annotation = replace(annotate(make_nlp(), reading), mentions=tuple(mentions))
    return {p.raw: p for p in make_context(reading, annotation, read_evidence(reading)).phrases}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Zinc plus copper reduced falls.", "Zinc plus copper"),
        ("Zinc combined with copper reduced falls.", "Zinc combined with copper"),
        ("Zinc (a trace metal) + copper reduced falls.", "Zinc + copper"),
        ("Zinc (Zn) in combination with copper reduced falls.", "Zinc (Zn) in combination with copper"),
    ],
)  # fmt: skip
def test_what_was_given_together_is_one_name(text: str, name: str) -> None:
    found = _phrases(text, Zinc="intervention", copper="intervention")
    assert not {"Zinc", "copper"} & set(found)
    assert found[name].score("intervention") == 0.5


def test_a_group_of_the_combination_keeps_its_word() -> None:
    found = _phrases(
        "Pain fell in the zinc plus copper group.", zinc="intervention", copper="intervention"
    )
    assert "zinc plus copper group" in found


def test_what_nobody_was_given_is_not_joined() -> None:
    assert "nausea plus pain" not in _phrases(
        "Most reported nausea plus pain.", nausea="outcome", pain="outcome"
    )


def test_a_comparison_has_two_names() -> None:
    text = "We compared zinc plus copper with placebo in men."
    found = _phrases(text, zinc_plus_copper_with_placebo="comparator")
    assert {"zinc plus copper", "placebo"} <= set(found)
    assert not any(" with placebo" in name for name in found)
    assert found["zinc plus copper"].score("intervention") >= 0.5
    assert found["placebo"].score("comparator") >= 0.5


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("We compared zinc with copper.", ("zinc", "copper.")),
        ("A trial comparing singing classes to usual care.", ("singing classes", "usual care.")),
        (
            "A comparison of zinc with or without iron with tea.",
            ("zinc with or without iron", "tea."),
        ),
    ],
)
def test_the_sides_of_a_comparison_are_parted(text: str, sides: tuple[str, str]) -> None:
    [(start, end)] = find_partings(text)
    assert text[:start].endswith(sides[0])
    assert text[end:] == sides[1]


@pytest.mark.parametrize(
    "text",
    [
        "Pain was lower compared with placebo to a small degree.",
        "We compared two doses of zinc with tea.",
        "We compared pain in men with asthma.",
        "We compared zinc combined with tea.",
        "Comparing them. Men with asthma did worse.",
    ],
)
def test_what_says_more_of_one_side_parts_nothing(text: str) -> None:
    assert not find_partings(text)


def test_a_combination_is_something_else_than_its_part() -> None:
    assert is_combined("zinc + copper")
    assert not is_combined("CD4+ cells")
    assert not list(find_joins("AH+ and B+C"))


def test_a_name_does_not_begin_with_its_unit() -> None:
    found = _phrases("They drank 306 g of macrogol.", g_of_macrogol="intervention")
    assert "macrogol" in found
    assert "g of macrogol" not in found
    assert "min walk distance" in _phrases(
        "The 6 min walk distance rose.", min_walk_distance="outcome"
    )
