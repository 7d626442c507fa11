"""How often the model's offer is there before it is asked for, and how late it is, with the whole kit at work.

The scripted person writes with eyes rendered before the camera, gaze and headband running. Every act that asks the
model for something counts. An answer that never came before the next question is a miss.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benches import options, report
from benches.report import percentile
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import Clock, SystemClock
from vybor.foundation.errors import VyborError
from vybor.instant.tier import WordList
from world.person import Person, Stuck
from world.play import World, body_of

START_LIMIT_S = 90.0
POLL_S = 0.005


class Watch:
    """Hears what is asked of the model and what it answers, and asks the instant tier the same."""

    def __init__(self, runtime: Path, clock: Clock, words: WordList) -> None:
        self._bus = Bus("watch", runtime, clock, [m.Prompt, m.Proposals])
        self._words = words
        self._done = threading.Event()
        self.asked: dict[int, m.Prompt] = {}
        self.answers: dict[int, m.Proposals] = {}
        self.instant_ms: list[float] = []

    def listen(self) -> None:
        """Until `stop`."""
        while not self._done.is_set():
            for arrival in self._bus.receive(POLL_S):
                match arrival:
                    case Heard(message=m.Prompt() as prompt) if prompt.number not in self.asked:
                        self.asked[prompt.number] = prompt
                        self._ask_instant(prompt)
                    case Heard(message=m.Proposals() as answer):
                        self.answers.setdefault(answer.prompt, answer)
            self._bus.tend()
        self._bus.close()

    def stop(self) -> None:
        """Listen no longer."""
        self._done.set()

    def _ask_instant(self, prompt: m.Prompt) -> None:
        began = time.perf_counter()
        self._words.answer(prompt)
        self.instant_ms.append((time.perf_counter() - began) * 1e3)


@contextmanager
def watching(runtime: Path, clock: Clock, words: Path) -> Iterator[Watch]:
    """Listen beside the person. Raises VyborError where nobody listened to the end."""
    opened: list[Watch] = []

    def run() -> None:  # SQLite stays in the thread that opened it
        known = WordList.open(words)
        opened.append(Watch(runtime, clock, known))
        opened[0].listen()

    thread = threading.Thread(target=run)
    thread.start()
    while not opened and thread.is_alive():
        time.sleep(POLL_S)
    try:
        yield opened[0]
        if not thread.is_alive():
            raise VyborError("what was asked of the model was not heard to the end; what was seen stands above")
    finally:
        opened[0].stop()
        thread.join()


def main() -> None:
    """Write the phrases and report."""
    parser = argparse.ArgumentParser(prog="deploy/bench lookahead", description=__doc__)
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--phrases", type=Path, required=True, help="a file, one phrase a line")
    parser.add_argument("--limit", type=options.positive, default=20, help="how many of them (20)")
    parser.add_argument("--confirm", choices=("blink", "edge"), default="blink", help="how the person confirms")
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parsed = parser.parse_args()
    try:
        lines = parsed.phrases.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        sys.exit(f"bench: {parsed.phrases} cannot be read ({error.strerror}); name a file of phrases")
    phrases = [begun_large(line.strip()) for line in lines if line.strip()][: parsed.limit]
    if not phrases:
        sys.exit(f"bench: there is no phrase in {parsed.phrases}")
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        world = World(Path(folder), parsed.share)
        try:
            watch = write(world, phrases, parsed, SystemClock())
        except Stuck as error:
            sys.exit(f"bench: the person is stuck: {error}; the kit said:\n{world.log()[-4000:]}")
        except VyborError as error:
            sys.exit(f"bench: {error}")
    report.write("lookahead", figures_of(watch), parsed.json)


def begun_large(phrase: str) -> str:
    """As the kit writes it: a person who wanted a small letter there would make it small, phrase by phrase."""
    return phrase[:1].upper() + phrase[1:]


def write(world: World, phrases: list[str], parsed: argparse.Namespace, clock: Clock) -> Watch:
    """The person writes all phrases, the watch looks on."""
    with world.running() as (camera, cyton):
        bus = Bus("person", world.runtime, clock, [m.Shown])
        try:
            with watching(world.runtime, clock, parsed.share / "words-en.sqlite") as watch:
                person = Person(bus, body_of(parsed.confirm, camera, cyton, clock, 1), clock, lambda _: None)
                person.wait_for_offer(START_LIMIT_S)
                for number, phrase in enumerate(phrases, start=1):
                    written = person.write(phrase)
                    print(f"{number} of {len(phrases)}: {len(written.acts)} acts, {written.said}", flush=True)
            return watch
        finally:
            bus.close()


def figures_of(watch: Watch) -> dict[str, float]:
    """Hits, delays and waste; the first prompt is not an act, the last may still be unanswered."""
    acts = sorted(watch.asked)[1:-1]
    answered = {number: watch.answers[number] for number in acts if number in watch.answers}
    delays = {number: (answer.at_ns - watch.asked[number].at_ns) / 1e6 for number, answer in answered.items()}
    hits = [delays[number] for number, answer in answered.items() if answer.was_ahead]
    misses = [delays[number] for number, answer in answered.items() if not answer.was_ahead]
    used = sum(answer.tokens for answer in answered.values())
    read = max((answer.tokens_in_all for answer in answered.values()), default=0)
    figures = {
        "acts": float(len(acts)),
        "unanswered": float(len(acts) - len(answered)),
        "hit_rate": len(hits) / len(acts) if acts else 0.0,
        "wasted_tokens_share": 1 - used / read if read else 0.0,
        "instant_offer_ms.p50": statistics.median(watch.instant_ms),
        "instant_offer_ms.p95": percentile(watch.instant_ms, 0.95),
    }
    for name, values in (("hit", hits), ("miss", misses)):
        if values:
            figures[f"{name}.model_offer_ms.p50"] = statistics.median(values)
            figures[f"{name}.model_offer_ms.p95"] = percentile(values, 0.95)
    return figures


if __name__ == "__main__":
    main()
