"""The grammar of `vybor topic` and `vybor phrases`: documents and phrases that are given to a kit that runs."""

import argparse
from pathlib import Path

from vybor.commands import calls
from vybor.commands.surroundings import Make


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", command: Make) -> None:
    """Add both."""
    _topic(commands, command)
    _phrases(commands, command)


SEARCHED = """\
Each passage says how much of what these words ask for it answers: common words count little, rare ones much.
One that answers too little, or shares common words only, is not used: the model reads nothing of it."""


def _topic(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", command: Make) -> None:
    whole = command(
        commands,
        "topic",
        calls.topic_list,
        "documents that the kit takes words from, in a kit that runs",
        uses=("runtime",),
        example="topic add holiday.pdf",
    )
    parts = whole.add_subparsers(metavar="WHAT", help="what to do; without it, list")
    add = command(
        parts,
        "add",
        calls.topic_add,
        "add documents (.txt, .md, .pdf, .docx); one of the same name is replaced, a bad one is named",
        uses=("runtime",),
        example="topic add holiday.pdf recipes.md",
    )
    add.add_argument("files", type=Path, nargs="+", metavar="FILE", help="what to add")
    command(parts, "list", calls.topic_list, "list the documents", uses=("runtime",), example="topic list")
    remove = command(
        parts,
        "remove",
        calls.topic_remove,
        "forget documents, to the last byte; no word of them is offered any more",
        uses=("runtime",),
        example="topic remove holiday.pdf",
    )
    remove.add_argument("names", nargs="+", metavar="NAME", help="which, as `vybor topic list` has it")
    search = command(
        parts,
        "search",
        calls.topic_search,
        "show what would be found for a text that is being written, and whether it would be used",
        uses=("runtime",),
        example="topic search We could buy bread at",
        more=SEARCHED,
    )
    search.add_argument("words", nargs="+", metavar="WORD", help="the text")


def _phrases(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", command: Make) -> None:
    whole = command(
        commands,
        "phrases",
        calls.phrases_list,
        "the phrases that the person keeps, in a kit that runs",
        uses=("runtime",),
        example="phrases add See you on Sunday.",
    )
    parts = whole.add_subparsers(metavar="WHAT", help="what to do; without it, list")
    command(parts, "list", calls.phrases_list, "list the phrases", uses=("runtime",), example="phrases list")
    for name, does, explained in (
        ("add", calls.phrases_add, "keep a phrase; it stands under Phrases, and higher the more it is said"),
        ("remove", calls.phrases_remove, "remove a phrase, as `vybor phrases list` has it"),
    ):
        part = command(
            parts, name, does, explained, uses=("runtime",), example=f"phrases {name} See you on Sunday."
        )
        part.add_argument("words", nargs="+", metavar="WORD", help="the phrase")
