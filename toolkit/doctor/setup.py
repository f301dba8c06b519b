"""What the checks look at: read once, when a check asks for it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from toolkit.configuration.experiment import ExperimentFile
from toolkit.errors import ConfigurationError, JournalError
from toolkit.runs import Project, Search, find_searches
from toolkit.trackers.registry import enabled


@dataclass(frozen=True)
class Setup:
    """A project, and the environment in which its commands run."""

    project: Project
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @cached_property
    def experiment_files(self) -> dict[Path, ExperimentFile | ConfigurationError]:
        """Each file of `experiments/`, or why it cannot be read."""
        found: dict[Path, ExperimentFile | ConfigurationError] = {}
        for path in sorted((self.project.root / "experiments").glob("*.yaml")):
            try:
                found[path] = ExperimentFile.load(path)
            except ConfigurationError as error:
                found[path] = error
        return found

    @property
    def experiments(self) -> list[ExperimentFile]:
        """The experiments that can be read."""
        return [file for file in self.experiment_files.values() if isinstance(file, ExperimentFile)]

    def options_of(self, tracker: str) -> list[Mapping[str, Any]]:
        """The tracker's options in each experiment and in each search that has it."""
        named = [file.tracking for file in self.experiments]
        named += [enabled(search.header) for search in self.searches]
        return [tracking[tracker] for tracking in named if tracker in tracking]

    @cached_property
    def journals(self) -> tuple[list[Search], list[JournalError]]:
        """All searches of the project, and why others cannot be read."""
        unreadable: list[JournalError] = []
        return find_searches(self.project, every=True, unreadable=unreadable.append), unreadable

    @property
    def searches(self) -> list[Search]:
        return self.journals[0]
