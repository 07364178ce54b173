//! A callback on this machine, for connecting from a terminal: the browser is sent to the platform
//! from here and comes back here.
//!
//! It listens on 127.0.0.1 alone. The address that begins it holds a random value, and sets the
//! cookie by which the browser is known again: another program on the machine, or another page in
//! the browser, can neither begin nor finish in its place.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::DefaultHeaders;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use askama::Template;
use connector_core::{Context, ExposeSecret as _, Form, SecretString};
use crossdock_engine::BrowserKey;
use tokio::sync::mpsc;
use url::Url;

const COOKIE: &str = "crossdock_loopback";

const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/// What the platform sent the browser back with.
#[derive(Debug)]
pub struct Returned {
    /// The OAuth state: [`ResumeRequest::key`](crossdock_engine::ResumeRequest::key).
    pub key: String,
    /// The whole query.
    pub answer: Form,
    /// The browser that came back, which began it too.
    pub browser: BrowserKey,
}

/// A callback that listens on this machine until it is dropped.
pub struct Loopback {
    shared: web::Data<Shared>,
    port: u16,
    server: ServerHandle,
    returned: tokio::sync::Mutex<mpsc::Receiver<Form>>,
}

struct Shared {
    start: SecretString,
    browser: SecretString,
    consent: Mutex<Option<Url>>,
    returned: mpsc::Sender<Form>,
}

impl Loopback {
    /// Listens on a port of 127.0.0.1, a free one where none is named. Platforms that want the
    /// callback's address registered need a port that stays the same.
    ///
    /// # Errors
    /// Those of listening: the port is taken.
    pub fn bind(port: Option<u16>, context: &Context) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0)))?;
        let port = listener.local_addr()?.port();
        let (sender, returned) = mpsc::channel(1);
        let shared = web::Data::new(Shared {
            start: context.random_token().into(),
            browser: context.random_token().into(),
            consent: Mutex::new(None),
            returned: sender,
        });
        let of_app = shared.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(of_app.clone())
                .wrap(
                    DefaultHeaders::new()
                        .add((CONTENT_SECURITY_POLICY, POLICY))
                        .add((REFERRER_POLICY, "no-referrer"))
                        .add((X_CONTENT_TYPE_OPTIONS, "nosniff"))
                        .add((CACHE_CONTROL, "no-store")),
                )
                .route("/start/{secret}", web::get().to(start))
                .route("/callback", web::get().to(callback))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)?
        .run();
        let handle = server.handle();
        tokio::spawn(server);
        Ok(Self {
            shared,
            port,
            server: handle,
            returned: tokio::sync::Mutex::new(returned),
        })
    }

    /// Where the platform is to send the browser back to, exactly.
    ///
    /// # Errors
    /// None that a port could cause.
    pub fn return_to(&self) -> Result<Url, url::ParseError> {
        Url::parse(&format!("http://127.0.0.1:{}/callback", self.port))
    }

    /// Who is connecting: for [`ConnectRequest::browser`](crossdock_engine::ConnectRequest::browser).
    #[must_use]
    pub fn browser(&self) -> BrowserKey {
        BrowserKey::new(self.shared.browser.expose_secret())
    }

    /// The address to open in the browser, which goes on to where [`Loopback::send_to`] says. It
    /// is for the person at the terminal alone.
    ///
    /// # Errors
    /// None that a port could cause.
    pub fn start_url(&self) -> Result<Url, url::ParseError> {
        let start = self.shared.start.expose_secret();
        Url::parse(&format!("http://127.0.0.1:{}/start/{start}", self.port))
    }

    /// Says which consent page the browser is to be sent to.
    pub fn send_to(&self, consent: Url) {
        *self
            .shared
            .consent
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(consent);
    }

    /// Waits until the browser comes back; `None` when it hasn't within this time.
    pub async fn wait(&self, timeout: Duration) -> Option<Returned> {
        let mut returned = self.returned.lock().await;
        let answer = tokio::time::timeout(timeout, returned.recv())
            .await
            .ok()??;
        Some(Returned {
            key: answer.get("state").unwrap_or_default().to_owned(),
            answer,
            browser: self.browser(),
        })
    }

    /// Ends it, once the page that the browser is being shown has been sent.
    pub async fn close(self) {
        self.server.stop(true).await;
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        let server = self.server.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { server.stop(false).await });
        }
    }
}

impl fmt::Debug for Loopback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loopback")
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

async fn start(shared: web::Data<Shared>, secret: web::Path<String>) -> HttpResponse {
    if !is_equal(&secret, shared.start.expose_secret()) {
        return HttpResponse::NotFound().finish();
    }
    let consent = shared
        .consent
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let Some(consent) = consent else {
        return page(
            StatusCode::SERVICE_UNAVAILABLE,
            "Not yet",
            "The terminal isn't ready. Open this address again in a moment.",
        );
    };
    let cookie = Cookie::build(COOKIE, shared.browser.expose_secret().to_owned())
        .path("/callback")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(time::Duration::minutes(10))
        .finish();
    HttpResponse::Found()
        .insert_header((LOCATION, consent.as_str()))
        .cookie(cookie)
        .finish()
}

async fn callback(shared: web::Data<Shared>, request: HttpRequest) -> HttpResponse {
    let is_same_browser = request
        .cookie(COOKIE)
        .is_some_and(|cookie| is_equal(cookie.value(), shared.browser.expose_secret()));
    if !is_same_browser {
        return page(
            StatusCode::FORBIDDEN,
            "Another browser began this",
            "Open the address that the terminal shows in this browser, and agree again.",
        );
    }
    let answer = Form::from_query(request.query_string());
    if answer.get("state").is_none_or(str::is_empty) {
        return page(
            StatusCode::BAD_REQUEST,
            "That didn't work",
            "The platform sent you back without saying what for. Begin again in the terminal.",
        );
    }
    if shared.returned.try_send(answer).is_err() {
        return page(
            StatusCode::CONFLICT,
            "That was done before",
            "This was answered already. Look into the terminal.",
        );
    }
    page(
        StatusCode::OK,
        "Back to the terminal",
        "The platform has answered, and the terminal says how it went. You can close this page.",
    )
}

#[derive(Template)]
#[template(path = "loopback.html")]
struct Page {
    title: &'static str,
    text: &'static str,
}

fn page(status: StatusCode, title: &'static str, text: &'static str) -> HttpResponse {
    let html = Page { title, text }.render();
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .body(html.unwrap_or_else(|_cause| text.to_owned()))
}

/// Whether two secrets are equal, in a time that depends on their lengths alone.
fn is_equal(one: &str, other: &str) -> bool {
    let differences = one
        .bytes()
        .zip(other.bytes())
        .fold(0, |differences, (one, other)| differences | (one ^ other));
    one.len() == other.len() && std::hint::black_box(differences) == 0
}
