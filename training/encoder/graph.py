"""The trained encoder as the ONNX graph that the package runs: 8-bit weights, few and large nodes.

Written node by node rather than traced from PyTorch, because time goes into what a traced graph has besides
matrix products: a mask that masks nothing, transpositions, and a sum and a normalisation that onnxruntime
would fuse into a node eight times as slow. Most layers read the blocks of a window each alone, the others all of it. Queries, keys and values are one product, attention is one
node, and the last layer works out only the pieces that begin a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from kg.tagging.windows import BETWEEN_BLOCKS, EVERYTHING, REACH

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]

_OPSET, _IR_VERSION = 20, 10
_CONTRIBUTED = "com.microsoft"


def to_onnx(weights: Weights, heads: tuple[Floats, Floats], config: object) -> onnx.ModelProto:
    """Return the model: ``ids`` (blocks × pieces) and ``words`` (indexes of pieces) → ``columns`` (words × columns).

    Parameters
    ----------
    weights
        Of a BERT model, by the names that PyTorch gives them.
    heads
        Weight (columns × width) and bias of the layer that makes the columns.
    config
        The model's: ``num_hidden_layers``, ``num_attention_heads``, ``layer_norm_eps``.
    """
    graph = _Graph(weights, config)
    hidden, reach = graph.embedded("ids"), EVERYTHING
    for number, wanted in enumerate(REACH):
        hidden, reach = graph.arranged(f"{number} reads", hidden, reach, wanted), wanted
        hidden = graph.layer(number, hidden, only="words" if number == len(REACH) - 1 else None)
    columns = graph.product("heads", hidden, [heads])
    graph.node("Squeeze", [columns, graph.constant("batch", np.array([0]))], "columns")
    integers, floats = onnx.TensorProto.INT64, onnx.TensorProto.FLOAT
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [
            helper.make_tensor_value_info("ids", integers, ["blocks", "pieces"]),
            helper.make_tensor_value_info("words", integers, ["words"]),
        ],
        [helper.make_tensor_value_info("columns", floats, ["words", len(heads[1])])],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIBUTED, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=_IR_VERSION)


class _Graph:
    """Nodes and constants so far; every method adds some and returns the name of what they give."""

    def __init__(self, weights: Weights, config: object) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._weights = weights
        self._heads: int = config.num_attention_heads  # type: ignore[attr-defined]
        self._epsilon: float = config.layer_norm_eps  # type: ignore[attr-defined]

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(
        self,
        kind: str,
        inputs: Sequence[str],
        *outputs: str,
        domain: str = "",
        **attributes: object,
    ) -> str:
        made = helper.make_node(kind, inputs, outputs, domain=domain, **attributes)
        self.nodes.append(made)
        return outputs[0]

    def embedded(self, ids: str) -> str:
        """Add the sum of the embeddings of pieces, places and the one type of text, normalised."""
        rows, scale, zero = _by_range(self._weights["embeddings.word_embeddings.weight"])
        found = self.node("Gather", [self.constant("pieces", rows), ids], "piece rows")
        about = self.constant("pieces scale", scale), self.constant("pieces zero", zero)
        found = self.node("DequantizeLinear", [found, *about], "piece vectors")
        places = self._weights["embeddings.position_embeddings.weight"]
        places = places + self._weights["embeddings.token_type_embeddings.weight"][0]
        blocks = self.node("Shape", [ids], "blocks and pieces")
        width = self.constant("width", np.array([places.shape[1]]))
        self.node("Concat", [blocks, width], "in blocks", axis=0)
        self.constant("in one", np.array([1, -1, places.shape[1]]))
        self.node("Size", [ids], "size of all")
        self.node("Unsqueeze", ["size of all", self.constant("first", np.array([0]))], "size")
        self.node("Shape", [ids], "size of a block", start=1, end=2)
        self.node("Div", ["size of a block", self.constant("two", np.array([2]))], "half")
        self.node("Neg", ["half"], "half back")
        self.constant("axis", np.array([1]))
        at = self.node(
            "Slice",
            [self.constant("places", places[None]), "first", "size", "axis"],
            "place vectors",
        )
        found = self.node("Reshape", [found, "in one"], "piece vectors in one")
        return self._normal("embeddings.LayerNorm", self.node("Add", [found, at], "sum"))

    def arranged(self, name: str, hidden: str, before: int, wanted: int) -> str:
        """Add what puts vectors as a layer reads them: all in one row or a row for each block.

        Blocks that begin half a block later are those of the window turned by half a block.
        """
        if (before == BETWEEN_BLOCKS) != (wanted == BETWEEN_BLOCKS):
            at = "half" if wanted == BETWEEN_BLOCKS else "half back"
            hidden = self.node("Reshape", [hidden, "in one"], f"{name} in one")
            ends = [
                self.node("Slice", [hidden, at, "size", "axis"], f"{name} first"),
                self.node("Slice", [hidden, "first", at, "axis"], f"{name} last"),
            ]
            hidden, before = self.node("Concat", ends, f"{name} turned", axis=1), EVERYTHING
        if (before == EVERYTHING) != (wanted == EVERYTHING):
            shape = "in one" if wanted == EVERYTHING else "in blocks"
            hidden = self.node("Reshape", [hidden, shape], name)
        return hidden

    def layer(self, number: int, hidden: str, only: str | None) -> str:
        """Add a layer; `only` names the indexes of the pieces whose vectors are wanted."""
        name = f"encoder.layer.{number}."
        own = [self._linear(f"{name}attention.self.{part}") for part in ("query", "key", "value")]
        sides = [f"{name}{side}" for side in ("queries", "keys", "values")]
        together = self.product(f"{name}attention", hidden, own)
        self.node("Split", [together], *sides, axis=-1, num_outputs=len(sides))
        if only is not None:
            sides[0] = self.node("Gather", [sides[0], only], f"{name}queries of words", axis=1)
            hidden = self.node("Gather", [hidden, only], f"{name}words", axis=1)
        read = self.node(
            "MultiHeadAttention", sides, f"{name}read", domain=_CONTRIBUTED, num_heads=self._heads
        )
        read = self._added(f"{name}attention.output", read, hidden)
        wide = self.product(f"{name}wide", read, [self._linear(f"{name}intermediate.dense")])
        wide = self.node("Gelu", [wide], f"{name}gelu")
        return self._added(f"{name}output", wide, read)

    def product(self, name: str, left: str, parts: Sequence[tuple[Floats, Floats]]) -> str:
        """Add the product with the weights of linear layers, side by side, as 8-bit integers.

        Their columns have a scale each; what is multiplied is quantised when it is known.
        """
        rows, scales = _by_column(np.concatenate([weight for weight, _ in parts]).T)
        inputs = [
            left,
            self.constant(f"{name} weights", rows),
            self.constant(f"{name} scales", scales),
            self.constant(f"{name} zeros", np.zeros(len(scales), np.int8)),
            self.constant(f"{name} biases", np.concatenate([bias for _, bias in parts])),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, name, domain=_CONTRIBUTED)

    def _added(self, name: str, left: str, residual: str) -> str:
        """Add a linear layer, the vectors from before it, and normalisation."""
        made = self.product(f"{name} product", left, [self._linear(f"{name}.dense")])
        return self._normal(
            f"{name}.LayerNorm", self.node("Add", [made, residual], f"{name} residual")
        )

    def _normal(self, name: str, vectors: str) -> str:
        weights = [self.constant(f"{name}.{k}", self._weights[f"{name}.{k}"]) for k in ("weight", "bias")]  # fmt: skip
        return self.node(
            "LayerNormalization", [vectors, *weights], name, axis=-1, epsilon=self._epsilon
        )

    def _linear(self, name: str) -> tuple[Floats, Floats]:
        return self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]


def _by_column(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return integers from -127 to 127 and the scale of each column."""
    scales = (np.abs(weights).max(0) / 127).astype(np.float32)
    return np.clip(np.round(weights / scales), -127, 127).astype(np.int8), scales


def _by_range(weights: Floats) -> tuple[NDArray[np.uint8], Floats, NDArray[np.uint8]]:
    """Return integers from 0 to 255, the one scale, and the integer that stands for 0."""
    low, high = min(0.0, float(weights.min())), max(0.0, float(weights.max()))
    scale = np.float32((high - low) / 255)
    zero = np.uint8(round(-low / float(scale)))
    rows = np.clip(np.round(weights / scale) + zero, 0, 255).astype(np.uint8)
    return rows, np.array(scale, np.float32), np.array(zero, np.uint8)
