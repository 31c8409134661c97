"""The packaged lexicon: what evidence texts name, counted, checked against the vocabularies.

    texts ──count──▶ counts.tsv ─┐
    *.txt, written by hand ──────┴──build──▶ lexicon.tsv ──▶ kg/terminology/data/lexicon.npz

``python -m training.lexicon count|build|check``; see docs/terminology.md.
"""
