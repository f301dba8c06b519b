"""Checks of training, validation and test data against each other, before anything is trained."""

from collections import Counter
from itertools import combinations
from pathlib import Path

from toolkit.data.dataset import Dataset
from toolkit.errors import DataError

# A few shared texts are the world; more than this share of a split makes its scores mean little.
TOLERATED = 0.01
_EXAMPLES = 3
_LABELS = 5


def read_splits(folder: str | Path) -> dict[str, Dataset]:
    """The data sets `train`, `valid` and, if it is there, `test` of a folder with those CSV files.

    Raises:
        DataError: the problems of all the files together.
    """
    names = ["train", "valid"] + ["test"] * (Path(folder) / "test.csv").exists()
    splits: dict[str, Dataset] = {}
    problems = []
    for name in names:
        try:
            splits[name] = Dataset.from_csv(Path(folder) / f"{name}.csv")
        except DataError as error:
            problems.append(str(error))
    if problems:
        missing = not Path(folder).is_dir()  # then the first file says all there is to say
        raise DataError(problems[0] if missing else "\n".join(problems))
    return splits


def check_splits(train: Dataset, valid: Dataset, test: Dataset | None = None) -> list[str]:
    """Warnings about splits that can be used but surprise; empty when there is nothing to say.

    Warned about: a label with a single training example or with none in validation, and a text that
    stands in two splits or under two labels, with its lines.

    Raises:
        DataError: training knows one label only, validation or test hold a label that training does
            not, or more than one per cent of rows share their text; all of it, one a line.
    """
    splits = {"training": train, "validation": valid}
    if test is not None:
        splits["test"] = test
    errors: list[str] = []
    warnings: list[str] = []
    for check in (_labels_to_learn, _unknown_labels, _texts_in_two_splits, _texts_with_two_labels):
        check(splits, errors, warnings)
    if errors:
        raise DataError("\n".join(errors))
    return warnings


def _labels_to_learn(splits: dict[str, Dataset], errors: list[str], warnings: list[str]) -> None:
    counts = Counter(splits["training"].labels)
    name = _name(splits, "training")
    if len(counts) == 1:
        errors.append(f"{name} has one label only, {next(iter(counts))!r}: a classifier needs two or more")
    single = sorted(label for label, count in counts.items() if count == 1)
    if single:
        warnings.append(f"{name} has a single example of {_listed(single)}: too few to learn from")
    unseen = sorted(counts.keys() - set(splits["validation"].labels))
    if unseen:
        name = _name(splits, "validation")
        warnings.append(
            f"{name} has no row of {_listed(unseen)}: its metrics cannot tell how well it is learnt"
        )


def _unknown_labels(splits: dict[str, Dataset], errors: list[str], warnings: list[str]) -> None:
    known = set(splits["training"].labels)
    for split in list(splits)[1:]:
        first: dict[str, int] = {}
        for index, label in enumerate(splits[split].labels):
            if label not in known:
                first.setdefault(label, index)
        if first:
            shown = sorted(first)[:_LABELS]
            where = ", ".join(f"{label!r} ({splits[split].where(first[label])})" for label in shown)
            more = f" and {len(first) - _LABELS} more" if len(first) > _LABELS else ""
            errors.append(
                f"{_name(splits, split)} has labels that {_name(splits, 'training')} has not: {where}{more}"
            )


def _texts_in_two_splits(splits: dict[str, Dataset], errors: list[str], warnings: list[str]) -> None:
    rows = {split: _first_row(data.texts) for split, data in splits.items()}
    for earlier, later in combinations(splits, 2):
        data, known = splits[later], rows[earlier]
        shared = [(known[text], index) for index, text in enumerate(data.texts) if text in known]
        examples = [f"{splits[earlier].where(a)} and {data.where(b)}" for a, b in shared[:_EXAMPLES]]
        what = f"{_name(splits, later)} shares texts with {_name(splits, earlier)}"
        _report(what, len(shared), len(data), examples, errors, warnings)


def _texts_with_two_labels(splits: dict[str, Dataset], errors: list[str], warnings: list[str]) -> None:
    first: dict[str, tuple[str, str]] = {}  # text -> (label, where)
    clashes = []
    for data in splits.values():
        for index, (text, label) in enumerate(zip(data.texts, data.labels, strict=True)):
            known, where = first.setdefault(text, (label, data.where(index)))
            if known != label:
                clashes.append(f"{where} ({known!r}) and {data.where(index)} ({label!r})")
    total = sum(map(len, splits.values()))
    _report(
        "the same text stands under two labels", len(clashes), total, clashes[:_EXAMPLES], errors, warnings
    )


def _report(
    what: str, count: int, total: int, examples: list[str], errors: list[str], warnings: list[str]
) -> None:
    if count == 0:
        return
    more = "; ..." if count > len(examples) else ""
    sentence = f"{what}: {count} of {total} rows ({count / total:.1%}): {'; '.join(examples)}{more}"
    if count > TOLERATED * total:
        errors.append(f"{sentence}; at most {TOLERATED:.0%} is accepted: remove them")
    else:
        warnings.append(sentence)


def _first_row(texts: list[str]) -> dict[str, int]:
    rows: dict[str, int] = {}
    for index, text in enumerate(texts):
        rows.setdefault(text, index)
    return rows


def _name(splits: dict[str, Dataset], split: str) -> str:
    return splits[split].path or f"the {split} data"


def _listed(labels: list[str]) -> str:
    return ", ".join(map(repr, labels))
