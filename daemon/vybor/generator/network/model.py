"""The network at work, on ONNX Runtime: a trunk of tokens in one cache, and branches behind it.

The trunk is the person's text. It grows at its end and is cut back when the text changes, so that a choice costs
the new tokens only. Branches are ways to go on: tokens that see the trunk, their own ancestors and themselves, and
nothing of each other. All branches of a step run as one sequence under a mask, which costs far less than a batch
(five ways on: 15 ms instead of 23) and copies no cache.

A few trunks are kept, of which one is worked on: where a text has little in common with the one at hand, because
it begins at another sentence or behind other notes, what was read of that one is not thrown away.
"""

from collections.abc import Mapping, Sequence
from enum import Enum

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as native

from vybor.contracts.messages import Trouble
from vybor.foundation.settings import Provider
from vybor.generator.network.bundle import GRAPH, Bundle, BundleError
from vybor.generator.network.trunk import Floats, Kept, Trunk

PROVIDERS = {
    Provider.CPU: ("CPUExecutionProvider",),
    Provider.CUDA: ("CUDAExecutionProvider", "CPUExecutionProvider"),
}
"""ONNX Runtime's names. The first is wanted; the second takes the nodes that the first has no kernel for."""
REMEDIES = {
    Provider.CPU: "the package onnxruntime anew",
    Provider.CUDA: 'onnxruntime-gpu with its CUDA and cuDNN, or set [generator] provider = "cpu"',
}
UNSEEN = np.float32(-1e9)
"""Added to what a token must not see: its share of the attention becomes exactly 0."""
TRUNK = -1
"""The parent of a branch that begins at the trunk's end."""
TRUNKS = 3
"""The text at hand, the same from a later sentence on, and one behind other notes."""
WORTH_KEEPING = 64
"""Tokens, which take 80 ms on two cores. To read fewer again costs less than to keep them."""
SPINNING = {"session.intra_op.allow_spinning": "1", "session.force_spinning_stop": "1"}
"""Threads look for work while a step runs, which makes one way on a quarter faster and five a fifth. Between steps
they sleep: other rooms need the cores."""
FATAL = 4


class Outfit(Enum):
    """What an adapter is worn for."""

    OWN = "own"
    """Words: what the model learned from its person."""
    FRAMES = "frames"
    """Sentences from key words (frames.py)."""


TRUNKS_OF = {Outfit.OWN: TRUNKS, Outfit.FRAMES: 2}
"""What was read in one outfit is nothing to another. No notes stand before sentences."""
NATIVE_ERRORS = (
    native.EPFail,
    native.Fail,
    native.InvalidArgument,
    native.InvalidGraph,
    native.InvalidProtobuf,
    native.NoSuchFile,
    native.NotImplemented,
    native.RuntimeException,
    RuntimeError,  # what a run with bound buffers raises
)


class Model:
    """A language model with its cache. Raises BundleError where ONNX Runtime fails."""

    def __init__(self, bundle: Bundle, threads: int, provider: Provider = Provider.CPU) -> None:
        """Load the network; takes about half a second."""
        shape = bundle.manifest.shape
        self._bundle, self._threads, self._provider = bundle, threads, provider
        self._path = bundle.folder / GRAPH
        self._session = self._load()
        size = (1, shape.kv_heads, shape.context, shape.head_dim)
        names = (entry.name for entry in self._session.get_inputs())
        caches = [name.removeprefix("past.") for name in names if name.startswith("past.")]
        self._outfit = Outfit.OWN
        self._trunks_of = {
            outfit: [Trunk(caches, size, shape.kv) for _ in range(count)] for outfit, count in TRUNKS_OF.items()
        }
        """That which is worked on is the first."""
        self.context = shape.context
        self._worn: dict[Outfit, list[tuple[str, onnxruntime.OrtValue]]] = {outfit: [] for outfit in Outfit}
        self._worn_arrays: dict[Outfit, list[Floats]] = {}
        self._bindings: dict[Trunk, onnxruntime.IOBinding] = {}
        self.tokens_read = 0
        self._ancestors: list[tuple[int, ...]] = []
        self.moves = 0
        """Rises whenever branches are gone: the trunk has grown, was cut back, is empty or is another one."""

    def rewind(self, tokens: Sequence[int]) -> int:
        """Bring the trunk to what it has in common with these tokens; return how many those are.

        It is cut back, unless that would throw away much of it: then another one takes its place.
        """
        self._drop_branches()
        best = max(self._trunks, key=lambda trunk: (trunk.common(tokens), -len(trunk.tokens)))
        common = best.common(tokens)
        if len(best.tokens) - common > WORTH_KEEPING:
            best = self._oldest_with(best, common)
        self._trunks.remove(best)
        self._trunks.insert(0, best)
        return best.cut(tokens)

    def append(self, tokens: Sequence[int]) -> None:
        """Grow the trunk by some tokens; its branches are gone."""
        self._grow(tokens, [len(tokens) - 1])

    def read(self, tokens: Sequence[int]) -> Floats:
        """The same; returns logits (tokens, vocabulary) behind every one of them."""
        return self._grow(tokens, range(len(tokens)))

    @property
    def trunk(self) -> list[int]:
        """The tokens of the text that is worked on."""
        return self._trunks[0].tokens

    @property
    def end(self) -> Floats:
        """Logits (vocabulary) of the token behind the trunk."""
        if (end := self._trunks[0].end) is None:
            raise ValueError("the trunk is empty, or was cut back and not appended to")
        return end

    def branch(self, tokens: Sequence[int], parents: Sequence[int]) -> Floats:
        """Add a token behind each parent (TRUNK, or the number of an earlier branch) in one step.

        Branches are numbered in the order in which they are added. Returns logits (tokens, vocabulary).
        """
        first, known = len(self.trunk), len(self._ancestors)
        lines = [self._line(parent) for parent in parents]
        mask = np.full((len(tokens), first + known + len(tokens)), UNSEEN)
        mask[:, :first] = 0
        for row, line in enumerate(lines):
            mask[row, [first + branch for branch in line]] = 0
            mask[row, first + known + row] = 0
        logits = self._step(tokens, [first + len(line) for line in lines], mask, range(len(tokens)))
        self._ancestors += lines
        return logits

    def takes(self) -> dict[str, tuple[int | str, ...]]:
        """An adapter's matrices by name, with their shapes; the rank, which is free, has a name.

        It loads the graph that takes them, in the place of the one that is faster without.
        """
        self._use(self._bundle.adapted)
        return {entry.name: tuple(entry.shape) for entry in self._session.get_overridable_initializers()}

    def wear(self, adapter: Mapping[str, Floats], outfit: Outfit = Outfit.OWN) -> None:
        """Put on an adapter's matrices instead of others of this outfit; none of them takes those off.

        Without any in either outfit the model is exactly as it was built. What was read with others is read again:
        the trunk is empty.
        """
        others = any(worn for name, worn in self._worn.items() if name is not outfit)
        self._use(self._bundle.adapted if adapter or others else GRAPH)
        self._worn_arrays[outfit] = [np.ascontiguousarray(array) for array in adapter.values()]
        values = map(onnxruntime.OrtValue.ortvalue_from_numpy, self._worn_arrays[outfit])
        self._worn[outfit] = list(zip(adapter, values, strict=True))
        self._bindings = {}
        self.forget()

    def change(self, outfit: Outfit) -> None:
        """From here on read with what is worn in this outfit; of the texts that were read in it, all stay read."""
        if outfit is not self._outfit:
            self._outfit = outfit
            self._drop_branches()

    def forget(self) -> None:
        """Nothing that was read stays read."""
        self._drop_branches()
        for trunks in self._trunks_of.values():
            for trunk in trunks:
                trunk.clear()

    def kept(self) -> dict[str, Kept]:
        """The trunk's keys and values by the cache's name, (kv_heads, tokens, head_dim) each."""
        return {name: array[0, :, : len(self.trunk)] for name, array in self._trunks[0].arrays.items()}

    @property
    def _trunks(self) -> list[Trunk]:
        """Those of the outfit that is worn."""
        return self._trunks_of[self._outfit]

    @property
    def room(self) -> int:
        """How many branches more the cache can hold."""
        return self.context - len(self.trunk) - len(self._ancestors)

    @property
    def branches(self) -> int:
        """How many branches stand behind the trunk."""
        return len(self._ancestors)

    def _drop_branches(self) -> None:
        """Those that stood behind the trunk are of no use any more."""
        self._ancestors = []
        self.moves += 1

    def _grow(self, tokens: Sequence[int], wanted: Sequence[int]) -> Floats:
        """Tokens behind the trunk; returns logits behind the wanted ones, the last of which is the last token."""
        self._drop_branches()
        first, count = len(self.trunk), len(tokens)
        mask = np.zeros(
            (count, first + count), np.float32
        )  # what comes later in a step the graph itself leaves out
        logits = self._step(tokens, range(first, first + count), mask, wanted)
        self._trunks[0].end = logits[-1]
        self.trunk.extend(tokens)
        return logits

    def _oldest_with(self, other: Trunk, count: int) -> Trunk:
        """The trunk that was not used for longest, beginning with so many tokens of the other one."""
        oldest = next(trunk for trunk in reversed(self._trunks) if trunk is not other)
        if oldest.common(other.tokens[:count]) < count:
            oldest.begin_as(other, count)
        return oldest

    def _line(self, parent: int) -> tuple[int, ...]:
        """A branch and its ancestors."""
        return () if parent == TRUNK else (*self._ancestors[parent], parent)

    def _use(self, graph: str) -> None:
        """Go on with this graph. The other one makes room for it first: each holds all weights in memory."""
        if self._path.name != graph:
            self._path = self._bundle.folder / graph
            self._bindings = {}  # of the other one: they would keep it in memory
            del self._session
            self._session = self._load()

    def _load(self) -> onnxruntime.InferenceSession:
        """Make the session on the provider that was asked for: never silently on another."""
        provider, wanted = self._provider, PROVIDERS[self._provider]
        if wanted[0] not in onnxruntime.get_available_providers():
            raise BundleError(
                Trouble.MODEL_FAILED, f"this onnxruntime has no {wanted[0]}; install {REMEDIES[provider]}"
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = FATAL  # what fails is raised, and told once by whoever catches it
        for key, setting in SPINNING.items():
            options.add_session_config_entry(key, setting)
        try:
            session = onnxruntime.InferenceSession(
                self._path, options, providers=list(wanted), enable_fallback=False
            )
        except NATIVE_ERRORS as error:
            raise self._failure("cannot be loaded", error) from None
        if wanted[0] not in session.get_providers():  # a library of its was missing: onnxruntime only logs it
            raise BundleError(
                Trouble.MODEL_FAILED, f"onnxruntime cannot start its {wanted[0]}; install {REMEDIES[provider]}"
            )
        return session

    def _step(
        self, tokens: Sequence[int], positions: Sequence[int], mask: Floats, wanted: Sequence[int]
    ) -> Floats:
        """Run tokens behind all that is in the cache; return the logits of the wanted ones."""
        length = mask.shape[1]
        self.tokens_read += len(tokens)
        self._trunks[0].reached = max(self._trunks[0].reached, length)
        binding = self._binding()
        entering = {
            "input_ids": np.array([tokens], np.int64),
            "position_ids": np.array([positions], np.int64),
            "mask": mask[np.newaxis, np.newaxis],
            "last_position": np.array([length - 1], np.int32),
            "length": np.array(length, np.int32),
            "wanted": np.array(wanted, np.int64),
        }
        for name, array in entering.items():
            binding.bind_cpu_input(name, array)
        binding.bind_output("logits")  # anew, or these would be written over those of the step before
        try:
            self._session.run_with_iobinding(binding)
        except NATIVE_ERRORS as error:
            raise self._failure("failed at work", error) from None
        logits: Floats = binding.get_outputs_as_ortvaluevector()[0].numpy()[0]
        return logits

    def _binding(self) -> onnxruntime.IOBinding:
        """What a step's inputs and outputs are bound to: caches and what is worn once, hundreds of names."""
        trunk = self._trunks[0]
        if trunk in self._bindings:
            return self._bindings[trunk]
        binding = self._session.io_binding()
        binding.bind_output("logits")
        for name, matrix in self._worn[self._outfit]:
            binding.bind_ortvalue_input(name, matrix)
        for name, cache in trunk.caches:
            binding.bind_ortvalue_input(f"past.{name}", cache)
            binding.bind_ortvalue_output(f"present.{name}", cache)
        if self._provider is Provider.CPU:  # elsewhere to bind is to copy, and the caches change
            self._bindings[trunk] = binding
        return binding

    def _failure(self, how: str, error: Exception) -> BundleError:
        reason = str(error).splitlines()[0]
        return BundleError(Trouble.MODEL_FAILED, f"the model in {self._path.parent} {how} ({reason})")
