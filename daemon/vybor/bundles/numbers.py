"""Bundles that bring numbers alone: one small file of JSON, checked field by field before anything else is done.

Whoever adds a part (a gaze model) adds its row here and its kind to the manifest.
"""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from vybor.bundles import manifest as manifests
from vybor.bundles.manifest import Kind
from vybor.bundles.refusals import Absurd
from vybor.contracts.numbers import CountsNumbers, InterestNumbers, Numbers, SignsNumbers
from vybor.foundation.decoding import NOT_UNDERSTOOD

(FILE,) = manifests.NUMBERS_ALONE
FORMS: Mapping[Kind, type[Numbers]] = MappingProxyType(
    {Kind.INTEREST: InterestNumbers, Kind.COUNTS: CountsNumbers, Kind.SIGNS: SignsNumbers}
)
"""One row a part."""


def written(numbers: Numbers) -> bytes:
    """The file's content. Raises Absurd for numbers that no kit would take."""
    content = msgspec.json.format(msgspec.json.encode(numbers), indent=1) + b"\n"
    read(next(kind for kind, form in FORMS.items() if isinstance(numbers, form)), content)
    return content


def read(kind: Kind, content: bytes) -> Numbers:
    """What the file says. Raises Absurd for what are no numbers, not these, or beyond their bounds."""
    try:
        return msgspec.json.decode(content, type=FORMS[kind])
    except NOT_UNDERSTOOD as error:
        raise Absurd(
            f"the bundle's {kind} has numbers that cannot be ({error}); fit them again with "
            "`vybor-workshop personal fit`"
        ) from None
