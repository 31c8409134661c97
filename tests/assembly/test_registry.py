"""The names of a study, one entry for what is the same name."""

from __future__ import annotations

import pytest

from kg.assembly.registry import Registry


@pytest.mark.parametrize(("barest", "kept"), [(True, "vitamin D"), (False, "vitamin D level")])
def test_a_name_is_entered_once_and_its_spelling_chosen(barest: bool, kept: str) -> None:
    registry = Registry("intervention", "study", barest=barest)
    first = registry.add("vitamin D level")
    assert registry.add("vitamin D") == first != registry.add("vitamin C")
    assert list(registry.labels.values()) == [kept, "vitamin C"]
