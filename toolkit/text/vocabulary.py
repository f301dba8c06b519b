"""Which word and which character has which index."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from toolkit.configuration import Features, VocabularyConfiguration
from toolkit.configuration.features import NAMESPACES
from toolkit.errors import ConfigurationError, ModelError
from toolkit.text.tokenizer import Tokenizer

PADDING, UNKNOWN = "<padding>", "<unknown>"
PADDING_INDEX, UNKNOWN_INDEX = 0, 1


class Vocabulary:
    """The entries of the namespaces `word` and `char`, each starting with padding (0) and unknown (1).

    Entries stand in order of frequency, then of code points, so the same texts give the same indices.
    """

    def __init__(self, entries: Mapping[str, Iterable[str]]) -> None:
        """Take the entries of each namespace, without padding and unknown, in their order."""
        self._entries = {name: (PADDING, UNKNOWN, *entries.get(name, ())) for name in NAMESPACES}

    @classmethod
    def from_texts(
        cls, config: VocabularyConfiguration, tokenizer: Tokenizer, features: Features
    ) -> "Vocabulary":
        """Count what the features see in the texts of the configuration's data sets.

        A namespace without a feature holds padding and unknown only.

        Raises:
            ConfigurationError: there is no data set.
        """
        if not config.datasets:
            raise ConfigurationError("a vocabulary needs a data set to count: name one in 'datasets'")
        tokens: Counter[str] = Counter()
        for data_set in config.datasets:
            for text in data_set.texts:
                tokens.update(tokenizer(text))
        counts = {name: _count(name, tokens, features) for name in NAMESPACES}
        return cls({name: _keep(counts[name], config.least(name), config.most(name)) for name in NAMESPACES})

    def size(self, namespace: str) -> int:
        """How many indices the namespace has, padding and unknown included."""
        return len(self._entries[namespace])

    def entries(self, namespace: str) -> tuple[str, ...]:
        """The entries in the order of their indices; the first two are padding and unknown."""
        return self._entries[namespace]

    def index(self, namespace: str, entry: str) -> int:
        """The index of the entry, 1 (unknown) where the vocabulary lacks it."""
        return self._indices[namespace].get(entry, UNKNOWN_INDEX)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and self._entries == other._entries

    def __hash__(self) -> int:
        return hash(tuple(self._entries.values()))

    def __repr__(self) -> str:
        return f"Vocabulary({', '.join(f'{name}: {self.size(name)}' for name in NAMESPACES)})"

    @cached_property
    def _indices(self) -> dict[str, dict[str, int]]:
        # Padding and unknown can be met in no text: the tokenizer cuts at their angle brackets.
        return {
            name: {entry: index for index, entry in enumerate(entries)}
            for name, entries in self._entries.items()
        }

    def to_json(self) -> str:
        """Namespace -> entries as JSON, one entry a line, readable without this package."""
        return json.dumps(
            {name: entries[2:] for name, entries in self._entries.items()}, ensure_ascii=False, indent=1
        )

    @classmethod
    def from_json(cls, text: str) -> "Vocabulary":
        """Read what `to_json` wrote.

        Raises:
            ModelError: it is something else.
        """
        try:
            value = json.loads(text)
        except ValueError as error:
            raise ModelError(f"the vocabulary is not JSON: {error}") from None
        if not isinstance(value, dict) or set(value) != set(NAMESPACES):
            raise ModelError(f"the vocabulary must hold the namespaces {', '.join(NAMESPACES)}")
        for name, entries in value.items():
            if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
                raise ModelError(f"the vocabulary's namespace {name!r} must be a list of strings")
            if len(set(entries)) != len(entries):
                raise ModelError(f"the vocabulary's namespace {name!r} holds an entry twice")
        return cls(value)


def _count(namespace: str, tokens: Counter[str], features: Features) -> Counter[str]:
    counts: Counter[str] = Counter()
    if namespace == "word" and features.word is not None:
        for token, count in tokens.items():
            counts[token.lower() if features.word.lowercase_tokens else token] += count
    if namespace == "char" and features.char is not None:
        for token, count in tokens.items():
            for character in token.lower() if features.char.lowercase_characters else token:
                counts[character] += count
    return counts


def _keep(counts: Counter[str], least: int, most: int | None) -> list[str]:
    frequent = [entry for entry, count in counts.items() if count >= least]
    return sorted(frequent, key=lambda entry: (-counts[entry], entry))[:most]
