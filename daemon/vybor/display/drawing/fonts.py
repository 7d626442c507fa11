"""Which letters the display draws with: a pair of fonts of this machine, else the one that pygame brings."""

import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec
import pygame

from vybor.display.drawing.scene import MEASURED
from vybor.display.font_names import PREFERRED
from vybor.foundation.errors import Missing

log = logging.getLogger("vybor.display")

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
BROUGHT = Path(pygame.__file__).with_name(pygame.font.get_default_font())
"""FreeSans Bold comes with pygame: it has Latin, Greek and Cyrillic."""
NO_LETTER = "\uffff"
NEEDED = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя"
    "0123456789.,?!:;\"-()'…$%&/@+=*“”«»’–—•"
)


class Faces(msgspec.Struct, frozen=True):
    """The files of the two weights; the same file twice where there is only one."""

    regular: Path
    bold: Path


def installed(folders: Iterable[Path] = FOLDERS) -> list[Faces]:
    """The pairs that can be used, best first; the last one is pygame's own."""
    files = {path.name: path for folder in folders for path in sorted(folder.rglob("*.ttf"))}
    pairs = [Faces(files[thin], files[bold]) for thin, bold in PREFERRED if thin in files and bold in files]
    return [*pairs, Faces(BROUGHT, BROUGHT)]


def choose(candidates: Sequence[Faces]) -> "Fonts":
    """The first pair that has every letter; raises Missing if none has."""
    for faces in candidates:
        fonts = Fonts(faces)
        lacking = fonts.lacking(NEEDED)
        if not lacking:
            return fonts
        log.warning("font passed over: file=%s lacks=%s", faces.regular, lacking)
    raise Missing("no font has the letters of the display; install DejaVu (apt install fonts-dejavu)")


class Fonts:
    """Open fonts of one pair, and how wide words are in them."""

    def __init__(self, faces: Faces) -> None:
        self._faces = faces
        self.font = lru_cache(maxsize=64)(self._open)
        self.width_of = lru_cache(maxsize=MEASURED)(self._width)

    def lacking(self, letters: str) -> str:
        """Those of the letters that a face of the pair draws as it draws no letter (its metrics say nothing)."""
        return "".join(letter for letter in letters if any(self._is_blank(letter, bold) for bold in (False, True)))

    def _is_blank(self, letter: str, bold: bool) -> bool:
        return self._drawn(letter, bold) == self._drawn(NO_LETTER, bold)

    def _drawn(self, letter: str, bold: bool) -> bytes:
        return pygame.image.tobytes(self.font(20, bold).render(letter, True, "white"), "RGBA")

    def _open(self, size: int, bold: bool) -> pygame.font.Font:
        return pygame.font.Font(self._faces.bold if bold else self._faces.regular, size)

    def _width(self, text: str, size: int, bold: bool) -> int:
        return self.font(size, bold).size(text)[0]
