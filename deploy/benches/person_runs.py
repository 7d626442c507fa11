"""The people of a run, each kept when they are done: a run that was ended can be gone on with.

A person writes all phrases with the kit and with each keyboard. What is kept stands in a folder named by
everything that it depends on: the options, the profiles and the code.
"""

import atexit
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import msgspec

from benches import person_answers, report
from benches.person_answers import Answers, Propose
from benches.person_body import WAYS, Body
from benches.person_eyes import Eyes
from benches.person_figures import BASELINE, IDEAL, KIT
from benches.person_fitting import fitted
from benches.person_keyboard import SINGLE, densest
from benches.person_kit import START_NS, Kit
from benches.person_presage import PresageWords
from benches.person_profile import Person, Profile, drawn
from benches.person_result import Sitting
from benches.person_typist import Suggest, Typist
from benches.person_writer import Writer
from benches.report import Origin
from benches.writing_kit import Remembering, model_in
from benches.writing_phrases import Phrase
from vybor.composer.text import join
from vybor.contracts.messages import Arrangement, Standing
from vybor.core.decision.rules import Rules
from vybor.core.words.russian import endings_for
from vybor.foundation.clock import SECOND_NS
from vybor.foundation.errors import PlaceError
from vybor.foundation.places import Places
from vybor.foundation.settings import GeneratorSettings, Language, Settings
from vybor.instant.initials import WAYS as INITIAL_WAYS
from vybor.instant.initials import Initials
from vybor.instant.manners import is_rude
from vybor.instant.tier import NOBODY, WordList

IDEAL_BIAS_DEG, IDEAL_NOISE_DEG = 0.3, 0.3
ROOT = Path(__file__).parents[2]
ANSWERING = ("daemon/vybor/generator/**/*.py",)
CODE = ("daemon/vybor/**/*.py", "deploy/benches/person*.py", "deploy/benches/writing*.py", "tests/world/*.py")


class Run(msgspec.Struct, frozen=True):
    """What is measured. All of it names the folder that the results are kept in."""

    share: str
    language: str
    model: str
    phrases: tuple[Phrase, ...]
    commit: str
    layout: int
    """Zones; 0: by the eyes."""
    seed: int
    threads: int
    keyboards: tuple[str, ...]
    """Ways of writing beside the kit; none where there is no presage."""
    places: Arrangement = Arrangement.DEFAULT
    """Where Undo and Speak stand."""
    drowsy: float = 0.0
    """`commit.drowsy_times` of somebody whom a headband finds drowsy all the time; 0: there is none."""


class Asked(msgspec.Struct, frozen=True):
    """One person of a run."""

    name: str
    """Of the profile."""
    profile: Profile
    number: int


class Kept(msgspec.Struct, frozen=True):
    """What is kept of a person who is done."""

    origin: Origin
    """Where it comes from."""
    sittings: list[Sitting]


Configurations = dict[str, str]
"""Keyboard's way → presage's configuration."""


class Folder:
    """Where the sittings of a run are kept, and the model's answers of all runs with this model and code."""

    def __init__(self, cache: Path, run: Run) -> None:
        here = cache / "bench-person"
        self._path = here / _named(msgspec.json.encode(run), ROOT, CODE)
        try:
            self._path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PlaceError(
                f"{self._path} cannot be made ({error.strerror}); name another place with $XDG_CACHE_HOME"
            ) from None
        what = f"{run.model} {run.language} {run.threads}".encode()
        self.answers = here / f"answers-{_named(what, ROOT, ANSWERING)}.sqlite"

    def sittings(self, asked: Asked) -> list[Sitting]:
        """What this person did; nothing if they have not written yet, or the file was cut short."""
        kept = self._kept(asked)
        return kept.sittings if kept else []

    def origins(self, every: Iterable[Asked]) -> set[Origin]:
        """Where what is kept of these comes from."""
        return {kept.origin for asked in every if (kept := self._kept(asked))}

    def keep(self, asked: Asked, sittings: Sequence[Sitting]) -> None:
        """One person is done, here and now."""
        self._file(asked).write_bytes(msgspec.json.encode(Kept(report.here(), list(sittings))))

    def _kept(self, asked: Asked) -> Kept | None:
        try:
            return msgspec.json.decode(self._file(asked).read_bytes(), type=Kept)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def _file(self, asked: Asked) -> Path:
        mark = hashlib.sha256(msgspec.json.encode(asked.profile)).hexdigest()[:6]
        return self._path / f"{asked.name}-{mark}-{asked.number}.json"


def _named(what: bytes, root: Path, patterns: Sequence[str]) -> str:
    """A name for something and the code that it depends on."""
    found = hashlib.sha256(what)
    for path in sorted(path for pattern in patterns for path in root.glob(pattern)):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


Sat = tuple[Asked, list[Sitting]]


def sit_all(opening: "Opening", asked: Sequence[Asked], jobs: int, is_over: Callable[[], bool]) -> Iterator[Sat]:
    """Each person's sittings, so many at a time, until it is over. Raises VyborError."""
    if jobs == 1:
        with closing(Room(opening)) as room:
            for one in asked:
                if is_over():
                    return
                yield one, room.sit(one)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), _open_room, (opening,)) as pool:
        for first in range(0, len(asked), jobs):
            if is_over():
                return
            together = asked[first : first + jobs]
            yield from zip(together, pool.map(_sit, together), strict=True)


class Opening(msgspec.Struct, frozen=True):
    """What a process needs to open a room."""

    run: Run
    answers: Path
    configurations: Configurations


class Room:
    """What people sit down at: both tiers of words, opened once a process."""

    def __init__(self, opening: Opening) -> None:
        self._presage = {
            way: PresageWords(Path(configuration)) for way, configuration in opening.configurations.items()
        }
        self._run = run = opening.run
        share = Path(run.share)
        words = WordList.open(Places(runtime=share, state=share, share=share).words(run.language))
        self._rules = msgspec.structs.replace(
            rules_for(run.language, run.commit, words), zones=run.layout, standing=Standing(at=run.places)
        )

        def open_model() -> Propose:
            return model_in(share, run.language, run.threads)

        self._answers = person_answers.Kept(opening.answers, open_model)

    def sit(self, asked: Asked) -> list[Sitting]:
        """One person writes everything with everything. Raises VyborError."""
        person = drawn(asked.name, asked.profile, asked.number, self._run.seed)
        sittings = [with_kit(person, self._rules, self._answers, self._run)]
        if not self._presage:
            return sittings
        layout, _ = densest(person)
        for way, suggest in self._presage.items():
            sittings.append(with_keyboard(person, Typist(person, layout, suggest), way, self._run.phrases))
            if way == BASELINE:
                sittings.append(with_ideal_tracker(person, suggest, self._run.phrases))
        return sittings

    def close(self) -> None:
        """End the programs beside, and let go of the answers."""
        for suggest in self._presage.values():
            suggest.close()
        self._answers.close()


def rules_for(language: str, commit: str, words: WordList) -> Rules:
    """The rules of the deciding process, for somebody of whom nothing was learned yet."""
    initials = Initials(
        lambda text, letter: words.propose(text, letter, count=INITIAL_WAYS),
        join,
        lambda: 0,  # nothing is learned here
    )
    return Rules(
        session="bench",
        language=language,
        commit=WAYS[commit],
        instant=Remembering(words.answer),
        mix=words.mix,
        count=GeneratorSettings().candidates,
        allowed=lambda word: not is_rude(word, language),
        initials=initials.words,
        endings=endings_for(Settings(language=Language(language)), words, lambda: NOBODY),
    )


def with_kit(person: Person, rules: Rules, answers: Answers, run: Run) -> Sitting:
    """The person writes every phrase with the kit."""
    eyes = Eyes(person, "kit", START_NS)
    commit = msgspec.structs.replace(fitted(rules.commit, person), drowsy_times=max(1.0, run.drowsy))
    rules = msgspec.structs.replace(rules, commit=commit)
    kit = Kit(rules, answers, eyes, person.profile, drowsy=run.drowsy > 0)
    writer = Writer(person, Body(person, eyes, kit, run.commit))
    results, session = [], -1
    for phrase in run.phrases:
        began_ns = kit.now_ns
        if eyes.session(kit.now_ns) != session:
            session = eyes.session(kit.now_ns)
            kit.look_at_dots()
        dots_s = (kit.now_ns - began_ns) / SECOND_NS
        result = writer.write(phrase)
        result.seconds, result.looking_s = result.seconds + dots_s, result.looking_s + dots_s
        results.append(result)
    return Sitting(person.name, person.number, KIT, tuple(results))


def with_keyboard(person: Person, typist: Typist, way: str, phrases: Sequence[Phrase]) -> Sitting:
    """The same on a keyboard."""
    return Sitting(person.name, person.number, way, tuple(typist.write(phrase) for phrase in phrases))


def with_ideal_tracker(person: Person, suggest: Suggest, phrases: Sequence[Phrase]) -> Sitting:
    """The same with an ideal tracker on single keys."""
    share = IDEAL_BIAS_DEG / max(person.profile.bias_deg, 1e-9)
    profile = msgspec.structs.replace(
        person.profile, bias_deg=IDEAL_BIAS_DEG, noise_deg=IDEAL_NOISE_DEG, drift_deg_per_min=0.0
    )
    offset = (person.offset_deg[0] * share, person.offset_deg[1] * share)
    ideal = msgspec.structs.replace(person, profile=profile, offset_deg=offset)
    return with_keyboard(ideal, Typist(ideal, SINGLE, suggest), IDEAL, phrases)


_ROOM: dict[str, Room] = {}
"""The room of this process, where there are several."""


def _open_room(opening: Opening) -> None:
    _ROOM["here"] = Room(opening)
    atexit.register(_ROOM["here"].close)


def _sit(asked: Asked) -> list[Sitting]:
    return _ROOM["here"].sit(asked)
