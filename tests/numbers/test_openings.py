"""The look-up of what a word can open leaves out no notation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kg.numbers import openings as op
from kg.numbers.atoms import read_atoms

TESTS = Path(__file__).parents[1]

#: One text for each measure and statistic of the tables, as its name may begin.
NAMES = """
standardised mean difference; standard mean difference; summary effect size; Cohen's d 0.3; Hedges' g 0.2; weighted mean
difference; weighed mean difference; absolute risk difference; risk difference; relative risk reduction; number needed to
treat; NNTB 5; adjusted mean difference; least-squares mean difference; between-group difference; pooled difference;
net difference; intergroup difference; inter-group difference; difference of 3; log odds ratio; odds ratio; hazard ratio;
sub-hazard ratio; subhazard ratio; incidence rate ratio; event rate ratio; incident rate ratio; rate ratio; relative rate; ratio
of geometric means; geometric mean ratio; prevalence ratio; area under the curve; c-statistic; C index; Pearson's
correlation; Spearman rank correlation; partial correlation coefficient; correlation coefficient; Cohen kappa; weighted
kappa; kappa; regression coefficient; beta coefficient; unstandardized coefficient; aOR 1.2; adj. OR 2; adjOR 2; csHR 1; sHR 2;
HRQ1 3; aIRR 2; RRR 5; ARR 5; adj RR 2; aPR = 2; sdMD 1; stMD 1; WMD 1; LSMD = 1; ES = 1; ARD = 1; AUROC = 0.7; GMR = 1; RoM = 1;
adjusted R2 = 0.4; adj. R2 = 0.4; r-squared = 0.2; rho = 0.3; r_s = 0.3; rs = 0.3; r(45) = 0.3; std. beta = 0.2; stand. B = 0.2;
bcoefficient = 2; Bvalue = 2; bs = 2; b = 2; d = 0.3; g = 0.2; I2 = 30%; I-squared = 30%; inconsistency index = 4; tau2 = 1; Tau-squared = 1;
chi2 = 4; Chi-square = 4; F(1, 20) = 3; t(20) = 3; z = 2; U = 30; W = 30; Cochran's Q = 3; df = 3; d.f. 3; n = 3; In = 5; partial eta2 = 0.1;
etap2 = 0.1; interquartile range; IQR 3; quartiles 1; percentiles 25-75; Q1-Q3; standard deviation; s.d. 3; SDs 3; stdev 2; std dev 2;
standard error of the mean; SEM 2; s.e.m. 2; min-max; minimum/maximum; ranging from 2; ranges 3; geometric mean; medians 3; adjusted mean 3;
LS means 3; estimated marginal mean 3; averages 3; averaging 3; averaged 3; confidence interval 1 to 2; credible intervals 1 to 2;
uncertainty interval 1 to 2; the 95% CI 1 to 2; two-sided 95% CI 1 to 2; 95% Cl 1 to 2; p value < 0.05; pvalue = 0.04; p for trend = 0.02;
ptrend = 0.02; two-sided p = 0.03; p = NS; twofold; ten-fold; twice; doubling; tripled; quadrupled; half the risk; halved; March 2004;
no deaths; none of the patients; twelve; a hundred; two thousand; percent; per cent 4; pct 3; fewer than 3; up to 5; a maximum of 4; as many as 3;
in excess of 3; exceeding 3; per 1000 person-years; for every 100 patients; per 100; 3 kg body weight; 4 international units; 5 beats per min;
https://a.b/c 3; NCT01234567; PMID: 1234; doi 10.1000/1; write to name@place.org 3; e.g. 3; Smith et al. 3; 3 v. 4; vitamin D3 3; IL-2 4
"""


def test_all_is_read_as_if_every_word_opened_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    notations = json.loads((TESTS / "numbers" / "notations.json").read_text(encoding="utf-8"))
    texts = re.findall(r'"((?:[^"\\]|\\.){20,})"', json.dumps(notations, ensure_ascii=False))
    assert len(texts) > 50
    texts += [page.read_text(encoding="utf-8") for page in (TESTS.parent / "corpus").glob("a*.*")]
    for name in map(str.strip, NAMES.split(";")):
        texts += [f"It was ({name} 0.5).", name.capitalize() + " 2.", f"In all {name} = 2; {name}"]
    found = [read_atoms(text) for text in texts]
    monkeypatch.setattr(op, "openings", lambda word: op.EVERYTHING)
    monkeypatch.setattr(op, "FOLLOWED", {})
    wrong = [
        (was, should)
        for text, atoms in zip(texts, found, strict=True)
        if atoms != (again := read_atoms(text))
        for was, should in zip(atoms, again, strict=False)
        if was != should
    ]
    assert wrong == []


def test_most_words_open_nothing() -> None:
    words = "women received vitamin supplements daily with breakfast until delivery".split()
    assert [op.openings(word) for word in words] == [0] * len(words)
