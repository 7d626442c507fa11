"""What is on a screen, as a file."""

import os
from contextlib import suppress
from pathlib import Path

from vybor.contracts import messages as m
from vybor.display.drawing.surface import Surface
from vybor.foundation.errors import Missing


def answer(command: m.SavePicture, window: Surface) -> m.Done | m.Refused:
    """Write the picture, whole or not at all."""
    problem = save(Path(command.path), window)
    return m.Refused(request=command.request, reason=problem) if problem else m.Done(request=command.request)


def save(path: Path, window: Surface) -> str:
    """Write the picture, whole or not at all; returns why it could not be written, or nothing."""
    if not path.is_absolute():
        return f"the picture {path} has no folder; name its whole path"
    unfinished = path.with_name(f".{path.name}.{os.getpid()}") if path.name else path
    try:
        unfinished.write_bytes(window.picture())
        unfinished.replace(path)
    except Missing as error:
        return str(error)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        with suppress(OSError, ValueError):
            unfinished.unlink()
        reason = error.strerror if isinstance(error, OSError) else error
        return f"the picture {path} cannot be written ({reason}); name a folder that can be written to"
    return ""
