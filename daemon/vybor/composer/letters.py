"""The letters of each language in groups, and the pages of marks and digits.

A group holds at most seven, so that with *back* it fills a page of eight zones.
"""

GROUPS: dict[str, tuple[str, ...]] = {
    "en": ("abcdef'", "ghijklm", "nopqrs-", "tuvwxyz"),
    # Thirty-three letters and the hyphen: five groups, the last in the place of the best word.
    "ru": ("абвгдеё", "жзийклм", "нопрсту", "фхцчшщъ", "ыьэюя-'"),
}

KEYS: dict[str, tuple[str, ...]] = {
    # Three, so that they stand beside the words they narrow; in the order of the alphabet, cut where each has
    # about a third of the letters of a text.
    "en": ("abcdefg", "hijklmno", "pqrstuvwxyz"),
    "ru": ("абвгдеёжзи", "йклмнопр", "стуфхцчшщъыьэюя"),
}
"""The groups of the keypad: one look says that the next letter is one of these."""

PLACE = "\N{BULLET}"
"""Stands for a letter of which only the group is known."""

MARKS: tuple[str, ...] = (".,?!", ':;"-', "()'…", "$%&/", "@+=*")
"""Pages of four; the first is what sentences end with."""
DIGITS: tuple[str, ...] = ("01234", "56789")


def shown_as(group: str) -> str:
    """A group as it stands on its tile."""
    return " ".join(group)
