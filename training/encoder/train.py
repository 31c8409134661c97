"""Train the encoder behind the default tagger.

    python -m training.encoder.train --windows FILE --encoder FOLDER --to WEIGHTS.pt

Needs ``training/requirements.txt`` in an environment of its own. A GPU is used where there is one;
without, bfloat16 on the processor. Fixed seed; the weights written are the running mean of those
seen towards the end.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from training.encoder.network import ROLES, Network, reading_mask

#: How often a set's windows come in one epoch; small sets that teach links come oftener.
REPEATS = {
    "silver": 1.2,
    "rct_art": 2.0,
    "clerx": 2.0,
    "ebm_nlp": 0.9,
    "links": 2.0,
    "told": 0.5,
    "pico_sections": 0.5,
    "bc5cdr": 0.4,
    "evidence_outcomes": 0.3,
}

#: How often a window of a web page comes; there are few, and their exposures are told otherwise than in abstracts.
PAGES = 3.0
ARMS, RESULTS, TOLD = 2, 2, 3

#: What marks that moved from earlier weights' count beside the other losses, on how many words of a batch, and of which heads.
KEEP = 4.0
KEPT_WORDS = 900
KEPT_STYLES = ("ebm_nlp", "pico_corpus", "silver", "bc5cdr", "evidence_map", "clerx", "rct_art")

#: Windows in a batch.
BATCH = 8

Row = dict[str, Any]


def load(path: Path) -> tuple[dict[str, Any], list[Row], list[Row]]:
    """Return what the labels are called, the training windows and those held out."""
    with path.open(encoding="utf-8") as lines:
        head = json.loads(next(lines))
        rows = [json.loads(line) for line in lines]
    for row in rows:
        if row["style"] == "links" and not row["doc"].endswith(".md"):
            _without_exposures(row)
    useful = [r for r in rows if "tags" in r or r["told"] or r["values"]]
    return head, [r for r in useful if not r["dev"]], [r for r in useful if r["dev"]]


def _without_exposures(row: Row) -> None:
    """Take from a window what its values are of: readers of results alone name arms in too many ways to teach that."""
    for value in row["values"]:
        for role in ("intervention", "comparator"):
            value["links"].pop(role, None)


def make_network(head: dict[str, Any], encoder: Path) -> Network:
    """Build the network that a file of windows asks for."""
    tags = {style: 1 + 2 * len(labels) for style, labels in head["labels"].items()}
    classes = {
        "direction": len(head["directions"]), "measure": len(head["measures"]),
        "arm": ARMS, "result": RESULTS, "told": TOLD,
    }  # fmt: skip
    return Network(encoder, tags, classes)


def batches(rows: Sequence[Row], size: int, chance: random.Random) -> Iterator[list[Row]]:
    """Yield one epoch: windows of like length together, the batches in any order."""
    epoch: list[Row] = []
    for row in rows:
        times = PAGES if row["doc"].endswith(".md") else REPEATS.get(row["style"], 1.0)
        epoch.extend([row] * int(times) + ([row] if chance.random() < times % 1 else []))
    chance.shuffle(epoch)
    groups: list[list[Row]] = []
    for k in range(0, len(epoch), size * 50):
        part = sorted(epoch[k : k + size * 50], key=lambda r: len(r["ids"]))
        groups.extend(part[j : j + size] for j in range(0, len(part), size))
    chance.shuffle(groups)
    yield from groups


def encode(network: Network, rows: Sequence[Row], device: torch.device) -> Tensor:
    """Return the vectors of a batch of windows."""
    mask = reading_mask([len(r["ids"]) for r in rows])
    ids = torch.zeros((len(rows), mask[0].numel()), dtype=torch.long)
    for k, row in enumerate(rows):
        ids[k, : len(row["ids"])] = torch.tensor(row["ids"])
    with torch.autocast(device.type, torch.bfloat16):
        hidden: Tensor = network.hidden(ids.to(device), mask.to(device))
    return hidden.float()


def losses(network: Network, rows: Sequence[Row], hidden: Tensor) -> dict[str, Tensor]:
    """Return the mean loss of each kind of label in a batch."""
    found: dict[str, list[Tensor]] = defaultdict(list)
    tags: dict[str, list[tuple[Tensor, list[int]]]] = defaultdict(list)
    asked: dict[str, list[tuple[Tensor, int]]] = defaultdict(list)
    for row, vectors in zip(rows, hidden, strict=True):
        words = vectors[row["words"]]
        if "tags" in row:
            tags[row["style"]].append((words, row["tags"]))
        found["link"].extend(link_losses(network, words, row["values"]))
        for value in row["values"]:
            for name, answer in value["classes"].items():
                asked[name].append((words[value["at"]], answer))
        asked["told"].extend((words[k], way) for k, way in row["told"])
    total: dict[str, Tensor] = {}
    for style, items in tags.items():
        logits = network.tags[style](torch.cat([w for w, _ in items]))
        labels = torch.tensor([t for _, ts in items for t in ts], device=logits.device)
        if (labels >= 0).any():
            found["tags"].append(functional.cross_entropy(logits, labels, reduction="sum"))
    for name, pairs in asked.items():
        if pairs:
            logits = network.classes[name](torch.stack([v for v, _ in pairs]))
            labels = torch.tensor([a for _, a in pairs], device=logits.device)
            found["classes"].append(functional.cross_entropy(logits, labels, reduction="sum"))
    if found["tags"]:
        count = sum(t >= 0 for items in tags.values() for _, ts in items for t in ts)
        total["tags"] = torch.stack(found["tags"]).sum() / count
    if found["link"]:
        total["link"] = 0.15 * torch.stack(found["link"]).mean()
    if found["classes"]:
        total["classes"] = (
            0.15 * torch.stack(found["classes"]).sum() / sum(map(len, asked.values()))
        )
    return total


def kept_loss(network: Network, rows: Sequence[Row], hidden: Tensor, earlier: Network) -> Tensor:
    """Return how far the marks of a batch have moved from those of earlier weights: the mean divergence over the shipped styles.

    Learning without forgetting (Li and Hoiem 2016): texts whose results alone are annotated teach links while marks stay.
    """
    with torch.no_grad():
        before = encode(earlier, rows, hidden.device)
    new, old = (
        torch.cat([v[row["words"]] for row, v in zip(rows, side, strict=True)])
        for side in (hidden, before)
    )
    if len(new) > KEPT_WORDS:
        chosen = torch.randperm(len(new))[:KEPT_WORDS]
        new, old = new[chosen], old[chosen]
    total = torch.zeros((), device=hidden.device)
    for style in KEPT_STYLES:
        with torch.no_grad():
            wanted = torch.softmax(earlier.tags[style](old), 1)
        log = torch.log_softmax(network.tags[style](new), 1)
        total = total + functional.kl_div(log, wanted, reduction="batchmean")
    return KEEP * total / len(KEPT_STYLES)


def link_losses(network: Network, words: Tensor, values: Sequence[dict[str, Any]]) -> list[Tensor]:
    """Return, for a window's links together, minus the log of the chance given to right words."""
    if not any(value["links"] for value in values):
        return []
    scores = network.pointers(words, [value["at"] for value in values])
    wanted = torch.zeros_like(scores, dtype=torch.bool)
    for k, value in enumerate(values):
        for role, places in value["links"].items():
            wanted[k, ROLES.index(role), [len(words)] if places is None else places] = True
    known = wanted.any(2)
    chance = torch.logsumexp(scores.masked_fill(~wanted, -1e4), 2)[known]
    return list(-chance)


def spans(tags: Sequence[int]) -> set[tuple[int, int, int]]:
    """Return the spans that a row of tags marks; an inside tag after nothing begins one."""
    found: set[tuple[int, int, int]] = set()
    start, label = 0, -1
    for k, tag in enumerate([*tags, 0]):
        now = (tag - 1) // 2 if tag > 0 else -1
        if label >= 0 and (now != label or tag % 2 == 1):
            found.add((start, k, label))
            label = -1
        if now >= 0 and label < 0:
            start, label = k, now
    return found


@torch.no_grad()
def measure(network: Network, rows: Sequence[Row], device: torch.device) -> dict[str, float]:
    """Return exact span F1 a style, and the share of links and answers that are right."""
    network.eval()
    spots: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    right: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    rows = sorted(rows, key=lambda row: len(row["ids"]))
    for k in range(0, len(rows), 16):
        part = rows[k : k + 16]
        for row, vectors in zip(part, encode(network, part, device), strict=True):
            words = vectors[row["words"]]
            if "tags" in row:
                guess = network.tags[row["style"]](words).argmax(1).tolist()
                guess = [g if t >= 0 else 0 for g, t in zip(guess, row["tags"], strict=True)]
                a, b = spans([max(0, t) for t in row["tags"]]), spans(guess)
                for n, size in enumerate((len(a & b), len(b), len(a))):
                    spots[row["style"]][n] += size
                for n in range(len(guess)):  # words marked alike, as EBM-NLP is measured
                    x, y = (guess[n] + 1) // 2, (max(0, row["tags"][n]) + 1) // 2
                    for m, yes in enumerate((x == y > 0, x > 0, y > 0)):
                        spots[row["style"] + " words"][m] += yes
            chosen = []
            if row["values"]:
                chosen = (
                    network.pointers(words, [v["at"] for v in row["values"]]).argmax(2).tolist()
                )
            for value, choice in zip(row["values"], chosen, strict=True):
                for role, places in value["links"].items():
                    wanted = [len(words)] if places is None else places
                    right[f"{row['style']} {role}"][0] += choice[ROLES.index(role)] in wanted
                    right[f"{row['style']} {role}"][1] += 1
                for name, answer in value["classes"].items():
                    guess = int(network.classes[name](words[value["at"]]).argmax())
                    right[f"{row['style']} {name}"][0] += guess == answer
                    right[f"{row['style']} {name}"][1] += 1
            for n, way in row["told"]:
                guess = int(network.classes["told"](words[n]).argmax())
                right[f"{row['style']} told"][0] += guess == way
                right[f"{row['style']} told"][1] += 1
    network.train()
    out = {f"{s} F1": 2 * a / max(1, b + c) for s, (a, b, c) in sorted(spots.items())}
    return out | {name: a / b for name, (a, b) in sorted(right.items())}


def main() -> None:
    """Train, measure after each epoch, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--start", type=Path, help="go on from weights of an earlier run")
    parser.add_argument("--keep", type=Path, help="stay near the marks of earlier weights")
    options = parser.parse_args()
    torch.manual_seed(13)
    random.seed(13)
    chance = random.Random(13)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    head, training, held_out = load(options.windows)
    network = make_network(head, options.encoder)
    if options.start is not None:
        saved = torch.load(options.start, map_location="cpu", weights_only=True)
        network.load_state_dict(saved["state"])
    network.to(device)
    earlier = None
    if options.keep is not None:
        earlier = make_network(head, options.encoder)
        saved = torch.load(options.keep, map_location="cpu", weights_only=True)
        earlier.load_state_dict(saved["state"])
        earlier.to(device).eval()
    held_out = [r for k, r in enumerate(held_out) if r["style"] not in ("bc5cdr",) or k % 4 == 0]
    base = list(network.encoder.parameters())
    known = {id(p) for p in base}
    heads = [p for p in network.parameters() if id(p) not in known]
    groups = [{"params": base, "lr": options.rate}, {"params": heads, "lr": options.rate * 3}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    steps = options.epochs * sum(1 for _ in batches(training, BATCH, random.Random(0)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda k: min(1.0, k / (0.06 * steps)) * max(0.02, 1 - k / steps)
    )
    mean = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.98)
    )
    network.train()
    began, k, seen = time.time(), 0, 0
    for epoch in range(options.epochs):
        for rows in batches(training, BATCH, chance):
            hidden = encode(network, rows, device)
            parts = losses(network, rows, hidden)
            if not parts:
                continue
            if earlier is not None:
                parts["kept"] = kept_loss(network, rows, hidden, earlier)
            torch.stack(list(parts.values())).sum().backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            if k % 4 == 0:
                mean.update_parameters(network)
            k += 1
            seen += sum(len(r["ids"]) for r in rows)
            if k % 100 == 0:
                shown = " ".join(f"{n} {v.item():.3f}" for n, v in parts.items())
                print(
                    f"{k}/{steps} {seen / (time.time() - began):.0f} pieces/s {shown}", flush=True
                )
        torch.save({"head": head, "state": mean.module.state_dict()}, options.to)
        scores = measure(mean.module, held_out, device)
        print(epoch + 1, {name: round(score, 3) for name, score in scores.items()}, flush=True)


if __name__ == "__main__":
    main()
