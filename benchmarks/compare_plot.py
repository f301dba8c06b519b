"""Seconds against the number of runs, as an image for the docs."""

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

from compare_peers import LIMIT_SECONDS
from matplotlib import pyplot

_ABOVE, _BELOW = 7, -16
# (subject, question) -> title, colour, and where the title stands: points from the line's end.
_LINES = {
    ("toolkit", "top 20"): ("toolkit compare --top 20", "#0b6e4f", _BELOW),
    ("toolkit", "filter and sort"): ("toolkit compare --where ... --sort ...", "#2f8f6f", _ABOVE),
    ("toolkit", "first call"): ("toolkit compare, first call", "#6f8f83", _ABOVE),
    ("pandas", "top 20"): ("pandas, from the journals", "#5a4fcf", -100),
    ("mlflow", "top 20"): ("mlflow.search_runs", "#0077b6", _ABOVE),
    ("dvc", "all"): ("dvc exp show, cached", "#c8553d", _ABOVE),
    ("dvc", "first call"): ("dvc exp show, first call", "#c8553d", _ABOVE),
}


def draw(costs: dict[str, dict[str, Any]], path: Path) -> None:
    """Draw the medians on logarithmic axes, each line named at its end.

    The background is white whatever the page's is, so it is read in light and dark.
    """
    pyplot.rcParams.update({"font.size": 10, "svg.hashsalt": "toolkit", "axes.edgecolor": "#888888"})
    figure, axes = pyplot.subplots(figsize=(7.6, 4.6), layout="constrained")
    for (subject, name), (title, colour, offset) in _LINES.items():
        found = {int(count): each.get(name) for count, each in costs.get(subject, {}).items()}
        points = [(count, cost["median"]) for count, cost in sorted(found.items()) if cost is not None]
        if not points:
            continue
        axes.plot(*zip(*points, strict=True), "o-", color=colour, linewidth=2, markersize=4)
        end = {"textcoords": "offset points", "ha": "right", "color": colour}
        axes.annotate(title, points[-1], (4, offset), **end)
        for count in (count for count, cost in found.items() if cost is None):
            axes.plot([points[-1][0], count], [points[-1][1], LIMIT_SECONDS], ":", color=colour, linewidth=2)
            axes.annotate("no answer in two minutes", (count, LIMIT_SECONDS), (-8, -2), **end)
    axes.set(xscale="log", yscale="log", xlabel="runs", ylabel="seconds, process start included")
    axes.set_ylim(0.05, 400)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.grid(which="major", color="#e4e4e4", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    pyplot.close(figure)
