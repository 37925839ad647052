"""Simulators of Slack and of Microsoft Entra on loopback, for the demo and tests.

They share no code with the product: a simulator built from the product's own
assumptions could only confirm them.
"""
