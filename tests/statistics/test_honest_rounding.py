"""Honest rounding raises no alarm: ten thousand simulated reports, every check run on each."""

from __future__ import annotations

from collections import Counter

import numpy as np
from honest import simulate

from kg.statistics.checks import check_record

REPORTS = 10_000


def test_honest_reports_raise_no_alarm() -> None:
    rng = np.random.default_rng(20)
    alarms: list[str] = []
    told: Counter[str] = Counter()
    reports = 0
    while reports < REPORTS:
        for record in simulate(rng):
            reports += 1
            checked = check_record(record)
            for effect in checked.studies[0].effects:
                told.update(check.code for check in effect.checks)
                alarms += [
                    f"{check.code}: {check.message} | {effect.evidence[0].text}"
                    for check in effect.checks
                    if check.severity != "info" or check.code.startswith("p_")
                ]
            alarms += [notice.message for notice in checked.notices]
    assert alarms == []
    assert set(told) <= {"skewed"}, "what is no alarm is also told of honest numbers"
