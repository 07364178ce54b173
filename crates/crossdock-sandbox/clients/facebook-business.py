#!/usr/bin/env python3
"""Runs Meta's own Python client against a sandbox: does it get along with the sandbox's answers?

Usage: python3 clients/facebook-business.py http://127.0.0.1:9400

The client is installed into an environment that is thrown away. The sandbox must hold made-up data.
Every check prints a line; the exit status is not zero if one failed.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
import venv

PACKAGE = "facebook-business==26.0.3"
APP, SECRET, TOKEN = "100000000000001", "sandbox-meta-secret", "sbx_meta_user_demo"
ACCOUNT, PAGE, INSTAGRAM = "act_400000000000001", "104000000000001", "17841400000000001"


def main(address: str) -> int:
    """Installs the client and runs this file again with it."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = os.path.join(folder, "bin", "python")
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]
        subprocess.run(install, check=True)
        return subprocess.run([python, "-W", "ignore", __file__, address, "--installed"], check=False).returncode


def advance(address: str, seconds: int) -> None:
    """Moves the sandbox's clock on, so that nobody has to wait for a report."""
    body = json.dumps({"advance_seconds": seconds}).encode()
    with urllib.request.urlopen(f"{address}/_sandbox/clock", data=body) as answer:
        answer.read()


def run(address: str) -> int:
    """Drives the client."""
    from facebook_business.session import FacebookSession

    FacebookSession.GRAPH = f"{address}/graph.facebook.com"
    from facebook_business.adobjects.ad import Ad
    from facebook_business.adobjects.adaccount import AdAccount
    from facebook_business.adobjects.adreportrun import AdReportRun
    from facebook_business.adobjects.business import Business
    from facebook_business.adobjects.iguser import IGUser
    from facebook_business.adobjects.leadgenform import LeadgenForm
    from facebook_business.adobjects.page import Page
    from facebook_business.adobjects.productcatalog import ProductCatalog
    from facebook_business.adobjects.user import User
    from facebook_business.api import FacebookAdsApi
    from facebook_business.exceptions import FacebookRequestError

    failed = []

    def check(what: str, holds: bool, seen: object) -> None:
        print(f"{'passed' if holds else 'FAILED'}: {what} ({seen})")
        if not holds:
            failed.append(what)

    api = FacebookAdsApi.init(APP, SECRET, TOKEN)
    me = User("me").api_get(fields=["id", "name"])
    check("the person's own node", me["id"].isdigit(), me["name"])

    pages = list(User("me").get_accounts(fields=["id", "name", "access_token"], params={"limit": 1}))
    check("pages, one by one", len(pages) == 2, [page["id"] for page in pages])
    token = next(page["access_token"] for page in pages if page["id"] == PAGE)
    of_page = FacebookAdsApi(FacebookSession(APP, SECRET, token), api_version=api._api_version)

    page = Page(PAGE, api=of_page)
    posts = list(page.get_published_posts(fields=["id", "message", "created_time"], params={"limit": 50}))
    check("posts, over several pages", len(posts) == 90, len(posts))
    views = list(page.get_insights(params={"metric": ["page_media_view"], "period": "day"}))[:1]
    check("insights of a page", views[0]["values"][0]["end_time"].endswith("+0000"), views[0]["name"])
    forms = list(page.get_lead_gen_forms(fields=["id", "leads_count"]))
    leads = list(LeadgenForm(forms[0]["id"], api=of_page).get_leads(fields=["id", "field_data", "ad_id"]))
    check("leads of a form", len(leads) > 25 and "field_data" in leads[0], len(leads))
    threads = list(page.get_conversations(fields=["id", "updated_time"], params={"platform": "messenger"}))
    check("conversations", len(threads) == 40, len(threads))
    ratings = list(page.get_ratings(fields=["created_time", "recommendation_type"]))
    check("recommendations", len(ratings) == 31, len(ratings))

    account = IGUser(INSTAGRAM)
    media = list(account.get_media(fields=["id", "media_type", "timestamp"], params={"limit": 100}))
    check("media of Instagram", len(media) == 140, len(media))
    numbers = list(media[0].get_insights(params={"metric": ["reach", "views"]}))
    check("insights of a medium", len(numbers) == 2, [one["name"] for one in numbers])

    ads = AdAccount(ACCOUNT)
    campaigns = list(ads.get_campaigns(fields=["id", "name", "effective_status"], params={"limit": 1}))
    check("campaigns, one by one", len(campaigns) == 4, len(campaigns))
    archived = {"effective_status": ["ARCHIVED", "DELETED"]}
    check("what is archived", len(list(ads.get_ads(fields=[Ad.Field.id], params=archived))) == 8, archived)
    fields = ["impressions", "spend", "actions", "ad_id"]
    rows = list(ads.get_insights(fields=fields, params={"level": "ad", "date_preset": "last_7d"}))
    check("insights of ads at once", isinstance(rows[0]["impressions"], str), len(rows))

    params = {"level": "ad", "time_increment": 1, "date_preset": "last_90d"}
    try:
        list(ads.get_insights(fields=fields, params=params))
        check("too much at once is refused", False, "it wasn't")
    except FacebookRequestError as error:
        check("too much at once is refused", error.api_error_code() == 1, error.api_error_message())

    report = ads.get_insights(fields=fields, params=params, is_async=True)
    states = []
    for _ in range(60):
        state = report.api_get()[AdReportRun.Field.async_status]
        states.append(state)
        if state in ("Job Completed", "Job Failed"):
            break
        advance(address, 1)
    check("a report in the background", states[-1] == "Job Completed", dict.fromkeys(states))
    rows = list(report.get_insights(params={"limit": 500}))
    check("the report's rows", len(rows) > 500 and "ad_id" in rows[0], len(rows))

    businesses = list(User("me").get_businesses(fields=["id", "name"]))
    catalogs = list(Business(businesses[0]["id"]).get_owned_product_catalogs(fields=["id"]))
    products = list(ProductCatalog(catalogs[0]["id"]).get_products(fields=["id", "price"]))
    check("products of the catalogue", len(products) == 60, len(products))

    batch = api.new_batch()
    answers = []
    for campaign in campaigns[:3]:
        campaign.api_get(fields=["name"], batch=batch, success=lambda it: answers.append(it.json()))
    batch.execute()
    check("a batch", len(answers) == 3 and "name" in answers[0], len(answers))

    try:
        User("me").api_get(fields=["nonsense"])
        check("an unknown field is refused", False, "it wasn't")
    except FacebookRequestError as error:
        check("an unknown field is refused", error.api_error_code() == 100, error.api_error_type())

    print(f"{len(failed)} failed" if failed else "all passed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(run(sys.argv[1]) if "--installed" in sys.argv else main(sys.argv[1]))
