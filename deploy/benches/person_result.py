"""What one phrase cost one person, whatever they wrote it with."""

import msgspec


class Result(msgspec.Struct):
    """Counts and times of one phrase; filled while it is written."""

    number: int = 0
    characters: int = 0
    """Of the phrase with its spaces."""
    words: int = 0
    seconds: float = 0.0
    """Until it was said, or given up; without the idling behind it."""
    finished: bool = False
    """It was said, in good faith: right, or wrong and not noticed."""
    right: bool = False
    """…and it was the phrase."""
    acts: int = 0
    """Choices that went through while the person meant to choose."""
    wrong: int = 0
    """Those of them that were not of the tile or key that was meant."""
    misquoted: int = 0
    """Texts that were said and are not the phrase, however that came."""
    corrections: int = 0
    """Undo, back, backspace."""
    false_reading: int = 0
    """Choices while the person only read, or noticed something."""
    false_idle: int = 0
    signals: int = 0
    """Double blinks and presses made on purpose, missed ones too."""
    positions: int = 0
    """Offers that were read at the beginning of a word…"""
    none: int = 0
    """…and had no word that was used."""
    longest_stuck_s: float = 0.0
    """From the first look at something to be chosen until what was meant was chosen."""
    longest_no_act_s: float = 0.0
    """The longest time in which what was meant could not even be confirmed: not lit, or its edge not open."""
    first_word_s: float = 0.0
    dead_ends: int = 0
    """Screens without any way on or back."""
    bits: float = 0.0
    """What the choices told: -log2 of each among what stood there, by the kit's own expectation."""
    reading_s: float = 0.0
    looking_s: float = 0.0
    confirming_s: float = 0.0
    noticing_s: float = 0.0
    idle_s: float = 0.0
    prompts: int = 0
    """Questions to the language model…"""
    model_s: float = 0.0
    """…and how long their answers took in all, while the person went on."""


class Sitting(msgspec.Struct, frozen=True):
    """One person's phrases in one way of writing."""

    profile: str
    person: int
    way: str
    results: tuple[Result, ...]
