"""How each command that the documents name is tried: the one place that says so.

Commands of the kit are run on one as they stand, page by page (KIT), those of systemd on a machine that has booted
(BOOT). What neither can do is done by another test, or only understood, or was never tried: a row says which. Of
several that fit a command the longest counts.
"""

from collections.abc import Sequence
from typing import NamedTuple

KIT = "tests/processes/test_documents.py"
STATION = "tests/processes/test_demo_workstation.py"
BOOT = "tests/boot/test_boot.py"
WALKS = {"vybor": KIT, "systemctl": BOOT, "journalctl": BOOT}
"""Where a program's commands are run that no row names."""


class Row(NamedTuple):
    """Commands that begin with the same words."""

    words: str
    by: str = ""
    """The test that runs them; empty: none does."""
    proof: str = ""
    """A piece of that test, in which they are called."""
    lacks: str = ""
    """Where none does: what it would take."""


MINUTES = "a measurement of minutes to hours: its options are understood, and whoever needs a figure runs it"
FOREIGN = "somebody else's packages, out of the network"
OWN_DEMO = (
    "folders and a port that are those of whoever runs the tests; test_demo_settings and `vybor up` are its parts"
)
STICK = "Debian's own, and a stick that is plugged in"
PI = "a Raspberry Pi, or a system beside (`--root`), where tests/unit/test_firmware_machine.py tries it"

ROWS = (
    # The kit.
    Row("vybor up", "tests/world/play.py", '"-m", "vybor", "up"'),
    Row("vybor run", "tests/processes/stage.py", '"-m", "vybor", "run"'),
    Row("vybor fit --only", "tests/unit/test_fit_command.py", '"fit", "--only"'),
    Row("vybor display --partner", "tests/processes/test_partner_screen.py", '"--partner"'),
    Row("vybor browser", "tests/processes/test_browser.py", '"vybor", "browser"'),
    Row("vybor browser --webgazer", KIT),
    Row("vybor gaze calibrate", "tests/processes/test_kit.py", '"gaze", "calibrate"'),
    Row("vybor gaze check", "tests/unit/test_gaze_dots.py", '"gaze", "check"'),
    Row("vybor gaze record", "tests/unit/test_gaze_record.py", '"gaze", "record"'),
    Row("vybor gaze replay", "tests/unit/test_gaze_replay.py", '"gaze", "replay"'),
    Row("vybor gaze report", "tests/unit/test_gaze_report.py", '"gaze", "report"'),
    Row("vybor headband scan --impedance", "tests/unit/test_headband_cyton.py", "headband.impedances()"),
    Row("vybor headband flicker confirm", "tests/unit/test_headband_flicker_command.py", '"confirm"'),
    Row("vybor authorship check", "tests/processes/test_accounts.py", '"authorship", "check"'),
    Row("vybor log eject", "tests/world/workstation.py", '"eject"'),
    Row("vybor model use 3", "tests/unit/test_model_command.py", '"use"'),
    Row("vybor model rollback", "tests/unit/test_model_command.py", '"rollback"'),
    Row("vybor protect", "tests/unit/test_protect.py", '"protect"'),
    Row("vybor unlock", "tests/boot/test_protection.py", "vybor unlock"),
    Row("vybor firmware", lacks=PI),
    # The workstation.
    Row("vybor-workshop model list", "tests/unit/test_model_recipe.py", '"model", "list"'),
    Row("vybor-workshop model grown", "tests/reference/test_circle.py", '"model grown"'),
    Row("vybor-workshop log", "tests/unit/test_log_commands.py", "(log [^#"),
    Row("vybor-workshop log stats --data DIR/data", STATION, '"deploy/vybor-workshop", "log", "stats"'),
    Row("vybor-workshop dataset", "tests/unit/test_dataset_command.py", "vybor-workshop dataset([^#"),
    Row("vybor-workshop dataset --home DIR", STATION, '"deploy/vybor-workshop", "dataset"'),
    Row("vybor-workshop personal fit", "tests/unit/test_personal_command.py", "personal fit"),
    Row("vybor-workshop kit find", "tests/unit/test_finding.py", '"kit", "find"'),
    Row("vybor-workshop model build", "tests/unit/test_model_build.py", '"build"'),
    Row("vybor-workshop model build --reference", "tests/reference/test_kl.py", "reference"),
    Row("vybor-workshop words build", "tests/unit/test_words_build.py", "build"),
    Row("vybor-workshop share", "tests/unit/test_words_build.py", '"share"'),
    Row("vybor-workshop kit add", "tests/unit/test_kits.py", '"kit", "add"'),
    Row("vybor-workshop kit change", "tests/unit/test_kits.py", '"kit", "change"'),
    Row("vybor-workshop kit remove", "tests/unit/test_kits.py", '"kit", "remove"'),
    Row("vybor-workshop sync", "tests/reference/test_circle.py", '"sync"'),
    Row("vybor-workshop sync --install-timer", "tests/unit/test_whereabouts.py", "install-timer"),
    Row("vybor-workshop sync --from", "tests/processes/test_sent.py", '"--from"'),
    Row("vybor-workshop retrain", "tests/reference/test_circle.py", "retrain --recipe"),
    Row("vybor-workshop retrain --resume", "tests/unit/test_retrain_running.py", "resume"),
    Row("vybor-workshop retrain --persons", "tests/reference/test_retrain_persons.py", "--persons"),
    Row("vybor-workshop evaluate", "tests/reference/test_circle.py", "around.evaluate()"),
    Row("vybor-workshop gate", "tests/reference/test_circle.py", '"gate"'),
    Row("vybor-workshop gate --override", "tests/reference/test_circle.py", "--override"),
    Row("vybor-workshop publish", "tests/reference/test_circle.py", '"publish"'),
    Row("vybor-workshop publish --kind model", "tests/unit/test_publish.py", '"--kind"'),
    Row("vybor-workshop publish --kind counts", "tests/unit/test_personal_command.py", "--kind"),
    Row("vybor-workshop publish --kind frames", "tests/unit/test_frames_command.py", "--kind"),
    Row("vybor-workshop frames", "tests/unit/test_frames_command.py", "frames train"),
    Row("vybor-workshop log stats --data s3://BUCKET/PATH", lacks="a store of somebody's"),
    # The checkout.
    Row("deploy/demo", lacks=OWN_DEMO),
    Row("deploy/demo --script", STATION, '"world.play"'),
    Row("deploy/test", lacks="itself"),
    Row("deploy/bench", lacks=MINUTES),
    Row("deploy/bench --list", "tests/house/test_documented.py", '"--list"'),
    Row("deploy/package", "deploy/test", "deploy/package"),
    Row("deploy/prepare", "tests/unit/test_deploy_programs.py", 'deploy / "prepare"'),
    Row("pip wheel", "deploy/test", "wheel --no-deps --no-build-isolation"),
    # The system's own.
    Row("sh install.sh", "tests/boot/test_install.py", '"sh", "/srv/install.sh"'),
    Row("systemctl edit", lacks="somebody at an editor"),
    Row("systemctl disable --now ssh", lacks="Debian's own, of a program that is not ours"),
    Row("systemctl disable dphys-swapfile", lacks="Raspberry Pi OS, which alone has that unit"),
    Row("systemd-run", lacks="a machine that has booted, with liblsl on it"),
    Row("loginctl enable-linger", lacks="the login of whoever runs the tests"),
    Row("lsblk", lacks=STICK),
    Row("mount", lacks=STICK),
    Row("umount", lacks=STICK),
    Row("tar", BOOT, "^    sudo tar "),
    Row("rm -r /var/lib/vybor /etc/vybor", BOOT, "^    sudo tar "),
    Row("chown", lacks="a login of whoever reads it"),
    Row("swapoff", lacks="Debian's own, of the whole machine"),
    Row("reboot", "tests/boot/test_protection.py", "machine.power_off()"),
    Row("apt install", lacks=FOREIGN),
    Row("apt install ./vybor_*.deb", "tests/boot/test_install.py", "install.sh"),
    Row("apt install --reinstall ./vybor-factory-model_*.deb", "tests/boot/test_install.py", "with_other_files"),
    Row("apt upgrade", lacks="Debian's own, out of the network"),
    Row("apt remove vybor", "tests/boot/test_boot.py", '"dpkg", "--purge", "vybor"'),
    Row("apt purge -y vybor", "tests/boot/test_boot.py", '"dpkg", "--purge", "vybor"'),
    Row("echo vybor vybor/remove-texts", "tests/boot/test_boot.py", "echo vybor vybor/remove-texts boolean true"),
    Row("python3 -m venv", lacks=FOREIGN),
    Row("python3 -m piper.download_voices", lacks=FOREIGN),
    Row("pip install", lacks=FOREIGN),
)


def row(words: Sequence[str]) -> Row | None:
    """The longest that fits."""
    fitting = [each for each in ROWS if begins(words, each.words)]
    return max(fitting, key=lambda each: len(each.words.split()), default=None)


def by(program: str, words: Sequence[str]) -> str:
    """The test that runs a command; empty if none does."""
    found = row((program, *words[1:]))
    return found.by if found else WALKS.get(program, "")


def begins(words: Sequence[str], with_these: str) -> bool:
    """Whether a command begins with these words; of options the order does not matter."""
    wanted = with_these.split()
    plain = [word for word in wanted if not word.startswith("-")]
    options = {word for word in wanted if word.startswith("-")}
    if not options or words[: len(wanted)] == tuple(wanted):
        return tuple(words[: len(wanted)]) == tuple(wanted)
    return tuple(words[: len(plain)]) == tuple(plain) and options <= set(words)
