"""`python -m bot` is `klartext`."""

from bot.cli import main

main()
