"""`vybor firmware` on copies of a machine's files: checked, changed, taken back, and refused in one sentence."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from unit.firmware_machine import (
    BLUEZ,
    BLUEZ_PLACE,
    CMDLINE,
    CMDLINE_PLACE,
    CONFIG,
    CONFIG_PLACE,
    OLD_CONFIG,
    RULES,
    WATCHDOG,
    everything,
    firmware,
    pi,
    put,
    refused,
)
from vybor.firmware import config_txt, files, fragments, plan
from vybor.foundation.errors import AddressInUse


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "machine").mkdir()
    return pi(tmp_path / "machine")


# --- check, apply, undo ---------------------------------------------------------------------------------------


def test_check_says_what_is_missing_and_changes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(root)
    assert firmware("check", "--root", root) == 1
    said = capsys.readouterr().out
    assert "  there         dtoverlay=vc4-kms-v3d\n" in said
    assert "  MISSING       dtparam=watchdog=on: A machine that hangs starts again by itself" in said
    assert "cgroup_enable=memory" in said
    assert said.strip().endswith("9 to do; see `vybor firmware apply --dry-run`")
    assert everything(root) == before


def test_a_dry_run_shows_the_changes_and_makes_none(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(root)
    assert firmware("apply", "--dry-run", "--root", root) == 0
    said = capsys.readouterr().out.splitlines()
    assert "+dtparam=watchdog=on" in said
    assert f"-{CMDLINE.strip()}" in said
    assert f"+{CMDLINE.strip()} cgroup_enable=memory" in said
    assert "--- /dev/null" in said
    assert everything(root) == before


def test_apply_then_check_then_apply_then_undo(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(root)
    assert firmware("apply", "--root", root) == 0
    applied = everything(root)
    assert applied[f"{CONFIG_PLACE}.vybor-1"] == CONFIG.encode()
    assert applied[f"{CMDLINE_PLACE}.vybor-1"] == CMDLINE.encode()
    assert applied[f"{BLUEZ_PLACE}.vybor-1"] == BLUEZ.encode()
    assert applied[f"{RULES}.vybor-1.absent"] == b""
    assert applied[RULES] == fragments.read("udev/70-vybor.rules").encode()
    assert not [name for name in applied if name.endswith(files.NEW)]
    assert firmware("check", "--root", root) == 0
    capsys.readouterr()
    assert firmware("apply", "--root", root) == 0
    assert capsys.readouterr().out == "nothing to do\n"
    assert everything(root) == applied
    assert firmware("undo", "--root", root) == 0
    undone = everything(root)
    assert {name: content for name, content in undone.items() if not name.endswith(files.UNDONE)} == before
    assert undone[f"{CONFIG_PLACE}.vybor-1.undone"] == applied[CONFIG_PLACE]


def test_undo_goes_back_one_apply_at_a_time(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    firmware("apply", "--root", root)
    first = everything(root)[CONFIG_PLACE]
    firmware("apply", "--root", root, "--with", "camera-module-2")
    assert b"dtoverlay=imx219" in everything(root)[CONFIG_PLACE]
    firmware("undo", "--root", root)
    assert everything(root)[CONFIG_PLACE] == first
    firmware("undo", "--root", root)
    assert everything(root)[CONFIG_PLACE] == CONFIG.encode()
    code, sentence = refused(capsys, "undo", "--root", root)
    assert (code, "nothing to undo" in sentence) == (69, True)


def test_a_number_is_never_given_twice(root: Path) -> None:
    put(root, f"{CONFIG_PLACE}.vybor-7", "the owner's own copy")
    firmware("apply", "--root", root)
    assert (root / f"{CONFIG_PLACE}.vybor-7").read_text() == "the owner's own copy"
    assert (root / f"{CONFIG_PLACE}.vybor-8").read_text() == CONFIG
    firmware("undo", "--root", root)
    (root / f"{CONFIG_PLACE}.vybor-7").unlink()
    firmware("apply", "--root", root)
    assert (root / f"{CONFIG_PLACE}.vybor-9").exists()


def test_undo_keeps_what_somebody_wrote_after_the_apply(root: Path) -> None:
    firmware("apply", "--root", root)
    with (root / CONFIG_PLACE).open("a") as opened:
        opened.write("hdmi_force_hotplug=1\n")
    edited = (root / CONFIG_PLACE).read_bytes()
    firmware("undo", "--root", root)
    assert (root / f"{CONFIG_PLACE}.vybor-1.undone").read_bytes() == edited


def test_profiles_are_remembered_until_another_of_their_kind_or_none(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def names() -> tuple[str, ...]:
        return config_txt.remembered((root / CONFIG_PLACE).read_text())

    firmware("apply", "--root", root, "--with", "camera-module-2", "--with", "cyton")
    said = capsys.readouterr().out
    assert 'serial_port = "/dev/openbci"' in said
    assert names() == ("camera-module-2",)
    firmware("apply", "--root", root, "--with", "supply-5a")
    assert names() == ("camera-module-2", "supply-5a")
    assert firmware("check", "--root", root) == 0
    firmware("apply", "--root", root, "--with", "camera-module-3")
    assert names() == ("camera-module-3", "supply-5a")
    assert "imx219" not in (root / CONFIG_PLACE).read_text()
    firmware("apply", "--root", root, "--with", "none")
    assert names() == ()
    assert firmware("check", "--root", root) == 0


def test_a_stale_line_in_the_block_is_something_to_do(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    firmware("apply", "--root", root)
    path = root / CONFIG_PLACE
    path.write_text(path.read_text().replace(config_txt.END, f"old_setting=1\n{config_txt.END}"))
    assert firmware("check", "--root", root) == 1
    assert "OUT OF DATE" in capsys.readouterr().out


def test_a_rule_that_a_package_brought_is_enough(root: Path) -> None:
    put(root, "usr/lib/udev/rules.d/70-vybor.rules", fragments.read("udev/70-vybor.rules"))
    firmware("apply", "--root", root)
    assert not (root / RULES).exists()
    assert firmware("check", "--root", root) == 0


# --- which machine --------------------------------------------------------------------------------------------


def test_an_older_system_has_its_files_in_boot(root: Path) -> None:
    (root / "boot/firmware").rename(root / "elsewhere")
    put(root, "boot/config.txt", OLD_CONFIG)
    put(root, "boot/cmdline.txt", CMDLINE)
    firmware("apply", "--root", root)
    assert b"camera_auto_detect=1" in (root / "boot/config.txt").read_bytes()


def test_a_card_in_a_reader_is_its_boot_folder_alone(root: Path, tmp_path: Path) -> None:
    boot = root / "boot/firmware"
    others = everything(root / "etc")
    assert firmware("apply", "--boot", boot, "--board", "pi4") == 0
    assert everything(root / "etc") == others
    assert firmware("check", "--boot", boot, "--board", "pi4") == 0
    card = tmp_path / "card"
    boot.rename(card)
    assert firmware("apply", "--boot", card, "--root", root, "--board", "pi4") == 0
    assert (root / RULES).exists()


def test_a_jetson_has_no_boot_files_of_this_kind(root: Path) -> None:
    put(root, "proc/device-tree/model", "NVIDIA Jetson Orin Nano Developer Kit\0")
    before = everything(root / "boot")
    assert firmware("apply", "--root", root) == 0
    assert everything(root / "boot") == before
    assert (root / RULES).exists()
    assert not (root / WATCHDOG).exists()
    assert "AutoEnable=true\nAutoEnable=true" in (root / BLUEZ_PLACE).read_text()


def test_without_bluez_its_file_is_left_out(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / BLUEZ_PLACE).unlink()
    assert firmware("apply", "--root", root) == 0
    assert not (root / BLUEZ_PLACE).exists()
    assert firmware("check", "--root", root) == 0
    assert "install bluez" in capsys.readouterr().out


def test_a_cmdline_by_another_name_is_the_one_that_is_read(root: Path) -> None:
    put(root, CONFIG_PLACE, "os_prefix=current/\ncmdline=mine.txt\n[pi4]\ncmdline=other.txt\n")
    put(root, "boot/firmware/current/mine.txt", CMDLINE)
    firmware("apply", "--root", root)
    assert (root / CMDLINE_PLACE).read_text() == CMDLINE
    assert "cgroup_enable=memory" in (root / "boot/firmware/current/mine.txt").read_text()


# --- bad input ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "content", "wanted"),
    [
        (CMDLINE_PLACE, b"console=tty1\nroot=x\n", (65, "cmdline.txt has 2 lines")),
        (CMDLINE_PLACE, b"x" * 2040 + b"\n", (65, "would have 2061 bytes")),
        (CMDLINE_PLACE, b"x" * 2048 + b"\n", (65, "behind 2047")),
        (CMDLINE_PLACE, b"", (65, "cmdline.txt is empty")),
        (CMDLINE_PLACE, "root=x\n".encode("utf-16"), (65, "cmdline.txt, line 1: this is not UTF-8")),
        (CONFIG_PLACE, b"a=1\n# caf\xe9\n", (65, "config.txt, line 2: this is not UTF-8")),
        (CONFIG_PLACE, b"a=1\n\0\0\0\n", (65, "config.txt, line 2: this is not UTF-8")),
        (CONFIG_PLACE, f"{config_txt.BEGIN}\n".encode(), (65, "line 1: Vybor's block begins here")),
        (CONFIG_PLACE, b"#" * 1_000_001, (65, "far larger")),
        (CONFIG_PLACE, b"cmdline=gone.txt\n", (69, "gone.txt")),
        (CONFIG_PLACE, b"cmdline=../../etc/bluetooth/main.conf\n", (73, "not below")),
        (BLUEZ_PLACE, b"[General]\n\xff\n", (65, "main.conf, line 2")),
        (
            "proc/device-tree/model",
            b"Raspberry Pi 3 Model B\0",
            (69, "'Raspberry Pi 3 Model B'; name it with --board"),
        ),
        ("proc/device-tree/model", b"", (69, "name it with --board (pi5, pi4, jetson-orin)")),
    ],
)
@pytest.mark.parametrize("deed", ["check", "apply"])
def test_a_bad_file_is_named_and_nothing_changes(
    root: Path, capsys: pytest.CaptureFixture[str], deed: str, place: str, content: bytes, wanted: tuple[int, str]
) -> None:
    put(root, place, content)
    before = everything(root)
    code, sentence = refused(capsys, deed, "--root", root)
    assert (code, wanted[1] in sentence) == (wanted[0], True), sentence
    assert everything(root) == before


def test_a_machine_without_boot_files_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / CONFIG_PLACE).unlink()
    assert refused(capsys, "check", "--root", root)[0] == 69
    put(root, "boot/config.txt", "# The file you are looking for has moved to /boot/firmware/config.txt\n")
    code, sentence = refused(capsys, "apply", "--root", root)
    assert (code, "mount" in sentence) == (69, True)
    put(root, CONFIG_PLACE, CONFIG)
    (root / CMDLINE_PLACE).unlink()
    code, sentence = refused(capsys, "apply", "--root", root)
    assert (code, "cmdline.txt" in sentence) == (69, True)
    assert refused(capsys, "check", "--root", root / "proc")[0] == 69
    assert refused(capsys, "check", "--boot", root / "proc", "--board", "pi5")[0] == 69
    assert refused(capsys, "check", "--boot", root / "boot/firmware")[0] == 69


def test_an_unknown_profile_lists_those_there_are(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, sentence = refused(capsys, "apply", "--root", root, "--with", "muse-9")
    assert (code, "muse-2, " in sentence) == (69, True)


def test_a_file_that_cannot_be_read_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / BLUEZ_PLACE).unlink()
    (root / BLUEZ_PLACE).mkdir()
    code, sentence = refused(capsys, "check", "--root", root)
    assert (code, "main.conf cannot be read" in sentence) == (73, True)


def test_a_link_out_of_the_root_is_not_followed(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = put(tmp_path, "mine.conf", BLUEZ)
    (root / BLUEZ_PLACE).unlink()
    (root / BLUEZ_PLACE).symlink_to(mine)
    code, sentence = refused(capsys, "apply", "--root", root)
    assert (code, "not below" in sentence) == (73, True)
    assert mine.read_text() == BLUEZ


def test_two_at_once_are_not_let_in(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with files.alone([root / CONFIG_PLACE]):
        before = everything(root)
        code, sentence = refused(capsys, "apply", "--root", root)
    assert (code, "another" in sentence) == (75, True)
    assert everything(root) == before


def test_reading_and_planning_are_done_alone_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or what another apply wrote in between would be written over. The lock is one, whatever is changed."""
    really = plan.changes

    def changes(where: plan.Site, chosen: Sequence[str]) -> Iterator[plan.Change]:
        with pytest.raises(AddressInUse), files.alone([root / CONFIG_PLACE, root / RULES]):
            pass
        yield from really(where, chosen)

    monkeypatch.setattr(plan, "changes", changes)
    assert firmware("apply", "--root", root) == 0
    assert (root / RULES).exists()


def test_a_link_in_place_of_a_new_file_is_not_written_through(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = put(tmp_path, "mine.txt", "mine")
    (root / f"{CONFIG_PLACE}{files.NEW}").symlink_to(mine)
    code, sentence = refused(capsys, "apply", "--root", root)
    assert (code, "config.txt" in sentence) == (73, True)
    assert mine.read_text() == "mine"


# --- what is said ---------------------------------------------------------------------------------------------


def test_a_file_that_was_made_is_called_written_and_then_removed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    firmware("apply", "--root", root)
    said = capsys.readouterr().out
    assert f"changed {root / CONFIG_PLACE}; kept {root / CONFIG_PLACE}.vybor-1\n" in said
    assert f"wrote {root / RULES}; it was not there before\n" in said
    firmware("undo", "--root", root)
    said = capsys.readouterr().out
    assert f"restored {root / CONFIG_PLACE}; kept " in said
    assert f"removed {root / RULES}; kept " in said
    assert "restart the machine" in said


@pytest.mark.parametrize("deed", [("check",), ("apply", "--dry-run"), ("apply",)])
def test_somebody_s_line_in_our_block_is_not_taken_out_in_silence(
    root: Path, capsys: pytest.CaptureFixture[str], deed: tuple[str, ...]
) -> None:
    firmware("apply", "--root", root)
    path = root / CONFIG_PLACE
    path.write_text(path.read_text().replace(config_txt.END, f"# mine\nhdmi_group=2\n{config_txt.END}"))
    capsys.readouterr()
    firmware(*deed, "--root", root)
    said = capsys.readouterr().out
    assert "REMOVED       hdmi_group=2: it stands in Vybor's block" in said
    assert said.count("REMOVED") == 1


def test_what_a_config_includes_is_said_not_to_be_looked_into(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(root, CONFIG_PLACE, f"{CONFIG}include extra.txt\n# include not.txt\n")
    assert firmware("check", "--root", root) == 1
    assert "config.txt: what it includes is not looked into: extra.txt\n" in capsys.readouterr().out


def test_apply_says_that_bluez_is_not_there(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / BLUEZ_PLACE).unlink()
    firmware("apply", "--root", root)
    assert "main.conf: it is not there; install bluez" in capsys.readouterr().out


def test_a_card_is_put_back_and_the_rest_is_left_for_the_kit(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And to take it back nobody needs to know whose card it is."""
    boot = root / "boot/firmware"
    firmware("apply", "--boot", boot, "--board", "pi4")
    said = capsys.readouterr().out
    assert "put the card back" in said
    assert "BlueZ, udev and the watchdog" in said
    assert "restart the machine" not in said
    assert firmware("undo", "--boot", boot) == 0
    said = capsys.readouterr().out
    assert "put the card back" in said
    assert "restart the machine" not in said
    assert (boot / "config.txt").read_text() == CONFIG


def test_a_card_of_unknown_board_with_a_cmdline_for_one_board_is_taken_back_whole(root: Path) -> None:
    boot = root / "boot/firmware"
    put(boot, "config.txt", "[pi4]\ncmdline=four.txt\n")
    put(boot, "four.txt", CMDLINE)
    firmware("apply", "--boot", boot, "--board", "pi4")
    assert (boot / "four.txt").read_text() != CMDLINE
    assert firmware("undo", "--boot", boot) == 0
    assert (boot / "four.txt").read_text() == CMDLINE
