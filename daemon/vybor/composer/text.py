"""How words become text: spacing, capitals, the beginning of a sentence, its end when it is spoken. Pure."""

import re

ATTACHED = ".,?!;:…)%"
"""Marks that follow the word before without a space."""
ENDS = ".?!…"
OPENING = '(["“«$£#'
QUOTES = '"'
APOSTROPHES = "'’"
ENDINGS = ("'s", "'m", "'re", "'ve", "'ll", "'d", "'t", "n't")
"""Parts of a word that some models give apart."""
ASKING = re.compile(
    r"(who|whom|whose|what|which|when|where|why|how|do|does|did|is|are|am|was|were|can|could|will|would|shall|should"
    r"|may|might|must|have|has|had|(is|are|was|were|ca|could|wo|would|does|did|have|has|had|should)n't"
    r"|кто|кого|кому|кем|ком|что|чего|чему|чем|как(ой|ая|ое|ие|ов)?|когда|где|куда|откуда|почему|зачем|отчего"
    r"|сколько|чей|чь[яёи]|разве|неужели|можно)"
)
"""What begins so may be a question: only the person knows, and it gets no full stop."""
_SENTENCES = re.compile(r"[.?!…][\"”»')]*\s+")


def join(text: str, added: str) -> str:
    """Put a word, a phrase or a mark behind the text, with the space that belongs between them."""
    if not text or not added or text[-1].isspace() or _opens(text):
        return text + added
    if added[0] in ATTACHED or _is_ending(added) or (added in APOSTROPHES and text[-1].isalnum()):
        return text + added
    if added in QUOTES and text.count(added) % 2 == 1:  # the second of a pair closes
        return text + added
    return f"{text} {added}"


def at_sentence_start(text: str) -> bool:
    """Whether the next word begins a sentence."""
    bare = text.rstrip(" \n\"”')»(“«")
    return not bare or bare[-1] in ENDS


def fitted(word: str, text: str) -> str:
    """A word as it would be written here: with a capital where a sentence begins, and `I` large everywhere."""
    is_i = word.partition("'")[0] == "i"
    return capitalised(word) if is_i or at_sentence_start(text) else word


def capitalised(word: str) -> str:
    """The word with its first letter large, behind a quote or a bracket too; the rest is left as it is."""
    first = next((place for place, sign in enumerate(word) if sign.isalnum()), 0)
    return word[:first] + word[first : first + 1].upper() + word[first + 1 :]


def next_case(word: str) -> str:
    """The word with its capitals changed: anna → Anna → ANNA → anna; i → I → i; 3rd → 3RD → 3rd."""
    if word == word.lower():
        large = capitalised(word)
        return word.upper() if large == word else large
    return word.lower() if word == word.upper() else word.upper()


def last_word(text: str) -> str:
    """The last word of the text, without the space before it."""
    return text.rpartition(" ")[2]


def without_last_word(text: str) -> str:
    """The text without its last word, the marks on it and the space before it."""
    return text.rstrip().rpartition(" ")[0].rstrip()


def with_last_word(text: str, word: str) -> str:
    """The text with another last word."""
    before, space, _ = text.rpartition(" ")
    return before + space + word


def ended(text: str) -> str:
    """A text as it is spoken: with a full stop if no mark ends it.

    Nobody hears it: espeak-ng reads a text without a mark as one with a full stop, to the last sample. Spaces and
    capitals are seen to while the text is written, where the person sees it too; a small letter that begins a
    sentence is there because they made it small.
    """
    return f"{text}." if _lacks_an_end(text) else text


def _lacks_an_end(text: str) -> bool:
    """Not behind what may be a question, a bare number or an address."""
    begins = _SENTENCES.split(text)[-1].partition(" ")[0].casefold().rstrip(",").replace("’", "'")
    is_prose = text[-1:].isalnum() and any(letter.isalpha() for letter in text)
    return is_prose and not ASKING.fullmatch(begins) and not any(sign in last_word(text) for sign in "@/.")


def _opens(text: str) -> bool:
    """Whether the text ends with a mark that the next word is joined to."""
    last = text[-1]
    if last in QUOTES:
        return text.count(last) % 2 == 1
    return last in OPENING


def _is_ending(added: str) -> bool:
    return added.partition(" ")[0].casefold().replace("’", "'") in ENDINGS
