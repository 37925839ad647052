"""Block Kit as Slack judges and completes it."""
