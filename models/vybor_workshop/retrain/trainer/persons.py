"""Many persons' jobs on Ray: run by a Python that has Ray, and nothing of torch or Vybor.

    python -P launch.py persons JOBS.json

A job is some commands, one behind the other, as a shell would run them with `&&`; Ray says which machine has the
cores for it. How each ended is told as a JSON line when it ends; one that fails stops none of the others.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import ray

from .telling import Teller

SAID = 2000
"""Letters of what a failed command said last, that are told on."""
FAILED = 70
"""EX_SOFTWARE: the code of a job that did not come to one of its own."""


def main(told: Sequence[str]) -> None:
    """Hand out the jobs, and tell how each ended."""
    given = json.loads(Path(told[0]).read_text(encoding="utf-8"))
    cores, tell = os.cpu_count() or 1, Teller(Path(os.devnull))
    if given["address"]:
        ray.init(address=given["address"], log_to_driver=False)
    else:
        ray.init(num_cpus=cores, include_dashboard=False, log_to_driver=False)
    has = ray.cluster_resources()
    wants = {
        "num_cpus": min(given["threads"], int(has.get("CPU", cores))),
        "num_gpus": 1 if has.get("GPU", 0) >= 1 else 0,
    }
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # other machines have no such module
    hand_out = ray.remote(done).options(**wants, max_retries=1)
    jobs = {hand_out.remote(job["kit"], job["commands"], given["environ"]): job["kit"] for job in given["jobs"]}
    waiting = list(jobs)
    while waiting:
        (ended, *_), waiting = ray.wait(waiting)
        tell("person", **_how(ended, jobs[ended]))
    ray.shutdown()


def _how(ended: ray.ObjectRef, kit: str) -> dict[str, str | int]:
    """How a job ended; also one whose machine is gone, or had no memory left for it."""
    try:
        found: dict[str, str | int] = ray.get(ended)
    except ray.exceptions.RayError as error:
        return _failed(kit, error)
    return found


def _failed(kit: str, error: Exception) -> dict[str, str | int]:
    return {"kit": kit, "code": FAILED, "said": f"{type(error).__name__}: {_last(str(error))}"}


def done(kit: str, commands: list[list[str]], environ: dict[str, str]) -> dict[str, str | int]:
    """Run a job on whatever machine this is."""
    said = ""
    for command in commands:
        try:
            ended = subprocess.run(
                command,
                env={**os.environ, **environ},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
        except OSError as error:  # the program is not there, or the machine starts no more processes
            return _failed(kit, error)
        if ended.returncode:
            return {"kit": kit, "code": ended.returncode, "said": _last(ended.stderr)}
        said = _last(ended.stdout)
    return {"kit": kit, "code": 0, "said": said}


def _last(said: str) -> str:
    lines = said.strip().splitlines() or [""]
    return lines[-1][-SAID:]
