"""Capital letters of 5 by 5 dots: a console without Cyrillic still has them, and they are seen from afar. Pure."""

ROWS = 5
SPACE = 3
"""Columns of a space between words."""

DOTS = {
    "A": "01110 10001 11111 10001 10001",
    "B": "11110 10001 11110 10001 11110",
    "C": "01111 10000 10000 10000 01111",
    "D": "11110 10001 10001 10001 11110",
    "E": "11111 10000 11110 10000 11111",
    "F": "11111 10000 11110 10000 10000",
    "G": "01111 10000 10011 10001 01111",
    "H": "10001 10001 11111 10001 10001",
    "I": "111 010 010 010 111",
    "K": "10001 10010 11100 10010 10001",
    "L": "10000 10000 10000 10000 11111",
    "N": "10001 11001 10101 10011 10001",
    "O": "01110 10001 10001 10001 01110",
    "P": "11110 10001 11110 10000 10000",
    "R": "11110 10001 11110 10010 10001",
    "S": "01111 10000 01110 00001 11110",
    "T": "11111 00100 00100 00100 00100",
    "U": "10001 10001 10001 10001 01110",
    "W": "10001 10001 10101 10101 01010",
    "Y": "10001 01010 00100 00100 00100",
    "?": "11110 00001 00110 00000 00100",
    "Ж": "10101 10101 01110 10101 10101",
    "З": "11110 00001 01110 00001 11110",
    "И": "10001 10011 10101 11001 10001",
    "Л": "00111 01001 01001 01001 10001",
    "М": "10001 11011 10101 10001 10001",
    "П": "11111 10001 10001 10001 10001",
    "У": "10001 10001 01111 00001 01110",
    "Щ": "10101 10101 10101 11111 00001",
    "Э": "11110 00001 01111 00001 11110",
    "Ь": "10000 10000 11110 10001 11110",
}
"""Rows from above, apart by spaces; 1 is a dot."""

LOOK_ALIKES = dict(zip("АВЕКНОРСТ", "ABEKHOPCT", strict=True))


def rows(text: str) -> tuple[str, ...]:
    """The text as rows of `#` and spaces, all equally long. Raises KeyError for a letter without dots."""
    drawn = [""] * ROWS
    for letter in text:
        glyph = _glyph(letter)
        for row in range(ROWS):
            drawn[row] += glyph[row] + " "
    return tuple(line[:-1] for line in drawn)


def _glyph(letter: str) -> tuple[str, ...]:
    if letter == " ":
        return (" " * SPACE,) * ROWS
    dots = DOTS[LOOK_ALIKES.get(letter, letter)]
    return tuple(row.replace("1", "#").replace("0", " ") for row in dots.split())
