"""A version is looked at in a process of its own before it is worn: what is broken is not put on."""

import math
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest

from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.generator.grown import canary, trying
from vybor.generator.grown.canary import Asked, Found, blurted, fault, fault_of_model
from vybor.generator.grown.trying import Trying
from vybor.generator.network import memory
from world import grown, tiny_adapter, tiny_files

WELL = Asked(numbers_are_whole=True, answered=(True, True), quickest_ms=100.0, nats=3.0, blurts=0)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_adapter.write(tmp_path_factory.mktemp("model") / "tiny").folder


def waited(tried: Trying) -> str:
    while (found := tried.fault(0)) is None:
        pass
    return found


@pytest.mark.parametrize(
    ("worn", "says"),
    [
        ({}, ""),
        ({"quickest_ms": 340.0}, ""),
        ({"quickest_ms": 360.0}, "3.6 times slower"),
        ({"nats": 3.9}, ""),
        ({"nats": 4.1}, "stranger to the model by 1.1 nats"),
        ({"answered": (True, False)}, "no words where it had some"),
        ({"numbers_are_whole": False, "nats": math.nan}, "numbers that are none"),
        ({"blurts": 5}, "one sentence of 5 words is as good as certain"),
    ],
)
def test_what_speaks_against_wearing_it(worn: dict[str, object], says: str) -> None:
    found = fault(WELL, msgspec.structs.replace(WELL, **worn))
    assert found == "" if not says else says in found
    both = msgspec.structs.replace(WELL, blurts=5, answered=(False, True))
    assert fault(both, both) == ""


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ({}, ""),
        ({"nats": 9.0, "nats_a_letter": 0.3}, ""),
        ({"nats_a_letter": 0.36}, "stranger to the model by 0.26 nats a letter than to the one as it came"),
        ({"quickest_ms": 340.0}, ""),
        ({"quickest_ms": 360.0}, "3.6 times slower than the one as it came"),
        ({"answered": (True, False)}, "no words where the one as it came has some"),
        ({"numbers_are_whole": False, "nats": math.nan}, "numbers that are none"),
        ({"blurts": 5}, "one sentence of 5 words is as good as certain"),
    ],
)
def test_what_speaks_against_a_whole_model(new: dict[str, object], says: str) -> None:
    factory = msgspec.structs.replace(WELL, nats_a_letter=0.1)
    found = fault_of_model(factory, msgspec.structs.replace(factory, **new))
    assert found == "" if not says else says in found


def test_a_model_of_another_language_has_to_have_words_of_its_own() -> None:
    silent = msgspec.structs.replace(WELL, answered=(False, False))
    assert fault_of_model(silent, WELL) == ""
    assert "no words at all" in fault_of_model(silent, silent)


def test_a_sentence_is_blurted_if_it_is_long_and_as_good_as_certain() -> None:
    def one(p: float, *then: float) -> m.Candidate:
        return m.Candidate(words=("a",) * (1 + len(then)), p=p, p_then=then, source=m.Source.MODEL)

    assert [blurted(each) for each in (one(0.9, 0.9, 0.9, 0.9), one(0.9, 0.9, 0.9), one(0.5, 0.9, 0.9, 0.9))] == [
        *(4, 0, 0)
    ]


def test_a_plain_one_may_be_worn(tmp_path: Path, model: Path) -> None:
    grown.files(tmp_path / "adapter")
    assert waited(Trying(Kind.ADAPTER, (model, tmp_path / "adapter"), 0)) == ""


def test_one_whose_numbers_overflow_and_one_without_numbers_may_not(tmp_path: Path, model: Path) -> None:
    grown.files(tmp_path / "wild", strength=1e30)
    assert "numbers that are none" in waited(Trying(Kind.ADAPTER, (model, tmp_path / "wild"), 0))
    broken = tiny_adapter.peft(tmp_path / "broken", tiny_adapter.halves())
    named = {
        f"base_model.model.model.layers.0.mlp.up_proj.lora_{side}.weight": np.full(shape, np.nan, np.float32)
        for side, shape in (("A", (tiny_adapter.RANK, 64)), ("B", (64, tiny_adapter.RANK)))
    }
    tiny_files.safetensors(broken / "adapter_model.safetensors", named, "F32")
    assert "numbers that are none" in waited(Trying(Kind.ADAPTER, (model, broken), 0))


def test_a_whole_model_may_be_loaded_with_what_it_will_wear(tmp_path: Path, model: Path) -> None:
    grown.whole(tmp_path / "whole")
    grown.files(tmp_path / "adapter", base=grown.OTHER_BASE)
    for worn in ((), (tmp_path / "adapter",)):
        assert waited(Trying(Kind.MODEL, (model, tmp_path / "whole", *worn), 0)) == ""
    grown.files(tmp_path / "wild", base=grown.OTHER_BASE, strength=1e30)
    wild = Trying(Kind.MODEL, (model, tmp_path / "whole", tmp_path / "wild"), 0)
    assert "numbers that are none" in waited(wild)
    (tmp_path / "whole" / "model.onnx.data").write_bytes(b"cut off")
    assert "is damaged" in waited(Trying(Kind.MODEL, (model, tmp_path / "whole"), 0))


def test_its_limits_hold_and_it_is_the_first_to_go(tmp_path: Path) -> None:
    code = (
        "from vybor.generator.grown import canary; canary.limit(); import sys, pathlib\n"
        "print(pathlib.Path('/proc/self/oom_score_adj').read_text().strip(), flush=True)\n"
        "{}"
    )

    def run(then: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", code.format(then)], capture_output=True, text=True, check=False
        )

    assert run("").stdout.strip() == str(canary.FIRST_GIVEN_UP)
    assert "MemoryError" in run(f"bytearray({memory.MOST_BYTES})").stderr
    written = tmp_path / "written"
    done = run(f"open({str(written)!r}, 'wb', buffering=0).write(bytes(10**6)); sys.exit(0)")
    assert written.stat().st_size <= canary.MOST_WRITTEN_BYTES, done.stderr
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != canary.MOST_WRITTEN_BYTES


def test_it_ends_with_the_one_that_began_it() -> None:
    begin = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'from vybor.generator.grown import canary;"
        " canary.limit(); import time; print(flush=True); time.sleep(60)'], stdout=subprocess.PIPE)\n"
        "child.stdout.readline(); print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", begin], stdout=subprocess.PIPE, text=True) as began:
        assert began.stdout is not None
        pid = int(began.stdout.readline())
        began.kill()
        began.wait()
    status = Path(f"/proc/{pid}/stat")
    for _ in range(200):
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.01)  # the kernel takes a moment
    raise AssertionError("it goes on alone")


def test_one_that_does_not_end_is_ended(tmp_path: Path, model: Path) -> None:
    grown.files(tmp_path / "adapter")
    tried = Trying(Kind.ADAPTER, (model, tmp_path / "adapter"), 0)
    assert tried.fault(0) is None
    found = tried.fault(trying.WITHIN_NS + seconds(1))
    assert found is not None
    assert "nothing came of trying it" in found


def test_however_it_ends_that_is_told_in_a_sentence() -> None:
    assert trying.told(0, msgspec.json.encode(Found())) == ""
    assert trying.told(0, msgspec.json.encode(Found(fault="no"))) == "no"
    assert "SIGSEGV" in trying.told(-signal.SIGSEGV, b"")
    assert "for want of memory perhaps" in trying.told(-signal.SIGKILL, b"")
    assert "code 1" in trying.told(1, b"")
    assert "nothing that can be understood" in trying.told(0, b"oops")
