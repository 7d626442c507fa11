"""All of a retraining in order: refuse, cut, train, try, keep."""

import contextlib
import fcntl
import shutil
from collections.abc import Iterator, Mapping

import msgspec

from vybor.bundles.manifest import Kind
from vybor.foundation import small_files
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import AddressInUse
from vybor_workshop import json_files, materials
from vybor_workshop.growth import Growth
from vybor_workshop.materials import Say
from vybor_workshop.model import build
from vybor_workshop.places import place_errors
from vybor_workshop.retrain import feeding, plots, trying
from vybor_workshop.retrain.following import Following
from vybor_workshop.retrain.preparing import How, Ready, ready
from vybor_workshop.retrain.refusing import Refused
from vybor_workshop.retrain.torch import TRAINS
from vybor_workshop.retrain.wishes import Training

WEIGHTS = "adapter_model.safetensors"
TRIED_TOKENS = 64


def retrain(growth: Growth, changed: Mapping[str, object], how: How, say: Say) -> Training:
    """Train the adapter of a growth. `changed`: the wishes that differ from the usual. Raises VyborError.

    Whatever interrupts it, there is no adapter, or a whole one that the kit's runtime has put on.
    """
    with _alone(growth):
        prepared = ready(growth, changed, how, say)
        python = TRAINS.python(how.cache, say)
        with place_errors(growth.folder, "make room, and go on with --resume"):
            feeding.clear(growth.folder, resume=how.resume)
            json_files.write(growth.training, prepared.training)
            following = Following(say, SystemClock())
            try:
                feeding.train(prepared.settings(growth, how), prepared.texts, python, following)
            except KeyboardInterrupt:
                following.interrupted("--resume")
                raise
            return _kept(growth, prepared, how, following, say)


@contextlib.contextmanager
def _alone(growth: Growth) -> Iterator[None]:
    with growth.lock.open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AddressInUse(f"growth {growth.name} is being trained already; wait for that to end") from None
        yield


def _kept(growth: Growth, prepared: Ready, how: How, following: Following, say: Say) -> Training:
    """Try the adapter, and let it be the growth's. Raises Refused where it is no gain."""
    told = feeding.losses(growth.folder)
    before, best = plots.points(told)[plots.LATER].get(0), following.best
    if before is not None and best is not None and best >= before:
        raise Refused(
            f"nothing was learned that holds on later sentences ({best:.3f} nats a token, and {before:.3f} "
            "before); no adapter was made; wait until more has been written"
        )
    made = growth.checkpoints / "adapter"
    say("trying it on as the kit does")
    bundle = build.build(prepared.recipe, how.cache, None, say, how.given)
    longest = max((text.tokens for text in prepared.texts), key=len)[:TRIED_TOKENS]
    changes = trying.check(bundle, made, Kind.ADAPTER, longest, prepared.training.wishes.threads)
    training = msgspec.structs.replace(
        prepared.training,
        adapter_sha256=materials.sha256_of(made / WEIGHTS),
        outcome=feeding.outcome(following, before, changes),
    )
    plots.save(growth.plots, told)
    json_files.write(growth.training, training)
    made.rename(growth.adapter)
    small_files.sync_folder(growth.folder)
    shutil.rmtree(
        growth.checkpoints
    )  # nothing goes on from them any more, and they have learned of the person too
    return training
