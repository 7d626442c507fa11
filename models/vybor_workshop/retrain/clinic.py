"""Many persons: for each the examples are made of the data set's Parquet and trained on, one job each on Ray."""

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from vybor.foundation import small_files
from vybor_workshop import environments
from vybor_workshop.materials import Say
from vybor_workshop.retrain import running
from vybor_workshop.retrain.running import Event
from vybor_workshop.retrain.torch import QUEUES

REMEDY = "adapters that were told of are whole; name the other kits behind --persons to train those"


class Clinic(msgspec.Struct, frozen=True, kw_only=True):
    """Where things are, for all of them: on a cluster the same on each of its machines."""

    data: str
    home: Path
    cache: Path
    address: str = ""
    """Of a Ray cluster; without it one is made of this machine."""
    threads: int
    base: tuple[str, ...] = ()
    """The options that say which base it is."""
    wishes: tuple[str, ...] = ()
    """The options that are wishes."""

    def job(self, kit: str) -> dict[str, object]:
        """What is run for one person."""
        workshop = [sys.executable, "-m", "vybor_workshop"]
        places = ["--home", str(self.home), "--cache", str(self.cache)]
        of = ["--data", self.data, *self.base]
        makes = [*workshop, "dataset", kit, "--show", "0", *of, *places]
        trains = [*workshop, "retrain", kit, *of, *self.wishes, *places]
        return {"kit": kit, "commands": [makes, trains]}


def train(clinic: Clinic, kits: Sequence[str], say: Say) -> dict[str, Event]:
    """Train all of them; how each ended, by kit. Raises TrainingFailed where Ray itself does."""
    python = QUEUES.python(clinic.cache, say)
    ended: dict[str, Event] = {}

    def heard(event: Event) -> None:
        if event["event"] == "person":
            ended[event["kit"]] = event
            say(f"{len(ended)} of {len(kits)}: {told(event)}")

    say(f"{len(kits)} persons, one job each")
    with tempfile.TemporaryDirectory(prefix="vybor-persons-") as scratch:
        jobs = Path(scratch) / "jobs.json"
        small_files.write_bytes(jobs, msgspec.json.encode(_given(clinic, kits, os.environ)), 0o600)
        command = [str(python), "-P", str(running.LAUNCH), "persons", str(jobs)]
        running.run(command, _surroundings(os.environ), heard, REMEDY)
    return ended


def told(event: Event) -> str:
    """How one ended, in a line."""
    return f"{event['kit']}: {str(event['said']).removeprefix('vybor-workshop: ') or event['code']}"


def _given(clinic: Clinic, kits: Sequence[str], environ: Mapping[str, str]) -> dict[str, object]:
    of_this_python = {name: value for name, value in environ.items() if name.startswith("PYTHON")}
    return {
        "address": clinic.address,
        "threads": clinic.threads,
        "environ": of_this_python,
        "jobs": [clinic.job(kit) for kit in kits],
    }


def _surroundings(environ: Mapping[str, str]) -> dict[str, str]:
    return environments.alone(environ) | {"RAY_USAGE_STATS_ENABLED": "0"}
