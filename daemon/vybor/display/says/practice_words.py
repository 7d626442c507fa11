"""What practice says: what to do now, in the way in which this person chooses. Pure; `words` says it.

Each sentence fits on three lines of the smallest screen, behind a word of praise. It says what to do; what was not
right it leaves unsaid.
"""

from vybor.contracts.messages import Choosing, Exercise, Mode, Practising, Screen, Sign

PRAISE = "Good. {then}"
STRAYED = "That was another tile. {then}"
AND_SO = "{what} {then}"
HEADING = "Practice {number} of {count}"
OVER = "That was all. Your own text is waiting."
CALLED = "Now it would call aloud, once. Undo stops it."
ASTRAY = "“{word}” cannot come from here: choose Back."
THERE = "There it is: choose “{word}”."

LOOK: dict[Choosing, str] = {
    Choosing.PAD: "Look at “{word}”. When its border thickens, look at the screen’s edge behind it.",
    Choosing.SIGN: "Look at “{word}”. When its border thickens, {confirm}.",
    Choosing.EITHER: "Look at “{word}”. When its border thickens, look at the edge behind it, or {confirm}.",
    Choosing.SCAN: "When the row with “{word}” is lit, {confirm}; and again when “{word}” itself is.",
}
LOOK_MORE: dict[Choosing, str] = {
    Choosing.PAD: "Stay on “{word}” until it says “look here”; then look there until the bar is full.",
    Choosing.SIGN: "Stay on “{word}” until it says “confirm now”, and while you do.",
    Choosing.EITHER: "Stay on “{word}”; then look at its bar until that is full, or {confirm}.",
    Choosing.SCAN: "There is time: the lights come round again, and to “{word}” too.",
}
HOW: dict[Choosing, str] = {
    Choosing.PAD: "Look at it, then at its edge.",
    Choosing.SIGN: "Look at it, then {confirm}.",
    Choosing.EITHER: "Look at it, then at its edge, or {confirm}.",
    Choosing.SCAN: "When it is lit, {confirm}.",
}
"""How anything is chosen, for who has not found it at once."""
CONFIRM = "confirm"
CONFIRM_BY: dict[Sign, str] = {
    Sign.SWITCH: "press the switch",
    Sign.LONG_BLINK: "close your eyes a moment",
    Sign.DOUBLE_BLINK: "blink twice",
    Sign.CLENCH: "clench your teeth",
    Sign.BROW: "raise your brows",
    Sign.CHEEK: "lift a corner of your mouth",
    Sign.HEAD: "nod a little",
}
"""How this person confirms, within a sentence."""
FAR: dict[Exercise, str] = {
    Exercise.TAKE: "Take any word: it is written here.",
    Exercise.UNDO: "Choose Back.",
    Exercise.LETTERS: "Find “{word}”: choose the letters with “{letter}” among them.",
    Exercise.SPEAK: "Choose Back, then Speak.",
    Exercise.ANSWER: "Answers are always at hand: choose Menu.",
    Exercise.REST: "To rest: choose Menu.",
    Exercise.HELP: "To call for help: choose Menu.",
}
NEAR: dict[Exercise, str] = {
    Exercise.TAKE: FAR[Exercise.TAKE],
    Exercise.UNDO: "Now take it back: choose Undo.",
    Exercise.LETTERS: THERE,
    Exercise.SPEAK: "Say it: choose Speak. In practice nothing is heard.",
    Exercise.ANSWER: "Now choose “{word}” In practice nothing is heard.",
    Exercise.REST: "Now choose Rest: then nothing else can be chosen.",
    Exercise.HELP: "Now choose Call for help. In practice it does not ring.",
}
MORE: dict[Exercise, str] = {
    Exercise.TAKE: "Any tile with a word is right.",
    Exercise.UNDO: "Undo is beside the text, always in the same place.",
    Exercise.LETTERS: "“{letter}” is on one of the tiles with letters.",
    Exercise.SPEAK: "Speak is the tile with the loudspeaker.",
    Exercise.ANSWER: "Menu is beside the text, always in the same place.",
    Exercise.REST: "Menu is beside the text, always in the same place.",
    Exercise.HELP: "Menu is beside the text, always in the same place.",
}
SENTENCES: tuple[str, ...] = tuple(
    dict.fromkeys(
        (
            *(PRAISE, STRAYED, AND_SO, HEADING, OVER, CALLED, ASTRAY, THERE),
            *(text for table in (LOOK, LOOK_MORE, HOW) for text in table.values()),
            *(text for table in (FAR, NEAR, MORE) for text in table.values()),
            *(CONFIRM, *CONFIRM_BY.values()),
        )
    )
)
"""All that can be said."""


def spoken(screen: Screen, now: Practising) -> tuple[str, ...]:
    """The sentences that tell what to do now, in their order; none while the page of rest says it itself."""
    if screen.mode is Mode.PRACTICE_OVER or now.exercise is None:
        return (OVER,)
    if screen.mode is Mode.PRACTICE_CALL:
        return (CALLED,)
    if screen.mode is Mode.REST:
        return ()
    if now.exercise is Exercise.LOOK:
        return (LOOK_MORE[now.way] if now.tells_more else LOOK[now.way],)
    if now.exercise is Exercise.LETTERS and not now.is_near and not now.letter:
        return (ASTRAY,)
    if not now.tells_more:
        return (NEAR[now.exercise] if now.is_near else FAR[now.exercise],)
    is_sought = now.exercise in (Exercise.TAKE, Exercise.UNDO, Exercise.SPEAK) or not now.is_near
    what = MORE[now.exercise] if is_sought else NEAR[now.exercise]
    return (what, HOW[now.way])


def number(now: Practising) -> int:
    """Which exercise it is, from 1."""
    return tuple(Exercise).index(now.exercise) + 1 if now.exercise else len(Exercise)
