"""Pairing: the same digits on both sides or none, nobody between unseen, and anything else is one sentence."""

import secrets
import socket
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.contracts.messages import PairingEnd
from vybor.foundation.clock import seconds
from vybor.foundation.errors import Missing
from vybor.pairing import kit_side, workstation_side
from vybor.pairing.compared import commitment, compared
from vybor.pairing.lines import LONGEST_BYTES, Broken, Hello, Kept, Offer, Reveal, Verdict, read, written
from vybor.pairing.word_list import WORDS
from vybor.sync.window import KEYS_WITHIN_NS, MOST_FAILURES, OPEN_NS, Window
from vybor_workshop.kits.adding import Host, host_of

KEY = "ssh-ed25519 " + "A" * 68


def offer() -> Offer:
    return Offer(
        kit="5" * 32,
        name="kitchen",
        language="en",
        verifies_with="a" * 64,
        host_key=KEY,
        port=2222,
        user="vybor-sync",
        nonce=secrets.token_hex(32),
    )


def reveal() -> Reveal:
    return Reveal(
        name="desk",
        seals_to="b" * 64,
        verifies_with="c" * 64,
        read_key=KEY,
        write_key=KEY,
        nonce=secrets.token_hex(32),
    )


def paired() -> tuple[kit_side.Attempt, workstation_side.Attempt]:
    """Both sides, as far as that the digits stand there."""
    here, there = kit_side.Attempt(offer()), workstation_side.Attempt(reveal())
    here, answer = kit_side.heard(here, there.hello)
    there, answer = workstation_side.heard(there, answer, said_here=False)
    here, _ = kit_side.heard(here, answer)
    return here, there


def test_both_sides_show_the_same_and_the_keys_are_kept_after_two_yes() -> None:
    here, there = paired()
    assert here.compared == there.compared
    assert here.compared and len(here.compared.digits) == 6 and len(here.compared.words) == 5
    assert here.reveal == there.reveal and here.offer == there.offer
    here, yes = kit_side.said(here, same=True)
    assert not here.is_agreed
    there, _ = workstation_side.heard(there, yes, said_here=True)
    here, _ = kit_side.heard(here, written(Verdict(same=True)))
    assert here.is_agreed
    there, _ = workstation_side.heard(there, written(Kept()), said_here=True)
    assert there.is_kept


def test_a_kit_that_keeps_before_the_owner_said_yes_is_not_believed() -> None:
    _, there = paired()
    with pytest.raises(Broken, match="may not come now"):
        workstation_side.heard(there, written(Kept()), said_here=True)
    there, _ = workstation_side.heard(there, written(Verdict(same=True)), said_here=False)
    with pytest.raises(Broken, match="may not come now"):
        workstation_side.heard(there, written(Kept()), said_here=False)


def test_whoever_stands_between_is_seen() -> None:
    """Each side is paired with the one between, who uses keys of their own: the digits differ."""
    here, there = kit_side.Attempt(offer()), workstation_side.Attempt(reveal())
    between_as_workstation, between_as_kit = workstation_side.Attempt(reveal()), kit_side.Attempt(offer())
    here, told = kit_side.heard(here, between_as_workstation.hello)
    _, mine = workstation_side.heard(between_as_workstation, told, said_here=False)
    here, _ = kit_side.heard(here, mine)
    _, told = kit_side.heard(between_as_kit, there.hello)
    there, _ = workstation_side.heard(there, told, said_here=False)
    assert here.compared and there.compared
    assert here.compared.words != there.compared.words


def test_keys_that_were_not_committed_to_are_refused() -> None:
    here, there = kit_side.Attempt(offer()), workstation_side.Attempt(reveal())
    here, _ = kit_side.heard(here, there.hello)
    with pytest.raises(Broken, match="somebody may stand between"):
        kit_side.heard(here, written(reveal()))


def test_every_byte_of_the_three_lines_counts() -> None:
    lines = [b"hello\n", b"offer\n", b"reveal\n"]
    told = compared(lines[0], lines[1], lines[2], "en")
    for at in range(3):
        other = [line if number != at else line[::-1] for number, line in enumerate(lines)]
        assert compared(other[0], other[1], other[2], "en") != told
    assert compared(b"helloo", b"ffer", b"r", "en") != compared(b"hello", b"offer", b"r", "en")
    assert commitment(b"a") != commitment(b"b")
    assert set(compared(lines[0], lines[1], lines[2], "ru").words) <= set(WORDS["ru"])
    assert compared(lines[0], lines[1], lines[2], "ru").digits == told.digits


def test_the_words_are_as_many_as_are_shown_evenly() -> None:
    for words in WORDS.values():
        assert len(words) == len(set(words)) == 64


@pytest.mark.parametrize(
    "line",
    [
        msgspec.structs.replace(reveal(), read_key="ssh-rsa AAAA"),
        msgspec.structs.replace(reveal(), write_key=KEY + '\ncommand="sh" ' + KEY),
        msgspec.structs.replace(reveal(), name="a\x1b[2Jb"),
        msgspec.structs.replace(reveal(), name=""),
        msgspec.structs.replace(reveal(), seals_to="b" * 63),
        msgspec.structs.replace(offer(), user="root; rm"),
        msgspec.structs.replace(offer(), kit="../" + "5" * 29),
        msgspec.structs.replace(offer(), port=0),
        Hello(commitment="a" * 64, v=2),
    ],
)
def test_what_may_not_stand_in_a_line_is_refused(line: Hello | Offer | Reveal) -> None:
    with pytest.raises(Broken):
        read(written(line))


lines = st.one_of(
    st.binary(max_size=200),
    st.builds(lambda made: written(made()), st.sampled_from([offer, reveal])),
    st.builds(lambda same: written(Verdict(same=same)), st.booleans()),
    st.just(written(Kept())),
    st.just(written(Hello(commitment="a" * 64))),
    st.just(b"{" * LONGEST_BYTES),
)


@given(st.lists(lines, max_size=8))
def test_whatever_a_stranger_says_the_kit_agrees_to_nothing(told: list[bytes]) -> None:
    attempt = kit_side.Attempt(offer())
    for line in told:
        try:
            attempt, _ = kit_side.heard(attempt, line)
        except Broken as error:
            assert str(error)
            break
        assert not attempt.is_agreed
        assert attempt.said_here is None


@given(st.lists(lines, max_size=8))
def test_whatever_a_stranger_says_the_workstation_keeps_nothing(told: list[bytes]) -> None:
    attempt = workstation_side.Attempt(reveal())
    for line in told:
        try:
            attempt, _ = workstation_side.heard(attempt, line, said_here=False)
        except Broken:
            break
        assert not attempt.is_kept


@pytest.fixture
def window() -> Iterator[Window]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = Window("127.0.0.1", port, offer, 0)
    made.port = port  # type: ignore[attr-defined]
    yield made
    made.close()


def come(window: Window, *told: bytes, now_ns: int = 0) -> socket.socket:
    peer = socket.create_connection(("127.0.0.1", window.port), timeout=5)  # type: ignore[attr-defined]
    for line in told:
        peer.sendall(line)
    window.turn(now_ns)
    window.turn(now_ns)
    return peer


def test_one_attempt_at_a_time(window: Window) -> None:
    first = come(window, written(Hello(commitment="a" * 64)))
    assert isinstance(read(first.recv(LONGEST_BYTES)), Offer)
    with come(window) as second:
        assert second.recv(1) == b""
    assert window.attempt
    first.close()
    window.turn(0)
    assert window.attempt is None


def test_each_attempt_gets_a_nonce_of_its_own(window: Window) -> None:
    nonces = set()
    for _ in range(2):
        with come(window, written(Hello(commitment="a" * 64))) as peer:
            said = read(peer.recv(LONGEST_BYTES))
        assert isinstance(said, Offer)
        nonces.add(said.nonce)
        window.turn(0)
    assert len(nonces) == 2


def test_lists_within_lists_end_an_attempt_and_nothing_else(window: Window) -> None:
    come(window, b'{"x":' + b"[" * 4000 + b"\n").close()
    assert window.attempt is None
    with come(window, written(Hello(commitment="a" * 64))):
        assert window.attempt


def test_it_closes_after_three_failures_and_after_three_minutes(window: Window) -> None:
    for count in range(MOST_FAILURES):
        assert not window.is_over(0), count
        come(window, b"GET / HTTP/1.0\r\n\r\n").close()
        assert window.ended is PairingEnd.BROKEN
    assert window.is_over(0)
    assert Window.is_over(window, OPEN_NS)


def test_a_no_at_the_workstation_is_told_from_a_wire_that_is_cut(window: Window) -> None:
    there = workstation_side.Attempt(reveal())
    with come(window, there.hello) as peer:
        there, answer = workstation_side.heard(there, peer.recv(LONGEST_BYTES), said_here=False)
        peer.sendall(answer + written(Verdict(same=False)))
        window.turn(0)
    assert (window.ended, window.attempt) == (PairingEnd.DIFFERED, None)


def test_whoever_says_nothing_makes_room(window: Window) -> None:
    with come(window):
        window.turn(KEYS_WITHIN_NS + seconds(1))
        assert window.attempt is None


def test_a_line_without_end_is_cut_off(window: Window) -> None:
    with come(window, b"x" * (2 * LONGEST_BYTES + 10)) as peer:
        for _ in range(4):
            window.turn(0)
        assert window.attempt is None
        with pytest.raises((ConnectionError, AssertionError)):
            assert peer.recv(1) != b""


def test_yes_holds_for_the_digits_that_were_read_alone(window: Window) -> None:
    there = workstation_side.Attempt(reveal())
    peer = come(window, there.hello)
    there, answer = workstation_side.heard(there, peer.recv(LONGEST_BYTES), said_here=False)
    peer.sendall(answer)
    window.turn(0)
    assert there.compared
    digits = there.compared.digits
    assert not window.say(f"{(int(digits) + 1) % 1_000_000:06}")
    assert window.say(digits)
    assert read(peer.recv(LONGEST_BYTES)) == Verdict(same=True)
    window.close()
    assert read(peer.recv(LONGEST_BYTES)) == Verdict(same=False)
    peer.close()


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("192.168.1.20", Host("192.168.1.20", 2223)),
        ("kit.local:4000", Host("kit.local", 4000)),
        ("[fd00::1]:4000", Host("fd00::1", 4000)),
        ("fd00::1", Host("fd00::1", 2223)),
    ],
)
def test_an_address_as_it_is_typed(typed: str, host: Host) -> None:
    assert host_of(typed) == host


@pytest.mark.parametrize(
    "typed", ["", "a b", "-oProxyCommand=sh", "kit:99999", "kit:0", "kit:x", "a/b", "10.0.0.300", "[zz]:1"]
)
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(Missing, match="is no address"):
        host_of(typed)
