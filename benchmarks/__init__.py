"""Measurements of what Gatehouse costs, each beside what it is compared with.

`make bench` runs all; docs/benchmarks.md says how to read what they print.
"""
