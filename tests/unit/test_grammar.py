"""A mistyped option is told by the command that it was typed for."""

import argparse
from collections.abc import Iterator

import pytest

from vybor import cli
from vybor_workshop import cli as workshop

TYPO = "--no-such-option"
PROGRAMS = {"vybor": cli.parser, "vybor-workshop": workshop.parser}


def commands(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield (*words, name)
                yield from commands(command, (*words, name))


EVERY = [(program, words) for program, parser in PROGRAMS.items() for words in commands(parser())]


@pytest.mark.parametrize(
    ("program", "words"), EVERY, ids=lambda told: told if isinstance(told, str) else "-".join(told)
)
def test_only_its_own_usage_is_printed(
    program: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        PROGRAMS[program]().parse_args([*words, TYPO])
    told = capsys.readouterr().err
    called = " ".join((program, *words))
    assert told.startswith(f"usage: {called} ")
    assert told.count("usage:") == 1
    assert f"\n{called}: error: " in told


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("vybor-workshop", "log show --dya 2026-03-01"),
        ("vybor-workshop", "sync --form /media/stick"),
        ("vybor", "log show --dya 2026-03-01"),
        ("vybor", "status --jsn"),
    ],
)
def test_the_typo_is_named(program: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        PROGRAMS[program]().parse_args(line.split())
    assert "unrecognized arguments: --" in capsys.readouterr().err


def test_what_is_right_is_parsed_as_before() -> None:
    parsed = workshop.parser().parse_args(["log", "show", "--day", "2026-03-01", "--cache", "x"])
    assert (parsed.day, str(parsed.cache)) == ("2026-03-01", "x")
    assert str(cli.parser().parse_args(["config", "--config", "a", "set", "gaze.hz", "30"]).config) == "a"
