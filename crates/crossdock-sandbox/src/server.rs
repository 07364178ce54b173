//! The sandbox behind a port. Nothing is decided here: the server turns HTTP into
//! [`Sandbox::handle`] and back, and delivers the webhooks that are due.

use std::any::Any;
use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use actix_web::dev::Extensions;
use actix_web::web::{self, Data, PayloadConfig};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Request, Response};
use tokio::task::JoinSet;
use url::Url;

use crate::deliver;
use crate::deliveries::Outcome;
use crate::faults::Delay;
use crate::sandbox::{Reply, Sandbox};

/// The largest request body that is read: file uploads of bulk operations are the largest.
const BODY_LIMIT: usize = 256 * 1024 * 1024;

/// How often the server looks for webhooks that are due.
const DELIVERY_INTERVAL: Duration = Duration::from_millis(100);

/// A sandbox that listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    sandbox: Arc<Mutex<Sandbox>>,
}

impl Server {
    /// Listens at an address; port 0 takes a free one. Requests wait until [`Server::run`].
    ///
    /// # Errors
    /// When the address cannot be listened at.
    pub fn bind(address: impl ToSocketAddrs, mut sandbox: Sandbox) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let url = Url::parse(&format!("http://{address}")).map_err(io::Error::other)?;
        sandbox.set_address(url);
        Ok(Self {
            listener,
            address,
            sandbox: Arc::new(Mutex::new(sandbox)),
        })
    }

    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The sandbox behind the server. Requests wait while it is locked.
    #[must_use]
    pub fn sandbox(&self) -> Arc<Mutex<Sandbox>> {
        Arc::clone(&self.sandbox)
    }

    /// Serves until `shutdown` resolves; then lets requests at hand finish. Needs a Tokio runtime
    /// with I/O and time.
    ///
    /// # Errors
    /// When the server cannot start, or stops by itself.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send) -> io::Result<()> {
        let shared = Data::from(Arc::clone(&self.sandbox));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .app_data(PayloadConfig::new(BODY_LIMIT))
                .default_service(web::to(serve))
        })
        .on_connect(remember_connection)
        .workers(2)
        .disable_signals()
        .shutdown_timeout(2)
        .listen(self.listener)?
        .run();
        let handle = server.handle();
        let mut server = pin!(server);
        tokio::select! {
            ended = &mut server => return ended,
            () = deliver_webhooks(&self.sandbox) => {}
            () = shutdown => {}
        }
        let ((), ended) = tokio::join!(handle.stop(true), server);
        ended
    }
}

/// A second handle to a request's connection, for cutting it.
struct Connection(TcpStream);

fn remember_connection(connection: &dyn Any, data: &mut Extensions) {
    if let Some(stream) = connection.downcast_ref::<tokio::net::TcpStream>()
        && let Ok(stream) = duplicate(stream)
    {
        data.insert(Connection(stream));
    }
}

#[cfg(unix)]
fn duplicate(stream: &tokio::net::TcpStream) -> io::Result<TcpStream> {
    use std::os::fd::AsFd as _;
    stream.as_fd().try_clone_to_owned().map(TcpStream::from)
}

#[cfg(windows)]
fn duplicate(stream: &tokio::net::TcpStream) -> io::Result<TcpStream> {
    use std::os::windows::io::AsSocket as _;
    stream.as_socket().try_clone_to_owned().map(TcpStream::from)
}

async fn serve(request: HttpRequest, body: Bytes, sandbox: Data<Mutex<Sandbox>>) -> HttpResponse {
    let Ok(converted) = convert(&request, body) else {
        return HttpResponse::BadRequest().finish();
    };
    let reply = lock(&sandbox).handle(converted, now());
    match reply {
        Reply::Answer(response) => {
            if let Some(Delay(delay)) = response.extensions().get().copied() {
                tokio::time::sleep(delay).await;
            }
            answer(response)
        }
        Reply::LostReply | Reply::NotSent => {
            // What is returned after this cannot be written any more.
            if let Some(Connection(stream)) = request.conn_data()
                && let Err(error) = stream.shutdown(std::net::Shutdown::Both)
                && error.kind() != io::ErrorKind::NotConnected
            {
                return HttpResponse::InternalServerError().body(error.to_string());
            }
            HttpResponse::InternalServerError().force_close().finish()
        }
    }
}

/// The request in the words of the `http` crate that the core uses (actix speaks an older one).
fn convert(request: &HttpRequest, body: Bytes) -> Result<Request<Bytes>, http::Error> {
    let mut converted = Request::builder()
        .method(request.method().as_str())
        .uri(request.uri().to_string());
    for (name, value) in request.headers() {
        converted = converted.header(name.as_str(), value.as_bytes());
    }
    converted.body(body)
}

fn answer(response: Response<Bytes>) -> HttpResponse {
    let (parts, body) = response.into_parts();
    let status = actix_web::http::StatusCode::from_u16(parts.status.as_u16())
        .unwrap_or(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(status);
    for (name, value) in &parts.headers {
        answer.append_header((name.as_str(), value.as_bytes()));
    }
    answer.body(body)
}

/// Delivers webhooks as they become due, each on its own, so that a slow receiver holds up no
/// other. A delivery that fails is not tried again: whether and when to repeat one is the
/// platform's to say.
async fn deliver_webhooks(sandbox: &Arc<Mutex<Sandbox>>) {
    let mut deliveries = JoinSet::new();
    let mut ticks = tokio::time::interval(DELIVERY_INTERVAL);
    loop {
        ticks.tick().await;
        while deliveries.try_join_next().is_some() {}
        for outgoing in lock(sandbox).take_due(now()) {
            let sandbox = Arc::clone(sandbox);
            deliveries.spawn(async move {
                let outcome = match deliver::deliver(&outgoing).await {
                    Ok(status) => Outcome::Answered(status),
                    Err(error) => Outcome::Failed(error.to_string()),
                };
                lock(&sandbox).delivered(&outgoing, outcome);
            });
        }
    }
}

fn lock(sandbox: &Mutex<Sandbox>) -> MutexGuard<'_, Sandbox> {
    sandbox.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server is where simulated time meets the clock"
)]
fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}
