"""Settings and what takes the kit away for a while, said in the kit's language. Pure."""

from vybor.contracts import messages as m
from vybor.panel import settings_texts
from vybor.panel.settings_texts import Told
from vybor.panel.settled import Change, Difference, Setting
from vybor.panel.words import Words

YES_NO = {"true": Told.YES, "false": Told.NO}


class SettingsWords:
    """One language."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def about(self, setting: Setting) -> str:
        """What a setting is."""
        return self._words.said(setting.name, setting.english)

    def room(self, section: str) -> str:
        """The table that it stands in."""
        return self._words.said("room", settings_texts.ROOMS[section])

    def value(self, value: str) -> str:
        """A value: as it stands in the file, but for what is yes, no or nothing."""
        told = YES_NO.get(value, Told.EMPTY if not value else None)
        return self._words.text(told) if told else value

    def why_not(self, of: Setting | Change) -> str:
        """Why it is not changed here; empty: it may be."""
        return self._words.said("why", of.why_not) if of.why_not else ""

    def holds(self, setting: Setting) -> str:
        """When a change of it holds."""
        alone = len(setting.readers) == 1
        return self._words.text(Told.HOLDS_ALONE if alone else Told.HOLDS, parts=self.parts(setting.readers))

    def parts(self, processes: tuple[str, ...]) -> str:
        """The names of processes; none: the whole kit."""
        return ", ".join(map(self._words.part, processes)) or self._words.text(Told.WHAT_KIT)

    def difference(self, difference: Difference) -> str:
        """From what to what."""
        before, after = self.value(difference.before), self.value(difference.after)
        return self._words.text(Told.FROM_TO_VALUE, before=before, after=after)

    def bounds(self, setting: Setting) -> str:
        """Of a number."""
        text = Told.WHOLE_FROM_TO if setting.choice.is_whole else Told.FROM_TO
        return self._words.text(text, least=f"{setting.choice.least:.10g}", most=f"{setting.choice.most:.10g}")

    def power(self, asked: m.PowerAsked) -> str:
        """How far a new start or switching off is."""
        if asked.end is not m.PowerEnd.WAITS:
            return self._words.said("end", settings_texts.ENDS[asked.end])
        if asked.wish is m.PowerWish.OFF:
            return self._words.text(Told.WILL_OFF, count=asked.left_s)
        return self._words.text(Told.WILL_RESTART, count=asked.left_s, parts=self.parts(asked.processes))
