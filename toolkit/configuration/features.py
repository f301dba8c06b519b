"""What the model sees of a word: an embedding of its own, its characters, or both."""

from dataclasses import dataclass, field
from typing import ClassVar

from toolkit.configuration.recurrent import RecurrentConfiguration
from toolkit.configuration.schema import InvalidField, check_flag, check_share, check_whole, nest


@dataclass(frozen=True, kw_only=True)
class WordFeatures:
    """One trained vector for every word of the vocabulary.

    Args:
        embedding_dim: length of the vector.
        lowercase_tokens: `Haus` and `haus` share one vector.
        dropout: share of the vector's entries that training sets to zero.
    """

    namespace: ClassVar[str] = "word"

    embedding_dim: int
    lowercase_tokens: bool = False
    dropout: float = 0.0

    def __post_init__(self) -> None:
        check_whole(self, "embedding_dim")
        check_flag(self, "lowercase_tokens")
        check_share(self, "dropout")


@dataclass(frozen=True, kw_only=True)
class CharFeatures:
    """A word read character by character; the encoder's last states are its vector.

    Args:
        embedding_dim: length of the vector of a character.
        encoder: gru or lstm over the characters of one word, or a dictionary of it.
        lowercase_characters: `H` and `h` share one vector.
        dropout: share of the word's vector that training sets to zero.
    """

    namespace: ClassVar[str] = "char"

    embedding_dim: int
    encoder: RecurrentConfiguration
    lowercase_characters: bool = False
    dropout: float = 0.0

    def __post_init__(self) -> None:
        check_whole(self, "embedding_dim")
        nest(self, "encoder", RecurrentConfiguration)
        check_flag(self, "lowercase_characters")
        check_share(self, "dropout")


@dataclass(frozen=True, kw_only=True)
class Features:
    """The features of a word, joined into one vector; at least one of the two must be there."""

    word: WordFeatures | None = field(default=None)
    char: CharFeatures | None = field(default=None)

    def __post_init__(self) -> None:
        nest(self, "word", WordFeatures, optional=True)
        nest(self, "char", CharFeatures, optional=True)
        if self.word is None and self.char is None:
            raise InvalidField("", "must hold 'word', 'char' or both, got neither")


NAMESPACES = (WordFeatures.namespace, CharFeatures.namespace)
