"""A weighted grammar in plain text, and the drawing of names from it.

Each rule begins at the start of a line and may go on in indented lines:

    animal : Löwen Adler Hirsch           one word, all equally likely
    first ~ Peter Michael Thomas          one word, the earlier the likelier
    name = 36 {house} [{cue}] | 8 {house} one template by weight, its {rules} drawn in turn

What stands in square brackets is a cue: a reader could tell the label of the name from it.
A rule that is defined again replaces the earlier one; `#` begins a comment line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from toolkit.data.names.drawing import Draw

_RULE = re.compile(r"(\w+) ([:~=])(?: |$)(.*)", re.DOTALL)
_PIECE = re.compile(r"\{(\w+)\}|([^{}]+)")
_SCALE = 100  # weights are written with at most two decimals and kept as integers


@dataclass(frozen=True)
class Name:
    """A drawn text, and whether it holds a cue of the label it was drawn for."""

    text: str
    has_cue: bool


@dataclass(frozen=True)
class _Words:
    words: tuple[str, ...]
    ranked: bool

    def draw(self, draw: Draw) -> str:
        return draw.early_of(self.words) if self.ranked else draw.one_of(self.words)


@dataclass(frozen=True)
class _Template:
    pieces: tuple[tuple[str, str], ...]  # (rule, "") or ("", literal)
    has_cue: bool


@dataclass(frozen=True)
class _Choice:
    templates: tuple[_Template, ...]
    cumulative: tuple[int, ...]


class Grammar:
    """Rules from one or more texts, later texts replacing rules of earlier ones."""

    def __init__(self, *texts: str) -> None:
        self._rules = {name: rule for text in texts for name, rule in _parse(text)}
        used = {
            piece
            for rule in self._rules.values()
            if isinstance(rule, _Choice)
            for template in rule.templates
            for piece, _ in template.pieces
            if piece
        }
        assert used <= self._rules.keys(), f"rules without a definition: {sorted(used - self._rules.keys())}"

    def __contains__(self, rule: str) -> bool:
        return rule in self._rules

    def draw(self, rule: str, draw: Draw) -> Name:
        """A text drawn from the rule named."""
        parts: list[str] = []
        has_cue = self._expand(rule, draw, parts)
        return Name("".join(parts), has_cue)

    def text(self, rule: str, draw: Draw) -> str:
        """The text alone of a draw from the rule named."""
        return self.draw(rule, draw).text

    def _expand(self, name: str, draw: Draw, parts: list[str]) -> bool:
        """Append what the rule gives to `parts`; whether a cue is among it."""
        rule = self._rules[name]
        if isinstance(rule, _Words):
            parts.append(rule.draw(draw))
            return False
        template = rule.templates[draw.by_weight(rule.cumulative)]
        has_cue = template.has_cue
        used: set[str] = set()
        for piece, literal in template.pieces:
            words = self._rules.get(piece)
            if isinstance(words, _Words):
                word = words.draw(draw)
                while word in used:  # "Funk, Alarm, Streife": a list in one template repeats nothing
                    word = words.draw(draw)
                used.add(word)
                parts.append(word)
            elif piece:
                has_cue |= self._expand(piece, draw, parts)
            else:
                parts.append(literal)
        return has_cue


def _parse(text: str) -> Iterator[tuple[str, _Words | _Choice]]:
    for line in _unfold(text):
        match = _RULE.fullmatch(line)
        assert match is not None, f"not a rule: {line!r}"
        name, kind, body = match.groups()
        if kind == "=":
            yield name, _parse_choice(body)
        else:
            yield name, _Words(tuple(body.split()), ranked=kind == "~")


def _unfold(text: str) -> list[str]:
    """The rules, one a line: indented lines are joined to the line before."""
    rules: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace():
            rules[-1] += " " + line.strip()
        else:
            rules.append(line.strip())
    return rules


def _parse_choice(body: str) -> _Choice:
    weights, templates = [], []
    for alternative in body.split("|"):
        weight, _, text = alternative.strip().partition(" ")
        weights.append(round(float(weight) * _SCALE))
        templates.append(_parse_template(text))
    return _Choice(tuple(templates), tuple(accumulate(weights)))


def _parse_template(text: str) -> _Template:
    plain = text.replace("[", "").replace("]", "")
    pieces = tuple((match[1] or "", match[2] or "") for match in _PIECE.finditer(plain))
    return _Template(pieces, has_cue=plain != text)
