"""The room hpo."""
