"""The errors of the house, one short tree.

    VyborError                 says in one sentence what is wrong and how to mend it; ends a process
    ├── SettingsError          a line of the configuration cannot be understood
    ├── AddressInUse           another process of the same name runs in this folder
    ├── PlaceError             a folder or file cannot be read or written
    └── Missing                something that was asked for by name is not there

A trouble that a running kit can live with is no exception: it is a `Notice` in the process's `Health`.
"""


class VyborError(Exception):
    """Its text is one sentence for people: the thing, and the remedy."""

    exit_code = 70  # EX_SOFTWARE


class SettingsError(VyborError):
    """A line of the configuration cannot be understood."""

    exit_code = 78  # EX_CONFIG


class AddressInUse(VyborError):
    """Another process of the same name runs in this folder."""

    exit_code = 75  # EX_TEMPFAIL


class PlaceError(VyborError):
    """A folder or file cannot be read or written."""

    exit_code = 73  # EX_CANTCREAT


class Missing(VyborError):
    """Something that was asked for by name is not there."""

    exit_code = 69  # EX_UNAVAILABLE
