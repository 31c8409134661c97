"""Who got what, as the text itself tells: "randomised to X (n = 20) or to Y", "one group received X, the other Y".

CONSORT asks every report of a trial for its groups and what each was given (2010, item 5); texts tell it in few
ways, nearly all of them a list behind a verb of allocation. What stands in such a list names an arm, whatever
a tagger makes of its words: "conventional management", "no drain", "the usual goal".
"""

from kg.assembly.allocation.groups import Groups, Place, called_by, place_of, with_groups

__all__ = ["Groups", "Place", "called_by", "place_of", "with_groups"]
