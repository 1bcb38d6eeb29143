"""`python tools/emulated_aws/inside`, with ministack's own interpreter: runs ministack with its gaps bridged.

Each module of `bridges` is about one gap. Its docstring says what AWS does and ministack does not, `is_missing` checks
that the gap is still there, and `bridge` fills it. If upstream has filled a gap, the start fails, so that the module is
deleted.
"""

import importlib
import os
import pkgutil
import signal
import sys
import threading
from pathlib import Path

from ministack import app

import bridges

sys.path.append(str(Path(__file__).parents[2]))  # for the modules that run the edge function


def main():
    for module in sorted(each.name for each in pkgutil.iter_modules(bridges.__path__)):
        bridged = importlib.import_module(f"bridges.{module}")
        if not bridged.is_missing():
            sys.exit(f"ministack does by itself what bridges/{module}.py bridges: delete that module.")
        bridged.bridge()
        print(f"bridged: {module}", flush=True)
    threading.Thread(target=_end_with_the_tests, daemon=True).start()
    # ministack would open port 443 too, if it can. That port belongs to somebody else.
    app._port_is_bindable = lambda *_: False
    app.main()


def _end_with_the_tests():
    """Ends this process when the tests end, for whatever reason: their end closes this pipe. The functions end too,
    since they are in the same process group.
    """
    sys.stdin.buffer.read()
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main()
