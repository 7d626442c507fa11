"""A graph without what adapters need of it: two nodes for each matrix, which add nothing while none is worn.

They add nothing and yet take time, a twelfth of a step of one token: there are more of them than of all others
together. So the kit runs this graph, and the other one only while it wears an adapter.
"""

from collections.abc import Iterator, Mapping

from onnx import GraphProto, ModelProto

GIVEN = "lora."
"""How the names of an adapter's matrices begin."""
STEPS_APART = "first"
"""The axis that is taken away and put back around an adapter's products (graph.py)."""


def bare(whole: ModelProto) -> ModelProto:
    """A copy that takes no adapters; the weights in the file beside it are the same."""
    copy = ModelProto()
    copy.CopyFrom(whole)
    graph = copy.graph
    instead = dict(_without(graph))
    kept = [node for node in graph.node if node.output[0] not in instead]
    del graph.node[:]
    graph.node.extend(kept)
    for node in graph.node:
        for place, entering in enumerate(node.input):
            node.input[place] = _before(entering, instead)
    for values in (graph.input, graph.initializer):
        for value in [value for value in values if value.name.startswith(GIVEN) or value.name == STEPS_APART]:
            values.remove(value)
    return copy


def _before(entering: str, instead: Mapping[str, str]) -> str:
    """What stands before all that was left out."""
    while entering in instead:
        entering = instead[entering]
    return entering


def _without(graph: GraphProto) -> Iterator[tuple[str, str]]:
    """What only adapters need, by its output, and what stands there without it."""
    for node in graph.node:
        if node.op_type == "Gemm" and node.input[1].startswith(GIVEN):
            yield node.output[0], node.input[2]
        elif (node.op_type == "MatMul" and node.input[1].startswith(GIVEN)) or STEPS_APART in node.input:
            yield node.output[0], node.input[0]
