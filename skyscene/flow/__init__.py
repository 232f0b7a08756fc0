"""Optical flow between two pictures: each estimator with an id that says exactly which.

Pictures are uint8 luma of shape (height, width). A flow has shape (height, width, 2): how far what lies at a
pixel of the first picture has gone in the second, first to the right and then down, in pixels.
"""

from skyscene.flow.estimator import Flow, Luma, Vectors, clip_flows
from skyscene.flow.registry import FLOWS, flow

__all__ = ["FLOWS", "Flow", "Luma", "Vectors", "clip_flows", "flow"]
