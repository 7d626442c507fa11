"""The trainer as a process: what it tells, how it fails, and that nothing of it is left behind."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vybor_workshop.retrain import feeding, plots, running
from vybor_workshop.retrain.following import Following
from vybor_workshop.retrain.running import Event, TrainingFailed
from vybor_workshop.retrain.trainer import checkpoints, given
from vybor_workshop.retrain.trainer.telling import Teller

SETTINGS = given.Settings(
    base="base.gguf",
    base_sha256="ba5e" * 16,
    growth="growth",
    objective=given.Objective.SFT,
    seed=1,
    epochs=1,
    learning_rate=1e-3,
    rank=4,
    alpha=8,
    row_tokens=100,
    general_row_tokens=50,
    kl_weight=0.5,
    general_weight=0.5,
    sft_weight=0.5,
    patience=2,
    looks=2,
    processes=1,
    threads=2,
)


class StandingClock:
    def __init__(self) -> None:
        self.now = 0

    def now_ns(self) -> int:
        return self.now


def run(script: str) -> list[Event]:
    heard: list[Event] = []
    running.run([sys.executable, "-c", script], {}, heard.append)
    return heard


def test_events_are_heard_and_other_lines_are_not() -> None:
    events = [{"event": "begun", "step": 0, "steps": 3}, {"event": "ended"}]
    lines = ["a warning", json.dumps(events[0]), '{"event" torn', json.dumps(events[1])]
    script = f"print({chr(10).join(lines)!r})"
    assert run(script) == events


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (
            'import sys; print(\'{"event": "failed", "reason": "no number", "what": "the loss of step 3"}\'); '
            "sys.exit(3)",
            "^the loss of step 3 is no number, so nothing was made of it; train afresh with a smaller --learning",
        ),
        (
            'import sys; print(\'{"event": "failed", "reason": "world", "what": "1 processes instead of 2"}\'); '
            "sys.exit(4)",
            "^the training has 1 processes instead of 2; name as many with --processes",
        ),
        (
            "import os; os.kill(os.getpid(), 9)",
            "^the training was killed, as happens where memory is short; .*--resume",
        ),
        ("raise OSError(28, 'No space left on device')", "^the disk is full; make room, and .*--resume"),
        ("raise ValueError('odd')", r"^the training ended with an error \(ValueError: odd\); .*--resume"),
        ("raise SystemExit(1)", r"^the training ended with an error \(it said nothing\)"),
    ],
    ids=["no number", "world", "killed", "disk", "error", "silent"],
)
def test_a_trainer_that_fails_is_one_sentence(script: str, sentence: str) -> None:
    with pytest.raises(TrainingFailed, match=sentence):
        run(script)


def test_an_interruption_ends_the_trainer_and_what_it_started(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    script = (
        "import subprocess, sys, time; "
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        f"open({str(told)!r}, 'w').write(str(child.pid)); "
        'print(\'{"event": "begun"}\', flush=True); time.sleep(60)'
    )

    def interrupt(_event: Event) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.run([sys.executable, "-c", script], {}, interrupt)
    assert _is_gone(int(told.read_text()))


def test_asked_to_end_it_ends_the_trainer_too() -> None:
    trainer = 'import os, time; print(\'{"event": "begun", "pid": %d}\' % os.getpid(), flush=True); time.sleep(60)'
    script = (
        "import sys; from vybor_workshop.retrain import running; "
        f"running.run([sys.executable, '-c', {trainer!r}], {{}}, lambda event: print(event['pid'], flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as ours:
        assert ours.stdout
        pid = int(ours.stdout.readline())
        ours.send_signal(signal.SIGTERM)
        ours.wait(20)
    assert _is_gone(pid)


def _is_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    return False


def test_one_process_is_started_alone_and_several_by_torchrun() -> None:
    python, folder = Path("/e/bin/python"), Path("/x")
    alone = running.command(python, folder, 1)
    assert alone[:2] == ["/e/bin/python", "-P"]
    assert alone[-2:] == ["train", "/x"]
    several = running.command(python, folder, 2)
    assert several[:5] == ["/e/bin/python", "-P", "-m", "torch.distributed.run", "--nproc_per_node=2"]


def test_the_trainer_sees_nothing_of_this_python_and_one_card() -> None:
    seen = running.surroundings({"PYTHONPATH": "/mine", "HOME": "/home"}, SETTINGS)
    assert "PYTHONPATH" not in seen
    assert (seen["HOME"], seen["HF_HUB_OFFLINE"], seen["CUDA_VISIBLE_DEVICES"]) == ("/home", "1", "0")
    several = given.Settings(**{**SETTINGS.__dict__, "processes": 2})
    assert "CUDA_VISIBLE_DEVICES" not in running.surroundings({}, several)


STEP = {"event": "step", "steps": 40, "own": 3.0, "general": 4.0, "kl": 0.01}


def test_progress_is_said_now_and_then_with_the_time_that_is_left() -> None:
    clock, said = StandingClock(), list[str]()
    following = Following(said.append, clock)
    following({"event": "begun", "step": 0, "steps": 40})
    for step in range(1, 41):
        clock.now += 2 * 10**9
        following(STEP | {"step": step})
    assert said[0] == "training, 40 steps at most"
    assert len(said) == 1 + 14
    assert said[1].startswith(
        "  step 3 of 40: own 3.000, general 4.000, away from the base 0.0100 nats a token; 74 s"
    )
    assert said[-1].endswith("0 s left at most")


def test_what_was_heard_is_kept() -> None:
    said = list[str]()
    following = Following(said.append, StandingClock())
    for event in (
        {"event": "damaged", "what": "checkpoint-9"},
        {"event": "begun", "step": 6, "steps": 40},
        {"event": "look", "step": 0, "early": 4.0},
        {"event": "look", "step": 8, "early": 3.5},
        {"event": "ended", "step": 8, "steps": 40, "best_step": 8, "best": 3.5, "peak_mb": 99.0},
    ):
        following(event)
    assert said[:2] == [
        "checkpoint-9 is damaged or was not finished, and is left out",
        "training, 40 steps at most, going on behind step 6",
    ]
    assert said[2] == "  later sentences: 4.000 nats a token at step 0"
    assert (following.steps, following.best_step, following.best, following.peak_mb) == (8, 8, 3.5, 99.0)


def test_who_interrupts_it_hears_where_it_would_go_on() -> None:
    said = list[str]()
    following = Following(said.append, StandingClock())
    told = []
    for event in (
        {"event": "begun", "step": 0, "steps": 40},
        {"event": "checkpoint", "step": 4},
        {"event": "begun", "step": 6, "steps": 40},
    ):
        following.interrupted("--resume")
        told.append(said[-1])
        following(event)
    following.interrupted("--resume")
    assert [*told, said[-1]] == [
        "interrupted before the training began; `--resume` does as this would have done",
        "interrupted before anything was saved; `--resume` begins at the beginning",
        "interrupted; `--resume` goes on behind step 4",
        "interrupted; `--resume` goes on behind step 6",
    ]


def test_one_of_several_tells(tmp_path: Path) -> None:
    out = io.StringIO()
    Teller(tmp_path / "losses.jsonl", out)("step", step=1, own=3.0)
    Teller(None, out)("step", step=1)
    assert json.loads(out.getvalue()) == {"event": "step", "step": 1, "own": 3.0}
    assert (tmp_path / "losses.jsonl").read_text() == out.getvalue()


def test_of_a_step_that_was_done_again_the_last_is_drawn() -> None:
    lines = [json.dumps(STEP | {"step": 1, "own": own}) for own in (3.0, 2.0)]
    found = plots.points([*lines, json.dumps({"event": "look", "step": 1, "early": 4.0})])
    assert (found[plots.OWN], found[plots.LATER]) == ({1: 2.0}, {1: 4.0})


def checkpoint(folder: Path, step: int, best: int = 0, *, stops: bool = False) -> Path:
    made = folder / f"checkpoint-{step}"
    made.mkdir(parents=True)
    (made / "optimizer.pt").write_bytes(b"state" * 100)
    (made / "adapter.safetensors").write_bytes(b"numbers")
    control = {"TrainerControl": {"args": {"should_training_stop": stops}, "attributes": {}}}
    state = {"best_global_step": best or None, "stateful_callbacks": control}
    (made / checkpoints.STATE).write_text(json.dumps(state))
    checkpoints.seal(made)
    return made


def test_the_newest_whole_checkpoint_is_gone_on_from(tmp_path: Path) -> None:
    for step in (2, 10, 9):
        checkpoint(tmp_path, step)
    assert checkpoints.newest(tmp_path) == (tmp_path / "checkpoint-10", [])
    (tmp_path / "checkpoint-10" / "optimizer.pt").write_bytes(b"stat")
    (tmp_path / "checkpoint-9" / checkpoints.SEAL).unlink()
    found, damaged = checkpoints.newest(tmp_path)
    assert (found, [each.name for each in damaged]) == (
        tmp_path / "checkpoint-2",
        ["checkpoint-10", "checkpoint-9"],
    )
    checkpoints.remove(damaged)
    assert checkpoints.newest(tmp_path) == (found, [])
    assert checkpoints.newest(tmp_path / "none") == (None, [])


def test_nothing_goes_on_from_a_checkpoint_whose_best_one_is_damaged(tmp_path: Path) -> None:
    """It would be what comes out if no later look gains."""
    first, best, last = (
        checkpoint(tmp_path, 2, 2),
        checkpoint(tmp_path, 4, 4),
        checkpoint(tmp_path, 8, 4, stops=True),
    )
    assert checkpoints.newest(tmp_path) == (last, [])
    assert (checkpoints.best(last), checkpoints.best(first)) == (best, first)
    assert checkpoints.best(checkpoint(tmp_path / "unlooked", 3)).name == "checkpoint-3"
    assert [checkpoints.is_last(each) for each in (first, best, last)] == [False, False, True]
    (best / "adapter.safetensors").write_bytes(b"number")
    assert checkpoints.newest(tmp_path) == (first, [last, best])
    checkpoints.remove([best])
    assert checkpoints.newest(tmp_path) == (first, [last])


@pytest.mark.parametrize("torn", ["", "{", "[]", "{}", '{"gone": "0"}'])
def test_a_seal_that_is_none_seals_nothing(tmp_path: Path, torn: str) -> None:
    made = checkpoint(tmp_path, 1)
    assert checkpoints.is_whole(made)
    (made / checkpoints.SEAL).write_text(torn)
    assert not checkpoints.is_whole(made)


def test_pictures_are_drawn_of_a_training_with_and_without_later_days(tmp_path: Path) -> None:
    lines = [json.dumps(STEP | {"step": step}) for step in range(1, 4)]
    for looks in ([], [json.dumps({"event": "look", "step": 0, "early": 4.0})]):
        made = plots.save(tmp_path / "plots", [*lines, *looks])
        assert [path.read_bytes()[:4] for path in made] == [b"\x89PNG"] * 2


def test_losses_that_a_power_cut_damaged_cost_no_training(tmp_path: Path) -> None:
    """The file grows line by line and is not waited for: a torn line, or zeros, and the next one behind it."""
    whole = b'{"event": "look", "step": 0, "early": 3.0}\n'
    torn = b'{"event": "look", "step": 4, "ea{"event": "begun", "step": 2}\n' + bytes(7) + whole + b"\xff\n7\n"
    (tmp_path / feeding.LOSSES).write_bytes(whole + torn + b'{"event": "look", "step": 8, "early": 2.5}\n')
    assert plots.points(feeding.losses(tmp_path))[plots.LATER] == {0: 3.0, 8: 2.5}
