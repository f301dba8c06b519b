"""Draws one business name for a label: the core name, what directories add to it, and their errors."""

from toolkit.data.names.drawing import Draw
from toolkit.data.names.grammar import Grammar, Name
from toolkit.data.names.labels import LABELS
from toolkit.data.names.lexicon import OWN, SHARED
from toolkit.data.names.noise import Noise, directory_case, merge, misspell, one_legal_form, shorten

_TRADE_TWICE = 0.13  # of the names, how many give the trade a second time behind the name
_GIVES_TRADE_ONCE = {
    "Allgemeinärzte",
    "Apotheken",
    "Dienstleistungen",
    "Hotels",
    "Restaurants",
    "Vereine",
    "Vermittlungen",
}
_NEIGHBOUR_ALONE = 0.45  # of the names with a neighbour's cue, how many show no cue of their own
_OWN_TOPIC = 0.5  # of the activities told, how many fit the label; the others are anything
_OWNER_BEFORE, _OWNER_BEHIND = 0.215, 0.34

_ADDITIONS = """
guild = 1 (bda) | 1 (vdi) | 1 (fh) | 1 (haftungsbeschränkt) | 1 (gf) | 1 (bdu) | 1 (ihk)
digit : 1 2 3 4 5 6 7 8 9
number = 3 {digit}{digit} | 2 2000 | 2 24 | 1 3000 | 1 19{digit}{digit}/{digit}{digit}
role = 1 Gesellschaft Für | 1 Büro Für | 1 Fachbetrieb Für | 1 Agentur Für
own_activity = 40 {topic} | 60 {topic}{field_tail}
"""
_RARE_ADDITIONS = ((0.006, "guild"), (0.012, "place"), (0.006, "number"))


class Composer:
    """Draws names for one data set; the order of calls decides what is drawn."""

    def __init__(self, draw: Draw, noise: Noise) -> None:
        self._draw = draw
        self._noise = noise
        self._grammars = {label: Grammar(*SHARED, _ADDITIONS, OWN[label]) for label in LABELS}

    def name(self, label: str) -> Name:
        """A name for the label, in the casing of a directory."""
        core = self._core(label)
        text = self._add(core.text, label)
        text = directory_case(one_legal_form(" ".join(text.split())))
        text = self._add_owner(self._damage(text, label), label)
        return Name(text, core.has_cue)

    def _core(self, label: str) -> Name:
        """The business under its own name, or with a cue of a neighbouring label, or with no cue at all."""
        draw, grammar, settings = self._draw, self._grammars[label], LABELS[label]
        if draw.chance(settings.bare * self._noise.bare_factor):
            return grammar.draw("bare", draw)
        name = grammar.draw("name", draw)
        if label not in _GIVES_TRADE_ONCE and draw.chance(_TRADE_TWICE):
            name = Name(f"{name.text} {grammar.text('cue', draw)}", has_cue=True)
        for neighbour, share in settings.neighbours:
            if draw.chance(share):
                other = self._grammars[neighbour].text("name", draw)
                if draw.chance(_NEIGHBOUR_ALONE):
                    return Name(other, has_cue=False)
                return Name(f"{name.text} {other.split()[-1]}", name.has_cue)
        return name

    def _add(self, text: str, label: str) -> str:
        draw, grammar = self._draw, self._grammars[label]
        if draw.chance(LABELS[label].activity):
            words = text.split()
            at = 1 if draw.chance(0.6) and label not in _GIVES_TRADE_ONCE else len(words)
            text = " ".join([*words[:at], self._activity(grammar), *words[at:]])
        for share, addition in _RARE_ADDITIONS:
            if draw.chance(share):
                text = f"{text} {grammar.text(addition, draw)}"
        return text

    def _activity(self, grammar: Grammar) -> str:
        rule = "own_activity" if self._draw.chance(_OWN_TOPIC) else "activity"
        activity = grammar.text(rule, self._draw)
        return f"{grammar.text('role', self._draw)} {activity}" if self._draw.chance(0.25) else activity

    def _damage(self, text: str, label: str) -> str:
        draw, noise = self._draw, self._noise
        for _ in range(2):
            if draw.chance(noise.typos / 2):
                text = misspell(text, draw)
        if draw.chance(noise.merged):
            text = merge(text, self._grammars[label].text("first", draw), draw)
        if draw.chance(0.004):
            text = text.replace("er ", "er`s ", 1)
        if draw.chance(0.03) and len(text.split()) <= 5:
            text = shorten(text)
        return text

    def _add_owner(self, text: str, label: str) -> str:
        draw, grammar = self._draw, self._grammars[label]
        if draw.chance(_OWNER_BEFORE):
            text = f"{grammar.text('first', draw)} {grammar.text('owner', draw)} {text}"
        elif draw.chance(_OWNER_BEHIND / (1 - _OWNER_BEFORE)):
            text = f"{text} {grammar.text('owner', draw)}"
        return " ".join(text.split())
