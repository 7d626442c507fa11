"""Somebody who goes through the fitting in virtual time: eyes, lids, jaw and a switch, each as good as it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from vybor.composer.layout import TEN
from vybor.contracts import evidence
from vybor.contracts import messages as m
from vybor.contracts.messages import Effort, FitPhase, FitWish, Role, Sign
from vybor.core.decision import deciding, fit_steps
from vybor.core.decision.rules import Rules, no_words
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import GazeSettings, GazeSource
from vybor.foundation.headband_settings import Board, HeadbandSettings
from vybor.foundation.settings import Settings
from vybor.selector.ways import Headband
from world.desk import Desk

SETTINGS = Settings(
    gaze=GazeSettings(source=GazeSource.CAMERA), headband=HeadbandSettings(board=Board.CYTON, serial_port="x")
)
FRAME_S = 1 / 15
CENTRE = (0.5, 0.5)
READS_S = 1.0


@dataclass
class Body:
    """How well this person does what they are asked for."""

    reaction_s: float = 0.5
    slower_s: float = 0.0
    """So much later at each cue than at the one before."""
    gap_s: float = 0.4
    misses: Callable[[Sign, int], bool] = lambda sign, cue: False
    edge_s: float = 9.0
    """How long the eyes can stay at an edge."""
    reopens: bool = True
    presses_unasked_s: float = 0.0
    """Every so often the hand presses by itself; 0: never."""
    stares: bool = False
    """Whether the eyes come to rest on a tile's edge while nothing is asked for."""
    effort: Effort = Effort.EASY
    strays: Callable[[int], bool] = lambda cue: False
    """At which cues of flicker the headband takes another tile for the one that is looked at."""
    skips: tuple[Sign, ...] = ()
    sizes: tuple[float, ...] = (1.8,)
    """How large brows, cheeks and head movements are, in multiples of the least: each cue the next."""
    blink_microvolts: float = 0.0
    clench_times: float = 0.0
    """As a headband tells them; 0: it does not."""
    nods_unasked_s: float = 0.0
    nod_size: float = 1.2
    asked: list[tuple[Sign, int]] = field(default_factory=list)


class Fitter(Desk):
    """Sees the cues as the display shows them, and answers with a body."""

    def __init__(self, body: Body, settings: Settings = SETTINGS, headband: Headband = Headband.THERE) -> None:
        rules = Rules(
            session="s", language="en", commit=settings.commit, instant=no_words, count=4, settings=settings
        )
        super().__init__(rules)
        self.body = body
        self.headband = headband
        self.no_flicker = ""
        """Why flicker cannot be tried, if it cannot."""
        self._due: list[tuple[int, m.AnyMessage]] = []
        self._eyes: list[tuple[int, tuple[float, float] | None]] = [(0, CENTRE)]
        self._cue = (Sign.PAD, 0)
        self._pressed_ns = self._nodded_ns = self.now_ns
        self._stared = False
        self.tick()

    @property
    def stage(self) -> m.FitStage | None:
        return self.screen().fitting

    def wish(self, wish: FitWish, **about: object) -> str:
        """Somebody at the terminal."""
        command = m.Fit(request="r", wish=wish, **about)
        self.state, reason = fit_steps.asked(self.state, command, self.rules, self.now_ns, self.no_flicker)
        return reason

    def start(self, *only: Sign) -> "Fitter":
        self.tick()
        assert self.wish(FitWish.START, only=only) == ""
        self.tick()
        return self

    def tick(self) -> None:
        """One picture of the camera later."""
        self.now_ns += seconds(FRAME_S)
        self.state = deciding.passed(self.state, self.rules, self.now_ns, self.headband)
        self.state = fit_steps.passed(self.state, self.rules, self.now_ns)
        self.show()
        place = [place for at_ns, place in self._eyes if at_ns <= self.now_ns][-1]
        point = None if place is None else m.GazePoint(x=place[0], y=place[1], sd_x=0.02, sd_y=0.02)
        eyes = m.Eyes.CLOSED if place is None else m.Eyes.OPEN
        self.hear(m.Gaze(at_ns=self.now_ns, at_sd_ns=0, eyes=eyes, point=point))
        due = [message for at_ns, message in self._due if at_ns <= self.now_ns]
        self._due = [(at_ns, message) for at_ns, message in self._due if at_ns > self.now_ns]
        for message in due:
            self.hear(message)
        self._live()

    def run(self, limit_s: float = 600) -> "Fitter":
        """Until the summary, or until the page beneath is back."""
        until_ns = self.now_ns + seconds(limit_s)
        while (stage := self.stage) and stage.phase is not FitPhase.SUMMARY:
            assert self.now_ns < until_ns, stage
            if stage.phase is FitPhase.INTRO and stage.sign:
                self.wish(FitWish.SKIP if stage.sign in self.body.skips else FitWish.BEGIN)
            if stage.phase is FitPhase.EFFORT:
                self.wish(FitWish.TELL, effort=self.body.effort)
            self.tick()
        return self

    def results(self) -> dict[Sign, m.FitResult]:
        return {each.sign: each for each in self.state.fits.results}

    def proposed(self) -> dict[str, bool | float]:
        return {each.key: each.value for each in self.state.fits.proposed}

    def take(self, role: Role) -> None:
        """Choose a tile by looking at it, then at its edge."""
        slot = next(tile.slot for tile in self.state.tiles if tile.role is role)
        offer = self.state.offer
        self._look_at(slot, self.now_ns)
        for _ in range(60):
            self.tick()
            if self.state.offer != offer:
                return
        raise AssertionError(f"{role} cannot be chosen")

    def _live(self) -> None:
        """Answer a new cue, and do what the body does by itself."""
        every_s = self.body.presses_unasked_s
        if every_s and self.now_ns - self._pressed_ns > seconds(every_s):
            self._pressed_ns = self.now_ns
            self.hear(m.SwitchPress(at_ns=self.now_ns))
        nods_s = self.body.nods_unasked_s
        if nods_s and self.now_ns - self._nodded_ns > seconds(nods_s):
            self._nodded_ns = self.now_ns
            self._face(m.GestureKind.HEAD, self.now_ns, self.body.nod_size)
        stage = self.stage
        if (
            stage
            and self.body.stares
            and stage.sign is Sign.PAD
            and stage.phase is FitPhase.STILL
            and not self._stared
        ):
            self._stared = True
            self._look_at(2, self.now_ns + seconds(1))
        if stage is None or stage.phase is not FitPhase.CUE or stage.sign is None:
            return
        if self._cue == (stage.sign, stage.cue):
            return
        self._cue = (stage.sign, stage.cue)
        self.body.asked.append(self._cue)
        if not self.body.misses(stage.sign, stage.cue):
            self._answer(stage, self.now_ns + seconds(self.body.reaction_s + stage.cue * self.body.slower_s))

    def _answer(self, stage: m.FitStage, at_ns: int) -> None:
        match stage.sign:
            case Sign.PAD:
                assert stage.slot is not None
                self._look_at(stage.slot, at_ns)
            case Sign.SWITCH:
                self._due.append((at_ns, m.SwitchPress(at_ns=at_ns)))
            case Sign.LONG_BLINK:
                until_ns = at_ns + seconds(0.8 if self.body.reopens else 60)
                self._eyes += [(at_ns, None), (until_ns, CENTRE)]
            case Sign.BROW | Sign.CHEEK | Sign.HEAD:
                size = self.body.sizes[stage.cue % len(self.body.sizes)]
                self._face(m.GestureKind(stage.sign.value), at_ns, size)
            case Sign.FLICKER:
                assert stage.slot is not None
                slot = (stage.slot + self.body.strays(stage.cue)) % 3
                log_odds = tuple((each, 2.0 if each == slot else -3.0) for each in range(3))
                known_ns = at_ns + seconds(2.5)
                self._due.append(
                    (known_ns, m.Flickered(at_ns=known_ns, from_ns=at_ns, offer=1, log_odds=log_odds))
                )
            case Sign.CLENCH:
                self._gesture(m.GestureKind.CLENCH, at_ns, known_s=0.8, height=self.body.clench_times)
            case Sign.DOUBLE_BLINK:
                gap_ns = seconds(self.body.gap_s)
                for onset_ns in (at_ns, at_ns + gap_ns):
                    height = self.body.blink_microvolts
                    self._gesture(m.GestureKind.BLINK, onset_ns, known_s=0.6, log_odds=-4.0, height=height)
                if self.body.gap_s <= self.rules.settings.headband.double_blink_gap_s:
                    self._gesture(m.GestureKind.DOUBLE_BLINK, at_ns, known_s=1.2 + 2 * self.body.gap_s)

    def _face(self, kind: m.GestureKind, at_ns: int, size: float) -> None:
        """What the camera tells of a sign: down to half of the least, and how far it is believed."""
        if size < 0.5:
            return
        log_odds = evidence.log_odds(size)
        made = m.Gesture(
            at_ns=at_ns, at_sd_ns=0, ended_ns=at_ns + seconds(0.4), kind=kind, log_odds=log_odds, strength=size
        )
        self._due.append((at_ns + seconds(0.8), made))

    def _gesture(
        self, kind: m.GestureKind, at_ns: int, *, known_s: float, log_odds: float = 3.0, height: float = 0.0
    ) -> None:
        ended_ns = at_ns + seconds(0.3)
        made = m.Gesture(at_ns=at_ns, at_sd_ns=0, ended_ns=ended_ns, kind=kind, log_odds=log_odds, height=height)
        self._due.append((at_ns + seconds(known_s), made))

    def _look_at(self, slot: int, at_ns: int) -> None:
        """At a tile's words, then at its edge, then away."""
        zone = TEN.zones[slot]
        seen, pad = zone.visible, zone.pad
        words = ((seen.left + seen.right) / 2, 0.25 if seen.top == 0 else 0.75 if seen.bottom == 1 else 0.5)
        edge = ((max(0, pad.left) + min(1, pad.right)) / 2, (max(0, pad.top) + min(1, pad.bottom)) / 2)
        if slot >= 8:
            words = ((0.12 if slot == 8 else 0.88), 0.5)
        there_ns = at_ns + seconds(READS_S)
        stays_ns = there_ns + seconds(min(self.body.edge_s, 0.9))
        self._eyes += [(at_ns, words), (there_ns, edge), (stays_ns, CENTRE)]
