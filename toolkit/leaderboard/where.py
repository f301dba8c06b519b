"""`--where` and `--sort` as SQL: a condition over the columns, with every value as a parameter.

A run that lacks a value, or has it as None, matches no comparison of it: neither `==` nor `!=`, nor either
of them under `not`; `is missing` asks for it. What has no order (a text against a number, NaN, True) matches
no `<`. So `not` turns every comparison round, and the SQL needs no third truth value.
"""

import ast
import math
from collections.abc import Sequence
from typing import Any

from toolkit.errors import ConfigurationError
from toolkit.leaderboard.cells import Cell, to_cell
from toolkit.leaderboard.fields import Field, Fields
from toolkit.leaderboard.where_text import Parsed, at, check_depth, parse

_MOST_COMPARISONS = 500  # sqlite takes no expression that is deeper than 1,000
_NUMBER = "('integer', 'real')"
_NONE = to_cell(None)
_NONE_SQL = "x'" + bytes(_NONE).hex() + "'" if isinstance(_NONE, bytes) else ""

_NUMBERS = {"nan": math.nan, "inf": math.inf}
"""Numbers that are written as words."""

_SQL = {ast.Eq: "=", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def condition(text: str, fields: Fields) -> tuple[str, list[Cell]]:
    """The condition as SQL of sqlite in parentheses, and its parameters in order.

    Names are understood as `Fields.find` does. There are `and`, `or`, `not`, comparisons and chains of
    them, `in` with a list, `is missing`, a text `in` a column for a part of its text, and a name alone for
    `== True`; case does not matter in these words, and SQL's `=` and `<>` are taken too.

    Raises:
        ConfigurationError: it cannot be read, or names no column; the message has the place.
    """
    writer = _Writer(parse(text), fields)
    return f"({writer.condition(writer.parsed.tree, False, 0)})", writer.parameters


def order(names: Sequence[str], fields: Fields) -> list[tuple[str, str]]:
    """The terms of ORDER BY, each its expression and `ASC` or `DESC`: columns by name, with `-` in front from
    high to low.

    In both directions numbers come first, then texts, then what has no order (NaN, True, lists), and
    runs without the value last.

    Raises:
        ConfigurationError: no column goes by a name, or more than one.
    """
    return [term for name in names for term in _ordered(name, fields)]


def _ordered(name: str, fields: Fields) -> list[tuple[str, str]]:
    falling = name.startswith("-")
    try:
        sql = fields.find((name[1:] if falling else name).replace("`", "")).sql
    except ConfigurationError as error:
        raise ConfigurationError(f"--sort: {error}") from None
    kind = (
        f"CASE typeof({sql}) WHEN 'integer' THEN 0 WHEN 'real' THEN 0 WHEN 'text' THEN 1 "
        f"WHEN 'null' THEN 3 ELSE 2 + ({sql} = {_NONE_SQL}) END"
    )
    # None and a missing value are equals, which no direction may part.
    return [(kind, "ASC"), (f"nullif({sql}, {_NONE_SQL})", "DESC" if falling else "ASC")]


class _Writer:
    """Writes the SQL of a tree, collecting the parameters in the order of their question marks."""

    def __init__(self, parsed: Parsed, fields: Fields) -> None:
        self.parsed = parsed
        self.parameters: list[Cell] = []
        self._fields = fields
        self._comparisons = 0

    def condition(self, node: ast.expr, negated: bool, depth: int) -> str:
        """The SQL that is true where the node is (or, negated, where it is not)."""
        check_depth(depth, self.parsed.place(node))
        if isinstance(node, ast.BoolOp):
            joined = " OR " if isinstance(node.op, ast.Or) is not negated else " AND "
            return "(" + joined.join(self.condition(n, negated, depth + 1) for n in node.values) + ")"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.condition(node.operand, not negated, depth + 1)
        if isinstance(node, ast.Compare):
            return self._chain(node, negated)
        if self._is_column(node):
            self._count(node)
            return self._equal(self._field(node), "!=" if negated else "=", True)
        raise self._at(node, "a condition is missing here, such as optimizer.lr < 0.005")

    def _chain(self, node: ast.Compare, negated: bool) -> str:
        """`0.001 < lr < 0.01` is each pair of neighbours, all of them."""
        sides = [node.left, *node.comparators]
        parts = [
            self._comparison(left, operator, right, negated)
            for left, operator, right in zip(sides, node.ops, sides[1:], strict=False)
        ]
        return "(" + (" OR " if negated else " AND ").join(parts) + ")"

    def _comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr, negated: bool) -> str:
        self._count(left)
        if isinstance(operator, ast.In | ast.NotIn):
            return self._membership(left, right, isinstance(operator, ast.NotIn) is not negated)
        if isinstance(operator, ast.Is | ast.IsNot):
            if not _is_none(right):
                raise self._at(right, "`is` asks for `missing` only; compare values with ==")
            operator = ast.Eq() if isinstance(operator, ast.Is) else ast.NotEq()
        sign = _SQL[type(operator)]
        sign = _OPPOSITE[sign] if negated else sign
        if not self._is_column(left):
            left, right, sign = right, left, _MIRRORED[sign]
        if not self._is_column(left):
            raise self._at(
                right, f"two values are compared here, and no column{_perhaps_a_name(left, right)}"
            )
        if self._is_column(right):
            return _two_columns(self._field(left), sign, self._field(right, or_text=True))
        value = self._value(right)
        if sign in ("=", "!="):
            return self._equal(self._field(left), sign, value)
        return self._ordering(self._field(left), sign, value, right)

    def _equal(self, field: Field, sign: str, value: Any) -> str:
        sql = field.sql
        if value is None:
            missing = f"({sql} IS NULL OR {sql} = {_NONE_SQL})"
            return missing if sign == "=" else f"({sql} IS NOT NULL AND {sql} != {_NONE_SQL})"
        self.parameters.append(to_cell(value))
        return f"{sql} = ?" if sign == "=" else f"({sql} != ? AND {sql} != {_NONE_SQL})"

    def _ordering(self, field: Field, sign: str, value: Any, node: ast.expr) -> str:
        """sqlite orders every text after every number: the types are held apart here."""
        if isinstance(value, bool) or not isinstance(value, int | float | str) or _is_nan(value):
            raise self._at(node, "only numbers and texts have an order; True, nan, missing take == and !=")
        kinds = "('text')" if isinstance(value, str) else _NUMBER
        # Beyond 64 bits sqlite holds no integer; the order is that of the nearest float.
        self.parameters.append(to_cell(value) if isinstance(value, str) else _as_number(value))
        return f"({field.sql} {sign} ? AND typeof({field.sql}) IN {kinds})"

    def _membership(self, left: ast.expr, right: ast.expr, negated: bool) -> str:
        if isinstance(right, ast.Tuple):
            if not self._is_column(left):
                raise self._at(left, "before `in` and a list stands the name of a column")
            return self._listed(self._field(left), [self._value(node) for node in right.elts], negated)
        if self._is_column(left):  # a list of one needs no comma
            return self._listed(self._field(left), [self._value(right)], negated)
        part = self._value(left)
        if not self._is_column(right) or not isinstance(part, str):
            raise self._at(right, "after `in` stands a list: pooler.type in ('gru', 'lstm')")
        sql = self._field(right).sql
        self.parameters.append(to_cell(part))
        return f"(typeof({sql}) = 'text' AND instr({sql}, ?) {'=' if negated else '>'} 0)"

    def _listed(self, field: Field, values: Sequence[Any], negated: bool) -> str:
        given = [to_cell(value) for value in values if value is not None]
        self.parameters += given
        marks = f"({', '.join('?' * len(given))})"
        if negated:
            return f"({field.sql} NOT IN {marks} AND {field.sql} IS NOT NULL AND {field.sql} != {_NONE_SQL})"
        listed = f"{field.sql} IN {marks}"
        return listed if None not in values else f"({listed} OR {self._equal(field, '=', None)})"

    def _is_column(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and self._name(node).lower() not in _NUMBERS

    def _name(self, node: ast.expr) -> str:
        assert isinstance(node, ast.Name)
        return self.parsed.names[node.id]

    def _field(self, node: ast.expr, *, or_text: bool = False) -> Field:
        name = self._name(node)
        try:
            return self._fields.find(name)
        except ConfigurationError as error:
            hint = f" (a text stands in quotes: {name!r})" if or_text else ""
            raise self._at(node, f"{error}{hint}") from None

    def _value(self, node: ast.expr) -> Any:
        """A literal: text, number, True, False, None."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            value = self._value(node.operand)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return -value if isinstance(node.op, ast.USub) else value
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | None):
            return node.value
        if isinstance(node, ast.Name):
            if not self._is_column(node):
                return _NUMBERS[self._name(node).lower()]
            raise self._at(node, f"a value is missing here: a text stands in quotes, {self._name(node)!r}")
        hint = _perhaps_a_name(node)
        raise self._at(node, f"a text, a number, True, False or missing stands here{hint}")

    def _count(self, node: ast.AST) -> None:
        self._comparisons += 1
        if self._comparisons > _MOST_COMPARISONS:
            raise self._at(node, f"more than {_MOST_COMPARISONS} comparisons; `in` takes a long list")

    def _at(self, node: ast.AST, problem: str) -> ConfigurationError:
        return at(self.parsed.place(node), problem)


def _two_columns(one: Field, sign: str, other: Field) -> str:
    a, b = one.sql, other.sql
    if sign in ("=", "!="):
        return f"({a} {sign} {b} AND {a} != {_NONE_SQL} AND {b} != {_NONE_SQL})"
    numbers = f"typeof({a}) IN {_NUMBER} AND typeof({b}) IN {_NUMBER}"
    texts = f"typeof({a}) = 'text' AND typeof({b}) = 'text'"
    return f"({a} {sign} {b} AND ({numbers} OR {texts}))"


def _perhaps_a_name(*nodes: ast.expr) -> str:
    """What may have been meant where Python reads a difference."""
    if any(isinstance(node, ast.BinOp) for node in nodes):
        return "; a name that holds - stands in `backticks`, a text in quotes"
    return ""


def _is_nan(value: int | float | str) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _as_number(value: int | float) -> int | float:
    cell = to_cell(value)
    if isinstance(cell, int | float):
        return cell
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
