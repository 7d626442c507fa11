"""A sentence was said, fetched and taken in, and then deleted: no byte of it is left, on the kit or beside it.

Encrypted and compressed bytes prove nothing about what they hold, so whatever is sealed is opened first.
"""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from pyarrow import parquet

from processes.stage import BRISK, Hands, Kit, hands
from processes.test_generator import FOLLOWS
from processes.test_rights import delete, say, told
from processes.test_sync_screen import shows
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Scope
from vybor.foundation import keys, sealed_files
from vybor.foundation.keys import SEALED, Key
from vybor.segments.segment import Segment, opened
from vybor_workshop.kits import syncing, ways
from vybor_workshop.kits.adding import Host, add
from vybor_workshop.kits.home import Home, keys_of
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.ingest import ingest
from world import decrypted, tiny_model
from world.beside import Owner, free_port

NAMES = ("core", "journal", "sync", "generator")
GONE, STAYS = "Zelda hid the marmalade.", "Come and look here."
WORDS = (b"zelda", b"marmalade")
MASTER = Key(bytes(range(32)))
OF_PROCESSES = {key.mark: key for key in (keys.derived(MASTER, name) for name in ("journal", "core", "generator"))}


class Stage:
    """A kit, its wearer and a workstation."""

    def __init__(self, folder: Path, running: Kit, person: Hands, pairing_port: int) -> None:
        self.folder, self.running, self.person = folder, running, person
        self.pairing_port = pairing_port
        self.home, self.owner = Home(folder / "workstation"), Owner()
        self.data = DataSet(str(folder / "workstation/data"), folder / "workstation")

    def pair(self) -> None:
        for role in (Role.MENU, Role.TOOLS, Role.KIT, Role.SHARING, Role.PAIR):
            self.person.choose(role)
        self.person.until(lambda: shows(self.person, Role.PAIR_NO))
        there = Host("127.0.0.1", self.pairing_port)
        adding = Thread(target=add, args=(self.home, there, "kitchen", self.owner, print))
        adding.start()
        self.person.until(lambda: shows(self.person, Role.PAIR_YES))
        self.person.choose(Role.PAIR_YES)
        self.person.until(lambda: shows(self.person, Role.SHARE))
        adding.join(10)
        self.person.choose(Role.SHARE)
        self.person.until(lambda: shows(self.person, Role.NO_SHARE))
        self.person.choose(Role.BACK)

    def bring(self) -> None:
        """Until something came: the kit seals once it hears that somebody is there, maybe after they have gone."""
        assert any(self.sync() for _ in range(10))

    def sync(self) -> int:
        """Fetch, take in, tell: while the person goes on looking; how many segments came."""
        kit, found = self.home.kits()[0], list[syncing.Synced]()

        def fetch() -> None:
            rsync = ways.Rsync()
            workstation = self.home.workstation()
            found.append(syncing.sync(kit, workstation, lambda s, k: ingest(s, k, self.data, print), rsync, print))

        fetching = Thread(target=fetch)
        fetching.start()
        self.person.until(lambda: not fetching.is_alive(), 30)
        assert found
        assert not found[0].quarantined
        return found[0].segments

    def holders(self, *words: bytes) -> set[str]:
        """Files of the kit's state and of the workstation that hold any of these, whole or in what they seal."""
        return {
            path.name
            for folder in (self.running.state, self.home.folder)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and any(word in told.lower() for told in self.contents(path) for word in words)
        }

    def contents(self, path: Path) -> Iterator[bytes]:
        content = path.read_bytes()
        yield content
        if path.suffix == ".segment":
            of = keys_of(self.home.kits()[0], self.home.workstation())
            yield opened(Segment(path.name, content), of.open_with, of.verify)
        elif path.suffix == ".parquet":
            yield repr(parquet.read_table(path).to_pylist()).encode()
            yield repr(parquet.read_metadata(path).to_dict()).encode()  # the least and the greatest of each column
        elif ".sqlite" in path.name and not path.name.endswith("-shm"):
            yield decrypted.database(path, self.key_of(path))
        elif content.startswith(SEALED):
            yield sealed_files.opened(content, path, self.key_of(path))

    def key_of(self, path: Path) -> Key:
        """By the mark of the file, or of that which a log belongs to."""
        start = path.with_name(path.name.removesuffix("-wal")).read_bytes()[: len(SEALED) + 8]
        return OF_PROCESSES[start[len(SEALED) :]] if start.startswith(SEALED) else keys.NONE


LOOKING = BRISK + 'scan = "off"\n'
"""While files are searched nobody looks; looks that come and go count as lost, and tiles would be lit in turn."""
BARE = pytest.param(False, marks=pytest.mark.slow, id="bare")


@pytest.fixture(params=[BARE, pytest.param(True, id="with a key")])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    pairing_port = free_port()
    settings = f'[sync]\nport = {free_port()}\npairing_port = {pairing_port}\naddress = "127.0.0.1"\n'
    running = Kit(tmp_path, settings=LOOKING + settings + '[gaze]\nsource = "pointer"\n')
    given: dict[str, str] = {}
    if request.param:
        (tmp_path / "credentials").mkdir()
        (tmp_path / "credentials" / keys.CREDENTIAL).write_text(keys.written(MASTER.secret))
        given = {keys.FOLDER: str(tmp_path / "credentials")}
    tiny_model.bigrams(running.share / "model", FOLLOWS)
    running.state.mkdir()
    (running.state / "phrases-en.txt").write_text(f"{GONE}\n{STAYS}\n")
    try:
        running.start(*NAMES, **given)
        with hands(running.runtime) as person:
            person.until(lambda: bool(person.screen and person.screen.tiles))
            yield Stage(tmp_path, running, person, pairing_port)
    finally:
        running.stop()


def test_no_byte_of_what_was_deleted_is_left_on_the_kit_or_on_the_workstation(stage: Stage) -> None:
    person = stage.person
    stage.pair()
    say(person, STAYS)
    say(person, GONE)
    for role in (Role.MENU, Role.TOOLS, Role.PHRASES, Role.FORGET):
        person.choose(role)
    person.choose(Role.FORGET, GONE)
    learned = {"journal.sqlite", "own-words-en.sqlite", "topics.sqlite"}
    person.until(lambda: learned <= with_logs(stage.holders(*WORDS)), 20)
    stage.bring()
    assert {"decision.parquet", "utterance.parquet", "journal.sqlite"} <= with_logs(stage.holders(*WORDS))
    delete(person, Scope.LAST)
    person.until(lambda: told(person, m.Trouble.ERASED), 20)
    assert with_logs(stage.holders(*WORDS)) == {"decision.parquet", "utterance.parquet"}
    stage.bring()
    assert stage.holders(*WORDS) == set()
    assert {"decision.parquet", "utterance.parquet", "journal.sqlite"} <= with_logs(
        stage.holders(b"come and look")
    )
    logs = "".join(stage.running.log(name) for name in NAMES).lower().encode()
    assert not any(word in logs for word in (*WORDS, b"traceback"))


def with_logs(names: set[str]) -> set[str]:
    """Files, whether it is they or their logs that hold something."""
    return {name.removesuffix("-wal") for name in names}
