"""Removes the looks that are kept, with or without a camera."""

from pathlib import Path

LOOKS = "looks"
"""Their folder, in the state of this process."""


def forget_looks(state: Path) -> str:
    """Remove them all, halves of files too; why not, or nothing."""
    try:
        for file in sorted((state / LOOKS).glob("*")):
            file.unlink()
    except OSError as error:
        return f"the looks in {state / LOOKS} cannot be removed ({error.strerror}); remove that folder"
    return ""
