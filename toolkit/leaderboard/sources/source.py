"""One place that runs are ranked from, under the name that people are shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.runs import Search


@dataclass(frozen=True)
class Source:
    """Where searches were found.

    Attributes:
        label: `journals`, `wandb ./wandb`, `rev 1a2b3c4`, `project ../other`; no two sources share one.
        searches: what is there, in its order.
        plain_ids: it keeps a repetition under the id of the search that it repeats, as `results/` does.
    """

    label: str
    searches: Sequence[Search]
    plain_ids: bool = False
