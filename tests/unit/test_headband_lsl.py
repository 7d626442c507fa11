"""Lab Streaming Layer in: numbering by stamps, and the driver against a real outlet on a loopback of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.foundation.clock import SECOND_NS, seconds
from vybor.headband.devices.lsl import library as of_headband
from vybor.headband.devices.lsl import stamps
from vybor.headband.port import HeadbandMissing
from vybor.streams import library

HZ = 250
PERIOD_NS = SECOND_NS // HZ
BEGAN_NS = seconds(1000)
ALONE = """\
[multicast]
ResolveScope = machine
[lab]
KnownPeers = {127.0.0.1}
[ports]
IPv6 = disable
[log]
level = -2
"""


def in_a_network_of_its_own(folder: Path, marked: str, cases: str = "unit/lsl_loopback.py") -> None:
    """Run the cases where nobody else hears them: liblsl listens on every interface that there is."""
    if not shutil.which("unshare") or subprocess.run(["unshare", "-rn", "true"], check=False).returncode:
        pytest.skip("this machine lets nobody have a network of their own (unshare -rn)")
    (folder / "lsl_api.cfg").write_text(ALONE)
    inner = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", marked, cases]
    done = subprocess.run(
        ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *inner],
        cwd=Path(__file__).parents[1],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "LSLAPICFG": str(folder / "lsl_api.cfg"),
            "PYTEST_ADDOPTS": "",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_real_outlet_on_loopback(tmp_path: Path) -> None:
    in_a_network_of_its_own(tmp_path, "not slow")


@pytest.mark.slow
def test_what_does_not_fit_on_loopback(tmp_path: Path) -> None:
    in_a_network_of_its_own(tmp_path, "slow")


def placed(state: stamps.Stamps, indices: list[int]) -> tuple[stamps.Stamps, list[int]]:
    """The indices that samples taken by a perfect clock get, all of them come at once."""
    at_ns = [BEGAN_NS + index * PERIOD_NS for index in indices]
    state, runs = stamps.placed(state, at_ns, at_ns[-1] + PERIOD_NS)
    return state, [index + place for index, start, end in runs for place in range(end - start)]


@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=12), gaps=st.sets(st.integers(0, 11), max_size=3))
def test_a_quarter_of_a_second_and_more_is_a_gap_wherever_it_is_cut(sizes: list[int], gaps: set[int]) -> None:
    state, index = stamps.begin(HZ), 0
    for place, size in enumerate(sizes):
        if place in gaps and place:
            index += 100
        taken = [*range(index, index + size), *range(index + size + 100, index + size + 105)]
        index = taken[-1] + 1
        state, told = placed(state, taken)
        assert told == taken


@given(stamped=st.lists(st.integers(-(10**19), 10**19), min_size=1, max_size=30))
def test_stamps_that_cannot_be_true_are_borne(stamped: list[int]) -> None:
    state, runs = stamps.placed(stamps.begin(HZ), stamped, BEGAN_NS)
    assert runs == ((0, 0, len(stamped)),)
    assert abs(state.fit.time_of(len(stamped)) - BEGAN_NS) <= stamps.OLD_NS + seconds(1)


def test_no_number_is_no_time() -> None:
    assert stamps.whole_ns(float("nan")) < 0
    assert stamps.whole_ns(float("inf")) < 0
    assert stamps.whole_ns(1.5) == seconds(1.5)


def test_the_library_is_the_one_in_the_wheel() -> None:
    found = library.bundled()
    assert found is not None
    assert found.is_file()


def test_without_it_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pylsl", None)
    monkeypatch.setattr(library, "loaded", library.loaded.__wrapped__)
    with pytest.raises(
        HeadbandMissing, match="needs pylsl, which is not installed; install the packages pylsl and"
    ):
        of_headband.loaded()
