"""The owner before a terminal: sees the digits, and types y or n."""

import sys

YES = ("y", "yes")


class Terminal:
    """Standard input and error."""

    def show(self, digits: str, words: tuple[str, ...]) -> None:
        """Print what is to be the same, and ask."""
        told = f"{digits[:3]} {digits[3:]}   {' '.join(words)}"
        print(f"\n    {told}\n\nDoes the kit's screen show the same? y or n", file=sys.stderr, flush=True)  # noqa: T201

    def descriptor(self) -> int:
        """Of standard input."""
        return sys.stdin.fileno()

    def said(self) -> bool:
        """What was typed; the end of the input is no yes."""
        return sys.stdin.readline().strip().lower() in YES
