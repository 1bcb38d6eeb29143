"""CloudFront and API Gateway know the address that a reader connects from. Here every connection comes from loopback.
So tests state another address in a header, which is not passed on.
"""

import inspect

from ministack.services import apigateway, cloudfront, lambda_svc

_SAID = "x-emulated-address"
_view, _reentrant = cloudfront.handle_viewer_request, apigateway.run_reentrant


def is_missing():
    return '"sourceIp": "127.0.0.1"' in inspect.getsource(apigateway._invoke_lambda_proxy)


def bridge():
    cloudfront.handle_viewer_request = _viewed
    apigateway.run_reentrant = _invoked


async def _viewed(dist, method, path, raw_uri, raw_query_string, headers, *more):
    body, query, address = more
    kept = {name: value for name, value in headers.items() if name != _SAID}
    seen = headers.get(_SAID, address)
    return await _view(dist, method, path, raw_uri, raw_query_string, kept, body, query, seen)


async def _invoked(called, *arguments, **more):
    if called is lambda_svc._execute_function_with_config_scope:
        event = arguments[1]
        if said := event["headers"].pop(_SAID, None):
            event["requestContext"]["http"]["sourceIp"] = said
    return await _reentrant(called, *arguments, **more)
