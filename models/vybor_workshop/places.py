"""Where the workstation keeps what is its own."""

from collections.abc import Mapping
from pathlib import Path


def default_home(environ: Mapping[str, str]) -> Path:
    """XDG's data folder, or its default."""
    data = environ.get("XDG_DATA_HOME") or Path(environ.get("HOME", "/")) / ".local/share"
    return Path(data) / "vybor-workshop"


def anywhere(url: str) -> str:
    """The same place, a path or a store's URL, named from any folder."""
    return url if "://" in url or "::" in url else str(Path(url).absolute())
