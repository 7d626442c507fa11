"""The kit in virtual time: decision, display and gaze room, driven by what a body does and a model says.

Nothing of it waits. Looks reach the decision GAZE_DELAY_S after they were taken, the screen and the highlight
reach the person FRAME_S after they were decided, the model's answer comes when it really would. The display says
what it shows as the real one does: at each change, and five times a second.
"""

import heapq
from collections.abc import Callable
from itertools import count

import msgspec

from benches.person_answers import Answers
from benches.person_eyes import Eyes, Sample, per_degree
from benches.person_profile import Profile
from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.core import headband
from vybor.core.aiming import astray
from vybor.core.decision import deciding
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding
from vybor.core.decision.talk import Talk
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.gaze.looks.calibration import BRIEF, BRIEF_SAMPLES, SETTLE_NS
from vybor.gaze.points.model import LEAST_BIAS, LEAST_NOISE
from vybor.points import correcting, fixation
from vybor.points.fixation import Fixation, Noise
from vybor.selector import scan
from vybor.selector import step as select
from vybor.selector.ways import Headband

FRAME_S = 1 / 60
"""From the decision to the person's eyes: one picture of the display."""
GAZE_DELAY_S = 0.05
"""Camera and landmarker, from the capture to the decision."""
DOT = 0.01
"""Half the size of a dot, in fractions of the screen."""
START_NS = seconds(10)
SHOWN_AGAIN_NS = round(SECOND_NS / channels.BY_TYPE[m.Shown].hz)


class Chosen(msgspec.Struct, frozen=True):
    """One choice that was taken, and what stood there."""

    at_ns: int
    offer: int
    tile: m.Tile
    tiles: tuple[m.Tile, ...]
    said: str
    called_help: bool


class Kit:
    """The whole way from the eyes to the screen."""

    def __init__(
        self, rules: Rules, answers: Answers, eyes: Eyes, profile: Profile, *, drowsy: bool = False
    ) -> None:
        """`drowsy`: a headband says so all the time."""
        self.now_ns = START_NS
        self._is_drowsy = drowsy
        self._rules = rules
        self._answers = answers
        self._eyes = eyes
        self._correcting = correcting.begin(*calibrated(profile))
        self._settle_s = profile.saccade_s + SETTLE_NS / SECOND_NS
        self._headband = Headband.THERE if rules.commit.biosignal else Headband.UNSET
        self._resting = Fixation()
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._order = count()
        self.state = deciding.begin(rules, self.now_ns)
        self.screen = self._screen()
        """What the person sees."""
        self.light: m.Highlight | None = None
        """The tile that is lit for them, if one is."""
        self.chosen: list[Chosen] = []
        self.model_s: list[float] = []
        """How long each answer of the model took."""
        self._prompted = 0
        self._dots = False
        self._published: tuple[object, ...] = ()
        self._repeat()
        self._publish()

    def pass_time(self, for_s: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Let time pass, or less of it as soon as something holds; returns whether it does."""
        end_ns = self.now_ns + seconds(for_s)
        while not until():
            next_ns = min(self._eyes.next_ns, self._due[0][0])
            if next_ns > end_ns:
                self.now_ns = end_ns
                return False
            self.now_ns = next_ns
            if next_ns == self._eyes.next_ns:
                self._take(self._eyes.sample())
            else:
                heapq.heappop(self._due)[2]()
        return True

    def gesture(self, onset_ns: int, ended_ns: int, known_ns: int, sd_ns: int, log_odds: float) -> None:
        """The headband notices a double blink, and says so when it knows."""
        made = m.Gesture(
            at_ns=onset_ns,
            at_sd_ns=sd_ns,
            ended_ns=ended_ns,
            kind=m.GestureKind.DOUBLE_BLINK,
            log_odds=log_odds,
        )
        self.at(known_ns, lambda: self._hear(made))

    def press(self) -> None:
        """The switch is pressed now."""
        self._hear(m.SwitchPress(at_ns=self.now_ns))

    def at(self, at_ns: int, do: Callable[[], None]) -> None:
        """Do something when that time comes."""
        heapq.heappush(self._due, (at_ns, next(self._order), do))

    @property
    def wants_dots(self) -> bool:
        """Whether the kit shows dots now, because looks fall beside."""
        state = self.state
        return astray.is_due(state.astray, state.selector, state.writing, self._rules.commit, self.now_ns)

    @property
    def wants_press(self) -> bool:
        """Whether the kit says that a press would make tiles light up in turn."""
        return m.Trouble.SCAN_WAITS in select.troubles(self.state.selector, self.now_ns, self._rules.commit)

    @property
    def is_scanning(self) -> bool:
        """Whether tiles light up in turn."""
        return self.state.selector.scan is not None

    def look_at_dots(self) -> None:
        """The few dots of a brief calibration; meanwhile nothing can be chosen."""
        self._dots = True
        self.state = msgspec.structs.replace(self.state, astray=astray.asked(self.state.astray, self.now_ns))
        for x, y in BRIEF:
            self._eyes.aim(x, y, self.now_ns)
            self.pass_time(self._settle_s)
            from_ns = self.now_ns
            self.pass_time(BRIEF_SAMPLES * self._eyes.frame_ns / SECOND_NS)
            dot = m.Area(left=x - DOT, top=y - DOT, right=x + DOT, bottom=y + DOT)
            seen = m.LookedAt(at_ns=self.now_ns, area=dot, from_ns=from_ns, until_ns=self.now_ns)
            self._correcting = correcting.looked(self._correcting, seen)
        self._dots = False
        self._show(self.screen)

    def begin_anew(self) -> None:
        """Somebody clears the line for a person who gave up."""
        offer, prompts = self.state.offer, self.state.prompts
        state = Deciding(
            offer=offer,
            prompts=prompts,
            seen_ns=self.now_ns,
            zoning=self.state.zoning,
            standing=self.state.standing,
        )
        self.state = deciding.partnered(state, "", self._rules, self.now_ns)
        self._publish()

    def _take(self, sample: Sample) -> None:
        """What the gaze room makes of a picture."""
        eyes = m.Eyes.CLOSED if sample.is_closed else m.Eyes.ABSENT if sample.is_lost else m.Eyes.OPEN
        point = None
        if eyes is m.Eyes.OPEN:
            self._resting = fixation.step(self._resting, sample.x, sample.y, self._correcting.noise, sample.at_ns)
            point = correcting.point(self._correcting, self._resting, sample.at_ns)
            self._correcting = correcting.saw(self._correcting, sample.at_ns, sample.x, sample.y)
        look = m.Gaze(at_ns=sample.at_ns, at_sd_ns=0, eyes=eyes, point=point)
        self.at(sample.at_ns + seconds(GAZE_DELAY_S), lambda: self._hear(look))

    def _hear(self, message: m.AnyMessage) -> None:
        before = self.state
        self.state, decided = deciding.heard(before, message, self._rules, self.now_ns)
        if decided:
            decision = decided.decision
            tiles = dict(before.answerable)[decision.offer]
            tile = next(tile for tile in tiles if tile.slot == decision.slot)
            self.chosen.append(Chosen(self.now_ns, decision.offer, tile, tiles, decided.say, decided.call_help))
            if decided.looked:
                self._correcting = correcting.looked(self._correcting, decided.looked)
            if decided.say:  # phrases have nothing to do with each other: each begins a conversation
                state = msgspec.structs.replace(self.state, talk=Talk())
                self.state = deciding.partnered(state, "", self._rules, self.now_ns)
        self._lit(before.highlight)
        self._publish()

    def _lit(self, before: m.Highlight | None) -> None:
        """Another tile is to be lit, or none, if that is not as before."""
        light = self.state.highlight
        if light is not before:
            self.at(self.now_ns + seconds(FRAME_S), lambda: self._light(light))

    def _publish(self) -> None:
        """Show what has changed, ask the model what is to be asked."""
        state = self.state
        what = (state.offer, state.writing, state.talk.partner)
        if what != self._published:
            self._published = what
            screen = self._screen()
            self.at(self.now_ns + seconds(FRAME_S), lambda: self._show(screen))
        if state.prompt and state.prompt.number != self._prompted:
            self._prompted = state.prompt.number
            answer = self._answers(state.prompt)
            self.model_s.append(answer.took_s)
            number, candidates = state.prompt.number, answer.candidates
            self.at(self.now_ns + seconds(answer.took_s), lambda: self._answered(number, candidates))

    def _answered(self, number: int, candidates: tuple[m.Candidate, ...]) -> None:
        said = m.Proposals(at_ns=self.now_ns, prompt=number, candidates=candidates, model="bench", took_ms=0.0)
        self._hear(said)

    def _screen(self) -> m.Screen:
        return deciding.screen(self.state, self.now_ns, m.Saving.SAVED, (), self._rules.language)

    def _show(self, screen: m.Screen) -> None:
        self.screen = screen
        if self.light and self.light.offer != screen.offer:
            self.light = None
        self._hear(self._shown())

    def _shown(self) -> m.Shown:
        dot = m.CalibrationTarget(at_ns=self.now_ns, dot=0, dots=len(BRIEF)) if self._dots else None
        return m.Shown(at_ns=self.now_ns, screen=self.screen, target=dot, highlight=self.light)

    def _repeat(self) -> None:
        """Time passes for the decision as for the real one, and the display says again what it shows."""
        before = self.state.highlight
        if self._is_drowsy:
            told = m.Engaged(at_ns=self.now_ns, alpha=2.0, drowsy=True)
            self.state = headband.heard(self.state, told)
        self.state = deciding.passed(self.state, self._rules, self.now_ns, self._headband)
        self._lit(before)
        self._hear(self._shown())
        turn_ns = scan.next_turn_ns(self.state.selector, self.now_ns, self._rules.commit)
        again_ns = self.now_ns + SHOWN_AGAIN_NS
        self.at(again_ns if turn_ns is None else min(again_ns, max(turn_ns, self.now_ns + 1)), self._repeat)

    def _light(self, light: m.Highlight | None) -> None:
        lit = light is not None and (light.slot is not None or light.scan) and light.offer == self.screen.offer
        self.light = light if lit else None
        if lit and light is not None and light.scan:
            self._hear(self._shown())


def calibrated(profile: Profile) -> tuple[Noise, Noise]:
    """Bias and noise as calibrations of this person measured them: their size, not which way they go."""
    across, down = per_degree(profile.distance_mm)
    return (
        Noise(max(LEAST_BIAS, profile.bias_deg * across), max(LEAST_BIAS, profile.bias_deg * down)),
        Noise(max(LEAST_NOISE, profile.noise_deg * across), max(LEAST_NOISE, profile.noise_deg * down)),
    )
