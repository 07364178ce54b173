//! The sandbox: every platform behind one door.

use std::io;
use std::path::Path;

use bytes::Bytes;
use chrono::{DateTime, Datelike as _, NaiveTime, TimeDelta, Utc};
use http::{Request, Response, StatusCode, Uri};
use serde_json::{Value, json};
use url::Url;

use crate::deliveries::{Deliveries, Delivery, Outcome};
use crate::faults::{Effect, Fault, Faults, Shape};
use crate::load::{self, Counts, LoadReport};
use crate::platform::{Call, ControlError, Platform, Size};
use crate::received::{self, Ended, Log, Received};
use crate::route::{self, Target};
use crate::world::{Outgoing, World};
use crate::{answer, control, platforms, range};

/// What a new sandbox is made of.
#[derive(Clone, Debug)]
pub struct Options {
    /// What all generated data follows from.
    pub seed: u64,
    /// How much data to make up.
    pub size: Size,
    /// The point in time before which all generated data lies. Two sandboxes hold the same data
    /// only when it is the same for both.
    pub as_of: DateTime<Utc>,
    /// Where the sandbox can be reached, for links to its own pages. The server sets it to where it
    /// listens.
    pub address: Url,
}

impl Options {
    /// The usual sandbox: seed 1, the default size, reached at port 9400.
    ///
    /// Data is made up as of the beginning of the month of `now`: recent enough for clients that
    /// read the last weeks, and the same when a sandbox is started again.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a constant address parses")]
    pub fn new(now: DateTime<Utc>) -> Self {
        let address = Url::parse("http://127.0.0.1:9400").expect("a valid address");
        let day = now.date_naive();
        let as_of = day
            .with_day(1)
            .unwrap_or(day)
            .and_time(NaiveTime::MIN)
            .and_utc();
        Self {
            seed: 1,
            size: Size::default(),
            as_of,
            address,
        }
    }
}

/// What became of a request.
#[derive(Debug)]
pub enum Reply {
    /// It was answered. A [`crate::faults::Delay`] among the extensions says that the answer is to
    /// be late.
    Answer(Response<Bytes>),
    /// It was processed, but its answer never arrives.
    LostReply,
    /// It was refused before it was processed.
    NotSent,
}

impl Reply {
    /// The answer, where there is one.
    #[must_use]
    pub fn answer(self) -> Option<Response<Bytes>> {
        match self {
            Self::Answer(response) => Some(response),
            Self::LostReply | Self::NotSent => None,
        }
    }
}

/// All emulated platforms, and what they share.
///
/// A sandbox reads no clock: the caller says what time it is. Simulated time is that time plus what
/// the control API moved the clock by.
#[derive(Debug)]
pub struct Sandbox {
    platforms: Vec<Box<dyn Platform>>,
    world: World,
    options: Options,
    offset: TimeDelta,
    faults: Faults,
    log: Log,
    deliveries: Deliveries,
}

impl Sandbox {
    /// A sandbox with made-up data.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self::with_platforms(options, platforms::all())
    }

    /// A sandbox of one built-in platform, with made-up data: made sooner than one of all.
    #[must_use]
    pub fn of(options: Options, platform: &str) -> Self {
        let mut platforms = platforms::all();
        platforms.retain(|candidate| candidate.id() == platform);
        Self::with_platforms(options, platforms)
    }

    /// A sandbox of other platforms than the built-in ones, with made-up data: for emulating one
    /// that isn't part of this crate.
    #[must_use]
    pub fn with_platforms(options: Options, platforms: Vec<Box<dyn Platform>>) -> Self {
        let mut sandbox = Self {
            platforms,
            world: World::new(options.seed, options.as_of),
            options,
            offset: TimeDelta::zero(),
            faults: Faults::default(),
            log: Log::default(),
            deliveries: Deliveries::default(),
        };
        for platform in &mut sandbox.platforms {
            platform.generate(&sandbox.options.size, &mut sandbox.world);
        }
        sandbox
    }

    /// Replaces all data by the recorded replies in a folder. The platforms are the built-in ones
    /// afterwards, each with what was recorded of it and nothing else.
    ///
    /// # Errors
    /// When the folder, or a file in it, cannot be read. The sandbox then keeps what it had.
    pub fn load_dir(&mut self, dir: &Path) -> io::Result<LoadReport> {
        let mut platforms = platforms::all();
        let mut world = World::new(self.options.seed, self.world.now);
        let report = load::load(dir, &mut platforms, &mut world)?;
        self.platforms = platforms;
        self.world = world;
        Ok(report)
    }

    /// Answers one request; `now` is the caller's clock.
    ///
    /// The address of the request may be the real one, or that of the gateway form; see the
    /// [crate's page](crate).
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a request is sent once; its sender is done"
    )]
    pub fn handle(&mut self, request: Request<Bytes>, now: DateTime<Utc>) -> Reply {
        self.world.now = now + self.offset;
        let target = route::target(request.uri(), request.headers(), |host| {
            self.platforms.iter().any(|platform| platform.serves(host))
        });
        match target {
            Target::Control(path) => Reply::Answer(self.control_call(&path, &request)),
            Target::Platform { host, path } => self.platform_call(&host, &path, &request),
        }
    }

    /// Spoils requests to come.
    pub fn inject(&mut self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Takes back all faults.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// The faults that have not struck as often as they may.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        self.faults.list()
    }

    /// The last thousand requests to platforms, oldest first, without secrets.
    #[must_use = "reading the log changes nothing"]
    pub fn received(&self) -> impl DoubleEndedIterator<Item = &Received> {
        self.log.iter()
    }

    /// Forgets the requests received so far. Their numbers go on.
    pub fn clear_received(&mut self) {
        self.log.clear();
    }

    /// How many objects there are, by platform and stream: what a complete sync must find.
    #[must_use]
    pub fn census(&self) -> Counts {
        load::census(&self.platforms)
    }

    /// Runs a control verb of one platform; each platform's module documents its own.
    ///
    /// # Errors
    /// When there is no such platform or verb, or the body is wrong.
    pub fn control(
        &mut self,
        platform: &str,
        verb: &str,
        body: &Value,
    ) -> Result<Value, ControlError> {
        let found = self
            .platforms
            .iter_mut()
            .find(|candidate| candidate.id() == platform);
        let found =
            found.ok_or_else(|| ControlError(format!("there is no platform `{platform}`")))?;
        found.control(verb, body, &mut self.world)
    }

    /// Simulated time, as of the last request.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.world.now
    }

    /// How far simulated time is ahead of the caller's clock.
    #[must_use]
    pub fn offset(&self) -> TimeDelta {
        self.offset
    }

    /// Moves simulated time on for all requests to come.
    pub fn advance(&mut self, by: TimeDelta) {
        self.offset += by;
        self.world.now += by;
    }

    /// Takes out the webhooks that are due; `now` is the caller's clock. The caller delivers them.
    pub fn take_due(&mut self, now: DateTime<Utc>) -> Vec<Outgoing> {
        self.world.now = now + self.offset;
        let now = self.world.now;
        self.world
            .outbox
            .extract_if(.., |outgoing| outgoing.due <= now)
            .collect()
    }

    /// Notes what became of a webhook.
    pub fn delivered(&mut self, outgoing: &Outgoing, outcome: Outcome) {
        self.deliveries.add(outgoing, self.world.now, outcome);
    }

    /// What became of the last webhooks, oldest first.
    #[must_use = "reading the deliveries changes nothing"]
    pub fn deliveries(&self) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.deliveries.iter()
    }

    /// The webhooks that wait.
    #[must_use]
    pub fn outbox(&self) -> &[Outgoing] {
        &self.world.outbox
    }

    /// The ids of the emulated platforms.
    pub fn platforms(&self) -> impl Iterator<Item = &'static str> {
        self.platforms.iter().map(|platform| platform.id())
    }

    /// Says where the sandbox can be reached.
    pub fn set_address(&mut self, address: Url) {
        self.options.address = address;
    }

    /// What the control API answers, or the page of a platform.
    fn control_call(&mut self, path: &str, request: &Request<Bytes>) -> Response<Bytes> {
        if route::is_foreign(request.headers()) {
            let body = json!({"error": "the control API does not answer pages of other sites"});
            return answer::json(StatusCode::FORBIDDEN, &body);
        }
        let Some(rest) = path.strip_prefix("/pages/") else {
            return control::answer(self, path, request);
        };
        let (id, rest) = rest.split_once('/').unwrap_or((rest, ""));
        match self
            .platforms
            .iter()
            .position(|platform| platform.id() == id)
        {
            Some(index) => self.ask(index, "_sandbox", &format!("/{rest}"), request),
            None => control::not_found(path),
        }
    }

    /// One request to a platform, with the faults that strike it, logged.
    fn platform_call(&mut self, host: &str, path: &str, request: &Request<Bytes>) -> Reply {
        let index = self
            .platforms
            .iter()
            .position(|platform| platform.serves(host));
        let platform = index
            .and_then(|index| self.platforms.get(index))
            .map(|platform| platform.id());
        let sent = request
            .uri()
            .query()
            .map_or_else(|| path.to_owned(), |q| format!("{path}?{q}"));
        let effect = platform.and_then(|platform| {
            self.faults.strike(&Shape {
                platform,
                host,
                method: request.method().as_str(),
                path: &sent,
                body: request.body(),
            })
        });
        let faulted = effect.is_some();
        let reply = match (index, effect) {
            (None, _) => Reply::Answer(unknown_host(host)),
            (Some(_), Some(Effect::NotSent)) => Reply::NotSent,
            (Some(index), effect) => self.spoilt(index, effect.as_ref(), host, path, request),
        };
        self.log.add(Received {
            number: 0,
            at: self.world.now,
            platform,
            host: host.to_owned(),
            method: request.method().to_string(),
            path: path.to_owned(),
            query: received::masked_pairs(&query_pairs(request.uri())),
            headers: received::masked_headers(request.headers()),
            body: received::masked_body(content_type(request), request.body()),
            ended: match &reply {
                Reply::Answer(response) => Ended::Answered(response.status().as_u16()),
                Reply::LostReply => Ended::LostReply,
                Reply::NotSent => Ended::NotSent,
            },
            faulted,
        });
        reply
    }

    /// The reply of a platform under the effect of a fault.
    fn spoilt(
        &mut self,
        index: usize,
        effect: Option<&Effect>,
        host: &str,
        path: &str,
        request: &Request<Bytes>,
    ) -> Reply {
        if let (Some(effect), Some(platform)) = (effect, self.platforms.get(index)) {
            let now = self.world.now;
            let words = |status| platform.refusal(status, &mut self.world);
            if let Some(refusal) = effect.refusal(now, words) {
                return Reply::Answer(refusal);
            }
        }
        let response = self.ask(index, host, path, request);
        match effect {
            Some(Effect::LostReply) => Reply::LostReply,
            Some(effect) => Reply::Answer(effect.spoil(response)),
            None => Reply::Answer(response),
        }
    }

    /// What a platform answers, with ranges cut.
    fn ask(
        &mut self,
        index: usize,
        host: &str,
        path: &str,
        request: &Request<Bytes>,
    ) -> Response<Bytes> {
        let Some(platform) = self.platforms.get_mut(index) else {
            return unknown_host(host);
        };
        let call = Call {
            host,
            method: request.method(),
            path,
            query: query_pairs(request.uri()),
            headers: request.headers(),
            body: request.body(),
            now: self.world.now,
            sandbox: &self.options.address,
        };
        range::cut(request.headers(), platform.answer(&call, &mut self.world))
    }
}

fn query_pairs(uri: &Uri) -> Vec<(String, String)> {
    url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .into_owned()
        .collect()
}

fn content_type(request: &Request<Bytes>) -> Option<&str> {
    request
        .headers()
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
}

fn unknown_host(host: &str) -> Response<Bytes> {
    let body = json!({
        "error": "no platform of this sandbox serves the host",
        "host": host,
        "help": "name a platform's host: /HOST/PATH, the header Host, or X-Sandbox-Host",
    });
    answer::json(StatusCode::MISDIRECTED_REQUEST, &body)
}
