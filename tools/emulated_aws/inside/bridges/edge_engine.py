"""CloudFront runs its functions in njs, and a function that imports `cloudfront` gets its KeyValueStore. ministack runs
them in Node, which accepts statements that njs does not, and does not know that import.
"""

import inspect

from ministack.core.cloudfront_js import CloudFrontFunctionError
from ministack.services import cloudfront, cloudfront_keyvaluestore

from simulated_edge import njs
from simulated_edge.runs import EngineMissing, FunctionFailed, Store

_run = cloudfront._run_function


def is_missing():
    return "cloudfront_js.evaluate" in inspect.getsource(_run)


def bridge():
    cloudfront._run_function = _ran


async def _ran(function_arn, event):
    return await run(function_arn.rsplit("/", 1)[-1], "LIVE", event)


async def run(name, stage, event):
    """The request that the function returns for the event. Raises CloudFrontFunctionError."""
    function = cloudfront._functions.get(name)
    if not function or (stage == "LIVE" and not function["live_etag"]):
        raise CloudFrontFunctionError(f"{name} has no code for {stage}")
    view = cloudfront._function_view(function, stage)
    values = {}
    for arn in view.get("kvs_arns", []):
        store, error = cloudfront_keyvaluestore._get_store(arn)
        if error is None:
            values |= store["items"]
    try:
        ran = await cloudfront.run_offloop(njs.run, view["code"].decode(), Store(values), [event])
    except (FunctionFailed, EngineMissing) as error:
        raise CloudFrontFunctionError(str(error)) from error
    return ran.requests[0]
