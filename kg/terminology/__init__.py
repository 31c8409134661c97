"""Concepts: what the words of a text mean, as entries of terminologies.

    source → ConceptEntry → Terminology → Grounder → concept of a record

``entry`` what a concept is · ``names`` when two names are the same · ``index`` entries behind an index
of their names, one file format · ``trigrams`` similar names.
"""
