"""Leaderboards as a pandas DataFrame that a notebook displays well."""
