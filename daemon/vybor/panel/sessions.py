"""Who came in, and for how long that holds. Pure; time and tokens are handed in, and digests alone are kept."""

from hashlib import sha256

import msgspec

from vybor.foundation.clock import seconds

IDLE_NS = seconds(1800)
"""Whoever does nothing for so long has to read a PIN again; a page that only shows what is new does nothing."""
LONGEST_NS = seconds(12 * 3600)
MOST = 8
"""Browsers at a time; one more, and the one that was idle for longest goes."""
WATCHES_NS = seconds(30)
"""A browser that asked for a page is taken to be looked at for so long."""


class Session(msgspec.Struct, frozen=True):
    """One browser that came in."""

    csrf: str
    """Stands in every form of its pages: what another page sends in its name does not have it."""
    began_ns: int
    seen_ns: int

    def holds(self, now_ns: int) -> bool:
        """Whether it still may."""
        return now_ns - self.seen_ns < IDLE_NS and now_ns - self.began_ns < LONGEST_NS


Sessions = dict[str, Session]
"""By the digest of the token in the browser's cookie."""


def name(token: str) -> str:
    """Under which name a session is kept: what lies in memory opens nothing."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def opened(sessions: Sessions, token: str, csrf: str, now_ns: int) -> Sessions:
    """Somebody came in."""
    left = sorted(held(sessions, now_ns).items(), key=lambda item: item[1].seen_ns)[-(MOST - 1) :]
    return {**dict(left), name(token): Session(csrf, now_ns, now_ns)}


def held(sessions: Sessions, now_ns: int) -> Sessions:
    """Those that still hold."""
    return {key: session for key, session in sessions.items() if session.holds(now_ns)}


def used(sessions: Sessions, token: str, now_ns: int) -> Sessions:
    """The person at this browser does something."""
    key = name(token)
    if key not in sessions:
        return sessions
    return {**sessions, key: msgspec.structs.replace(sessions[key], seen_ns=now_ns)}


def ended(sessions: Sessions, token: str) -> Sessions:
    """They leave."""
    return {key: session for key, session in sessions.items() if key != name(token)}


def is_watched(sessions: Sessions, now_ns: int) -> bool:
    """Whether somebody asked for a page just now."""
    return any(session.holds(now_ns) and now_ns - session.seen_ns < WATCHES_NS for session in sessions.values())
