"""Windows: the stretches of a text that the encoder reads at once, with where each piece stands.

A window holds whole sentences, as many as fit, behind the document's title, so that a number in the
last paragraph is read knowing what the study compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tokenizers import Encoding, Tokenizer

Range = tuple[int, int]

#: Word pieces in a window, the two special ones included.
SIZE = 512

#: Word pieces of the title that stand before every window.
TITLE_SIZE = 40


@dataclass(frozen=True, slots=True)
class Window:
    """Word pieces with their words.

    ``words`` are the words of the text itself, each with its place among the pieces; those of the
    title in front are not among them. Offsets are those of the text the sentences were cut from.
    """

    ids: tuple[int, ...]
    words: tuple[tuple[int, int, int], ...]  # index of its first piece, start, end


def make_windows(
    tokenizer: Tokenizer, text: str, sentences: Sequence[Range], title: str = ""
) -> Iterator[Window]:
    """Yield windows over sentences, in their order.

    Parameters
    ----------
    tokenizer
        Word pieces, without special ones added.
    sentences
        Offsets into `text`, in order, not overlapping.
    title
        What the text is about; set before each window that does not begin with it.
    """
    first, last = (tokenizer.token_to_id(name) or 0 for name in ("[CLS]", "[SEP]"))
    encodings = tokenizer.encode_batch(
        [title, *(text[a:b] for a, b in sentences)], add_special_tokens=False
    )
    head = encodings[0].ids[:TITLE_SIZE]
    pieces: list[tuple[int, int, int, bool]] = []  # id, start, end, begins a word
    opening = [first]
    room = 0

    def begin(at: int) -> None:
        nonlocal opening, room
        known = not head or text[at : at + 400].lstrip().startswith(title)
        opening = [first] if known else [first, *head, last]
        room = SIZE - 1 - len(opening)

    def close() -> Window:
        words = []
        for k, (_, a, b, starts) in enumerate(pieces):
            if starts:
                words.append((len(opening) + k, a, b))
            else:
                words[-1] = (*words[-1][:2], b)
        window = Window((*opening, *(p[0] for p in pieces), last), tuple(words))
        pieces.clear()
        return window

    for (at, _), encoding in zip(sentences, encodings[1:], strict=True):
        new = list(_pieces(encoding, at))
        if pieces and len(pieces) + len(new) > room:
            yield close()
        while new:
            if not pieces:
                begin(new[0][1])
            taken = new[:room]
            if len(taken) < len(new):  # a sentence longer than a window: cut before a word
                while len(taken) > 1 and not new[len(taken)][3]:
                    taken.pop()
            pieces.extend((*taken[0][:3], True) if k == 0 else p for k, p in enumerate(taken))
            new = new[len(taken) :]
            if new:
                yield close()
    if pieces:
        yield close()


def _pieces(encoding: Encoding, base: int) -> Iterable[tuple[int, int, int, bool]]:
    """Yield word pieces with their offsets and whether each begins a word."""
    words = [None, *encoding.word_ids]
    for (before, word), number, (a, b) in zip(
        pairwise(words), encoding.ids, encoding.offsets, strict=True
    ):
        yield number, base + a, base + b, word != before
