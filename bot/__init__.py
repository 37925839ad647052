"""The product: rules, services, durable work, the two outsides."""
