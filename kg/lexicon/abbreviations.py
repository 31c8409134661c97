"""Short forms that clinical texts use without ever writing them out.

Only those with one meaning across medicine; a definition in the text always goes first.
"""

from __future__ import annotations

COMMON_ABBREVIATIONS: dict[str, str] = {
    "ALT": "alanine aminotransferase", "AST": "aspartate aminotransferase",
    "BMD": "bone mineral density", "BMI": "body mass index", "BP": "blood pressure",
    "CABG": "coronary artery bypass grafting", "CHD": "coronary heart disease",
    "CKD": "chronic kidney disease", "COPD": "chronic obstructive pulmonary disease",
    "CRP": "C-reactive protein", "CVD": "cardiovascular disease", "DBP": "diastolic blood pressure",
    "DFS": "disease-free survival", "EFS": "event-free survival", "ESRD": "end-stage renal disease",
    "FEV1": "forced expiratory volume in 1 s", "FPG": "fasting plasma glucose",
    "GFR": "glomerular filtration rate", "GDM": "gestational diabetes mellitus",
    "HRQoL": "health-related quality of life", "ICU": "intensive care unit",
    "IHD": "ischaemic heart disease", "IOP": "intraocular pressure", "LDL": "low-density lipoprotein",
    "LVEF": "left ventricular ejection fraction", "MACE": "major adverse cardiac events",
    "NAFLD": "nonalcoholic fatty liver disease", "NSAID": "nonsteroidal anti-inflammatory drug",
    "NSAIDs": "nonsteroidal anti-inflammatory drugs", "OS": "overall survival",
    "PFS": "progression-free survival", "PSA": "prostate-specific antigen",
    "PTH": "parathyroid hormone", "QoL": "quality of life", "RFS": "relapse-free survival",
    "SBP": "systolic blood pressure", "SLE": "systemic lupus erythematosus",
    "T1DM": "type 1 diabetes mellitus", "T2DM": "type 2 diabetes mellitus",
    "TSH": "thyroid-stimulating hormone", "TTP": "time to progression", "VAS": "visual analogue scale",
    "WOMAC": "Western Ontario and McMaster Universities osteoarthritis index",
}  # fmt: skip
