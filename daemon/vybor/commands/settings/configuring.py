"""`vybor config`: shows and changes the settings; a file is replaced whole, only by one that holds, and kept."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path

import msgspec
import msgspec.inspect
import tomlkit
import tomlkit.exceptions

from vybor import supervision
from vybor.commands.settings import keys
from vybor.foundation import settings, settings_reading, small_files
from vybor.foundation.errors import Missing, PlaceError, SettingsError
from vybor.foundation.small_files import sync_folder
from vybor.foundation.typed import characters
from vybor.processes import PROCESSES

Agree = Callable[[Path, str | None, str], None]
BEFORE, UNDONE = "before", "undone"
"""What is kept beside the file: what held before a change, and what held until that was taken back."""
KEPT = 20
"""So many of each stay."""
OR_UNDO = "put a file of text there, name another (--config), or bring back an earlier one (`vybor config undo`)"
HEAD = (
    "# Every setting of the kit with its default. Copy what you change into a file of your own",
    "# (/etc/vybor/vybor.toml, or ~/.config/vybor/vybor.toml), or let `vybor config set KEY VALUE` write it.",
    "",
)


def default_lines() -> list[str]:
    """The whole documented file: firmware_config/vybor.toml."""
    lines = list(keys.documented(settings.Settings()))
    return [*HEAD, *lines[1:]] if lines[0] == "" else [*HEAD, *lines]


def in_force(file: Path | None, *, changed_only: bool) -> list[str]:
    """The settings that hold, documented. Raises SettingsError."""
    lines = list(keys.documented(settings_reading.load(file), changed_only=changed_only))
    return lines[1:] if lines and not lines[0] else lines


def changed_briefly(held: settings.Settings, *, without: Sequence[str] = ()) -> tuple[str, ...]:
    """The settings that differ from the usual ones, each as `section.key = value`."""
    known = ((key, keys.value_at(held, name)) for name, key in keys.every_key().items() if name not in without)
    return tuple(f"{key.name} = {keys.toml(value)}" for key, value in known if value != key.default)


# --- changing -------------------------------------------------------------------------------------------------


def put(file: Path, name: str, words: Sequence[str]) -> str:
    """Set one key and leave every other line and comment as it is; returns the line that holds now.

    Raises SettingsError if there is no such key, or the whole file would not hold, and PlaceError if it cannot be
    written. The file is then as it was.
    """
    key = keys.key_named(name)
    value = understood(key, words)
    with _alone(file):
        _replace(file, _with(file, key, value))
    return f"{name} = {keys.toml(value)}"


def tried(file: Path, name: str, words: Sequence[str]) -> object:
    """What a key would have after `put`, which is not done. Raises SettingsError as `put` does."""
    key = keys.key_named(name)
    value = understood(key, words)
    _with(file, key, value)
    return value


def can_be_changed(file: Path) -> None:
    """Whether a change would find its place, asked before somebody works for one. Raises as `put` does."""
    checked(tomlkit.dumps(_document(file)), str(file))
    try:
        there = next(folder for folder in file.parents if folder.exists())
        with tempfile.TemporaryFile(dir=there) as opened:
            opened.write(read(file) or b"\n")
    except OSError as error:
        raise _unwritten(file, error) from None


def put_together(file: Path, values: Mapping[str, object]) -> list[str]:
    """Set several keys in one change, which `undo` takes back in one; returns the lines. Raises as `put` does."""
    with _alone(file):
        document = _document(file)
        for name, value in values.items():
            _set(document, keys.key_named(name), value)
        _replace(file, checked(tomlkit.dumps(document), str(file)))
    return [f"{name} = {keys.toml(value)}" for name, value in values.items()]


def _set(document: tomlkit.TOMLDocument, key: keys.Key, value: object) -> None:
    if key.section and key.section not in document:
        document[key.section] = tomlkit.table()
    _table_of(document, key)[key.name.rpartition(".")[2]] = value


def _with(file: Path, key: keys.Key, value: object) -> str:
    """The text of the file with a key set. Raises SettingsError if it would not hold."""
    name = key.name
    document = _document(file)
    _set(document, key, value)
    try:
        return checked(tomlkit.dumps(document), str(file))
    except SettingsError as error:
        _, own, why = str(error).partition(f": {name} is ")
        raise SettingsError(f"{name} is {why}" if own else str(error)) from None


def take_out(file: Path, name: str) -> str:
    """Let the default of a key hold again; returns the line that holds now. Raises as `put` does."""
    key = keys.key_named(name)
    last = name.rpartition(".")[2]
    with _alone(file):
        document = _document(file)
        if (not key.section or key.section in document) and last in (table := _table_of(document, key)):
            del table[last]
            _replace(file, checked(tomlkit.dumps(document), str(file)))
    return f"{name} = {keys.toml(key.default)}"


def _table_of(document: tomlkit.TOMLDocument, key: keys.Key) -> MutableMapping[str, object]:
    """The table that a key stands in. The settings have tables, and no tables in tables."""
    table = document[key.section] if key.section else document
    if not isinstance(table, MutableMapping):
        raise SettingsError(f"{key.section} is no table in these settings; write [{key.section}] above its keys")
    return table


def understood(key: keys.Key, words: Sequence[str]) -> object:
    """What was typed, as a value of the key's kind. Raises SettingsError with what it may be."""
    typed = " ".join(words)
    if characters(typed) != typed:
        raise SettingsError(f"what was typed for {key.name} is no text; type it in a terminal of UTF-8")
    if isinstance(key.kind, msgspec.inspect.VarTupleType | msgspec.inspect.ListType):
        if len(words) == 1 and typed.startswith("["):
            return _toml_value(key, typed)
        return list(words)
    if len(words) > 1:
        raise SettingsError(f"{key.name} takes one value, not {len(words)}; put words with spaces into quotes")
    if isinstance(key.kind, msgspec.inspect.StrType | msgspec.inspect.EnumType):
        quoted = len(typed) > 1 and typed[0] == typed[-1] and typed[0] in "\"'"
        return _toml_value(key, typed) if quoted else typed
    if isinstance(key.kind, msgspec.inspect.LiteralType) and typed in key.kind.values:
        return typed
    return _toml_value(key, typed)


def checked(text: str, name: str) -> str:
    """The text, if every setting in it holds. Raises SettingsError; whoever starts later would say the same."""
    settings_reading.parse(text, name)
    return text


def _toml_value(key: keys.Key, typed: str) -> object:
    try:
        ((_, value),) = tomlkit.parse(f"value = {typed}").unwrap().items()
    except (tomlkit.exceptions.ParseError, ValueError):
        raise SettingsError(f"{key.name} is {key.may_be}, not {typed!r}") from None
    else:
        return value


def _document(file: Path) -> tomlkit.TOMLDocument:
    content = read(file)
    if content is None:
        return tomlkit.document()
    try:
        return tomlkit.parse(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise SettingsError(f"the settings {file} are not UTF-8 text; {OR_UNDO}") from None
    except tomlkit.exceptions.TOMLKitError as error:
        told = settings_reading.understood_text(content.decode("utf-8"), str(file)).problems
        raise SettingsError(told[0] if told else f"{file} is not valid TOML: {error}") from None


# --- the file and its earlier versions ------------------------------------------------------------------------


def read(file: Path) -> bytes | None:
    """What a file of settings holds; None if there is none. Raises SettingsError for what is no such file."""
    try:
        return small_files.read(file, settings_reading.LARGEST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SettingsError(f"the settings {file} cannot be read ({error.strerror}); {OR_UNDO}") from None


def undo(file: Path, agree: Agree = lambda _earlier, _now, _before: None) -> Path:
    """Bring back the version before the last change, and keep what held until now as `….undone-N`.

    `agree` is asked first, with the file and what it holds in place of what. Raises Missing if there is none,
    SettingsError if it would not hold or `agree` says so, PlaceError if it cannot be written.
    """
    with _alone(file):
        now = read(file)
        for earlier in reversed(earlier_versions(file)):
            before = read(earlier)
            if before is None or before == now:  # kept by a change that was cut off
                earlier.unlink(missing_ok=True)
                continue
            held = now.decode("utf-8", "replace") if now else None
            agree(earlier, held, checked(_text(before, earlier), str(earlier)))
            if now is not None:
                _write(_next(file, UNDONE), now, like=file)
            _write(file, before, like=file)
            earlier.unlink()
            _prune(file, UNDONE)
            return file
    raise Missing(f"no earlier version of {file} is kept; `vybor config set` keeps one each time")


def _text(content: bytes, name: Path) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise SettingsError(
            f"{name} is not UTF-8 text; move it away, then `vybor config undo` takes another"
        ) from None


def earlier_versions(file: Path) -> list[Path]:
    """The kept versions of a file, oldest first; what is no file is none."""
    return _kept(file, BEFORE)


def _kept(file: Path, kind: str) -> list[Path]:
    return [path for path in _named(file, kind) if path.is_file()]


def _named(file: Path, kind: str) -> list[Path]:
    kept = file.parent.glob(f"{file.name}.{kind}-*") if file.parent.is_dir() else ()
    return sorted(path for path in kept if path.name.rpartition("-")[2].isdecimal())


def _next(file: Path, kind: str) -> Path:
    """The name that the next version has which is kept of a file."""
    taken = _named(file, kind)
    number = int(taken[-1].name.rpartition("-")[2]) + 1 if taken else 1
    return file.with_name(f"{file.name}.{kind}-{number:06}")


def _prune(file: Path, kind: str) -> None:
    """Of the versions that are kept of a file the newest stay."""
    for old in _kept(file, kind)[:-KEPT]:
        old.unlink()


def _replace(file: Path, text: str) -> None:
    """Write a settings file whole, and keep the version that it replaces (an empty one, if there was none)."""
    before = read(file) or b""
    if text.encode() == before:
        return
    kept = _next(file, BEFORE)
    _write(kept, before, like=file)
    try:
        _write(file, text.encode(), like=file)
    except OSError:
        kept.unlink()
        raise
    _prune(file, BEFORE)


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Whoever else changes these settings meanwhile waits. Raises PlaceError for what cannot be written here."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
    except OSError as error:
        raise _unwritten(file, error) from None


def _unwritten(file: Path, error: OSError) -> PlaceError:
    return PlaceError(
        f"the settings {file} cannot be written ({error.strerror}); use sudo, or name another with --config"
    )


def _write(path: Path, content: bytes, *, like: Path) -> None:
    """Put a file in place in one step that a power cut cannot halve, with the mode and owner of another."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)  # of a change that was cut off; nobody else changes anything now
    try:
        with temporary.open("xb") as opened:
            _take_after(opened.fileno(), like)
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _take_after(descriptor: int, like: Path) -> None:
    """Give a file the mode and owner of another.

    A new one belongs to its folder's group, which may read it. In a folder that is closed to others (/etc/vybor),
    its group may read every file: the kit's processes could not otherwise.
    """
    folder, there = like.parent.stat(), like.exists()
    model = like.stat() if there else folder
    shared = folder.st_mode & 0o050 == 0o050 and not folder.st_mode & 0o007
    group = folder.st_gid if shared else model.st_gid
    mode = model.st_mode & 0o7777 if there else 0o640 if shared else 0o644
    own = os.fstat(descriptor)
    owner = model.st_uid if there else own.st_uid
    if (own.st_uid, own.st_gid) != (owner, group):
        os.fchown(descriptor, owner, group)
    os.fchmod(descriptor, mode | 0o040 if shared else mode)


# --- who must hear of it --------------------------------------------------------------------------------------


def changed(before: settings.Settings, after: settings.Settings) -> list[str]:
    """The processes that read anything which differs, in the order of the floor plan."""
    every = keys.every_key()
    readers = {reader for name in changed_keys(before, after) for reader in every[name].readers}
    return [process.name for process in PROCESSES if process.name in readers]


def changed_keys(before: settings.Settings | None, after: settings.Settings) -> list[str]:
    """The keys that differ; of what cannot be known, all."""
    every = keys.every_key()
    return [n for n in every if before is None or keys.value_at(before, n) != keys.value_at(after, n)]


def to_restart(processes: Sequence[str], runtime: Path, by_systemd: Sequence[str]) -> str:
    """One sentence: which processes must start again for a change to hold, and how to do that."""
    *others, last = processes
    names = f"{', '.join(others)} and {last}" if others else last
    held = [f"vybor-{name}" for name in processes if name in by_systemd]
    if held:
        return f"it holds after a new start of {names}: sudo systemctl restart {' '.join(held)}"
    if supervision.is_up(runtime):
        again = supervision.asked(runtime, "restart", *processes)
        return f"it holds after a new start of {names}: {again}, or end `vybor up` and start it again"
    return f"it holds from the next start of {names}; where `vybor up` runs, end it and start it again"
