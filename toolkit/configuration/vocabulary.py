"""Which words and characters get a vector of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from toolkit.configuration.features import NAMESPACES
from toolkit.configuration.schema import InvalidField, is_whole, nearest, plain, put, read


class Texts(Protocol):
    """Anything with the texts of a data set, such as `toolkit.Dataset`."""

    @property
    def texts(self) -> Sequence[str]: ...


@dataclass(frozen=True, kw_only=True)
class VocabularyConfiguration:
    """Where a vocabulary comes from and what is too rare for it.

    Args:
        datasets: their texts are counted; `sources` is another name for it.
        min_count: namespace (`word`, `char`) -> how often an entry must occur at least.
        max_vocab_size: how many entries to keep, the most frequent ones, padding and unknown not
            counted: one number for every namespace or a dictionary of them. All unless given.
    """

    datasets: Sequence[Texts] = ()
    sources: Sequence[Texts] = ()
    min_count: Mapping[str, int] = field(default_factory=dict)
    max_vocab_size: int | Mapping[str, int] | None = None

    def __post_init__(self) -> None:
        if self.datasets and self.sources:
            raise InvalidField("sources", "is another name for 'datasets': give one of the two")
        put(self, "datasets", _data_sets(self, "sources" if self.sources else "datasets"))
        put(self, "sources", ())
        if isinstance(self.max_vocab_size, int) and not isinstance(self.max_vocab_size, bool):
            put(self, "max_vocab_size", dict.fromkeys(NAMESPACES, self.max_vocab_size))
        for name in ("min_count", "max_vocab_size"):
            _check_counts(name, getattr(self, name))

    @classmethod
    def from_dict(cls, config: Mapping[str, Any]) -> "VocabularyConfiguration":
        """Check a dictionary of plain values; data sets join with `with_datasets`."""
        return read(cls, config)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, without the data sets."""
        return {
            name: plain(getattr(self, name))
            for name in ("min_count", "max_vocab_size")
            if getattr(self, name)
        }

    def with_datasets(self, datasets: Sequence[Texts]) -> "VocabularyConfiguration":
        """The same limits over these data sets."""
        return replace(self, datasets=datasets, sources=())

    def least(self, namespace: str) -> int:
        """How often an entry of the namespace must occur to be kept."""
        return self.min_count.get(namespace, 1)

    def most(self, namespace: str) -> int | None:
        """How many entries of the namespace are kept, None for all."""
        assert not isinstance(self.max_vocab_size, int)  # made a mapping on construction
        return None if self.max_vocab_size is None else self.max_vocab_size.get(namespace)


def _data_sets(config: VocabularyConfiguration, name: str) -> tuple[Texts, ...]:
    value = getattr(config, name)
    data_sets = (value,) if hasattr(value, "texts") else tuple(value)
    for position, data_set in enumerate(data_sets):
        if not hasattr(data_set, "texts"):
            raise InvalidField(f"{name}.{position}", f"must be a data set with texts, got {data_set!r}")
    return data_sets


def _check_counts(name: str, counts: Mapping[str, int] | None) -> None:
    if counts is None:
        return
    if not isinstance(counts, Mapping):
        raise InvalidField(name, f"must be a dictionary of {' and '.join(NAMESPACES)}, got {counts!r}")
    for namespace, count in counts.items():
        if namespace not in NAMESPACES:
            raise InvalidField(f"{name}.{namespace}", f"is no namespace{nearest(namespace, NAMESPACES)}")
        if not is_whole(count) or count < 1:
            raise InvalidField(f"{name}.{namespace}", f"must be a whole number of at least 1, got {count!r}")
