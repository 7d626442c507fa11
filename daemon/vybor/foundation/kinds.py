"""What a setting may be, in words, and what of a table is not that. Pure."""

import difflib
import json
import typing
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import msgspec.inspect

MUST_BE = "must_be"
"""In the `extra` of a key's Meta: the words for a text that is not any text."""
TEXT = "text in quotation marks"
LONGEST_SHOWN = 40
UNTOLD = (("generator", "style"), ("flicker", "seizures"))
"""What the wearer wrote, and what is known of their health: no sentence tells it, for sentences are logged."""


class Wrong(msgspec.Struct, frozen=True):
    """A key that cannot be as it is, and why."""

    keys: tuple[str, ...]
    why: str

    @property
    def sentence(self) -> str:
        """The key and why."""
        named = [key or '""' for key in self.keys]
        return f"{'.'.join(named)} {self.why}"


def wrong_in(
    table: Mapping[str, object], shape: type[msgspec.Struct], above: tuple[str, ...] = ()
) -> Iterator[Wrong]:
    """Every key of a table that its shape does not know, or that is not of its kind."""
    kinds = typing.get_type_hints(shape, include_extras=True)
    for name, value in table.items():
        keys, kind = (*above, name), kinds.get(name)
        if kind is None:
            yield Wrong(keys, f"is no setting; {_nearest(name, list(kinds))}")
        elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            if isinstance(value, dict):
                yield from wrong_in(value, kind, keys)
            else:
                yield Wrong(keys, f"is a table; write [{name}] on a line of its own, and its keys below")
        elif not _is(value, kind):
            told = "and what stands there is not that" if keys in UNTOLD else f"not {_shown(value)}"
            yield Wrong(keys, f"is {described(msgspec.inspect.type_info(kind))}, {told}")


def without(table: Mapping[str, object], keys: Sequence[str]) -> dict[str, object]:
    """The table without one key."""
    left = dict(table)
    inner = left.get(keys[0])
    if len(keys) > 1 and isinstance(inner, dict):
        left[keys[0]] = without(inner, keys[1:])
    else:
        left.pop(keys[0], None)
    return left


def described(kind: msgspec.inspect.Type) -> str:
    """What a value of this kind is: `a number from 1 to 60`."""
    match kind:
        case msgspec.inspect.Metadata(type=inner, extra=extra):
            return str(extra[MUST_BE]) if extra and MUST_BE in extra else described(inner)
        case msgspec.inspect.EnumType(cls=cls):
            values = [str(member.value) or '""' for member in cls]
            return f"one of {_either(values)}"
        case msgspec.inspect.LiteralType(values=values):
            return f"one of {_either([str(value) for value in values])}"
        case msgspec.inspect.BoolType():
            return "true or false"
        case msgspec.inspect.IntType() | msgspec.inspect.FloatType():
            whole = "a whole number" if isinstance(kind, msgspec.inspect.IntType) else "a number"
            return whole + _bounds(kind)
        case msgspec.inspect.VarTupleType() | msgspec.inspect.ListType():
            return 'a list of words, such as ["aplay", "-q", "-"]'
        case _:
            return TEXT


def _is(value: object, kind: object) -> bool:
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, OverflowError):
        return False
    return value == value  # noqa: PLR0124  (nan is within no limits)


def _shown(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=True)
    except TypeError:  # a date
        text = str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _bounds(kind: msgspec.inspect.IntType | msgspec.inspect.FloatType) -> str:
    low = kind.ge if kind.ge is not None else kind.gt
    high = kind.le if kind.le is not None else kind.lt
    lower = "" if low is None else f" {'from' if kind.ge is not None else 'above'} {low:g}"
    upper = "" if high is None else f" {'to' if kind.le is not None else 'below'} {high:g}"
    if kind.ge is None and kind.gt is not None and kind.le is not None:
        upper = f" and at most {high:g}"
    return lower + upper


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"


def _either(values: Sequence[str]) -> str:
    return f"{', '.join(values[:-1])} or {values[-1]}" if len(values) > 1 else "".join(values)
