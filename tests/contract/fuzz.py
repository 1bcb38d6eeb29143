"""`make fuzz`: the public surface before schemathesis, with all its checks, for as long as one likes.

Each run has another seed. What is counted is counted at the server: requests, and answers by status. Ends with 1 where
schemathesis finds anything, or any answer is a 5xx, but for oEmbed's 501.
"""

import argparse
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from gateway.ports import free_port

HERE = Path(__file__).parent
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
_EXAMPLES = 60  # of each operation in a run
_LONGEST_RUN = 1200  # seconds


def fuzz(minutes: float, first_seed: int) -> bool:
    """Whether nothing was found. Prints what was."""
    port = free_port()
    found = False
    with tempfile.TemporaryFile("w+") as lines:
        command = [sys.executable, "-m", "gateway", "--port", str(port)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=lines, text=True) as server:
            try:
                _wait_until_open(port, server)
                until, seed = time.monotonic() + minutes * 60, first_seed
                while time.monotonic() < until:
                    found |= not _run(f"http://127.0.0.1:{port}", seed)
                    seed += 1
                    if server.poll() is not None:
                        raise RuntimeError(f"make run ended with {server.returncode}: what was counted is not all")
            finally:
                server.terminate()
        lines.seek(0)
        answers = Counter(re.findall(r"^[A-Z]+ \S+ (\d{3}) [\d.]+ ms$", lines.read(), re.MULTILINE))
    broken = sum(count for status, count in answers.items() if status[0] == "5" and status != "501")
    said = ", ".join(f"{status}: {count:,}" for status, count in sorted(answers.items()))
    print(f"{answers.total():,} requests in {seed - first_seed} runs; {broken} answered 5xx ({said})")
    return not found and not broken


def _wait_until_open(port: int, server: "subprocess.Popen[str]") -> None:
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("make run ended before it listened")


def _run(address: str, seed: int) -> bool:
    command = [str(SCHEMATHESIS), "--no-color", "--config-file", str(HERE / "schemathesis.toml")]
    command += ["run", f"{address}/v1/openapi.json", "--checks", "all", "--max-examples", str(_EXAMPLES)]
    command += ["--seed", str(seed), "--generation-database", "none", "-H", "CloudFront-Viewer-Country: US"]
    with tempfile.TemporaryDirectory() as elsewhere:  # it writes where it is started
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_LONGEST_RUN, cwd=elsewhere)
    if done.returncode:
        print(f"seed {seed}:\n{done.stdout}{done.stderr}", flush=True)
    return not done.returncode


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="fuzzes the public surface on a server of its own")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1, help="of the first run")
    given = parser.parse_args()
    sys.exit(not fuzz(given.minutes, given.seed))
