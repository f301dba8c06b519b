"""Whatever is reported stands in the journal as plain JSON, and reads back."""

import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from toolkit.runs import JournalWriter, SearchFolder, read_journal
from toolkit.runs.values import dumps, loads


def kept(value: Any) -> Any:
    """The value as a reader of the journal gets it."""
    return loads(dumps({"value": value}))["value"]


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.float64(0.1), 0.1),
        (np.float32(0.5), 0.5),
        (np.float16(0.5), 0.5),
        (np.int64(2**62), 2**62),
        (np.uint8(7), 7),
        (np.bool_(True), True),
        (np.str_("ä"), "ä"),
        (np.array(1.5), 1.5),
        (np.array([1, 2]), [1, 2]),
        (np.array([[True]]), [[True]]),
        (torch.tensor(0.5), 0.5),
        (torch.tensor(0.5, dtype=torch.bfloat16), 0.5),
        (torch.tensor(0.5, requires_grad=True), 0.5),
        (torch.tensor(7), 7),
        (torch.tensor(True), True),
        (torch.tensor([1.5, 2.5], dtype=torch.bfloat16), [1.5, 2.5]),
        ({"a": np.float32(0.5), 1: [torch.tensor(2)]}, {"a": 0.5, "1": [2]}),
        ((1, 2), [1, 2]),
        (2**53 + 1, 2**53 + 1),
        (10**400, 10**400),
        (True, True),
        (None, None),
        (math.inf, math.inf),
        (Decimal("0.1"), {"$repr": "Decimal('0.1')"}),
        (10**5000, {"$repr": hex(10**5000)}),
        ("half \udcff", {"$repr": "'half \\udcff'"}),
        ({"half \udcff": 1}, {"half \\udcff": 1}),
        ({"$float": "no number"}, {"$float": "no number"}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_plain_values(value: Any, plain: Any) -> None:
    found = kept(value)
    assert found == plain
    assert type(found) is type(plain)
    dumps({"value": value}).encode()  # UTF-8 holds it


@pytest.mark.parametrize("value", [math.nan, np.float32("nan"), torch.tensor(math.nan)])
def test_nan(value: Any) -> None:
    assert math.isnan(kept(value))
    json.loads(dumps({"value": value}), parse_constant=pytest.fail)


def test_a_journal_takes_them_all(tmp_path: Path) -> None:
    odd = {"huge": 10**5000, "half \udcff": "\udcff", "grid": np.eye(2), "marked": {"$float": "x"}, "": ""}
    with JournalWriter(SearchFolder(tmp_path)) as journal:
        journal.append("point", 0, epoch=0, step=1, metrics=odd, seconds=np.float32(0.5))
    (record,) = read_journal(SearchFolder(tmp_path).journal)
    assert set(record.body["metrics"]) == {"huge", "half \\udcff", "grid", "marked", ""}
