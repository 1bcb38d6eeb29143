"""What a deployment says that effects need beside the records."""

from dataclasses import dataclass

from propagation.webhooks import Endpoints


@dataclass(frozen=True, slots=True)
class Deployed:
    """`public_url` is where readers ask; `hub` is empty where there is none."""

    public_url: str
    hub: str
    endpoints: Endpoints
