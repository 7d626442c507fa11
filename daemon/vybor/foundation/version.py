"""Which Vybor this is."""

A_CHECKOUT = "(a checkout)"


def version(otherwise: str = A_CHECKOUT) -> str:
    """The version of the installed package; a checkout that nobody has installed has none of its own."""
    from importlib import metadata  # noqa: PLC0415  (3 MB in every process of the kit; few of them ask)

    try:
        return metadata.version("vybor")
    except metadata.PackageNotFoundError:
        return otherwise
