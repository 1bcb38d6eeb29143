"""What Lambda starts every two minutes. It counts what it found. It records nothing about any reader."""

import datetime as dt
import logging
import os
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from canary.ages import days_left
from canary.edge import EdgeFunction
from canary.settings import CanarySettings
from canary.site import Site
from content_api.aws import clients
from content_api.aws.failures import described, failing_plainly

# A call that hangs ends before the time of the function is over (docs/limits.md).
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
    """The counts. Alarms read them as metrics. If CloudFront does not run the edge function, there is no count of
    places, and the alarm treats that as a failure.
    """
    findings = _site.check()
    counts = {"Failures": len(findings.failures), "NoticesMissing": len(findings.notices_missing)}
    wrong = list(findings.places_wrong)
    is_asked = True
    if _edge:
        try:
            wrong += _edge.places_wrong(is_loaded=_settings.is_launched)
        except (BotoCoreError, ClientError) as error:
            logger.warning("the edge function cannot be asked: %s", described(error))
            is_asked = False
    counts |= {"PlacesWrong": len(wrong)} if is_asked or wrong else {}
    for sentence in [*findings.failures, *findings.notices_missing, *wrong]:
        logger.warning("%s", sentence)
    for name, count in counts.items():
        _metrics.add_metric(name=name, unit=MetricUnit.Count, value=count)
    left = days_left(dt.datetime.now(dt.UTC).date())
    _metrics.add_metric(name="NetworksDaysLeft", unit=MetricUnit.Count, value=left)
    _metrics.flush_metrics()
    return counts
