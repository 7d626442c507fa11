"""How long a picture of the display takes in software, at 1280 by 720, and how much memory the process holds."""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import msgspec
import psutil  # type: ignore[import-untyped]

from benches import options, report
from benches.report import percentile
from vybor.composer.anchors import tiles_for
from vybor.composer.letters import KEYS
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Source, Trouble
from vybor.display.drawing.window import Window, open_window
from vybor.display.says.words import words_in
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import Clock, SystemClock, seconds
from vybor.foundation.errors import Missing
from vybor.foundation.settings import DisplaySettings, TextSize

SENTENCES = {
    "en": "Good morning. I would like to go home soon because the doctor said that the new medicine works",
    "ru": "Доброе утро. Я хочу домой как можно скорее потому что врач сказал что новое лекарство помогает",
}
PAGES = (Mode.MENU, Mode.PHRASES, Mode.LETTERS, Mode.MARKS, Mode.REST)
LOOK_FRAMES = 24
"""From the first look at a tile to the end of its pad, at 60 pictures a second."""
STARTS_WITHIN_S = 20.0
STEP_S = 1 / 60
SETTINGS = """\
[display]
text_size = "{text_size}"
rotation = {rotation}
"""
KILO = 1000


class Frame(msgspec.Struct, frozen=True):
    """What is to be seen next; `new` says whether a choice has just changed the page."""

    showing: Showing
    new: bool


class Figures(msgspec.Struct, frozen=True):
    """Milliseconds of each picture, on the wall and of the processor."""

    wall_ms: list[float]
    cpu_ms: list[float]
    new: list[bool]


def frames(language: str) -> Iterator[Frame]:
    """A sentence written word by word: each word is looked at until its pad is full, and pages are turned."""
    words = SENTENCES[language].split()
    for taken in range(1, len(words)):
        for mode in (PAGES[taken % len(PAGES)], Mode.WORDS):
            screen = _screen(mode, words, taken, language)
            slot = screen.tiles[taken % len(screen.tiles)].slot
            yield Frame(Showing(screen), new=True)
            for frame in range(LOOK_FRAMES):
                light = m.Highlight(
                    at_ns=frame + 1,
                    offer=screen.offer,
                    slot=slot,
                    armed=frame > LOOK_FRAMES // 4,
                    pad_open=frame > LOOK_FRAMES // 3,
                    pad_progress=max(0.0, frame / LOOK_FRAMES - 1 / 3) * 1.5,
                )
                yield Frame(Showing(screen, light), new=False)
        yield Frame(Showing(_screen(Mode.WORDS, words, taken, language), core_silent=True), new=True)


def _screen(mode: Mode, words: list[str], taken: int, language: str) -> m.Screen:
    """A page as the composer makes it, with the next words of the sentence and others to choose from."""
    text = " ".join(words[:taken]) + " "
    offered = [words[(taken + step) % len(words) :] for step in (0, 3, 5, 7)]
    candidates = [
        m.Candidate(words=tuple(said[:4]) or ("I",), p=0.2, source=Source.MODEL, origin="") for said in offered
    ]
    writing = Writing(text=text, mode=mode, prefix=words[taken][:2] if mode is Mode.LETTERS else "")
    troubled = taken % 3 == 0
    return m.Screen(
        at_ns=1,
        offer=2 * taken + (mode is Mode.WORDS),
        mode=mode,
        text=text,
        prefix=writing.prefix,
        tiles=tiles_for(writing, candidates, language, (), (), len(KEYS[language])),
        language=language,
        notices=(m.Notice(process="gaze", trouble=Trouble.NOBODY_SEEN),) if troubled else (),
        partner=SENTENCES[language] if taken % 4 == 0 else "",
    )


def drawn(window: Window, language: str) -> Figures:
    """Draw every frame as the display does, from what holds to the flip."""
    wall_ms, cpu_ms, new = [], [], []
    for frame in frames(language):
        began, cpu = time.perf_counter(), time.thread_time()
        window.show(scene(frame.showing, window.sheet, words_in(language), Ways()))
        wall_ms.append((time.perf_counter() - began) * KILO)
        cpu_ms.append((time.thread_time() - cpu) * KILO)
        new.append(frame.new)
        list(window.happenings())
    return Figures(wall_ms, cpu_ms, new)


def figures(settings: DisplaySettings) -> dict[str, float]:
    """Both languages, one after the other, in one window."""
    window = open_window(settings, pointer=False)
    try:
        runs = [drawn(window, language) for language in SENTENCES]
    finally:
        window.close()
    wall = [ms for run in runs for ms in run.wall_ms]
    cpu = [ms for run in runs for ms in run.cpu_ms]
    pages = [ms for run in runs for ms, new in zip(run.cpu_ms, run.new, strict=True) if new]
    return {
        "frames": float(len(wall)),
        "frame_ms.p50": percentile(wall, 0.5),
        "frame_ms.p99": percentile(wall, 0.99),
        "frame_ms.max": max(wall),
        "frame_cpu_ms.p50": percentile(cpu, 0.5),
        "frame_cpu_ms.p99": percentile(cpu, 0.99),
        "page_cpu_ms.p50": percentile(pages, 0.5),
        "page_cpu_ms.p99": percentile(pages, 0.99),
    }


def memory(folder: Path, settings: DisplaySettings, clock: Clock, for_s: float) -> dict[str, float]:
    """The real process, shown the same frames over the bus: what it holds at the end, in MB of a million bytes.

    Raises Missing where it shows nothing, or ends: it would hold little.
    """
    runtime, config = folder / "run", folder / "vybor.toml"
    runtime.mkdir()
    config.write_text(
        SETTINGS.format(text_size=settings.text_size.value, rotation=settings.rotation), encoding="utf-8"
    )
    places = [f"--runtime={runtime}", f"--state={folder / 'state'}", f"--share={folder / 'share'}"]
    command = [sys.executable, "-m", "vybor", "run", "display", *places, f"--config={config}"]
    core = Bus("core", runtime, clock, [m.Shown])
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as display:
        try:
            shown = _show(core, clock, for_s)
            if not shown or display.poll() is not None:
                raise Missing(
                    "the process display shows nothing, or has ended: look at what `vybor run display` says"
                )
            held = psutil.Process(display.pid).memory_full_info()
        finally:
            display.terminate()
            core.close()
    return {"memory_mb": held.rss / 1e6, "memory_mb.own": held.uss / 1e6, "memory_mb.after_screens": float(shown)}


def _show(core: Bus, clock: Clock, for_s: float) -> int:
    """Publish frames for so long after the first was shown; returns how many offers came back as shown."""
    shown: set[int] = set()
    until_ns = clock.now_ns() + seconds(STARTS_WITHIN_S)
    for frame in (frame for language in cycle(SENTENCES) for frame in frames(language)):
        if message := frame.showing.highlight or frame.showing.screen:
            core.publish(message)
        for arrival in core.receive(STEP_S):
            if isinstance(arrival, Heard) and isinstance(arrival.message, m.Shown) and arrival.message.screen:
                if not shown:
                    until_ns = clock.now_ns() + seconds(for_s)
                shown.add(arrival.message.screen.offer)
        core.tend()
        if clock.now_ns() >= until_ns:
            break
    return len(shown)


def main() -> None:
    """Draw, then look at a process that draws."""
    parser = argparse.ArgumentParser(prog="deploy/bench display", description=__doc__)
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parser.add_argument(
        "--text-size", choices=[size.value for size in TextSize], default="normal", help="(normal)"
    )
    parser.add_argument("--rotation", type=int, choices=(0, 90, 180, 270), default=0, help="of the panel (0)")
    parser.add_argument("--seconds", type=options.positive, default=20, help="how long the process draws (20)")
    parsed = parser.parse_args()
    settings = DisplaySettings(text_size=TextSize(parsed.text_size), rotation=parsed.rotation)
    found = figures(settings)
    try:
        with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
            found |= memory(Path(folder), settings, SystemClock(), parsed.seconds)
    except Missing as error:
        print(f"bench: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    report.write("display", found, parsed.json)


if __name__ == "__main__":
    main()
