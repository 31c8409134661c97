"""Terminology files of each format → entries; damaged ones are refused with file, line and remedy."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from kg.terminology.curie import clean_curie, iri_to_curie
from kg.terminology.entry import ConceptEntry, TerminologyError
from kg.terminology.sources import content_hash, join_entries, read_all, read_terms

OBO = """format-version: 1.2
data-version: releases/2026-08-19
ontology: doid

[Term]
id: DOID:7148
name: rheumatoid arthritis
synonym: "RA" EXACT ABBREVIATION []
synonym: "rheumatoid disease" RELATED []
synonym: "arthritis" BROAD []
xref: MSH:D001172
xref: SNOMEDCT_US_2023_09_01:69896004
is_a: DOID:417 ! autoimmune disease

[Term]
id: DOID:417
name: autoimmune disease

[Term]
id: DOID:1
name: an old term
is_obsolete: true

[Typedef]
id: part_of
name: part of
"""

TURTLE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix food: <https://example.org/foods#> .
food:milk a skos:Concept ; skos:prefLabel "milk"@en, "Milch"@de ; skos:altLabel "cow's milk"@en, "Vollmilch"@de ;
  skos:broader food:dairy ; skos:exactMatch <http://purl.obolibrary.org/obo/FOODON_03301439> .
food:dairy a skos:Concept ; skos:prefLabel "dairy product" ; skos:narrower food:cheese .
food:cheese a skos:Concept ; skos:prefLabel "cheese"@en .
food:scheme a skos:ConceptScheme ; skos:prefLabel "Foods" .
"""

OWL = """<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [ <!ENTITY obo "http://purl.obolibrary.org/obo/" > ]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"
  xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:oio="http://www.geneontology.org/formats/oboInOwl#">
  <owl:Class rdf:about="&obo;SYMP_0000099">
    <rdfs:label xml:lang="en">muscle weakness</rdfs:label>
    <oio:hasExactSynonym>weakness of muscles</oio:hasExactSynonym>
    <oio:hasDbXref>HP:0001324</oio:hasDbXref>
    <rdfs:subClassOf rdf:resource="&obo;SYMP_0000462"/>
    <rdfs:subClassOf><owl:Restriction><owl:someValuesFrom rdf:resource="&obo;X_1"/></owl:Restriction></rdfs:subClassOf>
  </owl:Class>
  <rdf:Description rdf:about="&obo;SYMP_0000462">
    <rdf:type rdf:resource="http://www.w3.org/2002/07/owl#Class"/><rdfs:label>symptom</rdfs:label>
  </rdf:Description>
  <owl:Class rdf:about="&obo;SYMP_0000001"><rdfs:label>gone</rdfs:label><owl:deprecated>true</owl:deprecated></owl:Class>
</rdf:RDF>
"""

OBOGRAPH = {
    "graphs": [{
        "nodes": [
            {"id": "http://purl.obolibrary.org/obo/MAXO_0000058", "lbl": "pharmacotherapy", "type": "CLASS",
             "meta": {"synonyms": [{"pred": "hasExactSynonym", "val": "drug therapy"},
                                   {"pred": "hasBroadSynonym", "val": "therapy"}],
                      "xrefs": [{"val": "NCIT:C15986"}]}},
            {"id": "http://purl.obolibrary.org/obo/MAXO_0000002", "lbl": "therapeutic procedure", "type": "CLASS"},
            {"id": "http://purl.obolibrary.org/obo/BFO_0000050", "lbl": "part of", "type": "PROPERTY"},
        ],
        "edges": [{"sub": "http://purl.obolibrary.org/obo/MAXO_0000058", "pred": "is_a",
                   "obj": "http://purl.obolibrary.org/obo/MAXO_0000002"}],
    }]
}  # fmt: skip

MESH = """<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet SYSTEM "https://www.nlm.nih.gov/databases/dtd/nlmdescriptorrecordset_20260101.dtd">
<DescriptorRecordSet LanguageCode="eng">
<DescriptorRecord DescriptorClass="1"><DescriptorUI>D001172</DescriptorUI>
 <DescriptorName><String>Arthritis, Rheumatoid</String></DescriptorName>
 <TreeNumberList><TreeNumber>C05.550.114.154</TreeNumber><TreeNumber>C20.111.199</TreeNumber></TreeNumberList>
 <ConceptList><Concept PreferredConceptYN="Y"><RegistryNumber>0</RegistryNumber><TermList>
  <Term IsPermutedTermYN="N"><String>Arthritis, Rheumatoid</String></Term>
  <Term IsPermutedTermYN="N"><String>Rheumatoid Arthritis</String></Term>
  <Term IsPermutedTermYN="Y"><String>Rheumatoid, Arthritis</String></Term></TermList></Concept></ConceptList>
</DescriptorRecord>
<DescriptorRecord DescriptorClass="1"><DescriptorUI>D001327</DescriptorUI>
 <DescriptorName><String>Autoimmune Diseases</String></DescriptorName>
 <TreeNumberList><TreeNumber>C20.111</TreeNumber></TreeNumberList></DescriptorRecord>
<DescriptorRecord DescriptorClass="1"><DescriptorUI>D002762</DescriptorUI>
 <DescriptorName><String>Cholecalciferol</String></DescriptorName>
 <TreeNumberList><TreeNumber>D10.570.938.146</TreeNumber></TreeNumberList>
 <ConceptList><Concept PreferredConceptYN="Y"><RegistryNumberList><RegistryNumber>1C6V77QF41</RegistryNumber>
  </RegistryNumberList><RelatedRegistryNumberList><RelatedRegistryNumber>67-97-0 (Cholecalciferol)</RelatedRegistryNumber>
  </RelatedRegistryNumberList><TermList><Term><String>Vitamin D3</String></Term></TermList></Concept></ConceptList>
</DescriptorRecord>
</DescriptorRecordSet>
"""

BOMB = """<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
"""

RDF_BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [<!ENTITY a0 "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    + ']>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><b>&a8;</b></rdf:RDF>'
)

SSSOM = """# curie_map:
#   MONDO: http://purl.obolibrary.org/obo/MONDO_
#   mesh: http://id.nlm.nih.gov/mesh/
subject_id	subject_label	predicate_id	object_id	object_label	mapping_justification	predicate_modifier
MONDO:0008383	rheumatoid arthritis	skos:exactMatch	mesh:D001172	Arthritis, Rheumatoid	semapv:LexicalMatching	
MONDO:0008383	rheumatoid arthritis	skos:broadMatch	MONDO:0007179	autoimmune disease	semapv:LexicalMatching	
MONDO:0008383	rheumatoid arthritis	skos:exactMatch	mesh:D010003	Osteoarthritis	semapv:ManualMapping	Not
"""

TABLE = """curie\tlabel\tsynonyms\txrefs\tparents\tsource
CHEBI:28940\tcalciol\tvitamin D3|cholecalciferol\tMESH:D002762\tCHEBI:73558\tChEBI 2024
"""


def read(folder: Path, name: str, content: str | bytes) -> dict[str, ConceptEntry]:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return {entry.id: entry for entry in read_terms(file)}


def test_obo(tmp_path: Path) -> None:
    found = read(tmp_path, "doid.obo", OBO)
    assert set(found) == {"DOID:7148", "DOID:417"}
    entry = found["DOID:7148"]
    assert (entry.label, entry.kind) == ("rheumatoid arthritis", "disease")
    assert (entry.names, entry.abbreviations) == (("rheumatoid disease",), ("RA",))
    assert entry.xrefs == ("MESH:D001172", "SNOMEDCT:69896004")
    assert entry.broader == ("DOID:417",)
    assert entry.source == "doid.obo 2026-08-19"


def test_chebi_roles_are_broader(tmp_path: Path) -> None:
    text = (
        "format-version: 1.2\n\n[Term]\nid: CHEBI:1\nname: x\nrelationship: has_role CHEBI:33229\n"
    )
    assert read(tmp_path, "chebi.obo", text)["CHEBI:1"].broader == ("CHEBI:33229",)


@pytest.mark.parametrize("name", ["foods.ttl", "foods.skos", "noname"])
def test_skos(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, name, TURTLE)
    assert set(found) == {"food:milk", "food:dairy", "food:cheese"}
    assert found["food:milk"].label == "milk"
    assert found["food:milk"].names == ("cow's milk",)
    assert found["food:milk"].broader == ("food:dairy",)
    assert found["food:milk"].xrefs == ("FOODON:03301439",)
    assert found["food:cheese"].broader == ("food:dairy",), "narrower, turned round"


def test_one_vocabulary_in_every_notation_of_rdf(tmp_path: Path) -> None:
    import rdflib

    graph = rdflib.Graph().parse(data=TURTLE, format="turtle")
    expected = {e.label: (e.names, e.xrefs) for e in read(tmp_path, "a.ttl", TURTLE).values()}
    for form, name in (
        ("xml", "a.rdf"),
        ("nt", "a.nt"),
        ("json-ld", "a.json"),
        ("pretty-xml", "b.rdf"),
    ):
        found = read(tmp_path, name, graph.serialize(format=form))
        assert {e.label: (e.names, e.xrefs) for e in found.values()} == expected, form
        (cheese,) = [entry for entry in found.values() if entry.label == "cheese"]
        (dairy,) = [entry for entry in found.values() if entry.label == "dairy product"]
        assert cheese.broader == (dairy.id,)


def test_owl(tmp_path: Path) -> None:
    found = read(tmp_path, "symp.owl", OWL)
    assert set(found) == {"SYMP:0000099", "SYMP:0000462"}
    entry = found["SYMP:0000099"]
    assert (entry.label, entry.kind, entry.names) == (
        "muscle weakness",
        "symptom",
        ("weakness of muscles",),
    )
    assert (entry.xrefs, entry.broader) == (("HP:0001324",), ("SYMP:0000462",))


def test_obographs(tmp_path: Path) -> None:
    found = read(tmp_path, "maxo.json", json.dumps(OBOGRAPH))
    assert set(found) == {"MAXO:0000058", "MAXO:0000002"}
    entry = found["MAXO:0000058"]
    assert (entry.names, entry.xrefs) == (("drug therapy",), ("NCIT:C15986",))
    assert (entry.broader, entry.kind) == (("MAXO:0000002",), "action")


def test_mesh(tmp_path: Path) -> None:
    found = read(tmp_path, "desc2026.xml", MESH)
    arthritis = found["MESH:D001172"]
    assert arthritis.broader == ("MESH:D001327",), "by the tree; what the file lacks is left out"
    assert arthritis.names == ("Rheumatoid Arthritis",)
    assert (arthritis.kind, found["MESH:D002762"].kind) == ("disease", "chemical")
    assert found["MESH:D002762"].xrefs == ("UNII:1C6V77QF41", "CAS:67-97-0")


def test_mesh_supplement(tmp_path: Path) -> None:
    text = """<SupplementalRecordSet><SupplementalRecord SCRClass="1"><SupplementalRecordUI>C104450</SupplementalRecordUI>
    <SupplementalRecordName><String>25-hydroxyvitamin D</String></SupplementalRecordName><HeadingMappedToList>
    <HeadingMappedTo><DescriptorReferredTo><DescriptorUI>*D014807</DescriptorUI></DescriptorReferredTo></HeadingMappedTo>
    </HeadingMappedToList><ConceptList><Concept PreferredConceptYN="Y"><TermList><Term><String>25(OH)D</String></Term>
    </TermList></Concept></ConceptList></SupplementalRecord></SupplementalRecordSet>"""
    entry = read(tmp_path, "supp2026.xml", text)["MESH:C104450"]
    assert (entry.broader, entry.abbreviations) == (("MESH:D014807",), ("25(OH)D",))


def test_sssom_adds_to_what_other_files_say(tmp_path: Path) -> None:
    (tmp_path / "map.sssom.tsv").write_text(SSSOM)
    (tmp_path / "desc.xml").write_text(MESH)
    found = {e.id: e for e in read_all([tmp_path / "map.sssom.tsv", tmp_path / "desc.xml"])}
    assert found["MONDO:0008383"].xrefs == ("MESH:D001172",), "what is negated says nothing"
    assert found["MONDO:0008383"].broader == ("MONDO:0007179",)
    joined = found["MESH:D001172"]
    assert "MONDO:0008383" in joined.xrefs
    assert "Rheumatoid Arthritis" in joined.names


def test_a_mapping_without_labels_adds_and_never_invents() -> None:
    bare = ConceptEntry("DOID:1", "", xrefs=("MESH:D1",))
    named = ConceptEntry("DOID:1", "gout", "disease", names=("podagra",))
    assert list(join_entries([bare])) == []
    (joined,) = join_entries([bare, named])
    assert (joined.label, joined.names, joined.xrefs, joined.kind) == (
        "gout", ("podagra",), ("MESH:D1",), "disease",
    )  # fmt: skip


def test_tables(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, "x.tsv", TABLE).values()
    assert (entry.id, entry.names) == ("CHEBI:28940", ("vitamin D3", "cholecalciferol"))
    assert (entry.broader, entry.source, entry.kind) == (("CHEBI:73558",), "ChEBI 2024", "chemical")
    by_comma = 'id,name,aliases\n7,"milk, whole",full-fat milk|whole milk\n'
    (entry,) = read(tmp_path, "foods.csv", by_comma).values()
    assert (entry.id, entry.label, len(entry.names)) == ("foods:7", "milk, whole", 2)
    (entry,) = read(tmp_path, "action.tsv", "curie\tlabel\nX:1\tyoga\n").values()
    assert entry.kind == "action"


def test_the_reference_tables_are_read(shared: Path) -> None:
    found = list(read_terms(shared / "terminology" / "action.tsv.gz"))
    assert len(found) == 3997
    assert {entry.kind for entry in found} == {"action"}
    assert sum(bool(entry.broader) for entry in found) > 3000


def test_packed_files(tmp_path: Path) -> None:
    assert set(read(tmp_path, "doid.obo.gz", gzip.compress(OBO.encode()))) == {
        "DOID:7148",
        "DOID:417",
    }
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("doid.obo", OBO)
    assert len(list(read_terms(tmp_path / "one.zip"))) == 2
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.obo", OBO)
        archive.writestr("b.obo", OBO)
    with pytest.raises(TerminologyError, match=r"two\.zip: a zip archive of 2 files"):
        list(read_terms(tmp_path / "two.zip"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.obo", OBO.replace("is_a: DOID:417 !", "is_a DOID:417 !"), r"a\.obo, line 13: no valid OBO"),
        ("a.obo", "format-version: 1.2\n", "holds no .Term."),
        ("a.ttl", TURTLE.replace("skos:broader food:dairy ;", "skos:broader"), r"a\.ttl, line [45]: no valid turtle"),
        ("a.ttl", "@prefix a: <http://a/> .\na:b a:c a:d .\n", "no SKOS concept and no OWL class"),
        ("a.owl", OWL.replace("</rdfs:label>", "</rdfs:lab>", 1), r"a\.owl, line 6, column \d+: no well-formed XML"),
        ("a.owl", '<?xml version="1.0"?><Ontology xmlns="http://www.w3.org/2002/07/owl#"></Ontology>', "robot convert"),
        ("a.xml", "<html><body/></html>", "root <html>; RDF/XML and MeSH XML are read"),
        ("a.xml", MESH[:900], r"a\.xml, line \d+, column \d+: no well-formed XML"),
        ("a.xml", BOMB + MESH[MESH.index("<DescriptorRecordSet") :], r"a\.xml: .*declares entities of its own"),
        ("a.owl", RDF_BOMB, r"a\.owl, line \d+, column \d+: no well-formed XML: .*amplification"),
        ("a.json", '{"graphs": [{"nodes": [', "no valid JSON"),
        ("a.json", '{"a": 1}', "graphs with nodes and edges"),
        ("a.tsv", "name\tsynonyms\nx\ty\n", r"a\.tsv, line 1: has no column curie or id or identifier"),
        ("a.tsv", TABLE + "CHEBI:1\t\t\t\t\t\n", r"a\.tsv, line 3: CHEBI:1 has no label"),
        ("a.tsv", "curie\tlabel\nno curie\tx\n", r"a\.tsv, line 2: 'a:no curie' is no CURIE|'no curie' is no CURIE"),
        ("a.tsv", "curie\tlabel\nA:1\n", r"a\.tsv, line 2: 1 cells, 2 columns"),
        ("a.tsv", b"curie\tlabel\nA:1\tna\xefve\n", "not UTF-8"),
        ("a.tsv", "curie\tlabel\n", "has a header, but no row"),
        ("a.sssom.tsv", SSSOM.replace("mesh:D001172", "what?", 1), "line 5: 'what[?]' is no CURIE"),
        ("a.tsv", "", "is empty"),
        ("a.bin", b"\x00\x01\x02", "is no text"),
        ("a.txt", "just a sentence", "of no format that is read"),
        ("a.obo.gz", gzip.compress(OBO.encode(), mtime=0)[:80], "is damaged"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    with pytest.raises(TerminologyError, match=message):
        read(tmp_path, name, content)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TerminologyError, match=r"none\.obo: cannot be read: no such file"):
        list(read_terms(tmp_path / "none.obo"))


def test_entities_may_not_expand_without_limit(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY b{i} "{f"&b{i - 1};" * 10 if i else "x" * 50}">' for i in range(9))
    text = f'<?xml version="1.0"?><!DOCTYPE r [{levels}]>' + OWL[OWL.index("<rdf:RDF") :].replace(
        "&obo;", "&b8;"
    )
    with pytest.raises(TerminologyError, match=r"bomb\.owl, line \d+"):
        read(tmp_path, "bomb.owl", text)


def test_a_packed_file_may_not_grow_without_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.terminology.sources.UNPACKED_LIMIT", 1_000_000)
    large = TABLE + "X:1\tzeros" + "0" * 5_000_000 + "\n"
    with pytest.raises(TerminologyError, match="unpacks to more than 1,000,000 bytes"):
        read(tmp_path, "a.tsv.gz", gzip.compress(large.encode()))


def test_the_hash_is_of_the_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "a.tsv", tmp_path / "b.tsv"
    one.write_text(TABLE)
    other.write_text(TABLE)
    before = content_hash([one])
    assert content_hash([other]) == before
    one.write_text(TABLE + "CHEBI:2\ty\t\t\t\t\n")
    assert content_hash([one]) != before
    with pytest.raises(TerminologyError, match="cannot be read"):
        content_hash([tmp_path / "none"])


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("http://purl.obolibrary.org/obo/MONDO_0008383", "MONDO:0008383"),
        ("http://id.nlm.nih.gov/mesh/2024/D014807", "MESH:D014807"),
        ("http://www.ebi.ac.uk/efo/EFO_0004458", "EFO:0004458"),
        ("https://bioregistry.io/chebi:28940", "CHEBI:28940"),
        ("https://identifiers.org/CHEBI:28940", "CHEBI:28940"),
        ("http://identifiers.org/mesh/D014807", "MESH:D014807"),
        ("https://example.org/nothing/known", None),
    ],
)
def test_iris_become_curies(printed: str, expected: str | None) -> None:
    assert iri_to_curie(printed) == expected


def test_an_address_is_no_curie() -> None:
    assert clean_curie("http://example.org") is None
    assert clean_curie("MSH:D001172") == "MESH:D001172"
