r"""Leaderboards as LaTeX: one `tabular` a table in the manner of booktabs, ready for `\input`.

The headline, what a table is apart for, and the runs without a rank stand above it as comments. A document
that takes it in needs `\usepackage{booktabs}` and text in UTF-8, which is LaTeX's own default.
"""

import re
from collections.abc import Iterable, Sequence

from toolkit.leaderboard.columns import MISSING, Column, columns_for_people
from toolkit.leaderboard.ranking import Table
from toolkit.leaderboard.wording import headline, remarks, without_rank

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    "'": r"\textquotesingle{}",
    '"': r"\char34{}",
    # After the end of a line these would be an argument of it.
    "[": "{[}",
    "*": "{*}",
    **{char: f"\\{char}" for char in "&%$#_{}"},
}
_EXPONENT = re.compile(r"(-?[\d.]+)e([+-])0*(\d+)")


def to_latex(tables: Iterable[Table]) -> str:
    """The tables one after the other, each below its headline as a comment."""
    return "\n".join(_section(table) for table in tables)


def _section(table: Table) -> str:
    lines = [latex_comment(line) for line in (headline(table), *remarks(table), *without_rank(table))]
    if table.ranked:
        lines.append(latex_grid(columns_for_people(table, table.ranked)))
    return "\n".join(lines) + "\n"


def latex_comment(line: str) -> str:
    """The sentence as a comment of one line."""
    return f"% {' '.join(line.split())}"


def latex_grid(columns: Sequence[Column]) -> str:
    """The columns as a `tabular`; numbers stand to the right."""
    body = zip(*([_cell(cell, column) for cell in column.cells] for column in columns), strict=True)
    return "\n".join(
        [
            rf"\begin{{tabular}}{{{''.join('r' if column.is_number else 'l' for column in columns)}}}",
            r"\toprule",
            _line(escape(column.title) for column in columns),
            r"\midrule",
            *map(_line, body),
            r"\bottomrule",
            r"\end{tabular}",
        ]
    )


def _line(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"


def _cell(cell: str, column: Column) -> str:
    """Numbers get a minus instead of a hyphen, and powers of ten."""
    if cell == MISSING:
        return "--"
    if not column.is_number:
        return escape(cell)
    exponent = _EXPONENT.fullmatch(cell)
    if exponent:
        mantissa, sign, power = exponent.groups()
        return rf"${mantissa} \times 10^{{{sign.removeprefix('+')}{power}}}$"
    return f"$-${escape(cell[1:])}" if cell.startswith("-") else escape(cell)


def escape(text: str) -> str:
    """The text as LaTeX prints it, on one line; two hyphens stay two."""
    kept = "".join(_SPECIAL.get(char, char) for char in " ".join(text.split()) if char.isprintable())
    return kept.replace("--", "-{}-").replace("--", "-{}-")
