"""Every page looks as it did when somebody last looked at it."""

from collections.abc import Iterator

import pygame
import pytest
from PIL import Image

from unit import display_golden as golden


@pytest.fixture(scope="module", autouse=True)
def screen() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SDL_VIDEODRIVER", "dummy")
        pygame.display.init()
        pygame.font.init()
        pygame.display.set_mode((64, 64))
        yield
        pygame.quit()


def test_every_page_looks_as_it_was_looked_at() -> None:
    letters = golden.brought()
    changed = []
    for picture in golden.every_picture(letters):
        assert picture.file.exists(), f"{picture.name} was never looked at: deploy/test --golden"
        with Image.open(picture.file) as kept:
            if golden.others(golden.painted(picture, letters), kept) > golden.MOST_OTHERS:
                changed.append(picture.name)
    assert changed == [], "look at them, and if they are right: deploy/test --golden"


def test_a_picture_that_has_changed_a_little_is_another() -> None:
    letters = golden.brought()
    picture = next(golden.every_picture(letters))
    drawn = golden.painted(picture, letters)
    altered = drawn.copy()
    altered.paste((255, 255, 255), (400, 240, 406, 246))
    assert golden.others(drawn, drawn) == 0
    assert golden.others(altered, drawn) > golden.MOST_OTHERS


def test_no_picture_is_kept_of_what_no_page_makes() -> None:
    made = {picture.file for picture in golden.every_picture(golden.brought())}
    assert set(golden.FOLDER.rglob("*.png")) == made


def test_the_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in golden.FOLDER.rglob("*.png")) < 3_000_000
