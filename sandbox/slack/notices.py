"""What Slack's client tells a person when the app fails them."""

NOTICES = {
    "operation_timeout": "{app} did not respond in time.",
    "dispatch_failed": "{app} answered with an error.",
    "app_not_connected": "{app} is not connected, so it cannot answer.",
    "invalid_response": "{app} answered something that Slack cannot use.",
}
