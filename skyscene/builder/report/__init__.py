"""The report on a build folder: what is shown, gathered from the tables; `skyscene.report` draws it."""

from skyscene.builder.report.limits import Limits
from skyscene.builder.report.page import write_report

__all__ = ["Limits", "write_report"]
