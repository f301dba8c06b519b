"""Seconds against the number of runs, as an image for the docs."""

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot

_LINES = {
    ("toolkit", "top 20"): ("toolkit compare --top 20", "#0b6e4f"),
    ("toolkit", "filter and sort"): ("toolkit compare --where ... --sort ...", "#3aa17e"),
    ("pandas", "top 20"): ("pandas, from the journals", "#5a4fcf"),
    ("mlflow", "top 20"): ("mlflow.search_runs", "#0077b6"),
    ("dvc", "all"): ("dvc exp show", "#c8553d"),
}


def draw(costs: dict[str, dict[str, Any]], path: Path) -> None:
    """Draw the medians on logarithmic axes, each line named at its end.

    The background is white whatever the page's is: so it is read in light and dark.
    """
    pyplot.rcParams.update({"font.size": 10, "svg.hashsalt": "toolkit", "axes.edgecolor": "#888888"})
    figure, axes = pyplot.subplots(figsize=(7.6, 4.4), layout="constrained")
    for (subject, name), (title, colour) in _LINES.items():
        found = {int(count): each.get(name) for count, each in costs.get(subject, {}).items()}
        points = [(count, cost["median"]) for count, cost in sorted(found.items()) if cost is not None]
        if not points:
            continue
        counts, seconds = zip(*points, strict=True)
        axes.plot(counts, seconds, "o-", color=colour, linewidth=2, markersize=4)
        axes.annotate(
            title, points[-1], (6, 6), textcoords="offset points", ha="right", color=colour, va="bottom"
        )
    axes.set(xscale="log", yscale="log", xlabel="runs", ylabel="seconds, process start included")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.grid(which="major", color="#e4e4e4", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
