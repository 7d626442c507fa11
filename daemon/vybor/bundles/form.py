"""What stands before a bundle's files: a line that says what it is, and the manifest with its signature."""

from typing import BinaryIO

import msgspec
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from vybor.bundles import manifest as manifests
from vybor.bundles.manifest import Manifest
from vybor.bundles.refusals import AnotherVersion, CutOff, Damaged, NotSigned
from vybor.foundation.decoding import NOT_UNDERSTOOD

BEGINS, FORM = b"vybor bundle ", b"1\n"
LONGEST_LINE = 65_536
AGAIN = "send it again"
CUT = f"the bundle was cut off; {AGAIN}"


class _Signed(msgspec.Struct, frozen=True):
    manifest: msgspec.Raw
    signature: str


_encode = msgspec.json.Encoder().encode
_signed = msgspec.json.Decoder(_Signed)


def head(manifest: Manifest, key: SigningKey) -> bytes:
    """Both lines."""
    told = manifests.written(manifest)
    signature = key.sign(BEGINS + FORM + told).signature.hex()
    return BEGINS + FORM + _encode(_Signed(msgspec.Raw(told), signature)) + b"\n"


def verified(whole: BinaryIO, by: VerifyKey) -> Manifest:
    """Read and check what stands before the files. Raises Refused."""
    _check_first(whole.read(len(BEGINS + FORM)))
    line = whole.readline(LONGEST_LINE)
    if len(line) == LONGEST_LINE:
        raise Damaged(f"the bundle's manifest is far too long; {AGAIN}")
    if not line.endswith(b"\n"):
        raise CutOff(CUT)
    try:
        signed = _signed.decode(line)
        by.verify(BEGINS + FORM + bytes(signed.manifest), bytes.fromhex(signed.signature))
    except BadSignatureError:
        raise NotSigned(
            "the bundle was not signed by the workstation that this kit is paired with; publish it there"
        ) from None
    except (*NOT_UNDERSTOOD, ValueError) as error:
        raise Damaged(f"the bundle's manifest is damaged ({error}); {AGAIN}") from None
    return manifests.read(bytes(signed.manifest))


def _check_first(line: bytes) -> None:
    """Raises Refused."""
    if len(line) < len(BEGINS + FORM) and (BEGINS + FORM).startswith(line):
        raise CutOff(CUT)
    if not line.startswith(BEGINS):
        raise Damaged("this is no bundle of Vybor's; make one with `vybor-workshop publish`")
    if line[len(BEGINS) :] != FORM:
        raise AnotherVersion(f"the bundle has another form than this version knows; {manifests.UPDATE}")
