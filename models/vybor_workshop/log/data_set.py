"""Where rows are kept: a folder, or an object store that fsspec knows. Files are replaced whole, or not at all."""

import contextlib
import fcntl
import glob
import hashlib
import importlib
import importlib.util
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import fsspec
import msgspec
import pyarrow as pa
from pyarrow import parquet

from vybor.foundation.errors import Missing, PlaceError
from vybor.foundation.small_files import sync_folder
from vybor.segments.rows import Kind
from vybor_workshop.places import default_home, make
from vybor_workshop.said import without_password

ATOMIC = {"memory", "s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss", "oci"}
"""Stores where a reader sees an object as it was or as it is, never a part of it."""
UNFIT = {
    "ftp": "FTP sends a password and every word for all to read",
    "hf": "it keeps every version, so that nothing could be deleted there",
}
"""Kinds of places that could be written to and are not, and why."""
LOCAL = "file"
LOCK = ".lock"
"""In the data set's own folder: held by whoever writes there."""
NEW = ".new"
"""The ending of a file that is being written."""
KIT = re.compile(r"[0-9a-f]{32}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NO_DAY = "unknown"
"""The day of rows that do not tell one."""
LET_THROUGH = (("botocore", "exceptions", "BotoCoreError"), ("paramiko", "ssh_exception", "SSHException"))
"""Errors of the libraries below, which s3fs and SFTP let through."""
LIBRARIES = {"s3fs", "gcsfs", "adlfs", "ossfs", "ocifs"}
"""Of the stores above; pip knows them by the names that they are imported by, which does not hold of others."""
NO_PLACE = "is no place that rows can be kept in"
NAME_ONE = "name a folder, or a store such as s3://BUCKET/PATH"
LARGE_GROUP = 2**16
"""Rows of one group of a file."""


def failures() -> tuple[type[Exception], ...]:
    """What a store raises when it cannot be reached, read or written, or is of a kind that cannot be."""
    through = (
        getattr(importlib.import_module(f"{package}.{module}"), name)
        for package, module, name in LET_THROUGH
        if importlib.util.find_spec(package)
    )
    return (OSError, NotImplementedError, pa.ArrowException, *through)


class RowFile(msgspec.Struct, frozen=True, order=True):
    """The rows of one kind of one kit and day."""

    kit: str
    day: str
    kind: Kind

    @property
    def path(self) -> str:
        """Below the data set's own place."""
        return f"rows/kit={self.kit}/day={self.day}/{self.kind}.parquet"


def day_of(at: str) -> str:
    """The day of a row by the kit's calendar: its time has the zone that the kit had, UTC in older rows."""
    found = DAY.match(at)
    return found[0] if found else NO_DAY


class DataSet:
    """A place for rows, by its URL: a path, `memory://…`, `s3://bucket/…`."""

    def __init__(self, url: str, locks: Path) -> None:
        """`locks` is a folder of this machine for the locks of a store that is elsewhere.

        Raises Missing where the kind of place is unknown, its library is not installed, or it cannot be reached.
        """
        self.url = url
        self.called = without_password(url)
        """How people are told of it."""
        self._locks = locks
        self._has_spilled = False
        for kind, why in UNFIT.items():
            if f"::{kind}://" in f"::{url}":  # also behind a cache
                raise Missing(f"{self.called} {NO_PLACE} ({why}); {NAME_ONE}")
        try:
            self.store, root = fsspec.core.url_to_fs(url)
        except ImportError as error:
            raise Missing(f"{self.called} cannot be opened: {_lacks(error)}") from None
        except failures() as error:
            raise Missing(
                f"{self.called} cannot be reached ({_sentence(error)}); see that it is there, and that you may "
                "use it"
            ) from None
        except (ValueError, TypeError, AttributeError) as error:  # what fsspec makes of a URL that lacks something
            raise Missing(f"{self.called} {NO_PLACE} ({_sentence(error)}); {NAME_ONE}") from None
        self.root: str = root.rstrip("/")
        protocols = self.store.protocol
        self.protocol: str = protocols if isinstance(protocols, str) else protocols[0]

    def full(self, path: str) -> str:
        """The path that the store knows it by."""
        return f"{self.root}/{path}"

    def address(self, path: str) -> str:
        """The path as other programs read it."""
        return self._address(self.full(path))

    def _address(self, full: str) -> str:
        return full if self.protocol == LOCAL else f"{self.protocol}://{full.lstrip('/')}"

    def pattern(self, pattern: str) -> str:
        """The same of a pattern, where they take one: the data set's own place is meant letter by letter."""
        return self._address(f"{glob.escape(self.root)}/{pattern}")

    def spill(self) -> Path:
        """A folder for its owner alone, for what does not fit into memory; what killed processes left is removed.

        Raises PlaceError.
        """
        here = self._locks / f"spill-{os.getpid()}"
        with self._place_errors():
            make(self._locks)
            self._sweep()
            if not self._has_spilled:
                shutil.rmtree(here, ignore_errors=True)  # of another process that had this number
            here.mkdir(mode=0o700, exist_ok=True)
        self._has_spilled = True
        return here

    def _sweep(self) -> None:
        """Remove what killed processes left."""
        for left in self._locks.glob("spill-*"):
            if not Path("/proc", left.name.removeprefix("spill-")).exists():
                shutil.rmtree(left, ignore_errors=True)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Only one process of this machine writes at a time; the others wait. Mends what a killed one left."""
        with self._place_errors():
            if self.protocol == LOCAL:
                make(Path(self.root))
                lock = Path(self.root) / LOCK
            else:
                make(self._locks)
                lock = self._locks / f"{hashlib.sha256(self.url.encode()).hexdigest()[:16]}.lock"
            held = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            self._sweep()
            self._mend()
            yield
        finally:
            os.close(held)

    def is_there(self) -> bool:
        """Whether it was begun: a folder that was written to has its lock, a store elsewhere has some file."""
        if self.protocol == LOCAL:
            return (Path(self.root) / LOCK).exists() or bool(self.names("rows"))
        return bool(self.names(""))

    def check_there(self) -> None:
        """Raise Missing where none was begun, with what stands there instead; PlaceError."""
        if self.is_there():
            return
        raise Missing(
            f"there is no data set in {self.called}{self._stands_there()}; name another place with --data, or "
            "fetch one with `vybor-workshop sync`"
        )

    def _stands_there(self) -> str:
        """Why there can be none: a folder is missing, or it is a file."""
        if self.protocol != LOCAL:
            return ""
        place = Path(self.root)
        there = next(each for each in (place, *place.parents) if each.exists())
        if not there.is_dir():
            return f" ({there} is a file)"
        return "" if there == place else " (there is no such folder)"

    # --- files of rows

    def kits(self) -> list[str]:
        """The kits that rows are of."""
        names = (name.rpartition("/")[2] for name in self._list("rows"))
        return sorted(name[len("kit=") :] for name in names if KIT.fullmatch(name.removeprefix("kit=")))

    def files(self, kit: str) -> list[RowFile]:
        """The files of a kit, by day."""
        found = self._glob(f"rows/kit={kit}/day=*/*.parquet")
        parts = (path.rsplit("/", 2)[1:] for path in found)
        kinds = set(Kind)
        return sorted(
            RowFile(kit, day.removeprefix("day="), Kind(stem))
            for day, name in parts
            if (stem := name.removesuffix(".parquet")) in kinds
        )

    def metadata(self, file: RowFile) -> parquet.FileMetaData:
        """What a file says of its rows."""
        with self._place_errors(file.path), self.store.open(self.full(file.path)) as opened:
            return parquet.read_metadata(opened)

    def read(self, file: RowFile, columns: list[str] | None = None) -> pa.Table:
        """The rows of a file, or some of their columns."""
        with self._place_errors(file.path), self.store.open(self.full(file.path)) as opened:
            return parquet.ParquetFile(opened).read(columns=columns)

    def write(self, file: RowFile, rows: pa.Table) -> None:
        """Let these rows take the place of a file; on return they are on the disk."""
        sink = pa.BufferOutputStream()
        parquet.write_table(rows, sink, compression="zstd", row_group_size=LARGE_GROUP)
        self.put(file.path, sink.getvalue().to_pybytes())

    # --- any file

    def get(self, path: str) -> bytes | None:
        """What stands in a file; None if there is none."""
        with self._place_errors(path):
            try:
                content: bytes = self.store.cat_file(self.full(path))
            except FileNotFoundError:
                return None
        return content

    def put(self, path: str, content: bytes) -> None:
        """Write a file, or replace it, at once; on return it is on the disk."""
        with self._place_errors(path):
            if self.protocol == LOCAL:
                _replace(Path(self.full(path)), content)
            elif self.protocol in ATOMIC:
                self.store.pipe_file(self.full(path), content)
            else:
                self.store.makedirs(self.full(path).rpartition("/")[0], exist_ok=True)
                self.store.pipe_file(self.full(path + NEW), content)
                self._take_its_place(self.full(path + NEW))

    def remove(self, path: str) -> None:
        """Remove a file; none is none. On return it is gone from the disk."""
        with self._place_errors(path), contextlib.suppress(FileNotFoundError):
            self.store.rm_file(self.full(path))
            if self.protocol == LOCAL:
                sync_folder(Path(self.full(path)).parent)

    def names(self, folder: str) -> list[str]:
        """The names of what is in a folder."""
        return sorted(path.rpartition("/")[2] for path in self._list(folder))

    def _list(self, folder: str) -> list[str]:
        with self._place_errors(folder):
            self.store.invalidate_cache()
            try:
                found: list[str] = self.store.ls(self.full(folder), detail=False)
            except (FileNotFoundError, NotADirectoryError):
                return []
        return found

    def _glob(self, pattern: str) -> list[str]:
        """What fits a pattern below the data set's own place, whose own name is none."""
        with self._place_errors():
            self.store.invalidate_cache()
            found: list[str] = self.store.glob(f"{glob.escape(self.root)}/{pattern}")
        return found

    def _mend(self) -> None:
        """Finish what a killed process began: a file that was written whole takes its place, a part is removed."""
        if self.protocol in ATOMIC:
            return
        with self._place_errors():
            places = (f"rows/*/*{NEW}", f"rows/*/day=*/*{NEW}")
            for path in (found for place in places for found in self._glob(place)):
                if self._is_whole(path):
                    self._take_its_place(path)
                else:
                    self.store.rm_file(path)

    def _is_whole(self, path: str) -> bool:
        try:
            with self.store.open(path) as found:
                if path.endswith(f".parquet{NEW}"):
                    parquet.read_metadata(found)
                else:
                    msgspec.json.decode(found.read())
        except (pa.ArrowInvalid, msgspec.MsgspecError):
            return False
        return True

    def _take_its_place(self, path: str) -> None:
        if self.protocol == LOCAL:
            os.replace(path, path.removesuffix(NEW))  # noqa: PTH105  (says that it takes the old one's place)
            return
        self.store.cp_file(path, path.removesuffix(NEW))
        self.store.rm_file(path)

    @contextlib.contextmanager
    def _place_errors(self, path: str = "") -> Iterator[None]:
        try:
            yield
        except failures() as error:
            raise PlaceError(
                f"{self.address(path) if path else self.called} cannot be read or written ({_sentence(error)}); "
                "see that it is there, yours, whole and has room, then do this again"
            ) from None


def opened(url: str, environ: Mapping[str, str]) -> DataSet:
    """The data set of a URL; without one, that of this user."""
    home = default_home(environ)
    return DataSet(url or str(home / "data"), home / "locks")


def _replace(path: Path, content: bytes) -> None:
    """Write beside it, make sure that it is on the disk, rename, and make sure of that too."""
    make(path.parent)
    fresh = path.with_name(path.name + NEW)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as sink:  # noqa: PTH123  (its mode)
        sink.write(content)
        sink.flush()
        os.fsync(sink.fileno())
    os.replace(fresh, path)  # noqa: PTH105  (says that it takes the old one's place)
    sync_folder(path.parent)


def _lacks(error: ImportError) -> str:
    """Which library is not there, and how it comes there."""
    library = getattr(error.__cause__, "name", None)
    if library not in LIBRARIES:
        return _sentence(error)
    return f'{library} is not installed; in a checkout `"$(deploy/prepare)"/bin/pip install {library}` brings it'


def _sentence(error: Exception) -> str:
    """The first words of what a library says."""
    told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return without_password(" ".join(told.split())[:200].rstrip(".")) or type(error).__name__
