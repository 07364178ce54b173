//! The console in a real browser, with the real connectors and the sandbox behind them.
//!
//! It needs chromedriver and Chromium: `CROSSDOCK_TEST_CHROMEDRIVER` is the driver's path, or the
//! address of one that runs already. Without it the test is skipped, and says so. Screenshots go to
//! the folder that `CROSSDOCK_TEST_SCREENSHOTS` names.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connector_http::{Reroute, SystemClock};
use crossdock_sandbox::server::Server;
use crossdock_sandbox::{Options, Sandbox, Size};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, Wish};

/// The name under which the standard has an element's id.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser that is driven by the W3C `WebDriver` protocol.
struct Browser {
    driver: Client,
    session: String,
    home: String,
    process: Option<Child>,
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }
}

impl Browser {
    async fn open(driver: &str, home: String) -> Self {
        let (address, process) = match driver.strip_prefix("http://") {
            Some(address) => (address.trim_end_matches('/').parse().unwrap(), None),
            None => {
                let free = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
                let address = free.local_addr().unwrap();
                drop(free);
                let process = Command::new(driver)
                    .arg(format!("--port={}", address.port()))
                    .stdout(Stdio::null())
                    .spawn()
                    .unwrap();
                (address, Some(process))
            }
        };
        let mut tries = 0;
        while tokio::net::TcpStream::connect(address).await.is_err() {
            tries += 1;
            assert!(tries < 200, "the driver doesn't listen");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let mut browser = Self {
            driver: Client::new(address),
            session: String::new(),
            home,
            process,
        };
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,1400",
            ] },
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let opened = browser.driver.post("/session", &wanted).await.expect(200);
        browser.session = opened.json()["value"]["sessionId"]
            .as_str()
            .unwrap()
            .to_owned();
        browser
    }

    async fn close(self) {
        self.driver
            .delete(&format!("/session/{}", self.session))
            .await
            .expect(200);
    }

    async fn tell(&self, command: &str, body: Value) -> Value {
        let path = format!("/session/{}/{command}", self.session);
        self.driver.post(&path, &body).await.expect(200).json()["value"].take()
    }

    async fn visit(&self, path: &str) {
        self.tell("url", json!({ "url": format!("{}{path}", self.home) }))
            .await;
    }

    async fn script(&self, script: &str) -> Value {
        self.tell("execute/sync", json!({ "script": script, "args": [] }))
            .await
    }

    /// The element's id, once it is there.
    async fn find(&self, css: &str) -> String {
        for _ in 0..200 {
            let wanted = json!({ "using": "css selector", "value": css });
            let path = format!("/session/{}/element", self.session);
            let found = self.driver.post(&path, &wanted).await;
            if found.status == 200 {
                return found.json()["value"][ELEMENT].as_str().unwrap().to_owned();
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let page = self.script("return document.body.innerText").await;
        panic!("there is no {css} on {page}");
    }

    async fn click(&self, css: &str) {
        let element = self.find(css).await;
        self.tell(&format!("element/{element}/click"), json!({}))
            .await;
    }

    async fn write(&self, css: &str, text: &str) {
        let element = self.find(css).await;
        self.tell(&format!("element/{element}/value"), json!({ "text": text }))
            .await;
    }

    /// Waits until the page's main part says this.
    async fn sees(&self, text: &str) {
        let mut shown = Value::Null;
        for _ in 0..200 {
            let script = "return document.querySelector('main')?.innerText ?? ''";
            shown = self.script(script).await;
            if shown.as_str().is_some_and(|shown| shown.contains(text)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{text:?} is not in {shown}");
    }

    async fn color_scheme(&self, scheme: &str) {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        let command = json!({ "cmd": "Emulation.setEmulatedMedia", "params": media });
        self.tell("goog/cdp/execute", command).await;
    }

    async fn width(&self, width: u32) {
        self.tell("window/rect", json!({ "width": width, "height": 1400 }))
            .await;
    }

    async fn screenshot(&self, name: &str) {
        #[expect(
            clippy::disallowed_methods,
            reason = "it is how a person asks for them"
        )]
        let Ok(dir) = std::env::var("CROSSDOCK_TEST_SCREENSHOTS") else {
            return;
        };
        let path = format!("/session/{}/screenshot", self.session);
        let image = self.driver.get(&path).await.expect(200).json();
        let image = STANDARD.decode(image["value"].as_str().unwrap()).unwrap();
        std::fs::write(PathBuf::from(dir).join(format!("{name}.png")), image).unwrap();
    }

    /// What every page must have, whoever uses it and however.
    async fn check_page(&self, name: &str) {
        let problems = self
            .script(
                "const problems = [];
                 for (const it of document.querySelectorAll('input:not([type=hidden], [hidden]), textarea'))
                   if (!it.labels.length) problems.push('no label: ' + it.name);
                 const ids = [...document.querySelectorAll('[id]')].map(it => it.id);
                 if (new Set(ids).size !== ids.length) problems.push('an id is there twice');
                 for (const it of document.querySelectorAll('[aria-describedby], [aria-labelledby]'))
                   for (const attribute of ['aria-describedby', 'aria-labelledby'])
                     for (const id of (it.getAttribute(attribute) ?? '').split(' ').filter(Boolean))
                       if (!document.getElementById(id)) problems.push('no such id: ' + id);
                 for (const it of document.querySelectorAll('button, a'))
                   if (!it.innerText.trim()) problems.push('no name: ' + it.outerHTML);
                 if (document.querySelectorAll('h1').length !== 1) problems.push('not one h1');
                 if (!document.querySelector('main')) problems.push('no main');
                 if (!document.documentElement.lang) problems.push('no language');
                 const names = [...document.querySelectorAll('button')].map(it => it.innerText);
                 return problems;",
            )
            .await;
        assert_eq!(problems, json!([]), "{name}");
        self.width(400).await;
        let too_wide = "return document.documentElement.scrollWidth > window.innerWidth";
        assert_eq!(
            self.script(too_wide).await,
            false,
            "{name} is wider than a phone"
        );
        self.screenshot(&format!("{name}-phone")).await;
        self.width(1200).await;
        for scheme in ["light", "dark"] {
            self.color_scheme(scheme).await;
            self.screenshot(&format!("{name}-{scheme}")).await;
        }
    }

    /// What the browser complained of, such as a style that the policy forbids. That a page came
    /// with a status that says "mend this" is no complaint.
    async fn complaints(&self) -> Vec<Value> {
        let log = self.tell("se/log", json!({ "type": "browser" })).await;
        let log = log.as_array().unwrap().iter();
        log.filter(|entry| {
            !entry["message"]
                .as_str()
                .unwrap()
                .contains("responded with a status of 4")
        })
        .cloned()
        .collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_connects_and_syncs_in_a_real_browser() {
    #[expect(
        clippy::disallowed_methods,
        reason = "it is how a person asks for this test"
    )]
    let Ok(driver) = std::env::var("CROSSDOCK_TEST_CHROMEDRIVER") else {
        println!("skipped: CROSSDOCK_TEST_CHROMEDRIVER is not set");
        return;
    };
    let now = connector_core::Clock::now(&SystemClock);
    let options = Options {
        size: Size {
            products: 8,
            orders: 8,
        },
        ..Options::new(now)
    };
    let sandbox = Server::bind("127.0.0.1:0", Sandbox::new(options)).unwrap();
    let gateway = format!("http://{}", sandbox.address()).parse().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let sandbox = tokio::spawn(sandbox.run(async {
        stopped.await.unwrap_or_default();
    }));
    let accounts = connector_registry::sandbox_accounts();
    let configs: serde_json::Map<String, Value> = accounts
        .iter()
        .filter(|account| !account.config.is_null())
        .map(|account| (account.platform.to_owned(), account.config.clone()))
        .collect();
    let config = serde_json::from_value(configs.into()).unwrap();
    let app = TestApp::start_with(Wish {
        reroute: Some(Reroute::new(gateway).unwrap()),
        registry: Some(connector_registry::builtin(&config)),
        is_real_time: true,
        ..Wish::default()
    })
    .await;
    let browser = Browser::open(&driver, format!("http://{}", app.address)).await;

    browser.visit("/").await;
    browser.sees("Admin token").await;
    browser.check_page("login").await;
    browser.write("#admin_token", "cdk_wrong\n").await;
    browser.sees("That is not the admin token").await;
    browser.write("#admin_token", &app.token).await;
    browser.click("main button").await;
    browser.sees("Nothing is connected yet").await;
    browser.check_page("overview-empty").await;

    // A token that the platform refuses comes back with its reason, and the right one goes through.
    browser.click("a[href='/connect/alias']").await;
    browser.sees("Connect Alias").await;
    browser.check_page("connect").await;
    browser.write("main [type=password]", "not-a-token").await;
    browser.click("main form button").await;
    browser.find("main [role=alert]").await;
    browser.check_page("connect-refused").await;
    for account in accounts {
        let method = account.method;
        browser
            .visit(&format!("/connect/{}", account.platform))
            .await;
        for (name, value) in account.form {
            browser.write(&format!("#{method}-{name}"), value).await;
        }
        browser
            .click(&format!("section[aria-labelledby=m-{method}] button"))
            .await;
        // Where it leads to the platform, by a page in between, agree there: its first button.
        for _ in 0..200 {
            let at = browser.script("return location.href").await;
            let at = at.as_str().unwrap();
            if at.contains("/connections/") {
                break;
            }
            if !at.starts_with(&browser.home) {
                browser.click("form button").await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        browser.sees("The account is connected").await;
        browser.click("form[action$='/sync'] button").await;
        browser.sees("The sync has begun").await;
    }
    for _ in 0..400 {
        let log = app.admin.get("/api/sync/log").await.expect(200).json();
        let runs = log["runs"].as_array().unwrap();
        if runs.len() > 8 && runs.iter().all(|run| run["status"] != "running") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    browser.visit("/").await;
    browser.sees("Completed").await;
    browser.check_page("overview").await;
    browser.click("article h3 a").await;
    browser.sees("Last runs").await;
    browser.check_page("connection").await;
    assert_eq!(browser.complaints().await, Vec::<Value>::new());

    browser.close().await;
    app.stop().await;
    stop.send(()).unwrap();
    sandbox.await.unwrap().unwrap();
}
