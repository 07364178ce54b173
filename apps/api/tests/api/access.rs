//! Nothing answers without the admin token but what is meant to.

use chrono::TimeDelta;
use connector_core::ExposeSecret as _;
use crossdock_api::{document, ensure_admin_token, replace_admin_token};

use crate::support::{Client, TestApp};

/// Every documented operation, as a method and a path that is filled in.
fn operations() -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for (path, item) in document().paths.paths {
        let path = path
            .replace("{platform}", "alpha")
            .replace("{connection}", "alpha")
            .replace("{stream}", "locations");
        for (method, operation) in [
            ("GET", &item.get),
            ("PUT", &item.put),
            ("POST", &item.post),
            ("DELETE", &item.delete),
        ] {
            if operation.is_some() {
                all.push((method, path.clone()));
            }
        }
    }
    all
}

/// What proves its sender by itself, or tells nothing.
const OPEN: [&str; 3] = ["/healthz", "/webhooks/alpha", "/api/oauth/alpha/callback"];

#[tokio::test]
async fn without_the_token_the_api_tells_nothing() {
    let app = TestApp::start().await;
    app.connect("one").await;
    let wrong = app.stranger.with_token("cdk_wrong");
    let mut closed = 0;
    for (method, path) in operations() {
        let answer = app.stranger.send(method, &path, &[], "".into()).await;
        if OPEN.contains(&path.as_str()) {
            assert_ne!(answer.json()["code"], "UNAUTHORIZED", "{method} {path}");
            continue;
        }
        closed += 1;
        assert_eq!(answer.status, 401, "{method} {path}: {}", answer.body);
        assert_eq!(answer.json()["code"], "UNAUTHORIZED");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        if closed < 5 {
            let answer = wrong.send(method, &path, &[], "".into()).await;
            assert_eq!(answer.status, 401, "{method} {path}");
        }
    }
    assert!(closed >= 15, "{closed}");
    for path in ["/api", "/api/", "/api/nothing", "/webhooks", "/metrics"] {
        assert_eq!(app.stranger.get(path).await.status, 401, "{path}");
    }
    app.stop().await;
}

#[tokio::test]
async fn without_a_session_the_console_is_its_login_page() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    for path in [
        "/",
        "/connect/alpha",
        "/nowhere",
        &format!("/connections/{id}"),
    ] {
        let answer = app.stranger.get(path).await.expect(303);
        assert_eq!(answer.header("location"), "/login", "{path}");
    }
    for path in [
        "/logout",
        "/connect/alpha",
        "/connect/resume",
        &format!("/connections/{id}/erase"),
    ] {
        let answer = app
            .stranger
            .submit(path, &[("_token", "x")])
            .await
            .expect(303);
        assert_eq!(answer.header("location"), "/login", "{path}");
    }
    // The token is for programs; a page wants a session.
    assert_eq!(app.admin.get("/").await.status, 303);
    // A session is for pages; the API wants the token.
    let (browser, _) = app.log_in().await;
    assert_eq!(browser.get("/api/connections").await.status, 401);
    assert_eq!(browser.get("/%61pi/connections").await.status, 401);
    app.stop().await;
}

#[tokio::test]
async fn the_token_is_shown_once_stored_hashed_and_replaced() {
    let app = TestApp::start().await;
    assert!(app.token.starts_with("cdk_") && app.token.len() == 4 + 43);
    let again = ensure_admin_token(&app.store, &app.context).await.unwrap();
    assert!(again.is_none());
    let stored = app
        .store
        .system()
        .admin_token_hash()
        .await
        .unwrap()
        .unwrap();
    let random = app.token.strip_prefix("cdk_").unwrap();
    assert!(!stored.contains(random));

    let (browser, _) = app.log_in().await;
    let new = replace_admin_token(&app.store, &app.context).await.unwrap();
    assert_eq!(app.admin.get("/api/platforms").await.status, 401);
    assert_eq!(browser.get("/").await.status, 303);
    let admin = app.stranger.with_token(new.expose_secret());
    admin.get("/api/platforms").await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_and_by_logging_out() {
    let app = TestApp::start().await;
    let (browser, _) = app.log_in().await;
    app.clock
        .forward(TimeDelta::hours(12) - TimeDelta::seconds(1));
    browser.get("/").await.expect(200);
    app.clock.forward(TimeDelta::seconds(1));
    browser.get("/").await.expect(303);

    let (browser, token) = app.log_in().await;
    let cookie = browser.cookie("crossdock_session").unwrap();
    browser
        .submit("/logout", &[("_token", &token)])
        .await
        .expect(303);
    assert_eq!(browser.cookie("crossdock_session"), None);
    browser.set_cookie("crossdock_session", &cookie);
    browser.get("/").await.expect(303);
    app.stop().await;
}

#[tokio::test]
async fn a_forged_session_is_none() {
    let app = TestApp::start().await;
    let (browser, _) = app.log_in().await;
    let cookie = browser.cookie("crossdock_session").unwrap();
    let (id, rest) = cookie.split_once('.').unwrap();
    let (until, signature) = rest.split_once('.').unwrap();
    let later = until.parse::<i64>().unwrap() + 1;
    for forged in [
        format!("{id}.{later}.{signature}"),
        format!("x{id}.{until}.{signature}"),
        format!("{id}.{until}."),
        format!("{id}.99999999999999999999.{signature}"),
        String::new(),
    ] {
        browser.set_cookie("crossdock_session", &forged);
        assert_eq!(browser.get("/").await.status, 303, "{forged}");
    }
    app.stop().await;
}

async fn log_in_with(browser: &Client, token: &str) -> u16 {
    let page = browser.get("/login").await.expect(200);
    let values = [("_token", &*page.hidden("_token")), ("admin_token", token)];
    browser.submit("/login", &values).await.status
}

#[tokio::test]
async fn wrong_logins_are_slowed_down() {
    let app = TestApp::start().await;
    let browser = app.stranger.stranger();
    for _ in 0..10 {
        assert_eq!(log_in_with(&browser, "cdk_wrong").await, 422);
    }
    // Even the right one, or guessing would go on.
    assert_eq!(log_in_with(&browser, &app.token).await, 429);
    app.clock.forward(TimeDelta::minutes(5));
    assert_eq!(
        log_in_with(&browser, &format!(" {}\n", app.token)).await,
        303
    );
    app.stop().await;
}

#[tokio::test]
async fn wrong_tokens_are_slowed_down_and_the_right_one_is_not() {
    let app = TestApp::start().await;
    let wrong = app.stranger.with_token("cdk_wrong");
    for _ in 0..10 {
        assert_eq!(wrong.get("/api/platforms").await.status, 401);
    }
    let refused = wrong.get("/api/platforms").await.expect(429);
    assert_eq!(refused.json()["code"], "TOO_MANY_ATTEMPTS");
    assert_eq!(refused.header("retry-after"), "300");
    app.admin.get("/api/platforms").await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn cookies_are_for_this_host_alone_where_the_connection_is_secure() {
    let wish = crate::support::Wish {
        public_url: Some("https://dock.example".parse().unwrap()),
        ..Default::default()
    };
    let app = TestApp::start_with(wish).await;
    let browser = app.stranger.stranger();
    assert_eq!(log_in_with(&browser, &app.token).await, 303);
    assert!(browser.cookie("__Host-crossdock_session").is_some());
    let page = browser.get("/login").await;
    assert_eq!(page.header("location"), "/");
    let fresh = app.stranger.stranger();
    let page = fresh.get("/login").await;
    let cookie = page.header("set-cookie");
    for attribute in [
        "__Host-crossdock_visitor=",
        "HttpOnly",
        "SameSite=Strict",
        "Secure",
        "Path=/",
    ] {
        assert!(cookie.contains(attribute), "{attribute}: {cookie}");
    }
    app.stop().await;
}
