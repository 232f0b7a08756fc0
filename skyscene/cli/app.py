"""The application: its groups, and the one place where errors become a line and an exit code."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Mapping
from types import FrameType

import click

import skyscene as package
from skyscene.cli import STOPPED
from skyscene.cli.lines import complain
from skyscene.errors import SkySceneError
from skyscene.recipes import nearest


class LazyGroup(click.Group):
    """A group that imports a command's file only when that command is called.

    Args:
        targets: Command to ``module:attribute`` and its one-line help.
    """

    def __init__(self, *args: object, targets: Mapping[str, tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._targets = targets

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Commands in the order of the work."""
        return list(self._targets)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; none if there is none of that name."""
        if cmd_name not in self._targets:
            return None
        module, _, attribute = self._targets[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name; for an unknown one the nearest is given."""
        if args and not args[0].startswith("-") and args[0] not in self._targets:
            ctx.fail(f"no command '{args[0]}': {nearest(args[0], self._targets)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in ``--help``, without importing anything."""
        if not self._targets:
            return
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._targets.items()])


COMMANDS: Mapping[str, tuple[str, str]] = {
    "build": ("skyscene.cli.build:build", "Turn videos into an indexed set of 32-frame clips."),
    "retune": ("skyscene.cli.retune:retune", "Change thresholds of a build folder without decoding again."),
    "split": ("skyscene.cli.split:split", "Put every source on one side: train, val or test."),
    "verify": ("skyscene.cli.verify:verify", "Check every promise of the index by decoding again."),
    "report": ("skyscene.cli.report:report", "Write a page that shows what was kept, rejected, and why."),
    "export": ("skyscene.cli.export:export", "Write the clips in a layout that other tools read."),
    "demo": ("skyscene.cli.demo:demo", "Render a dozen skies and run the whole chain on them."),
    "synth": ("skyscene.cli.synth:synth", "Render skies with known truth to video files."),
    "bench": ("skyscene.cli.app:bench", "Train and score models on a clip set."),
}

BENCH_COMMANDS: Mapping[str, tuple[str, str]] = {
    "list": ("skyscene.cli.bench_list:list_", "Models, benchmarks, metrics, baselines, protocols."),
    "run": ("skyscene.cli.bench_run:run", "Train a model, score it, write the report."),
    "train": ("skyscene.cli.bench_run:train", "Train a model."),
    "resume": ("skyscene.cli.bench_steps:resume", "Go on with a training that was stopped."),
    "inputs": ("skyscene.cli.bench_inputs:inputs", "First frames for a model that lives elsewhere."),
    "score": ("skyscene.cli.bench_score:score", "Score a run, or clips from elsewhere."),
    "report": ("skyscene.cli.bench_report:report", "Report of a scored run, or of several."),
    "cite": ("skyscene.cli.bench_cite:cite", "What to cite, as BibTeX."),
    "predict": ("skyscene.cli.bench_steps:predict", "Animate any photo."),
    "weights": ("skyscene.cli.bench_weights:weights", "Weights that metrics need: list, get or add them."),
    "study": ("skyscene.cli.app:study", "Which clips do people prefer? Pairs, votes, scores."),
}

STUDY_COMMANDS: Mapping[str, tuple[str, str]] = {
    "export": (
        "skyscene.cli.study_export:export",
        "Make a study of runs: pairs, media, key, platform files.",
    ),
    "serve": ("skyscene.cli.study_serve:serve", "Show the pairs to raters and take their votes."),
    "import": ("skyscene.cli.study_votes:import_", "Take in votes that a platform collected."),
    "score": ("skyscene.cli.study_score:score", "POS with honest intervals, and a page."),
    "forget-rater": ("skyscene.cli.study_votes:forget_rater", "Delete a rater's link and votes."),
    "simulate": ("skyscene.cli.study_simulate:simulate", "How often the interval holds the truth."),
}


@click.group(cls=LazyGroup, targets=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package.__version__, prog_name="skyscene")
def skyscene() -> None:
    """Sky time-lapses to clean, split, verified clip sets.

    \b
    skyscene build videos/ --out sky       make a clip set
    skyscene split sky --by-source         put the sources into train, val and test
    skyscene report sky                    look at what was kept and rejected
    """  # noqa: D301


@click.group(cls=LazyGroup, targets=BENCH_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package.__version__, prog_name="bench")
def bench() -> None:
    """Train and score models on a clip set, beside baselines that need no training.

    \b
    bench list models                        what can be trained
    bench run mdgan --budget smoke           on drawn skies, in minutes
    bench run mdgan --data sky               on your own clips
    bench predict runs/RUN photo.jpg --to sky.mp4
    bench score PREDICTIONS --data sky       clips that your own model drew
    """  # noqa: D301


@click.group(cls=LazyGroup, targets=STUDY_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def study() -> None:
    """Ask people which of two clips they prefer, and say how sure the answer is.

    \b
    bench study export runs/mdgan-sky64-seed0 runs/vgan-sky64-seed0 --out studies/s1
    bench study serve studies/s1 --raters 10
    bench study score studies/s1
    """  # noqa: D301


class _Terminated(BaseException):
    """SIGTERM, as an exception: what is open is closed on its way up."""


def _stop(number: int, frame: FrameType | None) -> None:
    """Stops in good order; a second signal ends the process at once, and its workers follow."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise KeyboardInterrupt if number == signal.SIGINT else _Terminated


def run(group: click.Group, name: str) -> None:
    """Runs a command line and exits.

    The exit codes: 0 done, 1 our error in one line, 2 bad usage, 130 stopped by Ctrl-C, 143 by SIGTERM.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else: started in the background
        signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    # A component of the user's own may lie beside the recipe, in the folder where the command is given.
    sys.path.append(os.getcwd())
    try:
        # Without its standalone mode click gives back the code of a command that ended by itself.
        code = group.main(prog_name=name, standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except SkySceneError as error:
        complain(str(error))
        sys.exit(1)
    except (KeyboardInterrupt, click.Abort):
        complain(STOPPED)
        sys.exit(130)
    except _Terminated:
        complain(STOPPED)
        sys.exit(143)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        complain(f"{error.filename or 'system'}: {error.strerror or error}")
        sys.exit(1)
    except Exception as error:
        if os.environ.get("SKYSCENE_TRACEBACK"):
            raise
        complain(f"internal: {type(error).__name__}: {error} (SKYSCENE_TRACEBACK=1 shows where)")
        sys.exit(1)
