"""What the page says by itself, in English. What stands on it is the display's own, in `display/says/texts.py`."""

from enum import StrEnum


class Text(StrEnum):
    """Its sentences."""

    TITLE = "Vybor: the display"
    DISPLAY = "The display of the kit. What stands on it follows as a list."
    CONNECTING = "The kit is asked…"
    LOST = "The connection to the kit is lost. It is tried again by itself; nothing can be chosen meanwhile."
    TAKEN = "Another page is the display now. To have it here again, press this button."
    HERE = "Show it here"
    WRONG_KEY = "This link does not open this kit. Open the one that vybor browser says on the kit."
    NO_SCRIPT = "This page is drawn by a script: allow JavaScript for this address, then load it again."
    ON_IT = "On the display"
    EYES = "Eye tracking by WebGazer.js"
    NO_EYES = "The page cannot follow the eyes: let it have the camera, then load it again."
    LOOK = "Look at the dot until it closes: {dot} of {dots}"
    SAID = "Spoken: {said}"
