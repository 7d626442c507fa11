"""Each page walked on a kit that runs: all that it tells somebody to type, as it stands there and in its order.

Real are the processes, the record and the words; hands have written some sentences. What a page leaves open
(FILE, a day, the number of a sentence) is filled in. What cannot be walked here stands in tests/house/tried.py.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from house import documented, tried
from house.documented import Named
from processes.stage import BRISK, Kit, hands, kit
from unit import paper_files
from vybor import cli
from vybor.contracts.messages import Role, Saving
from vybor.foundation.clock import local_time

SHARE = os.environ.get("VYBOR_SHARE_FOR_TESTS", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SHARE, reason="deploy/test builds the model and the words; run it through that"),
]
SETTINGS = f"""{BRISK}
[gaze]
source = "pointer"
[headband]
board = "synthetic"
[panel]
listen = "off"
"""
BEGUN = ("core", "journal", "generator", "voice", "headband")
LATER = ("display", "gaze", "sync")
STARTS_S = 40.0
ANSWERS_S = 60.0
LASTS_S = 5.0
"""So long something that goes on until Ctrl-C is left to itself."""
OF_A_HEADBAND = ("scan", "record")
"""What wants the headband for itself: the pages have its part stopped first."""


class Way(NamedTuple):
    """How a command is walked whose page leaves something open."""

    instead: tuple[tuple[str, str], ...] = ()
    """Words in place of those on the page."""
    answer: str = ""
    """What is typed once it asks."""
    codes: tuple[int, ...] = (0,)
    lasts: bool = False
    """Whether it goes on until Ctrl-C."""


TODAY = local_time().partition("T")[0]
RECORDED = (("FILE", "kept.xdf"), ("DIR", "report"))
WAYS = {
    "vybor status": Way(codes=(1,)),  # nothing sounds here, and no headband is worn
    "vybor doctor": Way(codes=(1,)),
    "vybor doctor --acceptance": Way(answer="q\n", codes=(1,)),
    "vybor fit": Way(answer="q\n", codes=(1,)),
    "vybor fit --places": Way(),
    "vybor fit --forget": Way(),
    "vybor headband fit": Way(answer="q\n", codes=(1,)),
    "vybor headband scan": Way(codes=(1,)),  # none is near
    "vybor headband record": Way((*RECORDED, ("60", "2"), ("3600", "2")), lasts=True),
    "vybor headband replay": Way(RECORDED),
    "vybor headband report": Way(RECORDED),
    "vybor headband quality": Way(lasts=True, codes=(130,)),
    "vybor headband stream": Way(lasts=True),
    "vybor config set KEY VALUE": Way((("KEY", "voice.volume"), ("VALUE", "80"))),
    "vybor topic add": Way((("FILE…", "notes.txt"),)),
    "vybor units": Way((("DIR", "units"),)),
    "vybor why 120": Way((("120", "1"),)),
    "vybor authorship 12": Way((("12", "1"),)),
    "vybor log show": Way((("2026-02-28", TODAY),)),
    "vybor log delete": Way(answer="yes\n"),
    "vybor bundle": Way((("FILE", "bundle.tar.gz"),)),
}
RUSSIAN = documented.DOCS / "README.ru.md"
"""Names what the English README does (tests/house/test_readme_ru.py)."""
LAST = "vybor practice"
"""Leads the wearer elsewhere, where others would not follow."""
ALREADY_A_LINE = {("vybor", *named.words[1:]) for named in documented.everywhere() if named.is_typed}
NAMED_ALONE = {("vybor", "log", "delete")}
"""What a sentence names without saying all that it needs, and no grammar asks for."""


class Walked(NamedTuple):
    """A kit, and the folder in which somebody types."""

    kit: Kit
    folder: Path

    def typed(self, named: Named) -> str:
        """Run a command as somebody would; what was wrong with it, empty if nothing."""
        way = way_of(named.words)
        words = [dict(way.instead).get(word, word) for word in named.words[1:]]
        if words[0] == "config" and "take" not in words:
            return self.set(named, words)
        with subprocess.Popen(
            [sys.executable, "-m", "vybor", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",  # a bundle for `--out -` is no text
            cwd=self.folder,
            env=self.around(),
        ) as asked:
            try:
                told, _ = asked.communicate(way.answer, LASTS_S if way.lasts else ANSWERS_S)
            except subprocess.TimeoutExpired:
                asked.send_signal(signal.SIGINT if way.lasts else signal.SIGKILL)
                told, _ = asked.communicate()
        is_right = asked.returncode in way.codes and "Traceback" not in told
        return "" if is_right else f"{named}: {asked.returncode}\n{told}"

    def set(self, named: Named, words: list[str]) -> str:
        """The same of settings, in a file of their own and without a process for each: they are the most of it."""
        with pytest.MonkeyPatch.context() as patch:
            for name, place in {**self.around(), "CONFIGURATION_DIRECTORY": str(self.folder)}.items():
                patch.setenv(name, place)
            code = cli.main(words)
        return "" if code == 0 else f"{named}: {code}"

    def around(self) -> dict[str, str]:
        """Where commands find the kit."""
        return {
            **os.environ,
            "RUNTIME_DIRECTORY": str(self.kit.runtime),
            "STATE_DIRECTORY": str(self.kit.state),
            "CONFIGURATION_DIRECTORY": str(self.kit.config.parent),
            "VYBOR_SHARE": SHARE,
        }


def way_of(words: tuple[str, ...]) -> Way:
    """That of the longest that fits."""
    fitting = [known for known in WAYS if tried.begins(("vybor", *words[1:]), known)]
    return WAYS[max(fitting, key=len)] if fitting else Way()


def walked_here(page: Path) -> list[Named]:
    """What a page names and is walked here, each once, and last what leads elsewhere."""
    found: dict[tuple[str, ...], Named] = {}
    for named in documented.commands(page):
        words = ("vybor", *named.words[1:])
        if named.program == "vybor" and tried.by("vybor", words) == tried.KIT and is_whole(named, words):
            found.setdefault(words, named)
    return sorted(found.values(), key=lambda named: LAST.split()[1:] == list(named.words[1:]))


def is_whole(named: Named, words: tuple[str, ...]) -> bool:
    """Whether it is to be typed as it is: a line, or what a sentence names in full and no line has."""
    if named.is_typed or words in ALREADY_A_LINE | NAMED_ALONE:
        return named.is_typed
    with pytest.MonkeyPatch.context() as patch:
        try:
            documented.understood(cli.parser(), words[1:], patch)
        except documented.MisunderstoodError:
            return False
    return True


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    folder = tmp_path_factory.mktemp("walk")
    with kit(folder, *BEGUN, share=Path(SHARE), settings=SETTINGS) as running:
        with hands(running.runtime) as person:
            person.until(lambda: person.screen is not None and person.screen.saving is Saving.SAVED, STARTS_S)
            for _ in range(3):
                for _ in range(2):
                    person.choose(Role.CANDIDATE)
                person.choose(Role.SPEAK)
            person.until(lambda: person.screen is not None and person.screen.saving is Saving.SAVED, STARTS_S)
        running.start(*LATER)
        yield running


@pytest.fixture
def typing(tmp_path: Path) -> Path:
    """The folder in which somebody types, with what they have there."""
    (tmp_path / "holiday.pdf").write_bytes(paper_files.pdf(["We could buy bread at Zolotarev's bakery."]))
    for name in ("recipes.md", "notes.txt"):
        (tmp_path / name).write_text("Rye rolls want an hour in the oven.", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "page",
    [page for page in documented.PAGES if walked_here(page) and page != RUSSIAN],
    ids=lambda page: page.name,
)
def test_what_a_page_says_to_type_does_what_it_says(page: Path, running: Kit, typing: Path) -> None:
    walked = Walked(running, typing)
    wrong = []
    for named in walked_here(page):
        alone = named.words[1:2] == ("headband",) and named.words[2] in OF_A_HEADBAND
        if alone:
            running.kill("headband")
        wrong.append(walked.typed(named))
        if alone:
            running.start("headband")
        if list(named.words[1:]) == LAST.split()[1:]:
            running.kill("core")
            running.start("core")
    assert "\n".join(filter(None, wrong)) == ""
