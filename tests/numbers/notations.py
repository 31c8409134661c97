"""Printed number expressions and what they say, one tuple each: the text, and the fields of every reading.

Fields that are not named must be empty, except offsets, printed digits and places in lists.
"""

from __future__ import annotations

# fmt: off
NOTATIONS: list[tuple[str, list[dict[str, object]]]] = [
    ('HR, 0.91; 95% confidence interval, 0.85-0.97; P = .004', [
        dict(measure='HR', value=0.91, ci_level=95, ci_low=0.85, ci_high=0.97, p_operator='=', p_value=0.004),
    ]),
    ('rate ratio = 0.56, 95% confidence interval: 0.35, 0.90, P for trend = 0.03', [
        dict(measure='IRR', value=0.56, ci_level=95, ci_low=0.35, ci_high=0.9, p_operator='=', p_value=0.03, p_kind='trend'),
    ]),
    ('pooled HR of 0.92 (95% confidence interval: 0.89-0.95) for a 20nmol/l increase', [
        dict(measure='HR', value=0.92, ci_level=95, ci_low=0.89, ci_high=0.95, per='a 20nmol/l'),
    ]),
    ('relative risk 1.04, 95% confidence interval 0.97 to 1.11', [
        dict(measure='RR', value=1.04, ci_level=95, ci_low=0.97, ci_high=1.11),
    ]),
    ('2.23 [95% confidence interval (CI): 1.31–3.79]', [
        dict(value=2.23, ci_level=95, ci_low=1.31, ci_high=3.79),
    ]),
    ('OR=6.37 (95% CI, 1.57-25.8)', [
        dict(measure='OR', value=6.37, ci_level=95, ci_low=1.57, ci_high=25.8),
    ]),
    ('hazard ratio [HR], 1.63 [95% CI, 1.01-2.63]; P = .05', [
        dict(measure='HR', value=1.63, ci_level=95, ci_low=1.01, ci_high=2.63, p_operator='=', p_value=0.05),
    ]),
    ('RR 0.97 (95% confidence interval (CI) 0.94 to 0.99); P = 0.02; I2 = 0%', [
        dict(measure='RR', value=0.97, ci_level=95, ci_low=0.94, ci_high=0.99, p_operator='=', p_value=0.02, i2=0),
    ]),
    ('risk ratio, 0.17; 95% confidence interval, 0.04 to 0.77; P=0.009', [
        dict(measure='RR', value=0.17, ci_level=95, ci_low=0.04, ci_high=0.77, p_operator='=', p_value=0.009),
    ]),
    ('odds ratio = 1.045, 95% confidence interval = 1.024, 1.067, P <0.0001', [
        dict(measure='OR', value=1.045, ci_level=95, ci_low=1.024, ci_high=1.067, p_operator='<', p_value=0.0001),
    ]),
    ('HRQ4 vs. Q1 = 1.06, 95% CI: 1.02, 1.11', [
        dict(measure='HR', value=1.06, ci_level=95, ci_low=1.02, ci_high=1.11, per='Q4 vs. Q1'),
    ]),
    ('odds ratio (95% confidence interval), 1.58(1.12-2.22)', [
        dict(measure='OR', value=1.58, ci_level=95, ci_low=1.12, ci_high=2.22),
    ]),
    ('odds ratio (95% confidence interval) = 1.41 (1.02-1.95)', [
        dict(measure='OR', value=1.41, ci_level=95, ci_low=1.02, ci_high=1.95),
    ]),
    ('OR (95% confidence interval: CI) 0.85 (0.74, 0.98)', [
        dict(measure='OR', value=0.85, ci_level=95, ci_low=0.74, ci_high=0.98),
    ]),
    ('OR = 1.58 [1.29–1.94], p = 1.11e-05', [
        dict(measure='OR', value=1.58, ci_low=1.29, ci_high=1.94, p_operator='=', p_value=1.11e-05),
    ]),
    ('RR = 0.67 [0.40, 1.11]', [
        dict(measure='RR', value=0.67, ci_low=0.4, ci_high=1.11),
    ]),
    ('hazard ratio of 1.46 (1.35-1.58)', [
        dict(measure='HR', value=1.46, ci_low=1.35, ci_high=1.58),
    ]),
    ('adjusted odds ratio 0.5; 95% CI 0.3-0.9', [
        dict(measure='OR', value=0.5, ci_level=95, ci_low=0.3, ci_high=0.9, adjusted=True),
    ]),
    ('OR(adj) = 1.83 95% CI = 1.19 to 2.82; P = .006', [
        dict(measure='OR', value=1.83, ci_level=95, ci_low=1.19, ci_high=2.82, p_operator='=', p_value=0.006, adjusted=True),
    ]),
    ('OR = 2.66, 95% confidence interval (95% CI) 1.42 to 4.98, P= .002, I2= 68%', [
        dict(measure='OR', value=2.66, ci_level=95, ci_low=1.42, ci_high=4.98, p_operator='=', p_value=0.002, i2=68),
    ]),
    ('OR 1.93 , 95% CI 1.21-3.08, P = .006', [
        dict(measure='OR', value=1.93, ci_level=95, ci_low=1.21, ci_high=3.08, p_operator='=', p_value=0.006),
    ]),
    ('RR: 0.402, CI: 0.20, 0.82; p = 0.013', [
        dict(measure='RR', value=0.402, ci_low=0.2, ci_high=0.82, p_operator='=', p_value=0.013),
    ]),
    ('IRR: 1.09; 95% CI: 0.46, 2.60', [
        dict(measure='IRR', value=1.09, ci_level=95, ci_low=0.46, ci_high=2.6),
    ]),
    ('per A allele: OR, 1.10; 95% CI, 1.04-1.17; Ptrend = 0.002', [
        dict(measure='OR', value=1.1, ci_level=95, ci_low=1.04, ci_high=1.17, p_operator='=', p_value=0.002, p_kind='trend'),
    ]),
    ('OR=1.95, P=0.001 and TPO-Ab(+)/US(+); OR=2.36', [
        dict(measure='OR', value=1.95, p_operator='=', p_value=0.001),
        dict(measure='OR', value=2.36),
    ]),
    ('OR = 4.7, P = .05', [
        dict(measure='OR', value=4.7, p_operator='=', p_value=0.05),
    ]),
    ('odds ratio 14 , 95% confidence interval 1.2 to 158, p = 0.03', [
        dict(measure='OR', value=14, ci_level=95, ci_low=1.2, ci_high=158, p_operator='=', p_value=0.03),
    ]),
    ('OR = 0.90, 95 % CI 0.84-0.96, P = 0.0007', [
        dict(measure='OR', value=0.9, ci_level=95, ci_low=0.84, ci_high=0.96, p_operator='=', p_value=0.0007),
    ]),
    ('| Unadjusted rate ratio (95% CI) | 1.11 (0.86, 1.43) | 1.10 (0.94, 1.29) | 1.0 |', [
        dict(measure='IRR', value=1.11, ci_level=95, ci_low=0.86, ci_high=1.43, pairing='list'),
        dict(measure='IRR', value=1.1, ci_level=95, ci_low=0.94, ci_high=1.29, pairing='list'),
        dict(measure='IRR', value=1, pairing='list'),
    ]),
    ('3.5 (95% CI 2.0, 6.0), 2.5 (1.5, 4.2), 0.8 (0.4, 1.4)', [
        dict(value=3.5, ci_level=95, ci_low=2, ci_high=6, pairing='list'),
        dict(value=2.5, ci_level=95, ci_low=1.5, ci_high=4.2, pairing='list'),
        dict(value=0.8, ci_level=95, ci_low=0.4, ci_high=1.4, pairing='list'),
    ]),
    ('(RR, 0.91; 95% CI, 0.85 to 0.98; RD, ?0.01; 95% CI, ?0', [
        dict(measure='RR', value=0.91, ci_level=95, ci_low=0.85, ci_high=0.98),
        dict(measure='RD', value=-0.01),
    ]),
    ('(fully adjusted hazard ratio = 1.00; 95% confidence interval = 0.77–1.31)', [
        dict(measure='HR', value=1, ci_level=95, ci_low=0.77, ci_high=1.31, adjusted=True),
    ]),
    ('2.86-fold (95% CI: 1.28-, 6.41-fold)', [
        dict(measure='fold_change', value=2.86, ci_level=95, ci_low=1.28, ci_high=6.41),
    ]),
    ('hazard ratios of type 2 diabetes were 1.22 (95% CI 0.85-1.74)', [
        dict(measure='HR', value=1.22, ci_level=95, ci_low=0.85, ci_high=1.74),
    ]),
    ('ORs of 1.814 (95% CI 0.865 to 3.803) and 1.007 (95% CI 0.888 to 1.142), respecti', [
        dict(measure='OR', value=1.814, ci_level=95, ci_low=0.865, ci_high=3.803, pairing='list'),
        dict(measure='OR', value=1.007, ci_level=95, ci_low=0.888, ci_high=1.142, pairing='list'),
    ]),
    ('SMD = -1.046, 95%CI = -1.366, -0.726', [
        dict(measure='SMD', value=-1.046, ci_level=95, ci_low=-1.366, ci_high=-0.726),
    ]),
    ('SMD, -1.33; 95% CI, -2.44 to -0.21', [
        dict(measure='SMD', value=-1.33, ci_level=95, ci_low=-2.44, ci_high=-0.21),
    ]),
    ('WMD: − 3.41 ng/ml, 95% CI − 5.02, − 1.80, p = < 0.001', [
        dict(measure='WMD', value=-3.41, unit='ng/mL', ci_level=95, ci_low=-5.02, ci_high=-1.8, p_operator='<', p_value=0.001),
    ]),
    ('−3.56 mm Hg (95% confidence interval, −6.46 to −0.66)', [
        dict(measure='MD', value=-3.56, unit='mm[Hg]', ci_level=95, ci_low=-6.46, ci_high=-0.66),
    ]),
    ('was -5.91 ng/mL [95% confidence interval (CI) -10.68, -1.14]', [
        dict(measure='MD', value=-5.91, unit='ng/mL', ci_level=95, ci_low=-10.68, ci_high=-1.14),
    ]),
    ('0.3 point difference; 95% confidence interval -0.8 to 1.5; P = 0.56', [
        dict(measure='MD', value=0.3, unit='{points}', ci_level=95, ci_low=-0.8, ci_high=1.5, p_operator='=', p_value=0.56),
    ]),
    ('46 g [95% confidence interval (CI), 9-82 g]', [
        dict(value=46, unit='g', ci_level=95, ci_low=9, ci_high=82),
    ]),
    ('β = 2.60; 95% CI 0.63-4.56', [
        dict(measure='beta', value=2.6, ci_level=95, ci_low=0.63, ci_high=4.56),
    ]),
    ('coefficient=- 1.59 , 95% CI -3.27, 0.08, p trend=0.060', [
        dict(measure='beta', value=-1.59, ci_level=95, ci_low=-3.27, ci_high=0.08, p_operator='=', p_value=0.06, p_kind='trend'),
    ]),
    ('β; 0.007[0.001, 0.013], p = 0.02', [
        dict(measure='beta', value=0.007, ci_low=0.001, ci_high=0.013, p_operator='=', p_value=0.02),
    ]),
    ('r=0.628, p<0.001', [
        dict(measure='r', value=0.628, p_operator='<', p_value=0.001),
    ]),
    ('r(p)=0.22, p=0.002', [
        dict(measure='r', value=0.22, p_operator='=', p_value=0.002),
    ]),
    ('r = -0.352 |', [
        dict(measure='r', value=-0.352),
    ]),
    ('scored 0.8 (95 % confidence interval 0.4-1.2), 0.9 (0.3-1.5)', [
        dict(value=0.8, ci_level=95, ci_low=0.4, ci_high=1.2, pairing='list'),
        dict(value=0.9, ci_level=95, ci_low=0.3, ci_high=1.5, pairing='list'),
    ]),
    ('ROC曲线下面积为0. 760(95% C/:0.692 ~0. 820，P <0. 01)', [
        dict(measure='AUC', value=0.76, ci_level=95, ci_low=0.692, ci_high=0.82, p_operator='<', p_value=0.01),
    ]),
    ('number needed to treat was nine', [
        dict(measure='NNT', value=9),
    ]),
    ('[RR = 1.59, 95%CI = 1.07-2.36, 488/812 (60%) vs 278/875 (32%)]', [
        dict(measure='RR', value=1.59, ci_level=95, ci_low=1.07, ci_high=2.36),
        dict(measure='percent', value=60, unit='%', events=488, total=812, pairing='vs'),
        dict(measure='percent', value=32, unit='%', events=278, total=875, pairing='vs'),
    ]),
    ('(8/99: 8.1% )', [
        dict(measure='percent', value=8.1, unit='%', events=8, total=99),
    ]),
    ('74.1% (95%CI = 71.8–76.5%)', [
        dict(measure='percent', value=74.1, unit='%', ci_level=95, ci_low=71.8, ci_high=76.5),
    ]),
    ('32.6% (95% CI, 32.4%-32.8%) to 26.9% (95% CI, 26.7%-27.1%)', [
        dict(measure='percent', value=32.6, unit='%', ci_level=95, ci_low=32.4, ci_high=32.8, pairing='from-to'),
        dict(measure='percent', value=26.9, unit='%', ci_level=95, ci_low=26.7, ci_high=27.1, pairing='from-to'),
    ]),
    ('65% (95% confidence interval 54.7-74.0)', [
        dict(measure='percent', value=65, unit='%', ci_level=95, ci_low=54.7, ci_high=74),
    ]),
    ('(100.0 versus 77.5 %; p = 0.05)', [
        dict(measure='percent', value=100, unit='%', p_operator='=', p_value=0.05, pairing='vs'),
        dict(measure='percent', value=77.5, unit='%', p_operator='=', p_value=0.05, pairing='vs'),
    ]),
    ('24 (IQR 18–32) ng/mL', [
        dict(measure='median', value=24, unit='ng/mL', iqr_low=18, iqr_high=32),
    ]),
    ('16.47±5.88 versus 28.99±3.19 ng/mL (p<0.001)', [
        dict(measure='mean', value=16.47, unit='ng/mL', p_operator='<', p_value=0.001, sd=5.88, pairing='vs'),
        dict(measure='mean', value=28.99, unit='ng/mL', p_operator='<', p_value=0.001, sd=3.19, pairing='vs'),
    ]),
    ('16.6 +/- 8.5?ng', [
        dict(measure='mean', value=16.6, unit='ng', sd=8.5),
    ]),
    ('15.8 ng/ml (range, 5.2?29.4 ng/ml)', [
        dict(value=15.8, unit='ng/mL', range_low=5.2, range_high=29.4),
    ]),
    ('(24 vs. 10%, P = 0.06)', [
        dict(measure='percent', value=24, unit='%', p_operator='=', p_value=0.06, pairing='vs'),
        dict(measure='percent', value=10, unit='%', p_operator='=', p_value=0.06, pairing='vs'),
    ]),
    ('n = 129 206', [
    ]),
    ('2?011?935 people', [
    ]),
    ('Twelve LD women (13%) developed GDM versus seven (8%) HD women (P = 0·25)', [
        dict(measure='percent', value=13, unit='%', p_operator='=', p_value=0.25, events=12, pairing='vs'),
        dict(measure='percent', value=8, unit='%', p_operator='=', p_value=0.25, events=7, pairing='vs'),
    ]),
    ('6·7, 21·9, 40·1 and 75·6 %, respectively', [
        dict(measure='percent', value=6.7, unit='%', pairing='respectively'),
        dict(measure='percent', value=21.9, unit='%', pairing='respectively'),
        dict(measure='percent', value=40.1, unit='%', pairing='respectively'),
        dict(measure='percent', value=75.6, unit='%', pairing='respectively'),
    ]),
    ('p for trend ≤ 2 × 10(-3) )', [
        dict(p_operator='<=', p_value=0.002, p_kind='trend'),
    ]),
    ('P-interaction = 0.1', [
        dict(p_operator='=', p_value=0.1, p_kind='interaction'),
    ]),
    ('p = 0.00', [
        dict(p_operator='=', p_value=0),
    ]),
    ('p &lt; 0.001', [
        dict(p_operator='<', p_value=0.001),
    ]),
    ('P<0. 0001', [
        dict(p_operator='<', p_value=0.0001),
    ]),
    ('OR = 1.41, 95%CI 1.12 to 1.21', [
        dict(measure='OR', value=1.41, ci_level=95, ci_low=1.12, ci_high=1.21),
    ]),
    ('(0R:15, 95% CI:3.5-67)', [
        dict(measure='OR', value=15, ci_level=95, ci_low=3.5, ci_high=67),
    ]),
    ('(0R:9.3,95% CL2-44)', [
        dict(measure='OR', value=9.3, ci_level=95, ci_low=2, ci_high=44),
    ]),
    ('(0R:6,95% CI17-21)', [
        dict(measure='OR', value=6, ci_level=95, ci_low=17, ci_high=21),
    ]),
    ('11. 7% (35/300), P<0. 0001', [
        dict(measure='percent', value=11.7, unit='%', p_operator='<', p_value=0.0001, events=35, total=300),
    ]),
    ('mean total cholesterol (-1.9 mg/dl [95% CI (-1.2, -2.7 mg/dl)]', [
        dict(measure='MD', value=-1.9, unit='mg/dL', ci_level=95, ci_low=-2.7, ci_high=-1.2),
    ]),
    ('Odds ratio, 95% confidence interval: 1.85 (0.91 to 3.77)', [
        dict(measure='OR', value=1.85, ci_level=95, ci_low=0.91, ci_high=3.77),
    ]),
    ('-0.05 [-0.21, 0.11]%', [
        dict(measure='percent_change', value=-0.05, unit='%', ci_low=-0.21, ci_high=0.11),
    ]),
    ('0.5% (0.1-0.9; P=0.02)', [
        dict(measure='percent', value=0.5, unit='%', ci_low=0.1, ci_high=0.9, p_operator='=', p_value=0.02),
    ]),
    ('HR[95%CI] = 2.171 [1.545-3.051]', [
        dict(measure='HR', value=2.171, ci_level=95, ci_low=1.545, ci_high=3.051),
    ]),
    ('(OR = 0.1 95% CI 0.02-0.6)', [
        dict(measure='OR', value=0.1, ci_level=95, ci_low=0.02, ci_high=0.6),
    ]),
    ('59% (178 of 302)', [
        dict(measure='percent', value=59, unit='%', events=178, total=302),
    ]),
    ('8% [28 of 334] vs 1% [four of 313]', [
        dict(measure='percent', value=8, unit='%', events=28, total=334, pairing='vs'),
        dict(measure='percent', value=1, unit='%', events=4, total=313, pairing='vs'),
    ]),
    ('from 13 to six episodes, respectively', [
        dict(value=13, unit='{episodes}', pairing='from-to'),
        dict(value=6, unit='{episodes}', pairing='from-to'),
    ]),
    ('93.3% and 46.6%, respectively', [
        dict(measure='percent', value=93.3, unit='%', pairing='respectively'),
        dict(measure='percent', value=46.6, unit='%', pairing='respectively'),
    ]),
    ('p=7.3×10-5', [
        dict(p_operator='=', p_value=7.3e-05),
    ]),
    ('median 3.5 [2-7]', [
        dict(measure='median', value=3.5, iqr_low=2, iqr_high=7),
    ]),
    ('(MD = -13.10 ng/mL; 95% CI: -16.51 to -9.68; p < 0.00001)', [
        dict(measure='MD', value=-13.1, unit='ng/mL', ci_level=95, ci_low=-16.51, ci_high=-9.68, p_operator='<', p_value=1e-05),
    ]),
    ('(MD =-2.65 ng/mL; 95% CI: -11.31-6.01; p = 0.55)', [
        dict(measure='MD', value=-2.65, unit='ng/mL', ci_level=95, ci_low=-11.31, ci_high=6.01, p_operator='=', p_value=0.55),
    ]),
    ('(RR 0.84,95% CI 0.74-0.96)', [
        dict(measure='RR', value=0.84, ci_level=95, ci_low=0.74, ci_high=0.96),
    ]),
    ('treatment[SMD=-1.146, 95%CI (-1.591,-0.700), P<0.001].Besides', [
        dict(measure='SMD', value=-1.146, ci_level=95, ci_low=-1.591, ci_high=-0.7, p_operator='<', p_value=0.001),
    ]),
    ('before:12±7.04after:3±4.07NAMin', [
        dict(measure='mean', value=12, sd=7.04),
        dict(measure='mean', value=3, sd=4.07),
    ]),
    ('(summary effect size of the difference (ES) = −0.09 [95%CI:−0.16;−0.03])', [
        dict(measure='SMD', value=-0.09, ci_level=95, ci_low=-0.16, ci_high=-0.03),
    ]),
    ('ES = −0.31 [95%CI:−0.5;−0.09]', [
        dict(measure='SMD', value=-0.31, ci_level=95, ci_low=-0.5, ci_high=-0.09),
    ]),
    ('mean difference of TMT-B score = 12.47 [95%CI:6.78;18.16]', [
        dict(measure='MD', value=12.47, ci_level=95, ci_low=6.78, ci_high=18.16),
    ]),
    ('(standardized mean difference [SMD], 0.14; 95% confidence interval [CI], -0.33 to 0.05, p = .16)', [
        dict(measure='SMD', value=0.14, ci_level=95, ci_low=-0.33, ci_high=0.05, p_operator='=', p_value=0.16),
    ]),
    ('(5,920/47,472 (12.5%) vs 6,077/47,814 (12.7%); RR 0.97 (95% confidence interval (CI) 0.94 to 0.99); P = 0.02; I2 = 0%)', [
        dict(measure='percent', value=12.5, unit='%', events=5920, total=47472, pairing='vs'),
        dict(measure='percent', value=12.7, unit='%', events=6077, total=47814, pairing='vs'),
        dict(measure='RR', value=0.97, ci_level=95, ci_low=0.94, ci_high=0.99, p_operator='=', p_value=0.02, i2=0),
    ]),
    ('26 nmol/L (IQR: 19-35 nmol/L) and 32 nmol/L (IQR: 24-39 nmol/L) in the standard and stoss groups, respectively', [
        dict(measure='median', value=26, unit='nmol/L', iqr_low=19, iqr_high=35, pairing='respectively'),
        dict(measure='median', value=32, unit='nmol/L', iqr_low=24, iqr_high=39, pairing='respectively'),
    ]),
    ('(81 vs. 67 nmol/L; P = 0.005)', [
        dict(value=81, unit='nmol/L', p_operator='=', p_value=0.005, pairing='vs'),
        dict(value=67, unit='nmol/L', p_operator='=', p_value=0.005, pairing='vs'),
    ]),
    ('(CTL = 53.8 ng/mL, 25OHD3 = 57.4 ng/mL; P = 0.66)', [
        dict(value=53.8, unit='ng/mL', p_operator='=', p_value=0.66, pairing='list'),
        dict(value=57.4, unit='ng/mL', p_operator='=', p_value=0.66, pairing='list'),
    ]),
    ('litter size was larger (CTL = 10.2; 25OHD3 = 12.7; P = 0.04)', [
        dict(value=10.2, p_operator='=', p_value=0.04, pairing='list'),
        dict(value=12.7, p_operator='=', p_value=0.04, pairing='list'),
    ]),
    ('A 23% increase in pregnancy rate was observed in treated gilts (78% vs. 55%, respectively; P = 0.21)', [
        dict(measure='percent_change', value=23, unit='%', p_operator='=', p_value=0.21),
        dict(measure='percent', value=78, unit='%', p_operator='=', p_value=0.21, pairing='vs'),
        dict(measure='percent', value=55, unit='%', p_operator='=', p_value=0.21, pairing='vs'),
    ]),
    ('was 7±0.12, 6.8±0.2, 7.3±0.4, and 7.2±0.3 for 6 months, respectively (all P>0.05)', [
        dict(measure='mean', value=7, p_operator='>', p_value=0.05, sd=0.12, pairing='respectively'),
        dict(measure='mean', value=6.8, p_operator='>', p_value=0.05, sd=0.2, pairing='respectively'),
        dict(measure='mean', value=7.3, p_operator='>', p_value=0.05, sd=0.4, pairing='respectively'),
        dict(measure='mean', value=7.2, p_operator='>', p_value=0.05, sd=0.3, pairing='respectively'),
    ]),
    ('was 3±0.25, 1.76±0.37 (P<0.05), 2.14±0.29 (P<0.05), and 1.15±0.15 (P<0.05), respectively', [
        dict(measure='mean', value=3, sd=0.25, pairing='respectively'),
        dict(measure='mean', value=1.76, p_operator='<', p_value=0.05, sd=0.37, pairing='respectively'),
        dict(measure='mean', value=2.14, p_operator='<', p_value=0.05, sd=0.29, pairing='respectively'),
        dict(measure='mean', value=1.15, p_operator='<', p_value=0.05, sd=0.15, pairing='respectively'),
    ]),
    ('(28% [95% CI, 21%-34%] with vitamin D3 vs 29% [95% CI, 23%-35%] with placebo; adjusted hazard ratio, 0.9 [95% CI, 0.6-1.3])', [
        dict(measure='percent', value=28, unit='%', ci_level=95, ci_low=21, ci_high=34, pairing='vs'),
        dict(measure='percent', value=29, unit='%', ci_level=95, ci_low=23, ci_high=35, pairing='vs'),
        dict(measure='HR', value=0.9, ci_level=95, ci_low=0.6, ci_high=1.3, adjusted=True),
    ]),
    ('reporting 7044 deaths, 3993 cardiac deaths, and 1490 strokes', [
        dict(measure='count', value=7044, pairing='list'),
        dict(measure='count', value=3993, pairing='list'),
        dict(measure='count', value=1490, pairing='list'),
    ]),
    ('a 9% lower rate of death and an 11% lower rate of heart attack', [
        dict(measure='percent_change', value=-9, unit='%', pairing='list'),
        dict(measure='percent_change', value=-11, unit='%', pairing='list'),
    ]),
    ('reduces fall risk by 19%', [
        dict(measure='percent_change', value=-19, unit='%'),
    ]),
    ('3.2 X more likely', [
        dict(measure='fold_change', value=3.2),
    ]),
    ('the risk doubled', [
    ]),
    ('half the number of asthma attacks', [
        dict(measure='fold_change', value=0.5),
    ]),
    ('150 people treated over five years to prevent one additional death', [
        dict(measure='NNT', value=150),
    ]),
    ('fell from 13.2 to 9.8 mmol/L (P<.001)', [
        dict(value=13.2, unit='mmol/L', p_operator='<', p_value=0.001, pairing='from-to'),
        dict(value=9.8, unit='mmol/L', p_operator='<', p_value=0.001, pairing='from-to'),
    ]),
    ('t(28) = 2.31, p = .03', [
        dict(p_operator='=', p_value=0.03, statistic='t(28) = 2.31', df='28'),
    ]),
    ('F(2, 45) = 4.12, p=0.02', [
        dict(p_operator='=', p_value=0.02, statistic='F(2, 45) = 4.12', df='2, 45'),
    ]),
    ('χ2 = 3.968, df = 1, P = 0.046', [
        dict(p_operator='=', p_value=0.046, statistic='χ2 = 3.968', df='1'),
    ]),
    ('I² = 45%, RR 1.2 (0.9-1.6)', [
        dict(measure='RR', value=1.2, ci_low=0.9, ci_high=1.6),
    ]),
    ('RR 0.71 (95% CI 0.5 to 1.0; P = .049; I² = 42%; τ² = 0.02; 1,234 participants)', [
        dict(measure='RR', value=0.71, ci_level=95, ci_low=0.5, ci_high=1, p_operator='=', p_value=0.049, i2=42, tau2=0.02),
    ]),
    ('SMD -0.45 (95% CrI -0.8, -0.1)', [
        dict(measure='SMD', value=-0.45, ci_level=95, ci_low=-0.8, ci_high=-0.1),
    ]),
    ('mean (SD) 8.4 (2.1) kg versus 9.1 (2.3) kg', [
        dict(measure='mean', value=8.4, unit='kg', sd=2.1, pairing='vs'),
        dict(measure='mean', value=9.1, unit='kg', sd=2.3, pairing='vs'),
    ]),
    ('3.00 (SE 0.07)', [
        dict(measure='mean', value=3, se=0.07),
    ]),
    ('6.29/1,000 person-days', [
        dict(measure='rate', value=6.29, unit='/1000.{person-days}'),
    ]),
    ('12.4 per 1000 person-years', [
        dict(measure='rate', value=12.4, unit='/1000.{person-years}'),
    ]),
    ('HR 1.45 (90% CI 1.1-1.9)', [
        dict(measure='HR', value=1.45, ci_level=90, ci_low=1.1, ci_high=1.9),
    ]),
    ('NNT = 12 (95% CI 8 to 25)', [
        dict(measure='NNT', value=12, ci_level=95, ci_low=8, ci_high=25),
    ]),
    ('decreased by 1.85 kg (95% CI 0.66-3.03)', [
        dict(measure='MD', value=-1.85, unit='kg', ci_level=95, ci_low=-3.03, ci_high=-0.66),
    ]),
    ('P = 0.01, 0.04 and 0.006, respectively', [
        dict(p_operator='=', p_value=0.01),
        dict(p_operator='=', p_value=0.04),
        dict(p_operator='=', p_value=0.006),
    ]),
    ('OR 1·94 (95% CI 1·21–3·08)', [
        dict(measure='OR', value=1.94, ci_level=95, ci_low=1.21, ci_high=3.08),
    ]),
    ('OR 1-94 (95% CI 1.21-3.08)', [
        dict(measure='OR', value=1.94, ci_level=95, ci_low=1.21, ci_high=3.08),
    ]),
    ('OR, 0,46; IC 95%: 0,30-0,70', [
        dict(measure='OR', value=0.46, ci_level=95, ci_low=0.3, ci_high=0.7),
    ]),
    ('kappa = 0.75, 95% Confidence Interval [CI]: 0.59, 0.92', [
        dict(measure='kappa', value=0.75, ci_level=95, ci_low=0.59, ci_high=0.92),
    ]),
    ('R2 = 0.43', [
        dict(measure='R2', value=0.43),
    ]),
    ("Cohen's d = 0.6", [
        dict(measure='SMD', value=0.6),
    ]),
    ('difference of 14.9 µg/d [95% CI, 2.1-27.7 µg/d]', [
        dict(measure='MD', value=14.9, unit='ug/d', ci_level=95, ci_low=2.1, ci_high=27.7),
    ]),
    ('-$143 [95% CI, -$256 to -$31; P = .01]', [
        dict(measure='MD', value=-143, ci_level=95, ci_low=-256, ci_high=-31, p_operator='=', p_value=0.01),
    ]),
    ('reduced from 12.3 (3.1) to 9.9 (2.8)', [
        dict(measure='mean', value=12.3, sd=3.1, pairing='from-to'),
        dict(measure='mean', value=9.9, sd=2.8, pairing='from-to'),
    ]),
    ('(20/148: 13.5%)', [
        dict(measure='percent', value=13.5, unit='%', events=20, total=148),
    ]),
    ('81.4% (57 of 70)', [
        dict(measure='percent', value=81.4, unit='%', events=57, total=70),
    ]),
    ('13 of 35 patients (37%)', [
        dict(measure='percent', value=37, unit='%', events=13, total=35),
    ]),
    ('Ninety-five of them (89.6%)', [
        dict(measure='percent', value=89.6, unit='%', events=95),
    ]),
    ('increase of 5 percentage points', [
        dict(measure='RD', value=5, unit='%'),
    ]),
    ('P=NS', [
    ]),
]
# fmt: on
