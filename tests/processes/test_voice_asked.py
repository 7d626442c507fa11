"""What the deciding process asks of the voice: to speak, to say it again, to take one sentence back, to call."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from processes.stage import Hands, hands, kit
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.foundation.bus import Asked, Bus


class Ear:
    """Sits in the voice's place, and agrees to everything."""

    def __init__(self, person: Hands, runtime: Path) -> None:
        self._person = person
        self._bus = Bus("voice", runtime, person.clock)
        self.heard: list[m.AnyCommand] = []

    def listen(self) -> bool:
        """Take in what came; always True, for waiting."""
        for arrival in self._bus.receive(0):
            if isinstance(arrival, Asked):
                self.heard.append(arrival.command)
                self._bus.answer(arrival, m.Done(request=arrival.command.request))
        return True

    def next(self) -> m.AnyCommand:
        count = len(self.heard)
        self._person.until(lambda: self.listen() and len(self.heard) > count)
        return self.heard[-1]

    def close(self) -> None:
        self._bus.close()


@contextmanager
def ear(person: Hands, runtime: Path) -> Iterator[Ear]:
    made = Ear(person, runtime)
    try:
        yield made
    finally:
        made.close()


def test_sentences_are_said_said_again_and_taken_back_by_name(tmp_path: Path) -> None:
    """At first the voice is down: what is undone before it is there never reaches it."""
    with kit(tmp_path, "core") as running, hands(running.runtime) as person:
        person.choose(Role.PHRASES)
        person.choose(Role.PHRASE, "Thank you.")
        person.choose(Role.SPEAK)
        person.choose(Role.UNDO)
        with ear(person, running.runtime) as voice:
            assert isinstance(voice.next(), m.Hush)
            assert len(voice.heard) == 1
            person.choose(Role.SPEAK)
            said = voice.next()
            assert isinstance(said, m.Say)
            assert said.text == "Thank you."
            person.choose(Role.MENU)
            person.choose(Role.REPEAT)
            again = voice.next()
            assert isinstance(again, m.Repeat)
            assert (again.text, again.language) == ("Thank you.", "en")
            assert again.until_ns > person.clock.now_ns()
            person.choose(Role.UNDO)
            person.until(lambda: voice.listen() and len(voice.heard) == 5)
            assert [hush.only for hush in voice.heard[3:] if isinstance(hush, m.Hush)] == [
                said.request,
                again.request,
            ]
            person.choose(Role.MENU)
            person.choose(Role.HELP)
            assert isinstance(voice.next(), m.CallHelp)
            person.choose(Role.UNDO)
            hushed = voice.next()
            assert hushed == m.Hush(request=hushed.request)
