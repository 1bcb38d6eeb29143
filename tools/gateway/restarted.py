"""The process of `make run` that is started again when the code changes, and how it ends."""

import multiprocessing
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Never

from content_api.aws.settings import SettingsError


def serve_until_interrupted(port: int, pages: Path | None, reader_location: str, stories: int) -> Never:
    """Serves until the first interrupt or SIGTERM, or until the process that watches the code has ended for whatever
    reason. Otherwise this process would keep the port.
    """
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, _interrupt_once)
    Thread(target=_end_with_the_watching_process, daemon=True).start()
    # Werkzeug ends its server at an interrupt.
    with suppress(KeyboardInterrupt):
        from gateway.local import serve  # noqa: PLC0415 - takes seconds, in which an interrupt is one, too

        try:
            serve(port, pages, reader_location, stories)
        except SettingsError as error:
            print(f"The API does not start: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    print("\nstopped", flush=True)
    # Python would take seconds to free what moto holds of a thousand articles. Nothing of it has to be kept.
    os._exit(0)


def _interrupt_once(_number: int, _frame: FrameType | None) -> None:
    """A terminal interrupts both processes, and then the process that watches interrupts this one again."""
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt


def _end_with_the_watching_process() -> None:
    watching = multiprocessing.parent_process()
    if watching:
        watching.join()
        os.kill(os.getpid(), signal.SIGINT)
