"""The same person on a dwell keyboard with presage's five words: the frozen baseline.

Reading, overlooking, slips, noticing and giving up follow the same rules and numbers as before the kit. A word
that fits is taken, else its next letter; Backspace takes back a whole choice; presage answers at once.
"""

from collections.abc import Callable, Sequence

from benches.person_eyes import Eyes
from benches.person_keyboard import MOST_TO_HIT_S, WORDS, Control, Dwell, Layout
from benches.person_profile import Person
from benches.person_result import Result
from benches.person_writer import A_WORD_S, GIVE_UP_S
from benches.writing_person import Attention
from benches.writing_phrases import Phrase
from vybor.foundation.clock import SECOND_NS, seconds
from world.mind import plain

Suggest = Callable[[str], Sequence[str]]
"""What stands on the line → the words beside the letters."""


class Typist:
    """One person before one keyboard, phrase by phrase."""

    def __init__(self, person: Person, layout: Layout, suggest: Suggest) -> None:
        self._person = person
        self._layout = layout
        self._suggest = suggest
        self._eyes = Eyes(person, "keyboard", 0)
        self._dwell = Dwell(layout)
        self._chance = person.chance("typing")
        self._attention = Attention(seed=1000 * person.seed + person.number, used=1 - person.profile.overlook)
        self._now_ns = 0
        self._text = ""
        self._past: list[str] = []
        self._is_in_group = ""
        """The group whose letters stand there; empty on the first page."""
        self._read: dict[int, str] = {}
        self._phrase = Phrase(0, ())
        self._target = ""
        self.result = Result()

    def write(self, phrase: Phrase) -> Result:
        """Write one phrase and have it said, or give up; then idle until the next one."""
        self._phrase, self._target = phrase, self._text + phrase.text
        self._is_in_group = ""
        began_ns = self._now_ns
        result = self.result = Result(number=phrase.number, characters=len(phrase.text), words=len(phrase.words))
        patience_s = GIVE_UP_S + A_WORD_S * len(phrase.words)
        while not result.finished and (self._now_ns - began_ns) / SECOND_NS < patience_s:
            cell = self._wanted()
            if cell is None:
                continue
            trying_ns = self._now_ns
            if not self._choose(cell, trying_ns):
                break
            result.longest_stuck_s = max(result.longest_stuck_s, (self._now_ns - trying_ns) / SECOND_NS)
        result.seconds = (self._now_ns - began_ns) / SECOND_NS
        if not result.finished:
            self._text, self._past = "", []
        self._idle()
        return result

    def _wanted(self) -> int | None:
        """The key to look at next; None where something was pressed while the words were read."""
        text, target = self._text, self._target
        if self._is_in_group:
            letter = target[len(text) : len(text) + 1]
            if letter and target.startswith(text) and letter in self._is_in_group:
                return self._layout.cell_in_group(letter)
            return self._layout.cell_of_control(Control.SPEAK)  # Back stands there
        if text.strip() == target.strip():
            return self._layout.cell_of_control(Control.SPEAK)
        if not target.startswith(text):
            return self._layout.cell_of_control(Control.BACKSPACE)
        return self._word_or_letter()

    def _word_or_letter(self) -> int | None:
        text, rest = self._text, self._target[len(self._text) :]
        if rest.startswith(" "):
            return self._layout.cell_of_control(Control.SPACE)
        start = text.rfind(" ") + 1
        word = self._target[start:].partition(" ")[0]
        is_seen = self._attention.uses(self._phrase, text.count(" "), len(text) - start)
        self.result.positions += len(text) == start
        for cell, label in enumerate(self._words()):
            if self._read.get(cell) != label:
                if self._look_over(cell):
                    return None
                self._read[cell] = label
            if label == word and is_seen:
                return cell
        self.result.none += len(text) == start
        return self._layout.cell_of(rest[0])

    def _words(self) -> Sequence[str]:
        return [plain(word) for word in self._suggest(self._text)[:WORDS]]

    def _look_over(self, cell: int) -> bool:
        """Read one word; returns whether something was pressed meanwhile."""
        self._eyes.aim(*self._layout.middle(cell), self._now_ns)
        pressed = self._pass_time(self._person.profile.read_s_per_word)
        self.result.reading_s += self._person.profile.read_s_per_word
        if pressed is None:
            return False
        self.result.false_reading += 1
        self._press(pressed, None)
        return True

    def _choose(self, cell: int, trying_ns: int) -> bool:
        """Look at a key until one is pressed; returns whether one was before it was enough."""
        profile = self._person.profile
        while (self._now_ns - trying_ns) / SECOND_NS < GIVE_UP_S:
            aimed = self._layout.neighbour(cell) if self._chance.random() < profile.slip else cell
            self._eyes.aim(*self._layout.middle(aimed), self._now_ns + seconds(profile.saccade_s))
            began_ns = self._now_ns
            pressed = self._pass_time(profile.saccade_s + MOST_TO_HIT_S)
            self.result.looking_s += (self._now_ns - began_ns) / SECOND_NS
            if pressed is not None:
                self._dwell = Dwell(self._layout)
                self.result.acts += 1
                self.result.wrong += pressed != cell
                self._press(pressed, cell)
                return True
        return False

    def _press(self, pressed: int, meant: int | None) -> None:
        """What a key does, and what the person makes of it if it was another one than meant."""
        before, group = self._text, self._is_in_group
        expected, _ = self._after(meant) if meant is not None else (before, group)
        is_speak = not group and pressed == self._layout.cell_of_control(Control.SPEAK)
        self.result.corrections += pressed == self._layout.cell_of_control(Control.BACKSPACE) and not group
        self._text, self._is_in_group = self._after(pressed)
        if is_speak:
            self._spoke(before, is_meant=meant == pressed)
        if pressed == meant:
            return
        is_hidden = self._text != before and not is_speak
        if is_hidden and self._chance.random() >= self._person.profile.notice:
            if self._target.startswith(expected):
                self._target = self._text + self._target[len(expected) :]
            return
        self.result.noticing_s += self._person.profile.notice_s
        self._pass_time(self._person.profile.notice_s)
        self._dwell = Dwell(self._layout)

    def _after(self, cell: int) -> tuple[str, str]:
        """The text and the open group after a key; nothing is changed but what Backspace needs."""
        layout, text = self._layout, self._text
        if self._is_in_group:
            letters = self._is_in_group
            return (text + letters[cell], "") if cell < len(letters) else (text, "")
        for control in layout.controls:
            if cell == layout.cell_of_control(control):
                return self._after_control(control), ""
        if cell < WORDS:
            words = self._words()
            return (text[: text.rfind(" ") + 1] + words[cell] + " " if cell < len(words) else text), ""
        if cell - WORDS >= len(layout.letters):
            return text, ""
        group = layout.letters[cell - WORDS]
        wanted = self._target[len(text) : len(text) + 1]
        if wanted and not any(wanted in each for each in layout.letters) and cell == layout.cell_of(wanted):
            return text + wanted, ""
        return (text + group, "") if len(group) == 1 else (text, group)

    def _after_control(self, control: Control) -> str:
        text = self._text
        if control is Control.SPACE:
            return text + " "
        if control is Control.BACKSPACE:
            if not text.endswith(" ") or text.count(" ") < 1:
                return text[:-1]
            return text[: text[:-1].rfind(" ") + 1]
        return ""

    def _spoke(self, said: str, *, is_meant: bool) -> None:
        """What was said; if that was too early, the text comes back at once."""
        is_right = said.strip() == self._phrase.text
        self.result.misquoted += bool(said.strip()) and not is_right
        self.result.right = is_right
        self.result.finished = is_right or is_meant
        if not self.result.finished:
            self._text = said

    def _idle(self) -> None:
        """Look the whole screen over without meaning anything."""
        profile = self._person.profile
        end_ns = self._now_ns + seconds(profile.idle_s)
        while self._now_ns < end_ns:
            for cell in range(self._layout.cells):
                self._eyes.aim(*self._layout.middle(cell), self._now_ns)
                pressed = self._pass_time(profile.read_s_per_word)
                if pressed is not None:
                    self.result.false_idle += 1
                    self._press(pressed, None)
        self.result.idle_s = profile.idle_s
        self._dwell = Dwell(self._layout)

    def _pass_time(self, for_s: float) -> int | None:
        """Let time pass, until a key is pressed."""
        end_ns = self._now_ns + seconds(for_s)
        while self._eyes.next_ns <= end_ns:
            sample = self._eyes.sample()
            if (pressed := self._dwell.take(sample)) is not None:
                self._now_ns = sample.at_ns
                return pressed
        self._now_ns = end_ns
        return None
