"""What an adapter for sentences is worth, from its folder back into it: `measured.json`, and lines for people."""

from contextlib import closing

import msgspec

from vybor.foundation.clock import SystemClock
from vybor.generator.network.bundle import open_bundle
from vybor.generator.notes.topics import Commonness
from vybor_workshop import materials, words
from vybor_workshop.dataset.examples import Part
from vybor_workshop.frames import kept, measuring
from vybor_workshop.frames.kept import FramesError, Made, Measured
from vybor_workshop.materials import Say
from vybor_workshop.model import build
from vybor_workshop.model import recipe as recipes
from vybor_workshop.places import place_errors
from vybor_workshop.retrain import wishes
from vybor_workshop.retrain.preparing import How
from vybor_workshop.retrain.retraining import WEIGHTS


class Wish(msgspec.Struct, frozen=True):
    """How much is measured, and by how many threads."""

    sentences: int | None = None
    """None: all that were kept back."""
    minutes: float | None = None
    threads: int | None = None


def measure(made: Made, how: How, wish: Wish, say: Say) -> Measured:
    """Measure it on what was kept back, and keep the figures. Raises VyborError."""
    card = kept.card_of(made)
    if not made.adapter.is_dir():
        raise FramesError(
            f"the adapter {made.name} is not trained yet; go on with `vybor-workshop frames train --resume`"
        )
    held = [pair for pair in kept.pairs_of(made, card) if pair.part is Part.HELD][: wish.sentences]
    recipe = recipes.load(how.recipe or card.recipe)
    bundle = open_bundle(build.build(recipe, how.cache, None, say, how.given))
    common = Commonness(lambda language: words.build(None, how.cache, say, language))
    say(f"looking for {len(held)} sentences that were kept back, without the adapter and with it")
    with closing(common):
        subject = measuring.Subject(bundle, made.adapter, card.language, common, wish.threads or wishes.cores())
        if wish.minutes:
            subject = msgspec.structs.replace(subject, minutes=wish.minutes)
        count, found = measuring.measure(subject, held, SystemClock(), say)
    with place_errors(made.folder):
        sha256 = materials.sha256_of(made.adapter / WEIGHTS)
        measured = Measured(adapter_sha256=sha256, sentences=count, figures=found)
        kept.put(made.measured, measured)
    return measured


def told(measured: Measured) -> list[str]:
    """The figures in lines. Pure."""
    found = measured.figures
    rows = [
        (name, found[f"right_{name}"], found[f"right_after_one_{name}"], found[f"two_words_agree_{name}"])
        for name in (measuring.OFF, measuring.ON)
    ]
    lines = [
        f"{name:8} the sentence is there: {right:.1%} (after one word {one:.1%}); its first two words: {two:.1%}; "
        f"{found[f'ms_{name}']:.0f} ms an answer"
        for name, right, one, two in rows
    ]
    verdict = "surely more often" if measured.is_better else "not surely more often: it is not worth sending"
    gain, low, high = found["gain"], found["gain_low"], found["gain_high"]
    return [
        *lines,
        f"gain     {gain:+.1%} of {measured.sentences} sentences ({low:+.1%} to {high:+.1%}): {verdict}",
    ]
