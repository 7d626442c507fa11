"""What the display says, in the wearer's language. English stands here, the others in locale/<language>/.

After a change: `pybabel compile -D vybor -d daemon/vybor/display/locale`.
"""

import gettext
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePath

from vybor.contracts.messages import (
    Effort,
    Exercise,
    FitPhase,
    FitStage,
    Intent,
    Mode,
    Notice,
    Practising,
    Role,
    Saving,
    Scope,
    Screen,
    Sign,
    Source,
    Tile,
    Trouble,
)
from vybor.display.helping import Stage
from vybor.display.says import practice_words
from vybor.display.says.fit_texts import CUES, EFFORTS, FITTINGS
from vybor.display.says.read_texts import ReadSentence
from vybor.display.says.texts import (
    BRIEF_SAVINGS,
    CALLS,
    INTENTS,
    KEPT_AGAIN,
    MARKS,
    MODES,
    PARTS,
    SAVINGS,
    SCOPES,
    SIGNS,
    SILENT,
    TARGET,
    TILES,
    TILES_IN,
    TROUBLES,
    TYPE_ELSEWHERE,
    Sentence,
)
from vybor.display.starting import Part, Says
from vybor.display.text_out import OWN_KEYBOARD

LOCALE = Path(__file__).parents[1] / "locale"
DOMAIN = "vybor"

CONTEXTS: dict[str, tuple[str, ...]] = {
    "tile": tuple(dict.fromkeys((*TILES.values(), *TILES_IN.values(), KEPT_AGAIN, TARGET))),
    "intent": tuple(INTENTS.values()),
    "effort": tuple(EFFORTS.values()),
    "scope": tuple(SCOPES.values()),
    "sign": tuple(SIGNS.values()),
    "cue": (*CUES.values(), *FITTINGS.values()),
    "mark": tuple(MARKS.values()),
    "trouble": (*TROUBLES.values(), *SILENT.values(), TYPE_ELSEWHERE),
    "mode": tuple(MODES.values()),
    "saving": (*SAVINGS.values(), *BRIEF_SAVINGS.values()),
    "part": tuple(PARTS.values()),
    "says": tuple(Says),
    "call": tuple(dict.fromkeys(CALLS.values())),
    "sentence": (*Sentence, *ReadSentence),
    "practice": practice_words.SENTENCES,
}
"""Everything that can be said, under the context that it has in the .po files."""


class Words:
    """One language."""

    def __init__(self, language: str) -> None:
        self._translation = gettext.translation(DOMAIN, LOCALE, [language], fallback=True)

    def tile(self, tile: Tile, screen: Screen) -> str:
        """What stands on a tile in large letters; of a fold, what it stands for."""
        if tile.role is Role.FOLD:
            return ", ".join(self.folded(tile, screen))
        match tile.role:
            case Role.INTENT:
                return self._say("intent", INTENTS[Intent(tile.label)])
            case Role.FIT_EFFORT:
                return self._say("effort", EFFORTS[Effort(tile.label)])
            case Role.ERASE if tile.label and screen.mode is not Mode.ERASE_SURE:
                return self._say("scope", SCOPES[Scope(tile.label)])
            case Role.FIT_TARGET:
                return self._say("tile", TARGET) if tile.label else ""
            case Role.KEEP if tile.label != screen.text:
                return self._say("tile", KEPT_AGAIN).format(label=tile.label)
        return self._named(tile, screen)

    def _named(self, tile: Tile, screen: Screen) -> str:
        """The word that the role has on this page, or the tile's own label."""
        if tile.role is Role.FORGET and tile.label:
            return tile.label
        if word := TILES_IN.get((screen.mode, tile.role)) or TILES.get(tile.role):
            return self._say("tile", word).format(label=tile.label)
        return tile.label

    def folded(self, fold: Tile, screen: Screen) -> list[str]:
        """What stands on a fold; small marks are hard to tell apart, so they have their names."""
        named = (
            f"{each.label} {self.mark(each.label)}" if each.role is Role.MARK else "" for each in fold.members
        )
        return [name.strip() or self.tile(each, screen) for name, each in zip(named, fold.members, strict=True)]

    def origin(self, tile: Tile) -> str:
        """The document that a word comes from, or that it is the person's own; empty for all others."""
        if tile.source is Source.OWN:
            return self.sentence(Sentence.YOU_SAID)
        return self.sentence(Sentence.FROM, name=PurePath(tile.origin).stem) if tile.origin else ""

    def mark(self, mark: str) -> str:
        """The name of a mark, which may be small to see; empty for one without a name."""
        return self._known("mark", mark, MARKS)

    def notice(self, notice: Notice) -> str:
        """What is wrong, and what it means."""
        if notice.trouble is Trouble.PROCESS_SILENT and notice.process in SILENT:
            return self._say("trouble", SILENT[notice.process])
        if notice.trouble is Trouble.NOT_TYPED and notice.detail == OWN_KEYBOARD:
            return self._say("trouble", TYPE_ELSEWHERE)
        return self._say("trouble", TROUBLES[notice.trouble])

    def mode(self, mode: Mode) -> str:
        """The heading of a page; of the page of rest, how to leave it."""
        return self._say("mode", MODES[mode])

    def saving(self, saving: Saving) -> str:
        """Whether the text is on the disk."""
        return self._say("saving", SAVINGS[saving])

    def saving_briefly(self, saving: Saving) -> str:
        """The same in a word or two."""
        return self._say("saving", BRIEF_SAVINGS.get(saving, SAVINGS[saving]))

    def fitting(self, stage: FitStage) -> str:
        """What is wanted of the person in a fitting."""
        if stage.phase is FitPhase.CUE and stage.sign:
            return self._say("cue", CUES[stage.sign])
        sign = self.sign_within(stage.sign) if stage.sign else ""
        return self._say("cue", FITTINGS[stage.phase]).format(sign=sign)

    def sign(self, sign: Sign) -> str:
        """The name of a sign."""
        return self._say("sign", SIGNS[sign])

    def sign_within(self, sign: Sign) -> str:
        """The same within a sentence."""
        name = self.sign(sign)
        return name[:1].lower() + name[1:]

    def part(self, part: Part) -> str:
        """The name of a part of the kit."""
        return self._say("part", PARTS[part])

    def says(self, says: Says | Notice) -> str:
        """How a part is doing."""
        return self.notice(says) if isinstance(says, Notice) else self._say("says", says)

    def call(self, stage: Stage, key: str) -> str:
        """How far a call for help by the switch is, and which key that is."""
        return self._say("call", CALLS[stage]).format(key=key)

    def sentence(self, sentence: Sentence | ReadSentence, **filled: object) -> str:
        """One of the display's own sentences."""
        return self._say("sentence", sentence).format(**filled)

    def practice(self, screen: Screen, now: Practising, *, briefly: bool = False) -> str:
        """What somebody who practises is to do now, briefly if asked so; empty where the page says it itself."""
        said = [self._say("practice", text) for text in practice_words.spoken(screen, now)]
        if not said:
            return ""
        said = said[:1] if briefly else said
        whole = (
            self._say("practice", practice_words.AND_SO).format(what=said[0], then=said[1])
            if said[1:]
            else said[0]
        )
        if now.strayed or (now.praised and not now.tells_more):
            opening = practice_words.STRAYED if now.strayed else practice_words.PRAISE
            whole = self._say("practice", opening).format(then=whole)
        return whole.format(word=now.word, letter=now.letter, confirm=self._confirm(now.sign))

    def _confirm(self, sign: Sign | None) -> str:
        """How somebody confirms, as they would be told."""
        said = practice_words.CONFIRM_BY.get(sign, practice_words.CONFIRM) if sign else practice_words.CONFIRM
        return self._say("practice", said)

    def practice_page(self, page: str, now: Practising) -> str:
        """The heading of a page in practice, with the page's name if it has one."""
        number, count = practice_words.number(now), len(Exercise)
        heading = self._say("practice", practice_words.HEADING).format(number=number, count=count)
        return f"{heading}: {page}" if page else heading

    def _known(self, context: str, key: str, table: Mapping[str, str]) -> str:
        return self._say(context, table[key]) if key in table else ""

    def _say(self, context: str, english: str) -> str:
        return self._translation.pgettext(context, english)


@lru_cache(maxsize=8)
def words_in(language: str) -> Words:
    """The words of a language; English where there is no translation."""
    return Words(language)
