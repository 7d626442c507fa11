"""llama.cpp at work, in a process of its own: it is told on standard input what to do, and says how long it took.

    python -m benches.generator_peer_program FOLDER MODEL.gguf CLOCK THREADS POSITIONS WAYS

FOLDER holds its libraries; CLOCK is `perf_counter` or `process_time`. First it says what it is:
`{"version": …, "system": …}`. Then a line in is one of

    {"do": "prefill", "tokens": […]}                      out: {"s": seconds}
    {"do": "steps", "tokens": […], "given": [[…], …]}     out: {"s": seconds}
    {"do": "end", "tokens": how many were just read}      out: {"end": [logits]}

It works as its own benches do: with all defaults, a pool of threads that wait for work by looking for it, and one
cache for all sequences, whose common beginning is there once.
"""

import ctypes
import json
import sys
import time
from collections.abc import Callable, Sequence
from ctypes import CDLL, RTLD_GLOBAL, Structure, c_bool, c_char_p, c_float, c_int8, c_int32, c_uint32, c_void_p
from pathlib import Path
from typing import Any

ROOM = 1024
"""Bytes, more than any of the structures takes that llama.cpp hands out and takes back as they are."""


Clock = Callable[[], float]
CLOCKS: dict[str, Clock] = {"perf_counter": time.perf_counter, "process_time": time.process_time}


class Opaque(Structure):
    """What is only handed on."""

    _fields_ = (("bytes", ctypes.c_uint8 * ROOM),)


class ContextParameters(Structure):
    """`llama_context_params` of llama.cpp 0.5.0, as far as it is needed; what lies between is left as it is."""

    _fields_ = (
        ("n_ctx", c_uint32),
        ("n_batch", c_uint32),
        ("n_ubatch", c_uint32),
        ("n_seq_max", c_uint32),
        ("between", c_uint32 * 3),
        ("n_threads", c_int32),
        ("n_threads_batch", c_int32),
        ("then", ctypes.c_uint8 * 97),
        ("kv_unified", c_bool),
        ("rest", ctypes.c_uint8 * (ROOM - 134)),
    )


class Batch(Structure):
    """`llama_batch`."""

    _fields_ = (
        ("n_tokens", c_int32),
        ("token", ctypes.POINTER(c_int32)),
        ("embd", ctypes.POINTER(c_float)),
        ("pos", ctypes.POINTER(c_int32)),
        ("n_seq_id", ctypes.POINTER(c_int32)),
        ("seq_id", ctypes.POINTER(ctypes.POINTER(c_int32))),
        ("logits", ctypes.POINTER(c_int8)),
    )


class Failed(Exception):
    """What llama.cpp did not do, in words."""


class Libraries:
    """llama.cpp's own, with the processor's kernels that it chose by itself."""

    def __init__(self, folder: Path) -> None:
        self.base = CDLL(str(folder / "libggml-base.so"), RTLD_GLOBAL)
        self.ggml = CDLL(str(next(folder.glob("libggml.v*.so"))), RTLD_GLOBAL)
        self.llama = CDLL(str(next(folder.glob("libllama.v*.so"))), RTLD_GLOBAL)
        self.ggml.ggml_backend_load_all_from_path(str(folder).encode())
        self.kernels = CDLL(_loaded("libggml-cpu")[0])
        self._declare()

    def _declare(self) -> None:
        llama = self.llama
        llama.llama_model_default_params.restype = Opaque
        llama.llama_model_load_from_file.argtypes = [c_char_p, Opaque]
        llama.llama_model_load_from_file.restype = c_void_p
        llama.llama_context_default_params.restype = ContextParameters
        llama.llama_init_from_model.argtypes = [c_void_p, ContextParameters]
        llama.llama_init_from_model.restype = c_void_p
        llama.llama_batch_init.argtypes = [c_int32, c_int32, c_int32]
        llama.llama_batch_init.restype = Batch
        llama.llama_decode.argtypes = [c_void_p, Batch]
        llama.llama_get_logits_ith.argtypes = [c_void_p, c_int32]
        llama.llama_get_logits_ith.restype = ctypes.POINTER(c_float)
        llama.llama_get_memory.argtypes = [c_void_p]
        llama.llama_get_memory.restype = c_void_p
        llama.llama_memory_seq_cp.argtypes = [c_void_p, c_int32, c_int32, c_int32, c_int32]
        llama.llama_memory_seq_rm.argtypes = [c_void_p, c_int32, c_int32, c_int32]
        llama.llama_attach_threadpool.argtypes = [c_void_p, c_void_p, c_void_p]
        for asked in (llama.llama_n_ctx, llama.llama_n_ctx_seq, llama.llama_n_seq_max, llama.llama_n_threads):
            asked.argtypes = [c_void_p]
        llama.llama_model_get_vocab.argtypes = [c_void_p]
        llama.llama_model_get_vocab.restype = c_void_p
        llama.llama_vocab_n_tokens.argtypes = [c_void_p]
        llama.llama_version.restype = llama.llama_print_system_info.restype = c_char_p
        self.base.ggml_threadpool_params_default.argtypes = [c_int32]
        self.base.ggml_threadpool_params_default.restype = Opaque
        self.kernels.ggml_threadpool_new.argtypes = [ctypes.POINTER(Opaque)]
        self.kernels.ggml_threadpool_new.restype = c_void_p


def _loaded(name: str) -> list[str]:
    """The paths of the libraries of this name that this process has in memory."""
    maps = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return sorted({line.split()[-1] for line in maps if name in line})


class Llama:
    """A model with its cache of so many positions, for so many sequences."""

    def __init__(self, libraries: Libraries, model: Path, clock: Clock, size: Sequence[int]) -> None:
        self._llama, self._clock = libraries.llama, clock
        threads, positions, ways = size
        loaded = self._llama.llama_model_load_from_file(
            str(model).encode(), self._llama.llama_model_default_params()
        )
        if not loaded:
            raise Failed(f"it cannot load {model.name}")
        wanted = self._llama.llama_context_default_params()
        if (wanted.n_ctx, wanted.n_batch, wanted.n_ubatch, wanted.n_seq_max) != (512, 2048, 512, 1):
            raise Failed("its parameters are not those of the version that this bench was written for")
        wanted.n_ctx, wanted.n_seq_max, wanted.kv_unified = positions, ways, True
        wanted.n_threads = wanted.n_threads_batch = threads
        self._vocabulary = self._llama.llama_vocab_n_tokens(self._llama.llama_model_get_vocab(loaded))
        self._context = self._llama.llama_init_from_model(loaded, wanted)
        self._check(threads, positions, ways)
        pool = libraries.kernels.ggml_threadpool_new(libraries.base.ggml_threadpool_params_default(threads))
        self._llama.llama_attach_threadpool(self._context, pool, pool)
        self._memory = self._llama.llama_get_memory(self._context)
        self._batch = self._llama.llama_batch_init(positions, 0, 1)

    def _check(self, threads: int, positions: int, ways: int) -> None:
        """It has taken each of our wishes: with a cache for each sequence it would hold less of each."""
        asked = (
            self._llama.llama_n_ctx,
            self._llama.llama_n_ctx_seq,
            self._llama.llama_n_seq_max,
            self._llama.llama_n_threads,
        )
        if [ask(self._context) for ask in asked] != [positions, positions, ways, threads]:
            raise Failed(
                "it did not take the size of the cache, the sequences and the threads that were asked for"
            )

    def prefill(self, tokens: Sequence[int]) -> float:
        """Read tokens into an empty cache; seconds."""
        self._llama.llama_memory_seq_rm(self._memory, -1, -1, -1)
        began = self._clock()
        self._decode([(token, place, 0) for place, token in enumerate(tokens)], last_only=True)
        return self._clock() - began

    def steps(self, tokens: Sequence[int], given: Sequence[Sequence[int]]) -> float:
        """Go on behind tokens that were read, one token a step and way; seconds. The cache is then as before."""
        place = len(tokens)
        began = self._clock()
        for way in range(1, len(given[0])):
            self._llama.llama_memory_seq_cp(self._memory, 0, way, -1, -1)
        for behind, step in enumerate(given):
            self._decode([(token, place + behind, way) for way, token in enumerate(step)], last_only=False)
        took = self._clock() - began
        for way in range(1, len(given[0])):
            self._llama.llama_memory_seq_rm(self._memory, way, -1, -1)
        self._llama.llama_memory_seq_rm(self._memory, 0, place, -1)
        return took

    def end(self, tokens: int) -> list[float]:
        """Logits behind the last of so many tokens that were just read."""
        logits: list[float] = self._llama.llama_get_logits_ith(self._context, tokens - 1)[: self._vocabulary]
        return logits

    def _decode(self, entries: Sequence[tuple[int, int, int]], *, last_only: bool) -> None:
        """Tokens with their places and sequences, in one batch."""
        batch = self._batch
        batch.n_tokens = len(entries)
        for row, (token, place, way) in enumerate(entries):
            batch.token[row], batch.pos[row] = token, place
            batch.n_seq_id[row], batch.seq_id[row][0] = 1, way
            batch.logits[row] = not last_only or row == len(entries) - 1
        if self._llama.llama_decode(self._context, batch):
            raise Failed("it did not take a batch")
        if not self._llama.llama_get_logits_ith(self._context, len(entries) - 1):
            raise Failed("it gave no logits")


def serve(folder: str, model: str, clock: str, *numbers: str) -> None:
    """Say what this is, then do what is asked until nothing more comes."""
    libraries = Libraries(Path(folder))
    llama = Llama(libraries, Path(model), CLOCKS[clock], [int(number) for number in numbers])
    about = {
        "version": libraries.llama.llama_version().decode(),
        "system": libraries.llama.llama_print_system_info().decode(),
    }
    _say(about)
    for line in sys.stdin:
        asked = json.loads(line)
        match asked["do"]:
            case "prefill":
                _say({"s": llama.prefill(asked["tokens"])})
            case "steps":
                _say({"s": llama.steps(asked["tokens"], asked["given"])})
            case "end":
                _say({"end": llama.end(asked["tokens"])})


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        serve(*sys.argv[1:])
    except Failed as error:
        sys.exit(f"llama.cpp: {error}")
