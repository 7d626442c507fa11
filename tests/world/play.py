"""The scripted demo: the whole kit, the world's stand-ins, and a person who writes sentences.

    python -m world.play --share DIR [--sentences FILE] [--json FILE] [--pictures DIR] [--confirm WAY]
        [--workstation DIR]

Called by `deploy/demo --script`. Exit code 0 if every sentence was written exactly, 1 if not, else an error's own.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path

import msgspec

from vybor.composer.letters import DIGITS, GROUPS, MARKS
from vybor.composer.text import ended
from vybor.contracts import messages as m
from vybor.foundation import database
from vybor.foundation.bus import Answered, Bus, Heard
from vybor.foundation.clock import Clock, SystemClock
from vybor.foundation.errors import VyborError
from vybor.journal import store
from vybor_workshop.dataset.making import FEWEST, Split
from world import sysfs
from world.bodies import EyesAlone, EyesAndHeadband, EyesAndJaw
from world.camera import ADDRESS, Camera, install
from world.cyton import Cyton
from world.person import Act, Body, Person, Stuck, Written
from world.workstation import Workstation

OWN_SENTENCES = Path(__file__).with_name("sentences.txt")
BODIES = ("blink", "clench", "edge")
FIRST_OFFER_LIMIT_S = 90.0
PATIENCE_S = 60.0
"""Who keeps a kit running is not killed before that: its processes would go on without it."""
PICTURED_ACT = 3
SETTINGS = """\
[gaze]
source = "camera"
camera = "rpicam"
rpicam_program = "{camera}"

[headband]
board = "cyton"
serial_port = "{port}"

"""
NO_PANEL = '[panel]\nlisten = "off"\n'
"""Nobody cares for a scripted person by a browser, and two of them at a time would want the same port."""

CHARACTERS = frozenset("".join((*GROUPS["en"], *MARKS, *DIGITS)))
"""What the kit of the demo has, which is an English one."""


class NoSentence(VyborError):
    """A file of sentences that has none which the kit can write."""

    exit_code = 65  # EX_DATAERR


class Told:
    """Prints lines at once, each with the seconds since the start."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began_ns = clock.now_ns()

    def seconds(self) -> float:
        """Seconds since the start."""
        return (self._clock.now_ns() - self._began_ns) / 1e9

    def __call__(self, line: str) -> None:
        """Print one line."""
        print(f"{self.seconds():6.1f}  {line}", flush=True)


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Whoever is asked to end cleans up first: else a whole kit would go on without its person."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class World:
    """A camera, a headband and the kit before them, in a folder of their own."""

    def __init__(self, folder: Path, share: Path, settings: str = "", panel: str = NO_PANEL) -> None:
        """`settings`: what it is set to beside; `panel`: how the carer's page is."""
        self.runtime, self.state = folder / "run", folder / "state"
        self.port = folder / "cyton"
        self.runtime.mkdir()
        self._folder = folder
        self._share = share
        self._settings = panel + settings
        self._control = f"ipc://{folder / 'cyton.control'}"
        self._camera_wire = f"ipc://{folder / 'camera.control'}"

    @contextmanager
    def running(self) -> Iterator[tuple[Camera, Cyton]]:
        """Everything is started, and ended in the end."""
        with ExitStack() as stack:
            stack.enter_context(ended_by_sigterm())
            camera = Camera(self._camera_wire)
            stack.callback(camera.close)
            headband = ("-m", "world.cyton", "--port-link", str(self.port), "--control", self._control)
            stack.enter_context(self._child(*headband))
            cyton = stack.enter_context(Cyton(self._control))
            stack.enter_context(self._child("-m", "vybor", "up", *self.arguments()))
            yield camera, cyton

    def arguments(self) -> list[str]:
        """The places of this world's kit, for any of its commands."""
        config = self._folder / "vybor.toml"
        config.write_text(
            SETTINGS.format(camera=install(self._folder), port=self.port) + self._settings, encoding="utf-8"
        )
        places = ["--runtime", str(self.runtime), "--state", str(self.state), "--share", str(self._share)]
        return [*places, "--config", str(config)]

    @contextmanager
    def _child(self, *command: str) -> Iterator[None]:
        environment = {sysfs.VARIABLE: str(self._folder / "sys"), **os.environ, ADDRESS: self._camera_wire}
        with (self._folder / "log").open("ab") as log:
            child = subprocess.Popen([sys.executable, *command], stdout=log, stderr=log, env=environment)
        try:
            yield
        finally:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def log(self) -> str:
        """What the kit and the stand-ins said."""
        return (self._folder / "log").read_text(errors="replace")


def decisions(state: Path) -> list[m.Decision]:
    """What the journal has, in order, as anybody with the file could read it."""
    with database.reading(state / "journal.sqlite") as opened:
        records = store.records(opened)
    return [msgspec.msgpack.decode(record, type=m.Decision) for record in records]


def summary(
    written: list[Written], person: Person, kept: list[m.Decision], before: list[Act] | None = None
) -> dict[str, float | int]:
    """The figures of a run. A selection is false if the journal has it and the person did not mean it.

    `before`: what was chosen before the first sentence.
    """
    acts = [*(before or ()), *(act for one in written for act in one.acts)]
    meant = len(acts)
    matched = SequenceMatcher(
        None, [decision.slot for decision in kept], [act.slot for act in acts], autojunk=False
    )
    as_meant = sum(block.size for block in matched.get_matching_blocks())
    words = sum(len(one.meant.split()) for one in written)
    return {
        "sentences": len(written),
        "sentences_exact": sum(one.said == ended(one.meant) for one in written),
        "false_selections": len(kept) - as_meant + len(person.unmeant),
        "unrecorded": meant - as_meant,
        "misquoted": sum(one.said != ended(one.meant) for one in written),
        "acts_per_word": round(sum(len(one.acts) for one in written) / max(1, words), 2),
        "undos": sum(act.role == m.Role.UNDO for act in acts),
        "seconds": round(sum(one.seconds for one in written), 1),
        "tries_per_act": round(sum(act.tries for act in acts) / max(1, meant), 2),
    }


def save_picture(bus: Bus, path: Path) -> None:
    """Ask the display for a PNG of what it shows."""
    command = m.SavePicture(request=bus.new_request(), path=str(path.absolute()))
    bus.ask("display", command)
    deadline = time.perf_counter() + 5
    while time.perf_counter() < deadline:
        if any(isinstance(arrival, Answered) for arrival in bus.receive(0.1)):
            return
        bus.tend()
    bus.take_back("display", command.request)


def body_of(way: str, camera: Camera, cyton: Cyton, clock: Clock, seed: int) -> Body:
    """The body that confirms in this way."""
    if way == "edge":
        return EyesAlone(camera, clock, seed)
    kind = EyesAndJaw if way == "clench" else EyesAndHeadband
    return kind(camera, cyton, clock, seed)


def play(parsed: argparse.Namespace) -> int:
    """Start everything, write every sentence, and say how it went."""
    clock = SystemClock()
    tell = Told(clock)
    sentences = read_sentences(parsed.sentences)
    workstation = Workstation(parsed.workstation) if parsed.workstation else None
    parsed.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        world = World(Path(folder), parsed.share, workstation.settings if workstation else "")
        tell("starting the kit: camera, headband and the person are stand-ins, all else is real")
        try:
            run = Run(world, workstation, parsed, clock, tell)
            written, person = _write_all(run, sentences)
        except (Stuck, TimeoutError) as error:
            print(world.log(), file=sys.stderr)
            print(f"demo: {error}", file=sys.stderr)
            return 1
        figures = summary(written, person, decisions(world.state), run.before)
        if parsed.verbose:
            print(world.log(), file=sys.stderr)
    figures["start_to_first_offer_s"] = round(person.first_offer_s, 2)
    tell(
        f"{figures['sentences_exact']} of {figures['sentences']} sentences exact, "
        f"{figures['false_selections']} false selections, {figures['acts_per_word']} acts a word; "
        f"pictures in {parsed.pictures}"
    )
    if workstation:
        tell(f"on with: {next_step(workstation.folder, len(sentences))}")
    if parsed.json:
        transcript = {"summary": figures, "sentences": [asdict(one) for one in written], "unmeant": person.unmeant}
        parsed.json.write_text(json.dumps(transcript, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0 if figures["sentences_exact"] == figures["sentences"] else 1


def next_step(home: Path, said: int) -> str:
    """The command that makes examples of so many, whatever `dataset` asks for; of too few, that shows them."""
    if said < FEWEST:
        return f"deploy/vybor-workshop log stats --data {home / 'data'}"
    least = "" if said >= Split().least else f" --least {said}"
    return f"deploy/vybor-workshop dataset --home {home}{least} --dry-run"


@dataclass
class Run:
    """What a run has and does."""

    world: World
    workstation: Workstation | None
    parsed: argparse.Namespace
    clock: Clock
    tell: Told
    before: list[Act] = field(default_factory=list)
    """What was chosen before the first sentence."""


def _write_all(run: Run, sentences: list[str]) -> tuple[list[Written], Person]:
    world, parsed, clock, tell = run.world, run.parsed, run.clock, run.tell
    with world.running() as (camera, cyton):
        bus = Bus("person", world.runtime, clock, [m.Shown])
        try:
            person = Person(bus, body_of(parsed.confirm, camera, cyton, clock, parsed.seed), clock, tell)
            person.wait_for_offer(FIRST_OFFER_LIMIT_S)
            person.first_offer_s = tell.seconds()
            tell(f"the first offer is on the screen after {person.first_offer_s:.1f} s, the dots among them")
            if not _is_heard(bus):
                tell("this machine has no sound: below, said means handed to the voice, and nobody hears it")
            if run.workstation:
                run.before += run.workstation.pair(person, tell)
            written = []
            for number, sentence in enumerate(sentences, start=1):
                tell(f"means: {sentence}")
                pictures = Pictures(partial(save_picture, bus), parsed.pictures, number, sentence)
                pictures.save("before")
                person.while_waiting, person.when_lit = pictures.look, pictures.lit
                written.append(person.write(sentence))
                tell(f"said: {written[-1].said}")
            if run.workstation:
                run.workstation.fetch(world.runtime, world.state, world.runtime.with_name("stick"))
            tell("stopping the kit")
            return written, person
        finally:
            bus.close()


def _is_heard(bus: Bus) -> bool:
    """Whether the voice finds a sound card, as the screen says it."""
    for _ in range(20):
        for arrival in bus.receive(0.1):
            if isinstance(arrival, Heard) and isinstance(arrival.message, m.Shown) and arrival.message.screen:
                troubles = {notice.trouble for notice in arrival.message.screen.notices}
                return m.Trouble.SOUND_MISSING not in troubles
    return True


class Pictures:
    """Of one sentence: the screen before it, its third choice while the tile is lit, and the whole text.

    The whole text is there while *Speak* is lit: once it is said the screen is empty, as it is before the next.
    """

    def __init__(self, take: Callable[[Path], None], folder: Path, number: int, sentence: str) -> None:
        self._take = take
        self._folder = folder
        self._number = number
        self._sentence = sentence
        self._text = ""

    def save(self, name: str) -> None:
        """Take a picture."""
        self._take(self._folder / f"{self._number}-{name}.png")

    def look(self, shown: m.Shown | None) -> None:
        """Keep in mind what is on the screen."""
        if shown and shown.screen:
            self._text = shown.screen.text

    def lit(self, act: int) -> None:
        """A tile is lit."""
        if act == PICTURED_ACT:
            self.save("lit")
        if self._text == self._sentence:
            self.save("whole")


def read_sentences(file: Path) -> list[str]:
    """The sentences of a file, one a line. Raises NoSentence and OSError."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise NoSentence(f"{file} is not UTF-8 text; save it as plain UTF-8") from None
    sentences = [line.strip() for line in lines if line.strip()]
    if not sentences:
        raise NoSentence(f"there is no sentence in {file}; write one a line")
    for sentence in sentences:
        if foreign := [letter for letter in dict.fromkeys(sentence.lower()) if letter not in CHARACTERS | {" "}]:
            raise NoSentence(
                f"the kit of the demo is English and cannot write {' '.join(foreign)} in {sentence!r}; "
                "write it in English"
            )
    return sentences


def main() -> int:
    """Read the command line and play."""
    parser = argparse.ArgumentParser(
        prog="deploy/demo --script",
        description="A scripted person writes with the kit. Each step is printed, grey words in brackets.",
    )
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument(
        "--sentences",
        type=Path,
        default=OWN_SENTENCES,
        metavar="FILE",
        help="a text file, one English sentence a line (without it, three of the demo's own)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the transcript and the summary here")
    parser.add_argument(
        "--pictures",
        type=Path,
        default=Path("demo-pictures"),
        metavar="DIR",
        help="folder for PNGs of the display (%(default)s)",
    )
    parser.add_argument(
        "--confirm",
        choices=BODIES,
        default="blink",
        help="how the person confirms: a double blink, a clench, or a look at the tile's edge (%(default)s)",
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="NUMBER", help="the same one is the same person (%(default)s)"
    )
    parser.add_argument(
        "--workstation",
        type=Path,
        metavar="DIR",
        help="pair the kit with a workstation in this new folder first, agree on the screen, and bring there what "
        "was written, for vybor-workshop to read",
    )
    parser.add_argument("--verbose", action="store_true", help="print the kit's log too")
    try:
        return play(parser.parse_args())
    except VyborError as error:
        print(f"demo: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"demo: {error.filename}: {error.strerror}", file=sys.stderr)
        return 66


if __name__ == "__main__":
    sys.exit(main())
