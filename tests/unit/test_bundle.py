"""`vybor bundle`: what is inside, and what never is."""

import tarfile
from pathlib import Path

import pytest

from vybor.commands import bundle
from vybor.doctor.machine import Machine
from vybor.foundation.errors import PlaceError
from vybor.foundation.places import Places
from world.machine import bare, install, put

HOMES = "/home"
PASSWD = f"""\
root:x:0:0:root:/root:/bin/bash
vybor-core:x:998:997:Vybor core:/:/usr/sbin/nologin
pi:x:1000:1000:,,,:{HOMES}/pi:/bin/bash
wearer7:x:1001:1001:Full Name,,,:{HOMES}/wearer7:/bin/bash
"""
LOG = f"""\
2026-01-01T10:00:00+0000 vybor-gaze[7]: trouble: camera_missing: there is no {HOMES}/wearer7/film.mp4
2026-01-01T10:00:01+0000 vybor-core[8]: Traceback (most recent call last):
2026-01-01T10:00:01+0000 vybor-core[8]:   File "process.py", line 3, in main
2026-01-01T10:00:01+0000 vybor-core[8]:     raise ValueError(text)
2026-01-01T10:00:01+0000 vybor-gaze[7]: healed: camera_missing
2026-01-01T10:00:01+0000 vybor-core[8]: ValueError: my secret sentence
2026-01-01T10:00:01+0000 vybor-core[8]: goes on over a second line
2026-01-01T10:00:02+0000 systemd[1]: vybor-core.service: Main process exited, code=exited, status=1/FAILURE
2026-01-01T10:00:03+0000 vybor-core[9]: draft restored: characters=18
2026-01-01T10:00:04+0000 vybor-core[9]: trouble: words_missing: there is no word list
"""
KERNEL = """\
2026-01-01T10:00:00+0000 kernel: usb 1-1: SerialNumber: 8D3F2C
2026-01-01T10:00:00+0000 kernel: hwmon hwmon1: Undervoltage detected!
2026-01-01T10:00:00+0000 kernel: audit: somebody logged in
2026-01-01T10:00:00+0000 kernel: Bluetooth: hci0: device 00:55:DA:B3:12:9F of kit-of-room-4
"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = bare(tmp_path)
    put(made, "/etc/passwd", PASSWD)
    put(made, "/etc/hostname", "kit-of-room-4\n")
    return made


@pytest.fixture
def around(tmp_path: Path, machine: Machine) -> bundle.Surroundings:
    places = Places(runtime=tmp_path / "run", state=tmp_path / "state", share=tmp_path / "share")
    for folder in (places.runtime, places.state, places.share):
        folder.mkdir()
    file = tmp_path / "vybor.toml"
    file.write_text(f'[headband]\nboard = "recording"\nrecording = "{HOMES}/wearer7/eeg.csv"\n')
    return bundle.Surroundings(places=places, file=file, machine=machine)


def contents(around: bundle.Surroundings) -> dict[str, str]:
    return {member.name: content.decode() for member, content in bundle.made(around)}


def test_every_member_has_a_name_of_its_own_and_says_what_it_holds(around: bundle.Surroundings) -> None:
    names = [member.name for member in bundle.MEMBERS]
    assert len(set(names)) == len(names)
    assert all(member.holds for member in bundle.MEMBERS)
    listed = bundle.listed(list(bundle.made(around)))
    assert [line.split()[0] for line in listed] == names


def test_the_log_keeps_stacks_and_loses_what_an_error_quotes(around: bundle.Surroundings) -> None:
    install(around.machine, "journalctl", LOG)
    log = contents(around)["log.txt"]
    assert "secret" not in log
    assert "second line" not in log
    kept = [line.partition(" ")[2] for line in log.splitlines()]
    assert kept == [
        f"vybor-gaze[7]: trouble: camera_missing: there is no {HOMES}/someone/film.mp4",
        "vybor-core[8]: Traceback (most recent call last):",
        'vybor-core[8]:   File "process.py", line 3, in main',
        "vybor-core[8]:     raise ValueError(text)",
        "vybor-gaze[7]: healed: camera_missing",
        "vybor-core[8]: ValueError",
        "systemd[1]: vybor-core.service: Main process exited, code=exited, status=1/FAILURE",
        "vybor-core[9]: draft restored: characters=18",
        "vybor-core[9]: trouble: words_missing: there is no word list",
    ]


def test_a_stack_inside_one_entry_loses_its_words_too() -> None:
    indented = [
        "2026-01-01T10:00:01+0000 vybor-core[8]: it went wrong",
        "                                        Traceback (most recent call last):",
        '                                          File "process.py", line 3, in main',
        "                                        KeyError: 'my secret sentence'",
        "                                        and more of the secret",
        "2026-01-01T10:00:02+0000 vybor-core[9]: draft restored: characters=18",
    ]
    kept = list(bundle.without_messages(indented))
    assert [line.strip() for line in kept[1:4]] == [
        "Traceback (most recent call last):",
        'File "process.py", line 3, in main',
        "KeyError",
    ]
    assert kept[4:] == indented[-1:]


def test_the_kernel_s_lines_are_those_on_hardware_without_names(around: bundle.Surroundings) -> None:
    install(around.machine, "journalctl", KERNEL)
    kernel = contents(around)["kernel.txt"]
    assert "Undervoltage" in kernel
    for secret in ("8D3F2C", "00:55:DA", "kit-of-room-4", "logged in"):
        assert secret not in kernel


def test_people_s_names_are_taken_out_and_words_that_hold_them_stay(machine: Machine) -> None:
    hide = bundle.hider(machine)
    assert (
        hide(f"wearer7 and Full Name in {HOMES}/wearer7/x on kit-of-room-4")
        == f"someone and someone in {HOMES}/someone/x on kit"
    )
    assert hide("wearer71 wearer7-mode pi vybor-core") == "wearer71 wearer7-mode pi vybor-core"
    assert hide("Serial\t\t: 10000000abcdef") == "Serial\t\t: (hidden)"


def test_the_settings_are_there_also_when_they_are_wrong(around: bundle.Surroundings) -> None:
    assert f'recording = "{HOMES}/someone/eeg.csv"' in contents(around)["settings.toml"]
    assert around.file is not None
    around.file.write_text("[gaze]\nhz = 900\n")
    told = contents(around)
    assert told["settings.toml"].startswith("# settings: ")
    assert "hz = 15.0" in told["settings.toml"]
    assert "gaze.hz" in told["doctor.txt"]


def test_the_archive_is_its_owner_s_alone(around: bundle.Surroundings, tmp_path: Path) -> None:
    out = tmp_path / "bundle.tar.gz"
    bundle.write(out, list(bundle.made(around)))
    assert out.stat().st_mode & 0o777 == 0o600
    with tarfile.open(out) as tar:
        assert tar.getnames() == [f"vybor-bundle/{member.name}" for member in bundle.MEMBERS]
    with pytest.raises(PlaceError, match="is there already; name another file with --out"):
        bundle.write(out, [])
    with pytest.raises(PlaceError, match="cannot be written"):
        bundle.write(tmp_path / "no/such/folder.tar.gz", [])


def test_no_file_of_the_wearer_s_is_read(around: bundle.Surroundings) -> None:
    """A secret in every file that the kit keeps; the bundle has none of it."""
    for place in (
        "journal.sqlite",
        "journal.sqlite-wal",
        "looks/1.npz",
        "journal/journal.sqlite",
        "gaze/looks.json",
    ):
        path = around.places.state / place
        path.parent.mkdir(exist_ok=True)
        path.write_text("my secret sentence")
    assert not [name for name, text in contents(around).items() if "secret" in text]
