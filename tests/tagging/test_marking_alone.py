"""A result sentence that stands alone is marked as tables name things: arms with their "group", no times."""

from __future__ import annotations

import pytest

from kg.extract import make_extractor
from kg.readers import read
from kg.records import Record

TEXT = (
    "At 12 weeks, mean intraocular pressure was 17.9 mmHg in the travoprost group and 19.4 mmHg in the"
    " timolol group."
)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """Return the record of the sentence, by the default model."""
    path = tmp_path_factory.mktemp("text") / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    return make_extractor()(read(path))


def test_arms_are_marked_whole_and_times_are_not(record: Record) -> None:
    marked = {m.text for m in record.mentions if m.kind in ("intervention", "comparator")}
    assert {"travoprost group", "timolol group"} <= marked
    outcomes = [m.text for m in record.mentions if m.kind == "outcome"]
    assert outcomes == ["mean intraocular pressure"]


def test_each_value_goes_with_its_arm(record: Record) -> None:
    (study,) = record.studies
    arms = {arm.id: arm.label for arm in study.arms}
    found = {e.value: arms[e.arm] for e in study.effects if e.arm is not None}
    assert found == {17.9: "travoprost group", 19.4: "timolol group"}
