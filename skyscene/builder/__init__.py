"""Curation, orchestrated: sources in, a split, verified, indexed clip set out.

The room is not called ``build``, because ``skyscene.build`` is the function.
"""

from skyscene.builder.beside import read_recipe_table
from skyscene.builder.building import BuildReport, build
from skyscene.builder.demonstration import DemoReport, demo
from skyscene.builder.funnel import Funnel, funnel
from skyscene.builder.inspect_tables import Fault
from skyscene.builder.progress import Event, Watch, frames_ticked, nobody
from skyscene.builder.recipe import Recipe, load_recipe
from skyscene.builder.rendering import read_truth, render_films
from skyscene.builder.report import write_report
from skyscene.builder.source import Job, build_source
from skyscene.builder.splitting import SplitReport, split
from skyscene.builder.verifying import VerifyReport, verify

__all__ = [
    "BuildReport",
    "DemoReport",
    "Event",
    "Fault",
    "Funnel",
    "Job",
    "Recipe",
    "SplitReport",
    "VerifyReport",
    "Watch",
    "build",
    "build_source",
    "demo",
    "frames_ticked",
    "funnel",
    "load_recipe",
    "nobody",
    "read_recipe_table",
    "read_truth",
    "render_films",
    "split",
    "verify",
    "write_report",
]
