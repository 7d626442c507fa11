"""How far a training is, in lines for people. Pure but for the clock that is handed in."""

from vybor.foundation.clock import Clock
from vybor_workshop.materials import Say
from vybor_workshop.retrain.running import Event

EVERY_S = 5.0
"""Between two lines about steps."""


class Following:
    """Says what is heard; keeps the losses."""

    def __init__(self, say: Say, clock: Clock, early: str = "later sentences") -> None:
        """`early`: what the texts are called that say when to stop."""
        self._say = say
        self._early = early
        self._clock = clock
        self._began_ns = clock.now_ns()
        self._first_step = 0
        self._saved_step: int | None = None
        """Of the newest checkpoint; None until the training has begun."""
        self._said_ns = 0
        self.steps = self.of_steps = 0
        self.best_step: int | None = None
        self.best: float | None = None
        """The least loss of the early texts."""
        self.peak_mb = 0.0

    def __call__(self, event: Event) -> None:
        """Hear an event."""
        name = event["event"]
        if name == "begun":
            self._begun(event)
        elif name == "step":
            self._step(event)
        elif name == "look":
            self._say(f"  {self._early}: {event['early']:.3f} nats a token at step {event['step']}")
        elif name == "damaged":
            self._say(f"{event['what']} is damaged or was not finished, and is left out")
        elif name == "checkpoint":
            self._saved_step = event["step"]
        elif name == "ended":
            self.steps, self.best_step, self.best = event["step"], event["best_step"], event["best"]
            self.peak_mb = event["peak_mb"]

    @property
    def seconds(self) -> float:
        """Since it began."""
        return (self._clock.now_ns() - self._began_ns) / 1e9

    def interrupted(self, again: str) -> None:
        """Say what the command `again` would do now."""
        if self._saved_step is None:
            self._say(f"interrupted before the training began; `{again}` does as this would have done")
        elif self._saved_step:
            self._say(f"interrupted; `{again}` goes on behind step {self._saved_step}")
        else:
            self._say(f"interrupted before anything was saved; `{again}` begins at the beginning")

    def _begun(self, event: Event) -> None:
        self._began_ns, self._first_step, self.of_steps = self._clock.now_ns(), event["step"], event["steps"]
        self._saved_step = self._first_step
        gone_on = f", going on behind step {event['step']}" if event["step"] else ""
        self._say(f"training, {event['steps']} steps at most{gone_on}")

    def _step(self, event: Event) -> None:
        self.steps, now = event["step"], self._clock.now_ns()
        if now - self._said_ns < EVERY_S * 1e9 and self.steps != self.of_steps:
            return
        self._said_ns = now
        left = self.seconds / max(self.steps - self._first_step, 1) * (self.of_steps - self.steps)
        self._say(
            f"  step {self.steps} of {self.of_steps}: own {event['own']:.3f}, general {event['general']:.3f}, "
            f"away from the base {event['kl']:.4f} nats a token; {_told(left)} left at most"
        )


def _told(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"
