"""A Muse without BrainFlow: one link over BlueZ, packets put together by their counter, nothing bridged.

The loop that bleak needs runs inside `start`, `read` and `stop`, in the one thread that calls them.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from vybor.foundation.clock import Clock, seconds
from vybor.headband.boards import Board
from vybor.headband.devices.muse import packets, radio
from vybor.headband.devices.muse.classic import Classic
from vybor.headband.devices.muse.language import Language
from vybor.headband.devices.muse.radio import Wanted
from vybor.headband.port import Chunk, HeadbandMissing, HeadbandStopped

PREFIX = "Muse"
Kind = tuple[Board, Callable[[], Language]]
"""A board, and how it speaks."""
KEEP_ALIVE_NS = seconds(30)
OPEN_S = 30.0
"""To search, connect and begin. A bluetoothd that hangs answers nothing, and bleak waits for it for ever."""
ANSWER_S = 1.0
LET_GO_S = 3.0
WAIT_S = 0.05
"""As long as a packet: in step with the headband, a read returns as soon as one is there."""


class MuseHeadband:
    """One Muse, of the kinds that are named; which of them it is shows once there is a link."""

    def __init__(self, board: Board, clock: Clock, address: str = "", kinds: Sequence[Kind] = ()) -> None:
        self._kinds = kinds or ((board, Classic),)
        self._board = board
        self._clock = clock
        self._wanted = Wanted(board.name, PREFIX, packets.SERVICE, address)
        self._runner: asyncio.Runner | None = None
        self._client: BleakClient | None = None
        self._begin_anew()

    def start(self) -> None:
        """Search, connect and begin to stream. Raises HeadbandMissing; then call `stop`."""
        self.stop()
        self._begin_anew()
        self._runner = asyncio.Runner()
        self._runner.run(self._open())

    def read(self) -> tuple[Chunk, ...]:
        """The samples since the last call, or the next to come. Raises HeadbandStopped once the link is lost."""
        if self._runner is None:
            return ()
        if self._clock.now_ns() - self._kept_alive_ns > KEEP_ALIVE_NS:
            self._runner.run(self._keep_alive())
        self._wait(self._runner.get_loop())
        now_ns = self._clock.now_ns()
        chunks = self._language.give(now_ns)
        if not chunks and self._gone:
            raise HeadbandStopped(
                f"the {self._board.name} has gone; it is taken back as soon as it is heard again"
            )
        return chunks

    def stop(self) -> None:
        """Let go, whatever state it is in."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        runner.run(self._close())
        runner.close()

    @property
    def board(self) -> Board:
        """What it is, as far as that is known."""
        return self._board

    @property
    def why(self) -> str:
        """Which one it is."""
        return f"it has the address {self._wanted.address}"

    def battery(self) -> float | None:
        """How full its battery is, in percent; None while it has not said so."""
        return self._battery if self._language.battery is None else self._language.battery

    def _begin_anew(self) -> None:
        self._language = self._kinds[0][1]()
        self._hearing = packets.Hearing()
        self._answers: asyncio.Queue[packets.Answer] = asyncio.Queue()
        self._is_waiting = False
        """Whether the loop runs for what comes alone, so that it may be ended by that."""
        self._battery: float | None = None
        """As it answered; what it says later of itself is newer."""
        self._gone = False
        self._kept_alive_ns = self._clock.now_ns()

    # --- the link ---------------------------------------------------------------------------------------------

    async def _open(self) -> None:
        async with radio.explained(self._board.name), asyncio.timeout(OPEN_S):
            device = await radio.find(self._wanted)
            client = self._client = await radio.connect(device, self._lost)
            self._recognise(client)
            await self._listen(client)
            await self._command(client, "h")
            said = await self._command(client, self._language.version)
            preset = self._language.preset
            if (await self._command(client, preset)).rc:
                raise HeadbandMissing(
                    f"the {self._board.name} refuses the preset {preset} (firmware {said.fw or 'unknown'}); "
                    "update it with its maker's app"
                )
            self._battery = (await self._command(client, "s")).bp
            for begin in self._language.begins:
                await self._command(client, begin)
        # the one that was worn is taken back, and no other in its place
        self._wanted = Wanted(self._board.name, PREFIX, packets.SERVICE, device.address, known=True)

    def _recognise(self, client: BleakClient) -> None:
        """Find out how it speaks. Raises HeadbandMissing if this is another kind of headband."""
        has = client.services.get_characteristic
        for board, language in self._kinds:
            spoken = language()
            if all(has(one) for one in spoken.needs):
                self._board, self._language = board, spoken
                return
        remedy = "update it with its maker's app"
        if has(packets.ATHENA):
            remedy = "it is an Athena: set headband.board to muse_s_athena"
        elif has(packets.EEG[0]):
            remedy = "it is no Athena: set headband.board to muse_2, muse_s or muse_2016"
        raise HeadbandMissing(f"what is found does not speak as a {self._board.name} does; {remedy}")

    async def _listen(self, client: BleakClient) -> None:
        for one in (packets.CONTROL, *self._language.listens):
            if client.services.get_characteristic(one):
                await client.start_notify(one, self._notified)

    async def _command(self, client: BleakClient, text: str) -> packets.Answer:
        """Say it, and wait a moment for the answer: some firmware gives none, and samples prove the rest."""
        while not self._answers.empty():
            self._answers.get_nowait()
        await client.write_gatt_char(packets.CONTROL, packets.command(text), response=False)
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self._answers.get()
        except TimeoutError:
            return packets.Answer()

    async def _keep_alive(self) -> None:
        """If it is not heard, the samples end, and that is noticed."""
        self._kept_alive_ns = self._clock.now_ns()
        if self._client:
            with contextlib.suppress(*radio.FAULTS):
                async with asyncio.timeout(ANSWER_S):
                    await self._client.write_gatt_char(packets.CONTROL, packets.command("k"), response=False)

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the loop take in what has come; where nothing has, until something does.

        Twenty times a second: a task, a timeout and an event for each cost more than the packets.
        """
        patience = loop.call_later(WAIT_S, loop.stop)
        self._is_waiting = True
        loop.run_forever()
        self._is_waiting = False
        patience.cancel()

    def _wake(self) -> None:
        if self._is_waiting:
            asyncio.get_running_loop().stop()

    async def _close(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        with contextlib.suppress(*radio.FAULTS):
            async with asyncio.timeout(ANSWER_S):
                await client.write_gatt_char(packets.CONTROL, packets.command("h"), response=False)
        await radio.let_go(client, LET_GO_S)

    # --- what it says -----------------------------------------------------------------------------------------

    def _lost(self) -> None:
        self._gone = True
        self._wake()

    def _notified(self, characteristic: BleakGATTCharacteristic, value: bytearray) -> None:
        now_ns, packet = self._clock.now_ns(), bytes(value)
        if characteristic.uuid == packets.CONTROL:
            self._hearing, answer = packets.heard(self._hearing, packet)
            if answer:
                self._answers.put_nowait(answer)
        elif self._language.take(characteristic.uuid, packet, now_ns):
            self._wake()
