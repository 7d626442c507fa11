"""`vybor completion`: a script that completes commands, processes, settings and files in bash or zsh."""

import argparse

import shtab

from vybor.commands.settings import keys

SHELLS = ("bash", "zsh")
KEYS = {"bash": "_vybor_keys", "zsh": "_vybor_keys"}
"""Completes the names of settings; nobody is stopped from typing another, so they are no `choices`."""
PREAMBLE = {
    "bash": '_vybor_keys() {{ compgen -W "{names}" -- "$1"; }}',
    "zsh": "_vybor_keys() {{ compadd -- {names}; }}",
}


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script for one shell, from the grammar itself."""
    _mark(parser)
    names = " ".join(keys.every_key())
    written: str = shtab.complete(parser, shell=shell, preamble=PREAMBLE[shell].format(names=names))
    return written


def _mark(parser: argparse.ArgumentParser) -> None:
    """Say of each argument what completes it, for every command below this one."""
    for action in parser._actions:  # shtab reads the same: argparse has no other way to walk a grammar
        if isinstance(action, argparse._SubParsersAction):
            for command in dict.fromkeys(action.choices.values()):
                _mark(command)
        elif action.metavar == "KEY":
            action.complete = KEYS  # type: ignore[attr-defined]  # shtab's own attribute
        elif action.metavar == "FILE":
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.metavar == "DIR":
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
