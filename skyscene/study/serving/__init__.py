"""A study as a page that raters open in a browser: links, the server, and what it answers.

Only ``app`` and ``server`` need Starlette and uvicorn, and ``serve`` imports them when it is called.
"""

from skyscene.study.serving.address import Address, checked_address
from skyscene.study.serving.limits import Limits, Rate
from skyscene.study.serving.links import Forgotten, count_links, forget_rater, make_links
from skyscene.study.serving.server import serve

__all__ = [
    "Address",
    "Forgotten",
    "Limits",
    "Rate",
    "checked_address",
    "count_links",
    "forget_rater",
    "make_links",
    "serve",
]
