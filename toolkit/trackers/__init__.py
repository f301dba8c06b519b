"""The room trackers."""
