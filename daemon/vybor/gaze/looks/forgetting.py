"""Removes the looks that are kept, with or without a camera."""

from pathlib import Path

from vybor.foundation import small_files

LOOKS = "looks"
"""Their folder, in the state of this process."""


def forget_looks(folder: Path) -> str:
    """Remove all that is in their folder, halves of files too; why not, or nothing."""
    try:
        small_files.remove(*(sorted(folder.iterdir()) if folder.is_dir() else ()))
    except OSError as error:
        return f"the looks in {folder} cannot be removed ({error.strerror}); remove that folder"
    return ""
