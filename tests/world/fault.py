"""One thing that goes wrong on a kit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from world.appliance import Appliance, NotThere
from world.camera import Camera


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, and what ends it."""

    name: str
    does: Callable[[Appliance, Camera], None]
    ends: Callable[[Appliance, Camera], None]
    is_over: Callable[[Appliance], bool]
    restarts: Mapping[str, int] = field(default_factory=dict)
    """How often it may make systemd start a process again; no other process may start again at all."""
    came: Callable[[Appliance], bool] = lambda machine: True
    """Whether the kit had anything of it, asked when it is over: one that never came was not survived."""
    hit: Callable[[Appliance], bool] | None = None
    """Whether it was felt, where one may be spared by chance; None: it is felt whenever it came."""


def nothing(machine: Appliance, camera: Camera) -> None:
    """It ends by itself."""


def running(machine: Appliance, process: str) -> int:
    """Its number. Raises NotThere: with 0 a signal would go to whoever sends it."""
    if pid := machine.pid(process):
        return pid
    raise NotThere(f"{process} does not run, so nothing can be done to it")
