"""What the screen asks for while it is found out how somebody chooses best, in English (see texts.py). Pure."""

from vybor.contracts.messages import Effort, FitPhase, Sign

EFFORTS: dict[Effort, str] = {Effort.EASY: "Easy", Effort.SO_SO: "So-so", Effort.HARD: "Hard"}
"""How hard a sign was, by the label of the tile."""

CUES: dict[Sign, str] = {
    Sign.PAD: "Choose the tile “This one”: look at it, then at its edge",
    Sign.SWITCH: "Press now",
    Sign.LONG_BLINK: "Close your eyes a moment, then open them",
    Sign.DOUBLE_BLINK: "Blink twice now",
    Sign.CLENCH: "Clench your teeth now",
    Sign.BROW: "Raise your brows and let go",
    Sign.CHEEK: "Draw up a corner of your mouth and let go",
    Sign.HEAD: "Nod or tilt your head a little, and back",
    Sign.FLICKER: "Keep looking at the tile “This one”. To stop at once: press, or choose Back",
}

FITTINGS: dict[FitPhase, str] = {
    FitPhase.INTRO: "Next: {sign}. Only if you can and want to.",
    FitPhase.STILL: "Do nothing now: look around, read",
    FitPhase.PAUSE: "Wait",
    FitPhase.EFFORT: "How hard was that?",
}
