"""From nothing to a record that the workshop reads: the commands that learning.md begins with, in their order."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

SHARE = os.environ.get("VYBOR_SHARE_FOR_TESTS", "")
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "deploy/docs/learning.md"
SENTENCES = ("I am cold.", "I am hungry.", "Good night.")
LIMIT_S = 400


def documented() -> list[list[str]]:
    """The first block of commands on the page."""
    block = re.findall(r"((?:^    .*\n)+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)[0]
    return [shlex.split(line, comments=True) for line in block.splitlines()]


def test_the_page_begins_with_them() -> None:
    demo, stats, dataset = documented()
    assert demo[:4] == ["deploy/demo", "--script", "--workstation", "DIR"]
    assert (ROOT / demo[demo.index("--sentences") + 1]).is_file()
    assert stats[:3] == ["deploy/vybor-workshop", "log", "stats"]
    assert dataset == ["deploy/vybor-workshop", "dataset", "--home", "DIR", "--dry-run"]


@pytest.mark.slow
@pytest.mark.skipif(not SHARE, reason="deploy/test builds the model and the words; run it through that")
def test_a_scripted_person_s_record_comes_to_a_workstation_and_is_read(tmp_path: Path) -> None:
    few, home = tmp_path / "few.txt", tmp_path / "workstation"
    few.write_text("\n".join(SENTENCES), encoding="utf-8")

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT_S,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    demo, stats, dataset = (
        [word.replace("DIR", str(home)).replace("tests/world/forty.txt", str(few)) for word in words]
        for words in documented()
    )
    told = run("world.play", "--share", SHARE, "--pictures", str(tmp_path / "pictures"), *demo[2:])
    assert "3 of 3 sentences exact, 0 false selections" in told
    assert "demo: segments that came: 1" in told
    assert re.search(r"^all +3 +\d+ ", run("vybor_workshop", *stats[1:]), re.MULTILINE)
    read = run("vybor_workshop", *dataset[1:], "--least", "3", "--show", "3")
    assert "kit demo (" in read
    assert "nothing was kept: this was a dry run" in read
    for sentence in SENTENCES:
        assert f"  {sentence.rstrip('.')}" in read
