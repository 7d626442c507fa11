"""Cycles of writing and retraining with a person who sometimes settles for words that are good enough.

What the model offers then becomes their text, and their text the model: whether they lose their own words over
that. The same sentences are written a second time with the model as it came, by the same person with the same
counts of their own: what differs is what retraining did.
"""

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import msgspec

from benches import ingest, retrain_person
from benches.ingest_events import KIT
from benches.retrain_cells import Run
from benches.retrain_person import Mind
from benches.writing_kit import Propose, Remembering
from vybor.accounting.resampling import interval
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.foundation import small_files
from vybor.generator.candidates import Proposer
from vybor.instant.tier import RARE_P, WordList
from vybor.instant.tokens import fold
from vybor.instant.word_list import WordFile
from vybor.segments.rows import Kind, Row
from vybor_workshop import growth
from vybor_workshop.dataset import base as bases
from vybor_workshop.dataset import growing
from vybor_workshop.dataset.making import Split, TooFew
from vybor_workshop.evaluate import kit as offers
from vybor_workshop.evaluate.composed import Composed
from vybor_workshop.evaluate.figures import Tell
from vybor_workshop.evaluate.offering import Share
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.model import recipe as recipes
from vybor_workshop.retrain import retraining
from vybor_workshop.retrain.refusing import Refused
from world.desk import Desk
from world.mind import agrees, heedless_wish, plain, unheeded

SETTLES = 0.3
"""Where no word that is offered is the one that was meant."""
LARGEST_BYTES = 2**26


class Arm(StrEnum):
    """Which model is written with."""

    GROWN = "grown"
    """Retrained after each cycle on all that was said so far."""
    FROZEN = "frozen"
    """As it came."""


class Said(msgspec.Struct, frozen=True):
    """A sentence as it was said, and how many of its words are not the meant ones."""

    number: int
    text: str
    settled: int


class Turn(msgspec.Struct, frozen=True):
    """One cycle of one arm."""

    said: list[Said]
    decisions: list[m.Decision]


class Habits(msgspec.Struct, frozen=True):
    """Of a sentence that was said: words, own ones and rare ones among them, pairs of words."""

    words: int
    own: int
    rare: int
    pairs: tuple[tuple[str, str], ...]


def settled(screen: m.Screen, target: str) -> tuple[m.Tile, str] | None:
    """The first word that is offered in place of the meant one, and what is to stand there then.

    None where the meant one is offered, or nothing is, or a word is begun.
    """
    seen = unheeded(screen)
    words = [tile for tile in seen.tiles if tile.role is Role.CANDIDATE and tile.label.isalpha()]
    if screen.mode is not Mode.WORDS or screen.prefix or not words or not target.startswith(seen.text):
        return None
    left = target[len(seen.text) :].strip()
    offered = (tile for tile in seen.tiles if tile.role is Role.CANDIDATE)
    if not left or any(agrees(seen.text, tile.label, target) for tile in offered):
        return None
    tile = next(tile for tile in screen.tiles if tile.slot == words[0].slot)
    return tile, f"{seen.text} {words[0].label} {left.partition(' ')[2]}".strip()


def wrote(sentences: Sequence[tuple[int, str]], kit: Composed, propose: Propose, mark: str) -> Turn:
    """A person says these, each with dice of its own, so that both arms are alike until their offers differ."""
    desk, said, decisions = Desk(kit.way().rules, retrain_person.FRAME_S), [], []
    for number, sentence in sentences:
        dice = random.Random(f"{mark} {number}")
        made, count = _say(desk, plain(sentence), propose, dice)
        if not made:
            desk = Desk(kit.way().rules, retrain_person.FRAME_S)
            continue
        said.append(Said(number, made[-1].text_before, count))
        decisions += [retrain_person.doubted(each, dice) for each in made]
        kit.personal.learn(made[-1].text_before)
    return Turn(said, decisions)


def _say(desk: Desk, target: str, propose: Propose, dice: random.Random) -> tuple[list[m.Decision], int]:
    """What it took, and how many words were settled for; nothing where there is no way to the end."""
    first, count, judged = len(desk.decided), 0, ""
    most = retrain_person.MOST_CHOICES_A_LETTER * (len(target) + 1)
    while not (made := desk.decided[first:]) or not made[-1].say:
        if desk.state.prompt and desk.state.proposals is None:
            desk.answer(propose(desk.state.prompt), desk.state.prompt.number, "bench")
        screen = desk.screen()
        tile = heedless_wish(screen, target).tile
        other = settled(screen, target) if judged != f"{target} {screen.text}" else None
        judged = f"{target} {screen.text}"
        if other and dice.random() < SETTLES:
            (tile, target), count = other, count + 1
        if tile is None or len(made) > most:
            return [], 0
        desk.choose(tile.slot)
        if len(desk.decided) == first + len(made):
            return [], 0
    return [each.decision for each in made], count


class Cycles:
    """Both arms of one person, cycle by cycle; each is kept when it is done."""

    def __init__(self, folder: Path, run: Run, mind: Mind, cycles: int, tell: Tell) -> None:
        code = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:6]
        self._folder = folder / f"{run.name()}-{code}" / f"{mind.name}-{cycles}-cycles"
        self._run, self._mind, self._cycles, self._tell = run, mind, cycles, tell

    def known(self, arm: Arm, cycle: int) -> Turn | None:
        """What is kept of a cycle, counted from 1."""
        try:
            return msgspec.json.decode(small_files.read(self._file(arm, cycle), LARGEST_BYTES), type=Turn)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def turn(self, arm: Arm, cycle: int) -> Turn:
        """One cycle; those before it are done. Raises VyborError."""
        if known := self.known(arm, cycle):
            return known
        adapter = self._adapter(cycle - 1) if arm is Arm.GROWN else None
        self._tell(f"{self._mind.name}: cycle {cycle} of {self._cycles}, {arm}{'' if adapter else ', no adapter'}")
        proposer = Proposer(self._run.measures.bundle, self._run.measures.threads)
        proposer.wear(adapter)
        propose = Remembering(lambda prompt: proposer.propose(prompt, lambda: True) or ())
        words = WordList.open(self._run.measures.words)
        before = [said.text for turn in self._before(arm, cycle) for said in turn.said]
        turn = wrote(self._sentences(cycle), Composed(words, propose, "en", before), propose, self._mind.name)
        words.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        small_files.write_bytes(self._file(arm, cycle), msgspec.json.encode(turn), 0o600, is_synced=True)
        return turn

    def retrain(self, cycle: int) -> None:
        """Make an adapter of all that was said so far; where none can be made, the one before is worn on."""
        home = self._home(cycle)
        if (home / "done").exists():
            return
        data = DataSet(str(home / "data"), home / "locks")
        if not growth.growths(home, KIT):
            home.mkdir(parents=True, exist_ok=True)
            recipe = recipes.load(self._run.recipe)
            base = bases.opened(recipe, self._run.how.cache, self._tell, self._run.how.given)
            ingest.take_in(ingest.write(self._rows(cycle), home / "lines.jsonl"), data)
            try:
                growing.keep(growing.ready(data, home, KIT, base, Split(), self._tell), home, data)
            except TooFew as few:
                self._tell(str(few))
        for its in growth.growths(home, KIT):
            how = msgspec.structs.replace(self._run.how, resume=its.training.exists())
            try:
                if not its.adapter.is_dir():
                    retraining.retrain(its, self._run.wishes, how, self._tell)
            except Refused as refused:
                self._tell(str(refused))
        (home / "done").touch()

    def figures(self) -> dict[str, float]:
        """What is done, from the second cycle on: in the first both arms are the same."""
        pairs = [
            (turn, other)
            for cycle in range(2, self._cycles + 1)
            if (turn := self.known(Arm.GROWN, cycle)) and (other := self.known(Arm.FROZEN, cycle))
        ]
        file = WordFile(self._run.measures.words)
        share = offers.share_of(file)
        both = [pair for grown, frozen in pairs for pair in paired(grown, frozen, share)]
        file.close()
        return reckoned(both) | {"cycles.done": float(len(pairs) + 1), "cycles.sentences": float(len(both))}

    def _rows(self, cycle: int) -> Iterator[Row]:
        """What a kit would have recorded, a boot a cycle."""
        for boot, turn in enumerate([*self._before(Arm.GROWN, cycle), self.turn(Arm.GROWN, cycle)], 1):
            for sequence, decision in enumerate(turn.decisions, 1):
                at = (retrain_person.BEGAN + timedelta(days=boot)).isoformat(timespec="seconds")
                record = msgspec.Raw(msgspec.json.encode(decision))
                yield Row(kit=KIT, boot=boot, sequence=sequence, at=at, kind=Kind.DECISION, record=record)

    def _before(self, arm: Arm, cycle: int) -> list[Turn]:
        return [self.turn(arm, earlier) for earlier in range(1, cycle)]

    def _sentences(self, cycle: int) -> list[tuple[int, str]]:
        each = len(self._mind.sentences) // self._cycles
        return list(enumerate(self._mind.sentences))[(cycle - 1) * each : cycle * each]

    def _adapter(self, cycle: int) -> Path | None:
        """The newest up to this cycle."""
        homes = (self._home(earlier) for earlier in range(cycle, 0, -1))
        made = (its.adapter for home in homes for its in growth.growths(home, KIT) if its.adapter.is_dir())
        return next(made, None)

    def _home(self, cycle: int) -> Path:
        return self._folder / f"retrained-{cycle}"

    def _file(self, arm: Arm, cycle: int) -> Path:
        return self._folder / f"{arm}-{cycle}.json"


def paired(grown: Turn, frozen: Turn, share: Share) -> list[tuple[Habits, Habits]]:
    """The same sentences under both arms."""
    beside = {said.number: said for said in frozen.said}
    return [
        (habits(said, share), habits(beside[said.number], share)) for said in grown.said if said.number in beside
    ]


def habits(said: Said, share: Share) -> Habits:
    """What is counted of a sentence."""
    words = [fold(word) for word in said.text.split()]
    rare = sum(share(word) < RARE_P for word in words)
    return Habits(len(words), len(words) - said.settled, rare, tuple(pairwise(words)))


def reckoned(pairs: Sequence[tuple[Habits, Habits]]) -> dict[str, float]:
    """Each habit with retraining less without; `.low` and `.high` by resampling sentences."""
    found: dict[str, float] = {}
    for name, value in HABITS.items():
        if not pairs:
            continue
        told = interval(pairs, lambda drawn, value=value: _change(drawn, value))  # type: ignore[misc]
        for arm, side in ((Arm.GROWN, 0), (Arm.FROZEN, 1)):
            found[f"cycles.{name}.{arm}"] = value([pair[side] for pair in pairs])
        if told:
            found |= {f"cycles.{name}.change": told.value}
            found |= {f"cycles.{name}.change.low": told.low, f"cycles.{name}.change.high": told.high}
    return found


def _change(pairs: Sequence[tuple[Habits, Habits]], value: "Value") -> float:
    return value([grown for grown, _ in pairs]) - value([frozen for _, frozen in pairs])


def _own(of: Sequence[Habits]) -> float:
    return sum(each.own for each in of) / max(1, sum(each.words for each in of))


def _rare(of: Sequence[Habits]) -> float:
    return sum(each.rare for each in of) / max(1, sum(each.words for each in of))


def _length(of: Sequence[Habits]) -> float:
    return sum(each.words for each in of) / max(1, len(of))


def _distinct(of: Sequence[Habits]) -> float:
    pairs = [pair for each in of for pair in each.pairs]
    return len(set(pairs)) / max(1, len(pairs))


Value = Callable[[Sequence[Habits]], float]
HABITS: dict[str, Value] = {"own_words": _own, "rare_words": _rare, "length": _length, "distinct_2": _distinct}
