"""What Lambda starts every two minutes. It counts what it found, and nothing of any reader."""

import logging
import os
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from canary.edge import EdgeFunction
from canary.settings import CanarySettings
from canary.site import Site
from content_api.aws import clients
from content_api.aws.failures import described, failing_plainly

# One call that hangs ends within the function's time (docs/limits.md).
_SOON = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})

logger = logging.getLogger(__name__)
_settings = CanarySettings.read(os.environ)
_edge = EdgeFunction(clients.client("cloudfront", _SOON), _settings.edge_function) if _settings.edge_function else None
_site = Site(
    _settings.site_url,
    language=_settings.language,
    has_edge=_edge is not None,
    is_launched=_settings.is_launched,
)
_metrics = Metrics(namespace="ContentApi", service=_settings.stack_name)


@failing_plainly
def lambda_handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """The counts, which its alarms read as metrics. Where CloudFront does not tell what its function says, there is no
    count of places, and the alarm takes that for the worst.
    """
    seen = _site.look()
    counts = {"Failures": len(seen.failures), "NoticesMissing": len(seen.notices_missing)}
    wrong = list(seen.places_wrong)
    if _edge:
        try:
            wrong += _edge.places_wrong(is_loaded=_settings.is_launched)
            counts["PlacesWrong"] = len(wrong)
        except (BotoCoreError, ClientError) as error:
            logger.warning("the edge function cannot be asked: %s", described(error))
            counts |= {"PlacesWrong": len(wrong)} if wrong else {}
    for sentence in [*seen.failures, *seen.notices_missing, *wrong]:
        logger.warning("%s", sentence)
    for name, count in counts.items():
        _metrics.add_metric(name=name, unit=MetricUnit.Count, value=count)
    _metrics.flush_metrics()
    return counts
