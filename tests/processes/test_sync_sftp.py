"""From the kit to a workstation without rsync: OpenSSH's sftp and a real sshd, cut and gone on with."""

import hashlib
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from vybor.sync import sshd
from vybor.sync.forced import Way as Key
from vybor_workshop import cli
from vybor_workshop.kits import by_sftp, fetching, home, syncing, ways
from vybor_workshop.kits.fetching import NotReached
from world import strangers
from world.beside import Beside, beside
from world.cutting import Wire
from world.sent import Way

BYTES = 3_000_000
NOTHING = "b000001-s0000000001-" + "0" * 64 + ".segment"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    """A kit that was paired before there was SFTP: its keys stand before rrsync alone, and nobody pairs again."""
    with beside(tmp_path_factory.mktemp("beside")) as made:
        made.pair()
        keys = made.kit.state / "sync" / "authorized_keys"
        found = sshd.keys_in(keys.read_text())
        made.kit.kill("sync")
        keys.write_text(
            f'restrict,command="/usr/bin/rrsync -ro {made.kit.state}/outbox" {found[Key.READ]}\n'
            'restrict,command="/usr/bin/rrsync -wo -no-del -no-lock -munge '
            f'{made.kit.state}/sync/inbox" {found[Key.WRITE]}\n'
        )
        made.kit.start("sync")
        made.agree()
        made.wait_for_door()
        yield made


@pytest.fixture
def large(desk: Beside) -> Iterator[Path]:
    """A file with the name of a segment, so large that a cut falls into it."""
    content = random.Random(1).randbytes(BYTES)
    path = desk.kit.state / "outbox" / f"b900000-s0000000001-{hashlib.sha256(content).hexdigest()}.segment"
    path.write_bytes(content)
    yield path
    path.unlink()


def tried(desk: Beside, key: str, line: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """What a client gets that asks for this."""
    command = by_sftp.command(desk.paired, key)
    merged = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.run(command, check=False, input=line + "\n", text=True, cwd=folder, timeout=60, **merged)


def tree(root: Path) -> list[str]:
    return sorted(str(path) for path in root.rglob("*"))


def test_by_sftp_it_comes_over_once_and_is_pruned_on_the_receipt(desk: Beside) -> None:
    desk.wearer.decide(210)
    desk.wearer.until(lambda: len(desk.outbox()) >= 1)
    assert desk.sync(by_sftp.Sftp()).segments >= 1
    desk.wearer.until(lambda: desk.outbox() == [])
    assert set(desk.data.came) >= {(1, number) for number in range(1, 201)}
    desk.sync(by_sftp.Sftp())
    desk.sync(ways.Rsync())
    assert set(desk.data.came.values()) == {1}
    assert list(desk.paired.incoming.iterdir()) == []
    assert list(desk.paired.receipts.iterdir()) == []


@pytest.mark.parametrize("then", [by_sftp.Sftp(), ways.Rsync()])
def test_what_was_cut_is_gone_on_with(desk: Beside, large: Path, tmp_path: Path, then: by_sftp.Sftp) -> None:
    (tmp_path / "without").write_text(f"/{NOTHING}\n")
    kit, wire = desk.paired, Wire(desk.port)
    begun = kit.incoming / fetching.PARTIAL / large.name
    (begun.parent).mkdir(exist_ok=True)
    (begun.parent / NOTHING).write_text("this was pruned on the kit")
    wire.cut_after(BYTES // 2, wire.tear)
    with pytest.raises(NotReached, match="the next sync goes on"):
        by_sftp.Sftp().fetch(home.note(kit, port=wire.port), tmp_path / "without", desk.said.append)
    assert wire.is_cut
    assert BYTES // 4 < begun.stat().st_size < BYTES
    assert not (begun.parent / NOTHING).exists()
    before = wire.carried
    then.fetch(home.note(kit, port=wire.port), tmp_path / "without", desk.said.append)
    wire.close()
    home.note(kit, port=desk.port)
    assert (kit.incoming / large.name).read_bytes() == large.read_bytes()
    assert wire.carried - before < BYTES * 0.8
    (kit.incoming / large.name).unlink()


READ = (
    *("put x", "put x {name}", "put x /../sync/inbox/x.receipt", "mkdir d", "rm {name}", "rename {name} {none}"),
    *(
        "ln -s /etc/passwd {none}",
        "ln {name} {none}",
        "chmod 600 {name}",
        "df",
        "copy {name} {none}",
        "reput x {name}",
    ),
    *("get /etc/passwd", "get ../sync/host_key", "get /proc/self/environ", "get {outbox}/{name}", "get {link}"),
    *("ls ../sync", "ls /etc/ssh", "ls {outbox}"),
)
WRITE = (
    *("ls /", "ls /x.receipt", "get x.receipt", "get ../host_key", "get {outbox}/{name}", "rm x.receipt"),
    *("put x", "put x ../authorized_keys", "put x {keys}", "put x .x.receipt", "put x d/x.receipt", "mkdir d"),
    *("rename x.receipt y.receipt", "ln -s ../authorized_keys y.receipt", "put huge huge.receipt"),
    *("reput x y.receipt", "chmod 777 x.receipt"),
    *("get {bundle}", "rm {bundle}", "rename {bundle} y.receipt", "chmod 777 {bundle}", "put huge {bundle}"),
    *("put x ../{bundle}", "put x /d/{bundle}", "put x 55555555-000901-0.bundle", "ls /55555555-000901-9.bundle"),
)


@pytest.mark.parametrize(("key", "lines"), [("read_key", READ), ("write_key", WRITE)])
def test_a_key_does_its_one_thing_and_no_other(
    desk: Beside, large: Path, tmp_path: Path, key: str, lines: tuple[str, ...]
) -> None:
    (tmp_path / "x").write_text("x")
    (tmp_path / "huge").write_bytes(bytes(2**20 + 1))
    keys, link = desk.kit.state / "sync" / "authorized_keys", large.with_name(NOTHING.replace("000001", "000002"))
    link.symlink_to(desk.kit.state / "sync" / "host_key")
    bundle = desk.kit.state / "sync" / "inbox" / "55555555-000900-9.bundle"
    bundle.write_bytes(b"cut")
    names = {
        "bundle": bundle.name,
        "name": large.name,
        "none": NOTHING,
        "outbox": large.parent,
        "link": link.name,
        "keys": keys,
    }
    before = tree(desk.kit.state), tree(tmp_path), large.stat().st_mode, keys.read_text()
    told = [line.format(**names) for line in lines]
    try:
        done = tried(desk, key, "\n".join(f"-{line}" for line in told), tmp_path)
        assert (tree(desk.kit.state), tree(tmp_path), large.stat().st_mode, keys.read_text()) == before
    finally:
        link.unlink()
        bundle.unlink()
    answers = [answer.partition("\n") for answer in done.stdout.split("sftp> -")[1:]]
    assert [line for line, _, _ in answers] == told
    assert [line for line, _, complaint in answers if not complaint.strip()] == []


def inbox(desk: Beside) -> list[str]:
    return sorted(path.name for path in (desk.kit.state / "sync" / "inbox").iterdir())


def test_a_bundle_goes_out_without_rsync_and_arrives_whole(
    desk: Beside, capsys: pytest.CaptureFixture[str]
) -> None:
    way = Way(desk)
    one = way.publish()
    assert cli.main(["sync", "--by", "sftp", "--home", str(desk.home.folder)]) == 0
    assert f"kitchen: sent as number {one.serial}: " in capsys.readouterr().out
    desk.wearer.until(lambda: way.has_arrived(one.serial))
    desk.wearer.until(lambda: inbox(desk) == [])


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (by_sftp.Sftp(), by_sftp.Sftp()),
        pytest.param(by_sftp.Sftp(), ways.Rsync(), marks=pytest.mark.slow),
        pytest.param(ways.Rsync(), by_sftp.Sftp(), marks=pytest.mark.slow),
    ],
)
def test_a_bundle_that_was_cut_off_is_gone_on_with(
    desk: Beside, first: syncing.Transfer, then: syncing.Transfer
) -> None:
    way = Way(desk)
    one = way.publish(12_000_000)
    wire, port = Wire(desk.port), desk.paired.card.port
    try:
        home.note(desk.paired, port=wire.port)
        wire.cut_after(9_000_000, wire.tear)
        with pytest.raises(NotReached):
            way.send(first)
        desk.wearer.until(lambda: inbox(desk) == [one.bundle])
        assert not way.arrived(one.serial).exists()
        before = wire.carried
        wire.leave()
        way.send(then)
        assert wire.carried - before < 8_000_000, "much of it was there already"
        desk.wearer.until(lambda: way.has_arrived(one.serial))
    finally:
        home.note(desk.paired, port=port)
        wire.close()


def test_sftp_is_no_way_in_for_strangers(desk: Beside, tmp_path: Path) -> None:
    strangers.key(desk.paired.folder / "stranger")
    assert "Permission denied" in tried(desk, "stranger", "ls", tmp_path).stdout
