"""Builds an earlier commit with its own Makefile, as the release that was deployed before."""

import os
import shutil
import subprocess
from pathlib import Path

_ROOT = Path(__file__).parents[2]
# The release before the current changes. Whoever releases sets it to the new release.
LAST_RELEASE = "2e57fc7d5afe9170a3c98de6670cb84915fc3257"
_NOT_OURS = ("MAKE", "MFLAGS", "AWS_", "PYTHONPATH", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "VIRTUAL_ENV")


class CannotBuild(Exception):
    """The message says why the commit cannot be built, and what to do."""


def built(commit: str = LAST_RELEASE) -> Path:
    """The built template of the commit, for the architecture of this machine. It is kept under .aws-sam until the next
    `make clean`. Raises CannotBuild.
    """
    folder = _ROOT / ".aws-sam" / "released" / commit
    template = folder / ".aws-sam" / "local" / "template.yaml"
    is_done = folder / ".built"
    if is_done.exists():
        return template
    if not is_there(commit):
        raise CannotBuild(
            f"This clone has no commit {commit[:7]}, from which the stack is updated. Fetch the history: "
            "git fetch --unshallow"
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    archive = subprocess.run(["git", "-C", str(_ROOT), "archive", commit], stdout=subprocess.PIPE, check=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}
    uv = shutil.which("uv") or str(_ROOT / ".uv" / "bin" / "uv")
    command = ["make", "--directory", str(folder), "build-for-this-machine", f"UV={uv}"]
    made = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if made.returncode:
        raise CannotBuild(f"{commit[:7]} does not build any more:\n{made.stdout[-2000:]}{made.stderr[-2000:]}")
    is_done.touch()
    return template


def is_there(commit: str = LAST_RELEASE) -> bool:
    """Whether this clone has the commit. A shallow clone does not."""
    asked = ["git", "-C", str(_ROOT), "cat-file", "-e", f"{commit}^{{commit}}"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0
