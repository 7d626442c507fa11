"""The letters of each language in groups, and the pages of marks and digits.

A group of GROUPS holds at most seven: each of its letters has a place on a page.
"""

GROUPS: dict[str, tuple[str, ...]] = {
    "en": ("abcdef'", "ghijklm", "nopqrs-", "tuvwxyz"),
    # Thirty-three letters and the hyphen: five groups, the last in the place of the best word.
    "ru": ("абвгдеё", "жзийклм", "нопрсту", "фхцчшщъ", "ыьэюя-'"),
}

KEYS: dict[str, tuple[str, ...]] = {
    # Four, a row of them; in the order of the alphabet, cut where one look tells the most about a first letter and
    # a second one: 1.97 of 2 bits in English, 1.98 in Russian (wordfreq's 20,000 words by their frequency, the
    # sixty most frequent, which stand on tiles anyway, for a third).
    "en": ("abcde", "fghijkl", "mnopqr", "stuvwxyz"),
    "ru": ("абвгд", "еёжзийклм", "нопр", "стуфхцчшщъыьэюя"),
}
"""Groups to look at beside the words: one look says that the next letter is one of these."""

PLACE = "\N{BULLET}"
"""Stands for a letter of which only the group is known."""

MARKS: tuple[str, ...] = (".,?!", ':;"-', "()'…", "$%&/", "@+=*")
"""Pages of four; the first is what sentences end with."""
DIGITS: tuple[str, ...] = ("01234", "56789")


def shown_as(group: str) -> str:
    """A group as it stands on its tile."""
    return " ".join(group)
