"""Measurements behind docs/BENCHMARKS.md; each is a command a reader can run."""
