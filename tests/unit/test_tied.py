"""What is tied to a process ends with it, however that ends."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

STARTS = """
import os, signal, subprocess, sys, time
from vybor.foundation import tied
child = subprocess.Popen(tied.command("/bin/sleep", "60"), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
print(child.pid, flush=True)
time.sleep(float(sys.argv[1]))
os.kill(os.getpid(), signal.SIGKILL)
"""
LIMIT_S = 10.0


@pytest.mark.parametrize("lives_s", [0.0, 1.0], ids=["at once", "later"])
def test_it_ends_with_who_started_it_even_killed(lives_s: float) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTS, str(lives_s)], capture_output=True, text=True, check=False, timeout=LIMIT_S
    )
    assert done.returncode == -9
    there = Path(f"/proc/{int(done.stdout)}/stat")
    end_s = time.perf_counter() + LIMIT_S
    while there.exists() and ") Z " not in there.read_text():
        assert time.perf_counter() < end_s
        time.sleep(0.02)
