"""A window whose lines a test can look at."""

from toolkit.leaderboard.window import Window


def window(width: int) -> tuple[Window, list[str]]:
    """The window, and the lines that are written in it."""
    lines: list[str] = []
    return Window(width, False, lambda line, style: lines.append(line)), lines
