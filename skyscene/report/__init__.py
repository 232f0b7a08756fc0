"""Pages for people: the one template set and the one plot style of every report.

A page needs nothing from elsewhere: styles, script, data and plots are inside it.
"""

from skyscene.report.page import embed, fragment, plural, render, safe_link
from skyscene.report.plots import Histogram, Line, histogram, lines
from skyscene.report.strips import Strip
from skyscene.report.thinning import downsample

__all__ = [
    "Histogram",
    "Line",
    "Strip",
    "downsample",
    "embed",
    "fragment",
    "histogram",
    "lines",
    "plural",
    "render",
    "safe_link",
]
