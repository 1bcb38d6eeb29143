"""TestFunction of CloudFront runs a function, published or not, with an event that the caller gives. ministack has no
TestFunction.
"""

import asyncio
import base64
import json
import re
from xml.sax.saxutils import escape

from ministack.core.cloudfront_js import CloudFrontFunctionError
from ministack.services import cloudfront

from bridges import edge_engine

_ROUTE = re.compile(r"/2020-05-31/function/([^/]+)/test")
_handle = cloudfront.handle_request


def is_missing():
    status, _, body = asyncio.run(_handle("POST", "/2020-05-31/function/probe/test", {}, b"", {}))
    return status == 404 and b"NoSuchFunctionExists" not in body


def bridge():
    cloudfront.handle_request = _handled


async def _handled(method, path, headers, body, query):
    asked = _ROUTE.fullmatch(path)
    if method != "POST" or not asked:
        return await _handle(method, path, headers, body, query)
    function = cloudfront._functions.get(asked[1])
    if function is None:
        return cloudfront._error("NoSuchFunctionExists", "The specified function does not exist.", 404)
    text = body.decode()
    stage = (re.search(r"<Stage>(.*?)</Stage>", text) or ["", "DEVELOPMENT"])[1]
    etag = function["live_etag"] if stage == "LIVE" else function["dev_etag"]
    if headers.get("if-match") != etag:
        return cloudfront._error("InvalidIfMatchVersion", "The If-Match version is not valid for the resource.", 400)
    event = json.loads(base64.b64decode(re.search(r"<EventObject>(.*?)</EventObject>", text, re.DOTALL)[1]))
    try:
        made = {"request": await edge_engine.run(asked[1], stage, event)}
        said = f"<FunctionOutput>{escape(json.dumps(made))}</FunctionOutput><FunctionErrorMessage/>"
    except CloudFrontFunctionError as error:
        said = f"<FunctionOutput/><FunctionErrorMessage>{escape(str(error))}</FunctionErrorMessage>"
    answer = f'<TestResult xmlns="{cloudfront.NS}"><ComputeUtilization>1</ComputeUtilization>{said}</TestResult>'
    return 200, {"Content-Type": "text/xml"}, answer.encode()
