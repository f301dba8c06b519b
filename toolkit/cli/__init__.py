"""The command line: one file per command, each a thin function over the library.

A command is imported only when it is called, so `toolkit --help` and shell completion load nothing.
"""

import importlib
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import click

from toolkit import __version__
from toolkit.errors import ToolkitError

# command -> (module, one sentence of help); kept here so that --help imports no command.
COMMANDS = {
    "new": ("toolkit.cli.new", "Write an experiment file for your own CSV files."),
    "tune": ("toolkit.cli.tune", "Run the search of an experiment file."),
    "compare": ("toolkit.cli.compare", "Rank runs across searches."),
    "show": ("toolkit.cli.show", "Show everything about one run or one search."),
    "diff": ("toolkit.cli.diff", "Show what two runs or two searches do not have in common."),
    "confirm": ("toolkit.cli.confirm", "Train the leaders again on fresh seeds: is the winner real?"),
    "replay": ("toolkit.cli.replay", "Train a recorded run again, and print the difference."),
    "verify": ("toolkit.cli.verify", "Say whether the results are those that git has committed."),
    "train": ("toolkit.cli.train", "Train one model from an experiment file without search spaces."),
    "evaluate": ("toolkit.cli.evaluate", "Evaluate a model on a CSV file."),
    "predict": ("toolkit.cli.predict", "Predict the labels of texts."),
    "baseline": ("toolkit.cli.baseline", "Train the plain rival: TF-IDF with logistic regression."),
    "sync": ("toolkit.cli.sync", "Finish the trackers' mirrors of searches."),
    "prune": ("toolkit.cli.prune", "Free the disk of models and states that can be made again."),
    "doctor": ("toolkit.cli.doctor", "Say what is wrong with this set-up."),
    "ui": ("toolkit.cli.ui", "Open MLflow and TensorBoard on this project's stores."),
    "data": ("toolkit.cli.data", "Make the embedded data sets again, or check a folder of CSV files."),
}


class LazyGroup(click.Group):
    """A click group whose commands live in modules that are imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in COMMANDS.items()])


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="toolkit")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def group(ctx: click.Context, debug: bool) -> None:
    """Searches that reproduce, trackers that lose nothing, a leaderboard that is right by default.

    \b
    Example:
      toolkit tune experiments/german-business-names.yaml
      toolkit compare --top 10
    """
    ctx.obj = {"debug": debug}


def main(args: list[str] | None = None) -> Any:
    """Run the command line; an expected error is one line on stderr and exit code 1.

    So is one of the operating system: no such file, no room, no permission.
    """
    arguments = sys.argv[1:] if args is None else args
    if os.environ.get("_TOOLKIT_COMPLETE"):
        from toolkit.cli.asking_shell import answer_shell

        answer_shell(group)
    try:
        with _warnings_as_lines():
            return group.main(arguments, prog_name="toolkit")
    except (ToolkitError, OSError) as error:
        if "--debug" in arguments:
            raise
        click.echo(f"Error: {_in_words(error)}", err=True)
        sys.exit(1)


def _in_words(error: ToolkitError | OSError) -> str:
    from toolkit.runs.secrets import without_credentials, without_environment  # a command that works has none

    if isinstance(error, ToolkitError) or error.strerror is None:
        return without_environment(without_credentials(str(error))) or type(error).__name__
    return error.strerror if error.filename is None else f"{error.filename}: {error.strerror}"


@contextmanager
def _warnings_as_lines() -> Iterator[None]:
    """Show warnings that are meant for users without the place in the code that gave them."""
    show = warnings.showwarning

    def as_line(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if issubclass(category, UserWarning):
            click.echo(f"Warning: {message}", err=True)
        else:
            show(message, category, filename, lineno, file, line)

    warnings.showwarning = as_line
    try:
        yield
    finally:
        warnings.showwarning = show
