//! Reading nodes and edges: what `fields` asks for, and who may see it.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::error::{GraphError, Outcome};
use super::fields::{self, Asked};
use super::filter::Filters;
use super::graph::{Kind, Node};
use super::insights;
use super::paging::{self, Place};
use super::scopes;
use super::session::{Session, TokenKind};
use super::state::State;
use crate::world::World;

/// What a post or a medium can be asked for though the list of fields doesn't have it: edges that
/// the sandbox holds as part of the node.
const HELD_EDGES: &[(Kind, &str)] = &[
    (Kind::Post, "attachments"),
    (Kind::Post, "comments"),
    (Kind::Post, "reactions"),
    (Kind::Post, "likes"),
    (Kind::Media, "children"),
    (Kind::Media, "comments"),
    (Kind::Page, "picture"),
    (Kind::Page, "roles"),
    (Kind::User, "picture"),
];

/// What a request is answered from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    pub(super) state: &'a State,
    pub(super) session: &'a Session,
    pub(super) token: &'a str,
    pub(super) version: &'static str,
    pub(super) world: &'a World,
}

impl<'a> Reader<'a> {
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.world.now
    }

    /// The node behind an id, where this token may see it.
    pub(super) fn find(&self, id: &str, method: &str) -> Outcome<&'a Node> {
        let id = if id == "me" { self.session.me() } else { id };
        self.state
            .graph
            .get(id)
            .filter(|node| self.sees(node))
            .ok_or_else(|| GraphError::no_object(method, id))
    }

    /// Whether the token's owner has what a node belongs to.
    fn sees(&self, node: &Node) -> bool {
        match self.session.kind {
            TokenKind::App => node.kind == Kind::App,
            TokenKind::Page => self.session.page.as_deref() == Some(&node.owner),
            TokenKind::User | TokenKind::SystemUser if node.kind == Kind::User => {
                node.id == self.session.user
            }
            TokenKind::User | TokenKind::SystemUser => self.session.reaches(&node.owner),
        }
    }

    /// A node with what is asked of it.
    pub(super) fn node(&self, node: &Node, expression: Option<&str>) -> Outcome<Value> {
        scopes::check(self.session, node.kind, "", false)?;
        let asked = expression.map(fields::parse).transpose()?;
        self.project(node, asked.as_deref(), "")
    }

    /// An edge with what the parameters ask for.
    pub(super) fn edge(
        &self,
        node: &Node,
        edge: &str,
        parameters: &[(String, String)],
    ) -> Outcome<Value> {
        let Some(edge) = node.kind.edges().iter().find(|known| **known == edge) else {
            let held = HELD_EDGES.contains(&(node.kind, edge));
            return match node.fields.get(edge).filter(|_| held) {
                Some(value) => Ok(value.clone()),
                None if held => Ok(json!({ "data": [] })),
                None => Err(GraphError::no_field(edge, node.kind.name())),
            };
        };
        let get = |name: &str| {
            let found = parameters.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str())
        };
        let instagram =
            get("platform").is_some_and(|platform| platform.eq_ignore_ascii_case("instagram"));
        if node.kind == Kind::User && *edge == "accounts" && !self.session.allows("pages_show_list")
        {
            // Not refused: a person who shares no list of pages has none.
            return Ok(json!({ "data": [] }));
        }
        scopes::check(self.session, node.kind, edge, instagram)?;
        if matches!(node.kind, Kind::Page) && self.session.kind != TokenKind::Page {
            return Err(GraphError::page_token());
        }
        let place = Place {
            version: self.version,
            node: &node.id,
            edge,
            token: self.token,
            parameters,
        };
        let ended = self.session.data_access_ends();
        if ended.is_some_and(|end| end <= self.now()) && *edge != "permissions" {
            // The token still works, and every list is empty.
            return Ok(json!({ "data": [] }));
        }
        match (node.kind, *edge) {
            (Kind::User, "permissions") => Ok(self.permissions()),
            (Kind::Page, "subscribed_apps") => {
                Ok(self.state.subscriptions.list(&node.id, get("fields")))
            }
            (Kind::App, "subscriptions") if self.session.kind != TokenKind::App => {
                Err(GraphError::app_token())
            }
            (Kind::App, "subscriptions") => Ok(self
                .state
                .subscriptions
                .list_app(self.state.settings.callback.as_ref())),
            (Kind::Catalog, "check_batch_request_status") => {
                self.state
                    .batches
                    .status(&node.id, get("handle"), self.now())
            }
            (_, "insights") => insights::read(self, node, place),
            _ => self.list(node, edge, place),
        }
    }

    /// A list of nodes, filtered and cut.
    fn list(&self, node: &Node, edge: &'static str, place: Place<'_>) -> Outcome<Value> {
        let filters = Filters::read(place.parameters)?;
        if (node.kind, edge) == (Kind::Page, "ratings") && self.state.settings.ratings_deprecated {
            return Err(GraphError::new(
                12,
                "(#12) ratings field is deprecated for versions v22.0 and higher",
            ));
        }
        let nodes: Vec<&Node> = self
            .state
            .graph
            .list(&node.id, edge)
            .into_iter()
            .filter(|item| self.sees(item) && filters.allow(item, edge, self.version, self.now()))
            .collect();
        let most = match edge {
            "published_posts" | "feed" | "media" => 100,
            _ => 500,
        };
        let page = paging::cut(&nodes, |item| item.id.clone(), most, place)?;
        let asked = place
            .parameters
            .iter()
            .find(|(name, _)| name == "fields")
            .map(|(_, text)| fields::parse(text))
            .transpose()?;
        let data = page
            .items
            .iter()
            .filter(|item| !item.withheld)
            .map(|item| self.project(item, asked.as_deref(), edge))
            .collect::<Outcome<Vec<Value>>>()?;
        Ok(paging::body(&data, page.paging))
    }

    /// A node as it is sent: what is asked for where it is there, and always its id.
    pub(super) fn project(
        &self,
        node: &Node,
        asked: Option<&[Asked]>,
        edge: &str,
    ) -> Outcome<Value> {
        let mut sent = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                sent.insert(name.to_owned(), value);
            }
        };
        match asked {
            None => {
                for name in node.kind.usual(edge) {
                    put(name, self.value(node, name));
                }
            }
            Some(asked) => {
                for one in asked {
                    put(&one.name, self.asked(node, one)?);
                }
            }
        }
        if node.kind.has_id() {
            sent.insert("id".to_owned(), node.id.as_str().into());
        }
        Ok(Value::Object(sent))
    }

    /// One name that is asked for; `None` where the node has nothing there.
    fn asked(&self, node: &Node, asked: &Asked) -> Outcome<Option<Value>> {
        let name = asked.name.as_str();
        if let Some(other) = node.links.get(name).and_then(|id| self.state.graph.get(id)) {
            return self
                .project(other, Some(asked.below.as_deref().unwrap_or(&[])), "")
                .map(Some);
        }
        if node.kind.edges().contains(&name) {
            let mut parameters = asked.arguments.clone();
            if let Some(below) = &asked.below {
                parameters.push(("fields".to_owned(), written(below)));
            }
            let page = self.edge(node, name, &parameters)?;
            let empty = page
                .get("data")
                .and_then(Value::as_array)
                .is_some_and(Vec::is_empty);
            return Ok((!empty).then_some(page));
        }
        if !fields::exists(node.kind.name(), name) && !HELD_EDGES.contains(&(node.kind, name)) {
            return Err(GraphError::no_field(name, node.kind.name()));
        }
        Ok(self
            .value(node, name)
            .map(|value| pick(value, asked.below.as_deref())))
    }

    /// A field's value, worked out or held.
    fn value(&self, node: &Node, name: &str) -> Option<Value> {
        match (node.kind, name) {
            (Kind::Page, "access_token") => {
                let shown = self.session.kind != TokenKind::App;
                shown.then(|| self.session.page_token(&node.id, self.world).into())
            }
            (Kind::ReportRun, _) => self.state.reports.field(&node.id, name, self.now()),
            (Kind::Media, _) => insights::media::shown(node, name, self.world)
                .or_else(|| node.fields.get(name).cloned()),
            _ => node.fields.get(name).cloned(),
        }
    }

    fn permissions(&self) -> Value {
        let declined = self.state.authority.declined.get(&self.session.user);
        let granted = self.session.scopes.iter().map(|name| (name, "granted"));
        let declined = declined
            .into_iter()
            .flatten()
            .map(|name| (name, "declined"));
        let data: Vec<Value> = granted
            .chain(declined)
            .map(|(permission, status)| json!({ "permission": permission, "status": status }))
            .collect();
        json!({ "data": data })
    }
}

/// An expression as text again, for the address of the next page.
fn written(asked: &[Asked]) -> String {
    let one = |asked: &Asked| {
        let arguments: String = asked
            .arguments
            .iter()
            .map(|(name, value)| format!(".{name}({value})"))
            .collect();
        let below = asked
            .below
            .as_ref()
            .map(|below| format!("{{{}}}", written(below)))
            .unwrap_or_default();
        format!("{}{arguments}{below}", asked.name)
    };
    asked.iter().map(one).collect::<Vec<_>>().join(",")
}

/// Picks what is asked for out of an object that is part of a node, or out of each of several.
fn pick(value: Value, below: Option<&[Asked]>) -> Value {
    let Some(below) = below else {
        return value;
    };
    match value {
        Value::Array(items) => items
            .into_iter()
            .map(|item| pick(item, Some(below)))
            .collect(),
        Value::Object(mut object) => {
            if let Some(data) = object.remove("data") {
                object.insert("data".to_owned(), pick(data, Some(below)));
                return Value::Object(object);
            }
            let picked = below.iter().filter_map(|asked| {
                let value = object.get(&asked.name)?.clone();
                Some((asked.name.clone(), pick(value, asked.below.as_deref())))
            });
            let mut picked: Map<String, Value> = picked.collect();
            if let Some(id) = object.get("id") {
                picked.insert("id".to_owned(), id.clone());
            }
            Value::Object(picked)
        }
        other => other,
    }
}
