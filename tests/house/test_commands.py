"""Every command has help and stands in the README; every command in the README exists."""

import argparse
import re
from pathlib import Path

import pytest

from vybor import cli

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


def test_the_readme_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"^    vybor (\w+)", README, flags=re.MULTILINE))
    assert named == set(subparsers(cli.parser()))


def test_the_readme_names_no_file_that_is_not_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_program_of_deploy_says_what_it_does() -> None:
    for program in ("demo", "test", "bench", "prepare"):
        assert (ROOT / "deploy" / program).read_text().splitlines()[1].startswith("# ")
        assert f"deploy/{program}" in README or program == "prepare"
