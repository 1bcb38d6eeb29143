"""A principal that may send, delete or change a message of SQS may do so for a batch of messages too. No policy can
name the action for a batch (SQS's developer guide, "Amazon SQS batch actions"). ministack asks whether a policy allows
sqs:SendMessageBatch.
"""

from ministack.core import iam_actions

_BATCHES = ("SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch")
_extract = iam_actions.extract_iam_action


def is_missing():
    return all(_asked(name) == f"sqs:{name}" for name in _BATCHES)


def bridge():
    iam_actions.extract_iam_action = _extracted


def _asked(name):
    return _extract("sqs", "POST", "/", {"x-amz-target": f"AmazonSQS.{name}"}, b"{}", {})


def _extracted(*request):
    action = _extract(*request)
    return action.removesuffix("Batch") if action in {f"sqs:{name}" for name in _BATCHES} else action
