"""What somebody typed, or named a file: bytes that may be no text."""


def characters(typed: str) -> str:
    """With a question mark for each byte that is no character: the halves that Python keeps go into no message."""
    return typed.encode("utf-8", "replace").decode()


def on_one_line(typed: str) -> str:
    """Without what a terminal or a program could take for a command: no line's end, no control character."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())
