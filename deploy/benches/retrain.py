"""What an adapter of a person's own text is worth beside the base with their counts, and what it costs to make."""

import argparse
import math
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
import wordfreq

from benches import options, report, retrain_figures, retrain_person
from benches.person import NOT_FINISHED, cache
from benches.report import Origin
from benches.retrain_cells import Cells, Model, Run, Text
from benches.retrain_cycles import Arm, Cycles
from benches.retrain_figures import Seat
from benches.retrain_keeping import Keeping
from benches.retrain_measuring import Measures
from benches.retrain_person import Mind
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import Missing, VyborError
from vybor.foundation.places import Places
from vybor.foundation.progress import on_stderr
from vybor.generator.network.bundle import open_bundle
from vybor_workshop import materials, words, words_corpus
from vybor_workshop.dataset.growing import DEFAULT
from vybor_workshop.evaluate import texts
from vybor_workshop.evaluate.texts import Texts, is_for_tuning, is_kept_back
from vybor_workshop.retrain.preparing import How
from vybor_workshop.retrain.wishes import Wishes

PERSONS, SEEDS, EVENTS, WRITTEN = 3, 3, 500, 40
SEED = 1
"""Of who is killed, and when."""
LEAST_PERSONS = 2
"""One has an adapter of somebody else put on."""
EPILOG = """
Simulated people have the text of writers of the conversation corpus whom nobody trains with; the word list here
does not count them either. Each of them says --events sentences through the kit's own decision, taking the first
tile that agrees with what they mean: nothing that orders tiles is asked. The record of that goes through the
workshop's own dataset and retrain, is signed, and is measured with what evaluate measures with, on the last 15 %
of the sentences. A person's own sentences are the same with each seed; their slips, their eyes and the training's
dice are not. Every training and every measurement is kept; a run that was ended, by --minutes or otherwise, goes
on when the same command is given again, and figures are those of what is done. With --keep also on another
machine: who is done stands in that file, as numbers without any text.

Figures, models being base (the base, with the person's counts and what they said lately), own, swapped (another
person's adapter, of as much text) and shuffled (of the same words, each anywhere): ksr.MODEL, accept_at_1.MODEL,
distinct_2.MODEL, ppl_{user,others,general}.MODEL; ksr_gain_over_ngram (own less base, points),
ksr_gain_over_swapped and ksr_gain_over_shuffled, each with .low and .high (95 %, paired, sentences resampled);
ppl_user_ratio, ppl_others_ratio, ppl_general_ratio (own to base, .high), ppl_user_over_others_ratio; leaks;
dataset_train_sign_s (the longest of those that were never interrupted; timed: so many), peak_mb (the most of all),
adapter_bytes, swap_s (longest), ratio.decode_with_adapter, off_is_exact; seats (persons with a seed that are
done), trained, no_adapter (of which nothing held on later days), sentences (written again), events.

--cycles N: of --events sentences in all, a part a cycle, written with the model by a person who takes the first
word that is offered in three of ten places where the meant one is not. Everything said so far is retrained on
after each cycle; the same is also written with the model as it came. From the second cycle on, with HABIT one of
own_words (the meant ones, of all), rare_words, length (words of a sentence) and distinct_2: cycles.HABIT.grown and
.frozen, and cycles.HABIT.change with .low and .high (95 %, paired). No gate stands between: what is trained is
worn.

--kills N trains nothing: kills.sent.{publish,rsync,sync} (with .missed: it had ended before the signal came), of
which kills.sent.halves (half a bundle with a whole one's name) and kills.sent.lost; kills.install, after which the
kit always answered and in which it had each model (else the bench ends), of which kills.install.strange (other
models than the one it came with, the old and the new one) and kills.install.worn (how many the list calls worn at
the end: 1).
"""


def main() -> None:
    """Train, measure, and say what it is worth."""
    parsed = _parser().parse_args()
    try:
        done = Done(killed(parsed.kills)) if parsed.kills else _begun(parsed)
    except VyborError as error:
        on_stderr(f"bench: {error}")
        sys.exit(error.exit_code)
    report.write("retrain", done.figures, parsed.json, left=done.left, origins=done.origins)
    if done.left:
        on_stderr(f"bench: {done.left} steps are left; give the same command to go on")
        sys.exit(NOT_FINISHED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deploy/bench retrain",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--share", type=Path, required=True, help=argparse.SUPPRESS)
    add("--persons", type=options.positive, default=PERSONS, metavar="N", help=f"who write ({PERSONS})")
    add("--seeds", type=options.positive, default=SEEDS, metavar="N", help=f"times with other dice ({SEEDS})")
    add("--events", type=options.positive, default=EVENTS, metavar="N", help=f"sentences of each ({EVENTS})")
    add(
        "--sentences",
        type=options.positive,
        default=WRITTEN,
        metavar="N",
        help=f"of those kept back, so many are written again, the newest ({WRITTEN})",
    )
    add(
        "--kills",
        type=options.positive,
        metavar="N",
        help="kill so often of each kind while one is sent and put on",
    )
    add(
        "--tuning",
        action="store_true",
        help="people of another tenth of the writers, to choose by how it learns: no figure of its worth",
    )
    add(
        "--wish",
        type=wish,
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="learn otherwise, by a name in training.json (kl_weight=2); its cells are its own",
    )
    add("--threads", type=options.positive, default=2, metavar="N", help="cores of the model (2)")
    add(
        "--cycles",
        type=options.positive,
        metavar="N",
        help="one person who sometimes settles writes and is retrained so often instead, --events in all",
    )
    add(
        "--minutes",
        type=options.positive,
        metavar="M",
        help="begin nothing more after so long; go on another time",
    )
    add(
        "--keep",
        type=options.new_file,
        metavar="FILE",
        help="write who is done there; who stands there already is not done again",
    )
    add("--json", type=options.new_file, metavar="FILE", help="write the figures here")
    return parser


class Done(msgspec.Struct, frozen=True):
    """The figures of what is done."""

    figures: dict[str, float]
    left: int = 0
    """Steps."""
    origins: Collection[Origin] = ()


def _begun(parsed: argparse.Namespace) -> Done:
    """Do what is left, and say what came of all. Raises VyborError."""
    minds, run = prepared(parsed)
    folder, end_s = cache() / "bench-retrain", time.perf_counter() + 60 * (parsed.minutes or math.inf)
    told = {"events": float(parsed.events), "persons": float(parsed.persons)}
    if parsed.cycles:
        cycles = Cycles(folder, run, minds[0], parsed.cycles, on_stderr)
        left = done_until(cycle_steps(cycles, parsed.cycles), end_s)
        return Done(told | cycles.figures(), left)
    cells = Cells(folder, run, SystemClock(), on_stderr)
    keeping = Keeping(parsed.keep, run.name())
    size = (parsed.persons, parsed.seeds)
    left = done_until(steps(cells, minds, size, keeping), end_s)
    every = seats(cells, minds, size, keeping)
    return Done(told | retrain_figures.reckoned(every), left, keeping.origins(every))


def done_until(steps: Iterable[Callable[[], object]], end_s: float) -> int:
    """Do them in order, but begin none after that time; how many are left."""
    left = 0
    for do in steps:
        if time.perf_counter() > end_s:
            left += 1
        else:
            do()
    return left


def cycle_steps(cycles: Cycles, count: int) -> Iterator[Callable[[], object]]:
    """Write with both, retrain, and again."""
    for cycle in range(1, count + 1):
        for arm in Arm:
            yield lambda arm=arm, cycle=cycle: cycles.turn(arm, cycle)  # type: ignore[misc]
        if cycle < count:
            yield lambda cycle=cycle: cycles.retrain(cycle)  # type: ignore[misc]


def killed(times: int) -> dict[str, float]:
    """The figures of --kills. Raises VyborError."""
    from benches import retrain_kills  # noqa: PLC0415  (it needs what only tests need)

    return retrain_kills.figures(times, SEED)


def everybody(minds: list[Mind], size: tuple[int, int]) -> Iterator[tuple[Mind, int, Mind]]:
    """So many persons with so many seeds: who, the seed, and whose adapter is put on for comparison."""
    persons, seeds = size
    for seed in range(1, seeds + 1):
        for number in range(persons):
            yield minds[number], seed, minds[(number + 1) % len(minds)]


def steps(
    cells: Cells, minds: list[Mind], size: tuple[int, int], keeping: Keeping
) -> Iterator[Callable[[], object]]:
    """Everything that is to be done, in the order that tells most soonest; what is kept is done at once."""
    for mind, seed, donor in everybody(minds, size):
        if not keeping.known(mind.name, seed):
            yield from _steps_of_one(cells, mind, seed, donor)
            yield lambda at=(mind, seed, donor): keeping.keep(seat(cells, *at), at[1])  # type: ignore[misc]


def _steps_of_one(cells: Cells, mind: Mind, seed: int, donor: Mind) -> Iterator[Callable[[], object]]:
    yield lambda: cells.trained(mind, seed, Text.OWN)
    for model in Model:
        if model is Model.SWAPPED:
            yield lambda: cells.trained(donor, seed, Text.OWN)
        if model is Model.SHUFFLED:
            yield lambda: cells.trained(mind, seed, Text.SHUFFLED)
        yield lambda model=model: cells.measured(mind, seed, model, donor)  # type: ignore[misc]
        if model is Model.OWN:
            yield lambda: cells.worn(mind, seed)
            yield lambda: cells.leaks(mind, seed, donor)


def seats(cells: Cells, minds: list[Mind], size: tuple[int, int], keeping: Keeping) -> list[Seat]:
    """What is done of each person with each seed."""
    return [
        keeping.known(mind.name, seed) or seat(cells, mind, seed, donor)
        for mind, seed, donor in everybody(minds, size)
    ]


def seat(cells: Cells, mind: Mind, seed: int, donor: Mind) -> Seat:
    """What is done of one."""
    trained = {text: done for text in Text if (done := cells.known_trained(mind, seed, text))}
    measured = {model: made for model in Model if (made := cells.known_measured(mind, seed, model, donor))}
    both = {Model.BASE, Model.OWN} <= set(measured)
    return Seat(
        name=mind.name,
        trained=trained,
        measured=measured,
        leaks=cells.known_leaks(mind, seed),
        worn=cells.known_worn(mind, seed) if both else None,
    )


def prepared(parsed: argparse.Namespace) -> tuple[list[Mind], Run]:
    """The people, and what they are trained and measured with. Raises VyborError."""
    messages = list(words_corpus.read_chitchat(materials.fetch(words.CHITCHAT, cache(), on_stderr)))
    whose = is_for_tuning if parsed.tuning else is_kept_back
    able = retrain_person.minds(messages, len(messages), parsed.events, whose)
    if len(able) < max(parsed.persons, LEAST_PERSONS):
        raise Missing(f"{len(able)} writers have {parsed.events} sentences; take fewer --persons or --events")
    share = parsed.share.resolve()
    others = texts.others("en", cache(), on_stderr).lines
    measures = Measures(
        bundle=open_bundle(Places(runtime=share, state=share, share=share).model),
        words=word_list(messages),
        others=Texts(retrain_person.without(others, messages, {mind.name: mind for mind in able})),
        general=texts.general("en"),
        threads=parsed.threads,
        written=parsed.sentences,
    )
    run = Run(
        events=parsed.events, recipe=DEFAULT, measures=measures, how=How(cache=cache()), wishes=dict(parsed.wish)
    )
    return able[: max(parsed.persons, LEAST_PERSONS)], run


def wish(told: str) -> tuple[str, int | float]:
    """What is wished of the training. Raises ArgumentTypeError."""
    name, _, number = told.partition("=")
    known = {field.name for field in msgspec.structs.fields(Wishes) if field.type in (int, float)}
    if name not in known:
        raise argparse.ArgumentTypeError(
            f"{name} is nothing that can be wished; there are {', '.join(sorted(known))}"
        )
    try:
        return name, int(number) if number.isdecimal() else float(number)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{number or 'nothing'} is no number; say {name}=NUMBER") from None


def word_list(messages: list[tuple[str, str]]) -> Path:
    """The kit's word list without anybody who is kept back; made once."""
    origin = words.origin_of("en")
    path = cache() / "bench-retrain" / f"words-{origin.hash12}.sqlite"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(".new")
        made.unlink(missing_ok=True)
        counted = [message for message in messages if not is_kept_back(message[0])]
        frequencies: Mapping[str, float] = wordfreq.get_frequency_dict("en", "best")
        words.make(made, origin, counted, frequencies, on_stderr)
        made.rename(path)
    return path


if __name__ == "__main__":
    main()
