"""A recurrent encoder: what reads the characters of a word, and the words of a text."""

from dataclasses import dataclass

from toolkit.configuration.schema import check_flag, check_one_of, check_whole


@dataclass(frozen=True, kw_only=True)
class RecurrentConfiguration:
    """A gru or lstm whose last states, of both directions where it has two, are the result.

    Args:
        type: `gru` or `lstm`.
        hidden_size: length of the state of one direction.
        num_layers: layers on top of each other.
        bidirectional: a second direction reads from the end to the start.
    """

    type: str
    hidden_size: int
    num_layers: int = 1
    bidirectional: bool = False

    def __post_init__(self) -> None:
        check_one_of(self, "type", ("gru", "lstm"))
        check_whole(self, "hidden_size", "num_layers")
        check_flag(self, "bidirectional")

    @property
    def output_dim(self) -> int:
        """Length of the vector that a sequence becomes."""
        return self.hidden_size * (2 if self.bidirectional else 1)
