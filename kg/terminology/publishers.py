"""Where terminologies come from: publishers' own addresses, licences and how to cite them."""

from __future__ import annotations

from dataclasses import dataclass

from kg.terminology.entry import TerminologyError

#: Year of the MeSH files at NLM's address of the current release, which moves each November.
MESH_YEAR = 2026


@dataclass(frozen=True, slots=True)
class Publisher:
    """One terminology as its publisher releases it.

    Parameters
    ----------
    name
        As it is asked for: ``doid``.
    title
        For people.
    about
        What it holds.
    urls
        Its files; most have one.
    licence, licence_url
        Under which it may be used.
    citation
        How its authors want to be cited.
    """

    name: str
    title: str
    about: str
    urls: tuple[str, ...]
    licence: str
    licence_url: str
    citation: str

    @property
    def files(self) -> tuple[str, ...]:
        """The names under which the files are kept: ``mesh-desc2026.gz``, ``doid.obo``."""
        return tuple(
            name if name.startswith(self.name) else f"{self.name}-{name}"
            for name in (url.rsplit("/", 1)[-1] for url in self.urls)
        )


_CC_BY = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
_CC0 = ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")
_OBO = "https://purl.obolibrary.org/obo/"
_MESH = "https://nlmpubs.nlm.nih.gov/projects/mesh/MESH_FILES/xmlmesh/"
_EBI = "https://ftp.ebi.ac.uk/pub/databases/chebi/ontology/"

PUBLISHERS: dict[str, Publisher] = {
    item.name: item
    for item in (
        Publisher(
            "mesh", "Medical Subject Headings", "diseases, chemicals, procedures, measurements",
            (f"{_MESH}desc{MESH_YEAR}.gz", f"{_MESH}supp{MESH_YEAR}.gz"),
            "NLM terms and conditions: free; name the source and the year, and say what was changed",
            "https://www.nlm.nih.gov/databases/download/terms_and_conditions.html",
            f"Medical Subject Headings {MESH_YEAR}. Bethesda (MD): U.S. National Library of Medicine.",
        ),
        Publisher(
            "doid", "Human Disease Ontology", "diseases", (f"{_OBO}doid.obo",), *_CC0,
            "Baron JA et al. The DO-KB Knowledgebase. Nucleic Acids Res 2024;52(D1):D1305-D1314."
            " doi:10.1093/nar/gkad1051",
        ),
        Publisher(
            "mondo", "Mondo Disease Ontology", "diseases, with cross-references", (f"{_OBO}mondo.obo",),
            *_CC_BY,
            "Vasilevsky NA et al. Mondo: unifying diseases for the world, by the world. medRxiv 2022."
            " doi:10.1101/2022.04.13.22273750",
        ),
        Publisher(
            "hp", "Human Phenotype Ontology", "symptoms, signs, phenotypes", (f"{_OBO}hp.obo",),
            "HPO licence: free; show name and version, do not alter the content",
            "https://hpo.jax.org/license",
            "Gargano MA et al. The Human Phenotype Ontology in 2024. Nucleic Acids Res"
            " 2024;52(D1):D1333-D1346. doi:10.1093/nar/gkad1005",
        ),
        Publisher(
            "chebi", "Chemical Entities of Biological Interest", "drugs, nutrients, metabolites",
            (f"{_EBI}chebi.obo.gz",), *_CC_BY,
            "Hastings J et al. ChEBI in 2016. Nucleic Acids Res 2016;44(D1):D1214-D1219."
            " doi:10.1093/nar/gkv1031",
        ),
        Publisher(
            "cmo", "Clinical Measurement Ontology", "laboratory and clinical measurements",
            (f"{_OBO}cmo.obo",), *_CC_BY,
            "Smith JR et al. The clinical measurement, measurement method and experimental condition"
            " ontologies. J Biomed Semantics 2013;4:26. doi:10.1186/2041-1480-4-26",
        ),
        Publisher(
            "symp", "Symptom Ontology", "symptoms", (f"{_OBO}symp.owl",), *_CC0,
            "Schriml LM et al. GeMInA, Genomic Metadata for Infectious Agents. Nucleic Acids Res"
            " 2010;38:D754-D764. doi:10.1093/nar/gkp832",
        ),
        Publisher(
            "maxo", "Medical Action Ontology", "procedures, therapies, diets", (f"{_OBO}maxo.obo",),
            *_CC_BY,
            "Carmody LC et al. The Medical Action Ontology. Med 2023;4(12):913-927."
            " doi:10.1016/j.medj.2023.10.003",
        ),
        Publisher(
            "efo", "Experimental Factor Ontology", "measurements, diseases, traits",
            ("https://www.ebi.ac.uk/efo/efo.obo",), "Apache 2.0",
            "https://www.apache.org/licenses/LICENSE-2.0",
            "Malone J et al. Modeling sample variables with an Experimental Factor Ontology."
            " Bioinformatics 2010;26(8):1112-1118. doi:10.1093/bioinformatics/btq099",
        ),
        Publisher(
            "vt", "Vertebrate Trait Ontology", "traits that are measured", (f"{_OBO}vt.obo",), *_CC_BY,
            "Park CA et al. The Vertebrate Trait Ontology. J Biomed Semantics 2013;4:13."
            " doi:10.1186/2041-1480-4-13",
        ),
    )
}  # fmt: skip


def find_publisher(name: str) -> Publisher:
    """Return the publisher of that name, in any letter case.

    Raises
    ------
    TerminologyError
        If there is none; the message names those that are spelt like it.
    """
    import difflib

    found = PUBLISHERS.get(name.strip().lower())
    if found is not None:
        return found
    close = difflib.get_close_matches(name.lower(), PUBLISHERS, n=2, cutoff=0.5)
    hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(PUBLISHERS)}"
    raise TerminologyError(f"no publisher is called {name!r}: {hint}")
