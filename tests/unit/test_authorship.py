"""`vybor authorship`: the account of a sentence as lines, as a page and as JSON."""

import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from unit.account_person import Scribe, doubted, keep
from vybor import cli
from vybor.accounting.account import ledger
from vybor.commands.accounts import authorship
from vybor.commands.accounts import page as authorship_page
from vybor.contracts.messages import Role
from vybor.foundation.errors import Missing
from vybor.utterances.provenance import Origin


def spoken() -> Scribe:
    scribe = Scribe()
    scribe.say("You")
    scribe.write("I you")
    scribe.take(Role.UNDO)
    scribe.say("I want tea")
    return scribe


def lines(scribe: Scribe, name: str = "last", language: str = "en", *, coloured: bool = False) -> list[str]:
    return list(authorship.lines(authorship.found(scribe.record, name), language, coloured=coloured))


def test_a_sentence_is_told_with_its_bits_its_parts_and_its_steps() -> None:
    scribe = spoken()
    told = lines(scribe)
    one = ledger(scribe.record).spoken[1]
    assert told[0] == "Sentence 2: “I want tea.”"
    assert told[1].startswith(f"The person told {one.person_bits:.1f} bits in ")
    assert f"of which the kit brought {one.kit_bits:.1f}: {one.share:.0%} is the person's." in told[1]
    assert any(line.startswith("Taken back or left again: 2 choices, ") for line in told)
    assert "    .  - full stop of the kit" in told
    steps = [line for line in told if re.match(r" +\d+\. ", line)]
    assert len(steps) == len(one.steps)
    assert any("taken back" in step and "Undo" in step for step in steps)
    assert "few bits, and the person read all of it" in told[-1]


def test_colours_say_nothing_that_the_words_do_not() -> None:
    scribe = spoken()
    plain, painted = lines(scribe), lines(scribe, coloured=True)
    (added,) = [line for line in painted if line not in plain]
    assert re.sub("\x1b\\[[0-9;]*m", "", added) == "I want tea."
    assert "\x1b[" in added
    assert [line for line in painted if line != added] == plain


def test_every_origin_but_spaces_and_the_full_stop_has_a_colour_and_a_line_of_its_own() -> None:
    bare = {Origin.SPACE, Origin.FULL_STOP}
    assert set(authorship.SGR) == set(Origin) - bare
    assert len(set(authorship.SGR.values())) == len(authorship.SGR)
    assert set(authorship_page.COLOURS) == set(Origin) - {Origin.SPACE}
    assert len(set(authorship_page.COLOURS.values())) == len(authorship_page.COLOURS)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_page_s_letters_stand_out_from_white() -> None:
    for colour, _ in authorship_page.COLOURS.values():
        assert 1.05 / (luminance(colour) + 0.05) >= 7


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.bold: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside == "b":
            self.bold.append(data)
        self._inside = ""


def test_the_page_needs_nothing_beside_it_and_has_every_part() -> None:
    written = authorship_page.page(authorship.found(spoken().record, "last"), "en")
    page = Page()
    page.feed(written)
    assert "".join(page.bold).replace(" ", "") == "Iwanttea."
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert not [attrs for _, attrs in page.tags if "src" in attrs or "href" in attrs]
    assert "http" not in written


def test_what_was_written_is_no_markup() -> None:
    scribe = Scribe()
    scribe.write("I")
    decisions = [msgspec.structs.replace(one, text_after="<b>&") for one in scribe.record]
    written = authorship_page.page(authorship.found(decisions, "draft"), "ru")
    assert "<b>&" not in written
    assert "&lt;b&gt;&amp;" in written


def test_the_list_names_all_that_was_spoken() -> None:
    scribe = spoken()
    scribe.take(Role.UNDO)
    told = list(authorship.listed(authorship.spoken(scribe.record), "en"))
    assert [line.split()[0] for line in told] == ["1", "2"]
    assert "taken back" in told[1]
    assert list(authorship.listed(authorship.spoken([]), "ru")) == ["ещё ничего не сказано"]


def test_choices_that_the_evidence_does_not_carry_are_told() -> None:
    scribe = Scribe()
    scribe.say("I want")
    doubtful = [doubted(scribe.record[0], 0.2), *scribe.record[1:]]
    found = authorship.found(doubtful, "1")
    assert found.unsupported == 1
    told = "\n".join(authorship.lines(found, "en", coloured=False))
    assert "Choices that the evidence alone does not carry: 1" in told
    assert "[not carried by the evidence]" in told


def test_a_sentence_that_is_not_there_is_named() -> None:
    with pytest.raises(Missing, match="nothing was spoken yet"):
        authorship.found([], "last")
    for name in ("0", "3", "first"):
        with pytest.raises(Missing, match=rf"there is no sentence {name}; name its number \(1 to 2"):
            authorship.found(spoken().record, name)


def run(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["authorship", *arguments, "--runtime", str(folder / "run"), "--state", str(folder / "state")])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_command_tells_lists_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(spoken().record, tmp_path / "state")
    code, out, _ = run(capsys, tmp_path, "1")
    assert (code, out.splitlines()[0]) == (0, "Sentence 1: “You.”")
    code, out, _ = run(capsys, tmp_path, "list", "--language", "en")
    assert (code, len(out.splitlines())) == (0, 2)
    code, out, _ = run(capsys, tmp_path, "--json")
    found = msgspec.json.decode(out, type=authorship.Account)
    assert "".join(part.text for part in found.parts) == found.said == "I want tea."
    assert sum(step.person_bits for step in found.steps if step.fate == "text") == pytest.approx(
        found.person_bits, abs=0.01
    )
    page = tmp_path / "page.html"
    page.write_text("older")
    page.chmod(0o644)
    code, out, _ = run(capsys, tmp_path, "2", "--html", str(page))
    assert (code, page.stat().st_mode & 0o777) == (0, 0o600)
    assert page.read_text().startswith("<!doctype html>")
    code, _, err = run(capsys, tmp_path, "2", "--html", str(tmp_path / "none/page.html"))
    assert (code, len(err.splitlines())) == (73, 1)


@pytest.mark.parametrize(
    "wrong",
    [("list", "--html", "x"), ("last", "--words", "9"), ("check", "--words", "3"), ("check", "--patience", "20")],
)
def test_what_does_not_belong_together_is_refused(
    wrong: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(spoken().record, tmp_path / "state")
    with pytest.raises(SystemExit) as ended:
        run(capsys, tmp_path, *wrong)
    assert ended.value.code == 2


def test_what_does_not_add_up_is_explained() -> None:
    scribe = spoken()
    one = ledger(scribe.record).spoken[1]
    assert one.surplus_bits == pytest.approx(one.person_bits + one.kit_bits - one.letters_bits)
    told = "\n".join(lines(scribe))
    assert (f"{one.surplus_bits:.1f} bits of the choices are more" in told) == (one.surplus_bits >= 0.05)
    plain = Scribe()
    plain.take(Role.MENU)
    plain.take(Role.TOOLS)
    plain.take(Role.MORE)
    plain.say("I")
    (long_way,) = ledger(plain.record).spoken
    assert long_way.surplus_bits > 0.05
    assert "more than the letters of their word needed" in "\n".join(lines(plain))


def test_choices_about_no_text_are_counted_apart() -> None:
    scribe = Scribe()
    scribe.take(Role.MENU)
    scribe.take(Role.TOOLS)
    scribe.take(Role.KIT)
    scribe.take(Role.BACK)
    scribe.take(Role.MENU)
    scribe.take(Role.REST)
    scribe.take(Role.WAKE)
    scribe.take(Role.WAKE)
    scribe.take(Role.MENU)
    scribe.take(Role.HELP)
    scribe.take(Role.UNDO)
    scribe.say("I want")
    told = "\n".join(lines(scribe))
    assert "Taken back" not in told
    assert "Other choices: 11; they were about no text" in told
