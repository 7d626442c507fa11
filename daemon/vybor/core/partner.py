"""What the other person said, as somebody typed it: one line that can be shown and read. Pure."""

MOST_CHARACTERS = 200
"""Three lines of the band; some 50 tokens, which is what the model reads of it."""


def heard(typed: str) -> tuple[str, str]:
    """The turn on one line, or why it cannot be taken; empty is a turn too: there is none any more."""
    whole = " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())
    if len(whole) > MOST_CHARACTERS:
        reason = f"what the partner said has {len(whole)} letters, of which {MOST_CHARACTERS} fit; type it shorter"
        return "", reason
    return whole, ""
