"""Pages for people: the one template set and the one plot style of every report.

A page is one HTML file that needs nothing else: styles, script, pictures and plots are inside it.
"""

from skyscene.report.axis import Band, FrameAxis, Mark, Trace, downsample
from skyscene.report.page import render, safe_link
from skyscene.report.plots import Histogram, histogram
from skyscene.report.sample import spread
from skyscene.report.strips import Strip

__all__ = [
    "Band",
    "FrameAxis",
    "Histogram",
    "Mark",
    "Strip",
    "Trace",
    "downsample",
    "histogram",
    "render",
    "safe_link",
    "spread",
]
