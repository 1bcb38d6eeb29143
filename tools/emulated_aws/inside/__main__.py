"""ministack, run by its own interpreter as `python tools/emulated_aws/inside`, with its gaps bridged.

Each module of `bridges` is one gap: its docstring says what AWS does and ministack does not, `is_missing` looks
whether that is still so, and `bridge` mends it. A gap that upstream has closed ends the start: its module is deleted
then.
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

sys.path.append(str(Path(__file__).parents[2]))  # for what runs the edge function


def main():
    for module in sorted(each.name for each in pkgutil.iter_modules(bridges.__path__)):
        bridged = importlib.import_module(f"bridges.{module}")
        if not bridged.is_missing():
            sys.exit(f"ministack does by itself what bridges/{module}.py bridges: delete that module.")
        bridged.bridge()
        print(f"bridged: {module}", flush=True)
    threading.Thread(target=_end_with_the_tests, daemon=True).start()
    # It would open 443 too, where it may: that port is somebody else's.
    app._port_is_bindable = lambda *_: False
    app.main()


def _end_with_the_tests():
    """Their end closes this pipe, whatever ended them; the functions, which are in the same process group, go too."""
    sys.stdin.buffer.read()
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main()
