"""Durable work: `offboard` and `scan` are the workflows, the rest are their parts."""
