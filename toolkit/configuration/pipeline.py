"""The configuration of a pipeline: from a text to the probabilities of its labels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from toolkit.configuration.features import Features
from toolkit.configuration.head import TextClassification
from toolkit.configuration.schema import InvalidField, nest, plain, read
from toolkit.configuration.tokenizer import TokenizerConfiguration
from toolkit.configuration.yaml_text import read_yaml, to_yaml


@dataclass(frozen=True, kw_only=True)
class PipelineConfiguration:
    """Tokenizer, features and head of one pipeline; nested dictionaries are taken for their classes.

    Raises:
        ConfigurationError: at construction, naming the dotted path of what cannot be.
    """

    name: str
    features: Features
    head: TextClassification
    tokenizer: TokenizerConfiguration = field(default_factory=TokenizerConfiguration)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise InvalidField("name", f"must be a name, got {self.name!r}")
        nest(self, "tokenizer", TokenizerConfiguration)
        nest(self, "features", Features)
        nest(self, "head", TextClassification)

    @classmethod
    def from_dict(cls, config: "Mapping[str, Any] | PipelineConfiguration") -> "PipelineConfiguration":
        """Check a dictionary of plain values; `to_dict` gives it back with all defaults filled in."""
        return read(cls, config)

    @classmethod
    def from_yaml(cls, path: str | Path) -> "PipelineConfiguration":
        """Read a YAML file; the message of a wrong value names the file too."""
        try:
            return cls.from_dict(read_yaml(path))
        except InvalidField as error:
            raise InvalidField("", f"{path}: {error}") from None

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers."""
        return plain(self)

    def to_yaml(self) -> str:
        """The dictionary as YAML 1.2."""
        return to_yaml(self.to_dict())

    def with_labels(self, labels: Iterable[str]) -> "PipelineConfiguration":
        """The same configuration that predicts these labels."""
        try:
            return replace(self, head=replace(self.head, labels=tuple(labels)))
        except InvalidField as error:
            raise error.under("head") from None
