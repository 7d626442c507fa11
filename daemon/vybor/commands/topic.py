"""`vybor topic …`: reads documents here, and asks the generator of a running kit to keep, find or forget them.

The generator alone writes the index (deploy/decisions/0011), so it does not matter who runs this command.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from vybor.commands import asking
from vybor.commands.asking import QUIET_S, Room, Say
from vybor.contracts import messages as m
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.typed import characters
from vybor.retrieval import documents
from vybor.retrieval.stems import words


def reached(runtime: Path, clock: Clock) -> AbstractContextManager[Room]:
    """The generator of the kit that runs there. Raises Missing if none does, PlaceError if it may not be asked."""
    return asking.reached("generator", "topics", runtime, clock)


def add(files: Sequence[Path], runtime: Path, clock: Clock, say: Say) -> Iterator[str]:
    """Read every file, then hand one after the other over; nothing is added if one of them cannot be read."""
    with reached(runtime, clock) as generator:
        read = [documents.read(file, Progress(file.name, clock, say)) for file in files]
        for document in read:
            command = m.AddTopic(request=generator.new_request(), name=document.name, passages=document.passages)
            generator.told(command, say)
            length = sum(len(words(passage.text)) for passage in document.passages)
            yield f"{document.name}: kept, {length} words, passages: {len(document.passages)}"


def remove(names: Sequence[str], runtime: Path, clock: Clock) -> Iterator[str]:
    """Forget documents. Raises Missing for one that is not there."""
    with reached(runtime, clock) as generator:
        for name in map(characters, names):
            generator.told(m.RemoveTopic(request=generator.new_request(), name=name))
            yield f"{name}: removed, to the last byte; it is not used any more"


def listed(runtime: Path, clock: Clock) -> Iterator[str]:
    """One line a document."""
    with reached(runtime, clock) as generator:
        reply = generator.told(m.ListTopics(request=generator.new_request()))
    topics = reply.topics if isinstance(reply, m.Topics) else ()
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
        used = "would be used" if note.is_used else "too little, not used"
        yield f"{note.topic}{place} ({note.score:.2f}, {used})\n    {note.passage.text}"
    if not found:
        yield "nothing is found for these words"


class Progress:
    """Says how far the reading of a file is, once it has taken a while, and then every so often."""

    def __init__(self, name: str, clock: Clock, say: Say) -> None:
        self._name = name
        self._clock = clock
        self._say = say
        self._said_ns = clock.now_ns()

    def __call__(self, done: int, whole: int) -> None:
        """So many parts are read."""
        now_ns = self._clock.now_ns()
        if now_ns - self._said_ns > seconds(QUIET_S):
            self._said_ns = now_ns
            self._say(f"reading {self._name}: {done} of {whole}")


def on_stderr(told: str) -> None:
    """Progress is for people: it does not stand among what the command prints."""
    print(f"vybor: {told}", file=sys.stderr, flush=True)
