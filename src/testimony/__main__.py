"""``python -m testimony`` is the command line."""

import sys

from .cli import program

sys.exit(program())
