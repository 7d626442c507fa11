"""One sound on its way to the card: Piper's where it is ready and in time, else espeak-ng's; or the call."""

import select
from collections.abc import Mapping, Sequence

import msgspec

from vybor.foundation.clock import seconds
from vybor.foundation.settings import VoiceSettings
from vybor.sound import alarm, nowhere
from vybor.sound.chain import Chain
from vybor.voice import piper, plan, speech

HELP_LONGEST_NS = seconds(30)
PROBE_TEXT = "Nobody is to hear this sentence at all."
"""Long enough to tell a card from a hole; whatever is to be heard cuts it short."""
SLOW = "it was too slow for this sentence"


class Means(msgspec.Struct, frozen=True):
    """What sounds are made with."""

    settings: VoiceSettings
    help_calls: Mapping[str, bytes]
    piper: piper.Piper | None
    ends: select.epoll


class Performance:
    """One sound under way. It begins when it is made; ask `heard` until it is not None."""

    def __init__(self, sound: plan.Sound, means: Means, now_ns: int) -> None:
        self.sound = sound
        self._means = means
        self._chain: Chain | None = None
        self._player: Sequence[str] = means.settings.player
        self._late_ns = 0
        self._began_ns = self._stuck_ns = now_ns
        self._shortest_ns = 0
        if isinstance(sound, plan.Speech) and sound.to_ear:
            self._player = means.settings.whisper_player or means.settings.player
        if isinstance(sound, plan.Speech) and means.piper and means.piper.begin(sound.text, sound.language):
            self._late_ns = now_ns + piper.within_ns(sound.text)
        else:
            self._play(now_ns)

    def heard(self, now_ns: int) -> plan.Heard | None:
        """How the sound has ended, if it has, or should have by now."""
        if self._chain is None:
            self._await_piper(now_ns)
        if self._chain is None:
            return None
        problem = self._chain.problem()
        if problem is None:
            stuck = f"{self._player[0]} does not end; the sound card may be stuck"
            return plan.Heard(stuck) if now_ns >= self._stuck_ns else None
        if not problem and now_ns - self._began_ns < self._shortest_ns:
            return plan.Heard(nowhere.why(self._player[0]), again=False)
        return plan.Heard(problem)

    @property
    def wait_ns(self) -> int | None:
        """When Piper will be too late; None if nobody waits for it."""
        return self._late_ns if self._chain is None else None

    def stop(self, now_ns: int) -> Chain | None:
        """Be silent at once; returns what has not ended yet, if anything sounded."""
        if self._chain is None:
            if self._means.piper:
                self._means.piper.cancel("", now_ns)
            return None
        self._chain.kill()
        return self._chain

    def _await_piper(self, now_ns: int) -> None:
        """Play what Piper has rendered; if it fails or is late, espeak-ng says the sentence."""
        waited_for = self._means.piper
        assert waited_for is not None
        wav = waited_for.rendered(now_ns)
        if wav is None and now_ns >= self._late_ns:
            waited_for.cancel(SLOW, now_ns)
            wav = b""
        if wav == b"":
            self._play(now_ns)
        elif wav:
            self._play_wav(wav, now_ns)

    def _play(self, now_ns: int) -> None:
        settings = self._means.settings
        match self.sound:
            case plan.HelpCall(language=language):
                self._play_wav(self._means.help_calls[language], now_ns)
            case plan.Speech(text=text, language=language):
                self._say(text, language, now_ns, rate=settings.words_per_minute, volume=settings.volume)
            case plan.Whisper(text=text, language=language):
                self._player = settings.whisper_player or settings.player
                rate, volume = settings.whisper_words_per_minute, settings.whisper_volume
                self._say(text, language, now_ns, rate=rate, volume=volume)
            case _:
                self._say(PROBE_TEXT, "en", now_ns, rate=settings.words_per_minute, volume=0)

    def _say(self, text: str, language: str, now_ns: int, *, rate: int, volume: int) -> None:
        command, feed = speech.told(text, language, rate, volume)
        self._begin([command, self._player], feed, now_ns)
        self._stuck_ns = now_ns + speech.longest_ns(text, rate)
        self._shortest_ns = speech.shortest_ns(text, rate)

    def _play_wav(self, wav: bytes, now_ns: int) -> None:
        self._begin([self._player], wav, now_ns)
        self._stuck_ns = now_ns + HELP_LONGEST_NS + seconds(alarm.length_s(wav))
        self._shortest_ns = nowhere.shortest_ns(wav)

    def _begin(self, commands: Sequence[Sequence[str]], feed: bytes, now_ns: int) -> None:
        self._chain = Chain(commands, feed, self._means.ends)
        self._began_ns = now_ns
