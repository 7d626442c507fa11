"""A version of the model is put on and taken off while somebody writes: how long they wait; off is as before.

Real processes with the model of --share. The adapters are thrown, of the shape that retraining makes; the whole
model is that of --share by another name. All come as signed bundles, and are tried as on a kit. Someone asks for
words without a pause meanwhile; that the word lists answer while there is no model is left out.
"""

import argparse
import itertools
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np

from benches import options, report
from processes.stage import Kit, kit
from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.errors import Missing
from vybor.generator.network import adapter, bundle, memory
from vybor.generator.network.model import Model
from world import grown, tiny_files

RANK = 4
STRENGTH = 0.02
LIMIT_S = 300.0
TEXTS = ("I would like", "We could go", "The weather is", "Thank you for", "Can you please tell")
CLOCK = SystemClock()


class Writer:
    """Asks for words without a pause, and notes when each answer came and of which model."""

    def __init__(self, running: Kit) -> None:
        self._bus = Bus("core", running.runtime, CLOCK, [m.Proposals])
        self.answers: list[tuple[int, m.Proposals]] = []
        self.replies: dict[str, m.AnyReply] = {}
        self._number = 0

    def write(self) -> None:
        """One moment of it."""
        if not self._number or (self.answers and self.answers[-1][1].prompt == self._number):
            self._number += 1
            text = f"{TEXTS[self._number % len(TEXTS)]} {self._number}"
            self._bus.publish(m.Prompt(at_ns=CLOCK.now_ns(), number=self._number, text=text))
        self._hear()

    def _hear(self) -> None:
        for arrival in self._bus.receive(0.02):
            if isinstance(arrival, Heard) and isinstance(arrival.message, m.Proposals):
                self.answers.append((CLOCK.now_ns(), arrival.message))
            elif isinstance(arrival, Answered):
                self.replies[arrival.reply.request] = arrival.reply
        self._bus.tend()

    def for_s(self, duration_s: float) -> list[tuple[int, m.Proposals]]:
        """Write for so long; the answers of that time."""
        first, end_ns = len(self.answers), CLOCK.now_ns() + seconds(duration_s)
        while CLOCK.now_ns() < end_ns:
            self.write()
        return self.answers[first:]

    def until_model(self, ends_with: str, *, other_than: str) -> str:
        """Write until another model answers. Raises Missing."""
        end_ns = CLOCK.now_ns() + seconds(LIMIT_S)
        while not (self.answers and self.answers[-1][1].model not in ("", other_than)):
            self.write()
            if CLOCK.now_ns() > end_ns:
                raise Missing(f"no model {ends_with} answers; see `vybor doctor`")
        return self.answers[-1][1].model

    def words(self) -> tuple[tuple[m.Candidate, ...], str]:
        """What is proposed behind one text, and by which model; another text is read before, always the same."""
        for text in TEXTS[1::-1]:  # else it depends on what was read how much of it is read in one step
            self._number += 1
            self._bus.publish(m.Prompt(at_ns=CLOCK.now_ns(), number=self._number, text=text))
            while self.answers[-1][1].prompt != self._number:
                self._hear()
        return self.answers[-1][1].candidates, self.answers[-1][1].model

    def asked(self, who: str, make: type[m.Leave] | type[m.WearGrown], **wish: object) -> m.AnyReply:
        """Ask a process, and write until it answers."""
        request = self._bus.new_request()
        self._bus.ask(who, make(request=request, **wish))  # type: ignore[arg-type]
        while request not in self.replies:
            self.write()
        return self.replies[request]

    def wear(self, serial: int) -> None:
        """Have a version worn, or none. Raises Missing where the kit refuses, which is soon done."""
        reply = self.asked("generator", m.WearGrown, serial=serial)
        if isinstance(reply, m.Refused):
            raise Missing(f"version {serial} was not put on: {reply.reason}")

    def close(self) -> None:
        """Let go of the bus."""
        self._bus.close()


def main() -> None:
    """`deploy/bench swap`."""
    parser = argparse.ArgumentParser(prog="deploy/bench swap", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--share", type=Path, required=True, metavar="DIR", help="folder of the model")
    parser.add_argument("--json", type=options.new_file, metavar="FILE", help="write the figures there")
    parser.add_argument("--times", type=options.positive, default=5, metavar="N", help="swaps of each kind (5)")
    parsed = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, writing(Path(folder), parsed.share) as (running, writer):
        report.write("swap", measured(running, writer, parsed.share / "model", parsed.times), parsed.json)


@contextmanager
def writing(folder: Path, share: Path) -> Iterator[tuple[Kit, Writer]]:
    """A kit of two processes, and who writes with it."""
    with kit(folder, "journal", "generator", share=share) as running:
        writer = Writer(running)
        try:
            yield running, writer
        finally:
            writer.close()


def measured(running: Kit, writer: Writer, model: Path, times: int) -> dict[str, float]:
    """All figures."""
    plain = writer.until_model("at all", other_than="")
    before = writer.words()
    told = writer.asked("journal", m.Leave, pair=grown.DESK)
    kit_number = told.kit if isinstance(told, m.Leaving) else ""
    opened = bundle.open_bundle(model)
    figures: dict[str, float] = {}
    known = plain
    for serial in (1, 2):
        files = thrown(opened, running.state / f"thrown-{serial}", serial)
        figures["adapter_bytes"] = float(sum(map(len, files.values())))
        begun_ns = CLOCK.now_ns()
        grown.sent(running.state / "arrived", serial, files, kit=kit_number, base=opened.manifest.base)
        known = writer.until_model(f"with version {serial}", other_than=known)
        figures[f"arrived_to_worn_s.{serial}"] = (CLOCK.now_ns() - begun_ns) / 1e9
    worn_ms = answer_ms(writer.for_s(10))
    for name, serials in (("other", (1, 2)), ("off", (0, 2)), ("on", (0, 2))):
        figures |= swaps(writer, name, serials, times)
    figures["generator_mb.before"] = taken_mb(running)
    writer.wear(0)
    figures["off_is_exact"] = float(writer.words() == before)
    plain_ms = answer_ms(writer.for_s(10))
    figures |= exchanged(running, writer, model, kit_number, times)
    writer.wear(0)
    figures["factory_is_exact"] = float(writer.words() == before)
    return figures | {"answer_ms.plain": plain_ms, "answer_ms.worn": worn_ms, "ratio.answer": plain_ms / worn_ms}


def exchanged(running: Kit, writer: Writer, model: Path, kit_number: str, times: int) -> dict[str, float]:
    """A whole model comes and is loaded in the place of the one as it came; then both in turn."""
    files, base = renamed(model, running.state / "renamed.json")
    known = writer.words()[1]
    begun_ns, first = CLOCK.now_ns(), len(writer.answers) - 1
    grown.sent(running.state / "arrived", 3, files, kind=Kind.MODEL, kit=kit_number, base=base)
    sent_ns = CLOCK.now_ns()
    writer.until_model("that was sent", other_than=known)
    figures = {
        "model_bytes": float(sum(path.stat().st_size for path in files.values())),
        "model_packed_s": (sent_ns - begun_ns) / 1e9,
        "arrived_to_worn_s.model": (CLOCK.now_ns() - sent_ns) / 1e9,
        "longest_wait_ms.arrived": longest_ms(writer.answers[first + 1 :]),
    }
    figures |= swaps(writer, "model", (0, 3), times)
    return figures | {"generator_mb.after": taken_mb(running)}


def taken_mb(running: Kit) -> float:
    """The generator's own memory."""
    return memory.taken(Path(f"/proc/{running.pid('generator')}/status")) / 1e6


def renamed(model: Path, manifest: Path) -> tuple[dict[str, Path], str]:
    """The files of a model, by another name; and the hash of the weights that it was built from."""
    told = bundle.manifest_of(model)
    manifest.write_bytes(msgspec.json.encode(msgspec.structs.replace(told, name=f"{told.name}-again")))
    folder = model.resolve()
    return {name: folder / name for name in bundle.files_of(folder)} | {bundle.MANIFEST: manifest}, told.base


def longest_ms(answers: Sequence[tuple[int, m.Proposals]]) -> float:
    """The longest time between two of them."""
    at = [at_ns for at_ns, _ in answers]
    return max(((later - earlier) / 1e6 for earlier, later in itertools.pairwise(at)), default=0.0)


def swaps(writer: Writer, name: str, serials: tuple[int, int], times: int) -> dict[str, float]:
    """To the first of two and to the second in turn: of `off` and `on` one of both is measured."""
    took, gaps = [], []
    for serial in serials * times:
        begun_ns = CLOCK.now_ns()
        first = max(0, len(writer.answers) - 1)
        writer.wear(serial)
        took_ms = (CLOCK.now_ns() - begun_ns) / 1e6
        writer.for_s(1)
        if name == "other" or (name == "off") is (serial == 0):
            took.append(took_ms)
            gaps.append(longest_ms(writer.answers[first:]))
    return {f"swap_ms.{name}": statistics.median(took), f"longest_wait_ms.{name}": max(gaps)}


def answer_ms(answers: list[tuple[int, m.Proposals]]) -> float:
    """The median time of an answer."""
    return statistics.median(answer.took_ms for _, answer in answers)


def thrown(opened: bundle.Bundle, folder: Path, seed: int) -> dict[str, bytes]:
    """An adapter of rank 4 on all matrices, in 16 bits."""
    shape, takes = opened.manifest.shape, Model(opened, threads=1).takes()
    hidden, inner = (int(takes[f"lora.blk.0.{name}.a"][0]) for name in ("attn_qkv", "ffn_down"))
    heads, shared = shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim
    sizes = {
        "self_attn.q_proj": (heads, hidden),
        "self_attn.k_proj": (shared, hidden),
        "self_attn.v_proj": (shared, hidden),
        "self_attn.o_proj": (hidden, heads),
        "mlp.gate_proj": (inner, hidden),
        "mlp.up_proj": (inner, hidden),
        "mlp.down_proj": (hidden, inner),
    }
    dice = np.random.default_rng(seed)
    named = {}
    for layer in range(shape.layers):
        for module, (rows, columns) in sizes.items():
            stem = f"{adapter.LAYERS}{layer}.{module}"
            a, b = dice.standard_normal((RANK, columns)), dice.standard_normal((rows, RANK))
            named[f"{stem}.lora_A.weight"] = (a / np.sqrt(columns)).astype(np.float32)
            named[f"{stem}.lora_B.weight"] = (b * STRENGTH).astype(np.float32)
    folder.mkdir(parents=True)
    tiny_files.safetensors(folder / adapter.WEIGHTS, named, "F16")
    config = f'{{"peft_type": "LORA", "r": {RANK}, "lora_alpha": 8, "base_sha256": "{opened.manifest.base}"}}'
    return {adapter.CONFIG: config.encode(), adapter.WEIGHTS: (folder / adapter.WEIGHTS).read_bytes()}


if __name__ == "__main__":
    main()
