#!/usr/bin/env python3
"""Drives the sandbox's Amazon with amzn-sp-api, Amazon's own client for Python.

    ./amzn-sp-api.py http://127.0.0.1:9400

Installs the client into a throw-away environment, points its two addresses at the sandbox, and
checks what it makes of the answers: its models are strict, so that it checks them as well. Ends
with an error where one is wrong.
"""

import os
import subprocess
import sys
import tempfile
import venv

PACKAGE = "amzn-sp-api==1.13.0"
US = "ATVPDKIKX0DER"
SELLER = "A0SANDBOXSELLER"


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
    import gzip
    import json
    import urllib.request

    from spapi import SPAPIClient, SPAPIConfig
    from spapi.api.catalogitems_v2022_04_01.catalog_api import CatalogApi
    from spapi.api.fba_inventory_v1.fba_inventory_api import FbaInventoryApi
    from spapi.api.finances_v0 import finances_v0_api
    from spapi.api.finances_v2024_06_19 import finances_v2024_api
    from spapi.api.listings_items_v2021_08_01.listings_api import ListingsApi
    from spapi.api.notifications_v1.notifications_api import NotificationsApi
    from spapi.api.orders_v2026_01_01.get_order_api import GetOrderApi
    from spapi.api.orders_v2026_01_01.search_orders_api import SearchOrdersApi
    from spapi.api.product_pricing_v2022_05_01 import product_pricing_v2022_api
    from spapi.api.reports_v2021_06_30.reports_api import ReportsApi
    from spapi.api.sellers_v1.sellers_api import SellersApi
    from spapi.api.tokens_v2021_03_01.tokens_api import TokensApi
    from spapi.api.transfers_v2024_06_01.transfers_api import TransfersApi
    from spapi.rest import ApiException

    def class_of(module, prefix):
        """A class whose name ends in the version of its API."""
        return next(
            value for name, value in vars(module).items()
            if name.startswith(prefix) and name.endswith("Api")
        )

    def control(path, body):
        request = urllib.request.Request(
            f"{sandbox}/_sandbox/{path}",
            json.dumps(body).encode(),
            {"content-type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def verb(name, **body):
        return control(f"platforms/amazon-spapi/{name}", body)

    def client(region="na", refresh_token="sbx_lwa_refresh_demo", scope=None):
        config = SPAPIConfig(
            client_id="amzn1.application-oa2-client.sandbox",
            client_secret="sandbox-amazon-secret",
            refresh_token=None if scope else refresh_token,
            region=region.upper(),
            scope=scope,
        )
        return SPAPIClient(
            config,
            oauth_endpoint=f"{sandbox}/api.amazon.com/auth/o2/token",
            endpoint=f"{sandbox}/sellingpartnerapi-{region}.amazon.com",
        ).api_client

    count = 0

    def check(what, holds):
        nonlocal count
        if not holds:
            raise SystemExit(f"FAILED: {what}")
        count += 1
        print(f"ok {what}")

    def refused(what, status, call):
        try:
            call()
        except ApiException as error:
            check(f"{what}: {status}", error.status == status)
            return error
        raise SystemExit(f"FAILED: {what} was not refused")

    now = datetime.datetime.now(datetime.timezone.utc)
    verb("limits/set", enforced=False)
    api = client()

    sellers = SellersApi(api)
    payload = sellers.get_marketplace_participations().payload
    check("getMarketplaceParticipations", payload[0].marketplace.id == US)
    check("getAccount", sellers.get_account().payload.selling_plan is not None)

    search = SearchOrdersApi(api)
    since = now - datetime.timedelta(days=500)
    page = search.search_orders(last_updated_after=since, max_results_per_page=50)
    ids = {order.order_id for order in page.orders}
    while page.pagination and page.pagination.next_token:
        page = search.search_orders(
            last_updated_after=since,
            max_results_per_page=50,
            pagination_token=page.pagination.next_token,
            included_data=["PROCEEDS", "FULFILLMENT"],
        )
        ids |= {order.order_id for order in page.orders}
    with urllib.request.urlopen(f"{sandbox}/_sandbox/census") as answer:
        census = json.load(answer)["amazon-spapi"]
    check("searchOrders, all pages", len(ids) == census["orders"])
    last = page.orders[-1].order_id
    order = GetOrderApi(api).get_order(last, included_data=["BUYER", "FULFILLMENT"]).order
    check("getOrder", order.order_id == last and order.fulfillment is not None)
    refused("getOrder of none", 404, lambda: GetOrderApi(api).get_order("none"))

    listings = ListingsApi(api)
    found = listings.search_listings_items(
        SELLER, [US], page_size=20, included_data=["summaries", "offers", "issues"]
    )
    summary = found.items[0].summaries[0]
    check("searchListingsItems", len(found.items) == 20 and summary.marketplace_id == US)
    sku = "LM/12 A+-FBA"
    item = listings.get_listings_item(SELLER, sku, [US])
    check("getListingsItem, escaped", item.sku == sku)
    patch = {"productType": "PRODUCT", "patches": [{
        "op": "replace",
        "path": "/attributes/fulfillment_availability",
        "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}],
    }]}
    answer = listings.patch_listings_item(SELLER, sku, [US], patch)
    check("patchListingsItem", str(answer.status) == "ACCEPTED")

    asin = summary.asin
    item = CatalogApi(api).get_catalog_item(asin, [US], included_data=["summaries", "identifiers"])
    check("getCatalogItem", item.asin == asin)

    stock = FbaInventoryApi(api)
    first = stock.get_inventory_summaries("Marketplace", US, [US], details=True)
    second = stock.get_inventory_summaries(
        "Marketplace", US, [US], details=True, next_token=first.pagination.next_token
    )
    check(
        "getInventorySummaries, two pages",
        len(first.payload.inventory_summaries) == 50 and second.payload.inventory_summaries,
    )

    pricing = class_of(product_pricing_v2022_api, "ProductPricing")(api)
    answer = pricing.get_competitive_summary({"requests": [{
        "asin": asin,
        "marketplaceId": US,
        "includedData": ["featuredBuyingOptions", "lowestPricedOffers"],
        "lowestPricedOffersInputs": [{"itemCondition": "New", "offerType": "Consumer"}],
        "method": "GET",
        "uri": "/products/pricing/2022-05-01/items/competitiveSummary",
    }]})
    offers = answer.responses[0].body.lowest_priced_offers
    check("getCompetitiveSummary", offers[0].offers[0].listing_price.currency_code == "USD")

    recent = now - datetime.timedelta(days=170)
    old = class_of(finances_v0_api, "Finances")(api)
    groups = old.list_financial_event_groups(
        financial_event_group_started_after=recent, max_results_per_page=100
    ).payload.financial_event_group_list
    check("listFinancialEventGroups", any(group.processing_status == "Open" for group in groups))
    events = old.list_financial_events_by_group_id(groups[-1].financial_event_group_id)
    check("listFinancialEventsByGroupId", events.payload.financial_events is not None)
    finances = class_of(finances_v2024_api, "Finances")(api)
    transactions = finances.list_transactions(posted_after=recent).payload.transactions
    check("listTransactions", transactions[0].total_amount.currency_code is not None)
    payouts = TransfersApi(api).list_payouts(marketplace_ids=[US]).payouts
    check("listPayouts", len(payouts) == 13)

    reports = ReportsApi(api)
    report = reports.create_report({
        "reportType": "GET_SALES_AND_TRAFFIC_REPORT",
        "marketplaceIds": [US],
        "dataStartTime": recent.isoformat(),
        "dataEndTime": now.isoformat(),
    }).report_id
    check("createReport", str(reports.get_report(report).processing_status) == "IN_QUEUE")
    control("clock", {"advance_seconds": 90})
    done = reports.get_report(report)
    check("getReport", str(done.processing_status) == "DONE")
    document = reports.get_report_document(done.report_document_id)
    address = document.url.replace("https://", f"{sandbox}/", 1)
    with urllib.request.urlopen(address) as answer:
        figures = json.loads(gzip.decompress(answer.read()))
    check("getReportDocument", len(figures["salesAndTrafficByDate"]) >= 170)
    listed = reports.get_reports(report_types=["GET_SALES_AND_TRAFFIC_REPORT"]).reports
    check("getReports", listed[0].report_id == report)

    token = TokensApi(api).create_restricted_data_token({"restrictedResources": [
        {"method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"]}
    ]})
    check("createRestrictedDataToken", token.expires_in == 3600)

    app = NotificationsApi(client(scope="sellingpartnerapi::notifications"))
    arn = f"arn:aws:sqs:us-east-1:000000000000:client-{int(now.timestamp())}"
    body = {"name": "client", "resourceSpecification": {"sqs": {"arn": arn}}}
    destination = app.create_destination(body).payload.destination_id
    check("createDestination", app.get_destination(destination).payload.resource.sqs.arn == arn)
    refused("the same destination again", 409, lambda: app.create_destination(body))
    seller = NotificationsApi(api)
    refused("destinations for a seller", 403, seller.get_destinations)
    body = {"payloadVersion": "1.0", "destinationId": destination}
    subscription = seller.create_subscription("ORDER_CHANGE", body).payload.subscription_id
    app.delete_subscription_by_id(subscription, "ORDER_CHANGE")
    app.delete_destination(destination)
    check("subscriptions come and go", True)

    japan = client("fe", "sbx_lwa_refresh_demo_fe")
    page = SearchOrdersApi(japan).search_orders(
        last_updated_after=since, included_data=["PROCEEDS"]
    )
    totals = [order.proceeds.grand_total for order in page.orders if order.proceeds]
    check("yen without decimals", totals and all("." not in total.amount for total in totals))

    verb("limits/set", enforced=True)
    verb("limits/drain", operation="getAccount")
    error = refused("too many requests", 429, sellers.get_account)
    check("QuotaExceeded", b"QuotaExceeded" in bytes(str(error.body), "utf8"))
    verb("token/expire")
    error = refused("an expired token", 403, sellers.get_marketplace_participations)
    check("in the documented words", "The access token you provided has expired." in str(error.body))
    print(f"{count} checks passed")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if os.environ.get("CROSSDOCK_CLIENT_INSTALLED"):
        main(sys.argv[1].rstrip("/"))
    else:
        sys.exit(install_and_run(sys.argv[1:]))
