"""Whether readers can come: what the canary asks once it takes a missing article, and a missing name, for faults."""

from canary.edge import EdgeFunction
from canary.site import Site
from content_api.aws import clients
from deploying.parameters import CannotDeploy
from deploying.stack import Stack


def launch(stack: Stack) -> bool:
    """Tells the deployment that readers come. Returns whether it did not know.

    Raises CannotDeploy with a sentence for each thing that they would miss.
    """
    state = stack.ready()
    if state is None:
        raise CannotDeploy(f"There is no stack {stack.name} in {stack.region} yet: make deploy makes it.")
    address = state.parameters.get("PublicUrl") or state.outputs["ApiUrl"]
    has_edge = state.parameters.get("ReaderLocation") == "edge"
    # Where this machine is says nothing about the edge.
    seen = Site(address, language=state.parameters.get("CanaryLanguage", ""), has_edge=False).look()
    missing = [f"{address} is asked: {sentence}" for sentence in [*seen.failures, *seen.notices_missing]]
    if has_edge:
        missing += EdgeFunction(clients.client("cloudfront"), f"{stack.name}-viewer-request").places_wrong()
    if missing:
        raise CannotDeploy(
            "\n".join(["Readers cannot come yet (docs/first-deployment.md has the order of a launch):", *missing])
        )
    return stack.set_parameters({"Launched": "true"})
