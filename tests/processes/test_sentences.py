"""Core, journal and generator as real processes: a sentence that was said is found by a word, after a restart."""

from pathlib import Path

from processes.stage import BRISK, Hands, Kit, hands, kit
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role, Source
from world import tiny_model

SETTINGS = BRISK + "[generator]\nanchors = true\n"
FOLLOWS = {
    "<|im_start|>": {"I": 1.0},
    "I": {" want": 1.0},
    " want": {" hum": 0.5, " the": 0.5},
    " the": {" hum": 1.0},
    " hum": {".": 1.0},
}


def spell(person: Hands, word: str) -> None:
    person.choose(Role.LETTERS)
    for letter in word:
        assert person.screen is not None
        group = next(t.label for t in person.screen.tiles if t.role is Role.GROUP and letter in t.label)
        person.choose(Role.GROUP, group)
        person.choose(Role.LETTER, letter)
    person.choose(Role.SPELLED)


def offered(person: Hands) -> list[tuple[str, Source | None]]:
    assert person.screen is not None
    return [(tile.label, tile.source) for tile in person.screen.tiles if tile.role is Role.SENTENCE]


def sentences_with(person: Hands, word: str) -> None:
    """From the empty line to the sentences with a word."""
    person.choose(Role.MENU)
    person.choose(Role.TOOLS)
    person.choose(Role.ANCHORS)
    person.choose(Role.INTENT, m.Intent.WANT.value)
    spell(person, word)
    person.until(lambda: person.screen is not None and person.screen.mode is Mode.SENTENCES)


def say(running: Kit, person: Hands, word: str) -> None:
    person.choose(Role.MENU)
    person.choose(Role.TOOLS)
    spell(person, word)
    person.choose(Role.SPEAK)
    person.until(lambda: person.screen is not None and person.screen.saving is m.Saving.SAVED)


def test_what_was_spoken_is_offered_by_its_words_and_taken_back_it_is_not(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal", settings=SETTINGS) as running, hands(running.runtime) as person:
        say(running, person, "hum")
        running.kill("core")
        running.start("core")
        person.screen = None
        person.until(lambda: person.text() == "")
        sentences_with(person, "hums")
        assert offered(person) == [("Hum", Source.OWN)]
        person.choose(Role.BACK)
        person.choose(Role.UNDO)  # the speaking
        person.until(lambda: person.text() == "Hum")
        person.choose(Role.UNDO)
        person.until(lambda: person.text() == "")
        sentences_with(person, "hum")
        assert offered(person) == []


def test_the_model_makes_others(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    tiny_model.bigrams(tmp_path / "share" / "model", FOLLOWS)
    everything = ("core", "journal", "generator")
    with kit(tmp_path, *everything, settings=SETTINGS) as running, hands(running.runtime) as person:
        say(running, person, "hum")
        sentences_with(person, "hum")
        person.until(lambda: len(offered(person)) > 1)
        assert offered(person)[0] == ("Hum", Source.OWN)
        assert ("I want the hum.", Source.MODEL) in offered(person)
        person.choose(Role.SENTENCE, "I want the hum.")
        person.until(lambda: person.text() == "I want the hum.")
