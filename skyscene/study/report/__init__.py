"""The report of a scored study: a page, the same as Markdown, and lines for a terminal."""

from skyscene.study.report.page import write_study_report
from skyscene.study.report.terminal import summary

__all__ = ["summary", "write_study_report"]
