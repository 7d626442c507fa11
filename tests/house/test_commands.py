"""Every command has help and stands in the README; every command in the README exists."""

import argparse
import re
import shlex
import textwrap
from pathlib import Path

import pytest

from vybor import cli
from vybor.commands.settings import configuring
from vybor.foundation import settings, settings_reading
from vybor_workshop import cli as workshop

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def subparsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    actions = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(actions[0].choices) if actions else {}


@pytest.mark.parametrize("name", sorted(subparsers(cli.parser())))
def test_a_command_is_documented(name: str) -> None:
    assert f"    vybor {name}" in README
    command = subparsers(cli.parser())[name]
    assert command.description
    for action in command._actions:
        assert action.help, f"{name} {action.option_strings}"


def every_parser(parser: argparse.ArgumentParser, words: str = "vybor") -> dict[str, argparse.ArgumentParser]:
    found = {}
    for name, command in subparsers(parser).items():
        found[f"{words} {name}"] = command
        found |= every_parser(command, f"{words} {name}")
    return found


@pytest.mark.parametrize("words", sorted(every_parser(cli.parser())))
def test_a_command_s_help_is_whole(words: str) -> None:
    command = every_parser(cli.parser())[words]
    shown = command.format_help()
    assert command.description
    assert "\n" in shown
    for action in command._actions:
        assert action.help or isinstance(action, argparse._SubParsersAction), (words, action.dest)
        if "--share" in action.option_strings:
            assert "(default: /" in (action.help or "")


@pytest.mark.parametrize("words", sorted(every_parser(cli.parser())))
def test_the_example_of_a_help_is_understood(words: str) -> None:
    (example,) = re.findall(
        r"^example:\n  vybor (.*)$", every_parser(cli.parser())[words].epilog or "", re.MULTILINE
    )
    parsed = cli.parser().parse_args(shlex.split(example.partition(" >")[0]))
    assert parsed.command
    assert example.startswith(words.removeprefix("vybor ").split()[0])


def test_the_readme_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"^    vybor (\w+)", README, flags=re.MULTILINE))
    assert named == set(subparsers(cli.parser()))


def test_the_readme_names_no_file_that_is_not_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("page", sorted((ROOT / "deploy/docs").glob("*.md")), ids=lambda page: page.stem)
def test_a_page_names_no_command_that_is_not_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    there = set(subparsers(cli.parser()))
    assert set(re.findall(r"(?:`|^    )(?:sudo )?vybor\s+(\w+)", text, flags=re.MULTILINE)) <= there
    workshop_commands = {word for command in workshop.COMMANDS for word in command.words[:1]}
    assert set(re.findall(r"vybor-workshop (\w+)", text)) <= workshop_commands
    programs = re.findall(r"deploy/([a-z-]+)(?![\w/.])", text)
    assert [program for program in programs if not (ROOT / "deploy" / program).exists()] == []


def test_the_settings_that_a_page_shows_are_valid() -> None:
    shown = re.findall(r"((?:^    .*\n|^\n)+)", (ROOT / "deploy/docs/carer.md").read_text(), flags=re.MULTILINE)
    tables = [textwrap.dedent(block) for block in shown if "[gaze]" in block]
    assert tables
    for table in tables:
        settings_reading.parse(table, "carer.md")


def test_the_file_of_all_settings_is_the_defaults() -> None:
    text = (ROOT / "firmware_config/vybor.toml").read_text(encoding="utf-8")
    assert text.splitlines() == configuring.default_lines(), (
        "vybor config show --default > firmware_config/vybor.toml"
    )
    assert settings_reading.parse(text, "vybor.toml") == settings.Settings()
    keys = set(re.findall(r"^(\w+) = ", text, flags=re.MULTILINE))
    sections = [getattr(settings.Settings(), name) for name in settings.Settings.__struct_fields__]
    fields = {f for s in sections if hasattr(s, "__struct_fields__") for f in s.__struct_fields__}
    assert fields <= keys


def test_the_commands_that_the_demo_names_are_understood() -> None:
    said = re.search(r"from elsewhere:\" \\\n\s+\"(.*)\" >&2", (ROOT / "deploy/demo").read_text(encoding="utf-8"))
    assert said
    named = re.findall(r"vybor ((?:\w+)(?: --\w+ [^\s;]+)+)", said[1])
    assert [words.split()[0] for words in named] == ["status", "config"]
    for words in named:
        assert cli.parser().parse_args(shlex.split(words)).command


def test_every_program_of_deploy_says_what_it_does() -> None:
    for program in ("demo", "test", "bench", "prepare"):
        assert (ROOT / "deploy" / program).read_text().splitlines()[1].startswith("# ")
        assert f"deploy/{program}" in README or program == "prepare"
