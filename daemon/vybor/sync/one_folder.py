"""What SFTP shows of the outbox and takes into the inbox: names of one folder, and no paths.

A path that a client sends is the folder itself or one name of a fixed form, and all else is not there: so no `..`,
no absolute path and no folder within leads anywhere. Names are opened beside a descriptor of the folder, without
following links, and only regular files are opened. Whatever is not written here (rename, remove, links, folders,
attributes) is refused by paramiko's own SFTPServerInterface.
"""

import contextlib
import os
import re
import stat
from typing import TYPE_CHECKING

from paramiko import ServerInterface, SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface
from paramiko.sftp import SFTP_EOF, SFTP_FAILURE, SFTP_NO_SUCH_FILE, SFTP_OK, SFTP_PERMISSION_DENIED

from vybor.bundles.manifest import FILE_NAME
from vybor.segments import segment
from vybor.sync import inbox
from vybor.sync.open_file import SAFELY, Open
from vybor.sync.sent_bundle import GOES_ON, SentBundle

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

MOST_OPEN = 8
"""Files at once: a client reads or writes one."""
MOST_LISTS = 20
"""Of a session: paramiko keeps each until the client is done with it."""
READ_BYTES = 2**18
WRITES_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
"""The one way in which a receipt is opened; a bundle may be gone on with as well."""


def is_folder(path: str) -> bool:
    """Whether a client means the folder itself. Pure."""
    return path in ("", ".", "/", "/.")


def name_of(path: str, form: re.Pattern[str]) -> str | None:
    """The name that a client means, if it has that form. Pure."""
    name = path.removeprefix("/")
    return name if name.isascii() and form.fullmatch(name) else None


def attributes(found: os.stat_result, name: str = "") -> SFTPAttributes:
    """Size, time and kind; nobody's number."""
    told = SFTPAttributes()
    told.filename = name
    told.st_mode = stat.S_IFMT(found.st_mode) | 0o400
    told.st_size = found.st_size
    told.st_uid = told.st_gid = 0
    told.st_atime = told.st_mtime = int(found.st_mtime)
    return told


class _Folder(SFTPServerInterface):
    """What both have in common."""

    form: re.Pattern[str]

    def __init__(self, server: ServerInterface, folder: int) -> None:
        super().__init__(server)
        self._folder = folder
        self._opened: list[Open] = []

    def canonicalize(self, path: str) -> str:
        """A name as it is; everything else is the folder."""
        name = name_of(path, self.form)
        return f"/{name}" if name else "/"

    def stat(self, path: str) -> SFTPAttributes | int:
        """Of the folder, or of what may be seen in it."""
        if is_folder(path):
            return attributes(os.fstat(self._folder))
        return self.seen(name_of(path, self.form))

    def lstat(self, path: str) -> SFTPAttributes | int:
        """The same: there are no links."""
        return self.stat(path)

    def seen(self, name: str | None) -> SFTPAttributes | int:
        """Nothing."""
        return SFTP_NO_SUCH_FILE

    def list_folder(self, path: str) -> list[SFTPAttributes] | int:
        """Nobody."""
        return SFTP_PERMISSION_DENIED

    def _seen_file(self, name: str) -> SFTPAttributes | int:
        """Of a regular file."""
        try:
            found = os.stat(name, dir_fd=self._folder, follow_symlinks=False)
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)
        return attributes(found, name) if stat.S_ISREG(found.st_mode) else SFTP_NO_SUCH_FILE

    def _names(self) -> list[str]:
        with os.scandir(self._folder) as found:
            return [entry.name for entry in found]

    def _may_open(self) -> bool:
        self._opened = [one for one in self._opened if one.is_open]
        return len(self._opened) < MOST_OPEN


class Outbox(_Folder):
    """Segments are listed and read, and that is all."""

    form = segment.NAME

    def __init__(self, server: ServerInterface, folder: int) -> None:
        super().__init__(server, folder)
        self._lists = 0

    def seen(self, name: str | None) -> SFTPAttributes | int:
        """A segment that is a file."""
        return SFTP_NO_SUCH_FILE if name is None else self._seen_file(name)

    def list_folder(self, path: str) -> list[SFTPAttributes] | int:
        """All segments."""
        self._lists += 1
        if not is_folder(path):
            return SFTP_NO_SUCH_FILE
        if self._lists > MOST_LISTS:
            return SFTP_FAILURE
        told = (self.seen(name_of(name, self.form)) for name in sorted(self._names()))
        return [one for one in told if isinstance(one, SFTPAttributes)]

    def open(self, path: str, flags: int, attr: SFTPAttributes) -> SFTPHandle | int:
        """A segment, to read."""
        name = name_of(path, self.form)
        if name is None:
            return SFTP_NO_SUCH_FILE
        if flags != os.O_RDONLY:
            return SFTP_PERMISSION_DENIED
        if not self._may_open():
            return SFTP_FAILURE
        try:
            descriptor = os.open(name, os.O_RDONLY | SAFELY, dir_fd=self._folder)
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            return SFTP_NO_SUCH_FILE
        self._opened.append(_Read(descriptor))
        return self._opened[-1]


class _Read(Open):
    def read(self, offset: int, length: int) -> bytes | int:
        """Up to READ_BYTES; its end is said as such, since paramiko counts until it is."""
        if offset > segment.LARGEST_BYTES:
            return SFTP_EOF
        return os.pread(self.descriptor, min(length, READ_BYTES), offset) or SFTP_EOF

    def stat(self) -> SFTPAttributes | int:
        """Of the open file."""
        return attributes(os.fstat(self.descriptor))


class Inbox(_Folder):
    """Receipts and bundles are written, and nothing is seen but how much of a bundle is there.

    A receipt has its name once all of it is there; a bundle's name says how large it will be.
    """

    form = re.compile(f"{inbox.NAME.pattern}|{FILE_NAME.pattern}")

    def __init__(self, server: ServerInterface, folder: int) -> None:
        super().__init__(server, folder)
        self.has_ended = False
        """Whatever is closed from then on was cut."""

    def session_ended(self) -> None:
        """The other side has hung up."""
        self.has_ended = True

    def seen(self, name: str | None) -> SFTPAttributes | int:
        """A bundle, or what there is of it: whoever sends it goes on from there."""
        if name is None or not FILE_NAME.fullmatch(name):
            return SFTP_NO_SUCH_FILE
        return self._seen_file(name)

    def open(self, path: str, flags: int, attr: SFTPAttributes) -> SFTPHandle | int:
        """A receipt, to write from its beginning; a bundle, to write anew or to go on with."""
        name = name_of(path, self.form)
        is_bundle = name is not None and FILE_NAME.fullmatch(name) is not None
        if name is None or flags not in ((WRITES_ANEW, GOES_ON) if is_bundle else (WRITES_ANEW,)):
            return SFTP_PERMISSION_DENIED
        if not self._may_open() or len(self._names()) >= inbox.MOST:
            return SFTP_FAILURE
        try:
            self._opened.append(
                SentBundle(self._folder, name, is_anew=flags == WRITES_ANEW)
                if is_bundle
                else _Written(self, self._folder, name)
            )
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)
        return self._opened[-1]


class _Written(Open):
    """A receipt on its way, under a name that the inbox leaves alone for a while."""

    def __init__(self, box: Inbox, folder: int, name: str) -> None:
        """Raises OSError."""
        self._box, self._folder, self._name = box, folder, name
        self._temporary = f".{name}.{os.getpid()}"
        self._is_whole = True
        how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | SAFELY
        super().__init__(os.open(self._temporary, how, 0o600, dir_fd=folder))

    def write(self, offset: int, data: "ReadableBuffer") -> int:
        """Up to the largest receipt. Raises OSError."""
        left = memoryview(data)
        was_whole, self._is_whole = self._is_whole, False
        if offset + len(left) > inbox.LARGEST_BYTES:
            return SFTP_FAILURE
        while left:
            done = os.pwrite(self.descriptor, left, offset)
            left, offset = left[done:], offset + done
        self._is_whole = was_whole
        return SFTP_OK

    def closing(self) -> None:
        """It is there now, whole, or never was. Raises OSError."""
        try:
            os.fsync(self.descriptor)
            os.close(self.descriptor)
            if self._is_whole and not self._box.has_ended:
                os.replace(self._temporary, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        finally:
            with contextlib.suppress(OSError):
                os.unlink(self._temporary, dir_fd=self._folder)
