"""Commands whose standard output cannot be written say so in a sentence, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from unit.account_person import Scribe, keep

COMMANDS = (["config", "show"], ["authorship", "list"], ["why"])


def run(folder: Path, words: list[str], stdout: int) -> subprocess.CompletedProcess[bytes]:
    places = ["--state", str(folder / "state")]
    if words[0] != "config":
        places += ["--runtime", str(folder / "run")]
    return subprocess.run(
        [sys.executable, "-m", "vybor", *words, *places], stdout=stdout, stderr=subprocess.PIPE, check=False
    )


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_full_disk_behind_it_is_a_sentence(words: list[str], tmp_path: Path) -> None:
    scribe = Scribe()
    scribe.say("You")
    keep(scribe.record, tmp_path / "state")
    with Path("/dev/full").open("wb") as full:
        ended = run(tmp_path, words, full.fileno())
    assert ended.returncode == 73
    assert ended.stderr.decode().splitlines() == [
        "vybor: standard output cannot be written (No space left on device); make room there"
    ]


def test_whoever_reads_no_more_is_no_error(tmp_path: Path) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    ended = run(tmp_path, ["config", "show"], writes)
    os.close(writes)
    assert (ended.returncode, ended.stderr) == (141, b"")
