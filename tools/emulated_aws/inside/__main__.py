"""ministack, run by its own interpreter as `python tools/emulated_aws/inside`, with its gaps bridged.

Each module of `bridges` is one gap: its docstring says what AWS does and ministack does not, `is_missing` looks
whether that is still so, and `bridge` mends it. A gap that upstream has closed ends the start: its module is deleted
then.
"""

import importlib
import pkgutil
import sys
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
    # It would open 443 too, where it may: that port is somebody else's.
    app._port_is_bindable = lambda *_: False
    app.main()


if __name__ == "__main__":
    main()
