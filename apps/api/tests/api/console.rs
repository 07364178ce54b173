//! The console as a browser without script sees it.

use crate::support::{HOSTILE, SECRET, TestApp};

#[tokio::test]
async fn an_account_is_connected_by_its_form() {
    let app = TestApp::start().await;
    let (browser, _) = app.log_in().await;
    let page = browser.get("/connect/alpha").await.expect(200);
    for text in [
        "Access token",
        "From the settings page.",
        "type=\"password\"",
        "client_id",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    let token = page.hidden("_token");
    let form = |typed| {
        [
            ("_token", &*token),
            ("_method", "token"),
            ("token", typed),
            ("note", "mine"),
        ]
    };

    let wrong = browser
        .submit("/connect/alpha", &form("tok-wr0ng"))
        .await
        .expect(422);
    assert!(wrong.body.contains("aria-invalid=\"true\""));
    assert!(
        wrong
            .body
            .contains("The platform doesn&#39;t know this token"),
        "{}",
        wrong.body
    );
    assert!(wrong.body.contains("value=\"mine\""));
    assert!(
        !wrong.body.contains("tok-wr0ng"),
        "a secret is never shown again"
    );

    let done = browser
        .submit("/connect/alpha", &form("tok-one"))
        .await
        .expect(303);
    let shown = browser.get(done.header("location")).await.expect(200);
    assert!(shown.body.contains("Alpha Market: Shop One"));
    assert!(
        browser
            .get("/")
            .await
            .body
            .contains("Alpha Market: Shop One")
    );
    app.stop().await;
}

#[tokio::test]
async fn a_way_that_visits_the_platform_goes_by_a_page_in_between() {
    let app = TestApp::start().await;
    let (browser, token) = app.log_in().await;
    let form = [("_token", &*token), ("_method", "oauth")];
    let page = browser.submit("/connect/alpha", &form).await.expect(200);
    assert!(
        page.body
            .contains("http-equiv=\"refresh\" content=\"0; url=https://alpha.test/consent")
    );
    assert!(page.body.contains("<strong>alpha.test</strong>"));
    let (_, state) = page.body.split_once("consent?state=").unwrap();
    let state = state.split_once('"').unwrap().0;
    let back = format!("/api/oauth/alpha/callback?state={state}&code=two");
    browser.get(&back).await.expect(303);
    app.stop().await;
}

#[tokio::test]
async fn a_question_is_a_form_too() {
    let app = TestApp::start().await;
    let (browser, token) = app.log_in().await;
    let form = [("_token", &*token), ("_method", "choose")];
    let asked = browser.submit("/connect/alpha", &form).await.expect(200);
    assert!(asked.body.contains("<legend>Which account?</legend>"));
    let answer = [
        ("_token", &*token),
        ("_key", &*asked.hidden("_key")),
        ("account", "two"),
    ];
    let done = browser.submit("/connect/resume", &answer).await.expect(303);
    let shown = browser.get(done.header("location")).await.expect(200);
    assert!(shown.body.contains("Shop Two"));
    app.stop().await;
}

#[tokio::test]
async fn buttons_do_what_they_say() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    let (browser, token) = app.log_in().await;
    let press = async |action: &str, more: &[(&str, &str)]| {
        let mut values = vec![("_token", token.as_str())];
        values.extend(more);
        browser
            .submit(&format!("/connections/{id}/{action}"), &values)
            .await
    };
    let page = async || {
        browser
            .get(&format!("/connections/{id}"))
            .await
            .expect(200)
            .body
    };

    press("test", &[]).await.expect(303);
    assert!(page().await.contains("The connection works"));
    press("refresh", &[]).await.expect(303);
    assert!(page().await.contains("The credential is fresh"));
    press("settings", &[("watch", "a\r\nb"), ("deep", "true")])
        .await
        .expect(303);
    assert!(page().await.contains(">a\nb</textarea>"));
    let set = app.admin.get("/api/connections/alpha").await.json();
    assert_eq!(
        set["connection"]["settings"],
        serde_json::json!({ "watch": "a\nb", "deep": "true" })
    );

    press("sync", &[("mode", "full")]).await.expect(303);
    assert_eq!(app.run_ended("locations").await["mode"], "full");
    app.run_ended("broken").await;
    let shown = page().await;
    for text in [
        "<td>3 new",
        "Only the first places are here.",
        "answer makes no sense",
    ] {
        assert!(shown.contains(text), "{text}");
    }
    let overview = browser.get("/").await.body;
    assert!(overview.contains("Broken:") && overview.contains("answer makes no sense"));

    app.shelf.held().is_revoked = true;
    press("test", &[]).await.expect(409);
    assert!(
        browser
            .get("/")
            .await
            .body
            .contains("Connect this account again")
    );
    app.shelf.held().is_revoked = false;

    press("disconnect", &[]).await.expect(303);
    assert!(page().await.contains("What was synced is kept"));
    press("erase", &[("confirm", "no")]).await.expect(422);
    let gone = press("erase", &[("confirm", "erase")]).await.expect(303);
    assert_eq!(gone.header("location"), "/");
    browser.get(&format!("/connections/{id}")).await.expect(404);
    app.stop().await;
}

#[tokio::test]
async fn a_form_from_elsewhere_does_nothing() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    let (browser, token) = app.log_in().await;
    let (_, foreign) = app.log_in().await;
    let path = format!("/connections/{id}/disconnect");
    let values = |token| [("_token", token)];

    for (token, headers) in [
        (&*token, vec![("sec-fetch-site", "cross-site")]),
        (&*token, vec![("sec-fetch-site", "same-site")]),
        (&*token, vec![("origin", "https://evil.example")]),
        (&*token, vec![("origin", "null")]),
        ("", vec![("sec-fetch-site", "same-origin")]),
        (&*foreign, vec![("sec-fetch-site", "same-origin")]),
    ] {
        let refused = browser
            .submit_with(&path, &values(token), &headers)
            .await
            .expect(403);
        assert_eq!(refused.json()["code"], "FORGED", "{headers:?}");
    }
    let kept = app
        .admin
        .get(&format!("/api/connections/{id}"))
        .await
        .json();
    assert_eq!(kept["connection"]["status"], "active");
    browser.submit(&path, &values(&token)).await.expect(303);

    // The login form is bound to the browser that was shown it.
    let page = app.stranger.get("/login").await.expect(200);
    let values = [
        ("_token", &*page.hidden("_token")),
        ("admin_token", &*app.token),
    ];
    let other = app.stranger.stranger();
    let refused = other.submit("/login", &values).await.expect(403);
    assert!(refused.header("set-cookie").contains("crossdock_visitor"));
    assert_eq!(other.cookie("crossdock_session"), None);
    app.stop().await;
}

#[tokio::test]
async fn what_a_platform_says_can_not_become_markup() {
    let app = TestApp::start().await;
    app.shelf
        .held()
        .accounts
        .insert("evil".to_owned(), HOSTILE.to_owned());
    let hostile = (HOSTILE.to_owned(), String::new());
    app.shelf.held().locations.push(hostile);
    let id = app.connect("evil").await;
    app.sync_locations(&id).await;
    let (browser, token) = app.log_in().await;
    let asked = [("_token", &*token), ("_method", "choose")];
    for page in [
        browser.get("/").await,
        browser.get(&format!("/connections/{id}")).await,
        browser.submit("/connect/alpha", &asked).await,
    ] {
        let page = page.expect(200);
        assert!(page.body.contains("&#60;script&#62;"), "{}", page.body);
        assert!(!page.body.contains("<script"), "{}", page.body);
        assert!(!page.body.contains(SECRET));
    }
    app.stop().await;
}

#[tokio::test]
async fn pages_forbid_what_they_do_not_need() {
    let app = TestApp::start().await;
    let (browser, _) = app.log_in().await;
    for page in [
        browser.get("/").await,
        browser.get("/login").await,
        app.stranger.get("/login").await,
    ] {
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"));
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(page.header("cache-control"), "no-store");
        for forbidden in ["<script", "style=", "onclick", "http://", "<style"] {
            assert!(!page.body.contains(forbidden), "{forbidden}");
        }
    }
    let css = app.stranger.get("/assets/console.css").await.expect(200);
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert!(
        !css.body.contains("http"),
        "nothing is loaded from elsewhere"
    );
    app.stop().await;
}

/// The contrast of two colours, `#rrggbb`, as WCAG 2 reckons it.
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |color: &str| {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[tokio::test]
async fn text_can_be_read_in_light_and_in_dark() {
    let app = TestApp::start().await;
    let css = app
        .stranger
        .get("/assets/console.css")
        .await
        .expect(200)
        .body;
    let colors = |name: &str| {
        let (_, pair) = css.split_once(&format!("--{name}: light-dark(")).unwrap();
        let (light, dark) = pair.split_once(')').unwrap().0.split_once(", ").unwrap();
        [light.to_owned(), dark.to_owned()]
    };
    let mut pairs = vec![
        ("on-accent", "accent"),
        ("surface", "bad"),
        ("bad", "bad-surface"),
    ];
    pairs.push(("text", "note-surface"));
    for text in ["text", "quiet", "accent", "good", "busy", "bad"] {
        pairs.extend([(text, "page"), (text, "surface")]);
    }
    for (text, surface) in pairs {
        for (text_color, color) in colors(text).iter().zip(&colors(surface)) {
            let contrast = contrast(text_color, color);
            assert!(contrast >= 4.5, "{text} on {surface}: {contrast:.2}");
        }
    }
    app.stop().await;
}
