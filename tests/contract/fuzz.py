"""`make fuzz`: the public surface before schemathesis, with all its checks, and before requests in bytes that no client
library sends, for as long as one likes.

Each run has another seed: first schemathesis, then hypothesis with words of our own (`tools/hostile`). What is counted
is counted at the server: requests, and answers by status. Ends with 1 where schemathesis finds anything, or any answer
is a 5xx, but for oEmbed's 501, or missing.
"""

import argparse
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from gateway.own_process import LocalServer, local_server
from hostile.requests import send

HERE = Path(__file__).parent
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
_EXAMPLES = 20  # of each operation in a run
_IN_BYTES = 2_000  # requests in a run
_LAST_WORDS = 60  # seconds that an interrupted run has to say what it found


def fuzz(minutes: float, first_seed: int) -> bool:
    """Whether nothing was found. Prints what was."""
    with tempfile.TemporaryFile("w+") as requests:
        with local_server(requests) as server:
            print(f"{server.address}, {minutes:g} minutes", flush=True)
            seed, found = _fuzz(server, until=time.monotonic() + minutes * 60, first_seed=first_seed)
        requests.seek(0)
        lines = re.findall(r"^[A-Za-z]+ .* \d{3} [\d.]+ ms$", requests.read(), re.MULTILINE)
    answers = Counter(line.split()[-3] for line in lines)
    broken = [line for line in lines if line.split()[-3].startswith("5") and line.split()[-3] != "501"]
    said = ", ".join(f"{status}: {count:,}" for status, count in sorted(answers.items()))
    print(f"{answers.total():,} requests in {seed - first_seed} runs; {len(broken)} answered 5xx ({said})")
    print("\n".join(broken))
    return not found and not broken


def _fuzz(server: LocalServer, *, until: float, first_seed: int) -> tuple[int, bool]:
    """The next seed, and whether a run found anything. The last run is interrupted when the time is over."""
    seed, found = first_seed, False
    while time.monotonic() < until:
        found |= not _run(server.address, seed, until=until)
        answered = send(server.address, seed, count=_IN_BYTES, until=until)
        for each in answered.broken:
            print(f"seed {seed}: {each}", flush=True)
        found |= bool(answered.broken)
        seed += 1
        if server.has_ended():
            raise RuntimeError("the local server has ended: what was counted is not all")
    return seed, found


def _run(address: str, seed: int, *, until: float) -> bool:
    """Whether a run found nothing. One that was interrupted has found what it says, and nothing where it says none."""
    command = [str(SCHEMATHESIS), "--no-color", "--config-file", str(HERE / "schemathesis.toml")]
    command += ["run", f"{address}/v1/openapi.json", "--checks", "all", "--max-examples", str(_EXAMPLES)]
    command += ["--seed", str(seed), "--generation-database", "none", "-H", "CloudFront-Viewer-Country: US"]
    with (
        tempfile.TemporaryDirectory() as elsewhere,  # it writes where it is started
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, cwd=elsewhere) as run,
    ):
        try:
            run.wait(max(0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGINT)
            try:
                run.wait(_LAST_WORDS)
            except subprocess.TimeoutExpired:
                run.kill()
        said.seek(0)
        report = said.read()
    is_clean = run.returncode == 0 or (time.monotonic() >= until and "FAILURES" not in report)
    if not is_clean:
        print(f"seed {seed}:\n{report}", flush=True)
    return is_clean


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="fuzzes the public surface on a server of its own")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1, help="of the first run")
    given = parser.parse_args()
    sys.exit(not fuzz(given.minutes, given.seed))
