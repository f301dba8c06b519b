"""What the user asked for: frozen dataclasses, checked on construction, to and from dictionaries and YAML."""

from toolkit.configuration.features import CharFeatures, Features, WordFeatures
from toolkit.configuration.head import FeedforwardConfiguration, TextClassification
from toolkit.configuration.pipeline import PipelineConfiguration
from toolkit.configuration.recurrent import RecurrentConfiguration
from toolkit.configuration.tokenizer import TextCleaning, TokenizerConfiguration
from toolkit.configuration.trainer import TrainerConfiguration
from toolkit.configuration.vocabulary import VocabularyConfiguration

__all__ = [
    "CharFeatures",
    "Features",
    "FeedforwardConfiguration",
    "PipelineConfiguration",
    "RecurrentConfiguration",
    "TextClassification",
    "TextCleaning",
    "TokenizerConfiguration",
    "TrainerConfiguration",
    "VocabularyConfiguration",
    "WordFeatures",
]
