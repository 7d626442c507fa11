"""A workstation beside the scripted person's kit: paired and agreed to by looking, then brought what was written.

Nothing is left out: the person finds the pages, compares the digits and agrees; what they wrote goes by the kit's
own `vybor log eject` and the workstation's `sync --from`, over a folder in the place of a stick.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from vybor.contracts.messages import Role
from vybor.foundation.errors import VyborError
from vybor_workshop.kits.adding import Host, add
from vybor_workshop.kits.home import Home
from world.beside import Owner, free_port
from world.person import Act, Person, Stuck

TO_THE_PAGE = (Role.MENU, Role.TOOLS, Role.KIT, Role.SHARING, Role.PAIR)
NAME = "demo"
LIMIT_S = 60.0
SETTINGS = """
[commit]
scan = "off"

[sync]
address = "127.0.0.1"
port = {port}
pairing_port = {pairing_port}
"""


class NotNew(VyborError):
    """The folder is some workstation's already."""

    exit_code = 73  # EX_CANTCREAT


class Workstation:
    """A new one, in a folder."""

    def __init__(self, folder: Path) -> None:
        """Raises NotNew where there is anything: each demo has another kit, and none is ever seen again."""
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NotNew(f"{folder} is not empty; name a new folder for the workstation")
        self.folder = folder.absolute()
        self._port, self._pairing_port = free_port(), free_port()

    @property
    def settings(self) -> str:
        """What the kit is set to for it; and that tiles do not light up in turn.

        The scripted person looks and signs, and cannot wait for lights: where a busy machine shows their eyes late
        for some seconds, they would have to.
        """
        return SETTINGS.format(port=self._port, pairing_port=self._pairing_port)

    def pair(
        self, person: Person, tell: Callable[[str], None], goes: Callable[[], None] = lambda: None
    ) -> list[Act]:
        """Both people say yes to what both see, and the wearer agrees; the wearer's acts. Raises Stuck.

        `goes` takes a thread of the workstation's into the network where the kit is.
        """
        acts = [act for role in TO_THE_PAGE for act in person.take(role)]
        owner, said = Owner(), list[str]()
        there = Host("127.0.0.1", self._pairing_port)

        def adds() -> None:
            goes()
            add(Home(self.folder), there, NAME, owner, said.append)

        adding = Thread(target=adds, daemon=True)
        adding.start()
        person.wait_for(Role.PAIR_YES, LIMIT_S)
        pairing = person.sharing.pairing if person.sharing else None
        if pairing is None or owner.shown != (pairing.digits, pairing.words):
            raise Stuck(f"kit and workstation show different digits: {pairing}, {owner.shown}")
        tell(f"both show {pairing.digits}: yes on both sides")
        acts += person.take(Role.PAIR_YES)
        person.wait_for(Role.SHARE, LIMIT_S)
        adding.join(LIMIT_S)
        acts += person.take(Role.SHARE)
        person.wait_for(Role.NO_SHARE, LIMIT_S)
        tell(f"paired, and agreed: what is written now may go to the workstation in {self.folder}")
        return acts

    def fetch(self, runtime: Path, state: Path, stick: Path) -> None:
        """What was written is carried over; both commands say what they did. Raises Stuck."""
        stick.mkdir()
        places = ("--runtime", str(runtime), "--state", str(state))
        for command in (
            ("vybor", "log", "eject", "--to", str(stick), *places),
            ("vybor_workshop", "sync", "--from", str(stick), "--home", str(self.folder)),
        ):
            done = subprocess.run([sys.executable, "-m", *command], check=False)
            if done.returncode:
                raise Stuck(f"{' '.join(command[:2])} ended with {done.returncode}")
