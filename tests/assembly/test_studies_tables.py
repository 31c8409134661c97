"""Component studies: rows of run-together tables and of real ones, names, references."""

from __future__ import annotations

from make_reading import make_reading

from kg.assembly.components import component_places, find_components
from kg.assembly.flat_tables import read_flat_table
from kg.assembly.studies import find_studies
from kg.assembly.study_columns import head_kind
from kg.assembly.study_reading import StudyReading
from kg.readers import read
from kg.records import Document
from kg.text import Block, Cell, Reading, Table, View

PROSE = "The PASI score and the DLQI index fell."
FLAT = (
    "Table 2.Trials.Author.Year.Patients(n)Age (years)DiagnosisDosePASIDLQI"
    "Li Wei.2015.24(22)45±9Psoriasis800 IU per daybefore:12.1±3.0after:6.2±2.5NA"
    "J. K. Smith.2018.101(99)NAPsoriasisNAbefore:9±2.2after:8.7±2.1before:11±3after:7±2"
    "Novak2020.8(8)51Eczema50,000 IU weeklyNAbefore:10±4.0after:5±2.5"
    "Figure 3.Flow."
)


def rows():
    text = PROSE + FLAT
    return text, read_flat_table(text, len(PROSE), len(text), PROSE)


def test_each_row_is_read_by_the_order_of_its_columns():
    text, found = rows()
    cells = [[text[c.start_char : c.end_char] for c in row.cells] for row in found]
    assert cells == [
        ["Li Wei", "2015", "24(22)", "45±9", "Psoriasis", "800 IU per day", "before:12.1±3.0after:6.2±2.5", "NA"],
        ["J. K. Smith", "2018", "101(99)", "NA", "Psoriasis", "NA", "before:9±2.2after:8.7±2.1", "before:11±3after:7±2"],
        ["Novak", "2020", "8(8)", "51", "Eczema", "50,000 IU weekly", "NA", "before:10±4.0after:5±2.5"],
    ]  # fmt: skip


def test_outcome_columns_are_words_the_document_uses():
    _, found = rows()
    assert [c.column.name for c in found[0].cells][-2:] == ["PASI", "DLQI"]


def test_prose_with_authors_and_years_is_no_table():
    text = "Smith 2010 and Jones 2012 found that patients improved. Study data by Wei 2015 agree."
    assert read_flat_table(text, 0, len(text), text) == []


def test_heads_are_known_by_their_words():
    assert head_kind("Study design") == "design"
    assert head_kind("Author, year") == "study"
    assert head_kind("No. of patients") == "n"
    assert head_kind("Dosage") == "dose"
    assert head_kind("CDASI") is None


def make_table(cells):
    text, rows = "", []
    for row in cells:
        built = []
        for cell in row:
            built.append(Cell(len(text), len(text) + len(cell)))
            text += cell + "\t"
        rows.append(tuple(built))
        text += "\n"
    table = Table(tuple(rows))
    document = Document(id="d", path="d", sha256="0" * 64, format="text", text=text)
    return Reading(
        document, View.identity(text), (Block("table", 0, len(text), "table", table=table),)
    )


def test_a_table_of_studies_gives_its_components():
    reading = make_table([
        ["Study", "n", "Dose", "Pain score"],
        ["Smith et al. 2010 [3]", "45", "400 IU/d", "3.2"],
        ["Li, 2012", "60", "800 IU/d", "2.9 ± 1.1"],
        ["Total", "105", "", ""],
    ])  # fmt: skip
    found = find_components(reading, StudyReading(blocks=(0,), design="meta-analysis"), 0)
    assert [(s.authors, s.year, s.n_participants) for s in found] == [
        (("Smith",), 2010, 45),
        (("Li",), 2012, 60),
    ]
    text = reading.view.text
    assert [text[c.start_char : c.end_char] for s in found for c in s.cells] == ["3.2", "2.9 ± 1.1"]
    assert find_components(reading, StudyReading(blocks=(0,), design="cohort"), 0) == []


def test_the_rows_of_components_cover_one_stretch_with_their_heads():
    text = PROSE + "\n\n" + FLAT + " In all, 24 of 101 patients improved."
    reading = make_reading(text)
    found = find_components(reading, StudyReading(blocks=(0, 1), design="meta-analysis"), 0)
    [(start, end)] = component_places(found)
    assert text[start:].startswith("PASIDLQI")
    assert text[:end].endswith("after:5±2.5")
    named = StudyReading(blocks=(), kind="component", label_span=(0, 4))
    assert component_places([named, StudyReading(blocks=(0,))]) == []


def test_a_study_named_for_what_it_showed_is_a_component():
    reading = make_reading(
        "The level is 40, as the D-HEALTH trial showed; the study reported more."
    )
    found = find_components(reading, StudyReading(blocks=(0,), design="guideline"), 0)
    assert [s.label for s in found] == ["D-HEALTH trial"]


def test_the_run_together_table_of_a_real_page(shared):
    reading = read(next((shared / "corpora" / "seeds").glob("003_*.txt")))
    parent, *parts = find_studies(reading)
    text = reading.view.text
    assert (parent.design, parent.n_studies, parent.n_participants) == ("meta-analysis", 5, 401)
    assert [(p.authors[0], p.year, p.n_participants) for p in parts] == [
        ("Yunzhi", 2022, 13), ("Min Feng", 2019, 35), ("M. T. Qiu", 2020, 320), ("M.Miao", 2020, 15), ("Miao Miao", 2021, 18),
    ]  # fmt: skip
    assert [p.disease for p in parts] == ["IIMs", "DM", "PM/DM", "IIMs", "IIMs"]
    assert [len(p.cells) for p in parts] == [2, 2, 4, 4, 4]
    values = [(c.column, c.phase, text[c.start_char : c.end_char]) for c in parts[1].cells]
    assert values == [("Tregs", "before", "8.1±7.59"), ("Tregs", "after", "20.71±14.47")]
    assert parts[2].dose is None
    assert text[slice(*parts[0].dose)] == "1 million IU every other day"
