"""What is said of a place: its URL without the password that may stand in it. What is said may go to a journal."""

import re

PASSWORD = re.compile(r"(://[^/\s:@]*:)[^/\s]*@")


def without_password(text: str) -> str:
    """The same, with three stars where a URL in it has a password. Pure."""
    return PASSWORD.sub(r"\1***@", text)
