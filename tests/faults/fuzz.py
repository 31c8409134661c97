"""Readers and the number grammar against bytes that were never meant for them.

    python -m tests.faults.fuzz --seconds 60                # all targets, mutation of our own seeds
    python -m tests.faults.fuzz --target pubmed-xml --seconds 600 --engine atheris

With ``--engine atheris`` (coverage-guided, from PyPI, not among the requirements) libFuzzer chooses
the bytes; ``own`` mutates and splices the seeds without it. A target fails where anything but a
:class:`kg.errors.DocumentError` is raised, a record's offsets do not hold, or one input takes longer
than it may.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

LIMIT = 200_000  # bytes of a document
SECONDS = 5.0  # CPU time of one input

_PROSE = (
    "Vitamin D lowered the risk of falls (RR 0.84, 95% CI 0.70 to 0.94; P = .006) in 120 of 1,200 women "
    "aged 65±5 years, 800-1000 IU/d for 12 weeks; HR=0.5 [0.3,0.8], p<0·001, SMD −1.2 (−2.0; −0.4), "
    "mean (SD) 12.3 (4.5) vs 10.1±3.2 mg/dL, 50% v 40% (NNT 10), I2 = 84%, n/N 5/10."
)
SEEDS: dict[str, list[bytes]] = {
    "text": [_PROSE.encode(), b"1. J Test. 2000 Jan;1(1):1-2.\n\nA title.\n\nSmith J.\n\nPMID: 1\n"],
    "markdown": [f"---\ntitle: A\ntags: [a, b]\n---\n# Results\n\n**{_PROSE}** [a](http://b.c)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n".encode()],
    "html": [f"<html><head><title>A</title></head><body><h2>Results</h2><p>{_PROSE}<sup>2</sup>&amp;</p><table><tr><th>a</th></tr><tr><td>1</td></tr></table></body></html>".encode()],
    "pubmed-xml": [b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><Journal><Title>J</Title></Journal><ArticleTitle>A</ArticleTitle><Abstract><AbstractText Label='RESULTS'>RR 0.84 (0.7-0.9)</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"],
    "jats": [b"<article><front><article-meta><article-id pub-id-type='pmid'>1</article-id><title-group><article-title>A</article-title></title-group><abstract><p>RR 0.84</p></abstract></article-meta></front><body><sec><title>Results</title><p>HR 0.5<sup>2</sup></p><table-wrap><table><tr><td>1</td><td colspan='2'>2</td></tr></table></table-wrap></sec></body></article>"],
    "bioc-xml": [b"<collection><document><id>1</id><passage><infon key='type'>title</infon><offset>0</offset><text>RR 0.84</text></passage></document></collection>"],
    "bioc-json": [b'{"documents":[{"id":"1","passages":[{"infons":{"type":"title"},"offset":0,"text":"RR 0.84"}]}]}'],
    "pubtator": [b"1|t|A title\n1|a|RR 0.84 of falls\n1\t0\t7\tA title\tGene\t1\n\n"],
    "ris": [b"TY  - JOUR\nTI  - A\nAU  - Smith, J\nPY  - 2020/01/02\nAB  - RR 0.84\nDO  - 10.1000/x\nER  - \n"],
    "nbib": [b"PMID- 1\nTI  - A\nAB  - RR 0.84\n      of falls\nAU  - Smith J\nDP  - 2020 Jan\n"],
    "csv": [b'pmid,title,abstract,year\n1,A,"RR 0.84, of falls",2020\n'],
    "tsv": [b"pmid\ttitle\tabstract\n1\tA\tRR 0.84\n"],
    "jsonl": [b'{"pmid":1,"title":"A","abstract":"RR 0.84","year":2020}\n'],
}  # fmt: skip
SUFFIX = {"text": ".txt", "markdown": ".md", "html": ".html", "pubmed-xml": ".xml", "jats": ".nxml", "bioc-xml": ".xml",
          "bioc-json": ".json", "pubtator": ".pubtator", "ris": ".ris", "nbib": ".nbib", "csv": ".csv", "tsv": ".tsv", "jsonl": ".jsonl"}  # fmt: skip
_TOKENS = tuple(
    token.encode("utf-8", "surrogatepass")
    for token in (
        "<", ">", "&", "&#x0;", "&lt;", "]]>", "<!--", "<![CDATA[", "\x00", "\r", "\n\n", "\t", "|", "[", "](", "**", "{", "}", "\"",
        "\\ud800", "\ud800", "\u202e", "\ufeff", "NaN", "1e999", "-0", "9" * 400, "95% CI ", "RR ", "±", " to ", "−", "·", "0.", ".5",
        "(", ")", "%", "p<", "10(-3)", "mg/kg/d", " twice daily", "1,234", "---\n", "# ", "null", "[]", "{}", "<sup>", "xmlns='a'",
    )
)  # fmt: skip


def read_all(data: bytes, form: str) -> None:
    """Split and read bytes as one format; raise where something else than a refusal comes of it."""
    from kg.errors import DocumentError
    from kg.readers import read_bytes
    from kg.readers.members import Refusal, split

    name = "a" + SUFFIX[form]
    for member in split(io.BytesIO(data), name, format=form, size_limit=LIMIT):
        if isinstance(member, Refusal):
            continue
        try:
            reading = read_bytes(member.data, name + member.name, member.format)
        except DocumentError:
            continue
        document = reading.document
        document.model_dump_json()
        for section in document.sections:
            assert 0 <= section.start_char <= section.end_char <= len(document.text)
        view = reading.view
        assert len(view.starts) == len(view.ends) == len(view.text)
        for block in reading.blocks:
            assert 0 <= block.start_char <= block.end_char <= len(view.text)


def parse_numbers(data: bytes) -> None:
    """Run the grammar of numbers and of doses over a text; every place must be a slice of it."""
    from kg.numbers import read_numbers

    text = data.decode("utf-8", "replace")
    read = read_numbers(text)
    for found in (*read.statistics, *read.doses):
        assert 0 <= found.start_char < found.end_char <= len(text)


def targets() -> dict[str, tuple[Callable[[bytes], None], list[bytes]]]:
    """Return what is fuzzed, by name, with its seeds."""
    found: dict[str, tuple[Callable[[bytes], None], list[bytes]]] = {
        form: (lambda data, form=form: read_all(data, form), seeds) for form, seeds in SEEDS.items()
    }
    found["numbers"] = (parse_numbers, [sentence.encode() for sentence in _PROSE.split("; ")])
    return found


def mutate(seeds: list[bytes], chance: random.Random) -> bytes:
    """Return a seed changed in a few places: bytes, tokens, repeats, cuts, splices."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 3, 5, 9))):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(7):
            case 0:
                data[at:at] = bytes([chance.randrange(256)])
            case 1 | 2:
                data[at:at] = chance.choice(_TOKENS)
            case 3:
                del data[at : at + chance.choice((1, 1, 4, 20))]
            case 4:
                piece = data[at : at + chance.choice((1, 2, 5, 30))]
                data[at:at] = piece * chance.choice((2, 10, 100))
            case 5:
                other = chance.choice(seeds)
                cut = chance.randrange(len(other) + 1)
                data[at:] = other[cut:]
            case _:
                if at < len(data):
                    data[at] ^= 1 << chance.randrange(8)
    return bytes(data[:LIMIT])


def run_own(name: str, seconds: float, seed: int, runs: int | None = None) -> tuple[int, list[str]]:
    """Fuzz one target by mutation; return the number of executions and what went wrong."""
    work, seeds = targets()[name]
    chance = random.Random(f"{name} {seed}")
    problems: dict[str, str] = {}
    done = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end and (runs is None or done < runs):
        data = mutate(seeds, chance)
        start = time.process_time()
        try:
            work(data)
        except Exception as error:
            place = error.__traceback__
            while place is not None and place.tb_next is not None:
                place = place.tb_next
            at = (
                f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
            )
            problems.setdefault(f"{type(error).__name__} {at}", f"{error}: {data[:300]!r}")
        spent = time.process_time() - start
        if spent > SECONDS:
            problems.setdefault("slow", f"{spent:.1f} s: {data[:300]!r}")
        done += 1
    return done, [f"{name}: {key}: {value}" for key, value in problems.items()]


def run_atheris(name: str, seconds: float) -> None:
    """Fuzz one target with libFuzzer, which ends the process when it is done."""
    import atheris  # type: ignore[import-not-found]

    work, seeds = targets()[name]
    corpus = Path(__file__).parent / ".corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    with atheris.instrument_imports(include=["kg.readers", "kg.numbers"]):
        for seed in seeds:  # imports what the target needs
            work(seed)
    atheris.Setup(
        [sys.argv[0], str(corpus), f"-max_total_time={seconds:.0f}", "-timeout=20", "-max_len=20000", "-rss_limit_mb=2048"],
        work,
    )  # fmt: skip
    atheris.Fuzz()


def main() -> int:
    """Fuzz what was asked for and print a line each."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--target", action="append", default=[], choices=list(targets()))
    words.add_argument("--seconds", type=float, default=60.0, help="in all")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--engine", choices=("own", "atheris"), default="own")
    told = words.parse_args()
    names = told.target or list(targets())
    if told.engine == "atheris":
        run_atheris(names[0], told.seconds)
    total, bad = 0, 0
    for name in names:
        done, problems = run_own(name, told.seconds / len(names), told.seed)
        total += done
        bad += len(problems)
        print(json.dumps({"target": name, "executions": done, "problems": problems}), flush=True)
    print(f"{total} executions, {bad} problems", file=sys.stderr)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
