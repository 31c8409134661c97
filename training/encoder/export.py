"""Write the trained encoder as the package ships it: 8-bit ONNX, its tokenizer, what its columns mean.

    python -m training.encoder.export --weights WEIGHTS.pt [EARLIER.pt SHARE] --encoder FOLDER --to kg/tagging/models

With weights of an earlier epoch the mean of both is shipped, SHARE of it (0 to 1) the earlier ones':
it links a little better than either. The tokenizer is the base model's.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import onnx
import torch
from tokenizers import Tokenizer
from torch import nn

from training.encoder.graph import Floats, to_onnx
from training.encoder.network import ROLES, Network
from training.encoder.train import make_network

#: Heads that the package asks; the others only helped the encoder to learn.
STYLES = ("ebm_nlp", "pico_corpus", "silver", "bc5cdr", "evidence_map", "clerx", "rct_art")


def shipped_heads(network: Network) -> tuple[Floats, Floats]:
    """Return weight and bias of the heads side by side, as one layer: a row of columns for each word."""
    parts = [head for _, head in _heads(network)]
    weight, bias = (
        torch.cat([getattr(p, name).data for p in parts]) for name in ("weight", "bias")
    )
    return weight.numpy(), bias.numpy()


def _heads(network: Network) -> list[tuple[str, nn.Linear]]:
    """Return the heads that are shipped with their names, in the order of their columns."""
    tags = [(f"tags {style}", network.tags[style]) for style in STYLES]
    classes = [(f"class {name}", head) for name, head in network.classes.items()]
    rest = [("nothing", network.nothing), ("queries", network.queries), ("keys", network.keys)]
    return [*tags, *classes, *rest]  # type: ignore[list-item]


def columns(network: Network, labels: dict[str, list[str]]) -> dict[str, object]:
    """Return what the columns of :func:`shipped_heads` are, in their order."""
    found, at = {}, 0
    for name, head in _heads(network):
        found[name] = [at, at + head.out_features]
        at += head.out_features
    return {
        "columns": found, "labels": {style: labels[style] for style in STYLES}, "roles": list(ROLES),
    }  # fmt: skip


def load(weights: str, earlier: str | None = None, share: str = "0") -> dict[str, Any]:
    """Return saved weights, mixed with those of an earlier epoch where there are any."""
    saved: dict[str, Any] = torch.load(weights, map_location="cpu", weights_only=True)
    if earlier is not None:
        other = torch.load(earlier, map_location="cpu", weights_only=True)["state"]
        saved["state"] = {
            name: torch.lerp(value, other[name], float(share))
            if value.is_floating_point()
            else value
            for name, value in saved["state"].items()
        }
    return saved


def main() -> None:
    """Export."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--weights", nargs="+", required=True, metavar="FILE")
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    saved = load(*options.weights)
    network = make_network(saved["head"], options.encoder)
    network.load_state_dict(saved["state"])
    weights = {name: value.numpy() for name, value in network.encoder.state_dict().items()}
    model = to_onnx(weights, shipped_heads(network), network.encoder.config)
    onnx.save(model, str(options.to / "encoder.onnx"))
    meaning = columns(network, saved["head"]["labels"])
    meaning |= {key: saved["head"][key] for key in ("directions", "measures")}
    (options.to / "encoder.json").write_text(json.dumps(meaning, indent=1) + "\n", encoding="utf-8")
    tokenizer = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(options.to / "tokenizer.json"), pretty=False)


if __name__ == "__main__":
    main()
