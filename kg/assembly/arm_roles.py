"""Whether an arm is the control: its words, and where it stands in comparisons."""

from __future__ import annotations

from collections import defaultdict

from kg.assembly.arm_mentions import CONTROLS, GENERIC
from kg.assembly.arm_scene import ArmScene, Features
from kg.assembly.words import VERSUS

#: Words that say that a name is the standard of comparison, or what is tested against it.
ROLE_WORDS = frozenset(
    "placebo control controls comparator comparison sham vehicle untreated observation usual standard conventional routine"
    " alone no without only delayed wait waiting waitlist reference regular traditional plain active attention education"
    " intervention treatment study experimental test investigational new novel plus combination combined added addition"
    " high low intensive early late".split()
)


STANDARD = CONTROLS | frozenset(
    "controls usual standard conventional routine wait waiting waitlist no without".split()
)


def role_features(scene: ArmScene, name: int) -> Features:
    """Return what tells whether an arm is the control: its words, and where it stands in comparisons."""
    c = scene.context
    arm = scene.names[name]
    n = len(arm.mentions)
    f: Features = {"bias": 1.0, "share": scene.shares[name]}
    words: defaultdict[str, int] = defaultdict(int)
    placed: defaultdict[str, float] = defaultdict(float)
    for m in arm.mentions:
        p = m.phrase
        around = c.lower[max(0, p.first - 1) : p.last + 1]
        for w in set(around) & ROLE_WORDS:
            words[w] += 1
        placed["iv"] += p.score("intervention")
        placed["cv"] += p.score("comparator")
        zone = c.comparison_zone(p)
        if zone:
            placed[zone] += 1.0
        before = [
            w for w in c.lower[max(0, p.first - 3) : p.first] if w not in ("the", "with", "to", "a")
        ]
        if before and before[-1] in VERSUS:
            placed["behind"] += 1.0
        if p.last < len(c.lower) and any(w in VERSUS for w in c.lower[p.last : p.last + 2]):
            placed["ahead"] += 1.0
    for kind, members in (("standard", STANDARD), ("tested", GENERIC)):
        hits = [w for w in words if w in members]
        f[f"any_{kind}"] = float(bool(hits))
        f[f"share_{kind}"] = min(1.0, sum(words[w] for w in hits) / n)
    for w, count in words.items():
        f[f"w_{w}"] = count / n
        f["ever_" + w] = 1.0
    for key, value in placed.items():
        f[f"p_{key}"] = value / n
    in_title = scene.in_title
    f["title"] = float(name in in_title)
    if name in in_title:
        f["title_first"] = float(in_title[0] == name)
        f["title_later"] = float(in_title[0] != name)
    if name in scene.leading:
        f[f"order_{scene.leading.index(name)}"] = 1.0
    f["rank_0"] = float(scene.ranks[name] == 0)
    f["rank_1"] = float(scene.ranks[name] == 1)
    keys = arm.keys
    grouped = scene.grouped[name]
    others = [
        k
        for x, o in enumerate(scene.names)
        if grouped and x != name and scene.ranks[x] < 5 and scene.grouped[x]
        for k in o.keys
    ]
    f["grouped"] = float(grouped)
    f["part_of_other"] = float(any(k < o for k in keys for o in others))
    f["holds_other"] = float(any(o < k for k in keys for o in others))
    f["negated"] = float(any("no" in k for k in keys))
    f["alone"] = float(any("alone" in k for k in keys))
    codes = [next(iter(k)) for k in keys if len(k) == 1 and next(iter(k)).startswith("#")]
    for code in codes:
        f[f"code_{code[1:]}"] = 1.0
    return f
