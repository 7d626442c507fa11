"""`vybor browser`: the link of the page that is the display."""

from pathlib import Path

import msgspec

from vybor.commands.display import enter
from vybor.foundation import addresses, displays, small_files
from vybor.foundation.displays import Opening
from vybor.foundation.errors import Missing, PlaceError

LONGEST_BYTES = 2000
NOT_OPEN = (
    "no page in a browser can be opened now; set it with `vybor config set browser.listen here` (or network), "
    "start the kit again, and ask `vybor status` if it says so still"
)


FETCH = """\
WebGazer.js follows the eyes by the camera of the machine on which the page is open. It is free software of
others (GPL-3), no part of Vybor, and you fetch it yourself:
    sudo npm install --prefix /opt/webgazer webgazer@3.5.3
    sudo vybor config set browser.webgazer /opt/webgazer/node_modules/webgazer
    sudo vybor config set browser.listen network
    sudo vybor config set eyetracker.kind webgazer
    sudo vybor config set gaze.source eyetracker
and start the kit again. The page asks for the camera, and shows nine dots to look at. `here` in place of `network`
is for a browser of the kit itself.
From a checkout it is deploy/vybor, without sudo and the line of browser.listen, while deploy/demo --browser runs,
and npm may have any folder of yours as its --prefix. Then start the demo again; to have the mouse back,
deploy/vybor config set gaze.source pointer."""
"""What `--webgazer` says."""


def told(link: Path) -> str:
    """The link, and the certificate by which a browser in the network knows the kit.

    Raises Missing where no page can be opened, and PlaceError where this user may not read how.
    """
    enter(link.parent)
    try:
        opening = msgspec.json.decode(small_files.read(link, LONGEST_BYTES, links=False), type=Opening)
    except FileNotFoundError:
        raise Missing(NOT_OPEN) from None
    except OSError as error:
        raise PlaceError(f"{link} cannot be read ({error.strerror}); use sudo") from None
    except msgspec.DecodeError:
        raise PlaceError(f"{link} is damaged; start the process browser again") from None
    lines = displays.links(opening, addresses.read())
    known = (f"its certificate: {opening.certificate}",) if opening.certificate else ()
    return "\n".join((*lines, *known))
