"""Arms whose place says which values are theirs.

Right beside them: "(S-1: 9.2%, capecitabine: 1.4%)", "12% on A and 9% on B"; in their order: "between the
placebo and the antibiotic group (15% vs 13.4%)"; or the one that opens a sentence and stays alone in it: "In the
sham group, 7% had grade 0 reactions, 27% grade 1 and 60% grade 2".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from kg.assembly.arm_names import ArmMention
from kg.assembly.arm_scene import BREAKS, ArmScene
from kg.assembly.words import VERSUS

#: What may stand between a name and the value behind it.
_BEFORE = frozenset(
    ": = , ( [ was were is of at a an the had group groups arm arms n mean median about approximately only in which whom".split()
)
#: What may stand between a value and the name behind it.
_BEHIND = frozenset(
    ") ] % in with for on among of to the those who that receiving received treated given taking assigned randomized"
    " randomised patients participants subjects women men children people group arm by under at during after following"
    " period".split()
)
#: What says that the value behind it is of the name before it.
_TELLING = frozenset(": = which whom".split())
_JOINING = frozenset("in with for on of among by under at during after following".split())
_UNIT = 4  # tokens of a unit and a bracket behind a value
_APART = frozenset(", ; and".split())
_OPENING = 3  # tokens before a name that opens its sentence
#: Words by which a sentence speaks of other groups without naming them.
_OTHERS = frozenset("both other others respectively either all each".split())
#: Words after which a sentence that says at once of whom it tells goes on to tell of them.
_TURNS = frozenset("; but although".split())
_FAR = 8  # tokens between a value and the name behind it
#: What joins the names of a list.
_LISTING = frozenset(
    ", and or & / vs vs. versus v compared with to the group groups arm arms".split()
)


def names_beside(scene: ArmScene) -> Mapping[int, int]:
    """Return the name of each value of a list or pair whose values all have a name of their own by place.

    Every value stands behind its name, or every one before it, or as many names are listed right
    before or behind the values; the names all differ.
    """
    found = dict(_led(scene))
    for members in _runs(scene):
        # what a preposition joins goes before what a comma parts
        for side in (_name_behind, _name_before):
            named = [side(scene, k) for k in members]
            if None not in named and len(set(named)) == len(named):
                found.update((k, n) for k, n in zip(members, named, strict=True) if n is not None)
                break
        else:
            found.update(zip(members, _names_listed(scene, members), strict=False))
    return dict(_adjoining(scene)) | found


def _adjoining(scene: ArmScene) -> Iterator[tuple[int, int]]:
    """Yield the values of a group right beside them: "fell by 1.0 in the sham group".

    A group that a list of several goes on with says less: "1.0 and 0.7 in the sham and the laser group".
    """
    c = scene.context
    for k in scene.values:
        place = c.places[k]
        grouped = [
            m for m in _here(scene, k)
            if (m.grouped or m.name in scene.told) and m.phrase.list_id >= -1
        ]  # fmt: skip
        behind = [
            m for m in grouped if m.name == _name_behind(scene, k) and m.phrase.first >= place.end
        ]
        if behind and not _goes_on(scene, behind[0]):
            yield k, behind[0].name
            continue
        before = [m for m in grouped if m.phrase.last <= place.token][-1:]
        told = before and not _TELLING.isdisjoint(c.lower[before[0].phrase.last : place.token])
        if told and before[0].name == _name_before(scene, k):
            yield k, before[0].name


def _goes_on(scene: ArmScene, one: ArmMention) -> bool:
    """Tell whether a name is the first of a list of names."""
    c, last = scene.context, one.phrase.last
    later = [m for m in scene.by_sentence.get(one.phrase.sentence, []) if m.phrase.first >= last]
    if not later:
        return False
    gap = c.lower[last : later[0].phrase.first]
    return set(gap) <= _LISTING or "respectively" in c.lower[last : last + 4]


def _led(scene: ArmScene) -> Iterator[tuple[int, int]]:
    """Yield the values of sentences that begin with a group and name and compare no other."""
    c = scene.context
    for sentence, members in groupby(scene.values, key=lambda k: c.places[k].sentence):
        values, here = list(members), scene.by_sentence.get(sentence, [])
        if len(scene.told) > 1:
            here = [m for m in here if m.name in scene.told or m.grouped]
        if len({m.name for m in here}) != 1 or not (here[0].grouped or here[0].name in scene.told):
            continue
        first, last = c.sentence_tokens[sentence]
        opens = here[0].phrase.first - first <= _OPENING
        behind = here[0].phrase.last
        apart = (
            _TURNS if c.lower[behind : behind + 1] == [","] else frozenset()
        )  # "In A, x fell but y rose": of A both
        compared = not ((VERSUS | BREAKS | _OTHERS) - apart).isdisjoint(c.lower[first:last])
        if opens and not compared and here[0].phrase.last <= c.places[values[0]].token:
            yield from ((k, here[0].name) for k in values)


def _names_listed(scene: ArmScene, members: Sequence[int]) -> list[int]:
    """Return the names of the list next to a list of as many values, none where there is no such list."""
    c = scene.context
    first, last = c.places[members[0]], c.places[members[-1]]
    here = [m for m in _here(scene, members[0]) if m.phrase.list_id >= -1]
    if scene.context.statistics[members[0]].group is None or any(
        first.token < m.phrase.first < last.end for m in here
    ):
        return []
    size = len(members)
    coded = _codes_listed(scene, members)
    if coded:
        return coded
    behind = [m for m in here if m.phrase.first >= last.end][:size]
    before = [m for m in here if m.phrase.last <= first.token][-size:]
    for run in (behind, before):
        if run is behind and run:
            gap = c.lower[last.end : run[0].phrase.first]
            if not (_JOINING.intersection(gap) and set(gap) <= _BEHIND):
                continue
        gaps = [c.lower[a.phrase.last : b.phrase.first] for a, b in pairwise(run)]
        listed = all(gap and set(gap) <= _LISTING for gap in gaps)
        if len(run) == size and listed and len({m.name for m in run}) == size:
            return [m.name for m in run]
    return []


def _codes_listed(scene: ArmScene, members: Sequence[int]) -> list[int]:
    """Return the names of as many codes that one place of the sentence lists: "5.5 and 5.9 mm in groups 1 and 2"."""
    lists = {m.phrase.list_id for m in _here(scene, members[0]) if m.phrase.list_id < -1}
    own = [m for m in _here(scene, members[0]) if m.phrase.list_id < -1]
    if len(lists) != 1 or len(own) != len(members):
        return []
    names = [m.name for m in sorted(own, key=lambda m: m.phrase.list_index)]
    return names if len(set(names)) == len(names) else []


def _runs(scene: ArmScene) -> list[list[int]]:
    """Return the lists and pairs of values, and neighbouring values of a sentence that are in none."""
    runs = [members for members in scene.groups.values() if len(members) > 1]
    places, statistics = scene.context.places, scene.context.statistics
    for one, other in pairwise(scene.values):
        if places[one].sentence != places[other].sentence:
            continue
        a, b = statistics[one], statistics[other]
        if (a.group is None or a.group != b.group) and scene.links[one].measure == scene.links[
            other
        ].measure:
            runs.append([one, other])
    return runs


def _name_before(scene: ArmScene, k: int) -> int | None:
    """Return the name right before a value, ``None`` if other words part them."""
    c, place = scene.context, scene.context.places[k]
    near = [m for m in _here(scene, k) if m.phrase.last <= place.token]
    if not near:
        return None
    last = max(near, key=lambda m: m.phrase.last)
    gap = c.lower[last.phrase.last : place.token]
    return last.name if set(gap) <= _BEFORE and (gap or last.phrase.last == place.token) else None


def _name_behind(scene: ArmScene, k: int) -> int | None:
    """Return the name right behind a value, joined to it by "in", "with", "for"."""
    c, place = scene.context, scene.context.places[k]
    end = _end_of_value(scene, k)
    near = [m for m in _here(scene, k) if end <= m.phrase.first <= place.end + _FAR]
    if not near:
        return None
    first = min(near, key=lambda m: m.phrase.first)
    gap = c.lower[end : first.phrase.first]
    joined = bool(_JOINING.intersection(gap))
    return first.name if joined and set(gap) <= _BEHIND else None


def _end_of_value(scene: ArmScene, k: int) -> int:
    """Return the token behind a value with its unit: "8.4 kg in the sham group, p = 0.002" ends with its p."""
    c, s = scene.context, scene.context.statistics[k]
    place = c.places[k]
    if s.value_end is None or s.p_start is None or s.p_start < s.value_end:
        return place.end
    first, last = c.token_at(s.value_end), c.token_at(s.p_start)
    joint = next((t for t in range(first, last) if c.lower[t] in _JOINING), last)
    apart = joint - first > _UNIT or not _APART.isdisjoint(c.lower[first:joint])
    return place.end if joint == last or apart else joint


def _here(scene: ArmScene, k: int) -> list[ArmMention]:
    return scene.by_sentence.get(scene.context.places[k].sentence, [])
