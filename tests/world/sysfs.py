"""A stand-in for /sys as the kernel lays it out: battery, supply, thermal zone, and the Raspberry Pi's sensors."""

from pathlib import Path

VARIABLE = "VYBOR_SYSFS"
"""Names another tree to a kit: else battery and heat of whoever runs the tests would decide what it does."""


class Sysfs:
    """A tree in a folder; whatever is set is written where the kernel has it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "class").mkdir(parents=True, exist_ok=True)

    def put(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(f"{text}\n", encoding="ascii")
        fresh.replace(file)

    def battery(self, percent: int | str, status: str = "Discharging", name: str = "max170xx_battery") -> None:
        supply = f"class/power_supply/{name}"
        self.put(f"{supply}/type", "Battery")
        self.put(f"{supply}/present", "1")
        self.put(f"{supply}/status", status)
        self.put(f"{supply}/capacity", str(percent))

    def mains(self, *, online: bool, name: str = "AC") -> None:
        self.put(f"class/power_supply/{name}/type", "Mains")
        self.put(f"class/power_supply/{name}/online", str(int(online)))

    def heat(self, degrees: float, zone: int = 0) -> None:
        self.put(f"class/thermal/thermal_zone{zone}/temp", str(round(degrees * 1000)))

    def throttled(self, bits: int) -> None:
        self.put("devices/platform/soc/soc:firmware/get_throttled", f"{bits:x}")

    def voltage(self, *, alarm: bool) -> None:
        self.put("class/hwmon/hwmon1/name", "rpi_volt")
        self.put("class/hwmon/hwmon1/in0_lcrit_alarm", str(int(alarm)))
