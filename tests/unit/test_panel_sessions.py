"""Who came in: for how long that holds, how many may, and that what is kept opens nothing."""

from vybor.foundation.clock import seconds
from vybor.panel import sessions
from vybor.panel.sessions import IDLE_NS, LONGEST_NS, MOST, WATCHES_NS, Sessions

NOW = seconds(100)


def opened(*tokens: str) -> Sessions:
    found: Sessions = {}
    for at, token in enumerate(tokens):
        found = sessions.opened(found, token, f"csrf of {token}", NOW + at)
    return found


def test_no_token_is_kept() -> None:
    assert "token" not in repr(opened("token")).replace("csrf of token", "")
    assert list(opened("token")) == [sessions.name("token")]


def test_who_does_nothing_for_half_an_hour_is_out() -> None:
    held = opened("a")
    assert sessions.held(held, NOW + IDLE_NS - 1) == held
    assert sessions.held(held, NOW + IDLE_NS) == {}
    used = sessions.used(held, "a", NOW + IDLE_NS - 1)
    assert sessions.held(used, NOW + IDLE_NS) == used


def test_after_half_a_day_everybody_is_out_whatever_they_do() -> None:
    held = sessions.used(opened("a"), "a", NOW + LONGEST_NS - 1)
    assert sessions.held(held, NOW + LONGEST_NS - 1) == held
    assert sessions.held(held, NOW + LONGEST_NS) == {}


def test_one_browser_too_many_puts_out_the_one_that_was_idle_longest() -> None:
    tokens = [str(number) for number in range(MOST)]
    held = sessions.used(opened(*tokens), "0", NOW + seconds(60))
    more = sessions.opened(held, "new", "csrf", NOW + seconds(61))
    assert set(more) == {sessions.name(token) for token in ("0", *tokens[2:], "new")}


def test_another_s_token_and_none_use_nothing_and_end_nothing() -> None:
    held = opened("a")
    for token in ("", "b", sessions.name("a"), "\ud800"):
        assert sessions.used(held, token, NOW + 1) == held
        assert sessions.ended(held, token) == held
    assert sessions.ended(held, "a") == {}


def test_it_is_watched_for_half_a_minute_after_a_page_was_asked_for() -> None:
    held = opened("a")
    assert sessions.is_watched(held, NOW + WATCHES_NS - 1)
    assert not sessions.is_watched(held, NOW + WATCHES_NS)
    assert not sessions.is_watched({}, NOW)
