"""`vybor config`: shows and changes the settings; a file is replaced whole, only by one that holds, and kept."""

import os
import shutil
import tempfile
from collections.abc import MutableMapping, Sequence
from pathlib import Path

import msgspec
import msgspec.inspect
import tomlkit
import tomlkit.exceptions

from vybor import supervision
from vybor.commands import keys
from vybor.foundation import settings
from vybor.foundation.errors import Missing, PlaceError, SettingsError
from vybor.headband import boards

KEPT = 20
"""So many earlier versions stay beside the file."""
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
    lines = list(keys.documented(settings.load(file), changed_only=changed_only))
    return lines[1:] if lines and not lines[0] else lines


# --- changing -------------------------------------------------------------------------------------------------


def put(file: Path, name: str, words: Sequence[str]) -> str:
    """Set one key and leave every other line and comment as it is; returns the line that holds now.

    Raises SettingsError if there is no such key, or the whole file would not hold, and PlaceError if it cannot be
    written. The file is then as it was.
    """
    key = keys.key_named(name)
    value = understood(key, words)
    document = _document(file)
    if key.section and key.section not in document:
        document[key.section] = tomlkit.table()
    _table_of(document, key)[name.rpartition(".")[2]] = value
    try:
        text = checked(tomlkit.dumps(document), str(file))
    except SettingsError as error:
        _, own, why = str(error).partition(f": {name}: ")
        raise SettingsError(f"{name} cannot be {' '.join(words)!r}: {why}" if own else str(error)) from None
    _replace(file, text)
    return f"{name} = {keys.toml(value)}"


def take_out(file: Path, name: str) -> str:
    """Let the default of a key hold again; returns the line that holds now. Raises as `put` does."""
    key = keys.key_named(name)
    document = _document(file)
    last = name.rpartition(".")[2]
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
    if isinstance(key.type, msgspec.inspect.VarTupleType | msgspec.inspect.ListType):
        if len(words) == 1 and typed.startswith("["):
            return _toml_value(key, typed)
        return list(words)
    if len(words) > 1:
        raise SettingsError(f"{key.name} takes one value, not {len(words)}; put words with spaces into quotes")
    if isinstance(key.type, msgspec.inspect.StrType | msgspec.inspect.EnumType):
        quoted = len(typed) > 1 and typed[0] == typed[-1] and typed[0] in "\"'"
        return _toml_value(key, typed) if quoted else typed
    return _toml_value(key, typed)


def checked(text: str, name: str) -> str:
    """The text, if every setting in it holds. Raises SettingsError; whoever starts later would say the same."""
    read = settings.parse(text, name)
    if read.headband.board not in {"none", "recording"}:
        boards.board_named(read.headband.board)
    return text


def _toml_value(key: keys.Key, typed: str) -> object:
    try:
        ((_, value),) = tomlkit.parse(f"value = {typed}").unwrap().items()
    except (tomlkit.exceptions.ParseError, ValueError):
        raise SettingsError(f"{key.name} cannot be {typed!r}; it is: {key.may_be or 'text'}") from None
    else:
        return value


def _document(file: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return tomlkit.document()
    except tomlkit.exceptions.TOMLKitError as error:
        raise SettingsError(f"{file} is not valid TOML: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"the settings {file} cannot be read ({reason})") from None


# --- the file and its earlier versions ------------------------------------------------------------------------


def undo(file: Path) -> Path:
    """Bring back the version before the last change, and keep what held until now as `….undone`.

    Raises Missing if there is none, SettingsError if it would not hold, PlaceError if it cannot be written.
    """
    earlier = earlier_versions(file)
    if not earlier:
        raise Missing(f"no earlier version of {file} is kept; `vybor config set` keeps one each time")
    text = earlier[-1].read_text(encoding="utf-8")
    checked(text, str(earlier[-1]))
    try:
        if file.exists():
            _write(file.with_name(f"{file.name}.undone"), file.read_text(encoding="utf-8"), like=file)
        _write(file, text, like=file)
        earlier[-1].unlink()
    except OSError as error:
        raise _unwritable(file, error) from None
    return file


def earlier_versions(file: Path) -> list[Path]:
    """The kept versions of a file, oldest first."""
    kept = file.parent.glob(f"{file.name}.before-*") if file.parent.is_dir() else ()
    return sorted(path for path in kept if path.name.rpartition("-")[2].isdecimal())


def _replace(file: Path, text: str) -> None:
    """Write a settings file whole, and keep the version that it replaces (an empty one, if there was none)."""
    try:
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        if text == before:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        earlier = earlier_versions(file)
        number = int(earlier[-1].name.rpartition("-")[2]) + 1 if earlier else 1
        _write(file.with_name(f"{file.name}.before-{number:06}"), before, like=file)
        _write(file, text, like=file)
        for old in earlier[: max(0, len(earlier) + 1 - KEPT)]:
            old.unlink()
    except OSError as error:
        raise _unwritable(file, error) from None


def _unwritable(file: Path, error: OSError) -> PlaceError:
    return PlaceError(
        f"the settings {file} cannot be written ({error.strerror}); use sudo, or name another with --config"
    )


def _write(path: Path, text: str, *, like: Path) -> None:
    """Put a file in place in one step that a power cut cannot halve, with the mode and owner of another."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
            opened.flush()
            _take_after(descriptor, like)
            os.fsync(descriptor)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _take_after(descriptor: int, like: Path) -> None:
    """Give a file the mode and owner of another; a new one belongs to its folder's group, which may read it."""
    there = like.exists()
    model = (like if there else like.parent).stat()
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (model.st_uid if there else own.st_uid, model.st_gid):
        os.fchown(descriptor, model.st_uid if there else -1, model.st_gid)
    os.fchmod(descriptor, model.st_mode & 0o7777 if there else 0o644)


# --- who must hear of it --------------------------------------------------------------------------------------


def to_restart(processes: Sequence[str], runtime: Path, by_systemd: Sequence[str]) -> str:
    """One sentence: which processes must start again for a change to hold, and the command for it."""
    names = " and ".join(processes)
    held = [f"vybor-{name}" for name in processes if name in by_systemd]
    if held:
        return f"it holds after a new start of {names}: sudo systemctl restart {' '.join(held)}"
    if supervision.is_up(runtime):
        command = f"{shutil.which('supervisorctl') or 'supervisorctl'} -c {runtime / supervision.CONFIGURATION}"
        return f"it holds after a new start of {names}: {command} restart {' '.join(processes)}"
    return f"it holds from the next start of {names}"
