"""What the view shows of markup, and that it maps back to the source."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import DocumentError
from kg.readers import read_bytes
from kg.text import Reading


def _read(source: str, name: str = "a.md") -> Reading:
    return read_bytes(source.encode(), name)


def _shown(source: str, name: str = "a.md") -> list[str]:
    reading = _read(source, name)
    return [reading.view.text[b.start_char : b.end_char] for b in reading.blocks]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("increased risk of IIM ( **RR = 3.24** , 95% CI: 1.81-5.79)",
         "increased risk of IIM (RR = 3.24, 95% CI: 1.81-5.79)"),
        ("revealed  **five studies**  with 286", "revealed five studies with 286"),
        ("coefficient=- **1.59** , 95% CI", "coefficient=-1.59, 95% CI"),
        ("was **1.5** and", "was 1.5 and"),
        ("(HR, 2.89;**  95% CI 1-2)", "(HR, 2.89; 95% CI 1-2)"),
        ("HR, 0.57 <span>[95% CI, 0.33-0.99]</span>, P", "HR, 0.57 [95% CI, 0.33-0.99], P"),
        ("p &lt; 0.001&nbsp;x", "p < 0.001\u00a0x"),
        ("level [RR = 1.59, 48/81 (60%)](RR%20=%201.59,%2048/81%20(60%)) end",
         "level [RR = 1.59, 48/81 (60%)] end"),
        ("chol (0.7 [95% CI (0.1, 1.3 mg/dl)](95%%20CI%20(0.1,%201.3%20mg/dl)); p = .01)",
         "chol (0.7 [95% CI (0.1, 1.3 mg/dl)]; p = .01)"),
        ("see [doi: 10.1/x.](https://doi.org/10.1/x.) Epub", "see doi: 10.1/x. Epub"),
        ("a {{< toc >}} b", "a b"),
        ("__OR = 2.66__, 95%", "OR = 2.66, 95%"),
        ("H{SUB()}2{SUB}O ~tc~ hidden 5 ~/tc~ x", "H2O x"),
        ("((Some page|some text)) here", "some text here"),
        ("100~hs~000 IU", "100 000 IU"),
        ("a kg/m<sup>2</sup> b", "a kg/m2 b"),
        ("p = 2 × 10<sup>-3</sup> x", "p = 2 × 10(-3) x"),
        ("WBC (×10<sup>9</sup>)", "WBC (×10(9))"),
        ("I<sup>2</sup> = 70%", "I2 = 70%"),
        ("fell by 19.<sup>1,2</sup> Then", "fell by 19. Then"),
        ("in 12<sup>3</sup> of", "in 12 of"),
        ("Lee et al. <sup>[4]</sup> found", "Lee et al. found"),
        ("vitamin D<sub>3</sub> and 25(OH)<sub>2</sub>D", "vitamin D3 and 25(OH)2D"),
        ("the 4<sup>th</sup> month", "the 4th month"),
        ("A *single* word, Coffey*, Hines*, 2 * 3", "A single word, Coffey*, Hines*, 2 * 3"),
        ("a de\u00adfi\u200bciency \ufb01t", "a deficiency fit"),
        ("range 5 \u00ad3.2", "range 5 -3.2"),
        ("Ã\u00adcero said â€œwellâ€\u009d", "ícero said “well”"),
        ("x <!-- no 3.1 --> y", "x y"),
        ("n <5 and p<0.05 or a<b and c>d", "n <5 and p<0.05 or a<b and c>d"),
        ("one ![image](/a_(1).jpg) two", "one two"),
    ],
)  # fmt: skip
def test_markup_is_not_shown(source: str, shown: str) -> None:
    assert _shown(source) == [shown]


def test_a_span_reaches_over_the_markup_it_covers() -> None:
    reading = _read("x ( **RR = 3.24** , 95% CI: 1.81-5.79) y")
    start = reading.view.text.index("RR")
    span = reading.span(start, reading.view.text.index(")"))
    assert span.text == "RR = 3.24** , 95% CI: 1.81-5.79"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("one two three and four\nfive six seven eight\n\nNine ten.",
         ["one two three and four five six seven eight", "Nine ten."]),
        ("Submitted\nUnder Review\nApproved", ["Submitted", "Under Review", "Approved"]),
        ("group (p=0.1). However, of the many,\nthere were few (95% CI\n12.9, 18.5).",
         ["group (p=0.1). However, of the many, there were few (95% CI 12.9, 18.5)."]),
        ("Influenza A occurred less in the group with vitamin D3\n\ncompared with placebo.",
         ["Influenza A occurred less in the group with vitamin D3 compared with placebo."]),
    ],
)  # fmt: skip
def test_lines_are_joined_only_where_they_were_wrapped(source: str, shown: list[str]) -> None:
    assert _shown(source, "a.txt") == shown


def test_html_white_space_is_folded() -> None:
    source = (
        "<html><body><p>Mean\n   was <b>5</b>\n mg</p><script>var x = 7;</script></body></html>"
    )
    assert _shown(source, "a.html") == ["Mean was 5 mg"]


markup = st.sampled_from([
    "**", "*", "__", "<span>", "</span>", "[", "](", ")", "(", "&lt;", "&amp;", "<sup>", "</sup>",
    "2", "-3.5", "10", " ", "\n", "\n\n", "|", "||", "| --- |", "# ", "* ", "> ", "---", "~tc~",
    "~/tc~", "((", "))", "{SUB()}", "<!--", "-->", "<table>", "<tr>", "<td>", "</table>", "<p>",
    "<h2>", "<li>", "<ul>", "</ul>", "<pre>Markdown:", "{{< toc >}}", "Results: ", "\u00ad", "\ufb01",
    "METHODS", "See also", "References", "<br>", "<a href=x>", "</a>", "\\*", "{\"title\": 1}\n",
    "---\na: b\n---\n", "<title>", "<script>", "\r\n", "Â°", "<td colspan=3 rowspan=2>", "1. ",
])  # fmt: skip
sources = st.lists(markup | st.text(max_size=6), max_size=40).map("".join)


@settings(max_examples=250, deadline=None)
@given(sources, st.sampled_from(["a.md", "a.txt", "a.html"]))
def test_any_text_maps_back_to_its_source(source: str, name: str) -> None:
    """Blocks come in order and apart; each shown character stands for its place in the source."""
    try:
        reading = read_bytes(source.encode("utf-8", "surrogatepass"), name)
    except DocumentError:
        return
    text, view = reading.document.text, reading.view
    assert len(view.text) == len(view.starts) == len(view.ends)
    before = 0
    for character, start, end in zip(view.text, view.starts, view.ends, strict=True):
        assert before <= start <= end <= len(text)
        before = start
        if end == start + 1 and character != text[start]:
            assert _is_substitution(text[start], character)
    last = 0
    for index, block in enumerate(reading.blocks):
        assert last <= block.start_char < block.end_char <= len(view.text)
        last = block.end_char
        assert block.lead is None or block.lead < index
        span = reading.span(block.start_char, block.end_char)
        assert text[span.start_char : span.end_char] == span.text
        if block.table is not None:
            for row in block.table.rows:
                for cell in row:
                    assert block.start_char <= cell.start_char <= cell.end_char <= block.end_char
    for section in reading.document.sections:
        assert 0 <= section.start_char <= section.end_char <= len(text)


def _is_substitution(source: str, shown: str) -> bool:
    """Whether one character may stand for another: white space folded, or a declared repair."""
    if source.isspace() or source == "\u00ad":
        return shown in " \n-"
    return source in "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        reading = read_bytes(data, "a.txt")
    except DocumentError:
        return
    assert reading.document.text


@pytest.mark.parametrize(
    "unit",
    [
        "[", "](", "[](", "<", "<a b=\"", "<a ", "((", "**", "*a ", "~tc~", "<!--", "<table><tr>",
        "&", "||", "|a", "(", "> ", "* a\n", "x ", "Results ", "a.Methods", "Methods and ", "10.1234/",
        "{SUB(", "<sup>", "doi: ", "A B, ", "\n", "# a\n", "1. ", "a\n\n", "p <", "word, ", "é",
        "<pre>", "- ", "a.", "Aa ", "19", "(a", "NCT", "^", "__", "\\",
    ],
)  # fmt: skip
def test_time_is_linear_in_the_length(unit: str) -> None:
    def seconds(length: int) -> float:
        source = (unit * (length // len(unit) + 1))[:length] + "."
        start = time.process_time()
        read_bytes(source.encode(), "a.md")
        return time.process_time() - start

    small, large = seconds(6_000), seconds(24_000)
    assert large < 16 * small or large < 0.5, (small, large)
