"""What a bundle says of itself, and what each kind of bundle may hold. Pure."""

import re
from enum import StrEnum
from typing import Annotated

import msgspec

from vybor.bundles.refusals import AnotherVersion, Damaged
from vybor.foundation.decoding import NOT_UNDERSTOOD

SCHEMA = 1
"""Of the manifest. A kit refuses a higher one."""
UPDATE = "update Vybor on the kit"
MOST_SERIAL = 999_999

Hex32 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
KitNumber = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
Serial = Annotated[int, msgspec.Meta(ge=1, le=MOST_SERIAL)]
Bytes = Annotated[int, msgspec.Meta(ge=0, le=2**33)]
FileName = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,99}\Z")]
"""Of a plain file in one folder: no way leads out of it."""
Told = Annotated[str, msgspec.Meta(pattern=r"^[\w .,:+'()-]{0,60}\Z")]
"""It may stand on the kit's screen."""


FILE_NAME = re.compile(r"[0-9a-f]{8}-(?P<serial>[0-9]{6})-(?P<size>[0-9]{1,10})\.bundle")
"""On its way: whoever sees a file of another size sees that not all of it is there, and need not look into it."""


class Kind(StrEnum):
    """What a bundle brings."""

    ADAPTER = "adapter"
    """What a person's own words add to a model: a PEFT directory, as generator/network/adapter.py reads it."""
    MODEL = "model"
    """A whole model: the folder that `vybor-workshop model build` makes."""
    INTEREST = "interest"
    """Numbers of one person: how interest moves the model's words (bundles/numbers.py)."""
    COUNTS = "counts"
    """Numbers of one person: what their own counts weigh, and what of them is kept."""
    SIGNS = "signs"
    """Numbers of one person: what their blinks and clenches are like, and how far they are believed."""
    FRAMES = "frames"
    """What makes whole sentences from key words: an adapter too, that is worn for them alone."""


class Contents(msgspec.Struct, frozen=True):
    """What a bundle of one kind holds."""

    needs: frozenset[str]
    may_have: frozenset[str]
    most_bytes: int
    """Of all its files together."""
    is_put_on: bool
    """On a model that is there: then it must be the one that it was made for."""


NUMBERS_ALONE, MOST_OF_NUMBERS = frozenset({"numbers.json"}), 16 * 2**10
CONTENTS = {
    # r = 4 on all linears: 2.5 MB for SmolLM2-135M in 16 bits, 12.6 MB for TinyLlama 1.1B in 32
    Kind.ADAPTER: Contents(
        frozenset({"adapter_config.json", "adapter_model.safetensors"}), frozenset(), 32 * 2**20, is_put_on=True
    ),
    # 1.7 billion weights in 8 bits are 1.9 GB; a kit's card has no room for more
    Kind.MODEL: Contents(
        frozenset({"manifest.json", "model.onnx", "model.onnx.data", "tokenizer.json"}),
        frozenset({"model.adapted.onnx"}),
        4 * 2**30,
        is_put_on=False,
    ),
    # what words mean is in the model's own embedding: fitted on another one, the numbers say nothing
    Kind.INTEREST: Contents(NUMBERS_ALONE, frozenset(), MOST_OF_NUMBERS, is_put_on=True),
    Kind.COUNTS: Contents(NUMBERS_ALONE, frozenset(), MOST_OF_NUMBERS, is_put_on=False),
    Kind.SIGNS: Contents(NUMBERS_ALONE, frozenset(), MOST_OF_NUMBERS, is_put_on=False),
    Kind.FRAMES: Contents(
        frozenset({"adapter_config.json", "adapter_model.safetensors"}), frozenset(), 32 * 2**20, is_put_on=True
    ),
}
"""One row a kind."""
OF_NOBODY = frozenset({Kind.MODEL, Kind.FRAMES})
"""They have learned nothing from the person, so nothing that is deleted is in them."""


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file of it."""

    name: FileName
    size: Bytes
    """In bytes."""
    sha256: Hex32


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the workstation signs."""

    kind: Kind
    kit: KitNumber
    """For which it is."""
    serial: Serial
    """Grows with each bundle that a kit is sent, of whatever kind."""
    base: Hex32
    """The hash of the weights that it wants, or that a model was built from."""
    growth: Annotated[int, msgspec.Meta(ge=0, le=MOST_SERIAL)] = 0
    """The retraining that it comes from, as the workstation counts them; 0: from none."""
    deletions: Annotated[int, msgspec.Meta(ge=0)] = 0
    """So many deletions of the kit were known when it was trained."""
    name: Told = ""
    """What it is called, for people."""
    at: Told = ""
    """UTC in ISO 8601, for people."""
    figures: dict[str, float] = {}
    """What the gate measured."""
    files: tuple[File, ...] = ()
    packed_bytes: Bytes = 0
    """Of all that stands behind the manifest…"""
    packed_sha256: Hex32 = "0" * 64
    """…and its hash: it is checked before any of it is unpacked."""
    schema: int = SCHEMA


class _Form(msgspec.Struct):
    schema: int
    kind: str


_encode = msgspec.json.Encoder().encode
_manifest = msgspec.json.Decoder(Manifest)
_form = msgspec.json.Decoder(_Form)


def written(manifest: Manifest) -> bytes:
    """What is signed."""
    return _encode(manifest)


def read(content: bytes) -> Manifest:
    """What a manifest says, once its signature was checked. Raises AnotherVersion, Damaged."""
    try:
        form = _form.decode(content)
        if form.schema > SCHEMA:
            raise AnotherVersion(
                f"the bundle has form {form.schema}, and this version knows form {SCHEMA}; {UPDATE}"
            )
        if form.kind not in tuple(Kind):
            raise AnotherVersion(
                f"the bundle brings {form.kind[:40]!r}, which this version does not know; {UPDATE}"
            )
        found = _manifest.decode(content)
    except NOT_UNDERSTOOD as error:
        raise Damaged(f"the bundle's manifest cannot be understood ({error}); publish it again") from None
    check(found)
    return found


def check(manifest: Manifest) -> None:
    """Whether the files that it names are those of its kind, and not too large. Raises Damaged."""
    contents = CONTENTS[manifest.kind]
    names = [file.name for file in manifest.files]
    if missing := sorted(contents.needs - set(names)):
        raise Damaged(f"the bundle's {manifest.kind} lacks {missing[0]}; publish it again")
    if others := sorted(set(names) - contents.needs - contents.may_have):
        raise Damaged(
            f"the bundle's {manifest.kind} has {others[0]}, which is none of its files; publish it again"
        )
    if len(set(names)) < len(names):
        raise Damaged(f"the bundle's {manifest.kind} names a file twice; publish it again")
    size = sum(file.size for file in manifest.files)
    if size > contents.most_bytes:
        raise Damaged(
            f"the bundle's {manifest.kind} has {size / 1e6:.0f} MB, and at most {contents.most_bytes / 1e6:.0f} "
            "are allowed; make it smaller"
        )


def file_name(manifest: Manifest, size: int) -> str:
    """What the file is called on its way: the beginning of the kit's number, the serial, and its bytes."""
    return f"{manifest.kit[:8]}-{manifest.serial:06}-{size}.bundle"


def arrived_name(serial: int) -> str:
    """What it is called where it has arrived."""
    return f"{serial:06}.bundle"
