"""A model's graph and weights as files, whichever family it is of."""

from collections.abc import Callable
from pathlib import Path

from onnx import helper

from vybor_workshop.model.architecture import Architecture, Weights
from vybor_workshop.model.bare import bare
from vybor_workshop.model.graph import Page
from vybor_workshop.model.graph_gemma import GemmaPage
from vybor_workshop.model.nodes import ADAPTED_FILE, CONTRIB, GRAPH_FILE, WEIGHTS_FILE, Nodes
from vybor_workshop.model.packing import EIGHT

OPSETS = (helper.make_opsetid("", 21), helper.make_opsetid(CONTRIB, 1))
IR_VERSION = 10


def write(
    model: Architecture,
    weights: Weights,
    folder: Path,
    *,
    bits: int = EIGHT,
    adapters: bool = False,
    on_layer: Callable[[int], None] = lambda _: None,
) -> None:
    """Write `model.onnx` and `model.onnx.data` into a folder, telling each layer that is done. Raises OSError.

    Where adapters are wanted, `model.adapted.onnx` takes them, with the same weights.
    """
    with (folder / WEIGHTS_FILE).open("wb") as blob:
        page = (GemmaPage if model.windows else Page)(model, weights, Nodes(blob), bits, adapters)
        page.build(on_layer)
    whole = helper.make_model(page.finished(), opset_imports=OPSETS, ir_version=IR_VERSION, producer_name="vybor")
    if adapters:
        (folder / ADAPTED_FILE).write_bytes(whole.SerializeToString())
        whole = bare(whole)
    (folder / GRAPH_FILE).write_bytes(whole.SerializeToString())
