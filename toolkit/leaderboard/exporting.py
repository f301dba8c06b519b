"""The small files that a search leaves in `results/<experiment>/` for git, DVC and people.

All but `timings.csv` are pure functions of code, data and seed: no times, no host, no path of this
machine, floats by their shortest exact form. So the same search twice gives the same bytes.
"""

import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from toolkit.errors import SearchError
from toolkit.leaderboard.as_csv import columns_of, csv_text, to_csv
from toolkit.leaderboard.as_json import row_as_json
from toolkit.leaderboard.files import copy_whole, write_whole
from toolkit.leaderboard.index import rank
from toolkit.leaderboard.keeping import dropped_model
from toolkit.leaderboard.ranking import Row
from toolkit.leaderboard.results import FILE_NAME, overall, to_results, without_repetition
from toolkit.runs import Point, Search


def export(search: Search, folder: Path) -> dict[str, Path]:
    """Write a search's results and say what lies where, by name.

    `leaderboard` (every trial at its best epoch), `metrics` (the best trial's, for `dvc metrics show`),
    `best_config`, `learning_curves` (for `dvc plots`), `search` (what `toolkit compare --from-results`
    reads), `timings` (seconds an epoch; no output of DVC) and, when the best trial has one, `model`.

    Args:
        folder: made if it is not there; usually `Project.results_of(experiment)`.

    Raises:
        SearchError: no run can be ranked, the message has each one's reason; or the best one's model was
            dropped. Nothing is written.
    """
    plain = without_repetition(search)
    [table] = rank([plain])
    if not table.ranked:
        raise SearchError(_nothing_to_export(search, table.unranked))
    best = table.ranked[0]
    model = search.model(best.trial)
    if not model.is_file() and best.trial in search.dropped_models:
        # Without this, a model of another search could stay beside these results.
        raise SearchError(f"no results: {dropped_model(search, best.trial)}")
    written = {
        "leaderboard": write_whole(folder / "leaderboard.csv", to_csv([table])),
        "metrics": write_whole(folder / "metrics.json", _metrics(best, table.counts)),
        "best_config": write_whole(folder / "best_config.yaml", _yaml(plain.runs[best.trial].config)),
        "learning_curves": write_whole(folder / "learning_curves.csv", _learning_curves(plain)),
        "search": write_whole(folder / FILE_NAME, to_results(plain)),
        "timings": write_whole(folder / "timings.csv", _timings(plain)),
    }
    if model.is_file():
        written["model"] = copy_whole(model, folder / "model.tar.gz")
    return written


def _nothing_to_export(search: Search, rows: list[Row]) -> str:
    if not rows:
        return f"{search.experiment}@{search.id} has no trial: there is nothing to rank"
    reasons = Counter(f"{row.status}: {row.reason}" for row in rows)
    told = "; ".join(f"{count} x {reason}" for reason, count in reasons.most_common())
    return f"no run of {search.experiment}@{search.id} can be ranked ({told})"


def _metrics(best: Row, counts: Mapping[str, int]) -> str:
    """Flat, so that `dvc metrics show` has one column a metric; metrics per label stay in the CSV."""
    values = overall(row_as_json(best)["metrics"])
    content = {"trial": best.trial, "epoch": best.epoch, **values, "runs": dict(sorted(counts.items()))}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _yaml(config: dict[str, Any]) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 1000
    stream = io.StringIO()
    yaml.dump(config, stream)
    return stream.getvalue()


def _learning_curves(search: Search) -> str:
    """One line a trial and epoch, epochs from 0; metrics per label are left out."""
    rows = [
        {"trial": trial, "epoch": point.epoch, **overall(point.metrics)} for trial, point in _points(search)
    ]
    return csv_text(columns_of(rows), rows)


def _timings(search: Search) -> str:
    rows = [
        {"trial": trial, "epoch": point.epoch, "seconds": point.seconds} for trial, point in _points(search)
    ]
    return csv_text(("trial", "epoch", "seconds"), rows)


def _points(search: Search) -> Iterator[tuple[int, Point]]:
    for trial in sorted(search.runs):
        for point in search.runs[trial].points:
            yield trial, point
