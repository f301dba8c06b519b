"""Collects what is wrong with some data, so that a user mends ten lines in one go instead of one."""

from toolkit.errors import DataError

LIMIT = 10


class Problems:
    """The first ten problems of one file or table, raised together as one DataError."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def add(self, where: str, message: str) -> None:
        """Note a problem at a place (`train.csv:7`); the tenth raises all of them."""
        self._found.append(f"{where}: {message}")
        if len(self._found) == LIMIT:
            self._found.append(f"(the first {LIMIT} problems: mend them and try again to see the rest)")
            self.raise_if_any()

    def raise_if_any(self) -> None:
        """Raise a DataError with one line per problem, or do nothing when there is none."""
        if self._found:
            raise DataError("\n".join(self._found))
