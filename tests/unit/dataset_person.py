"""Somebody who writes, choice by choice, for the tests of what may be learned of it."""

from collections.abc import Mapping, Sequence

from tokenizers import Tokenizer, models, pre_tokenizers

from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role, Source
from vybor_workshop.dataset import making
from vybor_workshop.dataset.base import Base
from vybor_workshop.dataset.following import Chosen
from vybor_workshop.dataset.making import Made, Split

KIT = "0123456789abcdef" * 2
SECOND_NS = 10**9
BESIDE = ("toast", "water")
"""What else was offered."""


def base(**about: object) -> Base:
    """A base whose tokens are words, marks and spaces."""
    words = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.add_special_tokens(["<|im_start|>", "<|im_end|>"])
    told: dict[str, object] = {
        "recipe": "tiny",
        "languages": ("en",),
        "sha256": "ba5e" * 16,
        "header": "<|im_start|>",
        "continuing": "<|im_start|>{lately}<|im_end|><|im_start|>",
        "reads": 900,
        "tokenizer": words,
    }
    return Base(**(told | about))  # type: ignore[arg-type]  # what a test says of it


class Person:
    """Writes rows; what is not told of a choice is the usual."""

    def __init__(self, day: str = "2026-03-01", boot: int = 1) -> None:
        self.rows: list[Chosen] = []
        self.day, self.boot, self.text, self.at_ns = day, boot, "", SECOND_NS
        self._sequence = 0
        self._past: list[str] = []

    def take(
        self, words: str, source: Source = Source.MODEL, role: Role = Role.CANDIDATE, **about: object
    ) -> Chosen:
        """Words off a tile."""
        return self.choose(Action.TAKE, f"{self.text} {words}".strip(), (words, role, source), **about)

    def spell(self, word: str, **about: object) -> Chosen:
        """A word, letter by letter, and its tile."""
        return self.take(word, Source.SPELLED, prefix=word, **about)

    def phrase(self, words: str, **about: object) -> Chosen:
        """A ready phrase."""
        return self.take(words, Source.PHRASE, Role.PHRASE, **about)

    def undo(self, **about: object) -> Chosen:
        """The last step."""
        return self.choose(Action.UNDO, self._past.pop(), is_back=True, **about)

    def repair(self, **about: object) -> Chosen:
        """That was not what they meant."""
        return self.choose(Action.REPAIR, self._past.pop(), is_back=True, **about)

    def speak(self, **about: object) -> Chosen:
        """What stands there."""
        return self.choose(Action.SPEAK, "", **{"said": f"{self.text}.", **about})

    def say(self, text: str, **about: object) -> None:
        """A sentence, word by word."""
        for word in text.split():
            self.take(word, **about)
        self.speak()

    def choose(
        self,
        action: Action,
        after: str,
        tile: tuple[str, Role, Source] | None = None,
        *,
        is_back: bool = False,
        **about: object,
    ) -> Chosen:
        if not is_back:
            self._past.append(self.text)
        self._sequence += 1
        self.at_ns += 2 * SECOND_NS
        made = Chosen(self.boot, self._sequence, self.day, self._decision(action, after, tile, about))
        self.text = after
        self.rows.append(made)
        return made

    def _decision(
        self, action: Action, after: str, tile: tuple[str, Role, Source] | None, about: Mapping[str, object]
    ) -> m.Decision:
        shown = [offered(0, *tile), *(offered(at, word) for at, word in enumerate(BESIDE, 1))] if tile else []
        evidence = m.Evidence(
            channel=m.Channelled.PAD,
            posterior=0.97,
            posterior_without_prior=about.get("sure", 0.9),  # type: ignore[arg-type]  # a number
            gaze_age_ms=12.0,
            slot_without_prior=about.get("favoured", 0),  # type: ignore[arg-type]  # a slot
        )
        usual: dict[str, object] = {
            "at_ns": self.at_ns,
            "session": "s",
            "number": self._sequence,
            "action": action,
            "slot": 0,
            "written": after.removeprefix(self.text),
            "text_before": self.text,
            "text_after": after,
            "offer": 1,
            "shown": tuple(shown),
            "evidence": evidence,
        }
        told = {name: value for name, value in about.items() if name not in ("sure", "favoured")}
        return m.Decision(**(usual | told))  # type: ignore[arg-type]  # what a test says of it


def offered(
    slot: int, label: str, role: Role = Role.CANDIDATE, source: Source | None = Source.MODEL, gaze_ms: float = 90.0
) -> m.OfferedTile:
    return m.OfferedTile(slot=slot, role=role, label=label, grey="", source=source, p=0.2, gaze_ms=gaze_ms)


def made(rows: Sequence[Chosen | None], least: int = 1, **about: object) -> Made:
    """Examples of these rows and three more sentences behind them, so that there is enough to share out."""
    more = Person(boot=10**6)
    for word in ("one", "two", "three"):
        more.say(f"the end {word}")
    return making.made(KIT, [*rows, *more.rows], (), base(**about), Split(least=least))
