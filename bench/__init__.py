"""Benchmarks with their figures: `make bench`, or `python -m bench --help`."""
