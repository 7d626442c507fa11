"""deploy/demo: what it refuses, what its help shows, and of what it takes pictures."""

import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from vybor.contracts import messages as m
from vybor_workshop.dataset import rules
from vybor_workshop.dataset.making import Split
from world import play
from world.person import as_told

DEMO = Path(__file__).parents[2] / "deploy/demo"
NOTHING_PREPARED = {"PATH": "/usr/bin:/bin", "HOME": "/nowhere"}


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--frob",), 64, "demo: there is no option --frob; see deploy/demo --help"),
        (("--camera", "--frob"), 64, "demo: there is no option --frob; see deploy/demo --help"),
        (("--recording",), 64, "demo: --recording needs a file"),
        (("--recording", "/nowhere.csv"), 66, "demo: there is no file /nowhere.csv"),
        ((), 69, "demo: there is no screen here; try deploy/demo --browser, or --script"),
    ],
)
def test_a_wrong_word_is_named_before_anything_is_made(
    arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    done = subprocess.run(
        [str(DEMO), *arguments], capture_output=True, text=True, check=False, env=NOTHING_PREPARED
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", f"{sentence}\n")


def test_the_help_names_every_option_of_the_scripted_person(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = subprocess.run([str(DEMO), "--help"], capture_output=True, text=True, check=True, env=NOTHING_PREPARED)
    with pytest.raises(SystemExit):
        scripted(monkeypatch, "--help")
    options = set(re.findall(r"--[a-z]+", capsys.readouterr().out))
    assert options - {"--help"} <= set(re.findall(r"--[a-z]+", told.stdout))
    assert told.stdout.endswith("print the log of the kit too\n")
    assert all(kind in told.stdout for kind in ("XDF", "BrainFlow", "a Muse", "OpenBCI"))  # all that plays


def test_a_tile_is_told_with_its_grey_words_in_brackets() -> None:
    area = m.Area(left=0, top=0, right=1, bottom=1)
    word = m.Tile(slot=0, role=m.Role.CANDIDATE, label="I", grey="am here", area=area, pad=area)
    assert as_told(word) == "I [am here]"
    assert as_told(msgspec.structs.replace(word, grey="")) == "I"
    assert as_told(m.Tile(slot=0, role=m.Role.UNDO, label="", area=area, pad=area)) == "undo"


def test_a_sentence_that_the_kit_has_no_letters_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("It's 3:30, isn't it?\nДа, да\n", encoding="utf-8")
    assert scripted(monkeypatch, "--sentences", str(file)) == 65
    assert capsys.readouterr().err == (
        "demo: the kit of the demo is English and cannot write д а in 'Да, да'; write it in English\n"
    )


def scripted(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["play", "--share", "/nowhere", *arguments])
    return play.main()


def test_a_workstation_is_a_new_one_and_nothing_is_begun_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "keys").write_text("of somebody's real kit")
    assert scripted(monkeypatch, "--workstation", str(tmp_path), "--pictures", str(tmp_path / "pictures")) == 73
    told = capsys.readouterr()
    assert told.err == f"demo: {tmp_path} is not empty; name a new folder for the workstation\n"
    assert (told.out, [path.name for path in tmp_path.iterdir()]) == ("", ["keys"])


def test_the_forty_sentences_are_enough_for_a_data_set_even_where_some_are_not_said_and_can_be_written() -> None:
    said = play.read_sentences(play.OWN_SENTENCES.with_name("forty.txt"))
    assert len({rules.folded(sentence) for sentence in said}) == 40 == Split().least + 10
    assert play.next_step(Path("home"), 40) == "deploy/vybor-workshop dataset --home home --dry-run"
    assert play.next_step(Path("home"), 2) == "deploy/vybor-workshop log stats --data home/data"
    assert play.next_step(Path("home"), 3) == "deploy/vybor-workshop dataset --home home --least 3 --dry-run"


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"", "there is no sentence in"), (b" \n\n", "no sentence"), (b"\xff", "not UTF-8")]
)
def test_a_file_without_sentences_is_refused(
    content: bytes,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "mine.txt").write_bytes(content)
    assert scripted(monkeypatch, "--sentences", str(tmp_path / "mine.txt")) == 65
    told = capsys.readouterr()
    assert told.out == ""
    assert sentence in told.err
    assert len(told.err.splitlines()) == 1


def test_the_help_shows_what_is_for_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        scripted(monkeypatch, "--help")
    told = capsys.readouterr().out
    assert "--sentences" in told
    assert "--share" not in told


def test_the_pictures_of_a_sentence_are_of_different_moments(tmp_path: Path) -> None:
    """The text on the screen when each was taken."""
    taken: dict[str, str] = {}
    now = ""
    pictures = play.Pictures(lambda path: taken.update({path.name: now}), tmp_path, 2, "I am here.")
    pictures.save("before")
    for act, now in enumerate(["", "I", "I am", "I am here", "I am here."], start=1):
        screen = m.Screen(at_ns=0, offer=act, mode=m.Mode.WORDS, text=now, tiles=())
        pictures.look(m.Shown(at_ns=0, screen=screen))
        pictures.lit(act)
    assert taken == {"2-before.png": "", "2-lit.png": "I am", "2-whole.png": "I am here."}
