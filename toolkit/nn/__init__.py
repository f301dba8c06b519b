"""Indices -> scores: embedder, recurrent encoders, feedforward, classifier. Needs torch and nothing else."""

from toolkit.nn.classifier import TextClassifier, build
from toolkit.nn.inputs import Inputs, Packed

__all__ = ["Inputs", "Packed", "TextClassifier", "build"]
