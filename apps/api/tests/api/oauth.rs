//! Going to a platform and coming back: bound to one browser, used once, sent nowhere else.

use url::Url;

use crate::support::{Client, TestApp, Wish};

/// Begins in a browser, and gives the state that the platform was sent.
async fn install(browser: &Client) -> String {
    let sent = browser.get("/api/oauth/alpha/install").await.expect(302);
    let consent: Url = sent.header("location").parse().unwrap();
    let mut query = consent.query_pairs();
    query
        .find(|(name, _)| name == "state")
        .unwrap()
        .1
        .into_owned()
}

#[tokio::test]
async fn a_browser_goes_to_the_platform_and_comes_back_connected() {
    let app = TestApp::start().await;
    let (browser, _) = app.log_in().await;
    let sent = browser.get("/api/oauth/alpha/install").await.expect(302);
    assert!(
        sent.header("location")
            .starts_with("https://alpha.test/consent?state=")
    );
    let cookie = sent.header("set-cookie");
    for attribute in ["HttpOnly", "SameSite=Lax", "Max-Age=600"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let state = install(&browser).await;
    let back = format!("/api/oauth/alpha/callback?state={state}&code=one");
    let done = browser.get(&back).await.expect(303);
    let page = done.header("location").to_owned();
    assert!(page.starts_with("/connections/"), "{page}");
    let shown = browser.get(&page).await.expect(200);
    assert!(shown.body.contains("The account is connected"));
    // It says so once.
    assert!(
        !browser
            .get(&page)
            .await
            .body
            .contains("The account is connected")
    );

    // And the callback works once.
    let again = browser.get(&back).await;
    assert!((400..500).contains(&again.status), "{}", again.body);
    app.stop().await;
}

#[tokio::test]
async fn another_browser_can_not_finish() {
    let app = TestApp::start().await;
    let (browser, _) = app.log_in().await;
    let state = install(&browser).await;
    let back = format!("/api/oauth/alpha/callback?state={state}&code=one");

    let without = app.stranger.get(&back).await.expect(403);
    assert_eq!(without.json()["code"], "FOREIGN_BROWSER");
    let (other, _) = app.log_in().await;
    install(&other).await;
    let refused = other.get(&back).await;
    assert!((400..500).contains(&refused.status), "{}", refused.body);
    let list = app.admin.get("/api/connections").await.expect(200).json();
    assert_eq!(list["connections"], serde_json::json!([]));
    app.stop().await;
}

#[tokio::test]
async fn a_callback_that_nobody_waits_for_is_told_so() {
    let app = TestApp::start().await;
    let (browser, _) = app.log_in().await;
    let state = install(&browser).await;
    let none = browser
        .get("/api/oauth/alpha/callback?code=one")
        .await
        .expect(422);
    assert_eq!(none.json()["field"], "state");
    let foreign = browser
        .get("/api/oauth/alpha/callback?state=made-up&code=one")
        .await;
    assert!((400..500).contains(&foreign.status), "{}", foreign.body);
    browser
        .get("/api/oauth/beta/callback?state=x")
        .await
        .expect(404);

    let html = [("accept", "text/html")];
    let denied = format!("/api/oauth/alpha/callback?state={state}&error=access_denied");
    let page = browser
        .send("GET", &denied, &html, "".into())
        .await
        .expect(403);
    assert!(
        page.body.contains("Consent was denied on the platform"),
        "{}",
        page.body
    );
    app.stop().await;
}

#[tokio::test]
async fn only_ways_that_visit_the_platform_begin_by_an_address() {
    let app = TestApp::start().await;
    let token = app
        .admin
        .get("/api/oauth/alpha/install?method=token&token=tok-one")
        .await;
    assert_eq!(token.expect(501).json()["code"], "UNSUPPORTED");
    app.stop().await;
}

#[tokio::test]
async fn a_gateway_stands_in_for_the_platform_in_browsers_too() {
    let gateway: Url = "http://127.0.0.1:9/gate".parse().unwrap();
    let wish = Wish {
        reroute: Some(connector_http::Reroute::new(gateway).unwrap()),
        ..Wish::default()
    };
    let app = TestApp::start_with(wish).await;
    let (browser, _) = app.log_in().await;
    let sent = browser.get("/api/oauth/alpha/install").await.expect(302);
    let there = sent.header("location");
    assert!(
        there.starts_with("http://127.0.0.1:9/gate/alpha.test/consent?state="),
        "{there}"
    );
    assert!(browser.get("/").await.body.contains("Gateway on:"));
    let ready = app.admin.get("/readyz").await.expect(200).json();
    assert_eq!(ready["gateway"], "http://127.0.0.1:9/gate");
    app.stop().await;
}
