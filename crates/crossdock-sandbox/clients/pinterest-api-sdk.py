#!/usr/bin/env python3
"""Runs Pinterest's own Python client against a sandbox: does it get along with the sandbox's answers?

Usage: python3 clients/pinterest-api-sdk.py http://127.0.0.1:9400

The client is installed into an environment that is thrown away. The sandbox must hold made-up data.
Its models are those of the description 5.14, and strict; that of catalogues can't even be imported. Every check prints a line; the exit status
is not zero if one failed.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
import venv

PACKAGE = "pinterest-api-sdk==0.2.7"
APP, SECRET, REFRESH = "1000001", "sandbox-pinterest-secret", "sbx_pinterest_refresh_demo"
ACCOUNT = "549000000001"


def main(address: str) -> int:
    """Installs the client and runs this file again with it."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = os.path.join(folder, "bin", "python")
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]
        subprocess.run(install, check=True)
        # The client reads where the platform is when it is imported.
        env = dict(os.environ, PINTEREST_API_URI=f"{address}/api.pinterest.com/v5")
        return subprocess.run([python, "-W", "ignore", __file__, address, "--installed"], env=env, check=False).returncode


def clock(address: str, seconds: int) -> datetime.date:
    """Moves the sandbox's clock on, so that nobody has to wait, and says what day it is there."""
    body = json.dumps({"advance_seconds": seconds}).encode()
    with urllib.request.urlopen(f"{address}/_sandbox/clock", data=body) as answer:
        return datetime.date.fromisoformat(json.load(answer)["now"][:10])


def run(address: str) -> int:
    """Drives the client."""
    from openapi_generated.pinterest_client.api.ad_accounts_api import AdAccountsApi
    from openapi_generated.pinterest_client.api.pins_api import PinsApi
    from openapi_generated.pinterest_client.api.user_account_api import UserAccountApi
    from openapi_generated.pinterest_client.exceptions import ApiException
    from pinterest.ads.ad_accounts import AdAccount
    from pinterest.ads.campaigns import Campaign
    from pinterest.client import PinterestSDKClient
    from pinterest.organic.boards import Board
    from pinterest.organic.pins import Pin

    failed = []

    def check(what: str, holds: bool, seen: object) -> None:
        print(f"{'passed' if holds else 'FAILED'}: {what} ({seen})")
        if not holds:
            failed.append(what)

    client = PinterestSDKClient.create_client_with_refresh_token(refresh_token=REFRESH, app_id=APP, app_secret=SECRET)
    today = clock(address, 0)
    month = {"start_date": today - datetime.timedelta(days=30), "end_date": today}

    boards, mark = Board.get_all(client=client, page_size=10)
    check("boards come by pages", len(boards) == 10 and mark is not None, len(boards))
    more = mark.get_next()[0]
    check("a bookmark leads on", {b.id for b in boards}.isdisjoint(b.id for b in more), len(more))
    board = Board(board_id=boards[0].id, client=client)
    check("a board is read by its id", board.name == boards[0].name, board.name)
    pins, _ = board.list_pins(page_size=25)
    check("a board has its pins", all(pin.board_id == board.id for pin in pins) and pins, len(pins))
    pin = Pin(pin_id=pins[0].id, client=client)
    check("a pin is read by its id", pin.title == pins[0].title, pin.title)

    account = UserAccountApi(api_client=client).user_account_get()
    check("the account is a business", str(account.account_type) == "BUSINESS", account.username)
    numbers = UserAccountApi(api_client=client).user_account_analytics(**month)
    days = numbers["all"].daily_metrics
    check("the account has numbers by day", len(days) == 31, len(days))
    numbers = PinsApi(api_client=client).pins_analytics(pin_id=pin.id, metric_types=["IMPRESSION", "SAVE"], **month)
    check("a pin has numbers by day", len(numbers["all"].daily_metrics) == 31, len(numbers["all"].daily_metrics))

    ads = AdAccount(ad_account_id=ACCOUNT, client=client)
    check("an ad account says its currency", str(ads.currency) == "USD", ads.currency)
    statuses = ["ACTIVE", "PAUSED", "ARCHIVED"]
    campaigns, _ = Campaign.get_all(ad_account_id=ACCOUNT, client=client, entity_statuses=statuses, page_size=100)
    check("campaigns come with the archived ones", any(str(c.status) == "ARCHIVED" for c in campaigns), len(campaigns))
    rows = AdAccountsApi(api_client=client).ad_account_analytics(
        ad_account_id=ACCOUNT, columns=["SPEND_IN_MICRO_DOLLAR", "TOTAL_CLICKTHROUGH"], granularity="DAY", **month
    )
    check("ads have numbers by day", len(rows.value) == 31, len(rows.value))

    try:
        Board(board_id="1", client=client)
        check("what isn't there is an error", False, "no error")
    except (ApiException, Exception) as error:  # The client wraps the error in one of its own.
        check("what isn't there is an error", "404" in str(error) or "not found" in str(error).lower(), type(error).__name__)

    print("all passed" if not failed else f"{len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(run(sys.argv[1].rstrip("/")) if "--installed" in sys.argv else main(sys.argv[1].rstrip("/")))
