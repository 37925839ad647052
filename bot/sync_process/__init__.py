"""Reads a directory in a process of its own, so that no read slows a click.

`parent` starts and ends that process, `child` is what it runs, `messages` is all that
the two say to each other, and `quota_link` keeps one account of what both ask of Graph.
"""
