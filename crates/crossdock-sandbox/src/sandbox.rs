//! The sandbox: every platform behind one door.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, Request, Response, StatusCode, Uri};
use url::Url;

use crate::platform::{Call, Platform, Size};
use crate::platforms;
use crate::world::World;

/// What a new sandbox is made of.
#[derive(Clone, Debug)]
pub struct Options {
    /// What all generated data follows from.
    pub seed: u64,
    /// How much data to make up.
    pub size: Size,
    /// Simulated time at the start: generated data lies before it.
    pub now: DateTime<Utc>,
    /// Where the sandbox can be reached, for links to its own pages.
    pub address: Url,
}

/// What became of a request.
#[derive(Debug)]
pub enum Reply {
    /// It was answered.
    Answer(Response<Bytes>),
    /// It was processed, but its answer never arrives.
    LostReply,
    /// It was refused before it was processed.
    NotSent,
}

/// All emulated platforms, and what they share.
#[derive(Debug)]
pub struct Sandbox {
    platforms: Vec<Box<dyn Platform>>,
    world: World,
    address: Url,
}

impl Sandbox {
    /// A sandbox with made-up data.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let mut sandbox = Self {
            platforms: platforms::all(),
            world: World::new(options.seed, options.now),
            address: options.address.clone(),
        };
        for platform in &mut sandbox.platforms {
            platform.generate(&options.size, &mut sandbox.world);
        }
        sandbox
    }

    /// Answers one request at a point in simulated time.
    pub fn handle(&mut self, request: Request<Bytes>, now: DateTime<Utc>) -> Reply {
        self.world.now = now;
        let (parts, body) = request.into_parts();
        let Some((host, path)) = target(&parts.uri, &parts.headers) else {
            return Reply::Answer(status(StatusCode::MISDIRECTED_REQUEST));
        };
        let Some(platform) = self
            .platforms
            .iter_mut()
            .find(|platform| platform.serves(&host))
        else {
            return Reply::Answer(status(StatusCode::MISDIRECTED_REQUEST));
        };
        let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
        let call = Call {
            host: &host,
            method: &parts.method,
            path: &path,
            query,
            headers: &parts.headers,
            body: &body,
            now,
            sandbox: &self.address,
        };
        Reply::Answer(platform.answer(&call, &mut self.world))
    }
}

/// The real platform's host and path that a request means.
fn target(uri: &Uri, _headers: &HeaderMap) -> Option<(String, String)> {
    let path = uri.path().strip_prefix('/')?;
    let (host, rest) = path.split_once('/').unwrap_or((path, ""));
    host.contains('.')
        .then(|| (host.to_ascii_lowercase(), format!("/{rest}")))
}

fn status(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}
