"""One emulator for all tests of deployments; what it costs in seconds is said at the end."""

import os
import shlex
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from content_api.aws import clients
from emulated_aws import released, server, stacks
from emulated_aws.newsroom import Newsroom, Partner, listening_partner, run
from gateway.sam_local import architecture

ROOT = Path(__file__).parents[2]
BUILD = ROOT / ".aws-sam" / "local"
PUBLIC_URL = "https://content.example.org"
_SECONDS: dict[str, float] = {}


@contextmanager
def phase(name: str) -> Generator[None]:
    began = time.monotonic()
    try:
        yield
    finally:
        _SECONDS[name] = _SECONDS.get(name, 0) + time.monotonic() - began


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.section("seconds")
    for name, seconds in _SECONDS.items():
        terminalreporter.write_line(f"{seconds:6.1f}  {name}")


@pytest.fixture(scope="session")
def emulator() -> Iterator[server.Server]:
    """Fails rather than skips where it is not installed: who asks for these tests wants to see them run."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as ending:
        folder = ending.enter_context(tempfile.TemporaryDirectory(prefix="deployment-"))
        with phase("the emulator starts"):
            aws = ending.enter_context(server.running(Path(os.environ["EMULATOR"]), Path(folder)))
        for name, value in aws.environment.items():
            patch.setenv(name, value)
        yield aws
        with phase("the emulator ends, and its files are removed"):
            ending.close()


@pytest.fixture(scope="session")
def partner(emulator: server.Server) -> Iterator[Partner]:
    with listening_partner(emulator) as listening:
        yield listening


@pytest.fixture(scope="session", autouse=True)
def last_release() -> Iterator[Future[Path]]:
    """The built template of what was deployed before. It is built while the first tests run, which do not need it: the
    emulator uses one core, and files are run by their names. In a shallow clone, which does not have it, today's build
    stands for it; the test of the update says that it is skipped.
    """
    with ThreadPoolExecutor(1) as building:
        yield building.submit(lambda: released.built() if released.is_there() else BUILD / "template.yaml")


@pytest.fixture(scope="session")
def connection(
    last_release: Future[Path], emulator: server.Server, partner: Partner, tmp_path_factory: pytest.TempPathFactory
) -> Newsroom:
    """Small, without CloudFront: the stack of the last release, in which articles were written, updated to this one."""
    with phase("the last release is waited for"):
        template = last_release.result()
    with phase("the last release is deployed"):
        deployed = _last_release_deployed(template, "staging")
    partner.introduce_to(deployed)
    before = Newsroom(emulator, deployed, partner, tmp_path_factory.mktemp("connection"), deployed.outputs["ApiUrl"])
    before.done("import", str(before.article("before-the-update")), str(before.article("withdrawn-before")))
    (before.folder / "read-before.json").write_bytes(before.get("/v1/articles/en-2026-11-20-before-the-update").body)
    before.done("withdraw", "en-2026-11-20-withdrawn-before", "--reason", "A wrong date.")
    with phase("connection is deployed"):
        deployed = _deployed("staging", "PublicUrl=")
    return Newsroom(emulator, deployed, partner, before.folder, deployed.outputs["ApiUrl"])


@pytest.fixture(scope="session")
def edge(emulator: server.Server, partner: Partner, tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Production, from nothing: behind CloudFront, with its firewall and its logs."""
    acm: Any = clients.client("acm")
    certificate = acm.request_certificate(DomainName=PUBLIC_URL.removeprefix("https://"))["CertificateArn"]
    with phase("edge is deployed"):
        deployed = _deployed(
            "production", f"PublicUrl={PUBLIC_URL} CertificateArn={certificate} AlarmEmail=desk@example.org"
        )
    return Newsroom(emulator, deployed, partner, tmp_path_factory.mktemp("edge"), PUBLIC_URL)


def _deployed(environment: str, parameters: str) -> stacks.Deployed:
    """What `make deploy` does once it has built."""
    arguments = ["--environment", environment, "--parameters", parameters, "--architecture", architecture()]
    made = run("deploying", "deploy", *arguments, "--sam", os.environ["SAM"], "--build", str(BUILD))
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
    return stacks.describe(f"content-api-{environment}")


def _last_release_deployed(template: Path, environment: str) -> stacks.Deployed:
    """As its README said: `sam deploy`, which takes the environment from its own samconfig.toml."""
    command = [*shlex.split(os.environ["SAM"]), "deploy", "--config-env", environment, "--no-confirm-changeset"]
    command += ["--config-file", str(template.parents[2] / "samconfig.toml"), "--template-file", str(template)]
    command += ["--parameter-overrides", "ReaderLocation=connection", "GradualDeployment=false", "LogRetentionDays=7"]
    command += [f"PublicUrl={PUBLIC_URL}", f"Architecture={architecture()}"]
    made = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
    return stacks.describe(f"content-api-{environment}")
