"""Strings -> indices: cleaning rules, tokenizer, vocabulary, encoded data sets and their batches."""

from toolkit.text.batching import Batch, batches, batches_by_length, make_batch
from toolkit.text.encoding import EncodedDataset, Encoder
from toolkit.text.sequences import Sequences
from toolkit.text.tokenizer import Tokenizer
from toolkit.text.vocabulary import Vocabulary

__all__ = [
    "Batch",
    "EncodedDataset",
    "Encoder",
    "Sequences",
    "Tokenizer",
    "Vocabulary",
    "batches",
    "batches_by_length",
    "make_batch",
]
