"""API Gateway makes the routes of an HTTP API from its `Body`, the OpenAPI document that SAM writes. ministack ignores
it without an error, and the API has no route.
"""

import json

from ministack.services import apigateway
from ministack.services.cloudformation import provisioners

_TYPE = "AWS::ApiGatewayV2::Api"
_INTEGRATION = "x-amazon-apigateway-integration"
_api = dict(provisioners._RESOURCE_HANDLERS[_TYPE])
_PROBE = {
    "openapi": "3.0.1",
    "paths": {"/": {"get": {_INTEGRATION: {"type": "aws_proxy", "uri": "probe", "payloadFormatVersion": "2.0"}}}},
}


def is_missing():
    api_id, _ = _api["create"]("Probe", {"Body": _PROBE, "Name": "probe"}, "probe")
    found = apigateway._routes.get(api_id)
    _api["delete"](api_id, {})
    return not found


def bridge():
    provisioners._RESOURCE_HANDLERS[_TYPE] = _api | {"create": _create, "update": _update}


def _create(logical_id, props, stack_name):
    api_id, attributes = _api["create"](logical_id, props, stack_name)
    _make_routes(api_id, props.get("Body") or {})
    return api_id, attributes


def _update(physical_id, old_props, new_props, stack_name, logical_id=None):
    api_id, attributes = _api["update"](physical_id, old_props, new_props, stack_name, logical_id)
    apigateway._routes[api_id] = {}
    apigateway._integrations[api_id] = {}
    _make_routes(api_id, new_props.get("Body") or {})
    return api_id, attributes


def _make_routes(api_id, body):
    schemes = (body.get("components") or {}).get("securitySchemes", {})
    integrations = {}
    for path, methods in (body.get("paths") or {}).items():
        for method, said in methods.items():
            uri = said[_INTEGRATION]["uri"]
            if uri not in integrations:
                asked = {
                    "integrationType": "AWS_PROXY",
                    "integrationUri": uri,
                    "integrationMethod": "POST",
                    "payloadFormatVersion": said[_INTEGRATION]["payloadFormatVersion"],
                }
                integrations[uri] = _answered(apigateway._create_integration(api_id, asked))["integrationId"]
            is_signed = any(
                schemes.get(name, {}).get("x-amazon-apigateway-authtype") == "awsSigv4"
                for each in said.get("security", [])
                for name in each
            )
            verb = "ANY" if method.startswith("x-") else method.upper()
            route = {
                "routeKey": "$default" if path.lstrip("/") == "$default" else f"{verb} {path}",
                "target": f"integrations/{integrations[uri]}",
                "authorizationType": "AWS_IAM" if is_signed else "NONE",
            }
            _answered(apigateway._create_route(api_id, route))


def _answered(answer):
    status, _, body = answer
    if status >= 300:
        raise ValueError(body)
    return json.loads(body)
