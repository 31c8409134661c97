"""Files that have the shape of a format and any content: what a reader meets behind its first check."""

from __future__ import annotations

import csv
import io
import json
from html import escape

from hypothesis import strategies as st

#: Numbers as reports print them, and signs that other programs stumble over.
PIECES = st.sampled_from(
    ["RR", "95% CI", "0.84", "1,234", "−", "±", "(", ")", "[", "]", "to", "-", ";", "p <", "n =", "%", "10", "mg", "/d", " ", "\n",
     "mean", "SD", "·", "–", "weeks", "IU", "=", "/", ":", ",", "½", "①", "Ⅻ", "٣", "e", "×10", "million", "respectively", "\u202e"]
)  # fmt: skip
#: No half characters: a file cannot hold them in UTF-8, and mutation tries those that pretend to.
_ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TEXT = st.lists(PIECES | _ANY, max_size=6).map("".join)
_WORD = st.sampled_from(
    ["1", "2020", "10.1000/x", "PMC1", "pmid", "doi", "title", "results", "RESULTS", "٣", "-1", ""]
)
_VALUE = _WORD | TEXT


def _element(name: str, attributes: dict[str, str], inner: list[str]) -> str:
    shown = "".join(f' {key}="{escape(_xml(value))}"' for key, value in attributes.items())
    return f"<{name}{shown}>{''.join(inner)}</{name}>"


def _xml(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))


def _markup(root: str, names: str, attributes: str) -> st.SearchStrategy[bytes]:
    """Return files with a root element and any elements of a format in it, in any order."""
    told = st.dictionaries(st.sampled_from(attributes.split()), _VALUE, max_size=2)
    leaf = TEXT.map(_xml).map(escape)
    tree = st.recursive(
        leaf,
        lambda inner: st.builds(
            _element, st.sampled_from(names.split()), told, st.lists(inner, max_size=4)
        ),
        max_leaves=10,
    )
    return st.lists(tree, max_size=5).map(lambda inner: _element(root, {}, inner).encode())


def _lines(starts: str, separator: str, ending: str = "") -> st.SearchStrategy[bytes]:
    """Return files of lines that each begin with a field's name."""
    line = st.builds(
        lambda start, value: f"{start}{separator}{value}", st.sampled_from(starts.split("|")), TEXT
    )
    return st.lists(line, max_size=8).map(lambda lines: "\n".join([*lines, ending]).encode())


def _rows(delimiter: str) -> st.SearchStrategy[bytes]:
    names = st.lists(
        st.sampled_from(["pmid", "title", "abstract", "year", "doi", "authors", "text", "id", ""]),
        min_size=1,
        max_size=5,
    )
    rows = st.lists(st.lists(_VALUE, max_size=6), max_size=4)

    def write(head: list[str], body: list[list[str]]) -> bytes:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([head, *body])
        return out.getvalue().encode()

    return st.builds(write, names, rows)


_SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | _VALUE
_JSON = st.recursive(
    _SCALAR,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["text", "infons", "offset", "id", "type", "title", "passages", "year"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def _json(keys: str, root: str = "") -> st.SearchStrategy[bytes]:
    """Return objects with the keys of a format and values of any type."""
    found = st.dictionaries(st.sampled_from(keys.split()), _JSON, max_size=5)
    return found.map(lambda value: json.dumps({root: [value]} if root else value).encode())


_PROSE = st.lists(
    st.sampled_from(
        ["# ", "## Results\n", "**", "__", "| a | b |\n|---|---|\n", "| ", "||", "---\n", "- ", "> ", "```\n", "<sup>", "</p>", "<table>",
         "<td>", "[a](http://b.c)", "&amp;", "&#x0;", "\n\n", "{{< ", "PMID: 1\n", "1. J Test. 2000;1:1.\n\n", "Methods: ", "\t", "\r"]
    )
    | TEXT,
    max_size=16,
).map("".join)  # fmt: skip

#: Files of each format, by the names of :data:`tests.faults.fuzz_targets.SEEDS`.
FILES: dict[str, st.SearchStrategy[bytes]] = {
    "text": _PROSE.map(str.encode),
    "pubmed": _PROSE.map(lambda text: f"1. J. 2000;1:1.\n\nA.\n\n{text}\n\nPMID: 1\n".encode()),
    "markdown": _PROSE.map(lambda text: f"---\ntitle: A\n---\n{text}".encode()),
    "html": _markup(
        "html",
        "head title body h1 h2 p div span b sup sub table caption tr th td ul li a br pre script style",
        "class href colspan rowspan id",
    ),
    "pubmed-xml": _markup(
        "PubmedArticle",
        "MedlineCitation PMID Article Journal Title ISSN JournalIssue PubDate Year Month Day MedlineDate ArticleTitle Abstract AbstractText"
        " AuthorList Author LastName Initials CollectiveName PublicationTypeList PublicationType ELocationID Language DataBankList DataBank"
        " DataBankName AccessionNumberList AccessionNumber CommentsCorrectionsList CommentsCorrections PubmedData ArticleIdList ArticleId",
        "Label NlmCategory IdType EIdType RefType ValidYN",
    ),
    "jats": _markup(
        "article",
        "front article-meta journal-meta journal-title article-id title-group article-title abstract body back sec title p sup sub italic"
        " table-wrap label caption table thead tbody tr th td xref fig list list-item contrib-group contrib name surname given-names"
        " pub-date year month day ref-list ref fn supplementary-material disp-formula",
        "pub-id-type sec-type colspan rowspan id rid ref-type date-type article-type pub-type",
    ),
    "bioc-xml": _markup(
        "collection", "document id passage infon offset text sentence annotation location relation", "key id offset length"
    ),
    "bioc-json": _json("id passages infons documents source date key", "documents"),
    "pubtator": _lines("1|2||x", "|t|") | _lines("1|t|A\n1|a|1\t0\t7", "\t"),
    "ris": _lines("TY|TI|T1|AU|PY|Y1|AB|N2|DO|AN|ID|JO|KW|ER|UR|ZZ|", "  - ", "ER  - "),
    "nbib": _lines("PMID|TI|AB|AU|DP|LID|AID|PT|JT|CRI|SI|     ", "- "),
    "csv": _rows(","),
    "tsv": _rows("\t"),
    "jsonl": _json("pmid title abstract year doi authors text id journal sections url"),
}  # fmt: skip
