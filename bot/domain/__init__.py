"""Rules on plain values: no Slack, HTTP or SQL; standard library only."""
