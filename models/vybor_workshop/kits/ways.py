"""How what a kit wrote comes here: by rsync where it is, else by sftp, or as the owner says."""

import shutil
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from vybor.foundation.errors import Missing
from vybor_workshop.kits import fetching
from vybor_workshop.kits.by_sftp import Sftp
from vybor_workshop.kits.home import Kit
from vybor_workshop.kits.syncing import Say, Transfer


class By(StrEnum):
    """Programs that it comes by."""

    RSYNC = "rsync"
    SFTP = "sftp"


class Rsync:
    """The usual one."""

    def fetch(self, kit: Kit, without: Path, say: Say) -> None:
        """Raises NotReached, Missing."""
        fetching.run(kit, fetching.fetch_command(kit, without), say)
        shutil.rmtree(kit.incoming / fetching.PARTIAL, ignore_errors=True)  # all that waits is here

    def deliver(self, kit: Kit, say: Say) -> None:
        """Raises NotReached, Missing."""
        fetching.run(kit, fetching.deliver_command(kit), say)

    def push(self, kit: Kit, bundle: Path, say: Say) -> None:
        """Raises NotReached, Missing."""
        fetching.run(
            kit, fetching.push_command(kit, bundle), lambda line: say(line.replace(" fetched ", " sent "))
        )


def transfer(by: str, which: Callable[[str], str | None] = shutil.which) -> Transfer:
    """The one that was named; if none was, the first that is here. Raises Missing."""
    wanted = [By(by)] if by else list(By)
    here = [way for way in wanted if which(way)]
    if here:
        return Rsync() if here[0] is By.RSYNC else Sftp()
    if by:
        package = "rsync" if by == By.RSYNC else "openssh-client"
        raise Missing(f"{by} is missing; install {package}, or leave out --by")
    raise Missing("neither rsync nor sftp is here; install openssh-client, and rsync if you can: it is faster")
