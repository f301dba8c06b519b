"""Everything that is known about one run or one search: for people and as JSON."""
