"""`python -m mts1b_riskengine` is `mts`."""

from .cli import run

run()
