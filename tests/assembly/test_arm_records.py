"""Which interventions an arm was given: those that name it, and those of its values."""

from __future__ import annotations

from collections import Counter

import pytest

from kg.assembly.arm_records import with_what_was_given
from kg.records import Arm


def arm(name: str, *interventions: str) -> Arm:
    return Arm(id=name, label=name, role="experimental", interventions=interventions)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({("timolol", "A"): 1}, ["a", "timolol"]),  # a code is given what its values go with
        ({("b", "A"): 2}, ["a"]),  # what names another arm is that arm's
        ({("timolol", "A"): 2, ("timolol", "B"): 1}, ["a", "timolol"]),  # most of its values
        ({("timolol", "A"): 1, ("timolol", "B"): 1}, ["a"]),  # nobody can tell
        ({}, ["a"]),
    ],
)
def test_an_arm_is_given_what_its_values_go_with(
    given: dict[tuple[str, str], int], expected: list[str]
) -> None:
    arms = {"A": arm("A", "a"), "B": arm("B", "b")}
    found = with_what_was_given(arms, Counter(given))
    assert list(found["A"].interventions) == expected
    assert list(found["B"].interventions) == ["b"]
    assert arms["A"].interventions == ("a",)
