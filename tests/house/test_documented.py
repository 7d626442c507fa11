"""Every command of the documents is understood; a test runs it, or it stands among those that none runs."""

import argparse
import importlib
import re
import subprocess

import pytest

from house import documented, tried
from house.documented import MisunderstoodError, Named
from vybor import cli
from vybor.commands.walk.steps import STEPS
from vybor.composer.menu import ANSWERS
from vybor_workshop import cli as workshop

NAMED = documented.everywhere()
ONE_OF_OURS = [named for named in NAMED if named.program in documented.OURS]
BENCHES = sorted(
    {
        named.words
        for named in NAMED
        if named.words[0] == "deploy/bench" and len(named.words) > 1 and named.words[1] != "--list"
    }
)
UNTRIED = (documented.DOCS / "untried.md").read_text(encoding="utf-8")
WANTING = re.compile(
    r"^(the following arguments are required|one of the arguments|argument \S+: expected one argument)"
)
OWN_WORDS = {
    "wearer": {
        *("esc", "h", "how are you", "it is hard to breathe", "i am in pain"),
        "press a key for help",
    },
    "carer": {
        *("enter", "esc", "n", "q", "missing", "railed", "flat", "mains", "at least 83%", "too little to say"),
        *("press a key for help", "from holiday", "word 3 of 10"),
    },
    "learning": {
        *("leak", "stale", "incognito", "i've been", "thinking about that"),
        *("for whole sentences from a word alone", "goes with factory", "goes with 5"),
    },
}
"""Keys, what a terminal or the console says, what somebody writes, lines that are filled in, terms of a page."""
NO_COMMANDS = {("vybor",), ("deploy/vybor", "…"), ("deploy/vybor-workshop",), ("deploy/vybor-workshop", "…")}
"""A program by its name alone: a sentence about it."""


def typed(named: Named) -> tuple[str, ...]:
    """The words behind the program, with a process in place of the word for one."""
    return tuple("core" if word == "PROCESS" else word for word in named.words[1:])


@pytest.mark.parametrize("page", documented.PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_is_understood(
    page: documented.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = []
    for named in documented.commands(page):
        if named.program not in documented.OURS or named.words in NO_COMMANDS:
            continue
        grammar = cli.parser() if named.program == "vybor" else workshop.parser()
        try:
            documented.understood(grammar, typed(named), monkeypatch)
        except MisunderstoodError as error:
            if named.is_typed or not WANTING.match(str(error)):
                wrong.append(f"{named}: {error}")
    assert wrong == []


@pytest.mark.parametrize("name", ["wearer", "carer", "owner", "privacy", "learning", "russian"])
def test_what_a_page_calls_by_its_words_stands_on_a_screen_or_a_page(name: str) -> None:
    """A tile that is called otherwise by now leads its reader nowhere. A page may quote a piece of a line."""
    said = documented.said_by_the_kit()
    shown = "\n".join(map(bare, [*said, *said.values(), *ANSWERS["en"]]))
    named = documented.in_italics((documented.DOCS / f"{name}.md").read_text(encoding="utf-8"))
    wrong = {words for words in map(bare, named) if not re.search(rf"\b{re.escape(words)}\b", shown)}
    assert wrong == OWN_WORDS.get(name, set())


def bare(words: str) -> str:
    return words.replace("’", "'").lower().rstrip(".:… ")


class Asked(BaseException):
    """A bench's grammar, once it has one."""

    def __init__(self, grammar: argparse.ArgumentParser) -> None:
        super().__init__()
        self.grammar = grammar


def grammar_of(bench: str) -> argparse.ArgumentParser:
    """That of a bench, which says it when it is asked to begin."""

    def caught(grammar: argparse.ArgumentParser, *_arguments: object) -> None:
        raise Asked(grammar)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argparse.ArgumentParser, "parse_args", caught)
        try:
            importlib.import_module(f"benches.{bench}").main()
        except Asked as asked:
            return asked.grammar
    raise AssertionError(bench)


def test_every_bench_that_is_named_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one test: what they stand on is loaded once."""
    grammars = {name: grammar_of(name) for name in {words[1] for words in BENCHES}}
    wrong = []
    for _, name, *options in BENCHES:
        typed = ["1.5" if word == "TIMES" else word for word in options]
        try:
            documented.understood(grammars[name], ["--share", "share", *typed], monkeypatch)
        except MisunderstoodError as error:
            if not WANTING.match(str(error)):
                wrong.append(f"{name} {' '.join(options)}: {error}")
    assert wrong == []


def test_the_readme_has_every_bench_that_is_listed() -> None:
    listed = subprocess.run(
        [str(documented.ROOT / "deploy/bench"), "--list"], capture_output=True, text=True, check=True
    )
    named = re.findall(r"^    deploy/bench (\w+)", documented.PAGES[0].read_text(encoding="utf-8"), re.MULTILINE)
    assert {line.split()[0] for line in listed.stdout.splitlines()} == set(named)


def test_a_mistake_in_a_document_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (["topic", "put", "FILE"], ["why", "--jsn"], ["config", "set"], ["model", "use", "seven"]):
        with pytest.raises(MisunderstoodError):
            documented.understood(cli.parser(), words, monkeypatch)


def test_commands_are_found_in_lines_and_within_sentences() -> None:
    found = list(documented.called("sudo A=b vybor log show  # why | not"))
    assert found == [("vybor", "log", "show")]
    assert list(documented.called("echo a b | sudo vybor unlock > c")) == [("echo", "a", "b"), ("vybor", "unlock")]
    assert list(documented.called('gaze = "camera"')) == []
    assert list(documented.called("/usr/lib/vybor")) == []
    lines = (documented.DOCS / "carer.md").read_text(encoding="utf-8").splitlines()
    for named in documented.commands(documented.DOCS / "carer.md"):
        around = " ".join(lines[named.line - 1 : named.line + 2])
        assert all(word in around for word in named.words), named


def test_every_command_is_run_by_a_test_or_stands_among_those_that_are_not() -> None:
    """Not by a row that is for all, but by one for it, or by a walk."""
    nowhere = [
        str(named)
        for named in NAMED
        if named.words not in NO_COMMANDS
        and not tried.by(named.program, named.words)
        and tried.row((named.program, *named.words[1:])) is None
    ]
    assert nowhere == []


def test_every_row_is_of_a_command_that_is_named() -> None:
    named = [(each.program, *each.words[1:]) for each in NAMED]
    idle = [row.words for row in tried.ROWS if not any(tried.row(words) == row for words in named)]
    assert idle == []


@pytest.mark.parametrize("row", [row for row in tried.ROWS if row.proof], ids=lambda row: row.words)
def test_the_test_that_a_row_names_calls_the_command(row: tried.Row) -> None:
    assert row.proof in (documented.ROOT / row.by).read_text(encoding="utf-8")


def test_what_no_test_runs_says_what_it_lacks() -> None:
    assert [row.words for row in tried.ROWS if bool(row.by) == bool(row.lacks)] == []
    unproven = {row.words for row in tried.ROWS if row.by and not row.proof}
    assert {row.by for row in tried.ROWS if row.words in unproven} <= set(tried.WALKS.values())


# --- what was never run on hardware ---------------------------------------------------------------------------


def test_every_check_with_hardware_closes_a_row_of_what_was_never_run() -> None:
    """All checks are named in the column of what to try, and no other."""
    columns = [line.rsplit("|", 2)[1] for line in UNTRIED.splitlines() if line.startswith("|")]
    shown = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", " ".join(columns)))
    assert shown - {"sync", "headband", "vybor-display"} == {step.name for step in STEPS}


def test_a_check_calls_tiles_by_what_stands_on_them() -> None:
    chosen = [
        name
        for step in STEPS
        for name in re.findall(r"(?:[Cc]hoose|, then) ([A-Z]\w+(?: [a-z]+ [a-z]+)?)(?=[,;.])", step.do)
    ]
    assert {"Menu", "Call for help", "Undo"} <= set(chosen)
    assert set(chosen) <= set(documented.said_by_the_kit())


@pytest.mark.parametrize("page", ["README.md", "deploy/docs/hardware.md", "deploy/docs/researcher.md"])
def test_the_list_of_what_was_never_run_is_found_from(page: str) -> None:
    text = (documented.ROOT / page).read_text(encoding="utf-8")
    assert re.search(r"\]\((?:deploy/docs/)?untried\.md\)", text)


def test_nothing_is_marked_for_hardware_that_the_list_does_not_know() -> None:
    """It says that no test is: whoever makes one says there how it is run."""
    marked = "mark." + "hardware"
    tests = (documented.ROOT / "tests").rglob("*.py")
    assert [path.name for path in tests if marked in path.read_text(encoding="utf-8")] == []
    assert "No test is made for hardware" in " ".join(UNTRIED.split())
