"""A Muse without BrainFlow: one link over BlueZ, packets put together by their counter, nothing bridged.

The loop that bleak needs runs inside `start`, `read` and `stop`, in the one thread that calls them.
"""

import asyncio
import contextlib

import msgspec
from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from vybor.foundation.clock import SECOND_NS, Clock, seconds
from vybor.headband.boards import Board
from vybor.headband.devices import clock_fit
from vybor.headband.devices.muse import grouping, packets, radio
from vybor.headband.devices.muse.moving import Moving
from vybor.headband.devices.muse.radio import Wanted
from vybor.headband.port import Chunk, HeadbandMissing, HeadbandStopped

PREFIX = "Muse"
PRESET = "p21"
"""Four electrodes and motion; optical sensors and the fifth electrode are off: with them, drops are reported."""
KEEP_ALIVE_NS = seconds(30)
ANSWER_S = 1.0
LET_GO_S = 3.0
WAIT_S = 0.05
"""As long as a packet: in step with the headband, a read returns as soon as one is there."""


class MuseHeadband:
    """One Muse 2016, Muse 2 or Muse S."""

    def __init__(self, board: Board, clock: Clock, address: str = "") -> None:
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
        self._runner.run(self._wait())
        now_ns = self._clock.now_ns()
        chunks = self._chunks(now_ns)
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

    def battery(self) -> float | None:
        """How full its battery is, in percent; None while it has not said so."""
        return self._battery

    def _begin_anew(self) -> None:
        period_ns = packets.SAMPLES * SECOND_NS / self._board.hz
        self._grouping = grouping.Grouping(len(packets.EEG), period_ns)
        self._fit = clock_fit.begin(self._board.hz)
        self._moving = Moving()
        self._hearing = packets.Hearing()
        self._answers: asyncio.Queue[packets.Answer] = asyncio.Queue()
        self._news = asyncio.Event()
        self._battery: float | None = None
        self._gone = False
        self._kept_alive_ns = self._clock.now_ns()

    # --- the link ---------------------------------------------------------------------------------------------

    async def _open(self) -> None:
        async with radio.explained(self._board.name):
            device = await radio.find(self._wanted)
            client = self._client = await radio.connect(device, self._lost)
            self._check(client)
            await self._listen(client)
            await self._command(client, "h")
            said = await self._command(client, "v1")
            if (await self._command(client, PRESET)).rc:
                raise HeadbandMissing(
                    f"the {self._board.name} refuses the preset {PRESET} (firmware {said.fw or 'unknown'}); "
                    "update it with its maker's app"
                )
            self._battery = (await self._command(client, "s")).bp
            await self._command(client, "d")
        # the one that was worn is taken back, and no other in its place
        self._wanted = Wanted(self._board.name, PREFIX, packets.SERVICE, device.address, known=True)

    def _check(self, client: BleakClient) -> None:
        """Raises HeadbandMissing if this is another kind of headband."""
        has = client.services.get_characteristic
        if has(packets.CONTROL) and all(has(one) for one in packets.EEG):
            return
        remedy = "set headband.board to muse_s_athena" if has(packets.ATHENA) else "update it with its maker's app"
        raise HeadbandMissing(f"what is found does not speak as a {self._board.name} does; {remedy}")

    async def _listen(self, client: BleakClient) -> None:
        wanted = (packets.CONTROL, *packets.EEG, packets.GYRO, packets.ACCEL, packets.BATTERY)
        for one in wanted:
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

    async def _wait(self) -> None:
        """Let the loop take in what has come; where nothing has, until something does."""
        if self._client and self._clock.now_ns() - self._kept_alive_ns > KEEP_ALIVE_NS:
            self._kept_alive_ns = self._clock.now_ns()
            # if it is not heard, the samples end, and that is noticed
            with contextlib.suppress(*radio.FAULTS):
                async with asyncio.timeout(ANSWER_S):
                    await self._client.write_gatt_char(packets.CONTROL, packets.command("k"), response=False)
        self._news.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WAIT_S):
                await self._news.wait()

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
        self._news.set()

    def _notified(self, characteristic: BleakGATTCharacteristic, value: bytearray) -> None:
        now_ns, packet = self._clock.now_ns(), bytes(value)
        match characteristic.uuid:
            case packets.CONTROL:
                self._hearing, answer = packets.heard(self._hearing, packet)
                if answer:
                    self._answers.put_nowait(answer)
            case packets.GYRO | packets.ACCEL as which:
                self._moving.take(packet, now_ns, gyro=which == packets.GYRO)
            case packets.BATTERY:
                self._battery = packets.battery(packet) or self._battery
            case one:
                if said := packets.electrode(packet):
                    place = packets.EEG.index(one)
                    self._grouping = grouping.take(self._grouping, place, said.counter, said.microvolts, now_ns)
                    self._news.set()

    def _chunks(self, now_ns: int) -> tuple[Chunk, ...]:
        self._grouping, groups = grouping.ready(self._grouping, now_ns)
        if not groups:
            return ()
        newest = groups[-1]
        self._fit = clock_fit.arrived(self._fit, (newest.number + 1) * packets.SAMPLES - 1, newest.last_ns)
        motion = self._moving.give(now_ns)
        chunks = [self._chunk(run) for run in grouping.runs(groups)]
        return (*chunks[:-1], msgspec.structs.replace(chunks[-1], motion=motion))

    def _chunk(self, run: tuple[grouping.Group, ...]) -> Chunk:
        first = run[0].number * packets.SAMPLES
        return Chunk(
            first=first,
            microvolts=grouping.joined(run),
            at_ns=self._fit.time_of(first),
            period_ns=self._fit.period_ns,
            at_sd_ns=self._fit.sd_ns,
        )
