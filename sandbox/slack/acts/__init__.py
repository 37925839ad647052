"""What people do in Slack's client, each act with the client's own refusals."""
