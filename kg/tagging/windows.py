"""Windows: the stretches of a text that the encoder reads at once, with where each piece stands.

A window holds whole sentences, as many as fit, behind the document's title, so that a number in the
last paragraph is read knowing what the study compared; and it begins with the last sentences of the one
before, so that a number at its beginning is read with what led to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tokenizers import Encoding, Tokenizer

Range = tuple[int, int]

#: Word pieces in a window, the two special ones included.
SIZE = 512

#: The most word pieces in a block, the stretch that most layers of the encoder read alone.
BLOCK = 128

#: What each layer of the encoder reads: all of the window, its blocks, or blocks that begin half a block later
#: (the last of them ends where the first begins). Blocks take a third of the time.
EVERYTHING, BLOCKS, BETWEEN_BLOCKS = range(3)
REACH = (BLOCKS, BETWEEN_BLOCKS, BLOCKS, EVERYTHING, BETWEEN_BLOCKS, EVERYTHING)

#: Word pieces of the title that stand before every window.
TITLE_SIZE = 40


#: The most word pieces of the window before that a window begins with.
CONTEXT = 160

Piece = tuple[int, int, int, bool]  # id, start, end, begins a word


@dataclass(frozen=True, slots=True)
class Window:
    """Word pieces with their words.

    ``words`` are the words of the text itself, each with its place among the pieces; those of the
    title in front are not among them. The first ``context`` of them are the last of the window before.
    Offsets are those of the text the sentences were cut from.
    """

    ids: tuple[int, ...]
    words: tuple[tuple[int, int, int], ...]  # index of its first piece, start, end
    context: int = 0


def in_blocks(pieces: int) -> tuple[int, int]:
    """Return how many blocks a window has and how many pieces each: as few as can be, all of one size.

    What the last block has too much is filled with pieces of number 0, fewer than there are blocks.
    """
    count = -(-pieces // BLOCK)
    return count, -(-pieces // count)


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
    before: list[Piece] = []  # the last sentences of the window before
    own: list[list[Piece]] = []  # the window's sentences

    def opening() -> list[int]:
        at = before[0][1] if before else own[0][0][1] if own else 0
        known = not head or text[at : at + 400].lstrip().startswith(title)
        return [first] if known else [first, *head, last]

    def room() -> int:
        return SIZE - 1 - len(opening()) - len(before) - sum(map(len, own))

    def close() -> Window:
        nonlocal before
        pieces = [*before, *(piece for sentence in own for piece in sentence)]
        front = opening()
        words: list[tuple[int, int, int]] = []
        for k, (_, a, b, starts) in enumerate(pieces):
            if starts:
                words.append((len(front) + k, a, b))
            else:
                words[-1] = (*words[-1][:2], b)
        context = sum(starts for *_, starts in before)
        window = Window((*front, *(p[0] for p in pieces), last), tuple(words), context)
        before = []
        while own and len(before) + len(own[-1]) <= CONTEXT:
            before = [*own.pop(), *before]
        own.clear()
        return window

    for (at, _), encoding in zip(sentences, encodings[1:], strict=True):
        new = list(_pieces(encoding, at))
        if own and len(new) > room():
            yield close()
        while new:
            own.append(new)
            over = -room()
            if over > 0 and before:
                before = []
                over = -room()
            if over <= 0:
                break
            taken = len(new) - over  # a sentence longer than a window: cut before a word
            while taken > 1 and not new[taken][3]:
                taken -= 1
            own[-1], new = new[:taken], new[taken:]
            new[0] = (*new[0][:3], True)
            yield close()
    if own:
        yield close()


def _pieces(encoding: Encoding, base: int) -> Iterable[tuple[int, int, int, bool]]:
    """Yield word pieces with their offsets and whether each begins a word."""
    words = [None, *encoding.word_ids]
    for (before, word), number, (a, b) in zip(
        pairwise(words), encoding.ids, encoding.offsets, strict=True
    ):
        yield number, base + a, base + b, word != before
