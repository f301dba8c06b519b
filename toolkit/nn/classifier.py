"""The whole model: index tensors of a batch -> one score a label."""

import torch
from torch import Tensor, nn

from toolkit.configuration import PipelineConfiguration
from toolkit.nn.embedder import Embedder
from toolkit.nn.feedforward import Feedforward
from toolkit.nn.inputs import Inputs
from toolkit.nn.recurrent import RecurrentEncoder


class TextClassifier(nn.Module):
    """Embedder, pooler, feedforward layers and the layer of the labels.

    Args:
        config: its head must hold the labels.
        words, characters: entries of the vocabulary, padding and unknown included.
    """

    def __init__(self, config: PipelineConfiguration, words: int, characters: int) -> None:
        super().__init__()
        assert config.head.labels is not None
        self.embedder = Embedder(config.features, words, characters)
        self.pooler = RecurrentEncoder(self.embedder.output_dim, config.head.pooler)
        self.feedforward = Feedforward(config.head.pooler.output_dim, config.head.feedforward)
        self.classification = nn.Linear(self.feedforward.output_dim, len(config.head.labels))

    def forward(self, inputs: Inputs) -> Tensor:
        """Scores (B, labels) before the softmax."""
        words = self.embedder(inputs)  # (T, E)
        texts = self.pooler(words, None, inputs.words)  # (B, H)
        return self.classification(self.feedforward(texts))

    @property
    def num_trainable_parameters(self) -> int:
        """How many numbers training adjusts."""
        return sum(weight.numel() for weight in self.parameters() if weight.requires_grad)


def build(config: PipelineConfiguration, words: int, characters: int, seed: int) -> TextClassifier:
    """A classifier whose first weights depend on the seed alone; torch's own random state stays as it is."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        return TextClassifier(config, words, characters)
