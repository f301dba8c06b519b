"""What a call that searches, or trains the baseline, came to: made in `hpo` and `baseline`, told in `cli`."""

from dataclasses import dataclass, field
from pathlib import Path

from toolkit.runs import Search


@dataclass(frozen=True)
class SearchOutcome:
    """A search that is finished, and where its results lie.

    Attributes:
        search: as its journal tells it.
        results: name -> path of the result files.
        trained: False when it was finished before and only its results were written again.
        unmirrored: tracker -> points that it does not have yet.
    """

    search: Search
    results: dict[str, Path]
    trained: bool
    unmirrored: dict[str, int] = field(default_factory=dict)
