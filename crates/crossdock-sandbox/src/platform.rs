//! What one emulated platform is to the sandbox: a pure answerer of calls.
//!
//! A platform module holds state and answers calls from it. It never reads the clock, opens a
//! socket or draws randomness of its own: all of that is in the [`Call`] and the [`World`], so that
//! a test can drive the whole sandbox in process with a paused clock and get the same answers twice.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, Response, StatusCode};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::answer;
use crate::world::World;

/// One request as the platform's own server would see it.
///
/// The router has already taken the gateway form (`/HOST/PATH`) apart, so `host` and `path` are
/// those of the real platform.
#[derive(Debug)]
pub struct Call<'a> {
    /// The platform's host, lower case, without a port: `api.alias.org`.
    pub host: &'a str,
    /// The HTTP method.
    pub method: &'a Method,
    /// The path, percent-encoded as it came: `/api/v1/catalog`.
    pub path: &'a str,
    /// The query's pairs, decoded, in the order in which they came.
    pub query: Vec<(String, String)>,
    /// All headers.
    pub headers: &'a HeaderMap,
    /// The body's bytes.
    pub body: &'a Bytes,
    /// Simulated time.
    pub now: DateTime<Utc>,
    /// Where the sandbox itself can be reached, without a trailing slash:
    /// `http://127.0.0.1:9400`. Consent forms post back here; a platform's own links
    /// (`next`, download addresses) keep the platform's real host.
    pub sandbox: &'a Url,
}

impl Call<'_> {
    /// The first query value with this name.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every query value with this name, in order.
    pub fn query_all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.query
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A header's value where it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// One file of recorded replies, offered to every platform when a folder is loaded.
#[derive(Debug)]
pub struct SeedFile<'a> {
    /// The path below the folder that is being loaded, with `/` between its parts.
    pub path: &'a str,
    /// The file's bytes, as they lie on the disk.
    pub bytes: &'a [u8],
    /// The file `NAME.http.json` beside `NAME.json`, where there is one: request, status, headers.
    pub exchange: Option<&'a [u8]>,
}

/// What a platform made of a [`SeedFile`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum SeedOutcome {
    /// The file belongs to another platform, or to none.
    NotMine,
    /// Objects were taken from it: the stream they belong to, and how many. The same object in two
    /// files counts in both; the platform's [`Platform::census`] counts it once.
    Taken {
        /// Pairs of stream and number of objects.
        streams: Vec<(String, u64)>,
    },
    /// The file is this platform's but nothing in it belongs to a stream, and why.
    Passed {
        /// One sentence for a person.
        reason: String,
    },
}

/// How much data to make up when no recordings are loaded.
#[derive(Clone, Debug)]
pub struct Size {
    /// Products in a shop, items in a catalogue.
    pub products: u32,
    /// Orders.
    pub orders: u32,
}

impl Default for Size {
    /// Enough to need several pages of everything, and to be read whole in a second.
    fn default() -> Self {
        Self {
            products: 60,
            orders: 80,
        }
    }
}

/// A refused control request: what was wrong, for the person who sent it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ControlError(pub String);

/// One emulated platform.
pub trait Platform: fmt::Debug + Send {
    /// The platform's id, as in `/_sandbox/platforms/{id}`: `alias`.
    fn id(&self) -> &'static str;

    /// Whether a host (lower case, without a port) is this platform's.
    fn serves(&self, host: &str) -> bool;

    /// Answers one call, in the platform's own words, headers and status codes.
    fn answer(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes>;

    /// How this platform words a refusal that a fault asked for, such as 429 or 503, when the fault
    /// brings no body of its own. An empty body where the platform's wording is unknown.
    fn refusal(&self, status: StatusCode, world: &mut World) -> Response<Bytes> {
        let _ = world;
        answer::empty(status)
    }

    /// Makes up data, the same for the same size and seed (`world.seed`).
    fn generate(&mut self, size: &Size, world: &mut World);

    /// Offers one recorded file. Called for every file of a folder, in path order.
    fn load(&mut self, file: &SeedFile<'_>) -> SeedOutcome;

    /// Called once after the last [`Platform::load`]: join what files said apart.
    fn settle(&mut self, world: &mut World);

    /// How many objects there are now, by stream: what a complete sync must find.
    fn census(&self) -> Vec<(&'static str, u64)>;

    /// A control verb of this platform's own (`POST /_sandbox/platforms/{id}/{verb}`), such as
    /// changing a price or revoking a token.
    ///
    /// # Errors
    /// [`ControlError`] when the verb is unknown or its body is wrong.
    fn control(
        &mut self,
        verb: &str,
        body: &Value,
        world: &mut World,
    ) -> Result<Value, ControlError>;
}
