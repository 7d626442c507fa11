"""The trainer as a process: started, followed by what it tells, and ended with whoever started it."""

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from vybor.foundation.errors import VyborError
from vybor_workshop import environments
from vybor_workshop.retrain.trainer.given import Settings

LAUNCH = Path(__file__).parent / "trainer" / "launch.py"
PATIENCE_S = 10
"""For a process that was asked to end."""
LAST_LINES = 40
GOES_ON = "what was saved before is whole, and `--resume` goes on from it"

Event = Mapping[str, Any]
Heard = Callable[[Event], None]


class TrainingFailed(VyborError):
    """The trainer ended without an adapter."""

    exit_code = 70  # EX_SOFTWARE


def command(python: Path, folder: Path, processes: int) -> list[str]:
    """How it is started: alone, or several that average what they learn."""
    trains = [str(LAUNCH), "train", str(folder)]
    if processes == 1:
        return [str(python), "-P", *trains]
    world = [f"--nproc_per_node={processes}", "--nnodes=1", "--standalone"]
    return [str(python), "-P", "-m", "torch.distributed.run", *world, *trains]


def surroundings(environ: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """What the trainer sees. One process uses one card, however many there are."""
    made = environments.alone(environ) | {
        "OMP_NUM_THREADS": str(settings.threads),
        # Threads that wait spin otherwise: beside other work a step took 28 s of the processor instead of 6.
        "OMP_WAIT_POLICY": "passive",
        "TOKENIZERS_PARALLELISM": "false",
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",  # torch's condition for the same sums each time
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    if settings.processes == 1:
        made.setdefault("CUDA_VISIBLE_DEVICES", "0")
    return made


def run(told: Sequence[str], environ: Mapping[str, str], heard: Heard, remedy: str = GOES_ON) -> None:
    """Run it to its end, and hand on what it tells. Raises TrainingFailed; ends it if this is interrupted.

    `remedy`: what may be done where it failed for a reason that nobody foresaw.
    """
    failed: list[Event] = []
    with _asked_to_end(), _process(told, environ) as process:
        said: list[str] = []
        for line in process.stdout or ():
            event = _event(line)
            if event is None:
                said = [*said, line.rstrip()][-LAST_LINES:]
                continue
            if event["event"] == "failed":
                failed.append(event)
            heard(event)
        code = process.wait()
    if code:
        raise TrainingFailed(_reason(code, failed, said, remedy))


@contextlib.contextmanager
def _asked_to_end() -> Iterator[None]:
    """SIGTERM is as Ctrl-C: without that the trainer would go on until it tells something next."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _process(told: Sequence[str], environ: Mapping[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A process with a group of its own, of which nothing is left behind."""
    process = subprocess.Popen(
        told,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.stdout:
            process.stdout.close()


def _event(line: str) -> Event | None:
    if not line.startswith('{"event"'):
        return None
    try:
        found: Event = json.loads(line)
    except ValueError:
        return None
    return found


def _reason(code: int, failed: Sequence[Event], said: Sequence[str], remedy: str) -> str:
    """One sentence for why there is no adapter."""
    for event in failed:
        if event["reason"] == "no number":
            return (
                f"{event['what']} is no number, so nothing was made of it; train afresh with a smaller "
                "--learning-rate"
            )
        if event["reason"] == "world":
            return f"the training has {event['what']}; name as many with --processes as this machine can start"
    if code == -signal.SIGKILL:
        return f"the training was killed, as happens where memory is short; {remedy}"
    last = next((line for line in reversed(said) if line), "it said nothing")
    if "No space left" in " ".join(said):
        return f"the disk is full; make room, and {remedy}"
    return f"the training ended with an error ({last}); {remedy}"
