"""SAM ends, and has put its containers away, before `make sam-local` and `make sam-invoke` end."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from gateway import containers

# Like SAM in `uv tool run`: a program that passes on each signal to its child, which puts away what it made at SIGINT
# alone, not at once, and not if a second SIGINT comes meanwhile.
SAM = dedent("""
    import signal, subprocess, sys, time
    from pathlib import Path
    made = Path(sys.argv[1])
    if len(sys.argv) == 2:
        child = subprocess.Popen([sys.executable, __file__, str(made), "child"])
        signal.signal(signal.SIGINT, lambda number, _: child.send_signal(number))
        sys.exit(child.wait())
    made.touch()
    try:
        print("ready", flush=True)
        time.sleep(30)
    except KeyboardInterrupt:
        time.sleep(0.3)
        made.unlink()
""").strip()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_what_ends_the_command_ends_sam_which_puts_its_containers_away(ending: signal.Signals, tmp_path: Path) -> None:
    program, container = tmp_path / "sam.py", tmp_path / "container"
    program.write_text(SAM, encoding="utf-8")
    # Begun as a shell starts a command in the background, where Ctrl-C is ignored.
    command = """if True:
        import signal, sys
        from gateway.containers import heed_termination, run_sam
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        heed_termination()
        sys.exit(run_sam(sys.argv[1:]))
    """
    with subprocess.Popen(
        [sys.executable, "-c", command, sys.executable, str(program), str(container)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(containers.__file__).parents[1])},
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        assert container.exists()
        process.send_signal(ending)
        process.wait(10)
        assert not container.exists()
    assert process.returncode != 0


def test_the_status_is_that_of_sam() -> None:
    assert containers.run_sam([sys.executable, "-S", "-c", "raise SystemExit(3)"]) == 3
