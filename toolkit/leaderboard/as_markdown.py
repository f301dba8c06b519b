"""Leaderboards as Markdown: every column, for a README or an issue."""

import re
from collections.abc import Iterable, Sequence

from toolkit.leaderboard.across import TITLE, Standing, columns_across
from toolkit.leaderboard.columns import Column, columns_for_people
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.wording import headline, remarks, without_rank


def to_markdown(tables: Iterable[Table], across: Sequence[Standing] = ()) -> str:
    """The tables one after the other, each below its headline; below them what holds across data sets."""
    sections = [_section(table) for table in tables]
    if across:
        sections.append(f"**{TITLE}**\n\n{markdown_grid(columns_across(across))}\n")
    return "\n".join(sections)


def _section(table: Table) -> str:
    paragraphs = [f"**{escape(headline(table))}**", *map(escape, remarks(table))]
    if table.ranked:
        paragraphs.append(markdown_grid(columns_for_people(table, table.ranked)))
    title, *reasons = list(without_rank(table)) or [""]
    if reasons:
        paragraphs.append("\n".join([title, "", *(f"- {escape(line.strip())}" for line in reasons)]))
    return "\n\n".join(paragraphs) + "\n"


def markdown_grid(columns: Sequence[Column]) -> str:
    """The columns as a table of Markdown."""
    lines = [[column.title for column in columns]]
    lines.append(["---:" if column.is_number else "---" for column in columns])
    lines += [list(cells) for cells in zip(*(column.cells for column in columns), strict=True)]
    head, rule, *body = lines
    escaped = [[escape(cell) for cell in line] for line in (head, *body)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (escaped[0], rule, *escaped[1:]))


def escape(text: str) -> str:
    r"""The text on one line, with what Markdown would take for markup made harmless; `a_b` is none."""
    return re.sub(r"([\\`*|<\[]|\b_|_\b)", r"\\\1", " ".join(text.split()))
