"""How many examples the tests try. `make test` is for every change and takes minutes. `make thorough` tries more. CI
runs both.

A test with the mark `sampled` runs in both, with few examples in `make test`. A test with the mark `thorough` takes
long, and runs only in `make thorough`.
"""

import os

IS_THOROUGH = os.environ.get("THOROUGH") == "1"


def examples(few: int, many: int) -> int:
    """How many examples a property tries: `few` in `make test`, `many` in `make thorough`."""
    return many if IS_THOROUGH else few
