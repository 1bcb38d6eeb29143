"""Checks that readers can come: it asks what the canary asks once it treats a missing article or host name as a
fault.
"""

from canary.edge import EdgeFunction
from canary.site import Site
from content_api.aws import clients
from deploying.parameters import CannotDeploy
from deploying.stack import Stack


def launch(stack: Stack) -> bool:
    """Tells the deployment that readers come. False if it was told before. Raises CannotDeploy with a sentence for each
    thing that readers would miss.
    """
    state = stack.ready()
    if state is None:
        raise CannotDeploy(f"There is no stack {stack.name} in {stack.region} yet: make deploy makes it.")
    address = state.parameters.get("PublicUrl") or state.outputs["ApiUrl"]
    has_edge = state.parameters.get("ReaderLocation") == "edge"
    # The place of this machine says nothing about the edge.
    findings = Site(address, language=state.parameters.get("CanaryLanguage", ""), has_edge=False).check()
    missing = [f"{address} is asked: {sentence}" for sentence in [*findings.failures, *findings.notices_missing]]
    if has_edge:
        missing += EdgeFunction(clients.client("cloudfront"), f"{stack.name}-viewer-request").places_wrong()
    if missing:
        raise CannotDeploy(
            "\n".join(["Readers cannot come yet (docs/first-deployment.md has the order of a launch):", *missing])
        )
    return stack.set_parameters({"Launched": "true"})
