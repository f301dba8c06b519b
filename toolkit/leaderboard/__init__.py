"""The room leaderboard."""
