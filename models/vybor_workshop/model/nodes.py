"""Nodes and constants of an ONNX graph as they come; the large constants go straight into a file beside it."""

from collections.abc import Sequence
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

GRAPH_FILE, ADAPTED_FILE, WEIGHTS_FILE = "model.onnx", "model.adapted.onnx", "model.onnx.data"
PAGE = 4096
"""Weights begin on pages of their file, so that ONNX Runtime can map it."""
CONTRIB = "com.microsoft"
ELEMENT = {
    np.dtype(np.float32): TensorProto.FLOAT,
    np.dtype(np.uint8): TensorProto.UINT8,
}


class Nodes:
    """A graph in the making; what adds to it returns the name of what it has added."""

    def __init__(self, blob: BinaryIO) -> None:
        self._blob = blob
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def node(
        self,
        operator: str,
        entering: Sequence[str],
        into: Sequence[str] = (),
        domain: str = "",
        **settings: float | str,
    ) -> str:
        """Add a node; without `into` its result gets a name of its own."""
        leaving = into or [f"{operator}_{len(self._nodes)}"]
        node = helper.make_node(operator, entering, leaving, domain=domain)
        node.attribute.extend(helper.make_attribute(name, value) for name, value in settings.items())
        self._nodes.append(node)
        return leaving[0]

    def contrib(
        self, operator: str, entering: Sequence[str], into: Sequence[str] = (), **settings: float | str
    ) -> str:
        """Add one of ONNX Runtime's own operators."""
        return self.node(operator, entering, into, domain=CONTRIB, **settings)

    def small(self, name: str, array: NDArray[np.generic]) -> str:
        """Keep a constant in the graph itself: a shape may not be in another file."""
        self._constants.append(numpy_helper.from_array(array, name))
        return name

    def large(self, name: str, array: NDArray[np.generic]) -> str:
        """Append a constant to the file of weights."""
        self._blob.write(bytes(-self._blob.tell() % PAGE))
        where = {"location": WEIGHTS_FILE, "offset": self._blob.tell(), "length": array.nbytes}
        tensor = TensorProto(name=name, data_type=ELEMENT[array.dtype], dims=array.shape)
        tensor.data_location = TensorProto.EXTERNAL
        for key, number in where.items():
            tensor.external_data.add(key=key, value=str(number))
        self._blob.write(array.tobytes())
        self._constants.append(tensor)
        return name

    def finished(self, inputs: list[ValueInfoProto], outputs: list[ValueInfoProto]) -> GraphProto:
        """The graph."""
        return helper.make_graph(self._nodes, "llama", inputs, outputs, self._constants)


def value(name: str, element: int, shape: tuple[int | str, ...]) -> ValueInfoProto:
    """An input or output."""
    return helper.make_tensor_value_info(name, element, shape)
