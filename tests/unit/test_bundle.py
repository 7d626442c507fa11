"""`vybor bundle`: what is inside, and what never is."""

import json
import tarfile
from pathlib import Path

import pytest

from vybor import cli
from vybor.commands import bundle, wordless
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
SECRET = "my secret sentence"


def entry(said: str | None, who: str = "vybor", pid: int = 8, how: str = "stdout") -> str:
    told = {"__REALTIME_TIMESTAMP": "1767261600000000", "_TRANSPORT": how, "_PID": str(pid), "MESSAGE": said}
    return json.dumps({**told, "SYSLOG_IDENTIFIER": who})


def kit(said: str, pid: int = 8) -> str:
    return entry(said, "vybor-core", pid, "journal")


def log_of(*entries: str) -> list[str]:
    """What the bundle keeps of a log, without the times."""
    lines = wordless.wordless(wordless.entries("\n".join(entries)))
    return [line.partition(" ")[2] for line in lines]


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
    log = "\n".join(
        (
            entry(f"trouble: camera_missing: there is no {HOMES}/wearer7/film.mp4", "vybor-gaze", 7, "journal"),
            entry("Traceback (most recent call last):"),
            entry('  File "/usr/lib/vybor/process.py", line 3, in main'),
            entry("    raise ValueError(text)"),
            entry("healed: camera_missing", "vybor-gaze", 7, "journal"),
            entry(f"ValueError: {SECRET}"),
            entry("the secret goes on over a second line"),
            entry(
                "vybor-core.service: Main process exited, code=exited, status=1/FAILURE", "systemd", 1, "journal"
            ),
            kit("draft restored: characters=18", pid=9),
            entry("vybor: /etc/vybor/vybor.toml: there is no board named x", pid=10),
        )
    )
    install(around.machine, "journalctl", log)
    kept = contents(around)["log.txt"].splitlines()
    assert kept[0].startswith("2026-01-01T10:00:00+00:00 vybor-gaze[7]: ")
    assert [line.partition(" ")[2] for line in kept] == [
        f"vybor-gaze[7]: trouble: camera_missing: there is no {HOMES}/someone/film.mp4",
        "vybor[8]: Traceback (most recent call last):",
        'vybor[8]:   File "/usr/lib/vybor/process.py", line 3, in main',
        "vybor-gaze[7]: healed: camera_missing",
        "vybor[8]: ValueError",
        "systemd[1]: vybor-core.service: Main process exited, code=exited, status=1/FAILURE",
        "vybor-core[9]: draft restored: characters=18",
        "vybor[10]: vybor: /etc/vybor/vybor.toml: there is no board named x",
    ]


STACK = ("Traceback (most recent call last):", '  File "/usr/lib/vybor/process.py", line 3, in main')


@pytest.mark.parametrize(
    "printed",
    [
        (*STACK, f"ValueError: {SECRET}", f"trouble: {SECRET}", f"systemd: {SECRET}", f"INFO: {SECRET}"),
        (*STACK, f"ValueError: {SECRET}", f"vybor: {SECRET}", f"W0000 {SECRET}", f"    {SECRET}"),
        (*STACK, f"    {SECRET}"),
        (*STACK, "", SECRET, f"secret: {SECRET}"),
        (*STACK, SECRET),
        (*STACK, "ValueError", SECRET),
        (f"Exception ignored in: <function {SECRET}>", *STACK, f"ValueError: {SECRET}", f"vybor: {SECRET}"),
        (f"Exception in thread {SECRET}:", *STACK, f"ValueError: {SECRET}"),
        (
            "  + Exception Group Traceback (most recent call last):",
            '  |   File "/usr/lib/vybor/process.py", line 3, in main',
            f"  |     raise ExceptionGroup({SECRET!r})",
            f"  | ExceptionGroup: {SECRET} (1 sub-exception)",
            "  +-+---------------- 1 ----------------",
            f"    | ValueError: {SECRET}",
            f"    | {SECRET}",
            "    +------------------------------------",
        ),
        (f"ValueError: {SECRET}", "the secret of a stack whose head is older than a day"),
        (f'  File "{SECRET}", line 3, in main', f"    {SECRET}"),
        ("\n".join((*STACK, f"KeyError: {SECRET}", f"and {SECRET}")),),
        ("Fatal Python error: Aborted", f"Extension modules: {SECRET}"),
        (f"/usr/lib/vybor/x.py:3: UserWarning: {SECRET}", f"  {SECRET}"),
    ],
)
def test_no_word_of_an_error_gets_through(printed: tuple[str, ...]) -> None:
    kept = log_of(*map(entry, printed), kit("draft restored: characters=18", pid=9))
    assert kept[-1] == "vybor-core[9]: draft restored: characters=18"
    assert not [line for line in kept if "secret" in line]


def test_what_libraries_say_of_devices_stays_until_an_error_begins() -> None:
    chatter = "W0000 00:00:1767261600.1 gl_context.cc:1] no GPU here"
    assert log_of(entry(chatter)) == [f"vybor[8]: {chatter}"]
    assert log_of(*map(entry, STACK), entry("ValueError"), entry(chatter))[-1] == "vybor[8]: ValueError"
    assert log_of(*map(entry, STACK), entry(chatter, pid=9))[-1] == f"vybor[9]: {chatter}"


def test_a_message_that_is_no_text_is_said_to_be_none() -> None:
    assert log_of(entry(None), "no entry at all") == ["vybor[8]: (no text)"]


def test_a_log_that_is_too_long_is_cut_after_its_words_are_gone_and_between_lines(
    around: bundle.Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stack whose head would be cut off is known by its head all the same."""
    monkeypatch.setattr(bundle, "LONGEST_CHARACTERS", 200)
    told = (*map(entry, STACK), entry(f"vybor: {SECRET}"), *(kit(f"line {number}") for number in range(20)))
    install(around.machine, "journalctl", "\n".join(told))
    kept = contents(around)["log.txt"]
    assert len(kept) <= 200
    assert "secret" not in kept
    assert [line.partition(": ")[2] for line in kept.splitlines()] == [
        f"line {number}" for number in range(16, 20)
    ]


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


def test_what_the_wearer_wrote_of_their_style_and_their_health_is_in_no_bundle(
    around: bundle.Surroundings,
) -> None:
    """A carer's page hands it to whoever has the PIN."""
    assert around.file
    for style in (SECRET, SECRET * 20):  # one that holds, and one that is too long
        around.file.write_text(f'[generator]\nstyle = "{style}"\n[flicker]\nseizures = "yes"\n')
        told = contents(around)
        assert [name for name, content in told.items() if SECRET in content] == []
        assert "seizures = " not in told["settings.toml"]
        assert "generator.style" in told["settings.toml"]


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


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("there.tar.gz", "is there already; name another file with --out"),
        ("no/bundle.tar.gz", "cannot be written (No such file or directory); name another file with --out"),
        ("shut/bundle.tar.gz", "cannot be written (Permission denied); name another file with --out"),
    ],
)
def test_where_it_cannot_be_written_is_said_before_anything_is_gathered(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    exists = Path.exists

    def shut(path: Path, **how: bool) -> bool:
        if path.parent.name == "shut":
            raise PermissionError(13, "Permission denied", str(path))
        return exists(path, **how)

    (tmp_path / "there.tar.gz").touch()
    monkeypatch.setattr(Path, "exists", shut)
    monkeypatch.setattr(bundle, "made", lambda _: pytest.fail("it is gathered"))
    assert cli.main(["bundle", "--out", str(tmp_path / name)]) == PlaceError.exit_code
    assert said in capsys.readouterr().err


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
