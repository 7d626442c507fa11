"""What the boot files and BlueZ's should say: stock files, older ones, odd ones, and properties of all of them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.firmware_machine import BLUEZ, CMDLINE, CONFIG, OLD_CONFIG
from vybor.firmware import cmdline, config_txt, fragments, main_conf, profiles
from vybor.firmware.boards import Board, board_of
from vybor.firmware.config_txt import BEGIN, END, OFF
from vybor.firmware.fragments import Edit, FileDamaged, State, Wanted, parse

PI_CONFIG = parse(fragments.read("pi/config.txt"))
PI_CMDLINE = parse(fragments.read("pi/cmdline.txt"))
BLUEZ_KEYS = parse(fragments.read("bluez/main.conf"))


def states(edit: Edit) -> dict[str, State]:
    return {("-" if f.wanted.unwanted else "") + f.wanted.line: f.state for f in edit.findings}


def block_of(text: str) -> list[str]:
    found = re.search(rf"{re.escape(BEGIN)}\n(.*){re.escape(END)}\n", text, flags=re.DOTALL)
    return found.group(1).splitlines() if found else []


# --- fragments ------------------------------------------------------------------------------------------------


def test_a_fragment_gives_lines_with_their_reasons() -> None:
    parsed = parse(
        "# About\n\n# One.\n# Two.\na=1\nb=2\n[pi5]\n# Not this.\n-c=3\n# left over\n\nd=4\n", why="So."
    )
    assert parsed == (
        Wanted(line="a=1", why="One. Two."),
        Wanted(line="b=2", why="So."),
        Wanted(section="pi5", line="c=3", why="Not this.", unwanted=True),
        Wanted(section="pi5", line="d=4", why="So."),
    )


@pytest.mark.parametrize("wants", [PI_CONFIG, PI_CMDLINE, BLUEZ_KEYS])
def test_every_line_of_the_kit_has_a_reason_and_fits(wants: tuple[Wanted, ...]) -> None:
    for want in wants:
        assert want.why.endswith("."), want
        assert len(want.line) <= 98  # what config.txt reads of a line


@pytest.mark.parametrize(
    ("model", "board"),
    [
        ("Raspberry Pi 5 Model B Rev 1.0", Board.PI5),
        ("Raspberry Pi 500 Rev 1.0", Board.PI5),
        ("Raspberry Pi Compute Module 5 Rev 1.0", Board.PI5),
        ("Raspberry Pi 4 Model B Rev 1.5", Board.PI4),
        ("Raspberry Pi 400 Rev 1.0", Board.PI4),
        ("Raspberry Pi Compute Module 4 Rev 1.1", Board.PI4),
        ("NVIDIA Jetson Orin Nano Engineering Reference Developer Kit Super", Board.JETSON_ORIN),
        ("NVIDIA Jetson AGX Orin Developer Kit", Board.JETSON_ORIN),
        ("Raspberry Pi 3 Model B Plus Rev 1.3", None),
        ("NVIDIA Jetson Nano Developer Kit", None),
        ("", None),
    ],
)
def test_a_board_is_known_by_its_model(model: str, board: Board | None) -> None:
    assert board_of(model) is board


# --- config.txt -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("board", [Board.PI5, Board.PI4])
def test_a_stock_config_needs_the_watchdog_alone(board: Board) -> None:
    edit = config_txt.plan(CONFIG, PI_CONFIG, board)
    assert edit.text == f"{CONFIG}{BEGIN}\n[all]\ndtparam=watchdog=on\n{END}\n"
    assert [line for line, state in states(edit).items() if state is not State.THERE] == ["dtparam=watchdog=on"]


def test_an_old_config_is_mended_for_a_pi_4_and_left_alone_for_a_pi_5() -> None:
    edit = config_txt.plan(OLD_CONFIG, PI_CONFIG, Board.PI4)
    assert states(edit) == {
        "dtoverlay=vc4-kms-v3d": State.MISSING,
        "-dtoverlay=vc4-fkms-v3d": State.CONTRADICTED,
        "camera_auto_detect=1": State.CONTRADICTED,
        "dtparam=watchdog=on": State.MISSING,
        "arm_boost=1": State.CONTRADICTED,
    }
    assert f"\n{OFF}dtoverlay=vc4-fkms-v3d\n" in edit.text
    assert block_of(edit.text) == [
        "[all]",
        "dtoverlay=vc4-kms-v3d",
        "camera_auto_detect=1",
        "dtparam=watchdog=on",
        "[pi4]",
        "arm_boost=1",
        "[all]",
    ]
    other = config_txt.plan(OLD_CONFIG, PI_CONFIG, Board.PI5)
    assert OFF not in other.text
    assert "[pi4]" not in block_of(other.text)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("dtoverlay=vc4-kms-v3d,noaudio\n", State.THERE),
        ("  dtoverlay = vc4-kms-v3d \r\n", State.THERE),
        ("\ufeffdtoverlay=vc4-kms-v3d\n", State.THERE),
        ("[pi5]\ndtoverlay=vc4-kms-v3d-pi5\n", State.THERE),
        ("#dtoverlay=vc4-kms-v3d\n", State.MISSING),
        ("[pi4]\ndtoverlay=vc4-kms-v3d\n", State.MISSING),
        ("[none]\ndtoverlay=vc4-kms-v3d\n", State.MISSING),
        ("[cm5]\ndtoverlay=vc4-kms-v3d\n", State.MISSING),
        ("[gpio4=1]\ndtoverlay=vc4-kms-v3d\n", State.MISSING),
        ("[pi4]\n[EDID=X]\n[all]\ndtoverlay=vc4-kms-v3d\n", State.THERE),
        ("[EDID=X]\n[pi5]\ndtoverlay=vc4-kms-v3d\n", State.MISSING),
        ("dtoverlay=vc4-kms-v3d-other\n", State.MISSING),
    ],
)
def test_an_overlay_counts_where_it_surely_holds(text: str, state: State) -> None:
    want = Wanted(line="dtoverlay=vc4-kms-v3d")
    assert config_txt.plan(text, [want], Board.PI5).findings[0].state is state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("dtparam=watchdog=on\n", State.THERE),
        ("dtparam=i2c_arm=on,watchdog\n", State.THERE),
        ("dtparam=watchdog=off\ndtparam=watchdog=1\n", State.THERE),
        ("dtparam=watchdog=on\ndtparam=watchdog=off\n", State.CONTRADICTED),
        ("dtparam=watchdog=on\n[gpio4=1]\ndtparam=watchdog=off\n", State.CONTRADICTED),
        ("dtparam=watchdog=on\n[pi4]\ndtparam=watchdog=off\n", State.THERE),
        ("dtparam=audio=on\n", State.MISSING),
    ],
)
def test_the_last_value_holds(text: str, state: State) -> None:
    edit = config_txt.plan(text, [Wanted(line="dtparam=watchdog=on")], Board.PI5)
    assert edit.findings[0].state is state
    assert (edit.text == text) == (state is State.THERE)


def test_what_stands_behind_the_block_keeps_its_meaning_when_the_block_moves() -> None:
    first = config_txt.plan("[cm5]\notg_mode=1\n", [Wanted(line="a=1")], Board.PI5).text
    second = config_txt.plan(first + "b=2\na=3\n", [Wanted(line="a=1")], Board.PI5).text
    assert second.startswith("[cm5]\notg_mode=1\n[all]\nb=2\na=3\n" + BEGIN)
    assert config_txt.value_of(second, "b", Board.PI5) == "2"
    assert config_txt.value_of(second, "a", Board.PI5) == "1"


def test_lines_end_as_they_did() -> None:
    text = CONFIG.replace("\n", "\r\n")
    edit = config_txt.plan(text, PI_CONFIG, Board.PI5)
    assert edit.text.startswith(text)
    assert edit.text.count("\n") == edit.text.count("\r\n")


def test_a_block_without_end_is_named() -> None:
    with pytest.raises(FileDamaged, match=r"line 2.*never ends") as raised:
        config_txt.plan(f"a=1\n{BEGIN}\nb=2\n", PI_CONFIG, Board.PI5)
    assert "\n" not in str(raised.value)


def test_the_block_goes_when_nothing_in_it_is_wanted_any_more() -> None:
    made = config_txt.plan(CONFIG, PI_CONFIG, Board.PI5).text
    assert config_txt.plan(made, [], Board.PI5).text == CONFIG


def test_a_camera_by_name_takes_the_place_of_finding_it() -> None:
    wants = profiles.together(PI_CONFIG, [profiles.load("camera-module-2"), profiles.load("supply-5a")])
    edit = config_txt.plan(CONFIG, wants, Board.PI5, ["camera-module-2", "supply-5a"])
    assert config_txt.value_of(edit.text, "camera_auto_detect", Board.PI5) == "0"
    assert config_txt.value_of(edit.text, "usb_max_current_enable", Board.PI5) == "1"
    assert config_txt.value_of(edit.text, "usb_max_current_enable", Board.PI4) == ""
    assert "dtoverlay=imx219" in block_of(edit.text)
    assert config_txt.remembered(edit.text) == ("camera-module-2", "supply-5a")
    assert config_txt.remembered(CONFIG) == ()


# --- cmdline.txt ----------------------------------------------------------------------------------------------


def test_a_stock_cmdline_gets_the_option_at_its_end() -> None:
    edit = cmdline.plan(CMDLINE, PI_CMDLINE)
    assert edit.text == CMDLINE.rstrip("\n") + " cgroup_enable=memory\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a cgroup_disable=memory b", "a b cgroup_enable=memory"),
        ("cgroup_disable=memory a", "a cgroup_enable=memory"),
        ("a cgroup_disable=memory", "a cgroup_enable=memory"),
        ("a cgroup_disable=memory\r\n", "a cgroup_enable=memory\r\n"),
        ("a cgroup_disable=io,memory b\n", "a cgroup_disable=io b cgroup_enable=memory\n"),
        ("a  cgroup_enable=cpuset,memory  b \n", "a  cgroup_enable=cpuset,memory  b \n"),
        ("a cgroup_enable=memory cgroup_disable=memory", "a cgroup_enable=memory"),
        ('a="b cgroup_disable=memory c"', 'a="b cgroup_disable=memory c" cgroup_enable=memory'),
        ("\n\na cgroup_enable=cpuset\n\n", "\n\na cgroup_enable=cpuset cgroup_enable=memory\n\n"),
        ("xcgroup_enable=memory a\n", "xcgroup_enable=memory a cgroup_enable=memory\n"),
    ],
)
def test_only_the_option_changes(before: str, after: str) -> None:
    assert cmdline.plan(before, PI_CMDLINE).text == after


def test_a_cmdline_as_long_as_the_kernel_reads_is_taken() -> None:
    added = len(" cgroup_enable=memory")
    assert len(cmdline.plan("x" * (2047 - added) + "\n", PI_CMDLINE).text) == 2048
    with pytest.raises(FileDamaged, match="2048 bytes"):
        cmdline.plan("x" * (2048 - added) + "\n", PI_CMDLINE)


@pytest.mark.parametrize(("text", "says"), [("a\nb\n", "2 lines"), ("", "empty"), (" \n\n", "empty")])
def test_a_cmdline_that_is_not_one_line_is_refused(text: str, says: str) -> None:
    with pytest.raises(FileDamaged, match=says) as raised:
        cmdline.plan(text, PI_CMDLINE)
    assert "\n" not in str(raised.value)


# --- main.conf ------------------------------------------------------------------------------------------------


def test_keys_stand_behind_their_commented_defaults() -> None:
    edit = main_conf.plan(BLUEZ, BLUEZ_KEYS)
    added = [line for line in edit.text.splitlines() if line not in BLUEZ.splitlines()]
    assert added == [
        "MinConnectionInterval=12",
        "MaxConnectionInterval=24",
        "ConnectionLatency=0",
        "ConnectionSupervisionTimeout=200",
        "AutoEnable=true",
    ]
    assert "#MinConnectionInterval=\nMinConnectionInterval=12\n" in edit.text
    assert edit.text.endswith("#AutoEnable=true\nAutoEnable=true\n")


def test_another_value_is_commented_out_and_the_section_decides() -> None:
    text = "[General]\nAutoEnable=false\n[Policy]\nAutoEnable = false\n"
    edit = main_conf.plan(text, [Wanted(section="Policy", line="AutoEnable=true")])
    assert edit.text == f"[General]\nAutoEnable=false\n[Policy]\n{OFF}AutoEnable = false\nAutoEnable=true\n"
    assert edit.findings[0].instead == "AutoEnable = false"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "[LE]\nX=1\n"),
        ("[General]\n", "[General]\n\n[LE]\nX=1\n"),
        ("[General]", "[General]\n\n[LE]\nX=1\n"),
        ("[LE]", "[LE]\nX=1\n"),
        ("[LE]\nY=2\n\n[General]\n", "[LE]\nY=2\nX=1\n\n[General]\n"),
        ("[LE]\r\n", "[LE]\r\nX=1\r\n"),
        ("[LE]\nX=2\nX=1\n", f"[LE]\n{OFF}X=2\nX=1\n"),
        ("[LE]\nX = 1\n", "[LE]\nX = 1\n"),
    ],
)
def test_a_key_is_set_in_its_section(text: str, after: str) -> None:
    assert main_conf.plan(text, [Wanted(section="LE", line="X=1")]).text == after


def test_the_numbers_for_bluez_are_within_its_limits_and_a_link_survives_one_silence() -> None:
    keys = dict(want.line.split("=") for want in BLUEZ_KEYS if want.section == "LE")
    shortest, longest = int(keys["MinConnectionInterval"]), int(keys["MaxConnectionInterval"])
    assert 6 <= shortest <= longest <= 0x0C80
    timeout_ms = int(keys["ConnectionSupervisionTimeout"]) * 10
    # Bluetooth Core: the timeout is longer than two intervals with their latency
    assert timeout_ms > (1 + int(keys["ConnectionLatency"])) * longest * 1.25 * 2


# --- properties -----------------------------------------------------------------------------------------------

CONFIG_LINES = st.sampled_from(
    [
        *CONFIG.splitlines(),
        *OLD_CONFIG.splitlines(),
        "[pi5]",
        "[pi4]",
        "[none]",
        "[gpio4=1]",
        "camera_auto_detect=0",
        "dtparam=watchdog=off",
        "dtparam=audio=on,watchdog=off",
        "dtoverlay=vc4-fkms-v3d,x",
        "include extra.txt",
        "",
        "\tодин = два",
        END,
    ]
)
WANTS = st.sampled_from(
    [PI_CONFIG, profiles.together(PI_CONFIG, [profiles.load("camera-module-3"), profiles.load("muse-2")])]
)
ENDS = st.sampled_from(["\n", "\r\n"])


def joined(lines: list[str], end: str, *, last: bool) -> str:
    return end.join(lines) + (end if last and lines else "")


def foreign(text: str) -> list[str]:
    """Lines that are not the kit's, whether they hold or are commented out."""
    return [line.strip().removeprefix(OFF) for line in text.split("\n") if line.strip()]


def is_subsequence(few: list[str], many: list[str]) -> bool:
    rest = iter(many)
    return all(line in rest for line in few)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(CONFIG_LINES, max_size=25), ENDS, st.booleans(), WANTS, st.sampled_from([Board.PI5, Board.PI4]))
def test_config_twice_is_once_loses_nothing_and_leaves_nothing_to_do(
    lines: list[str], end: str, last: bool, wants: tuple[Wanted, ...], board: Board
) -> None:
    text = joined(lines, end, last=last)
    once = config_txt.plan(text, wants, board)
    twice = config_txt.plan(once.text, wants, board)
    assert twice.text == once.text
    assert {finding.state for finding in twice.findings} == {State.THERE}
    assert is_subsequence(foreign(text), foreign(once.text))
    if not any(finding.state is not State.THERE for finding in once.findings):
        assert once.text == text


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(
        st.sampled_from([*CMDLINE.split(), "cgroup_disable=memory", 'a="b c"', "cgroup_disable=io,memory"]),
        max_size=25,
    )
)
def test_cmdline_twice_is_once_and_keeps_every_other_option(options: list[str]) -> None:
    text = " ".join(["root=x", *options]) + "\n"
    once = cmdline.plan(text, PI_CMDLINE)
    assert once.text.count("\n") == 1
    assert cmdline.plan(once.text, PI_CMDLINE).text == once.text
    others = [option for option in options if not option.startswith("cgroup")]
    assert is_subsequence(others, cmdline.OPTION.findall(once.text))
    assert "cgroup_disable=memory" not in once.text


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(st.sampled_from([*BLUEZ.splitlines(), "AutoEnable=false", "[Other]", "MinConnectionInterval = 6"])),
    ENDS,
)
def test_keys_twice_is_once_and_every_other_line_stays(lines: list[str], end: str) -> None:
    text = joined(lines, end, last=True)
    once = main_conf.plan(text, BLUEZ_KEYS)
    twice = main_conf.plan(once.text, BLUEZ_KEYS)
    assert twice.text == once.text
    assert {finding.state for finding in twice.findings} == {State.THERE}
    assert is_subsequence(foreign(text), foreign(once.text))
