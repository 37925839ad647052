"""`python -m bot` is the same as the console script."""

from bot.cli import main

main()
