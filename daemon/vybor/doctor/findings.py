"""What the doctor says: one sentence a finding, with the remedy if there is something to mend."""

import os
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from vybor.doctor.machine import Machine


class Mark(StrEnum):
    """How a finding is meant."""

    OK = "ok"
    NOTE = "note"
    TROUBLE = "TROUBLE"


class Finding(msgspec.Struct, frozen=True):
    """One sentence, with the remedy if there is something to mend."""

    mark: Mark
    text: str


Findings = Iterator[Finding]


def ok(text: str) -> Finding:
    """All is well there."""
    return Finding(Mark.OK, text)


def note(text: str) -> Finding:
    """Worth knowing; nothing must be done."""
    return Finding(Mark.NOTE, text)


def trouble(text: str) -> Finding:
    """Something must be mended."""
    return Finding(Mark.TROUBLE, text)


def program(machine: Machine, what: str, name: str, remedy: str) -> Finding:
    """Whether a program can be started."""
    if machine.has_program(name):
        return ok(f"{what}: {name}")
    return trouble(f"{what}: the program {name} is not there; {remedy}")


def module(machine: Machine, what: str, name: str, remedy: str) -> Finding:
    """Whether Python has a module."""
    if machine.has_module(name):
        return ok(f"{what}: Python's {name} is there")
    return trouble(f"{what}: Python's {name} is missing; {remedy}")


def device(machine: Machine, what: str, path: str, group: str) -> Finding:
    """Whether a device is there and may be opened."""
    there = machine.at(path)
    if not there.exists():
        return trouble(f"{what}: there is no {path}; plug it in, or mend the settings")
    if not os.access(there, os.R_OK | os.W_OK):
        return trouble(f"{what}: {path} may not be opened; add this user to the group {group} and log in again")
    return ok(f"{what}: {path}")
