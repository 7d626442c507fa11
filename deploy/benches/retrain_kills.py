"""Kills while a version is published, sent and taken in: whether a kit ever has half of one, or none at all.

The real sync over a real sshd, and the real generator with a small model. What is killed on the way is the
workstation's program, its rsync and the kit's sync in turn; on the kit it is the generator, at any moment while a
newer version lies there.
"""

import random
import signal
import tempfile
import time
from collections.abc import Collection
from pathlib import Path

from processes.test_grown import life
from vybor.foundation.errors import VyborError
from world import grown, tiny_adapter
from world.beside import beside
from world.sent import WHO, Way, killed

LONGEST_S = 2.5
"""After a newer one came: trying it takes about as long."""
MODELS = 3
"""As the kit came, the one, the other."""


def figures(times: int, seed: int) -> dict[str, float]:
    """Of so many kills of each kind."""
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        return sent(Path(folder) / "sent", times, seed) | installed(Path(folder) / "installed", times, seed)


def sent(folder: Path, times: int, seed: int) -> dict[str, float]:
    """On the way from the workstation to where the generator looks. Raises VyborError where that says nothing."""
    folder.mkdir()
    with beside(folder) as desk:
        desk.pair()
        desk.wait_for_door()
        told = killed(Way(desk), random.Random(seed), times)
    if missed := [who for who in WHO if not told[f"killed.{who}"]]:
        raise VyborError(f"in {times} kills {', '.join(missed)} ended before each of its own; take more --kills")
    return {f"kills.sent.{name.removeprefix('killed.')}": float(count) for name, count in told.items()}


def installed(folder: Path, times: int, seed: int) -> dict[str, float]:
    """While versions come: after each kill the kit answers, with the old one or with the new one.

    Raises VyborError where it does not answer any more, and where no newer one was ever put on.
    """
    folder.mkdir()
    tiny_adapter.write(folder / "share" / "model")
    files = grown.files(folder / "one"), grown.files(folder / "two", seed=10)
    chance, struck = random.Random(seed), 0
    with life(folder, folder / "share") as person:
        known = {person.model()}
        for serial in range(1, times + 1):
            person.send(serial, files[serial % 2])
            time.sleep(chance.uniform(0, LONGEST_S))
            struck += person.kit.kill("generator") == -signal.SIGKILL  # else it had ended by itself
            person.kit.start("generator")
            try:
                known.add(person.model())
            except AssertionError:
                raise VyborError(f"after {serial} kills the kit has no model; see `vybor doctor`") from None
        worn = person.listed().count("*")
    return {
        "kills.install": float(struck),
        "kills.install.strange": float(strange(known, times)),
        "kills.install.worn": float(worn),
    }


def strange(known: Collection[str], times: int) -> int:
    """How many models a kit had besides the three: as it came, the one, the other.

    Raises VyborError if it had not each of them, for then nothing was killed while one was put on.
    """
    if len(known) < MODELS:
        told = f"in {times} kills the kit had {len(known)} of {MODELS} models"
        raise VyborError(f"{told}, so that these say nothing; take more --kills, or see what it refuses")
    return len(known) - MODELS
