"""Take up the shipped encoder again: its 8-bit weights as the floating-point weights that training starts from.

    python -m training.encoder.restore --windows FILE --encoder FOLDER --to WEIGHTS.pt

The inverse of :mod:`training.encoder.export`, but for what 8 bits have rounded off. Heads that are not shipped begin anew.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from training.encoder.network import Network
from training.encoder.train import load, make_network

Floats = NDArray[np.float32]
SHIPPED = Path(__file__).resolve().parents[2] / "kg" / "tagging" / "models"


class _Constants:
    """The constants of the shipped graph, as :mod:`training.encoder.graph` names them."""

    def __init__(self, model: Path) -> None:
        found = onnx.load(str(model)).graph.initializer
        self.by_name = {constant.name: numpy_helper.to_array(constant) for constant in found}

    def pieces(self) -> Floats:
        """Return the vectors of the word pieces."""
        scale, zero = (
            float(self.by_name[f"pieces {part}"].ravel()[0]) for part in ("scale", "zero")
        )
        rows: Floats = (self.by_name["pieces"].astype(np.float32) - zero) * np.float32(scale)
        return rows

    def product(self, name: str) -> tuple[Floats, Floats]:
        """Return weight (columns × width) and bias of a layer."""
        scales = self.by_name[f"{name} scales"]
        weight = self.by_name[f"{name} weights"].astype(np.float32) * scales
        return weight.T, self.by_name[f"{name} biases"]


def restored(network: Network, shipped: Path) -> dict[str, Floats]:
    """Return the shipped weights by the names of a network's state."""
    constants = _Constants(shipped / "encoder.onnx")
    found: dict[str, Floats] = {
        "encoder.embeddings.word_embeddings.weight": constants.pieces(),
        # the shipped places have the one type of text in them
        "encoder.embeddings.position_embeddings.weight": constants.by_name["places"][0],
        "encoder.embeddings.token_type_embeddings.weight": np.zeros_like(
            network.encoder.embeddings.token_type_embeddings.weight.detach().numpy()
        ),
    }

    def put(name: str, weight: Floats, bias: Floats) -> None:
        found[f"{name}.weight"], found[f"{name}.bias"] = weight, bias

    def put_normal(name: str) -> None:
        put(
            f"encoder.{name}",
            constants.by_name[f"{name}.weight"],
            constants.by_name[f"{name}.bias"],
        )

    put_normal("embeddings.LayerNorm")
    for number in range(network.encoder.config.num_hidden_layers):
        layer = f"encoder.layer.{number}."
        weight, bias = constants.product(f"{layer}attention")
        parts = zip(np.split(weight, 3), np.split(bias, 3), strict=True)
        for part, own in zip(("query", "key", "value"), parts, strict=True):
            put(f"encoder.{layer}attention.self.{part}", *own)
        put(f"encoder.{layer}intermediate.dense", *constants.product(f"{layer}wide"))
        for end in ("attention.output", "output"):
            put(f"encoder.{layer}{end}.dense", *constants.product(f"{layer}{end} product"))
            put_normal(f"{layer}{end}.LayerNorm")
    weight, bias = constants.product("heads")
    meaning = json.loads((shipped / "encoder.json").read_text(encoding="utf-8"))
    for name, (start, end) in meaning["columns"].items():
        kind, _, style = name.partition(" ")
        head = {"tags": f"tags.{style}", "class": f"classes.{style}"}.get(kind, name)
        put(head, weight[start:end], bias[start:end])
    return found


def main() -> None:
    """Write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    torch.manual_seed(13)
    head, _, _ = load(options.windows)
    network = make_network(head, options.encoder)
    state = network.state_dict()
    for name, values in restored(network, SHIPPED).items():
        if state[name].shape != values.shape:
            parser.error(f"{name}: the windows ask for other heads than those shipped")
        state[name] = torch.from_numpy(np.array(values, np.float32))
    torch.save({"head": head, "state": state}, options.to)


if __name__ == "__main__":
    main()
