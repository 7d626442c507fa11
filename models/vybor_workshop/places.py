"""Where the workstation keeps what is its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from vybor.foundation.errors import PlaceError
from vybor.foundation.small_files import sync_folder


def default_home(environ: Mapping[str, str]) -> Path:
    """XDG's data folder, or its default."""
    data = environ.get("XDG_DATA_HOME") or Path(environ.get("HOME", "/")) / ".local/share"
    return Path(data) / "vybor-workshop"


def make(folder: Path) -> None:
    """A folder for its owner alone, and those above it, so that a power cut leaves them there. Raises OSError."""
    if not folder.is_dir():
        make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)


def anywhere(url: str) -> str:
    """The same place, a path or a store's URL, named from any folder."""
    return url if "://" in url or "::" in url else str(Path(url).absolute())


@contextmanager
def place_errors(place: Path, remedy: str = "see that it is yours and has room") -> Iterator[None]:
    """Raises PlaceError for what the disk refuses of a folder or a file."""
    try:
        yield
    except OSError as error:
        raise PlaceError(f"{place} cannot be read or written ({error.strerror}); {remedy}") from None
