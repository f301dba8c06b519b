"""What two runs, or two searches, do not have in common: for people and as JSON."""
