"""`vybor topic …`: has documents read by a process beside it, and asks the generator to keep, find or forget them.

The generator alone writes the index (deploy/decisions/0011), so it does not matter who runs this command.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from difflib import get_close_matches
from pathlib import Path

from vybor.commands import asking
from vybor.commands.asking import Room, Say
from vybor.contracts import messages as m
from vybor.foundation.clock import Clock
from vybor.foundation.errors import Missing, VyborError
from vybor.foundation.progress import Progress
from vybor.foundation.typed import characters
from vybor.retrieval import apart, documents
from vybor.retrieval.notes import LEAST_SHARE
from vybor.retrieval.stems import words

Refuse = Callable[[VyborError], None]
"""Told of each document that cannot be taken; the others are."""


def reached(runtime: Path, clock: Clock) -> AbstractContextManager[Room]:
    """The generator of the kit that runs there. Raises Missing if none does, PlaceError if it may not be asked."""
    return asking.reached("generator", "topics", runtime, clock)


def add(files: Sequence[Path], runtime: Path, clock: Clock, say: Say, refuse: Refuse) -> Iterator[str]:
    """Read one file after the other and hand it over; one that cannot be read does not keep the others out."""
    with reached(runtime, clock) as generator:
        there = {topic.name for topic in _topics(generator)}
        for file in files:
            try:
                document = _read(file, Progress(f"reading {file.name}", clock, say))
            except documents.DocumentError as error:
                refuse(error)
                continue
            command = m.AddTopic(request=generator.new_request(), name=document.name, passages=document.passages)
            generator.told(command, say)
            length = sum(len(words(passage.text)) for passage in document.passages)
            done = "replaced" if document.name in there else "kept"
            there.add(document.name)
            yield f"{document.name}: {done}, {length} words, passages: {len(document.passages)}"


def _read(file: Path, progress: Progress) -> documents.Document:
    """By a process of its own, which may break or run out of memory (vybor.retrieval.apart)."""
    documents.check_kind(file.name)
    with documents.opened(file) as content:
        return apart.read_now(content, file.name, progress)


def remove(names: Sequence[str], runtime: Path, clock: Clock, refuse: Refuse) -> Iterator[str]:
    """Forget documents; one that is not there does not keep the others."""
    with reached(runtime, clock) as generator:
        there = [topic.name for topic in _topics(generator)]
        for name in map(characters, names):
            if name not in there:
                refuse(Missing(not_there(name, there)))
                continue
            generator.told(m.RemoveTopic(request=generator.new_request(), name=name))
            there.remove(name)
            yield f"{name}: removed, to the last byte; it is not used any more"


def not_there(name: str, there: Sequence[str]) -> str:
    """What is said of a document that is not kept, with those that may be meant."""
    known = f"there are: {', '.join(there) or 'none at all'}"
    alike = [other for other in there if Path(other).stem.casefold() == Path(name).stem.casefold()]
    meant = alike or get_close_matches(name, there, n=3)
    asked = f" did you mean {' or '.join(meant)}?" if meant else ""
    return f"there is no document {name};{asked} {known}"


def listed(runtime: Path, clock: Clock) -> Iterator[str]:
    """One line a document."""
    with reached(runtime, clock) as generator:
        topics = _topics(generator)
    for topic in topics:
        yield f"{topic.name}  {topic.words} words, passages: {topic.passages}"
    if not topics:
        yield "there are no topic documents; `vybor topic add FILE` adds one"


def searched(text: str, runtime: Path, clock: Clock) -> Iterator[str]:
    """What would be found for a text, and whether it is enough to be used."""
    with reached(runtime, clock) as generator:
        reply = generator.told(m.SearchTopics(request=generator.new_request(), text=characters(text)))
    found = reply.found if isinstance(reply, m.FoundNotes) else ()
    for note in found:
        place = f", {note.passage.place}" if note.passage.place else ""
        answers = f"answers {percent(note.score)} of these words"
        yield f"{note.topic}{place} ({answers}; {use(note)})\n    {note.passage.text}"
    if not found:
        yield "nothing is found for these words"


def use(note: m.FoundNote) -> str:
    """Whether a passage would be used, and why not."""
    if note.is_used:
        return "would be used" if note.score >= LEAST_SHARE else "would be used: it means much the same"
    if note.score < LEAST_SHARE:
        return f"not used: less than {percent(LEAST_SHARE)}"
    return "not used: what they share is too common to say what is meant"


def percent(share: float) -> str:
    """A share as people write it."""
    return f"{share * 100:.0f} %"


def _topics(generator: Room) -> tuple[m.Topic, ...]:
    reply = generator.told(m.ListTopics(request=generator.new_request()))
    return reply.topics if isinstance(reply, m.Topics) else ()


def on_stderr(told: str) -> None:
    """Progress is for people: it does not stand among what the command prints."""
    print(f"vybor: {told}", file=sys.stderr, flush=True)


class Refused:
    """Says each refusal at once, and remembers how the command ends."""

    def __init__(self) -> None:
        self.exit_code = 0

    def __call__(self, error: VyborError) -> None:
        """One document cannot be taken."""
        on_stderr(str(error))
        self.exit_code = self.exit_code or error.exit_code
