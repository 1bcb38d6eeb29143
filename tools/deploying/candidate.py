"""Tests the edge function before the stack is updated: `check(template, stack)`.

CloudFront accepts code that its engine cannot run. AutoPublish then publishes it at once, and every request fails. So
the template's function is first created under another name, as a candidate. It is not published. It has the deployed
KeyValueStore, and TestFunction asks it about the places that the canary asks about. Before the first deployment there
is no store, so the candidate gets a store of its own, with one autonomous system and today's date. Both are removed at
the end, whatever happens. If a run is interrupted, the next run removes what is left.

`python -m deploying.candidate STACK` does so by hand.
"""

import datetime as dt
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from canary.edge import AMAZON, PLACES, SYSTEMS, ZONE, Place, jurisdiction_said, viewer_event
from content_api.aws import clients
from content_api.law.law_file import load_law, not_told, places_told
from content_api.law.zone import is_believed
from deploying.parameters import CannotDeploy
from gateway import template as source
from zone import keyvalues
from zone.keyvalues import LOADED

if TYPE_CHECKING:
    from mypy_boto3_cloudfront.client import CloudFrontClient
    from mypy_boto3_cloudfront_keyvaluestore.client import CloudFrontKeyValueStoreClient

_ATTEMPTS = 7  # for requests that fail until a change has reached all of CloudFront
_PAUSE = 5.0  # seconds between them
_WITHOUT = {
    ZONE: "every reader in Ukraine gets the notice",
    SYSTEMS: "readers behind a VPN get no notice",
}


def check(template: Mapping[str, Any], stack: str, *, pause: float = _PAUSE) -> list[str]:
    """Tests a candidate of the template's edge function. Returns sentences to print: what was tested, and what somebody
    should look at although the deployment may go on. `pause` is in seconds.

    Raises CannotDeploy with each place for which the answer was wrong: the expected answer, the answer, and what the
    function logged. Also raises it if CloudFront refuses the function or cannot be asked.
    """
    properties = template["Resources"]["ViewerRequestFunction"]["Properties"]
    candidate = _Candidate(stack, pause)
    said: list[str] = []
    with ExitStack() as removing:
        removing.callback(candidate.remove, said)
        try:
            candidate.remove_what_is_left()
            candidate.find_store()
            candidate.create(properties["FunctionCode"], properties["FunctionConfig"]["Runtime"])
            wrong = candidate.places_wrong(said)
        except (BotoCoreError, ClientError) as error:
            raise CannotDeploy(f"The candidate of the edge function could not be tested: {error}") from error
        if wrong:
            raise CannotDeploy(
                "\n".join(["The edge function is not deployed, because its candidate is wrong.", *wrong])
            )
    return said


class _Candidate:
    """The function `STACK-candidate`, and before a first deployment a KeyValueStore of the same name."""

    def __init__(self, stack: str, pause: float) -> None:
        self._cloudfront: CloudFrontClient = clients.client("cloudfront")
        self._stores: CloudFrontKeyValueStoreClient = keyvalues.client()
        self._deployed_store = f"{stack}-notice-zone"  # as in template.yaml
        self._name = f"{stack}-candidate"
        self._pause = pause
        self._store = ""  # its ARN
        self._etag = ""

    def find_store(self) -> None:
        """Finds the deployed store. If there is none, makes one with a single autonomous system and today's date."""
        try:
            self._store = self._cloudfront.describe_key_value_store(Name=self._deployed_store)["KeyValueStore"]["ARN"]
        except ClientError as error:
            if clients.error_code(error) != "EntityNotFound":
                raise
            made = self._cloudfront.create_key_value_store(Name=self._name, Comment="Of a candidate; removed after it.")
            self._store = made["KeyValueStore"]["ARN"]
            self._await_store()
            etag = self._stores.describe_key_value_store(KvsARN=self._store)["ETag"]
            today, told = dt.datetime.now(dt.UTC).date().isoformat(), " ".join(places_told(load_law()))
            self._stores.update_keys(
                KvsARN=self._store,
                IfMatch=etag,
                Puts=[{"Key": f"as{AMAZON}", "Value": "1"}, {"Key": LOADED, "Value": f"{today} {told}"}],
            )

    def _await_store(self) -> None:
        for _ in range(_ATTEMPTS * 4):
            described = self._cloudfront.describe_key_value_store(Name=self._name)["KeyValueStore"]
            if described.get("Status") == "READY":
                return
            time.sleep(self._pause)
        raise CannotDeploy(f"CloudFront has not made the store {self._name} ready. Try again in a few minutes.")

    def create(self, code: str, runtime: str) -> None:
        made = self._cloudfront.create_function(
            Name=self._name,
            FunctionConfig={
                "Comment": "A candidate, tested before a deployment and removed after it.",
                "Runtime": _runtime(runtime),
                "KeyValueStoreAssociations": {"Quantity": 1, "Items": [{"KeyValueStoreARN": self._store}]},
            },
            FunctionCode=code.encode(),
        )
        self._etag = made["ETag"]

    def places_wrong(self, said: list[str]) -> list[str]:
        """A sentence for each place with a wrong answer. Keys of a new store take seconds to arrive, so a wrong answer
        is asked for again.
        """
        missing = self._missing()
        if missing:
            said.append(
                f"The networks in the store {self._deployed_store} are missing or too old. Until they are loaded, "
                f"{' and '.join(_WITHOUT[part] for part in missing)}. Load them: "
                f".venv/bin/python -m zone.keyvalues --store {self._store}"
            )
        wrong: list[str] = []
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(self._pause)
            asked = [self._asked(place, place.expected(missing)) for place in PLACES]
            wrong = [sentence for sentence, _ in asked if sentence]
            if not wrong:
                used = max(utilisation for _, utilisation in asked)
                said.append(f"The edge function's candidate knew {len(PLACES)} places in at most {used} % of its time.")
                break
        return wrong

    def _missing(self) -> list[str]:
        """The parts that the store lacks. A store that was loaded by an earlier release has no autonomous systems.

        Raises CannotDeploy if the store was loaded for another law.
        """
        told = self._value(LOADED).split()[1:]
        if told and (untold := not_told(load_law(), told)):
            raise CannotDeploy(
                f"The store {self._deployed_store} was loaded for another law.json. It cannot tell who is in "
                f"{', '.join(untold)}, and a legal notice is for readers there. "
                f"Load it: .venv/bin/python -m zone.keyvalues --store {self._store}"
            )
        missing = [] if told and self._is_zone_believed() else [ZONE]
        return missing if self._value(f"as{AMAZON}") else [*missing, SYSTEMS]

    def _is_zone_believed(self) -> bool:
        try:
            day = self._value(LOADED).partition(" ")[0]
            return is_believed(dt.date.fromisoformat(day), dt.datetime.now(dt.UTC).date())
        except ValueError:
            return False

    def _value(self, key: str) -> str:
        """The value of a key; empty if the store does not have the key."""
        try:
            return self._stores.get_key(KvsARN=self._store, Key=key)["Value"]
        except ClientError as error:
            if clients.error_code(error) != "ResourceNotFoundException":
                raise
            return ""

    def _asked(self, place: Place, expected: str) -> tuple[str, int]:
        """What is wrong with the answer for a place (empty if it is right), and the percentage of its allowed time that
        the function took.
        """
        result: Any = self._cloudfront.test_function(
            Name=self._name, IfMatch=self._etag, Stage="DEVELOPMENT", EventObject=viewer_event(place)
        ).get("TestResult", {})
        came, used = jurisdiction_said(result), int(result.get("ComputeUtilization") or 0)
        if came == expected and not result.get("FunctionErrorMessage"):
            return "", used
        logged = " ".join(result.get("FunctionExecutionLogs", []))
        return (
            f"A viewer in {place}: expected {expected}, came {came}. It took {used} % of its time"
            f"{f' and logged: {logged}' if logged else ''}."
        ), used

    def remove_what_is_left(self) -> None:
        """Removes what an interrupted run has left."""
        try:
            etag = self._cloudfront.describe_function(Name=self._name, Stage="DEVELOPMENT")["ETag"]
            self._cloudfront.delete_function(Name=self._name, IfMatch=etag)
        except ClientError as error:
            if clients.error_code(error) != "NoSuchFunctionExists":
                raise
        try:
            etag = self._cloudfront.describe_key_value_store(Name=self._name)["ETag"]
            self._cloudfront.delete_key_value_store(Name=self._name, IfMatch=etag)
        except ClientError as error:
            if clients.error_code(error) != "EntityNotFound":
                raise

    def remove(self, said: list[str]) -> None:
        """Removes the candidate and its store. What cannot be removed does not stop the deployment: a sentence about it
        goes into `said`.
        """
        for attempt in range(_ATTEMPTS):
            try:
                self.remove_what_is_left()
            except (BotoCoreError, ClientError) as error:
                # A store stays in use for a moment after its function was deleted.
                if attempt == _ATTEMPTS - 1:
                    sentence = f"{self._name} could not be removed: {error}. The next deployment tries again."
                    said.append(sentence)
                    print(sentence, file=sys.stderr)
                else:
                    time.sleep(self._pause)
            else:
                return


def _runtime(name: str) -> Any:  # noqa: ANN401 - CloudFront's own type of a few words
    return name


def main() -> None:
    """Tests the candidate for one stack, with the template in this working tree."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the stack's name
        sys.exit("python -m deploying.candidate STACK")
    try:
        print("\n".join(check(source.load(), sys.argv[1])))
    except CannotDeploy as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
