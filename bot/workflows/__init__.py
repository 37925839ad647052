"""Durable work: one file a workflow."""
