"""What the simulators start with: one small company in Slack and in Entra."""
