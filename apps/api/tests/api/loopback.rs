//! The callback on this machine, for connecting from a terminal.

use std::sync::Arc;
use std::time::Duration;

use connector_core::Context;
use connector_http::{Options, SystemClock, SystemEntropy, transport};
use crossdock_api::Loopback;
use url::Url;

use crate::support::Client;

fn context() -> Context {
    Context::new(
        transport(&Options::default()).unwrap(),
        Arc::new(SystemClock),
        Arc::new(SystemEntropy::new().unwrap()),
    )
}

fn client(url: &Url) -> Client {
    Client::new(
        format!("127.0.0.1:{}", url.port().unwrap())
            .parse()
            .unwrap(),
    )
}

#[tokio::test]
async fn a_browser_goes_from_the_terminal_to_the_platform_and_back() {
    let loopback = Loopback::bind(None, &context()).unwrap();
    let (start, callback) = (loopback.start_url().unwrap(), loopback.return_to().unwrap());
    assert_eq!(callback.host_str(), Some("127.0.0.1"));
    assert_eq!(callback.path(), "/callback");
    let browser = client(&start);

    browser.get(start.path()).await.expect(503);
    loopback.send_to("https://alpha.test/consent?state=s".parse().unwrap());
    let sent = browser.get(start.path()).await.expect(302);
    assert_eq!(
        sent.header("location"),
        "https://alpha.test/consent?state=s"
    );

    let page = browser.get("/callback?state=s&code=c").await.expect(200);
    assert!(page.body.contains("You can close this page"));
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'")
    );
    let returned = loopback.wait(Duration::from_secs(5)).await.unwrap();
    assert_eq!(returned.key, "s");
    assert_eq!(returned.answer.get("code"), Some("c"));
    assert!(!format!("{returned:?}").contains("\"c\""));
    loopback.close().await;
}

#[tokio::test]
async fn nobody_else_on_the_machine_can_begin_or_finish() {
    let loopback = Loopback::bind(None, &context()).unwrap();
    loopback.send_to("https://alpha.test/consent".parse().unwrap());
    let start = loopback.start_url().unwrap();
    let browser = client(&start);
    browser.get("/start/guessed").await.expect(404);
    browser.get("/start/").await.expect(404);
    browser.get("/callback?state=s&code=c").await.expect(403);
    browser.set_cookie("crossdock_loopback", "guessed");
    browser.get("/callback?state=s&code=c").await.expect(403);

    browser.get(start.path()).await.expect(302);
    browser.get("/callback?code=c").await.expect(400);
    browser.get("/callback?state=s").await.expect(200);
    // The first that comes back is the one that counts.
    browser.get("/callback?state=t").await.expect(409);
    let returned = loopback.wait(Duration::from_secs(5)).await.unwrap();
    assert_eq!(returned.key, "s");
    loopback.close().await;
}

#[tokio::test]
async fn waiting_ends() {
    let loopback = Loopback::bind(None, &context()).unwrap();
    assert!(loopback.wait(Duration::ZERO).await.is_none());
    let port = loopback.return_to().unwrap().port();
    assert!(Loopback::bind(port, &context()).is_err());
    loopback.close().await;
    drop(Loopback::bind(port, &context()).unwrap());
}
