"""The process of `make run` that a change of the code starts anew, and how it ends."""

import multiprocessing
import os
import signal
from contextlib import suppress
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Never


def serve_until_interrupted(port: int, pages: Path | None, reader_location: str, stories: int) -> Never:
    """Ends at the first interrupt, and when the process that watches the code has ended, however that was: else this
    one would keep the port.
    """
    signal.signal(signal.SIGINT, _interrupt_once)
    Thread(target=_end_with_the_watching_process, daemon=True).start()
    # Werkzeug takes an interrupt of its server for the end of it.
    with suppress(KeyboardInterrupt):
        from gateway.local import serve  # noqa: PLC0415 - takes seconds, in which an interrupt is one, too

        serve(port, pages, reader_location, stories)
    print("\nstopped", flush=True)
    # Python would take seconds to free what moto holds of a thousand articles; nothing of it is to be kept.
    os._exit(0)


def _interrupt_once(_number: int, _frame: FrameType | None) -> None:
    """A terminal interrupts both processes, and the one that watches then this one again."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _end_with_the_watching_process() -> None:
    watching = multiprocessing.parent_process()
    if watching:
        watching.join()
        os.kill(os.getpid(), signal.SIGINT)
