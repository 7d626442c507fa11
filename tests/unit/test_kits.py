"""What the workstation keeps of its kits, what it asks of rsync, and what it says when that fails."""

import argparse
import fcntl
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.commands.records import eject
from vybor.foundation.errors import AddressInUse, Missing, PlaceError
from vybor.pairing.lines import Offer
from vybor.segments.segment import NAME
from vybor_workshop import cli
from vybor_workshop.kits import by_sftp, fetching, home, syncing, timer, ways
from vybor_workshop.said import without_password

KEY = "ssh-ed25519 " + "A" * 68


def offer(number: str = "5" * 32, name: str = "kitchen") -> Offer:
    return Offer(
        kit=number,
        name=name,
        language="en",
        verifies_with="a" * 64,
        host_key=KEY,
        port=2222,
        user="vybor-sync",
        nonce="b" * 64,
    )


def paired(folder: Path, number: str = "5" * 32, name: str = "kitchen", called: str = "") -> home.Kit:
    made = home.Home(folder)
    made.workstation()
    keys = folder / "kits" / ".new"
    keys.mkdir(parents=True)
    return made.keep(offer(number, name), "192.168.1.20", called, keys)


def test_a_workstation_has_one_key_for_ever_that_nobody_else_may_read(tmp_path: Path) -> None:
    first, again = (home.Home(tmp_path / "home").workstation() for _ in range(2))
    assert bytes(first.opens) == bytes(again.opens)
    assert (tmp_path / "home" / "workstation.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700


def test_of_two_first_commands_one_makes_the_key(tmp_path: Path) -> None:
    other = home.Home(tmp_path / "other").workstation()
    found: list[home.Workstation] = []
    first = home.Home(tmp_path / "home")
    first.folder.mkdir()
    with (first.folder / ".workstation.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        second = Thread(target=lambda: found.append(first.workstation()))
        second.start()
        second.join(0.2)
        assert second.is_alive()
        shutil.copy(tmp_path / "other" / "workstation.key", first.folder)
    second.join(10)
    assert [bytes(one.opens) for one in found] == [bytes(other.opens)]


@pytest.mark.parametrize("content", ["", "{}", '{"opens": "aa", "signs": "bb"}', "\xff"])
def test_a_damaged_key_is_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "workstation.key"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(PlaceError, match="put it back from a copy"):
        home.Home(tmp_path).workstation()
    assert path.read_text(encoding="latin-1") == content


def test_kits_are_found_by_name_address_and_number(tmp_path: Path) -> None:
    kept = home.Home(tmp_path)
    with pytest.raises(Missing, match="no kit is paired"):
        kept.named([])
    one, other = paired(tmp_path), paired(tmp_path, "6" * 32, "bedroom")
    assert [kit.card.name for kit in kept.named([])] == ["bedroom", "kitchen"]
    assert kept.named(["kitchen"]) == [one]
    assert kept.named(["6" * 32]) == [other]
    with pytest.raises(Missing, match="more than one"):
        kept.named(["192.168.1.20"])
    with pytest.raises(Missing, match="there is no kit cellar; paired are: bedroom, kitchen"):
        kept.named(["cellar"])
    kept.remove(other)
    assert kept.named([]) == [one]


def test_a_kit_that_is_paired_again_keeps_what_was_not_done_with(tmp_path: Path) -> None:
    kit = paired(tmp_path)
    (kit.incoming / "x.segment").write_text("x")
    (kit.receipts / "y.receipt").write_text("y")
    again = paired(tmp_path)
    assert (again.incoming / "x.segment").exists()
    assert (again.receipts / "y.receipt").exists()


@pytest.mark.parametrize("card", ["name = 3", "a = " + "[" * 5000, 'verifies_with = "zz"', 'verifies_with = "aa"'])
def test_a_card_that_cannot_be_read_is_named_and_no_other_kit_suffers(
    tmp_path: Path, card: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kit = paired(tmp_path)
    path = kit.folder / "kit.toml"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("verifies_with")]
    path.write_text("\n".join([*lines, card] if card.startswith("verifies_with") else [card]))
    with pytest.raises(PlaceError, match="pair the kit again"):
        home.Home(tmp_path).named([])
    other = paired(tmp_path, "6" * 32, "bedroom")
    assert home.Home(tmp_path).named([]) == [other]
    assert cli.main(["kit", "list", "--home", str(tmp_path)]) == PlaceError.exit_code
    told = capsys.readouterr()
    assert "bedroom" in told.out
    assert f"{path} is no card of a kit" in told.err
    home.note(other, host="127.0.0.1", port=1)
    assert cli.main(["sync", "--home", str(tmp_path)]) == fetching.NotReached.exit_code
    assert f"{path} is no card of a kit" in capsys.readouterr().err


def test_one_sync_of_a_kit_at_a_time_and_whoever_pairs_it_again_waits(tmp_path: Path) -> None:
    kit = paired(tmp_path)
    with home.alone(kit), pytest.raises(AddressInUse, match="is being synced already"), home.alone(kit):
        raise AssertionError
    again = Thread(target=paired, args=(tmp_path, kit.card.kit, "cellar", "cellar"))
    with home.alone(kit):
        again.start()
        again.join(0.1)
        assert again.is_alive()
        home.note(kit, synced_at="2026-01-01")
    again.join(10)
    (now,) = home.Home(tmp_path).kits()
    assert (now.card.name, now.card.synced_at) == ("cellar", "")
    with home.alone(now), pytest.raises(AddressInUse, match="is being synced already"):
        home.Home(tmp_path).remove(now)


def test_a_lock_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    kit = paired(tmp_path)
    home.lock_of(kit.folder).unlink()
    home.lock_of(kit.folder).mkdir()
    with pytest.raises(PlaceError, match="see that it is yours"), home.alone(kit):
        raise AssertionError


def test_a_kit_is_on_the_disk_before_it_counts_as_paired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def told(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", told)
    kit = paired(tmp_path)
    assert {"kit.toml", "known_hosts", ".new", "kits"} <= set(synced)
    assert kit.folder.exists()


def test_nothing_of_the_owner_s_own_configuration_counts(tmp_path: Path) -> None:
    told = " ".join(fetching.ssh(paired(tmp_path), "read_key"))
    for part in ("-F none", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes", "BatchMode=yes", "-p 2222"):
        assert part in told


def test_how_far_rsync_is_is_said_now_and_then() -> None:
    said: list[str] = []
    lines = [
        "         32,768   0%    0.00kB/s    0:00:00  ",
        "      1,000,000   9%  100.00MB/s    0:00:00 (xfr#3, to-chk=7/10)",
        "      5,000,000  50%  100.00MB/s    0:00:00 (xfr#5, to-chk=5/10)",
        "      5,100,000  51%  100.00MB/s    0:00:00 (xfr#5, to-chk=5/10)",
        "rsync: connection unexpectedly closed\n",
    ]
    assert fetching.heard(lines, said.append) == lines[-1]
    assert said == ["0.0 MB fetched (0 %)", "5.0 MB fetched (50 %)"]


@pytest.mark.parametrize(
    ("complaint", "told"),
    [
        ("Host key verification failed.\nrsync error: unexplained error", "its host key is another one"),
        ("vybor-sync@kit: Permission denied (publickey).", "does not know this workstation any more"),
        ("ssh: connect to host kit port 2222: Connection refused\nrsync error: x", "Connection refused"),
        (
            "ssh: connect to host kit port 2222: Connection timed out\nrsync: connection unexpectedly closed (0 "
            "bytes received so far) [Receiver]\nrsync error: unexplained error",
            "(ssh: connect to host kit port 2222: Connection timed out); see that it is on, in this network, "
            "unlocked, and has this workstation on its page Workstation; if its address is another one by now: "
            f"vybor-workshop kit change {'5' * 32} --host ADDRESS",
        ),
        (
            "vybor-sync@kit: Permission denied (publickey).",
            f"forget the old one (vybor-workshop kit remove {'5' * 32})",
        ),
        ("Host key verification failed.\nrsync error: x", f"vybor-workshop kit remove {'5' * 32}"),
        ("", "it said nothing"),
        ("subsystem request failed on channel 0\nConnection closed", "does not speak SFTP; install rsync here"),
        ("sftp> reget a a\nConnection to kit closed.\nConnection closed.  ", "(Connection to kit closed.)"),
        (
            'rsync: [receiver] write failed on "/.a": File too large (27)\nrsync error: error in file IO\n',
            "there is no room for it, here or on kitchen; make some",
        ),
    ],
)
def test_why_it_failed_is_one_sentence(tmp_path: Path, complaint: str, told: str) -> None:
    said = fetching.reason(paired(tmp_path), complaint)
    assert told in said
    assert "\n" not in said


def test_rsync_is_taken_where_it_is_and_sftp_where_it_is_not() -> None:
    def which(*here: str) -> Callable[[str], str | None]:
        return lambda name: name if name in here else None

    assert isinstance(ways.transfer("", which("rsync", "sftp")), ways.Rsync)
    assert isinstance(ways.transfer("", which("sftp")), by_sftp.Sftp)
    assert isinstance(ways.transfer("sftp", which("rsync", "sftp")), by_sftp.Sftp)
    with pytest.raises(Missing, match="rsync is missing; install rsync, or leave out --by"):
        ways.transfer("rsync", which("sftp"))
    with pytest.raises(Missing, match="sftp is missing; install openssh-client, or leave out --by"):
        ways.transfer("sftp", which("rsync"))
    with pytest.raises(Missing, match="neither rsync nor sftp is here"):
        ways.transfer("", which())


def test_of_what_a_kit_lists_segments_of_a_bearable_size_are_fetched() -> None:
    name, other = (f"b000001-s000000000{number}-{'0' * 64}.segment" for number in (1, 2))
    told = [
        "sftp> ls -ln",
        f"-r--------    ? 0        0            1234 Nov 26 13:46 {name}",
        f"-r--------    ? 0        0        99999999 Nov 26 13:46 {other}",
        f"lrwxrwxrwx    ? 0        0               4 Nov 26 13:46 {other}",
        f"-r--------    ? 0        0               4 Nov 26 13:46 ../{other}",
        f"-r--------    ? 0        0               x Nov 26 13:46 {other}",
        "-r--------    ? 0        0               4 Nov 26 13:46 notes.txt",
        "-",
    ]
    assert by_sftp.listed("\n".join(told)) == {name: 1234}


@given(st.text() | st.from_regex(r"(-r-+ +\? 0 0 \d+ Nov 26 13:46 [^ ]+\n)+"))
def test_whatever_a_kit_lists_only_names_of_segments_come_of_it(told: str) -> None:
    assert all(NAME.fullmatch(name) for name in by_sftp.listed(told))


def test_what_was_cut_is_no_segment_and_links_are_not_followed(tmp_path: Path) -> None:
    name = f"b000001-s0000000001-{'0' * 64}.segment"
    said: list[str] = []
    (tmp_path / name).write_bytes(b"half")
    assert syncing.read(tmp_path / name, said.append) is None
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to("/etc/passwd")
    assert syncing.read(tmp_path / name, said.append) is None
    assert len(said) == 2


def test_the_timer_s_units_run_the_program_again_and_again() -> None:
    units = timer.units(["/opt/100%/python", "-m", "vybor_workshop", "sync", "--data", "s3://a b"], 300)
    assert "ExecStart=/opt/100%%/python -m vybor_workshop sync --data 's3://a b'" in units["vybor-sync.service"]
    assert "OnUnitInactiveSec=300" in units["vybor-sync.timer"]


def test_where_nobody_listens_the_timer_says_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    parsed = argparse.Namespace(kits=["kitchen"], home=tmp_path / "home", data="", every=60, by="sftp")
    told = list(timer.installed(parsed))
    assert told[-1] == (
        "systemd does not listen to this user here; begin with: systemctl --user enable --now vybor-sync.timer"
    )
    service = (tmp_path / "systemd/user/vybor-sync.service").read_text()
    assert "sync kitchen --home" in service
    assert "--by sftp" in service


def test_what_the_timer_starts_runs_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(os.path.relpath(path or ".") for path in sys.path))
    parsed = argparse.Namespace(kits=[], home=tmp_path / "home", data="rows", every=60, by="")
    list(timer.installed(parsed))
    unit = (tmp_path / "systemd/user/vybor-sync.service").read_text()
    (line,) = (line for line in unit.splitlines() if line.startswith("ExecStart="))
    command = shlex.split(line.removeprefix("ExecStart="))
    assert command[command.index("--data") + 1] == str(Path("rows").absolute())
    done = subprocess.run([*command, "--help"], cwd="/", env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "vybor-workshop sync" in done.stdout


def test_an_installed_workshop_needs_no_path_and_a_store_elsewhere_keeps_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    list(timer.installed(argparse.Namespace(kits=[], home=tmp_path, data="s3://clinic/rows", every=60, by="")))
    unit = (tmp_path / "systemd/user/vybor-sync.service").read_text()
    assert f"ExecStart={sys.executable} -m vybor_workshop sync" in unit
    assert "--data s3://clinic/rows" in unit


def test_a_password_of_a_place_is_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    url = "sftp://clinic:s3@cret@store:22/rows"
    unit = tmp_path / "systemd/user/vybor-sync.service"
    unit.parent.mkdir(parents=True)
    unit.write_text("[Service]\n")
    unit.chmod(0o644)
    for every in (60, 61):
        parsed = argparse.Namespace(kits=[], home=tmp_path / str(every), data=url, every=every, by="")
        said = "\n".join(timer.installed(parsed))
    assert url in unit.read_text()
    assert unit.stat().st_mode & 0o777 == 0o600
    assert "the one before: " in said
    assert "sftp://clinic:***@store:22/rows" in said
    home.note(paired(tmp_path), data=(url, "/mnt/rows"))
    at = ["--home", str(tmp_path)]
    assert cli.main(["kit", "change", "kitchen", "--no-data", "/nowhere", *at]) == 69
    monkeypatch.setattr("vybor_workshop.kits.changing._is_there", lambda *_: False)
    assert cli.main(["kit", "change", "kitchen", "--name", "parlour", *at]) == 0
    assert cli.main(["kit", "change", "parlour", "--no-data", "sftp://clinic:***@store:22/rows", *at]) == 0
    assert home.Home(tmp_path).kits()[0].card.data == ("/mnt/rows",)
    told = capsys.readouterr()
    assert "sftp://clinic:***@store:22/rows" in told.out
    assert "cret" not in told.out + told.err + said


@given(st.text(), st.text(st.characters(exclude_characters="/@", exclude_categories=("Z", "Cc")), min_size=1))
def test_no_url_is_said_with_its_password(before: str, password: str) -> None:
    assert without_password(f"{before}s3://u:{password}@h/x") == f"{without_password(before)}s3://u:***@h/x"
    assert without_password("s3://bucket/a@b:c") == "s3://bucket/a@b:c"


def test_nothing_is_removed_through_a_link_on_a_stick(tmp_path: Path) -> None:
    stick, elsewhere, outbox = tmp_path / "stick", tmp_path / "elsewhere", tmp_path / "outbox"
    for folder in (stick, elsewhere, outbox):
        folder.mkdir()
    (elsewhere / "letter.txt").write_text("mine")
    (stick / "outbox").symlink_to(elsewhere)
    with pytest.raises(PlaceError, match="leads elsewhere"):
        eject._check_links(stick)
    (stick / "outbox").unlink()
    own, segment = stick / "outbox" / "letter.txt", f"{'0' * 64}.segment"
    own.parent.mkdir()
    own.write_text("mine too")
    (outbox / "x").touch()
    assert eject._laid(outbox, own.parent) == 0
    assert own.read_text() == "mine too"
    assert not eject._copied(outbox / segment, own.parent / segment), "it was pruned meanwhile"


def test_what_stands_on_a_stick_is_compared_and_not_only_weighed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"sealed")
    (tmp_path / "b").write_bytes(b"xealed")
    assert eject._copied(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"sealed"


def test_commands_say_in_a_sentence_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = ["--home", str(tmp_path / "home")]
    assert cli.main(["kit", "list", *there]) == 0
    assert cli.main(["kit", "remove", "x", *there]) == 69
    assert cli.main(["kit", "add", "a b", *there]) == 69
    assert cli.main(["kit", "add", "a..b", *there]) == 69
    assert cli.main(["kit", "add", "127.0.0.1:1", *there]) == 69
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 4
    assert "no kit waits for pairing at 127.0.0.1:1" in said[-1]
    kit = paired(tmp_path / "home")
    assert cli.main(["kit", "list", *there]) == 0
    assert kit.card.kit in capsys.readouterr().out
    with pytest.raises(SystemExit):
        cli.main(["sync", "--every", "0", *there])
