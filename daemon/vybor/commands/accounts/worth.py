"""`vybor worth`: the person's own days without each part of the kit: what each saved, and how sure that is."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from vybor.accounting import replay
from vybor.accounting.account import Ledger, Utterance, ledger
from vybor.accounting.replay import Propose, Way
from vybor.accounting.worth import (
    Day,
    Lack,
    Part,
    Worth,
    days_of,
    headband,
    interest,
    look_ahead,
    note_takes,
    replayed,
)
from vybor.commands.accounts.worth_words import LANGUAGES
from vybor.contracts import messages as m
from vybor.core.decision.rules import Rules
from vybor.core.words.russian import endings_for
from vybor.foundation.errors import Missing, PlaceError, VyborError
from vybor.foundation.places import GROWN, Places
from vybor.foundation.settings import Settings
from vybor.instant.manners import is_rude
from vybor.instant.tier import Personal, WordList
from vybor.instant.tokens import fold

WEEK, MOST_SENTENCES = 7, 300
"""Days that are looked at, and sentences that are written again: the newest."""

Tell = Callable[[str], None]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """All that is told."""

    days: int
    sentences: int
    choices: int
    left_out: int
    """Sentences that could not be written again."""
    language: str
    worth: tuple[Worth, ...]
    problem: str = ""
    """Why nothing could be replayed; empty if it could."""


class Models:
    """The language model as it is, and without its adapter; each asked the same thing once."""

    def __init__(self, plain: Propose, adapted: Propose | None) -> None:
        self.plain = _remembering(plain)
        self.adapted = _remembering(adapted) if adapted else None

    @property
    def as_worn(self) -> Propose:
        """The model as the kit has it."""
        return self.adapted or self.plain


def found(
    decisions: Sequence[m.Decision],
    words: WordList | str,
    settings: Settings,
    models: Models | None = None,
    last_days: int = WEEK,
    tell: Tell = lambda _line: None,
) -> Found:
    """What each part was worth. `words` is the word list, or why there is none. Raises Missing for no sentence."""
    told = ledger(decisions)
    days = days_of(told, decisions)[-last_days:]
    spoken = [utterance for day in days for utterance in day.spoken]
    if not spoken:
        raise Missing(LANGUAGES[settings.language].nothing)
    measured = [headband(days), look_ahead(days), interest(days)]
    again = _Again(told, days, settings, tell)
    if isinstance(words, WordList):
        measured += again.worth(words, models)
    else:
        measured += [Worth(part=part, lack=Lack.NO_WORDS) for part in (Part.NOTES, Part.COUNTS)]
    return Found(
        days=len(days),
        sentences=len(spoken),
        choices=sum(len(utterance.steps) for utterance in spoken),
        left_out=again.left_out,
        language=settings.language,
        worth=tuple(sorted(measured, key=lambda one: list(Part).index(one.part))),
        problem=words if isinstance(words, str) else "",
    )


def lines(told: Found) -> Iterator[str]:
    """One line a part, and below it how that was found out."""
    words = LANGUAGES[told.language]
    yield words.heading.format(days=told.days, sentences=told.sentences, choices=told.choices)
    for one in told.worth:
        yield f"{words.parts[one.part]}: {_figure(one, told)}"
        yield f"    {words.how[one.part]}"
    if told.left_out:
        yield words.left_out.format(count=told.left_out)


def models_in(places: Places, settings: Settings) -> Models:
    """The model that the kit has, loaded anew, once more for its adapter if one is worn. Raises VyborError."""
    from vybor.generator.candidates import Proposer  # noqa: PLC0415
    from vybor.generator.grown.worn_now import WornNow, kept_in  # noqa: PLC0415
    from vybor.generator.network.bundle import open_bundle  # noqa: PLC0415  (numpy and onnxruntime, only when asked for)
    from vybor.generator.wardrobe import BY_HAND, Wardrobe  # noqa: PLC0415
    from vybor.grown.folder import Folder  # noqa: PLC0415

    try:
        folder = kept_in(places, *BY_HAND)
    except PermissionError as error:
        raise PlaceError(
            f"this user may not look at {error.filename}; use sudo, or leave out --with-model"
        ) from None
    worn = WornNow(Folder(folder / GROWN))

    def proposing() -> Proposer:
        chosen = settings.generator
        return Proposer(open_bundle(worn.model(places.model)), chosen.threads, chosen.provider, chosen.style)

    dressed = proposing()
    bare = dressed.identity
    Wardrobe(folder, worn).look(dressed, 0)
    if dressed.identity == bare:
        return Models(_whole(dressed.propose), None)
    return Models(_whole(proposing().propose), _whole(dressed.propose))


def word_list(path: Path) -> WordList | str:
    """The word list, quick on looks at groups of letters, or why there is none."""
    try:
        words = WordList.open(path)
    except VyborError as error:
        return str(error)
    return words


class _Again:
    """Writes the sentences of some days again, each with the counts that the person had then."""

    def __init__(self, told: Ledger, days: Sequence[Day], settings: Settings, tell: Tell) -> None:
        self._told = told
        self._days = days
        self._settings = settings
        self._tell = tell
        self.left_out = 0
        self._costs: dict[tuple[str, int], int | None] = {}
        """Choices by the way's name and the sentence's number."""
        self._notes: dict[int, float] = {}

    def worth(self, words: WordList, models: Models | None) -> list[Worth]:
        """What notes, counts, and with a model the model and its adapter were worth."""
        said = (utterance for day in self._days for utterance in day.spoken)
        mine = (one for one in said if one.language == self._settings.language and not one.is_private)
        wanted = [one.number for one in mine][-MOST_SENTENCES:]
        personal = Personal()
        for utterance in self._told.spoken:
            if utterance.number in wanted:
                self._write(utterance, self._ways(words, personal, models))
                if (done := wanted.index(utterance.number) + 1) % 20 == 0:
                    self._tell(f"written again: {done} of {len(wanted)} sentences")
            is_mine = utterance.language == self._settings.language and not utterance.is_private
            if is_mine and not utterance.taken_back:
                personal.learn(utterance.text)
        has_notes = any(True for day in self._days for utterance in day.spoken for _ in note_takes(utterance))
        notes = replayed(Part.NOTES, self._days, lambda u: self._notes.get(u.number), at_most=models is None)
        return [
            notes if has_notes else Worth(part=Part.NOTES, lack=Lack.NOT_USED),
            self._difference(Part.COUNTS, "no counts", "whole"),
            self._of_model(models),
            self._of_adapter(models),
        ]

    def _ways(self, words: WordList, personal: Personal, models: Models | None) -> dict[str, Way]:
        """The kit as it was, and without this or that."""
        nobody = Personal()
        propose = models.as_worn if models else None
        ways = {
            "whole": Way(self._rules(words, personal), propose),
            "no counts": Way(self._rules(words, nobody), propose),
        }
        if models:
            ways["no model"] = Way(self._rules(words, personal))
        if models and models.adapted:
            ways["no adapter"] = Way(self._rules(words, personal), models.plain)
        return ways

    def _rules(self, words: WordList, personal: Personal) -> Rules:
        """The decision's own rules, as core/process.py makes them."""
        language, generator = self._settings.language, self._settings.generator

        def allowed(word: str) -> bool:
            known = personal.file.followers(())
            return generator.profanity or not is_rude(word, language) or fold(word) in known

        return Rules(
            session="worth",
            language=language,
            commit=self._settings.commit,
            instant=lambda prompt: words.answer(prompt, personal),
            mix=lambda prompt, instant, model: words.mix(prompt, instant, model, personal),
            count=generator.candidates,
            allowed=allowed,
            endings=endings_for(self._settings, words, lambda: personal),
        )

    def _write(self, utterance: Utterance, ways: dict[str, Way]) -> None:
        for name, way in ways.items():
            self._costs[name, utterance.number] = replay.choices(utterance.text, way)
        self.left_out += self._costs["whole", utterance.number] is None
        self._notes[utterance.number] = sum(
            _without_note(*taken, ways["whole"]) for taken in note_takes(utterance)
        )

    def _difference(self, part: Part, without: str, whole: str) -> Worth:
        def saved(utterance: Utterance) -> float | None:
            more = self._costs.get((without, utterance.number))
            less = self._costs.get((whole, utterance.number))
            return None if more is None or less is None else more - less

        return replayed(part, self._days, saved)

    def _of_model(self, models: Models | None) -> Worth:
        if models is None:
            return Worth(part=Part.MODEL, lack=Lack.NEEDS_MODEL)
        return self._difference(Part.MODEL, "no model", "whole")

    def _of_adapter(self, models: Models | None) -> Worth:
        if models is None:
            return Worth(part=Part.ADAPTER, lack=Lack.NEEDS_MODEL)
        if models.adapted is None:
            return Worth(part=Part.ADAPTER, lack=Lack.NOT_USED)
        return self._difference(Part.ADAPTER, "no adapter", "whole")


def _without_note(decision: m.Decision, tile: m.OfferedTile, way: Way) -> float:
    """Choices more that the word would have taken, less those spent on letters before the note brought it."""
    alone = replay.choices(tile.label, way, decision.text_before)
    spent = 1 + len(decision.looks) + len(decision.prefix)
    return 0.0 if alone is None else float(max(0, alone - spent))


def _figure(one: Worth, told: Found) -> str:
    words = LANGUAGES[told.language]
    if one.lack:
        return words.lacks[one.lack].format(sentences=one.sentences, days=one.days, problem=told.problem)
    parts = []
    if one.choices:
        parts.append(words.choices.format(value=one.choices.value, low=one.choices.low, high=one.choices.high))
    if one.seconds:
        minutes = (value / 60 for value in (one.seconds.value, one.seconds.low, one.seconds.high))
        parts.append(words.seconds.format(**dict(zip(("value", "low", "high"), minutes, strict=True))))
    form = words.over_days if one.over_days else words.over_sentences
    basis = form.format(sentences=one.sentences, days=one.days)
    return f"{words.at_most if one.at_most else ''}{', '.join(parts)}; {basis}"


def _whole(propose: Callable[[m.Prompt, Callable[[], bool]], tuple[m.Candidate, ...] | None]) -> Propose:
    return lambda prompt: propose(prompt, lambda: True) or ()


def _remembering(propose: Propose) -> Propose:
    """What was asked before is not asked again: ways of writing ask much the same."""
    known: dict[m.Prompt, Sequence[m.Candidate]] = {}

    def answer(prompt: m.Prompt) -> Sequence[m.Candidate]:
        asked = msgspec.structs.replace(prompt, at_ns=0, number=0)
        if asked not in known:
            known[asked] = propose(prompt)
        return known[asked]

    return answer
