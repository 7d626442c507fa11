"""A graph without what adapters need of it: three nodes for each matrix, which add nothing while none is worn.

They add nothing and yet take time, a tenth to a sixth of a step of one token: there are more of them than of all
others together. So the kit runs this graph, and the other one only while it wears an adapter.
"""

from collections.abc import Iterator

from onnx import GraphProto, ModelProto, NodeProto

GIVEN = "lora."
"""How the names of an adapter's matrices begin."""


def bare(whole: ModelProto) -> ModelProto:
    """A copy that takes no adapters; the weights in the file beside it are the same."""
    copy = ModelProto()
    copy.CopyFrom(whole)
    graph = copy.graph
    instead: dict[str, str] = {}
    for add, *others in list(_added(graph)):
        instead[add.output[0]] = add.input[0]
        for node in (add, *others):
            graph.node.remove(node)
    for node in graph.node:
        for place, entering in enumerate(node.input):
            node.input[place] = instead.get(entering, entering)
    for values in (graph.input, graph.initializer):
        for value in [value for value in values if value.name.startswith(GIVEN)]:
            values.remove(value)
    return copy


def _added(graph: GraphProto) -> Iterator[tuple[NodeProto, NodeProto, NodeProto]]:
    """Each addition of an adapter's product to a matrix's own, with the two products behind it."""
    by_output = {output: node for node in graph.node for output in node.output}
    for wide in graph.node:
        if wide.op_type == "MatMul" and wide.input[1].startswith(GIVEN) and wide.input[1].endswith(".b"):
            narrow = by_output[wide.input[0]]
            yield next(node for node in graph.node if wide.output[0] in node.input), wide, narrow
