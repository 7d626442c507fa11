"""A machine's files, as Raspberry Pi OS and BlueZ bring them, in a folder of the test's own."""

from pathlib import Path

import pytest

from vybor import cli

CONFIG = """\
# For more options see the documentation of config.txt

# Uncomment to enable the optional hardware interfaces
#dtparam=i2c_arm=on
#dtparam=spi=on

dtparam=audio=on

# Additional overlays are in /boot/firmware/overlays
camera_auto_detect=1
display_auto_detect=1
auto_initramfs=1

dtoverlay=vc4-kms-v3d
max_framebuffers=2
disable_fw_kms_setup=1
arm_64bit=1
disable_overscan=1
arm_boost=1

[cm4]
otg_mode=1

[cm5]
dtoverlay=dwc2,dr_mode=host

[all]
"""
OLD_CONFIG = """\
#hdmi_safe=1
dtparam=audio=on
camera_auto_detect=0
start_x=1
gpu_mem=128

[pi4]
dtoverlay=vc4-fkms-v3d
arm_boost=0
[all]
#dtoverlay=vc4-fkms-v3d"""
CMDLINE = (
    "console=serial0,115200 console=tty1 root=PARTUUID=4c4e106f-02 rootfstype=ext4 fsck.repair=yes rootwait "
    "quiet splash plymouth.ignore-serial-consoles cfg80211.ieee80211_regdom=DE\n"
)
CONFIG_PLACE = "boot/firmware/config.txt"
CMDLINE_PLACE = "boot/firmware/cmdline.txt"
BLUEZ_PLACE = "etc/bluetooth/main.conf"
RULES = "etc/udev/rules.d/70-vybor.rules"
WATCHDOG = "etc/systemd/system.conf.d/70-vybor.conf"
BLUEZ = """\
[General]

# Default adapter name
#Name = BlueZ

[LE]
# The following values are used to load default adapter parameters for LE.
#MinConnectionInterval=
#MaxConnectionInterval=
#ConnectionLatency=
#ConnectionSupervisionTimeout=
#Autoconnecttimeout=

[Policy]
# How often to try again
#ReconnectAttempts=7

# Whether controllers are enabled when they are found
#AutoEnable=true
"""


def put(root: Path, place: str, content: str | bytes) -> Path:
    """Write a file of the machine."""
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def pi(root: Path, model: str = "Raspberry Pi 5 Model B Rev 1.0") -> Path:
    """A Pi with its stock files."""
    put(root, "proc/device-tree/model", model + "\0")
    put(root, "boot/firmware/config.txt", CONFIG)
    put(root, "boot/firmware/cmdline.txt", CMDLINE)
    put(root, "etc/bluetooth/main.conf", BLUEZ)
    return root


def everything(root: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def firmware(*arguments: object) -> int:
    """Run the command here; the exit code."""
    return cli.main(["firmware", *map(str, arguments)])


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """The exit code and the only line on stderr."""
    capsys.readouterr()
    code = firmware(*arguments)
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("vybor: ")
    return code, lines[0]
