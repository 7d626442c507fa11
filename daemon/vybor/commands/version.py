"""Which Vybor this is."""

from importlib import metadata


def version() -> str:
    """The version of the installed package; a checkout has none of its own."""
    try:
        return metadata.version("vybor")
    except metadata.PackageNotFoundError:
        return "(a checkout)"
