"""The pages name every command, option and public name, and nothing that does not exist."""

import ast
import io
import re
import shlex
import textwrap
import tokenize
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from toolkit.cli import group
from toolkit.configuration import spaces
from toolkit.configuration.experiment import (
    SCHEDULERS,
    DataFiles,
    ExperimentFile,
    SchedulerConfiguration,
    SearchConfiguration,
)
from toolkit.trackers import tracker_names

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SOURCES = [
    path
    for room in ("toolkit", "toolkit_trackio", "tests", "benchmarks")
    for path in sorted((ROOT / room).rglob("*.py"))
]

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
# Paths that git knows; `runs/` and the like are made later, `data/my-texts` is a reader's own.
_PATH = re.compile(
    r"(?<![\w./~-])((?:toolkit|toolkit_trackio|docs|tests|experiments|notebooks|benchmarks|data/business-names(?:-noisy)?)"
    r"/[\w./-]*\w/?|(?:README|CHANGELOG|CONTRIBUTING)\.md)(?![\w*<{])"
)
# Stand for a reader's own files.
_EXAMPLES = {"experiments/my-texts.yaml", "experiments/x.yaml", "experiments/toy.yaml"}


def page_id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> str:
    assert path.is_file(), f"{page_id(path)} is missing"
    return path.read_text(encoding="utf-8")


def blocks(page: str, language: str | None = None) -> list[str]:
    """The fenced blocks of a page, of one language or of all."""
    found = _FENCE.findall(page)
    return [textwrap.dedent(text) for kind, text in found if language is None or kind == language]


def prose(page: str) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", page)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by what one types, those of groups too."""
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"toolkit {name} {sub}", inner) for sub, inner in command.commands.items())
        else:
            yield f"toolkit {name}", command


def options(command: click.Command) -> set[str]:
    return {opt for param in command.params if isinstance(param, click.Option) for opt in param.opts}


def sections(page: str) -> dict[str, str]:
    """Heading of the second level -> the text below it."""
    _, *parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


COMMANDS = dict(commands())
REFERENCE = sections(read(ROOT / "docs" / "commands.md"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_section_with_every_option_and_an_example(name: str) -> None:
    assert name in REFERENCE, f"docs/commands.md has no section {name!r}"
    section = REFERENCE[name]
    told = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", prose(section)))
    assert told == options(COMMANDS[name])
    assert any(line.startswith(name) for block in blocks(section, "bash") for line in block.splitlines())


def test_the_options_of_toolkit_itself_are_told() -> None:
    page = read(ROOT / "docs" / "commands.md")
    assert {option for option in options(group) if f"toolkit {option}" not in page} == set()


def test_the_page_tells_of_no_other_command() -> None:
    assert {heading for heading in REFERENCE if heading.startswith("toolkit")} == set(COMMANDS)


def typed(text: str) -> Iterator[list[str]]:
    """The words of every call of toolkit in lines of a shell, without what follows on the line."""
    lines = text.replace("\\\n", " ").splitlines()
    for line in (line.strip() for line in lines if re.search(r"(^|[|;&])\s*toolkit\s", line)):
        # In columns, two spaces and an explanation may follow.
        lexer = shlex.shlex(re.split(r"\s{2,}", line)[0], posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words: list[str] = []
        for word in [*lexer, ";"]:
            if set(word) <= set("();<>|&"):
                if words[:1] == ["toolkit"]:
                    yield words[1:]
                words = []
            else:
                words.append(word)


def parse(words: list[str], command: click.Command = group) -> None:
    """Have click take the words as if they were typed, and run nothing."""
    if not isinstance(command, click.Group):
        command.make_context(command.name, list(words))
        return
    while words and words[0].startswith("-"):
        assert words[0] in options(command) | {"--help", "-h"}, f"{command.name} has no option {words[0]}"
        words = words[1:]
    if words:
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, f"there is no command {words[0]!r}"
        parse(words[1:], found)


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_commands_in_blocks_can_be_typed(page: Path) -> None:
    for block in blocks(read(page)):
        for words in typed(block):
            try:
                parse(words)
            except click.UsageError as error:
                pytest.fail(f"toolkit {shlex.join(words)}: {error.format_message()}")


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_commands_in_sentences_exist(page: Path) -> None:
    spans = _SPAN.findall(prose(read(page)))
    for words in (span.split() for span in spans if re.match(r"toolkit [a-z-]", span)):
        here, known = group, options(group) | {"--help"}
        for word in words[1:]:
            if isinstance(here, click.Group) and not word.startswith("-") and word != "COMMAND":
                found = here.get_command(click.Context(here), word)
                assert found is not None, f"there is no command {' '.join(words)!r}"
                here, known = found, known | options(found)
        assert {word for word in words if word.startswith("--")} <= known, " ".join(words)


def test_the_readme_has_commands_to_check() -> None:
    assert list(typed("\n".join(blocks(read(README), "bash"))))


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_python_compiles(page: Path) -> None:
    for block in blocks(read(page), "python"):
        compile(block, page_id(page), "exec")


def public_names(module: str) -> set[str]:
    """`__all__` of a module, or what it defines without an underscore; nothing is imported."""
    path = ROOT.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    defined: set[str] = set()
    for node in ast.parse(read(path)).body:
        names: list[str] = []
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            if names == ["__all__"]:
                assert node.value is not None
                return set(ast.literal_eval(node.value))
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            names = [node.name]
        defined |= {name for name in names if not name.startswith("_")}
    return defined


NAMES = {
    module: set(_SPAN.findall(names))
    for module, names in re.findall(
        r"^\| `(toolkit[\w.]*)` \| (.+) \|$",
        sections(read(ROOT / "docs" / "architecture.md"))["Names to import"],
        re.MULTILINE,
    )
}


@pytest.mark.parametrize(
    "module",
    [
        "toolkit",
        *(f"toolkit.{room}" for room in ("configuration", "data", "text", "nn", "training", "loggers")),
        *(f"toolkit.{room}" for room in ("hpo", "replay", "runs", "trackers", "leaderboard")),
        *(f"toolkit.{room}" for room in ("pruning", "doctor", "confirming")),
        *(f"toolkit.testing.{file}" for file in ("toy", "tracker_contract")),
        "toolkit.trackers.flat",
        "toolkit.leaderboard.sources",
        "toolkit.errors",
    ],
)
def test_public_names_stand_in_the_table(module: str) -> None:
    assert NAMES.get(module) == public_names(module)


PLUG_INS = [*sorted((ROOT / "toolkit_trackio").glob("*.py")), ROOT / "tests/trackers/their_tracker.py"]


@pytest.mark.parametrize("path", PLUG_INS, ids=page_id)
def test_a_plug_in_needs_public_names_only(path: Path) -> None:
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.Import):
            assert not any(alias.name.split(".")[0] == "toolkit" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "toolkit":
            names = {alias.name for alias in node.names}
            assert names <= NAMES.get(node.module or "", set()), f"{path}:{node.lineno}"


def test_every_key_of_an_experiment_file_stands_in_its_section() -> None:
    told = REFERENCE["The experiment file"]
    keys = [f"search.{field.name}" for field in fields(SearchConfiguration)]
    for kind in (ExperimentFile, DataFiles, SchedulerConfiguration):
        keys += [field.name for field in fields(kind)]
    keys += [*spaces._KINDS, *spaces._ALIASES, *SCHEDULERS]
    assert [key for key in keys if key != "search" and not re.search(rf"`{re.escape(key)}\b", told)] == []


def test_trackers_stand_in_the_page_about_them() -> None:
    page = read(ROOT / "docs" / "tracking.md")
    ours = set(tracker_names()) - {"memory"}
    assert {name for name in ours if not re.search(rf"^  {name}: ", page, re.MULTILINE)} == set()


def environment_variables() -> set[str]:
    """Names in capitals that the package's code writes in quotes and the environment may have."""
    prefixes = (
        "MLFLOW_",
        "WANDB_",
        "TRACKIO_",
        "RAY_",
        "TUNE_",
        "DVC_",
        "TOOLKIT_",
        "CUDA_",
        "NETRC",
        "PYTHONPATH",
    )
    literals = (
        node.value
        for package in ("toolkit", "toolkit_trackio")
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(read(path)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return {text for text in literals if text.startswith(prefixes) and re.fullmatch(r"[A-Z_]+", text)}


def test_every_environment_variable_is_told() -> None:
    told = set(_SPAN.findall(REFERENCE["Environment variables"]))
    found = environment_variables()
    assert found
    assert found - told == set()


def anchors(page: Path) -> set[str]:
    """What a link may name behind `#`, as GitHub makes it of the headings."""
    headings = re.findall(r"^#+ (.+)$", prose(read(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(prose(read(page))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page_id(page)} links to {link}"
        assert not anchor or anchor in anchors(target), f"{page_id(page)} links to {link}"


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_paths_in_pages_exist(page: Path) -> None:
    text = read(page)
    named = {path for span in [*_SPAN.findall(prose(text)), *blocks(text)] for path in _PATH.findall(span)}
    assert {path for path in named - _EXAMPLES if not (ROOT / path).exists()} == set()


def remarks(path: Path) -> str:
    """All docstrings and comments of a Python file."""
    source = read(path)
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef
    docs = [ast.get_docstring(node) or "" for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return "\n".join([*docs, *(token.string for token in tokens if token.type == tokenize.COMMENT)])


def test_paths_in_docstrings_and_comments_exist() -> None:
    named = {(page_id(path), file) for path in SOURCES for file in _PATH.findall(remarks(path))}
    assert ("tests/test_rooms.py", "docs/architecture.md") in named  # the search finds something
    assert {pair for pair in named if pair[1] not in _EXAMPLES and not (ROOT / pair[1]).exists()} == set()
