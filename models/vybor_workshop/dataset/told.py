"""What a dry run tells: how much there is, what was left out and why, how long training takes; some examples."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from vybor.accounting.words import ENGLISH
from vybor_workshop.dataset.card import Card, Size
from vybor_workshop.dataset.examples import Brought, Example, Part
from vybor_workshop.dataset.growing import Ready
from vybor_workshop.dataset.making import Tally
from vybor_workshop.log.told import table, written_on
from vybor_workshop.said import printable

TOKENS_A_SECOND = 60
"""Of a retraining, a second of the processor, SmolLM2-135M: three times 5,300 tokens and the general text beside
them took 375 s, with the reading of what the base says there."""
EPOCHS, REPLAY = 3, 0.3
"""How often, and the share of general text among what is trained on: as in retrain/wishes.py (a test holds them
together)."""
MEASURED_WITH = "smollm2-135m"
PARTS = {
    Part.TRAIN: "to learn from",
    Part.EARLY: "to say when to stop",
    Part.HELD: "kept back to measure",
}
BROUGHT = {
    Brought.ACCEPTED: "mostly taken",
    Brought.SPELLED: "mostly spelled",
    Brought.PHRASE: "mostly a ready phrase",
}
ORIGINS = {origin.value: words for origin, words in ENGLISH.origins.items()}
COLUMNS = 100
MARKS = ((0.0, " "), (0.5, "-"), (1.0, "="), (2.0, "#"))
"""Up to which weight which mark stands below a character…"""
COLOURS = {" ": "2", "-": "32", "=": "1;32", "#": "1;35"}
"""…or which colour it has: faint, green, bright green, bright violet."""
LEGEND = "below a character: nothing, it teaches nothing; - up to .5; = up to 1; # more"
COLOURED_LEGEND = (
    "\x1b[2mteaches nothing\x1b[0m  \x1b[32mup to .5\x1b[0m  \x1b[1;32mup to 1\x1b[0m  \x1b[1;35mmore\x1b[0m"
)


def lines(ready: Ready, count: int, called: str, *, colour: bool) -> Iterator[str]:
    """All of it; `count` examples are shown, from the first to the last. `called`: how the kit is."""
    card, examples = ready.card, ready.examples
    days = sorted({example.day for example in examples})
    yield f"kit {called}: {card.rows} choices, {len(examples)} sentences, {written_on(days[0], days[-1])}"
    yield f"base {card.recipe} ({card.base_sha256[:12]})"
    yield ""
    yield from table(("what for", "sentences", "tokens", "that teach"), [*_size_rows(card.parts)])
    yield ""
    yield from _counts("characters that teach, by where they come from", in_words(card.kept))
    yield from left_out(card)
    yield f"choices among offered words: {sum(len(example.choices) for example in examples)}"
    yield training_time(card.parts[Part.TRAIN].tokens, card.recipe)
    if count:
        yield ""
        yield COLOURED_LEGEND if colour else LEGEND
    for example in _spread(examples, count):
        yield ""
        yield from example_lines(example, ready.base.header, colour=colour)


def in_words(kept: Mapping[str, int]) -> dict[str, int]:
    """The same counts by what the kit calls where characters come from (`vybor authorship` does, too)."""
    return {ORIGINS.get(origin, origin): count for origin, count in kept.items()}


def left_out(counted: Card | Tally) -> Iterator[str]:
    """What was not used, and why."""
    yield from _counts("characters that teach nothing", counted.dropped)
    yield from _counts("sentences of which nothing is used", counted.sentences_dropped)
    yield from _counts("choices that are not read", counted.rows_dropped)


def training_time(tokens: int, recipe: str) -> str:
    """What to expect, of a base that was measured."""
    took_s = tokens * EPOCHS / (1 - REPLAY) / TOKENS_A_SECOND
    if recipe != MEASURED_WITH:
        return f"training: nothing is measured of {recipe}; {MEASURED_WITH} would take at most {_duration(took_s)}"
    return f"training: at most {_duration(took_s)} on one CPU thread ({EPOCHS} rounds, {REPLAY:.0%} general text)"


def example_lines(example: Example, header: str, *, colour: bool) -> Iterator[str]:
    """One example: where it is from, what stood before it, and its text with its mask."""
    place = f"boot {example.boot}, sequence {example.sequence}"
    yield f"{example.day}  {place}  {PARTS[example.part]}  {BROUGHT[example.source]}"
    if example.header != header:
        yield f"  behind: {printable(example.header.removeprefix(header))}"
    marks = marks_of(example)
    text = printable(example.text)
    for first in range(0, len(text), COLUMNS):
        piece, below = text[first : first + COLUMNS], marks[first : first + COLUMNS]
        if colour:
            yield f"  {coloured(piece, below)}"
        else:
            yield f"  {piece}"
            yield f"  {below}".rstrip()


def marks_of(example: Example) -> str:
    """A mark for each character of the text."""
    marks = [" "] * len(example.text)
    for span in example.weights:
        mark = next(sign for most, sign in MARKS if span.weight <= most)
        marks[span.first : span.end] = mark * (span.end - span.first)
    return "".join(marks)


def coloured(text: str, marks: str) -> str:
    """The text with the colours of its marks, for a terminal."""
    found = ""
    for at, (character, mark) in enumerate(zip(text, marks, strict=True)):
        begins = at == 0 or marks[at - 1] != mark
        ends = at == len(text) - 1 or marks[at + 1] != mark
        found += (f"\x1b[{COLOURS[mark]}m" if begins else "") + character + ("\x1b[0m" if ends else "")
    return found


def _size_rows(parts: Mapping[Part, Size]) -> Iterator[list[str]]:
    for part, size in parts.items():
        yield [PARTS[part], str(size.examples), str(size.tokens), str(size.taught)]


def _counts(what: str, counted: Mapping[str, int]) -> Iterator[str]:
    if not counted:
        return
    yield what
    ordered = sorted(counted.items(), key=lambda pair: -pair[1])
    width = max(len(str(count)) for count in counted.values())
    yield from (f"  {count:>{width}}  {name}" for name, count in ordered)
    yield ""


def _spread(examples: Sequence[Example], count: int) -> Iterable[Example]:
    """So many, evenly from all."""
    if count >= len(examples):
        return examples
    return [examples[at * (len(examples) - 1) // max(1, count - 1)] for at in range(count)]


def _duration(took_s: float) -> str:
    return f"about {took_s / 60:.0f} min" if took_s >= 90 else f"about {took_s:.0f} s"
