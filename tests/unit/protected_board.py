"""A machine that keeps keys, for tests of `vybor protect`."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec
from nacl import pwhash

from vybor.commands.protection import protecting
from vybor.foundation.clock import SystemClock
from vybor.foundation.places import Places
from vybor.protection import machine
from vybor.protection.described import Cost, ProtectionError
from vybor.protection.ways import Ways

QUICK = Cost(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)
WORDS = "four words quite apart"


class Board:
    """A machine with systemd-creds (its sealing is a byte turned over), lsblk and sticks."""

    def __init__(self, folder: Path) -> None:
        self.has_tpm = False
        self.forgets = False
        self.sticks: dict[str, Path] = {}
        self.places: list[Path] = []
        """Where somebody has mounted a stick."""
        self.done: list[str] = []
        self.waited_s = 0.0
        self.states = [b"inactive inactive"]
        """What systemd says at each look, the last one for ever: of the target, then of every service."""
        self.ways = Ways(
            state=folder / "state",
            described=folder / "etc/protection.json",
            sealed=folder / "credstore.encrypted/vybor.key",
            given=folder / "run/credstore/vybor.key",
            run=self.run,
            pause=self.pause,
        )
        self.ways.described.parent.mkdir()

    def mounted(self, folder: Path) -> Path:
        """A stick, where somebody has mounted it; tests have `PLUGGED_IN` lie around it."""
        self.places.append(stick(folder))
        return folder

    def pause(self, wait_s: float) -> None:
        self.waited_s += wait_s

    def _state(self, units: int) -> bytes:
        said = self.states.pop(0) if self.states[1:] else self.states[0]
        target, service = said.split()
        return b"\n\n".join((target, *[service] * (units - 1))) + b"\n"

    def _listed(self) -> bytes:
        parts = [
            machine.Partition(path=device, fstype="vfat", hotplug=True, mountpoints=[None])
            for device in self.sticks
        ]
        card = machine.Partition(path="/dev/mmcblk0", children=[machine.Partition("/dev/mmcblk0p2", "ext4")])
        parts += [
            machine.Partition(path=f"/dev/sdb{number}", fstype="vfat", hotplug=True, mountpoints=[str(place)])
            for number, place in enumerate(self.places)
        ]
        disk = machine.Partition(path="/dev/sda", hotplug=True, children=parts)
        return msgspec.json.encode(machine.Listed([card, disk]))

    def run(self, command: Sequence[str], given: bytes) -> bytes:
        self.done.append(" ".join(command[:2]))
        match list(command):
            case ["systemctl", "show", "--property=ActiveState", "--value", *units]:
                return self._state(len(units))
            case ["systemd-creds", "has-tpm2", *_] if not self.has_tpm:
                raise ProtectionError("there is none")
            case ["systemd-creds", "encrypt", *_, path]:
                Path(path).write_bytes(bytes(byte ^ 255 for byte in given))
            case ["systemd-creds", "decrypt", _, path, "-"]:
                if self.forgets or not Path(path).exists():
                    raise ProtectionError("systemd-creds failed: it is another machine")
                return bytes(byte ^ 255 for byte in Path(path).read_bytes())
            case ["lsblk", *_]:
                return self._listed()
            case ["mount", *_, device, folder]:
                shutil.copytree(self.sticks[device], folder, dirs_exist_ok=True)
            case ["umount", *_, folder]:
                for file in Path(folder).iterdir():
                    file.unlink()
        return b""


def stick(folder: Path) -> Path:
    folder.mkdir()
    return folder


def unlock(board: Board, places: Places, typed: str = "", file: Path | None = None) -> list[str]:
    return list(protecting.unlock(places, board.ways, SystemClock(), lambda: typed, file))


def off(board: Board, places: Places, typed: str = "") -> list[str]:
    return list(protecting.off(places, board.ways, lambda: typed))


def turn_off(board: Board) -> None:
    board.ways.given.unlink(missing_ok=True)
