//! Meta: pages, Instagram, ads, leads, conversations and catalogues, by the Graph API at
//! `graph.facebook.com`, with the login dialog at `www.facebook.com`.
//!
//! What it does is what Meta's descriptions of v25.0 and v26.0 and the guides of the Graph API say;
//! what no page says is marked "inferred" where it is decided.
//!
//! The app `100000000000001` (secret `sandbox-meta-secret`) belongs to everybody. It insists on
//! `appsecret_proof`; the control verb `settings/set` lets it not. `sbx_meta_user_demo` is a
//! long-lived token of the person who runs a photographer's studio, `sbx_meta_system_user_demo`
//! that of the studio's system user; neither expires.

mod batch;
mod batches;
mod control;
mod dialog;
mod error;
mod exchange;
mod fields;
mod filter;
mod generate;
mod graph;
mod happenings;
mod insights;
mod load;
mod paging;
mod read;
mod reports;
mod request;
mod scopes;
mod session;
mod state;
mod subscriptions;
mod usage;
mod version;
mod webhooks;
mod wire;
mod write;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Method, Response, StatusCode};
use serde_json::{Map, Value};

use crate::answer;
use crate::platform::{Call, ControlError, Platform, SeedFile, SeedOutcome, Size};
use crate::world::World;

use self::error::{GraphError, Outcome};
use self::graph::Kind;
use self::load::Loader;
use self::read::Reader;
use self::request::Request;
use self::state::State;
use self::usage::{Standing, UseCase};

/// The platform's id.
const ID: &str = "meta";

/// Where people log in.
const DIALOG_HOST: &str = "www.facebook.com";

/// Where the API is; the second one takes and gives videos, and answers the same.
const GRAPH_HOSTS: [&str; 2] = ["graph.facebook.com", "graph-video.facebook.com"];

/// The emulated platform.
#[derive(Debug, Default)]
pub(crate) struct Meta {
    state: State,
    loader: Loader,
    /// The latest time that is known here: what the census goes by.
    clock: DateTime<Utc>,
}

/// What became of a request, and what its headers say.
struct Reply {
    outcome: Outcome<Value>,
    version: &'static str,
    standing: Option<Standing>,
}

impl Reply {
    fn new(outcome: Outcome<Value>, version: &'static str) -> Self {
        Self {
            outcome,
            version,
            standing: None,
        }
    }
}

impl Meta {
    /// A call to the Graph API.
    fn graph(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes> {
        self.state.batches.work(&mut self.state.graph, world.now);
        let reply = match Request::from_call(call) {
            Ok(request) => self.dispatch(&request, true, world),
            Err(error) => Reply::new(Err(error), version::NEWEST),
        };
        let trace = trace(world);
        let mut response = match &reply.outcome {
            Ok(body) => wire::json(StatusCode::OK, body),
            Err(error) => error.response(&trace),
        };
        if let Some(standing) = &reply.standing {
            standing.tell(&mut response);
        }
        answer::set(&mut response, "facebook-api-version", reply.version);
        answer::set(&mut response, "x-fb-trace-id", &trace);
        answer::set(&mut response, "x-fb-rev", "1030000001");
        response
    }

    /// Answers a request, or a part of a batch (`outer` is false), whose proof the batch has shown.
    fn dispatch(&mut self, request: &Request, outer: bool, world: &mut World) -> Reply {
        let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
        let outcome = match (&request.method, segments.as_slice()) {
            (&Method::GET | &Method::POST, ["oauth", "access_token"]) => {
                exchange::access_token(request, &mut self.state.authority, world)
            }
            (&Method::GET, ["debug_token"]) => self.debug_token(request, world),
            _ => return self.with_token(request, &segments, outer, world),
        };
        Reply::new(outcome, request.version)
    }

    /// `debug_token`: asked with the app's own token, or any token that the app was given.
    fn debug_token(&self, request: &Request, world: &World) -> Outcome<Value> {
        let authority = &self.state.authority;
        let token = request.token.as_deref().ok_or_else(|| {
            GraphError::new(104, "An access token is required to request this resource.")
        })?;
        authority.authenticate(token, world)?;
        let input = request
            .get("input_token")
            .ok_or_else(|| GraphError::parameter("The parameter input_token is required"))?;
        Ok(authority.describe(input, world))
    }

    /// What needs a token: everything that is read or written.
    fn with_token(
        &mut self,
        request: &Request,
        segments: &[&str],
        outer: bool,
        world: &mut World,
    ) -> Reply {
        let version = request.version;
        let session = request
            .token
            .as_deref()
            .ok_or_else(|| match segments.first() {
                Some(&"me") => GraphError::new(
                    2500,
                    "An active access token must be used to query information about the current user.",
                ),
                _ => GraphError::new(104, "An access token is required to request this resource."),
            })
            .and_then(|token| {
                let session = self.state.authority.authenticate(token, world)?;
                let own = request.get("access_token").is_some();
                if outer || own {
                    self.state.authority.check_proof(
                        token,
                        request.get("appsecret_proof"),
                        request.get("appsecret_time"),
                        world.now,
                    )?;
                }
                Ok(session)
            });
        let session = match session {
            Ok(session) => session,
            Err(error) => return Reply::new(Err(error), version),
        };
        if segments.is_empty() && request.method == Method::POST && outer {
            return Reply::new(batch::run(self, request, world), version);
        }
        let token = request.token.as_deref().unwrap_or_default();
        let place = {
            let reader = Reader {
                state: &self.state,
                session: &session,
                token,
                version,
                world,
            };
            let first = segments.first().copied().unwrap_or("me");
            reader.find(first, request.method.as_str()).map(|node| {
                let edge = segments.get(1).copied().unwrap_or_default();
                (UseCase::of(node, edge), node.owner.clone(), node.id.clone())
            })
        };
        let (use_case, asset, id) = match place {
            Ok(place) => place,
            Err(error) => return Reply::new(Err(error), version),
        };
        let (standing, refusal) = self.state.usage.count(use_case, &asset, world.now);
        let outcome = match refusal {
            Some(refusal) => Err(refusal),
            None if request.method == Method::GET => {
                let reader = Reader {
                    state: &self.state,
                    session: &session,
                    token,
                    version,
                    world,
                };
                get(&reader, request, segments)
            }
            None => write::write(&mut self.state, &session, request, &id, segments, world),
        };
        Reply {
            outcome,
            version,
            standing: Some(standing),
        }
    }
}

/// Reads a node, an edge, or several nodes by `ids`.
fn get(reader: &Reader<'_>, request: &Request, segments: &[&str]) -> Outcome<Value> {
    match segments {
        [] => {
            let ids = request
                .get("ids")
                .ok_or_else(|| GraphError::parameter("The parameter ids is required"))?;
            let nodes = ids.split(',').filter(|id| !id.is_empty()).map(|id| {
                let node = reader.find(id, "GET")?;
                Ok((id.to_owned(), reader.node(node, request.get("fields"))?))
            });
            nodes
                .collect::<Outcome<Map<String, Value>>>()
                .map(Value::Object)
        }
        [id] => reader.node(reader.find(id, "GET")?, request.get("fields")),
        [id, edge] => reader.edge(reader.find(id, "GET")?, edge, &request.parameters),
        _ => Err(GraphError::new(
            2500,
            format!(
                "Unknown path components: /{}",
                segments.get(1..).unwrap_or_default().join("/")
            ),
        )),
    }
}

/// An id of one more request, as support asks for it.
fn trace(world: &mut World) -> String {
    let id: String = world
        .request_id()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(22)
        .collect();
    format!("A{id}")
}

impl Platform for Meta {
    fn id(&self) -> &'static str {
        ID
    }

    fn serves(&self, host: &str) -> bool {
        host == DIALOG_HOST || GRAPH_HOSTS.contains(&host)
    }

    fn answer(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes> {
        self.clock = world.now;
        if GRAPH_HOSTS.contains(&call.host) {
            return self.graph(call, world);
        }
        let path = call.path.trim_end_matches('/');
        match (call.host, call.method) {
            ("_sandbox", &Method::POST) if path == "/consent" => dialog::consent(call, world),
            (DIALOG_HOST, &Method::GET) if path.ends_with("/dialog/oauth") => {
                let first = self.state.graph.all(Kind::Page).next();
                dialog::authorize(call, first.map_or("", |page| page.id.as_str()))
            }
            _ => answer::with_body(
                StatusCode::NOT_FOUND,
                "text/html; charset=utf-8",
                "<!doctype html>\n<title>Page Not Found</title>\n<h1>This page isn't available</h1>\n",
            ),
        }
    }

    fn refusal(&self, status: StatusCode, world: &mut World) -> Response<Bytes> {
        let trace = trace(world);
        error::worded(status, &trace)
    }

    fn generate(&mut self, size: &Size, world: &mut World) {
        self.clock = world.now;
        generate::fill(&mut self.state, size, world);
    }

    fn load(&mut self, file: &SeedFile<'_>) -> SeedOutcome {
        self.loader.load(file)
    }

    fn settle(&mut self, world: &mut World) {
        self.clock = world.now;
        self.loader.settle(&mut self.state);
    }

    /// Metrics are left out: how many there are depends on the days and the metrics that are asked
    /// for, and each day adds some.
    fn census(&self) -> Vec<(&'static str, u64)> {
        let graph = &self.state.graph;
        let count = |kind: Kind, test: &dyn Fn(&graph::Node) -> bool| {
            let number = graph.all(kind).filter(|node| test(node)).count();
            u64::try_from(number).unwrap_or(u64::MAX)
        };
        let readable = |lead: &graph::Node| {
            let at = lead.time("created_time");
            at.is_some_and(|at| self.clock - at < filter::LEAD_LIFE)
        };
        // Stories are on an edge of their own, and gone after a day.
        let media = graph
            .all(Kind::InstagramUser)
            .map(|account| graph.list(&account.id, "media").len())
            .sum::<usize>();
        let media = u64::try_from(media).unwrap_or(u64::MAX);
        vec![
            ("page_posts", count(Kind::Post, &|post| !post.withheld)),
            ("instagram_media", media),
            ("ad_campaigns", count(Kind::Campaign, &|_| true)),
            ("leads", count(Kind::Lead, &readable)),
            ("conversations", count(Kind::Thread, &|_| true)),
            ("reviews", count(Kind::Rating, &|_| true)),
            ("products", count(Kind::Product, &|_| true)),
        ]
    }

    fn control(
        &mut self,
        verb: &str,
        body: &Value,
        world: &mut World,
    ) -> Result<Value, ControlError> {
        self.clock = world.now;
        control::control(&mut self.state, verb, body, world)
    }
}
