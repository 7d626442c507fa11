"""What the person said before is a note for what they write now, until it is taken back: the real processes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes.stage import Kit, kit
from processes.test_generator import FOLLOWS, Core, core
from processes.test_topics import holders, now, offered, topic
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Source
from world import tiny_model

SAID = "My cousin Zolotarev bakes bread on Linden Street."
TEXT = "The bread of my cousin"
EVIDENCE = m.Evidence(channel=m.Channelled.SWITCH, posterior=1, posterior_without_prior=1, gaze_age_ms=0)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    tiny_model.bigrams(folder / "model", FOLLOWS)
    return folder


class Person:
    """Whose choices the deciding process would record."""

    def __init__(self, asking: Core) -> None:
        self._core = asking
        self._text = ""
        self._decisions = 0

    def choose(self, action: Action, after: str) -> None:
        self._decisions += 1
        decision = m.Decision(
            at_ns=0,
            session="s",
            number=self._decisions,
            action=action,
            slot=0,
            written="",
            text_before=self._text,
            text_after=after,
            offer=0,
            shown=(),
            evidence=EVIDENCE,
        )
        self._text = after
        self._core._bus.ask("journal", m.Record(request=self._core._bus.new_request(), decision=decision))

    def say(self, text: str) -> None:
        self.choose(Action.TAKE, text)
        self.choose(Action.SPEAK, "")


@contextmanager
def playing(folder: Path, share: Path, settings: str = "") -> Iterator[tuple[Kit, Core, Person]]:
    rooms = kit(folder, "journal", "generator", share=share, settings=settings)
    with rooms as running, core(running.runtime) as asking:
        asking.until(lambda: asking.health is not None)
        yield running, asking, Person(asking)


class Writes:
    """Writes the same text again and again, each time from an empty line."""

    def __init__(self, asking: Core) -> None:
        self._core = asking
        self._prompts = 0

    def anew(self, prefix: str = "") -> dict[str, m.Candidate]:
        for text in ("", TEXT):
            self._prompts += 1
            found = offered(self._core, self._prompts, text=text, prefix=prefix if text else "")
        return found

    def until(self, reached: Callable[[dict[str, m.Candidate]], bool]) -> dict[str, m.Candidate]:
        self.anew()
        self._core.until(lambda: reached(now(self._core)))
        return now(self._core)


def test_what_was_said_is_offered_until_it_is_taken_back_and_no_topic_s(tiny: Path, tmp_path: Path) -> None:
    with playing(tmp_path, tiny) as (running, asking, person):
        writes = Writes(asking)
        assert "Zolotarev" not in writes.anew()
        person.say(SAID)
        word = writes.until(lambda found: "Zolotarev" in found)["Zolotarev"]
        assert (word.source, word.origin) == (Source.OWN, "")
        assert list(writes.anew(prefix="zo")) == ["Zolotarev"]
        assert topic(running, "search", "bread").stdout == "nothing is found for these words\n"
        assert "there are no topic documents" in topic(running, "list").stdout
        assert holders(running.state, "zolotarev") != []

        person.choose(Action.UNDO, SAID)
        writes.until(lambda found: "Zolotarev" not in found)
        assert "Zolotarev" not in writes.anew(prefix="zo")
        assert [name for name in holders(running.state, "zolotarev", "linden") if "topics" in name] == []
        running.kill("generator")
        running.start("generator")
        assert "Zolotarev" not in writes.anew(prefix="zo")
        assert "Traceback" not in running.log("generator")


def test_others_who_read_along_see_nothing_of_it_on_an_empty_line(tiny: Path, tmp_path: Path) -> None:
    with playing(tmp_path, tiny) as (_, asking, person):
        person.say(SAID)
        Writes(asking).until(lambda found: "Zolotarev" in found)
        asked = "Does your cousin bake bread on Linden Street?"
        assert "Zolotarev" not in offered(asking, 100, text="", partner=asked)
        assert "Zolotarev" in offered(asking, 101, text="Yes, my", partner=asked)


def test_what_was_said_is_found_again_after_a_kill_and_in_a_lost_index(tiny: Path, tmp_path: Path) -> None:
    with playing(tmp_path, tiny) as (running, asking, person):
        writes = Writes(asking)
        person.say(SAID)
        writes.until(lambda found: "Zolotarev" in found)
        running.kill("generator")
        for file in running.state.glob("topics.sqlite*"):
            file.unlink()
        running.start("generator")
        writes.until(lambda found: "Zolotarev" in found)


def test_whoever_wants_none_of_it_has_none_of_it(tiny: Path, tmp_path: Path) -> None:
    with playing(tmp_path, tiny) as (running, asking, person):
        person.say(SAID)
        Writes(asking).until(lambda found: "Zolotarev" in found)
        assert running.stop() == {"journal": 0, "generator": 0}
    with playing(tmp_path, tiny, "[generator]\nremember = false\n") as (running, asking, person):
        assert "Zolotarev" not in Writes(asking).anew(prefix="zo")
        assert [name for name in holders(running.state, "zolotarev", "linden") if "topics" in name] == []
