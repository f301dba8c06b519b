"""What can be read but is hardly meant: reported as warnings, the rows are kept."""

from toolkit.data.normalise import nfc


def twin_labels(spellings: dict[str, int], source: str) -> list[str]:
    """One sentence for each group of labels that differ only by case or by spaces around them.

    `spellings` maps each label as it was written to the line where it first stood.
    """
    groups: dict[str, list[str]] = {}
    for label in spellings:
        groups.setdefault(nfc(label).strip().casefold(), []).append(label)
    sentences = []
    for twins in groups.values():
        if len({nfc(twin) for twin in twins}) > 1:
            named = " and ".join(f"{twin!r} (line {spellings[twin]})" for twin in twins)
            kept = len({nfc(twin).strip() for twin in twins})
            what = "read as one label" if kept == 1 else f"kept as {kept} labels"
            sentences.append(f"{source}: the labels {named} differ only by case or spaces, {what}")
    return sentences


def swallowed_rows(
    columns: tuple[str, ...], rows: list[tuple[str, ...]], lines: list[int], source: str
) -> list[str]:
    """One sentence for each row that seems to hold other rows: a quote left open can close by chance.

    Such a row has a field over several lines, of which one begins as a row does, with a known label.
    """
    if columns[0] != "label":
        return []
    labels = {row[0] for row in rows}
    return [
        f"{source}:{line}: a quoted field holds what looks like rows of its own: is a quote left open?"
        for line, row in zip(lines, rows, strict=True)
        if any(_begins_like_a_row(inner, labels) for field in row for inner in _lines_behind_the_first(field))
    ]


def _begins_like_a_row(line: str, labels: set[str]) -> bool:
    first, comma, _ = line.partition(",")
    return comma != "" and first.strip() in labels


def _lines_behind_the_first(field: str) -> list[str]:
    return field.splitlines()[1:] if "\n" in field or "\r" in field else []
