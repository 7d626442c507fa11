"""The grammar of a command line whose commands tell their own mistakes."""

import argparse
from collections.abc import Iterable
from typing import Any


class Parser(argparse.ArgumentParser):
    """A mistyped option prints the usage of the command that it was typed for, and of no other.

    argparse itself hands what a command does not know up to the program, which prints the usage of everything.
    """

    def parse_known_args(
        self,
        args: Iterable[str] | None = None,
        namespace: Any = None,  # noqa: ANN401  (argparse takes whatever attributes can be set on)
    ) -> tuple[Any, list[str]]:
        """Nothing is left over: whoever calls for a command says what it knows, or hears that it does not."""
        parsed, left = super().parse_known_args(args, namespace)
        if left:
            self.error(f"unrecognized arguments: {' '.join(left)}")
        return parsed, left
