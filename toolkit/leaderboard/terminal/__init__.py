"""A leaderboard to walk through in a terminal; the one part of this room that needs textual."""
