"""The stories of the product: open the transaction, ask the domain, store, queue."""
