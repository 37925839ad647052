"""From the bytes of pages to rows: quick for what is usual, safe for the rest."""
