"""The generator as a real process, with models made by the test, and one that asks it as the core does."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from processes.stage import Kit, kit
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.settings import GeneratorSettings
from vybor.generator.network import bundle
from vybor.generator.notes.topics import Topics
from vybor.generator.process import FAILED_FOR_NS, Generator
from vybor.generator.wardrobe import Wardrobe
from world import tiny_model

PATIENCE_S = 20.0
FOLLOWS = {
    "<|im_start|>": {"I": 0.6, "It": 0.4},
    "I": {" like": 0.9, " am": 0.1},
    " like": {" it": 1.0},
    " it": {" like": 1.0},
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model.bigrams(tmp_path_factory.mktemp("model") / "tiny", FOLLOWS)


class Core:
    """One who asks as the core does, and listens as it does."""

    def __init__(self, runtime: Path) -> None:
        self.clock = SystemClock()
        self._bus = Bus("core", runtime, self.clock, [m.Proposals, m.Health])
        self.heard: list[m.Proposals] = []
        self.health: m.Health | None = None

    def ask(self, number: int, text: str) -> None:
        self._bus.publish(m.Prompt(at_ns=self.clock.now_ns(), number=number, text=text))

    def foresee(self, *texts: str) -> None:
        prompts = tuple(m.Prompt(at_ns=0, number=0, text=text) for text in texts)
        self._bus.publish(m.Ahead(at_ns=self.clock.now_ns(), prompts=prompts))

    def listen(self, wait_s: float = 0.02) -> None:
        for arrival in self._bus.receive(wait_s):
            match arrival:
                case Heard(message=m.Proposals() as proposals) if [proposals] != self.heard[-1:]:
                    self.heard.append(proposals)
                case Heard(message=m.Health() as health) if health.process == "generator":
                    self.health = health
        self._bus.tend()

    def until(self, reached: Callable[[], bool]) -> None:
        end_ns = self.clock.now_ns() + seconds(PATIENCE_S)
        while not reached():
            assert self.clock.now_ns() < end_ns, "it never came to that"
            self.listen()

    @property
    def troubles(self) -> tuple[m.Notice, ...] | None:
        return self.health.troubles if self.health else None

    def close(self) -> None:
        self._bus.close()


@contextmanager
def core(runtime: Path) -> Iterator[Core]:
    played = Core(runtime)
    try:
        yield played
    finally:
        played.close()


@contextmanager
def generator(folder: Path) -> Iterator[tuple[Kit, Core]]:
    with kit(folder, "generator") as running, core(running.runtime) as asking:
        yield running, asking


def share(folder: Path) -> Path:
    """Where the kit of `stage.kit` looks for its model."""
    return folder / "share" / "model"


def first_words(proposals: m.Proposals) -> list[str]:
    return [candidate.words[0] for candidate in proposals.candidates]


def test_a_prompt_is_answered_once(tiny: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny, share(tmp_path))
    with generator(tmp_path) as (running, asking):
        asking.ask(1, "I")
        asking.until(lambda: asking.heard != [])
        answer = asking.heard[0]
        assert (answer.prompt, first_words(answer)) == (1, ["like", "am"])
        assert answer.candidates[0].words == ("like", "it", "like", "it", "like", "it")
        assert answer.model == bundle.open_bundle(tiny).identity
        asking.ask(2, "")
        asking.until(lambda: asking.heard[-1].prompt == 2)
        assert first_words(asking.heard[-1]) == ["I", "It"]
        assert [proposals.prompt for proposals in asking.heard] == [1, 2]
        assert asking.troubles == ()
        assert running.stop() == {"generator": 0}
        assert "Traceback" not in running.log("generator")


def test_what_may_come_is_worked_out_while_the_person_reads(tiny: Path, tmp_path: Path) -> None:
    with generator(tmp_path) as (running, asking):
        shutil.copytree(tiny, running.share / "model")
        asking.ask(1, "")
        asking.foresee("I", "It")
        asking.until(lambda: [answer.prompt for answer in asking.heard] == [1])
        for _ in range(20):
            asking.listen(0.05)
        asking.ask(2, "I")
        asking.until(lambda: [answer.prompt for answer in asking.heard] == [1, 2])
        assert [answer.was_ahead for answer in asking.heard] == [False, True]


def test_a_missing_model_is_said_and_its_coming_heals_it(tiny: Path, tmp_path: Path) -> None:
    with generator(tmp_path) as (running, asking):
        asking.ask(1, "I")
        asking.until(lambda: bool(asking.troubles))
        (notice,) = asking.troubles or ()
        assert notice.trouble is m.Trouble.MODEL_MISSING
        assert str(share(tmp_path)) in notice.detail
        assert "vybor-workshop share" in notice.detail
        shutil.copytree(tiny, share(tmp_path))
        asking.until(lambda: asking.heard != [])
        assert first_words(asking.heard[0]) == ["like", "am"]
        asking.until(lambda: asking.troubles == ())
        running.stop()
        log = running.log("generator")
    assert log.count("trouble: model_missing") == log.count("healed: model_missing") == 1


def test_a_damaged_model_is_not_used_until_it_is_mended(tiny: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny, share(tmp_path))
    whole = (folder / bundle.WEIGHTS).read_bytes()
    (folder / bundle.WEIGHTS).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with generator(tmp_path) as (_, asking):
        asking.ask(1, "I")
        asking.until(lambda: bool(asking.troubles))
        (notice,) = asking.troubles or ()
        assert notice.trouble is m.Trouble.MODEL_WRONG_HASH
        assert bundle.WEIGHTS in notice.detail
        assert asking.heard == []
        (folder / bundle.WEIGHTS).write_bytes(whole)
        asking.until(lambda: asking.heard != [] and asking.troubles == ())


class Room:
    """The room itself, on a real bus, turn by turn, with its time in the test's hand."""

    def __init__(self, folder: Path, model: Path) -> None:
        folder.mkdir()
        self._bus = Bus("generator", folder, SystemClock())
        self.asking = Core(folder)
        topics = Topics(folder / "topics.sqlite", self._bus, lambda language: folder / language)
        self.room = Generator(model, GeneratorSettings(threads=1), self._bus, topics, Wardrobe(folder))
        self.now_ns = 0

    def prompt(self, number: int, text: str) -> None:
        message = m.Prompt(at_ns=self.now_ns, number=number, text=text)
        self.room.heard(Heard("core", message, 0), self.now_ns)

    def turn(self, count: int = 1) -> None:
        for _ in range(count):
            self.room.turn(self.now_ns)
            self.now_ns += seconds(0.001)
            self._bus.receive(0)
            self._bus.tend()

    def answers(self, number: int) -> None:
        """Turn until the core has the answer to a prompt."""
        self.until(lambda: numbers(self.asking.heard[-1:]) == [number])

    def until(self, reached: Callable[[], bool]) -> None:
        """Turn until something is so."""

        def reached_in_a_turn() -> bool:
            self.turn()
            return reached()

        self.asking.until(reached_in_a_turn)

    def ready(self) -> None:
        """Turn until the model is loaded."""
        self.prompt(1, "I")
        self.answers(1)

    def close(self) -> None:
        self.room.close()
        self._bus.close()
        self.asking.close()


@pytest.fixture
def room(tiny: Path, tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "run", shutil.copytree(tiny, tmp_path / "model"))
    yield made
    made.close()


def numbers(proposals: Sequence[m.Proposals]) -> list[int]:
    return [one.prompt for one in proposals]


def test_a_new_prompt_drops_the_work_on_the_old_one(room: Room) -> None:
    room.ready()
    room.prompt(2, "I like it. " * 40 + "I")
    room.turn(2)
    room.prompt(3, "I")
    room.answers(3)
    assert numbers(room.asking.heard) == [1, 3]
    assert first_words(room.asking.heard[-1]) == ["like", "am"]


def test_a_repeated_prompt_is_no_new_one(room: Room) -> None:
    room.ready()
    again = m.Prompt(at_ns=room.now_ns, number=2, text="I like")
    for _ in range(20):
        room.room.heard(Heard("core", again, 0), room.now_ns)
        room.turn()
    room.answers(2)
    assert numbers(room.asking.heard) == [1, 2]


def test_the_same_number_of_another_run_of_the_core_is_a_new_prompt(room: Room) -> None:
    room.ready()
    room.prompt(1, "I like")
    room.answers(1)
    room.until(lambda: first_words(room.asking.heard[-1]) == ["it"])


def test_a_bundle_that_stays_as_it_is_is_opened_once(room: Room, tmp_path: Path) -> None:
    """A second look costs a few stats; a minute of looking reads nothing again."""
    folder = tmp_path / "model"
    shutil.rmtree(folder)
    room.prompt(1, "I")
    room.until(lambda: room.room.troubles() != ())
    (first,) = room.room.troubles()
    for _ in range(20):
        room.now_ns += seconds(3)
        assert room.room.turn(room.now_ns) > 0.1
    assert room.room.troubles() == (first,)


def test_a_model_that_fails_at_work_is_said_and_loaded_again(tmp_path: Path) -> None:
    """A manifest that promises more positions than the graph has: ONNX Runtime refuses a long text."""
    folder = tiny_model.bigrams(tmp_path / "model", FOLLOWS, context=16)
    manifest = bundle.open_bundle(folder).manifest
    longer = msgspec.structs.replace(manifest, shape=msgspec.structs.replace(manifest.shape, context=512))
    (folder / bundle.MANIFEST).write_bytes(msgspec.json.encode(longer))
    room = Room(tmp_path / "run", folder)
    try:
        room.prompt(1, "I like it " * 10)
        room.until(lambda: room.room.troubles() != ())
        (notice,) = room.room.troubles()
        assert notice.trouble is m.Trouble.MODEL_FAILED
        assert "failed at work" in notice.detail
        room.prompt(2, "")
        room.now_ns += FAILED_FOR_NS
        room.answers(2)
        assert room.room.troubles() == ()
    finally:
        room.close()


def test_a_provider_that_is_not_there_is_a_trouble_and_not_another_provider(tiny: Path, tmp_path: Path) -> None:
    """The process runs on: its Health tells the screen why the words are simpler."""
    shutil.copytree(tiny, share(tmp_path))
    with (
        kit(tmp_path, "generator", settings='[generator]\nprovider = "cuda"\n') as running,
        core(running.runtime) as asking,
    ):
        asking.ask(1, "I")
        asking.until(lambda: bool(asking.troubles))
        (notice,) = asking.troubles or ()
        assert notice.trouble is m.Trouble.MODEL_FAILED
        assert "this onnxruntime has no CUDAExecutionProvider" in notice.detail
        assert asking.heard == []
        assert running.stop() == {"generator": 0}
        assert "Traceback" not in running.log("generator")
