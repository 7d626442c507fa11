"""`vybor-workshop …`: one row a command. What a command needs is loaded when it runs."""

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from vybor.foundation import ending
from vybor.foundation.errors import PlaceError
from vybor.foundation.grammar import Parser
from vybor.foundation.progress import on_stderr
from vybor_workshop.dataset import cli as dataset
from vybor_workshop.evaluate import cli as evaluate
from vybor_workshop.frames import cli as frames
from vybor_workshop.gate import cli as gate
from vybor_workshop.kits import grammar
from vybor_workshop.log import cli as log
from vybor_workshop.personal import cli as personal
from vybor_workshop.publish import cli as publish
from vybor_workshop.retrain import cli as retrain

Parsed = argparse.Namespace
RECIPE = "smollm2-135m"
"""The model that a kit starts with."""


class Command(msgspec.Struct, frozen=True):
    """One row of the table."""

    words: tuple[str, ...]
    """How it is called: `model build` is two words."""
    explained: str
    run: Callable[[Parsed], int]
    arguments: Callable[[argparse.ArgumentParser], None]


def _model_build_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "recipe",
        nargs="?",
        default=RECIPE,
        metavar="RECIPE",
        help="a name out of models/recipes, or the path of a recipe (%(default)s)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="the bundle's folder; without it, one in the cache"
    )
    parser.add_argument(
        "--source",
        type=Path,
        metavar="PATH",
        help="weights that you have, where the recipe asks for them: a Hugging Face directory or a GGUF file",
    )
    parser.add_argument(
        "--accept-terms",
        action="store_true",
        help="you have read the weights' terms of use, and accept them",
    )
    parser.add_argument(
        "--reference",
        action="store_true",
        help="hold the model against the same weights in 32 bits (fetches torch and transformers the first time)",
    )


def _model_build(parsed: Parsed) -> int:
    from vybor_workshop.model import build, recipe, reference  # noqa: PLC0415  (numpy, onnx, gguf, onnxruntime)

    wanted = recipe.load(parsed.recipe)
    given = recipe.Given(source=parsed.source, accepts_terms=parsed.accept_terms)
    made = build.build(wanted, parsed.cache, parsed.out, on_stderr, given)
    if parsed.reference:
        on_stderr(
            reference.compare(made, wanted.fetch(parsed.cache, on_stderr, given), parsed.cache, on_stderr).told()
        )
    print(made)
    return 0


def _words_build_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", default="en", metavar="LANGUAGE", help="en or ru")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where to put it; without it, it stays in the cache"
    )


def _words_build(parsed: Parsed) -> int:
    from vybor_workshop import words  # noqa: PLC0415  (wordfreq)

    print(words.build(parsed.out, parsed.cache, on_stderr, parsed.language))
    return 0


def _share_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for the kit's --share")
    parser.add_argument("--link", action="store_true", help="link into the cache instead of copying out of it")


def _share(parsed: Parsed) -> int:
    from vybor_workshop import share  # noqa: PLC0415  (everything that builds)

    put = share.link if parsed.link else share.copy
    share.fill(parsed.out.absolute(), parsed.cache.absolute(), on_stderr, put)
    print(parsed.out)
    return 0


def _model_list(_parsed: Parsed) -> int:
    from vybor_workshop.model import recipe  # noqa: PLC0415  (the kit's own bundles, which only this needs)

    print("\n".join(recipe.listed()))
    return 0


COMMANDS = (
    Command(
        ("model", "list"),
        "list the recipes: languages, room on the kit, licence, and what you must have or accept",
        _model_list,
        lambda _parser: None,
    ),
    Command(
        ("model", "build"),
        "build a language model's bundle from a recipe: GGUF or safetensors to ONNX in 8 or 4 bits, without torch",
        _model_build,
        _model_build_arguments,
    ),
    Command(("words", "build"), "build the word list of the instant tier", _words_build, _words_build_arguments),
    Command(("share",), "build all that a kit needs beside its code, in one folder", _share, _share_arguments),
    *(Command(*row) for row in grammar.ROWS),
    *(Command(*row) for row in log.ROWS),
    *(Command(*row) for row in dataset.ROWS),
    *(Command(*row) for row in retrain.ROWS),
    *(Command(*row) for row in evaluate.ROWS),
    *(Command(*row) for row in gate.ROWS),
    *(Command(*row) for row in personal.ROWS),
    *(Command(*row) for row in publish.ROWS),
    *(Command(*row) for row in frames.ROWS),
)
GROUPS = {
    "model": "the language model",
    "words": "the word lists",
    "kit": "the kits that are paired",
    "log": "what kits wrote",
    "personal": "numbers of one person; none of their eyes: looks stay on the kit, and so does the fit to them",
    "frames": "sentences from key words",
}
"""What the first of two words stands for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; an error is one sentence on stderr and its exit code."""
    parsed = parser().parse_args(arguments)
    command: Command = parsed.command
    return ending.exit_code("vybor-workshop", lambda: _run(command, parsed))


def _run(command: Command, parsed: Parsed) -> int:
    """A place that a command did not foresee, somebody else's or on a dying disk, gets a sentence too."""
    try:
        return command.run(parsed)
    except OSError as error:
        if error.filename is None:  # that of a pipe, or of standard output
            raise
        raise PlaceError(
            f"{error.filename} cannot be used ({error.strerror}); see that it is yours, and mend that"
        ) from error


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line, from the table."""
    top: argparse.ArgumentParser = Parser(
        prog="vybor-workshop",
        description="Builds what a kit needs beside its code, and fetches what kits have written.",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    groups: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}
    for command in COMMANDS:
        *group, name = command.words
        among = commands
        for word in group:
            if word not in groups:
                explained = GROUPS[word]
                opened = commands.add_parser(word, help=explained, description=_sentence(explained))
                groups[word] = opened.add_subparsers(required=True, metavar="COMMAND")
            among = groups[word]
        made = among.add_parser(name, help=command.explained, description=_sentence(command.explained))
        command.arguments(made)
        made.add_argument(
            "--cache",
            type=Path,
            default=default_cache(os.environ),
            metavar="DIR",
            help="folder of what was fetched and built before (%(default)s)",
        )
        made.set_defaults(command=command)
    return top


def default_cache(environ: Mapping[str, str]) -> Path:
    """XDG's cache folder, or its default."""
    return Path(environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME", "/")) / ".cache") / "vybor"


def _sentence(explained: str) -> str:
    return f"{explained[:1].upper()}{explained[1:]}."
