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
    try:
        path = (places.folder_of("core", places.fitted.name) or places.state) / places.fitted.name
        values = fitted.holding(fitted.read(path).values, settings)
    except PermissionError as error:
        hidden = Path(error.filename).parent
        yield f"what was accepted on the screen only the kit may read ({hidden}); sudo sees more"
    except fitted.UNREADABLE:
        yield f"{path} cannot be read, and nothing of it holds; {FORGET}"
    else:
        for value in values:
            yield (
                f"{value.key} = {_toml(value.value)} was accepted on the screen, in place of {_toml(value.was)}; "
                f"{FORGET}"
            )


def _toml(value: bool | float) -> str:
    return msgspec.json.encode(value).decode()
