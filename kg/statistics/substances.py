"""What an amount of a substance is worth in other kinds of unit: one row a substance, each with its source.

Mass and amount of substance differ by the molar mass; international units by a factor that was
agreed for each substance alone. A substance that is not here is not converted between kinds of unit.

Molar masses in g/mol are those of the compound in PubChem. ``microgram_per_iu`` is the mass of one
international unit in micrograms. ``analyte`` marks what is measured in blood; its ``level`` is the unit
in which levels are compared (SI), ``dose`` the one in which doses are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_IOM_D = "Institute of Medicine, Dietary Reference Intakes for Calcium and Vitamin D (2011): 1 µg = 40 IU"
_FDA = "US 21 CFR 101.9(c)(8)(iv) as amended 2016 and FDA's Converting Units of Measure (2019)"
_NIH = "NIH Office of Dietary Supplements, fact sheet for health professionals"
_SI = "AMA Manual of Style, 11th ed., section 17.5.12 (SI conversion factors)"
_PUBCHEM = "molar mass: PubChem"


@dataclass(frozen=True, slots=True)
class Substance:
    """A substance whose amounts can be told in several kinds of unit.

    ``names`` are folded, as :func:`find_substance` looks them up. ``molar_mass`` in g/mol.
    """

    name: str
    names: tuple[str, ...]
    molar_mass: float | None
    microgram_per_iu: float | None
    source: str
    dose: str = "mg"
    level: str = "umol/L"


#: The forms of vitamin E and A have different factors: the bare names are not here, on purpose.
SUBSTANCES: tuple[Substance, ...] = (
    Substance(
        "vitamin D3", ("vitamin d3", "cholecalciferol", "colecalciferol"), 384.6, 0.025,
        f"{_IOM_D}; {_PUBCHEM} 5280795", "ug", "nmol/L",
    ),
    Substance(
        "vitamin D2", ("vitamin d2", "ergocalciferol"), 396.7, 0.025,
        f"{_IOM_D}; {_PUBCHEM} 5280793", "ug", "nmol/L",
    ),
    Substance("vitamin D", ("vitamin d", "calciferol"), None, 0.025, _IOM_D, "ug", "nmol/L"),
    Substance(
        "25-hydroxyvitamin D",
        ("25-hydroxyvitamin d", "25-hydroxyvitamin d3", "25(oh)d", "25(oh)d3", "25(oh)vitamin d",
         "25[oh]d", "25-(oh)d", "25-oh-d", "25-ohd", "25ohd", "25ohd3", "25-oh vitamin d", "25-hydroxy vitamin d",
         "calcidiol", "calcifediol", "25-hydroxycholecalciferol", "vitamin d level", "vitamin d concentration"),
        400.64, None, f"{_NIH} (1 ng/mL = 2.496 nmol/L, rounded); {_PUBCHEM} 5283731", "ug", "nmol/L",
    ),
    Substance(
        "1,25-dihydroxyvitamin D",
        ("1,25-dihydroxyvitamin d", "1,25(oh)2d", "1,25(oh)2d3", "calcitriol"), 416.6, None,
        f"{_PUBCHEM} 5280453; {_SI}", "ug", "pmol/L",
    ),
    Substance(
        "retinol", ("retinol", "vitamin a (retinol)", "preformed vitamin a"), 286.5, 0.3,
        f"{_NIH}: 1 IU retinol = 0.3 µg; {_PUBCHEM} 445354", "ug",
    ),
    Substance(
        "retinyl acetate", ("retinyl acetate", "vitamin a acetate"), 328.5, 0.344,
        f"WHO international standard for vitamin A: 1 IU = 0.344 µg; {_PUBCHEM} 638034", "ug",
    ),
    Substance(
        "retinyl palmitate", ("retinyl palmitate", "vitamin a palmitate"), 524.9, 0.55,
        f"Martindale, 1 IU = 0.55 µg; {_PUBCHEM} 5280531", "ug",
    ),
    Substance(
        "RRR-alpha-tocopherol",
        ("rrr-alpha-tocopherol", "d-alpha-tocopherol", "natural vitamin e"), 430.7, 670.0,
        f"{_FDA}; {_NIH}: 1 IU = 0.67 mg; {_PUBCHEM} 14985",
    ),
    Substance(
        "all-rac-alpha-tocopheryl acetate",
        ("all-rac-alpha-tocopheryl acetate", "dl-alpha-tocopheryl acetate"), 472.7, 1000.0,
        f"USP unit: 1 IU = 1 mg of the acetate; {_PUBCHEM} 2117",
    ),
    Substance(
        "all-rac-alpha-tocopherol",
        ("all-rac-alpha-tocopherol", "dl-alpha-tocopherol", "synthetic vitamin e"), 430.7, 900.0,
        f"{_NIH}: 1 IU = 0.90 mg all-rac (0.45 mg by activity); {_PUBCHEM} 2116",
    ),
    Substance(
        "alpha-tocopherol", ("alpha-tocopherol", "α-tocopherol"), 430.7, None,
        f"{_SI}; {_PUBCHEM} 14985",
    ),
    Substance(
        "insulin", ("insulin", "human insulin", "fasting insulin", "serum insulin"), 5808.0, 34.7,
        "WHO International Standard 83/500: 26000 IU in 1 g since 1986, used as 1 IU = 0.0347 mg "
        "(6.00 nmol/U: Knopp et al., J Diabetes Sci Technol 2019;13:597)", "[iU]", "pmol/L",
    ),
    Substance("calcium", ("calcium", "serum calcium", "elemental calcium"), 40.078, None,
              f"{_SI}: mg/dL × 0.25 = mmol/L; IUPAC atomic weight", level="mmol/L"),
    Substance("glucose", ("glucose", "blood glucose", "plasma glucose", "fasting glucose",
                          "fasting plasma glucose", "fasting blood glucose", "blood sugar"),
              180.16, None, f"{_SI}: mg/dL × 0.0555 = mmol/L; {_PUBCHEM} 5793", level="mmol/L"),
    Substance("cholesterol", ("cholesterol", "total cholesterol", "ldl cholesterol", "hdl cholesterol",
                              "low-density lipoprotein cholesterol", "high-density lipoprotein cholesterol",
                              "ldl-c", "hdl-c", "ldl", "hdl"),
              386.65, None, f"{_SI}: mg/dL × 0.0259 = mmol/L; {_PUBCHEM} 5997", level="mmol/L"),
    Substance("triglycerides", ("triglycerides", "triglyceride", "triacylglycerol"), 885.7, None,
              f"{_SI}: mg/dL × 0.0113 = mmol/L, as triolein", level="mmol/L"),
    Substance("creatinine", ("creatinine", "serum creatinine"), 113.12, None,
              f"{_SI}: mg/dL × 88.4 = µmol/L; {_PUBCHEM} 588"),
    Substance("uric acid", ("uric acid", "serum uric acid", "urate"), 168.11, None,
              f"{_SI}: mg/dL × 59.48 = µmol/L; {_PUBCHEM} 1175"),
    Substance("bilirubin", ("bilirubin", "total bilirubin"), 584.7, None,
              f"{_SI}: mg/dL × 17.104 = µmol/L; {_PUBCHEM} 5280352"),
    Substance("phosphorus", ("phosphorus", "serum phosphorus", "inorganic phosphorus"), 30.974, None,
              f"{_SI}: mg/dL × 0.323 = mmol/L; IUPAC atomic weight", level="mmol/L"),
    Substance("magnesium", ("magnesium", "serum magnesium"), 24.305, None,
              f"{_SI}: mg/dL × 0.4114 = mmol/L; IUPAC atomic weight", level="mmol/L"),
    Substance("iron", ("iron", "serum iron", "elemental iron"), 55.845, None,
              f"{_SI}: µg/dL × 0.179 = µmol/L; IUPAC atomic weight"),
    Substance("zinc", ("zinc", "serum zinc", "plasma zinc", "elemental zinc"), 65.38, None,
              f"{_SI}: µg/dL × 0.153 = µmol/L; IUPAC atomic weight"),
    Substance("vitamin B12", ("vitamin b12", "cobalamin", "cyanocobalamin"), 1355.4, None,
              f"{_SI}: pg/mL × 0.7378 = pmol/L; {_PUBCHEM} 5311498", "ug", "pmol/L"),
    Substance("folic acid", ("folic acid", "folate", "serum folate"), 441.4, None,
              f"{_SI}: ng/mL × 2.266 = nmol/L; {_PUBCHEM} 135398658", "ug", "nmol/L"),
    Substance("vitamin C", ("vitamin c", "ascorbic acid", "ascorbate"), 176.12, None,
              f"{_SI}: mg/dL × 56.78 = µmol/L; {_PUBCHEM} 54670067"),
    Substance("homocysteine", ("homocysteine", "total homocysteine"), 135.19, None,
              f"{_SI}: mg/L × 7.397 = µmol/L; {_PUBCHEM} 778"),
    Substance("cortisol", ("cortisol", "serum cortisol", "hydrocortisone"), 362.5, None,
              f"{_SI}: µg/dL × 27.59 = nmol/L; {_PUBCHEM} 5754", level="nmol/L"),
    Substance("testosterone", ("testosterone", "total testosterone"), 288.4, None,
              f"{_SI}: ng/dL × 0.0347 = nmol/L; {_PUBCHEM} 6013", level="nmol/L"),
    Substance("estradiol", ("estradiol", "oestradiol"), 272.4, None,
              f"{_SI}: pg/mL × 3.671 = pmol/L; {_PUBCHEM} 5757", "ug", "pmol/L"),
)  # fmt: skip

_BY_NAME = {name: row for row in SUBSTANCES for name in row.names}
_LEADING = re.compile(
    r"^(?:serum|plasma|blood|circulating|total|mean|median|final|fasting|geometric mean|change in|oral|"
    r"supplemental|daily|weekly|monthly|(?:high|low|higher|lower)[- ]doses?(?:\s*\([^()]*\))?(?:\s+of)?|elemental)\s+"
)
_TRAILING = re.compile(
    r"\s+(?:levels?|concentrations?|status|supplementation|supplements?|intake|doses?|tablets?|capsules?|groups?|arms?|therapy)$"
)


def find_substance(label: str) -> Substance | None:
    """Return the substance that a label names, ``None`` for one that is not in the table.

    Words that do not change what it is ("serum", "level", a bracket) are passed over, one by one, so
    that "serum 25-hydroxyvitamin D (25(OH)D) level" is found; "vitamin E" and "vitamin A" are not: their
    forms differ.

    >>> find_substance("Serum 25(OH)D levels").name
    '25-hydroxyvitamin D'
    >>> find_substance("vitamin E") is None
    True
    """
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", label)).strip().casefold()
    text = text.replace("‐", "-").replace("–", "-")
    bracket = re.fullmatch(r"(.+?)\s*\((.+)\)", text)
    for candidate in (text, *(bracket.groups() if bracket else ())):
        while True:
            if candidate in _BY_NAME:
                return _BY_NAME[candidate]
            level = _TRAILING.sub("", candidate)
            if level in ("vitamin d",) and re.search(
                r"(?:level|concentration|status)s?$", candidate
            ):
                return _BY_NAME["25-hydroxyvitamin d"]  # what is measured of vitamin D in blood
            shorter = _LEADING.sub("", level)
            if shorter == candidate:
                break
            candidate = shorter
    return None
