"""No room logs what the wearer writes, at any level: logs travel in bundles for support."""

import ast
from pathlib import Path

ROOMS = Path(__file__).parents[2] / "daemon" / "vybor"
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
WRITTEN = {
    "text",
    "written",
    "label",
    "grey",
    "prefix",
    "said",
    "draft",
    "sentence",
    "history",
    "candidates",
    "words",
}
"""How the messages and the rooms call what a person writes, is offered or has said."""


def logged(tree: ast.AST) -> set[str]:
    """The names whose values a log call is handed; a length tells nothing of a text."""
    found: set[str] = set()
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in LEVELS):
            continue
        receiver = ast.unparse(call.func.value)
        if "log" not in receiver.lower():
            continue
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
            found |= names_in(argument)
    return found


def names_in(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len":
        return set()
    own = {node.id} if isinstance(node, ast.Name) else {node.attr} if isinstance(node, ast.Attribute) else set()
    return own.union(*(names_in(child) for child in ast.iter_child_nodes(node)))


def test_no_log_call_is_handed_what_was_written() -> None:
    told = {
        path.name: logged(ast.parse(path.read_text(encoding="utf-8"))) & WRITTEN for path in ROOMS.rglob("*.py")
    }
    assert {name: names for name, names in told.items() if names} == {}


def test_a_log_call_that_tells_would_be_found() -> None:
    assert logged(ast.parse("log.info('said %s', draft.text)")) & WRITTEN == {"draft", "text"}
    assert logged(ast.parse("self._log.debug(f'now {screen.text}')")) & WRITTEN == {"text"}
    assert logged(ast.parse("log.info('length %d', len(draft.text))")) & WRITTEN == set()
