"""Runs SAM so that its containers end with it, however a person or a program ends the command."""

import os
import signal
import subprocess
from contextlib import suppress

_LONGEST_END = 60  # seconds: SAM removes one container after the other


def heed_termination() -> None:
    """Makes SIGTERM a KeyboardInterrupt, as Ctrl-C is. By itself SIGTERM ends Python at once, with nothing put away."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # A command that a shell started in the background ignores Ctrl-C, and so would SAM, which inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def run_sam(command: list[str]) -> int:
    """Runs the command, and returns its exit status.

    SAM removes its containers at the first SIGINT, and leaves them at a second. So it has a process group of its own,
    which Ctrl-C in a terminal does not reach, and the signal goes to one process: `uv tool run` passes it on, and would
    pass on what SAM got already. After a second interrupt here, or after 60 seconds, the group is killed.

    Raises KeyboardInterrupt after SAM has ended, if this process was interrupted.
    """
    with subprocess.Popen(command, start_new_session=True) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(_LONGEST_END)
            except (KeyboardInterrupt, subprocess.TimeoutExpired):
                with suppress(ProcessLookupError):  # it has just ended
                    os.killpg(process.pid, signal.SIGKILL)
            raise
