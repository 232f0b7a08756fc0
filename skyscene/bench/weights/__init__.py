"""Weights of the networks that metrics need."""

from skyscene.bench.weights.catalogue import WEIGHTS, Weights, weights_named
from skyscene.bench.weights.weight_store import add_weights, get_weights, load_weights, weights_path

__all__ = [
    "WEIGHTS",
    "Weights",
    "add_weights",
    "get_weights",
    "load_weights",
    "weights_named",
    "weights_path",
]
