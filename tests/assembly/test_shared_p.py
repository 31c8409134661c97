"""A p value that compares two arms stands with the values of both."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.extract import make_extractor
from kg.readers import read

METHODS = "Methods: Sixty adults were randomly assigned to metformin (n = 31) or placebo (n = 29).\n\nResults: "


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Relapse was seen in 21% of the patients given metformin for six weeks, while it was seen in 44% of those given placebo (p = 0.01).",
            {21: "0.01", 44: "0.01"},
        ),
        ("Relapse was seen in 21% of the metformin group. Of the placebo group, 44% had a relapse (p = 0.01).", {21: None, 44: "0.01"}),
    ],
)  # fmt: skip
def test_a_p_behind_the_second_arm_is_of_both(
    tmp_path: Path, text: str, wanted: dict[float, str | None]
) -> None:
    (tmp_path / "page.txt").write_text(METHODS + text, encoding="utf-8")
    record = make_extractor()(read(tmp_path / "page.txt"))
    found = {e.value: e.printed.p for s in record.studies for e in s.effects if e.value in wanted}
    assert found == wanted
