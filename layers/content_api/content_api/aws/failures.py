"""What a log says of an exception: its class, what AWS calls it, where it was raised, and never what it quotes.

Messages quote: botocore's the parameters of a call, pydantic's the value that was refused, AWS's own the item or the
name that it did not take. An article's text, a reader's request and a secret would reach the log through them. So a
message stands in a log only where its class says that it holds nothing of the kind (`Tellable`), or where AWS's code
does.

This module stands on the reading path: it imports no boto3.
"""

from __future__ import annotations

import functools
import logging
import os
import traceback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

logger = logging.getLogger(__name__)

_MOST_CAUSES = 4
# AWS's messages of these codes name who was refused, which action, and on which resource, and nothing else.
_OF_PERMISSION = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"})


class Tellable(Exception):
    """An exception whose message holds no text of an article, nothing of a reader and no secret."""


class Failed(Tellable):
    """What leaves a handler in place of an exception whose message Lambda's runtime must not log."""


def described(error: BaseException) -> str:
    """The exception and what caused it, such as `StoreBusy: … < ClientError TransactWriteItems ThrottlingException`."""
    found: list[str] = []
    each: BaseException | None = error
    while each is not None and len(found) < _MOST_CAUSES:
        found.append(_one(each))
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return " < ".join(found)


def frames(error: BaseException) -> list[str]:
    """Where it was raised, the outermost first: file, line and function of each frame."""
    summary = traceback.extract_tb(error.__traceback__)
    return [f"{'/'.join(each.filename.split('/')[-2:])}:{each.lineno} {each.name}" for each in summary]


def log_failure(error: BaseException, failed: str, level: int = logging.ERROR) -> None:
    """One line for one thing that failed. `failed` names it: a file's key, a record's or a message's id, a request's.

    An alarm counts the lines of level ERROR that have `failed` (template.yaml, HandlingFailed).
    """
    logger.log(level, "%s: %s", failed, described(error), extra={"failed": failed, "frames": frames(error)})


def failing_plainly[**Arguments, Answer](handler: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """For a handler whose exceptions reach Lambda: each is logged, and raised with a message that may be logged.

    Lambda's runtime logs the message of whatever a handler raises, and keeps it with a dead letter.
    """

    @functools.wraps(handler)
    def watched(*arguments: Arguments.args, **named: Arguments.kwargs) -> Answer:
        try:
            return handler(*arguments, **named)
        except Exception as error:
            log_failure(error, f"a call of {handler.__module__}")
            if isinstance(error, Tellable):
                raise
            raise Failed(described(error)) from None

    return watched


def _one(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, Tellable):
        return f"{name}: {error}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name} {os.strerror(error.errno)}"  # its own message names files and hosts
    response: Any = getattr(error, "response", None)
    operation: Any = getattr(error, "operation_name", None)
    if isinstance(response, dict) and isinstance(operation, str):  # botocore's ClientError
        return f"{name} {operation} {_refusal(response)}"  # pyright: ignore[reportUnknownArgumentType] - JSON
    return name


def _refusal(response: dict[str, Any]) -> str:
    stated: dict[str, Any] = response.get("Error") or {}
    code = str(stated.get("Code", "without a code"))
    cancelled: list[dict[str, Any]] = response.get("CancellationReasons") or []
    reasons = [str(each.get("Code")) for each in cancelled]
    if told := [reason for reason in reasons if reason != "None"]:
        return f"{code} ({', '.join(sorted(set(told)))})"
    if code in _OF_PERMISSION:
        return f"{code}: {stated.get('Message', '')}"
    return code
