"""Programs that work on one sound, with small programs that every machine has."""

import select
from collections.abc import Iterator

import pytest

from vybor.sound.chain import Chain

LONGEST_WAIT_S = 20.0


@pytest.fixture
def ends() -> Iterator[select.epoll]:
    with select.epoll() as made:
        yield made


def ended(chain: Chain, ends: select.epoll) -> str:
    """Wait for the chain's end by its own signals; return its problem."""
    while (problem := chain.problem()) is None:
        assert ends.poll(LONGEST_WAIT_S), "no end was signalled"
    return problem


def test_what_is_fed_flows_through_every_program(ends: select.epoll) -> None:
    chain = Chain([["tr", "a-z", "A-Z"], ["grep", "-q", "HELLO"]], b"hello\n", ends)
    assert ended(chain, ends) == ""


def test_a_failure_is_told_in_the_program_s_last_words(ends: select.epoll) -> None:
    chain = Chain([["cat"], ["sh", "-c", "cat >&2; echo 'no card' >&2; exit 3"]], b"first words\n", ends)
    assert ended(chain, ends) == "sh: no card"


def test_a_program_that_fails_without_a_word_is_told_by_its_code(ends: select.epoll) -> None:
    assert ended(Chain([["false"]], b"", ends), ends) == "false: ended with code 1"


def test_a_program_that_crashes_is_told_by_its_signal(ends: select.epoll) -> None:
    assert ended(Chain([["sh", "-c", "kill -SEGV $$"]], b"", ends), ends) == "sh: ended by signal 11"


def test_the_reader_is_blamed_when_it_goes_away_and_not_the_writer(ends: select.epoll) -> None:
    chain = Chain([["cat"], ["sh", "-c", "echo 'no card' >&2; exit 1"]], b"x" * 1_000_000, ends)
    assert ended(chain, ends) == "sh: no card"


@pytest.mark.parametrize("commands", [[["no-such-program"], ["cat"]], [["cat"], ["no-such-program"]]])
def test_a_missing_program_is_named(commands: list[list[str]], ends: select.epoll) -> None:
    chain = Chain(commands, b"x" * 1_000_000, ends)
    assert "no-such-program cannot be started (No such file or directory)" in ended(chain, ends)


def test_a_killed_chain_is_gone(ends: select.epoll) -> None:
    chain = Chain([["sleep", "1000"], ["cat"]], b"", ends)
    assert chain.problem() is None
    chain.kill()
    assert ended(chain, ends) == "sleep: ended by signal 9"
    assert chain.gone()


def test_a_chain_that_has_ended_signals_nothing_more(ends: select.epoll) -> None:
    ended(Chain([["true"], ["true"]], b"", ends), ends)
    assert ends.poll(0) == []
