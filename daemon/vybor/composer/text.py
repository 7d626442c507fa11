"""How words become text: spacing, capitals, the beginning of a sentence. Pure."""

ATTACHED = ".,?!;:…)%"
"""Marks that follow the word before without a space."""
ENDS = ".?!…"
OPENING = '(["“«$£#'
QUOTES = '"'


def join(text: str, added: str) -> str:
    """Put a word, a phrase or a mark behind the text, with the space that belongs between them."""
    if not text or not added or text[-1].isspace() or _opens(text):
        return text + added
    if added[0] in ATTACHED or _is_ending(added):
        return text + added
    if added in QUOTES and text.count(added) % 2 == 1:  # the second of a pair closes
        return text + added
    return f"{text} {added}"


def at_sentence_start(text: str) -> bool:
    """Whether the next word begins a sentence."""
    bare = text.rstrip(" \n\"”')»(“«")
    return not bare or bare[-1] in ENDS


def fitted(word: str, text: str) -> str:
    """A word as it would be written here: with a capital where a sentence begins."""
    return capitalised(word) if at_sentence_start(text) else word


def capitalised(word: str) -> str:
    """The word with its first letter large; the rest is left as it is."""
    return word[:1].upper() + word[1:]


def next_case(word: str) -> str:
    """The word with its capitals changed: anna → Anna → ANNA → anna; i → I → i."""
    if word == word.lower():
        return capitalised(word)
    return word.lower() if word == word.upper() else word.upper()


def last_word(text: str) -> str:
    """The last word of the text, without the space before it."""
    return text.rpartition(" ")[2]


def with_last_word(text: str, word: str) -> str:
    """The text with another last word."""
    before, space, _ = text.rpartition(" ")
    return before + space + word


def _opens(text: str) -> bool:
    """Whether the text ends with a mark that the next word is joined to."""
    last = text[-1]
    if last in QUOTES:
        return text.count(last) % 2 == 1
    return last in OPENING


def _is_ending(added: str) -> bool:
    """'s, n't, 're: parts of a word that some models give apart."""
    return added[0] in "'’" and 1 < len(added) <= 3
