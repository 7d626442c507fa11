"""What a person accepted on the screen after a fitting: whoever looks at the settings must see what holds."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from vybor.doctor.findings import Findings, note
from vybor.foundation import fitted
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings

FORGET = "`vybor fit --forget` lets the settings hold"


def fitted_there(places: Places, settings: Settings) -> Findings:
    """A note for each value that holds in place of a setting."""
    return (note(f"fitted: {line}") for line in told(places, settings))


def told(places: Places, settings: Settings) -> Iterator[str]:
    """A sentence for each value, or why nobody can tell."""
    path = _there(places)
    try:
        values = fitted.holding(fitted.read(path).values, settings)
    except PermissionError:
        yield f"what was accepted on the screen only the kit may read ({path.parent}); sudo sees more"
    except fitted.UNREADABLE:
        yield f"{path} cannot be read, and nothing of it holds; {FORGET}"
    else:
        for value in values:
            yield (
                f"{value.key} = {_toml(value.value)} was accepted on the screen, in place of {_toml(value.was)}; "
                f"{FORGET}"
            )


def _there(places: Places) -> Path:
    """The deciding process's folder is its own where systemd runs it."""
    own = places.state / "core" / places.fitted.name
    try:
        return own if own.exists() else places.fitted
    except PermissionError:
        return own


def _toml(value: bool | float) -> str:
    return msgspec.json.encode(value).decode()
