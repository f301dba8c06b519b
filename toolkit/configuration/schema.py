"""A dictionary <-> a frozen dataclass, with every complaint naming the place it is about.

A class of this room checks its fields in `__post_init__` with the functions below. Each raises
`InvalidField` with the path as seen from that class (`encoder.num_layers`); whoever holds the class
in a field of its own puts that field's name in front, so the path grows to
`features.char.encoder.num_layers` on its way out. `read` builds a class from a mapping.
"""

import dataclasses
import difflib
import sys
from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard, TypeVar

from toolkit.errors import ConfigurationError

T = TypeVar("T")


class InvalidField(ConfigurationError):  # noqa: N818 - says what is wrong, as its base does
    """A field says something that cannot be; `path` leads to it from the outermost dictionary."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path = path
        self.reason = reason

    def under(self, parent: str) -> "InvalidField":
        """The same complaint, seen from the owner of the field `parent`."""
        return InvalidField(join(parent, self.path), self.reason)


def join(parent: str, key: str) -> str:
    """A dotted path; either side may be empty."""
    return f"{parent}.{key}" if parent and key else parent or key


def nearest(name: object, valid: Iterable[str]) -> str:
    """`, did you mean 'x'?` or, where nothing is near, the list of what is valid."""
    known = sorted(valid)
    close = difflib.get_close_matches(str(name), known, n=1)
    if close:
        return f", did you mean {close[0]!r}?"
    return f", valid are {', '.join(map(repr, known))}"


def read(cls: type[T], value: object, path: str = "") -> T:
    """Build the dataclass from a mapping.

    Raises:
        ConfigurationError: not a mapping, an unknown or a missing key, or a value that the class
            refuses; the message starts with the dotted path.
    """
    if isinstance(value, cls):
        return value
    if not isinstance(value, Mapping):
        raise InvalidField(path, f"must be a dictionary of {cls.__name__}, got {value!r}")
    fields = {field.name: field for field in dataclasses.fields(cls) if field.init}  # type: ignore[arg-type]
    for key in value:
        if key not in fields:
            raise InvalidField(join(path, str(key)), f"is no key of {cls.__name__}{nearest(key, fields)}")
    for name, field in fields.items():
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        if required and name not in value:
            raise InvalidField(join(path, name), f"is missing; {cls.__name__} cannot do without it")
    try:
        return cls(**value)
    except InvalidField as error:
        raise error.under(path) from None


def plain(config: Any) -> Any:
    """The dictionary that `read` would build an equal object from; a None that is the default is left out."""
    if dataclasses.is_dataclass(config):
        pairs = [(field, getattr(config, field.name)) for field in dataclasses.fields(config)]
        return {
            field.name: plain(value)
            for field, value in pairs
            if value is not None or field.default is not None
        }
    if isinstance(config, Mapping):
        return {str(key): plain(value) for key, value in config.items()}
    if isinstance(config, list | tuple):
        return [plain(value) for value in config]
    return config


def put(config: object, name: str, value: object) -> None:
    """Set a field of a frozen dataclass while it is being constructed."""
    object.__setattr__(config, name, value)


def nest(config: object, name: str, cls: type, *, optional: bool = False) -> None:
    """Turn the field, where it holds a dictionary, into the dataclass it describes.

    An optional field may be None and stays so.
    """
    value = getattr(config, name)
    if value is not None or not optional:
        put(config, name, read(cls, value, name))


def check_whole(config: object, *names: str, least: int = 1, optional: bool = False) -> None:
    """The fields must be whole numbers of at least `least`."""
    for name in names:
        value = getattr(config, name)
        if value is None and optional:
            continue
        if not is_whole(value) or value < least:
            raise InvalidField(name, f"must be a whole number of at least {least}, got {value!r}")


def is_whole(value: object) -> TypeGuard[int]:
    """Whether the value is an int of 64 bits that is not a bool."""
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def is_number(value: object) -> bool:
    """Whether the value is a number that a float can hold: finite, and no boolean."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) <= sys.float_info.max  # false for NaN too; isfinite raises for longer integers
    )


def check_share(config: object, *names: str) -> None:
    """The fields must be numbers from 0 to below 1, as a dropout probability is."""
    for name in names:
        value = getattr(config, name)
        if not is_number(value) or not 0 <= value < 1:
            raise InvalidField(name, f"must be a number from 0 to below 1, got {value!r}")


def check_flag(config: object, *names: str) -> None:
    """The fields must be true or false."""
    for name in names:
        value = getattr(config, name)
        if not isinstance(value, bool):
            raise InvalidField(name, f"must be true or false, got {value!r}")


def check_one_of(config: object, name: str, valid: Iterable[str]) -> None:
    """The field must be one of the names."""
    value = getattr(config, name)
    known = list(valid)
    if value not in known:
        raise InvalidField(name, f"{value!r} is not known here{nearest(value, known)}")


def names(config: object, name: str) -> tuple[str, ...]:
    """The field as a tuple of strings; one string alone is refused, for it would fall apart into letters."""
    value = getattr(config, name)
    if isinstance(value, str) or not isinstance(value, list | tuple | set | frozenset):
        raise InvalidField(name, f"must be a list of strings, got {value!r}")
    for item in value:
        if not isinstance(item, str):
            raise InvalidField(name, f"must be a list of strings, got {item!r} in it")
    return tuple(value)
