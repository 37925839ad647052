"""Slack payloads in, one service call, a drawing out."""
