"""A kit, its workstation and somebody who writes, around a model so small that all of it takes a minute or two.

Real are journal, generator, sync with its sshd, rsync, every command of the workstation and the training; for a
while core too. Otherwise the kit's own decision is made here, on the eyes of a desk, so that a week of
sentences takes seconds: the generator answers it, and the journal keeps what it decides.
"""

import itertools
import json
import random
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from processes.stage import Hands, hands
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.core.decision.rules import Rules
from vybor.foundation.bus import Answered, Bus
from vybor.foundation.clock import SystemClock
from vybor.foundation.settings import CommitSettings
from vybor.generator.network import adapter, safetensors
from vybor.instant.tier import Personal, WordList
from vybor_workshop import cli, growth, words_corpus, words_counts, words_file, words_lexicon
from vybor_workshop.growth import Growth
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.model import build, recipe
from world import mind, tiny_files, tiny_growth
from world.beside import Beside, Wearer, beside
from world.desk import Desk
from world.tiny_model import Probabilities

WHO, VERBS = ("I", "We"), ("want", "need", "like")
NOW, TODAY = ("tea", "soup", "milk", "bread"), ("water", "juice", "toast", "rice")
"""What this person says: who does what with some of which, and when…"""
THEIR_WHO, THEIR_VERBS, THEIR_THINGS = ("You", "They"), ("see", "hear", "sell"), ("book", "radio", "door", "light")
"""…and what others say, of many things at once."""
ENDS = ("now", "today")
PRINTED = [chr(code) for code in range(ord(" "), ord("~") + 1)]
SETTINGS = "[generator]\ntrial_choices = 10\ntrial_starts = 1\n[commit]\narm_s = 0.1\nrefractory_s = 0.1\n"
MOST_ACTS = 60
"""Of a sentence."""
STILL_S = 0.2
"""So long the screen stands still before somebody looks for a word on it."""
PATIENCE_S = 60.0
UNLEARNED = -0.1
"""Of what was learned; the general text that a training replays makes the whole of it too strange."""


def even(words: Sequence[str]) -> dict[str, float]:
    return {f" {word}": 1 / len(words) for word in words}


FOLLOWS = {
    "<|im_start|>": dict.fromkeys((*WHO, *THEIR_WHO), 0.25),
    **dict.fromkeys(WHO, even(VERBS)),
    **dict.fromkeys(THEIR_WHO, even(THEIR_VERBS)),
    **{f" {verb}": {" some": 1.0} for verb in VERBS},
    **{f" {verb}": {" the": 1.0} for verb in (*THEIR_VERBS, "and")},
    " the": even(THEIR_THINGS),
    " some": {f" {thing}": 0.22 for thing in THEIR_THINGS} | {f" {thing}": 0.015 for thing in (*NOW, *TODAY)},
    **{f" {thing}": even(("and", *ENDS)) for thing in THEIR_THINGS},
    **{f" {thing}": even(ENDS) for thing in (*NOW, *TODAY)},
    **{f" {end}": {"<|im_end|>": 1.0} for end in ENDS},
}
"""What the model says before it knows anybody: it does not expect the things that this person wants."""


def with_letters(follows: Probabilities) -> Probabilities:
    """Behind a sign, or a piece of a word, any other: what it says of prose is little, and can be forgotten.

    Else it would hold all prose for impossible: of what has no probability nothing keeps an adapter, and what is
    measured there is noise.
    """
    words = {word for each in follows.values() for word in each if not word.startswith("<")}
    pieces = {word[:length] for word in words for length in range(1, len(word) + 1)} | set(PRINTED)
    anything = dict.fromkeys(sorted(pieces - follows.keys()), 1 / len(pieces - follows.keys()))
    return {**follows, **dict.fromkeys(anything, anything)}


def own(seed: int = 4) -> list[str]:
    """What this person says, in an order of its own; each run of three words is in more than one."""
    ends = [*(f"{thing} now" for thing in NOW), *(f"{thing} today" for thing in TODAY)]
    return shuffled([f"{who} {verb} some {end}" for who, verb, end in itertools.product(WHO, VERBS, ends)], seed)


def theirs() -> list[str]:
    """What others say: long, so that a keystroke more in it is about a point."""
    parts = itertools.product(THEIR_WHO, THEIR_VERBS, ENDS)
    listed = [" and the ".join(shuffled(THEIR_THINGS, seed)) for seed in range(12)]
    return [f"{who} {verb} the {things} {end}" for (who, verb, end), things in zip(parts, listed, strict=True)]


def shuffled(said: Sequence[str], seed: int) -> list[str]:
    return random.Random(seed).sample(said, len(said))


class Base:
    """The model, its recipe, a word list, and a cache with what was installed."""

    def __init__(self, folder: Path, real_cache: Path, *installed: str) -> None:
        self.recipe = tiny_growth.base(folder / "base", with_letters(FOLLOWS), noise=0.0)
        self.recipe.write_text(self.recipe.read_text().replace('word = "like"', 'word = "want"'))
        self.cache = tiny_growth.cache(folder / "cache", real_cache, "materials", *installed)
        self.share = folder / "share"
        self.model, self.words = self.share / "model", self.share / "words-en.sqlite"
        build.build(recipe.load(str(self.recipe)), self.cache, self.model, print)
        _write_words(self.words)
        self.others = folder / "others.txt"
        self.others.write_text("\n".join(theirs()))

    @property
    def measured_with(self) -> str:
        """Options of `evaluate`."""
        return f"--model {self.model} --words {self.words} --others {self.others}"


def _write_words(path: Path) -> None:
    """A list of what others say, which knows this person's words as well."""
    heard = list(words_corpus.clean((("somebody", text) for text in theirs() * 3), "en"))
    known = {word for text in (*own(), *theirs()) for word in text.lower().split()}
    lexicon = words_lexicon.lexicon("en", heard, dict.fromkeys(known, 0.001))
    words_file.write(path, words_counts.trigram(heard, lexicon), lexicon.written, {"language": "en"})


class Writer:
    """Decides as the kit does, and has the journal keep it."""

    def __init__(self, wearer: Wearer, words: Path, session: str) -> None:
        self._wearer = wearer
        self._words = WordList.open(words)
        self._personal = Personal()
        rules = Rules(
            session=session,
            language="en",
            commit=CommitSettings(),
            instant=lambda prompt: self._words.answer(prompt, self._personal),
            mix=lambda prompt, instant, model: self._words.mix(prompt, instant, model, self._personal),
            count=4,
        )
        self._desk = Desk(rules)
        self._kept = 0

    def say(self, sentence: str) -> None:
        """Write and speak it."""
        for _ in range(MOST_ACTS):
            if self._choose(sentence).role is Role.SPEAK:
                self._personal.learn(sentence)
                return
        raise AssertionError(f"{sentence} is not written: {self._desk.screen()}")

    def take_and_take_back(self, count: int) -> None:
        """So many of the model's words, none of which was meant."""
        for _ in range(count):
            self._answered()
            tile = next(
                tile
                for tile in self._desk.state.tiles
                if tile.role is Role.CANDIDATE and tile.source is m.Source.MODEL
            )
            self._desk.choose(tile.slot)
            self._answered()
            self._desk.choose(next(tile.slot for tile in self._desk.state.tiles if tile.role is Role.UNDO))

    def keep(self) -> None:
        """The journal has it."""
        for decided in self._desk.decided[self._kept :]:  # one by one: many at once come in any order
            self._wearer.record([decided.decision])
        self._kept = len(self._desk.decided)

    def _choose(self, sentence: str) -> m.Tile:
        self._answered()
        tile = mind.wish(self._desk.screen(), sentence).tile
        assert tile, self._desk.screen()
        self._desk.choose(tile.slot)
        return tile

    def _answered(self) -> None:
        """What the generator says to what is written."""
        state = self._desk.state
        if state.prompt and state.proposals is None:
            told = self._wearer.propose(state.prompt)
            self._desk.answer(told.candidates, told.prompt, told.model)


class Circle:
    """All of them."""

    def __init__(self, base: Base, desk: Beside) -> None:
        self.base, self.desk = base, desk
        self._asked = 10**6

    @property
    def home(self) -> Path:
        return self.desk.home.folder

    @property
    def data(self) -> DataSet:
        return DataSet(self.desk.home.data_url, self.home / "locks")

    @property
    def growths(self) -> list[Growth]:
        return growth.growths(self.home, self.desk.paired.card.kit)

    # --- the workstation

    def run(self, command: str) -> int:
        """A command of it."""
        return cli.main([*shlex.split(command), "--home", str(self.home), "--cache", str(self.base.cache)])

    def evaluate(self) -> int:
        return self.run(f"evaluate {self.base.measured_with}")

    # --- the kit

    def model(self) -> str:
        """Which one answers now."""
        self._asked += 1
        return self.desk.wearer.propose(m.Prompt(at_ns=0, number=self._asked, text="I")).model

    def until_other_than(self, *before: str) -> str:
        """Until another model answers."""
        end_s = time.perf_counter() + PATIENCE_S
        while (now := self.model()) in before:
            assert time.perf_counter() < end_s, self.listed() + self.desk.kit.log("generator")
            time.sleep(0.2)
        return now

    def listed(self) -> str:
        """`vybor model list`."""
        command = [sys.executable, "-m", "vybor", "model", "list", "--runtime", str(self.desk.kit.runtime)]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout

    def seal(self) -> None:
        """Whatever the journal has goes into a segment."""
        bus = Bus("seals", self.desk.kit.runtime, SystemClock())
        try:
            _until(lambda: not _sealing(bus).sharing.unsealed)
        finally:
            bus.close()

    @contextmanager
    def core(self) -> Iterator[Hands]:
        """The real core for a while, and somebody before its screen."""
        self.desk.wearer.close()
        self.desk.kit.start("core")
        try:
            with hands(self.desk.kit.runtime) as person:
                yield person
                person.until(lambda: bool(person.screen and person.screen.saving is m.Saving.SAVED))
        finally:
            self.desk.kit.kill("core")
            self.desk.wearer = Wearer(self.desk.kit.runtime)


def write(person: Hands, sentence: str) -> None:
    """Write and speak it on the real screen."""
    for _ in range(MOST_ACTS):
        stand_still(person)
        assert person.screen
        tile = mind.wish(person.screen, sentence).tile
        assert tile, person.screen
        offer = person.screen.offer
        person.look_at(tile)
        person.press()
        person.until(lambda offer=offer: person.screen is not None and person.screen.offer > offer)  # type: ignore[misc]
        if tile.role is Role.SPEAK:
            return
    raise AssertionError(f"{sentence} is not written: {person.screen}")


def stand_still(person: Hands) -> None:
    """Until the screen has tiles, and does not change."""
    person.place = None
    shown, since_s = person.screen, time.perf_counter()

    def stands() -> bool:
        nonlocal shown, since_s
        if person.screen is not shown:
            shown, since_s = person.screen, time.perf_counter()
        return bool(shown and shown.tiles) and time.perf_counter() - since_s > STILL_S

    person.until(stands, PATIENCE_S)


def turned_around(source: Path, target: Path) -> None:
    """An adapter that unlearns some of what the other learned: too little for the canary of the kit to notice."""
    target.mkdir()
    (target / adapter.CONFIG).write_bytes((source / adapter.CONFIG).read_bytes())
    arrays = {name: one.read() for name, one in safetensors.arrays(source / adapter.WEIGHTS).items()}
    turned = {name: UNLEARNED * each if "lora_B" in name else each for name, each in arrays.items()}
    tiny_files.safetensors(target / adapter.WEIGHTS, turned)


def failed_rules(gate: Path) -> list[str]:
    """Those that do not hold."""
    return [rule["rule"] for rule in json.loads(gate.read_bytes())["rules"] if not rule["holds"]]


@contextmanager
def circle(folder: Path, base: Base) -> Iterator[Circle]:
    """A kit that is paired and may share what is written."""
    with beside(folder, "generator", share=base.share, settings=SETTINGS) as desk:
        desk.pair()
        desk.agree()
        desk.wait_for_door()
        yield Circle(base, desk)


def _sealing(bus: Bus) -> m.Leaving:
    command = m.Leave(request=bus.new_request(), seal=True)
    bus.ask("journal", command)
    told: list[m.Leaving] = []

    def answered() -> bool:
        for arrival in bus.receive(0.05):
            if isinstance(arrival, Answered) and isinstance(arrival.reply, m.Leaving):
                told.append(arrival.reply)
        bus.tend()
        return bool(told)

    _until(answered)
    return told[-1]


def _until(holds: Callable[[], bool]) -> None:
    end_s = time.perf_counter() + PATIENCE_S
    while not holds():
        assert time.perf_counter() < end_s
        time.sleep(0.02)
