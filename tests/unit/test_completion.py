"""The completion script, in a real shell."""

import shutil
import subprocess
from pathlib import Path

import pytest

from vybor import cli
from vybor.commands import completion
from vybor.commands.settings import keys
from vybor.processes import PROCESSES

ASK = """
source {script}
COMP_WORDS=({words})
COMP_CWORD={at}
COMP_LINE="${{COMP_WORDS[*]}}"
COMP_POINT=${{#COMP_LINE}}
function_name=$(complete -p vybor | sed 's/.*-F \\([^ ]*\\).*/\\1/')
"$function_name"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("completion") / "vybor.bash"
    path.write_text(completion.script(cli.parser(), "bash"))
    return path


def completed(script: Path, *words: str, folder: Path | None = None) -> set[str]:
    """What bash offers for the last of these words."""
    quoted = " ".join(f"'{word}'" for word in words)
    asked = ASK.format(script=script, words=quoted, at=len(words) - 1)
    done = subprocess.run(
        ["bash", "--norc", "-c", asked], capture_output=True, text=True, check=True, timeout=20, cwd=folder
    )
    assert done.stderr == ""
    return {line.strip() for line in done.stdout.splitlines() if line.strip()}


def test_a_command_from_its_beginning(script: Path) -> None:
    assert completed(script, "vybor", "con") == {"config"}
    assert completed(script, "vybor", "zzz") == set()


def test_every_command_is_offered(script: Path) -> None:
    assert {"up", "run", "status", "doctor", "bundle", "config", "units"} <= completed(script, "vybor", "")


def test_processes_are_offered(script: Path) -> None:
    names = {row.name for row in PROCESSES}
    assert names <= completed(script, "vybor", "run", "")
    assert completed(script, "vybor", "run", "ga") == {"gaze"}
    assert names <= completed(script, "vybor", "up", "--without", "")


def test_settings_are_offered(script: Path) -> None:
    assert completed(script, "vybor", "config", "set", "gaze.hz") == {"gaze.hz"}
    assert set(keys.every_key()) <= completed(script, "vybor", "config", "unset", "")


def test_options_and_files_are_offered(script: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").touch()
    assert completed(script, "vybor", "doctor", "--acc") == {"--acceptance"}
    assert completed(script, "vybor", "doctor", "--config", "mi", folder=tmp_path) == {"mine.toml"}


@pytest.mark.skipif(not shutil.which("zsh"), reason="needs zsh")
def test_zsh_understands_its_script(tmp_path: Path) -> None:
    path = tmp_path / "_vybor"
    path.write_text(completion.script(cli.parser(), "zsh"))
    subprocess.run(["zsh", "-n", str(path)], check=True)


def test_the_zsh_script_has_the_commands() -> None:
    written = completion.script(cli.parser(), "zsh")
    assert written.startswith("#compdef vybor")
    assert "bundle:'Gather" in written
