"""The process `sync` on the bus: opens the door to the workstation, and shows what has gone through it."""

import logging
import re
import secrets
import socket
from collections.abc import Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import PairingEnd, ShareWish
from vybor.foundation import addresses
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.errors import PlaceError, VyborError
from vybor.foundation.loop import run
from vybor.foundation.settings import Settings
from vybor.foundation.start import Start
from vybor.pairing.lines import PAIRING_PORT, Offer, Reveal
from vybor.sync import inbox, sshd
from vybor.sync.arriving import Arriving
from vybor.sync.receipts import Receipts
from vybor.sync.window import Window

log = logging.getLogger("vybor.sync")

ASK_NS = seconds(2)
"""So often the journal is asked how what leaves stands."""
GROWN_NS = seconds(30)
"""So often the generator, while something lies there that it may have taken."""
UNOPENED_NS = seconds(30)
"""So long it is said why the window could not be opened."""
TURN_S = 0.25
OPEN_TURN_S = 0.05
NO_WINDOW = "no window for pairing is open; open one on the kit's screen"
PAIRED_NOW = "both sides have said yes; remove the workstation if that was wrong"


class Sync:
    """The room `sync`."""

    def __init__(self, bus: Bus, door: sshd.Door, settings: Settings, name: str, arriving: Arriving) -> None:
        self._bus = bus
        self._door = door
        self._settings = settings
        self._name = name
        self._sshd = sshd.Sshd(door)
        self._arriving = arriving
        self._grown = ""
        """The request by which the generator was asked what it has of what arrived, if it is."""
        self._grown_ns = -GROWN_NS
        self._window: Window | None = None
        self._told: m.Leaving | None = None
        """What the journal said last."""
        self._published: m.Sharing | None = None
        self._asked_ns = -ASK_NS
        self._asking = ""
        """The request that waits for the journal, if one of this process's own does."""
        self._receipts = Receipts(door.inbox, door.folder / "unanswered.receipt")
        self._pairs: Reveal | None = None
        """The workstation that it carries."""
        self._waiting: dict[str, Asked] = {}
        """Wishes that the journal is fulfilling."""
        self._trouble = ""
        self._unkept = ""
        """Why the keys of a workstation that both sides agreed to are not there."""
        self._unopened = ""
        """Why the window could not be opened, and since when that is said."""
        self._unopened_ns = 0
        self._addresses: tuple[str, ...] = ()
        self._ended = PairingEnd.NONE
        """Why the newest window paired nobody, if it is said."""

    def heard(self, heard: Heard, now_ns: int) -> None:
        """It listens to no channel."""

    def asked(self, asked: Asked, now_ns: int) -> None:
        """A wish of the wearer or carer."""
        request = asked.command.request
        if isinstance(asked.command, m.ForgetArrived):
            self._bus.answer(asked, self._forget_arrived(request))
            return
        if not isinstance(asked.command, m.Share):
            reason = "sync takes wishes of what leaves, and of what has arrived, only"
            self._bus.answer(asked, m.Refused(request=request, reason=reason))
            return
        if 0 < asked.command.until_ns < now_ns:
            self._bus.answer(asked, m.Refused(request=request, reason="that was wished too long ago"))
            return
        match asked.command.wish:
            case ShareWish.AGREE | ShareWish.TAKE_BACK | ShareWish.UNPAIR | ShareWish.TELL as wish:
                self._pass_on(asked, wish)
                return
            case ShareWish.PAIR:
                self._unopened = refused = self._open(now_ns)
                self._unopened_ns = now_ns
                if refused:
                    log.warning("pairing: %s", refused)
            case ShareWish.YES:
                digits = asked.command.digits
                refused = "" if self._window and self._window.say(digits) else NO_WINDOW
            case ShareWish.NO:
                refused = PAIRED_NOW if self._pairs else ""
                if not refused:
                    self._close()
                    self._ended = PairingEnd.NONE
        self._bus.answer(asked, m.Refused(request=request, reason=refused) if refused else m.Done(request=request))
        self._publish(now_ns)

    def _forget_arrived(self, request: str) -> m.Done | m.Refused:
        try:
            self._arriving.clear()
            inbox.clear(self._door.inbox)
        except OSError as error:
            return m.Refused(request=request, reason=f"what has arrived cannot be removed: {error}")
        return m.Done(request=request)

    def answered(self, answered: Answered, now_ns: int) -> None:
        """The journal has done something."""
        reply = answered.reply
        if reply.request == self._grown:
            self._heard_grown(reply)
            return
        if isinstance(reply, m.Leaving):
            self._told = reply
            self._trouble = ""
        elif isinstance(reply, m.Refused):
            self._trouble = f"the journal refuses: {reply.reason}"
        if wish := self._waiting.pop(reply.request, None):
            self._fulfilled(wish, reply)
        elif reply.request == self._asking:
            self._asking = ""
            self._own_done(reply, now_ns)
        self._publish(now_ns)

    def turn(self, now_ns: int) -> float:
        """Ask how things stand; keep the door; hear who wants to be paired."""
        self._turn_window(now_ns)
        if now_ns - self._unopened_ns >= UNOPENED_NS:
            self._unopened = ""
        if self._sshd.turn(now_ns, wanted=self._is_paired and self._door.keys.exists()):
            self._bus.ask("journal", m.Leave(request=self._bus.new_request(), seal=True))
        if not self._asking and self._window_agreed:
            self._pair(now_ns)
        elif not self._asking and (content := self._receipts.next(now_ns)) is not None:
            self._ask(m.Leave(request=self._bus.new_request(), receipt=content), now_ns)
        elif self._receipts.is_silent(now_ns):
            self._receipts.give_up()
            self._bus.take_back("journal", self._asking)
            self._ask(m.Leave(request=self._bus.new_request()), now_ns)
        elif not self._asking and now_ns - self._asked_ns >= ASK_NS:
            self._ask(m.Leave(request=self._bus.new_request()), now_ns)
        is_busy = self._arriving.turn(now_ns)
        if not self._grown and now_ns - self._grown_ns >= GROWN_NS and self._arriving.waits:
            self._grown, self._grown_ns = self._bus.new_request(), now_ns
            self._bus.ask("generator", m.TellGrown(request=self._grown))
        self._publish(now_ns)
        return OPEN_TURN_S if self._window or is_busy else TURN_S

    def _heard_grown(self, reply: m.AnyReply) -> None:
        """What the generator has taken need not lie there for others to find."""
        self._grown = ""
        if isinstance(reply, m.GrownTold):
            try:
                self._arriving.taken(reply.grown)
            except OSError as error:
                log.warning("arrived: what was taken cannot be removed: %s", error.strerror)

    def troubles(self) -> tuple[m.Notice, ...]:
        """Why the workstation cannot come in, if one is paired; for a while, why none can be paired just now."""
        is_known = self._door.keys.exists()
        keys = "" if is_known else "the workstation's keys are gone from this kit; pair it again"
        detail = self._sshd.trouble or self._trouble or self._unkept or keys or self._arriving.trouble
        found = [
            (m.Trouble.NO_PAIRING, self._unopened),
            (m.Trouble.SYNC_FAILED, detail if self._is_paired else ""),
        ]
        return tuple(m.Notice(process="sync", trouble=trouble, detail=why) for trouble, why in found if why)

    def close(self) -> None:
        """Shut the door."""
        window = self._window
        self._close()
        if window and not window.announcement.ended():
            log.warning("pairing: it could not be said that the window is closed")
        self._arriving.close()
        self._sshd.close()

    @property
    def _is_paired(self) -> bool:
        return self._told is not None and bool(self._told.sharing.workstation)

    @property
    def _window_agreed(self) -> bool:
        return bool(self._window and self._window.attempt and self._window.attempt.is_agreed)

    def _ask(self, command: m.Leave, now_ns: int) -> None:
        self._asking, self._asked_ns = command.request, now_ns
        self._bus.ask("journal", command)

    def _pass_on(self, asked: Asked, wish: ShareWish) -> None:
        """What the journal is to do."""
        command = m.Leave(request=self._bus.new_request())
        if wish is ShareWish.UNPAIR:
            try:
                sshd.forget_keys(self._door)
            except OSError as error:
                reason = f"the workstation's keys cannot be removed ({error.strerror}); it is still paired"
                self._bus.answer(asked, m.Refused(request=asked.command.request, reason=reason))
                return
            self._unkept = ""
            command = msgspec.structs.replace(command, unpair=True)
        elif wish is not ShareWish.TELL:
            command = msgspec.structs.replace(command, agree=wish is ShareWish.AGREE)
        self._waiting[command.request] = asked
        self._bus.ask("journal", command)

    def _fulfilled(self, wish: Asked, reply: m.AnyReply) -> None:
        self._bus.answer(wish, msgspec.structs.replace(reply, request=wish.command.request))

    def _open(self, now_ns: int) -> str:
        """Open the window; why not, if it cannot be."""
        if self._window:
            return ""
        if self._told is None:
            return "the journal does not answer; see `vybor doctor`"
        try:
            offer = Offer(
                kit=self._told.kit,
                name=self._name,
                language=self._settings.language.value,
                verifies_with=self._told.verifies_with,
                host_key=sshd.prepare(self._door),
                port=self._door.port,
                user=self._door.user,
                nonce=_nonce(),
            )

            def anew() -> Offer:
                return msgspec.structs.replace(offer, nonce=_nonce())

            found = addresses.read()
            self._window = Window(self._door.address, self._settings.sync.pairing_port, anew, now_ns, found)
        except (VyborError, OSError) as error:
            return f"the window for pairing cannot be opened: {error}"
        self._addresses = typed(found, self._settings.sync.pairing_port)
        log.info("pairing: the window is open")
        return ""

    def _turn_window(self, now_ns: int) -> None:
        if self._window:
            self._window.turn(now_ns)
            self._ended = self._window.ended
            if self._window.is_over(now_ns) and not self._pairs:  # the journal is about to know the workstation
                self._ended = self._ended or PairingEnd.LATE
                self._close()

    def _close(self) -> None:
        if self._window:
            self._window.close()
            log.info("pairing: the window is closed")
        self._window = None

    def _pair(self, now_ns: int) -> None:
        """Both said yes: the journal learns for whom it seals."""
        if not self._window or not self._window.attempt or not (there := self._window.attempt.reveal):
            return
        try:
            sshd.forget_keys(self._door)  # before the journal seals for another: whoever came in does so no more
        except OSError as error:
            self._unkept = f"the keys of the workstation before cannot be removed: {error.strerror}"
            self._close()
            return
        self._pairs = there
        pair = m.Workstation(name=there.name, seals_to=there.seals_to, verifies_with=there.verifies_with)
        self._ask(m.Leave(request=self._bus.new_request(), pair=pair), now_ns)

    def _own_done(self, reply: m.AnyReply, now_ns: int) -> None:
        """The journal took a receipt, or knows the workstation."""
        pairs, self._pairs = self._pairs, None
        if not isinstance(reply, m.Leaving):
            self._receipts.refused()
            return
        if self._receipts.taken():
            if reply.refused:
                log.warning("receipt: refused: %s", reply.refused)
            self._asked_ns = now_ns
        if pairs and self._window:
            self._keep_keys(pairs)

    def _keep_keys(self, pairs: Reveal) -> None:
        try:
            self._arriving.clear()
            sshd.keep_keys(self._door, pairs.read_key, pairs.write_key)
        except (OSError, VyborError) as error:
            log.warning("pairing: the keys cannot be kept: %s", error)
            self._unkept = f"the keys of the workstation cannot be kept: {error}; pair it again"
            self._close()
            return
        self._unkept = ""
        if self._window:
            self._window.kept()
        self._window, self._ended = None, PairingEnd.NONE
        log.info("pairing: a workstation is paired")

    def _publish(self, now_ns: int) -> None:
        """Say how what leaves stands, if that is news."""
        if self._told is None:
            return
        sharing = msgspec.structs.replace(self._told.sharing, pairing=self._pairing(), pairing_ended=self._ended)
        if sharing != self._published:
            self._published = sharing
            self._bus.publish(m.SyncStatus(at_ns=now_ns, sharing=sharing))

    def _pairing(self) -> m.Pairing | None:
        if self._window is None:
            return None
        attempt = self._window.attempt
        if attempt is None or attempt.compared is None or attempt.reveal is None:
            return m.Pairing(addresses=self._addresses, closes_ns=self._window.closes_ns)
        return m.Pairing(
            addresses=self._addresses,
            closes_ns=self._window.closes_ns,
            workstation=attempt.reveal.name,
            digits=attempt.compared.digits,
            words=attempt.compared.words,
            is_said=bool(attempt.said_here),
        )


def kit_name(host: str) -> str:
    """The machine's name, as far as it can stand on a screen."""
    return re.sub(r"[^\w.-]", "", host)[:40] or "vybor"


def typed(found: Sequence[str], port: int) -> tuple[str, ...]:
    """Addresses as they are typed at the workstation: the usual port needs no mention."""
    if port == PAIRING_PORT:
        return tuple(found)
    return tuple(f"[{address}]:{port}" if ":" in address else f"{address}:{port}" for address in found)


def _nonce() -> str:
    return secrets.token_hex(32)


def main(start: Start) -> None:
    """Run the process `sync` until it is asked to end."""
    bus = Bus("sync", start.places.runtime, start.clock)
    door = sshd.Door(
        folder=start.places.sync,
        outbox=start.places.outbox,
        port=start.settings.sync.port,
        address=start.settings.sync.address,
        user=sshd.user_name(),
    )
    try:
        sshd.renew_keys(door)
    except (OSError, PlaceError) as error:
        log.warning("sync: the workstation's keys are left as they were: %s", error)
    arriving = Arriving(door.inbox, start.places.arrived)
    room = Sync(bus, door, start.settings, kit_name(socket.gethostname()), arriving)
    run(room, bus, start.clock, start.heart)
