#!/usr/bin/env python3
"""Runs Google's own Python clients against a sandbox: do they get along with the sandbox's answers?

Usage: python3 clients/google-api-python-client.py http://127.0.0.1:9400 [--google-ads]

The clients are installed into an environment that is thrown away. With --google-ads the answers of
Google Ads are also read with the messages of the google-ads package, which refuse unknown fields
and enum values. The sandbox must hold made-up data.
Every check prints a line; the exit status is not zero if one failed.
"""

import html
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import venv

PACKAGES = ["google-api-python-client==2.202.0", "google-auth-oauthlib", "requests"]
ADS = "google-ads==34.0.0"
CLIENT = "sandbox-google-client.apps.googleusercontent.com"
SECRET, REFRESH = "sandbox-google-secret", "sbx_google_refresh_demo"
SCOPE = "https://www.googleapis.com/auth/"
PROPERTY, BOOKINGS = "properties/310000001", "sandbox-bookings@group.calendar.google.com"
MANAGER, CUSTOMER = "9000000001", "9000000101"


def main(address: str, ads: list[str]) -> int:
    """Installs the clients and runs this file again with them."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = os.path.join(folder, "bin", "python")
        packages = PACKAGES + ([ADS] if ads else [])
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        subprocess.run(install, check=True)
        again = [python, "-W", "ignore", __file__, address, *ads, "--installed"]
        return subprocess.run(again, check=False).returncode


class StayHere(urllib.request.HTTPRedirectHandler):
    """Doesn't follow redirects: nobody listens at the app's address."""

    def redirect_request(self, *_arguments):
        return None


def consent(url: str) -> str:
    """Presses Continue on the consent page, and returns where the browser is sent."""
    with urllib.request.urlopen(url) as answer:
        page = answer.read().decode()
    action = html.unescape(re.search(r'action="([^"]+)"', page)[1])
    fields = []
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag)[1], re.search(r'value="([^"]*)"', tag)[1]
        fields.append((html.unescape(name), html.unescape(value)))
    fields.append(("decision", "approve"))
    body = urllib.parse.urlencode(fields).encode()
    try:
        urllib.request.build_opener(StayHere).open(action, data=body)
    except urllib.error.HTTPError as redirect:
        return redirect.headers["location"]
    raise AssertionError("the consent page sends the browser nowhere")


def run(address: str, with_ads: bool) -> int:
    """Drives the clients."""
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"
    from google.auth.exceptions import RefreshError
    from google.auth.transport.requests import AuthorizedSession, Request
    from google.oauth2.credentials import Credentials
    from google_auth_oauthlib.flow import Flow
    from googleapiclient.discovery import build
    from googleapiclient.errors import HttpError

    failed = []

    def check(what: str, holds: bool, seen: object) -> None:
        print(f"{'passed' if holds else 'FAILED'}: {what} ({seen})")
        if not holds:
            failed.append(what)

    token_uri = f"{address}/oauth2.googleapis.com/token"

    def known(refresh: str = REFRESH) -> Credentials:
        return Credentials(
            token=None, refresh_token=refresh, token_uri=token_uri, client_id=CLIENT, client_secret=SECRET
        )

    credentials = known()

    def service(name: str, version: str, path: str = "", **options):
        host = options.pop("host", f"{name}.googleapis.com")
        endpoint = f"{address}/{host}/{path}"
        return build(
            name, version, credentials=options.pop("credentials", credentials), cache_discovery=False,
            client_options={"api_endpoint": endpoint},
        )

    config = {"web": {
        "client_id": CLIENT, "client_secret": SECRET, "token_uri": token_uri,
        "auth_uri": f"{address}/accounts.google.com/o/oauth2/v2/auth",
    }}
    flow = Flow.from_client_config(
        config, scopes=["openid", SCOPE + "analytics.readonly"], redirect_uri="http://127.0.0.1:9/callback"
    )
    url, state = flow.authorization_url(access_type="offline", prompt="consent")
    back = consent(url)
    check("the state comes back", state in back, "state")
    flow.fetch_token(authorization_response=back)
    granted = flow.credentials
    check("a code becomes tokens", bool(granted.refresh_token), granted.granted_scopes)

    admin = service("analyticsadmin", "v1beta", credentials=granted)
    summaries = admin.accountSummaries().list(pageSize=200).execute()["accountSummaries"]
    check("properties", len(summaries[0]["propertySummaries"]) == 2, summaries[0]["displayName"])

    data = service("analyticsdata", "v1beta")
    body = {
        "dateRanges": [{"startDate": "30daysAgo", "endDate": "yesterday"}],
        "dimensions": [{"name": "date"}, {"name": "sessionDefaultChannelGroup"}],
        "metrics": [{"name": "sessions"}, {"name": "purchaseRevenue"}],
        "returnPropertyQuota": True,
    }
    report = data.properties().runReport(property=PROPERTY, body=body).execute()
    check("a report", report["rowCount"] > 100 and "propertyQuota" in report, report["rowCount"])
    try:
        wrong = {**body, "metrics": [{"name": "made-up"}]}
        data.properties().runReport(property=PROPERTY, body=wrong).execute()
        check("an unknown metric is refused", False, "answered")
    except HttpError as error:
        check("an unknown metric is refused", error.status_code == 400, error.reason)

    search = service("searchconsole", "v1")
    sites = search.sites().list().execute()["siteEntry"]
    check("sites", len(sites) == 2, [site["siteUrl"] for site in sites])
    body = {"startDate": "2026-10-01", "endDate": "2026-10-31", "dimensions": ["date"], "dataState": "all"}
    rows = search.searchanalytics().query(siteUrl="sc-domain:sandbox.example", body=body).execute()["rows"]
    check("searches by day", len(rows) == 31, rows[0]["keys"])

    accounts = service("mybusinessaccountmanagement", "v1").accounts().list().execute()["accounts"]
    check("business accounts", len(accounts) == 1, accounts[0]["name"])
    information = service("mybusinessbusinessinformation", "v1")
    listed = information.accounts().locations().list(parent=accounts[0]["name"], readMask="name,title")
    places = listed.execute()["locations"]
    check("places", len(places) == 2, [place["title"] for place in places])
    performance = service("businessprofileperformance", "v1").locations().fetchMultiDailyMetricsTimeSeries(
        location=places[0]["name"], dailyMetrics=["CALL_CLICKS", "WEBSITE_CLICKS"],
        dailyRange_startDate_year=2026, dailyRange_startDate_month=10, dailyRange_startDate_day=1,
        dailyRange_endDate_year=2026, dailyRange_endDate_month=10, dailyRange_endDate_day=31,
    ).execute()
    series = performance["multiDailyMetricTimeSeries"][0]["dailyMetricTimeSeries"]
    check("daily metrics of a place", len(series[0]["timeSeries"]["datedValues"]) == 31, len(series))

    merchants = build(
        "merchantapi", "accounts_v1", credentials=credentials, cache_discovery=False,
        client_options={"api_endpoint": f"{address}/merchantapi.googleapis.com/"},
    )
    merchant = merchants.accounts().list().execute()["accounts"][0]["name"]
    shop = build(
        "merchantapi", "products_v1", credentials=credentials, cache_discovery=False,
        client_options={"api_endpoint": f"{address}/merchantapi.googleapis.com/"},
    ).accounts().products()
    request, count = shop.list(parent=merchant, pageSize=1000), 0
    while request is not None:
        page = request.execute()
        count += len(page.get("products", []))
        request = shop.list_next(request, page)
    check("products on several pages", count > 1000, count)

    calendar = service("calendar", "v3", "calendar/v3/", host="www.googleapis.com")
    calendars = calendar.calendarList().list().execute()["items"]
    check("calendars", len(calendars) == 2, [entry["summary"] for entry in calendars])
    events, request, token = [], calendar.events().list(calendarId=BOOKINGS, maxResults=100), None
    while request is not None:
        page = request.execute()
        events += page["items"]
        token = page.get("nextSyncToken")
        request = calendar.events().list_next(request, page)
    check("events on several pages", len(events) > 200 and token is not None, len(events))
    changes = calendar.events().list(calendarId=BOOKINGS, syncToken=token).execute()
    check("nothing changed since", changes["items"] == [], "sync token")

    youtube = service("youtube", "v3")
    channel = youtube.channels().list(part="snippet,contentDetails,statistics", mine=True).execute()["items"][0]
    uploads = channel["contentDetails"]["relatedPlaylists"]["uploads"]
    items = youtube.playlistItems().list(part="contentDetails", playlistId=uploads, maxResults=50).execute()["items"]
    ids = [item["contentDetails"]["videoId"] for item in items]
    videos = youtube.videos().list(part="snippet,statistics", id=",".join(ids)).execute()["items"]
    check("videos of the channel", len(videos) == 50, channel["snippet"]["title"])
    days = build(
        "youtubeAnalytics", "v2", credentials=credentials, cache_discovery=False,
        client_options={"api_endpoint": f"{address}/youtubeanalytics.googleapis.com/"},
    ).reports().query(
        ids="channel==MINE", startDate="2026-10-01", endDate="2026-10-31", metrics="views", dimensions="day"
    ).execute()["rows"]
    check("views by day", len(days) == 31, days[0])

    # Reviews and Google Ads have no discovery document in the package.
    session = AuthorizedSession(credentials, auth_request=Request())
    reviews = session.get(
        f"{address}/mybusiness.googleapis.com/v4/{accounts[0]['name']}/{places[0]['name']}/reviews"
    ).json()
    check("reviews", reviews["totalReviewCount"] > 50, reviews["averageRating"])
    ads = f"{address}/googleads.googleapis.com/v26"
    reached = session.get(f"{ads}/customers:listAccessibleCustomers").json()["resourceNames"]
    check("ads accounts", f"customers/{MANAGER}" in reached, reached)
    query = (
        "SELECT campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type, "
        "campaign.bidding_strategy_type, campaign.start_date_time, campaign_budget.amount_micros, "
        "customer.currency_code, segments.date, segments.device, segments.ad_network_type, "
        "metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversions_value "
        "FROM campaign WHERE segments.date DURING LAST_30_DAYS"
    )
    url = f"{ads}/customers/{CUSTOMER}/googleAds:searchStream"
    chunks = session.post(url, json={"query": query}, headers={"login-customer-id": MANAGER}).json()
    check("campaigns by day", len(chunks[0]["results"]) > 200, len(chunks[0]["results"]))
    errors = session.post(url, json={"query": "SELECT x FROM campaign"}, headers={"login-customer-id": MANAGER}).json()
    check("an error is in an array", errors[0]["error"]["code"] == 400, errors[0]["error"]["status"])
    if with_ads:
        spoil = json.dumps({"error": "RESOURCE_TEMPORARILY_EXHAUSTED", "retry_seconds": 30}).encode()
        urllib.request.urlopen(f"{address}/_sandbox/platforms/google/ads/spoil", data=spoil).close()
        busy = session.post(url, json={"query": query}, headers={"login-customer-id": MANAGER})
        validate(chunks, errors, busy.json(), check)

    try:
        known("sbx_refresh_unknown").refresh(Request())
        check("an unknown refresh token is refused", False, "answered")
    except RefreshError as error:
        check("an unknown refresh token is refused", "invalid_grant" in str(error), error.args[0])
    print(f"{len(failed)} failed")
    return 1 if failed else 0


def validate(chunks: list, errors: list, busy: list, check) -> None:
    """Reads answers with the messages of the google-ads package, which raise on what they don't know."""
    from google.ads.googleads.v26.errors.types.errors import GoogleAdsFailure
    from google.ads.googleads.v26.services.types.google_ads_service import SearchGoogleAdsStreamResponse
    from google.protobuf import json_format

    for chunk in chunks:
        message = SearchGoogleAdsStreamResponse.pb(SearchGoogleAdsStreamResponse())
        json_format.ParseDict(chunk, message)
    check("the messages of google-ads take the rows", len(message.results) > 0, len(message.results))
    for what, answer in [("a wrong query", errors), ("a used up quota", busy)]:
        detail = dict(answer[0]["error"]["details"][0])
        detail.pop("@type")
        failure = GoogleAdsFailure.pb(GoogleAdsFailure())
        json_format.ParseDict(detail, failure)
        check(f"the messages of google-ads take {what}", len(failure.errors) == 1, failure.errors[0].message)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    URL = sys.argv[1].rstrip("/")
    if "--installed" in sys.argv:
        sys.exit(run(URL, "--google-ads" in sys.argv))
    sys.exit(main(URL, [it for it in sys.argv[2:] if it == "--google-ads"]))
