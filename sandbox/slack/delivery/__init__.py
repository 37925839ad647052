"""Hand payloads to the app, over Socket Mode or HTTP, and wait for its ack."""
