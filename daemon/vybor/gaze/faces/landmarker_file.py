"""The file of MediaPipe's face landmarker: which bytes it must have."""

import hashlib
from pathlib import Path

from vybor.foundation.errors import Missing
from vybor.foundation.places import how_to_get

SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"


def read(path: Path) -> bytes:
    """The file's content; raises Missing if it is not there or is not the one that the kit was tested with."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Missing(
            f"the face landmarker {path} cannot be read ({error.strerror}); {how_to_get(path)}"
        ) from None
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256:
        raise Missing(
            f"the face landmarker {path} has the hash {digest[:16]}…, not {SHA256[:16]}…; delete it and "
            f"{how_to_get(path)}"
        )
    return content
