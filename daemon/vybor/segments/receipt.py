"""A receipt: the workstation has these segments, checked, ingested and on its disk; signed, so the kit prunes."""

import msgspec
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from vybor.foundation.decoding import NOT_UNDERSTOOD

ENDING = ".receipt"


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the workstation says it has."""

    kit: str
    segments: tuple[str, ...]
    """Names."""
    at: str
    """UTC in ISO 8601, for people."""


class _Signed(msgspec.Struct, frozen=True):
    receipt: msgspec.Raw
    signature: str
    """Ed25519 over the receipt's bytes as they stand here, in hex."""


_encode = msgspec.json.Encoder().encode
_signed = msgspec.json.Decoder(_Signed)
_receipt = msgspec.json.Decoder(Receipt)


def signed(receipt: Receipt, by: SigningKey) -> bytes:
    """The file."""
    told = _encode(receipt)
    return _encode(_Signed(msgspec.Raw(told), by.sign(told).signature.hex()))


def read(content: bytes, by: VerifyKey, kit: str) -> Receipt:
    """What a file says. Raises ValueError with a sentence for what is none, or was signed by somebody else."""
    try:
        told = _signed.decode(content)
        by.verify(bytes(told.receipt), bytes.fromhex(told.signature))
        receipt = _receipt.decode(told.receipt)
    except BadSignatureError as error:
        raise ValueError("it was not signed by the workstation that this kit is paired with") from error
    except (*NOT_UNDERSTOOD, ValueError) as error:
        raise ValueError(f"it is no receipt: {error}") from error
    if receipt.kit != kit:
        raise ValueError("it is a receipt for another kit")
    return receipt
