"""Finding markup in a text: tags, entities, links, emphasis, shortcodes and wiki plugins.

The result is a list of *atoms*, stretches of the source in order that are not shown as they stand.
Every search is bounded, so the time is linear in the length of the text.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

AtomKind = Literal["skip", "text", "bold", "link", "unlink", "tag"]


@dataclass(frozen=True, slots=True)
class Atom:
    """A stretch of markup.

    ``value`` is the text to show (``text``), the target (``link``, ``unlink``), the tag's name with
    ``/`` before it if it closes (``tag``), or for ``bold`` whether it ``opens`` or ``closes``, where
    the spaces around it say so. ``attributes`` is what stands in a tag after its name.
    """

    start: int
    end: int
    kind: AtomKind
    value: str = ""
    attributes: str = ""


#: Elements that start a new block of text.
BLOCK_TAGS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "head", "header", "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul", "option",
})  # fmt: skip
INLINE_TAGS = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "button", "cite", "code", "col",
    "colgroup", "data", "del", "dfn", "em", "font", "i", "iframe", "img", "input", "ins", "kbd",
    "label", "link", "mark", "meta", "noscript", "param", "picture", "q", "s", "samp", "select",
    "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "video",
    "audio", "wbr", "object", "embed", "base", "area", "map", "svg", "path", "template",
})  # fmt: skip
_EMPHASIS_TAGS = frozenset({"b", "strong"})
#: Elements whose content is never text.
_RAW_TAGS = frozenset(
    {"script", "style", "svg", "select", "iframe", "noscript", "template", "button"}
)

_ATTRIBUTES = (
    r"(?:\s+[A-Za-z_:@][\w:.-]{0,60}+\s*=\s*"
    r"(?:\"[^\"]{0,6000}+\"|'[^']{0,6000}+'|[^\s\"'<>=`]{1,3000}+)"
    r"|\s+(?:noshade|nowrap|checked|disabled|hidden|async|defer|controls|allowfullscreen|compact|selected)\b"
    r"|\s++(?=/?>))*+"
)
_TOKEN = re.compile(
    rf"(?P<comment><!--)|(?P<declaration><[!?][^<>]{{0,2000}}+>)"
    rf"|<(?P<tag>/?[A-Za-z][A-Za-z0-9]{{0,15}}+(?::[A-Za-z0-9]{{1,30}}+)?)(?P<attributes>{_ATTRIBUTES})\s*+/?>"
    r"|(?P<autolink><https?://[^\s<>]{1,2000}+>)"
    r"|(?P<entity>&(?:\#[0-9]{1,7}+|\#[xX][0-9A-Fa-f]{1,6}+|[A-Za-z][A-Za-z0-9]{1,31}+);)"
)
_WIKI_TOKEN = re.compile(
    _TOKEN.pattern + r"|(?P<shortcode>\{\{[<%][^{}\n]{0,500}+\}\})"
    r"|(?P<anchor>\{ANAME\([^{}\n]{0,200}\)\}(?:[^{}\n]{0,200}+\{ANAME\})?)"
    r"|(?P<plugin>\{/?[A-Z][A-Z0-9_]{1,24}+(?:\([^{}\n]{0,1000}\))?\s?/?\})"
    r"|(?P<note>~tc~)|(?P<tilde>~(?:hs|/?np|/?pp|/tc)~)|(?P<colour>~~\#?\w{2,12}:|~~)"
    r"|\(\((?P<page>[^()|\n]{1,200}+)(?:\|(?P<label>[^()|\n]{1,300}+))?\)\)"
    r"|(?P<external>\[https?://[^\s|\]\[]{1,2000}+\|[^\]\[\n]{0,500}+\])"
    r"|(?P<escape>\\[\\*_\[\]<>\#~`|{}()$])"
    r"|(?P<box>(?m:^\^(?=\S))|(?<=\S)(?m:\^(?=[ \t]*$)))"
    r"|(?P<bold>\*\*+)|(?P<underline>(?<!_)__(?!_))"
    r"|(?P<star>(?<![\w*])\*(?=[^\s*,.;:)])|(?<=[^\s*])\*(?![\w*])|(?<=\s)\*(?=\s+[A-Za-z]))"
)
_BRACKETS = re.compile(r"\[|\]\(?|\n[ \t]*\r?\n")
_PARENTHESES = re.compile(r"[()\n]")
_LINK_LIMIT = 4000


def find_atoms(text: str, start: int, end: int, *, wiki: bool) -> list[Atom]:
    """List the markup of ``text[start:end]``, in order and without overlap.

    `wiki` adds Markdown, Tiki and Hugo markup to that of HTML.
    """
    atoms: list[Atom] = _links(text, start, end) if wiki else []
    hidden = [(atom.start, atom.end) for atom in atoms if atom.kind != "link"]
    hidden_starts = [item[0] for item in hidden]
    pattern = _WIKI_TOKEN if wiki else _TOKEN
    closers: dict[str, int] = {}  # what was searched in vain from here on
    stars: list[int] = []  # index of an opening star of this line
    position = start
    marked = wiki or "<" in text or "&" in text
    while marked and (found := pattern.search(text, position, end)):
        at = bisect_right(hidden_starts, found.start()) - 1
        if at >= 0 and found.start() < hidden[at][1]:
            position = hidden[at][1]
            continue
        made = _atoms_of(text, found, end, closers)
        position = made[-1].end if made else found.end()
        if found.lastgroup == "star":
            made = _paired_star(text, found, stars, atoms)
        atoms.extend(made)
    atoms.sort(key=lambda atom: (atom.start, atom.end))
    return _without_overlap(atoms)


def _atoms_of(text: str, found: re.Match[str], end: int, closers: dict[str, int]) -> list[Atom]:
    """Turn one token into atoms; none where it is no markup after all."""
    kind = found.lastgroup or ""
    start, stop = found.span()
    if found["tag"] is not None:
        return _tag(text, found, end, closers)
    if kind == "comment":
        return _through(text, start, stop, "-->", end, closers)
    if kind == "note":
        return _through(text, start, stop, "~/tc~", end, closers)
    if kind == "entity":
        shown = html.unescape(found.group())
        return [] if shown == found.group() else [Atom(start, stop, "text", shown)]
    if kind == "autolink":
        return [Atom(start, start + 1, "skip"), Atom(stop - 1, stop, "skip")]
    if kind in ("declaration", "shortcode", "anchor", "plugin", "colour", "box"):
        return [Atom(start, stop, "skip")]
    if kind == "tilde":
        return [Atom(start, stop, "text", " " if found.group() == "~hs~" else "")]
    if kind in ("page", "label"):
        shown_start, shown_end = found.span(kind)
        return [
            Atom(start, shown_start, "link", found["page"]),
            Atom(shown_end, stop, "unlink", found["page"]),
        ]
    if kind == "external":
        bar = found.group().index("|")
        target = found.group()[1:bar]
        close = found.group().find("|", bar + 1)
        close = len(found.group()) - 1 if close < 0 else close
        return [
            Atom(start, start + bar + 1, "link", target),
            Atom(start + close, stop, "unlink", target),
        ]
    if kind == "escape":
        return [Atom(start, start + 1, "skip"), Atom(start + 1, stop, "text", found.group()[1])]
    if kind in ("bold", "underline"):
        before, after = text[start - 1 : start] or " ", text[stop : stop + 1] or " "
        if before.isspace() == after.isspace():
            return [Atom(start, stop, "bold")]
        return [Atom(start, stop, "bold", "opens" if before.isspace() else "closes")]
    return []


def _tag(text: str, found: re.Match[str], end: int, closers: dict[str, int]) -> list[Atom]:
    name = found["tag"].lower()
    bare = name.lstrip("/")
    start, stop = found.span()
    if ":" in bare:  # a word processor's own element
        return [Atom(start, stop, "skip")]
    if bare not in BLOCK_TAGS and bare not in INLINE_TAGS and bare not in _RAW_TAGS:
        return []
    if bare in _EMPHASIS_TAGS:
        return [Atom(start, stop, "tag", name)]
    if name in _RAW_TAGS and not found.group().endswith("/>"):
        closed = _through(text, start, stop, f"</{name}", end, closers)
        if closed:
            last = text.find(">", closed[0].end, min(end, closed[0].end + 100))
            return [Atom(start, last + 1 if last >= 0 else closed[0].end, "skip")]
    return [Atom(start, stop, "tag", name, found["attributes"].strip())]


def _through(
    text: str, start: int, stop: int, closer: str, end: int, closers: dict[str, int]
) -> list[Atom]:
    """Skip up to and with `closer`; show the text as it stands where there is none."""
    if closer in closers:
        return [Atom(start, stop, "skip")] if closer.startswith("</") else []
    close = text.find(closer, stop, end)
    if close < 0 and closer.startswith("</"):
        close = text.find(closer.upper(), stop, end)
    if close < 0:
        closers[closer] = stop
        return [Atom(start, stop, "skip")] if closer.startswith("</") else []
    return [Atom(start, close + len(closer), "skip")]


def _paired_star(
    text: str, found: re.Match[str], stars: list[int], atoms: list[Atom]
) -> list[Atom]:
    """Hide a star that emphasises, or that a converter left alone between words."""
    at = found.start()
    before = text[at - 1] if at else " "
    after = text[at + 1 : at + 2]
    if before.isspace() and after.isspace():
        line = text.rfind("\n", 0, at)
        return [] if not text[max(line, at - 20) + 1 : at].strip() else [Atom(at, at + 1, "skip")]
    if stars and (at - stars[-1] > 2000 or "\n" in text[stars[-1] : at]):
        stars.clear()
    opens = not (before.isalnum() or before == "*") and not after.isspace()
    if stars and not before.isspace():
        opening = stars.pop()
        atoms.append(Atom(opening, opening + 1, "skip"))
        return [Atom(at, at + 1, "skip")]
    if opens:
        stars.append(at)
    return []


def _links(text: str, start: int, end: int) -> list[Atom]:
    """Find ``[text](target)`` and images, also where a text was made a link to itself."""
    if "](" not in text:
        return []
    closing = _matching_parentheses(text, start, end)
    atoms: list[Atom] = []
    opened: list[int] = []
    position = start
    while found := _BRACKETS.search(text, position, end):
        position = found.end()
        if found.group() == "[":
            opened.append(found.start())
        elif found.group().startswith("]"):
            if not opened:
                continue
            opening = opened.pop()
            if found.group() == "]":
                continue
            made = _link(text, opening, found.start(), closing, end)
            if made:
                atoms.extend(made)
                position = made[-1].end
    return atoms


def _link(
    text: str, opening: int, close: int, closing: dict[int, int], end: int
) -> list[Atom] | None:
    """Return the atoms of one link whose text is ``text[opening + 1:close]``."""
    target_start = close + 2
    if close - opening <= _LINK_LIMIT:
        own = text[opening + 1 : close].replace(" ", "%20")
        stop = target_start + len(own)
        if (
            own
            and "%20" in own
            and text.startswith(own, target_start)
            and text[stop : stop + 1] == ")"
        ):
            # Square brackets of the text that a converter took for a link: the brackets are shown.
            return [Atom(close + 1, stop + 1, "skip")]
    target_end = closing.get(close + 1, -1)
    if target_end < 0 or target_end - target_start > _LINK_LIMIT:
        line_end = text.find("\n", target_start, min(end, target_start + 500))
        stop = line_end if line_end >= 0 else min(end, target_start + 500)
        target_end = text.find(")", target_start, stop)
        if target_end < 0:
            return None
    target = text[target_start:target_end].strip()
    if opening and text[opening - 1] == "!":
        return [Atom(opening - 1, target_end + 1, "skip")]
    if close - opening > _LINK_LIMIT or "\n\n" in text[opening:close]:
        return None
    label = text[opening + 1 : close]
    if not _is_target(target):
        if unquote(target) == label:
            return [Atom(close + 1, target_end + 1, "skip")]
        return None
    return [
        Atom(opening, opening + 1, "link", target),
        Atom(close, target_end + 1, "unlink", target),
    ]


def _is_target(target: str) -> bool:
    """Tell a link's target from a parenthesis that happens to follow a square bracket."""
    return (
        not target
        or bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|[/#?.]|www\.", target))
        or (" " not in target and ("/" in target or "." in target) and not target[0].isdigit())
    )


def _matching_parentheses(text: str, start: int, end: int) -> dict[int, int]:
    """Map each opening parenthesis to the one that closes it on the same line."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for found in _PARENTHESES.finditer(text, start, end):
        if found.group() == "(":
            opened.append(found.start())
        elif found.group() == ")":
            if opened:
                closing[opened.pop()] = found.start()
        else:
            opened.clear()
    return closing


def _without_overlap(atoms: list[Atom]) -> list[Atom]:
    kept: list[Atom] = []
    for atom in atoms:
        if not kept or atom.start >= kept[-1].end:
            kept.append(atom)
    return kept
