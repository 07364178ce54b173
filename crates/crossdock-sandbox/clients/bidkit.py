#!/usr/bin/env python3
"""Drives the sandbox's eBay with bidkit, a client whose models are made from eBay's contracts.

    ./bidkit.py http://127.0.0.1:9400

Installs bidkit into a throw-away environment, lets it talk to the sandbox as if that were eBay (the
addresses are changed below the client, so that it also signs what it believes to send), and checks
what it makes of the answers. Ends with an error where one is wrong.
"""

import os
import subprocess
import sys
import tempfile
import venv

PACKAGE = "bidkit==0.3.0"


def install_and_run(arguments):
    """Runs this file again inside an environment that has the client."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = os.path.join(folder, "bin", "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", PACKAGE], check=True)
        inner = dict(os.environ, CROSSDOCK_CLIENT_INSTALLED="1")
        return subprocess.run([python, __file__, *arguments], env=inner).returncode


def main(sandbox):
    import datetime
    import json
    import urllib.request

    # This file has the client's name and would be taken for it.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]
    import httpx2
    from bidkit import EbayClient, EbayConfig, EbaySigningConfig
    from bidkit.errors import EbayAPIError
    from bidkit.notifications import NotificationVerifier, challenge_response
    from bidkit.pagination import paginate

    class Gateway(httpx2.HTTPTransport):
        """Sends everything to the sandbox, which tells from the header `Host` what was meant."""

        def handle_request(self, request):
            request.url = httpx2.URL(sandbox + request.url.raw_path.decode())
            return super().handle_request(request)

    base = "https://api.ebay.com/oauth/api_scope"
    names = ["inventory", "account", "fulfillment", "finances", "analytics.readonly"]
    scopes = [base, *(f"{base}/sell.{name}" for name in names)]
    scopes.append(f"{base}/commerce.identity.readonly")
    config = dict(
        app_id="CrossdockSandbox-SBX-demo",
        cert_id="sandbox-ebay-secret",
        ru_name="Crossdock-Sandbox-demo",
        marketplace_id="EBAY_GB",
        accept_language="en-GB",
        content_language="en-GB",
        max_retries=0,
    )
    http = httpx2.Client(transport=Gateway())
    user = dict(config, refresh_token="sbx_ebay_refresh_demo", scopes=tuple(scopes))
    client = EbayClient(EbayConfig(**user), http_client=http)
    application = EbayClient(EbayConfig(**config), http_client=http)
    passed = []

    def check(name, holds, seen=None):
        if not holds:
            raise SystemExit(f"FAILED {name}: {seen!r}")
        passed.append(name)
        print(f"passed {name}")

    def refused(call):
        try:
            call()
        except EbayAPIError as error:
            return error
        return None

    def control(verb, body):
        request = urllib.request.Request(
            f"{sandbox}/_sandbox/platforms/ebay/{verb}",
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    with urllib.request.urlopen(f"{sandbox}/_sandbox/census") as answer:
        census = json.load(answer)["ebay"]

    me = client.commerce.identity.get_user()
    check("identity", me.user_id == "sbx_user_demo", me)

    inventory = client.sell.inventory
    items = list(paginate(inventory.get_inventory_items, limit="25"))
    check("inventory items", len(items) == census["inventory_items"], len(items))
    odd = next(it.sku for it in items if "/" in it.sku)
    one = inventory.get_inventory_item(odd)
    check("an item with a slash in its SKU", one.sku == odd, one)
    offers = inventory.get_offers(sku="SBX-0001")
    check("offers", offers.offers[0].sku == "SBX-0001", offers)
    error = refused(lambda: inventory.get_offers(sku="none"))
    check("no offers", error is not None and "25713" in str(vars(error)), error)
    locations = inventory.get_inventory_locations()
    check("locations", locations.total == 2, locations)
    offer = offers.offers[0]
    withdrawn = inventory.withdraw_offer(offer.offer_id)
    published = inventory.publish_offer(offer.offer_id)
    check("publish", published.listing_id != withdrawn.listing_id, published)

    start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=729)
    since = start.strftime("[%Y-%m-%dT%H:%M:%S.000Z..]")
    fulfillment = client.sell.fulfillment
    orders = list(paginate(fulfillment.get_orders, filter=f"lastmodifieddate:{since}"))
    check("orders", len(orders) == census["orders"], len(orders))
    order = fulfillment.get_order(orders[0].order_id)
    check("an order", order.pricing_summary.total.value is not None, order)

    finances = client.sell.finances
    error = refused(finances.get_payouts)
    check("an unsigned call", error is not None and "215001" in str(vars(error)), error)
    keys = application.developer.key_management
    key = keys.create_signing_key(body={"signingKeyCipher": "ED25519"})
    check("a signing key", key.private_key is not None, key)
    signing = EbaySigningConfig(jwe=key.jwe, private_key=key.private_key)
    signed = EbayClient(EbayConfig(**user, signing=signing), http_client=http)
    payouts = list(paginate(signed.sell.finances.get_payouts, limit="50"))
    check("payouts, signed", len(payouts) == census["payouts"], len(payouts))
    transactions = signed.sell.finances.get_transactions(
        filter=f"payoutId:{{{payouts[-1].payout_id}}}"
    )
    count = payouts[-1].transaction_count
    check("transactions, signed", len(transactions.transactions) == count, transactions)
    paid = next(it for it in orders if str(it.order_payment_status).endswith("PAID"))
    total = paid.pricing_summary.total
    refund = signed.sell.fulfillment.issue_refund(
        paid.order_id,
        body={
            "reasonForRefund": "BUYER_RETURN",
            "orderLevelRefundAmount": {"value": "1.0", "currency": total.currency},
        },
    )
    check("a refund, signed with its body", str(refund.refund_status).endswith("PENDING"), refund)

    day = (datetime.date.today() - datetime.timedelta(days=2)).strftime("%Y%m%d")
    # Read raw: the contract calls the values objects, but its own example shows them as they are.
    report = client.sell.analytics.get_traffic_report(
        dimension="LISTING",
        metric="LISTING_VIEWS_TOTAL,TRANSACTION",
        filter=f"marketplace_ids:{{EBAY_GB}},date_range:[{day}..{day}]",
        raw_response=True,
    )
    check("traffic", len(report.json()["records"]) > 0, report.text)
    limits = application.developer.analytics.get_rate_limits(api_context="sell")
    check("rate limits", len(limits.rate_limits) > 0, limits)

    notification = application.commerce.notification
    notification.update_config(body={"alertEmail": "alerts@example.com"})
    endpoint, token = "http://127.0.0.1:1/hooks", "made-up-verification-token-0123456789"
    made = notification.create_destination(
        body={
            "name": "here",
            "status": "ENABLED",
            "deliveryConfig": {"endpoint": endpoint, "verificationToken": token},
        },
        raw_response=True,
    )
    destination = made.headers["location"].rsplit("/", 1)[-1]
    asked = control("challenge", {"destination_id": destination})
    code = asked["get"].split("challenge_code=")[1]
    check("the challenge", challenge_response(code, token, endpoint) == asked["answer"], asked)

    received = []
    listener = receive_one(received)
    port = listener.server_address[1]
    control("notify", {"topic": "MARKETPLACE_ACCOUNT_DELETION", "url": f"http://127.0.0.1:{port}/"})
    listener.handle_request()
    body, signature = received[0]
    verifier = NotificationVerifier(application)
    check("a notification's signature", verifier.verify(body, signature), received)
    check("a changed notification", not verifier.verify(body + b" ", signature), received)
    print(f"{len(passed)} checks passed")


def receive_one(received):
    """A server that keeps the body and the signature of what is posted to it."""
    import http.server

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append((body, self.headers["x-ebay-signature"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    server.timeout = 10
    return server


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if os.environ.get("CROSSDOCK_CLIENT_INSTALLED"):
        main(sys.argv[1].rstrip("/"))
    else:
        sys.exit(install_and_run(sys.argv[1:]))
