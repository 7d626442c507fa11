"""What may be said at a terminal, and go to a journal: no password, and nothing that moves a cursor."""

import re

PASSWORD = re.compile(r"(://[^/\s:@]*:)[^/\s]*@")


def without_password(text: str) -> str:
    """The same, with three stars where a URL in it has a password. Pure."""
    return PASSWORD.sub(r"\1***@", text)


def printable(text: str) -> str:
    """As many characters as there were, a dot for each that would move a terminal's cursor. Pure."""
    return "".join(letter if letter.isprintable() else "·" for letter in text)
