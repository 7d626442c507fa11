"""What is said of a file of settings that is wrong: the file, the line, the remedy. Pure."""

import re
from collections.abc import Sequence

from vybor.foundation import toml_lines


def remedy(error: OSError) -> str:
    """What to do about a file of settings that cannot be read."""
    match error:
        case PermissionError():
            return "use sudo, join the group (sudo adduser $USER vybor), or give the file to the group vybor"
        case FileNotFoundError():
            return "mend the path (--config), or `vybor config set` makes one"
        case IsADirectoryError():
            return "name the file in it (--config)"
        case _:
            return "put a file of text there, or name another (--config)"


def not_toml(error: ValueError | RecursionError, text: str, name: str) -> str:
    """The sentence for a text that is no TOML, with its line."""
    if isinstance(error, RecursionError):
        return f"{name} is not valid TOML: it is nested too deeply"
    if str(error).startswith("Cannot") and (again := toml_lines.repeated(text)):
        what = f"[{'.'.join(again.keys)}]" if again.is_heading else ".".join(again.keys)
        return f"{name}, line {again.line}: {what} stands there a second time; take one of the two out"
    what, _, where = str(error).rpartition(" (at ")
    number = re.match(r"line (\d+)", where)
    line = int(number.group(1)) if number else len(text.rstrip().splitlines()) or 1
    return f"{name}, line {line}: this is not valid TOML ({what[:1].lower()}{what[1:]})"


def place(keys: Sequence[str], text: str, name: str) -> str:
    """Where a key stands."""
    line = toml_lines.line_of(keys, text)
    return f"{name}, line {line}" if line else name
