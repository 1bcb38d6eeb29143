"""What effects need besides the records."""

from dataclasses import dataclass

from propagation.webhooks import Endpoints


@dataclass(frozen=True, slots=True)
class Deployed:
    """`public_url` is the address for readers. `hub` is empty if there is no WebSub hub."""

    public_url: str
    hub: str
    endpoints: Endpoints
