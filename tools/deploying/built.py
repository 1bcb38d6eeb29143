"""Checks the folder that `make build` made."""

from pathlib import Path

from deploying.parameters import CannotDeploy

FOLDER = Path(__file__).parents[2] / ".aws-sam" / "build"
# The machine that a shared library is for (ELF header, e_machine at byte 18).
_MACHINES = {b"\x3e\x00": "x86_64", b"\xb7\x00": "arm64"}


def check(folder: Path, architecture: str) -> Path:
    """The path of the built template. Raises CannotDeploy if nothing is built, or if the build is for another
    architecture: its functions would be deployed and then not start.
    """
    template = folder / "template.yaml"
    if not template.is_file():
        raise CannotDeploy("Nothing is built. make deploy builds before it deploys.")
    for library in sorted(folder.rglob("*.so")):
        with library.open("rb") as opened:
            header = opened.read(20)
        machine = _MACHINES.get(header[18:20], "another architecture")
        if machine != architecture:
            raise CannotDeploy(
                f"The build is for {machine} ({library.relative_to(folder)}), and the deployment for {architecture}: "
                f"make deploy ARCHITECTURE={architecture} builds for it."
            )
    return template
