//! What the sandbox holds: nodes, and the edges between them.
//!
//! As on the platform, everything is a node with an id, of some type, and lists hang on edges. What
//! is recorded and what is made up become the same thing this way.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::wire;

/// The types of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Ad,
    AdAccount,
    AdSet,
    App,
    Business,
    Campaign,
    Catalog,
    Creative,
    Form,
    InstagramUser,
    Lead,
    Media,
    Message,
    Page,
    Post,
    Product,
    Rating,
    ReportRun,
    Thread,
    User,
}

impl Kind {
    /// The type's name, as the platform's descriptions and refusals have it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ad => "Ad",
            Self::AdAccount => "AdAccount",
            Self::AdSet => "AdSet",
            Self::App => "Application",
            Self::Business => "Business",
            Self::Campaign => "Campaign",
            Self::Catalog => "ProductCatalog",
            Self::Creative => "AdCreative",
            Self::Form => "LeadgenForm",
            Self::InstagramUser => "IGUser",
            Self::Lead => "Lead",
            Self::Media => "IGMedia",
            Self::Message => "Message",
            Self::Page => "Page",
            Self::Post => "PagePost",
            Self::Product => "ProductItem",
            Self::Rating => "Recommendation",
            Self::ReportRun => "AdReportRun",
            Self::Thread => "UnifiedThread",
            Self::User => "User",
        }
    }

    /// What is sent of a node when nothing is asked for, besides its id. On an edge it can be more.
    pub(super) fn usual(self, edge: &str) -> &'static [&'static str] {
        match self {
            Self::Page if edge == "accounts" => {
                &["access_token", "category", "category_list", "name", "tasks"]
            }
            Self::User | Self::Page | Self::Business | Self::Catalog => &["name"],
            Self::Post => &["created_time", "message", "story"],
            Self::Rating => &[
                "created_time",
                "recommendation_type",
                "review_text",
                "reviewer",
            ],
            Self::Thread => &["link", "updated_time"],
            Self::Message => &["created_time"],
            Self::Form => &["name", "status", "locale"],
            Self::Lead => &["created_time", "field_data"],
            Self::AdAccount => &["account_id"],
            Self::Product => &["name", "retailer_id"],
            Self::ReportRun => &[
                "account_id",
                "time_ref",
                "time_completed",
                "async_status",
                "async_percent_completion",
                "date_start",
                "date_stop",
            ],
            Self::App => &["category", "link", "name", "subscribed_fields"],
            Self::Ad
            | Self::AdSet
            | Self::Campaign
            | Self::Creative
            | Self::InstagramUser
            | Self::Media => &[],
        }
    }

    /// The edges that can be read.
    pub(super) fn edges(self) -> &'static [&'static str] {
        match self {
            Self::User => &["accounts", "adaccounts", "businesses", "permissions"],
            Self::Page => &[
                "published_posts",
                "feed",
                "insights",
                "ratings",
                "conversations",
                "leadgen_forms",
                "subscribed_apps",
            ],
            Self::Post | Self::Media | Self::ReportRun => &["insights"],
            Self::Thread => &["messages"],
            Self::Form => &["leads"],
            Self::InstagramUser => &["media", "stories", "insights"],
            Self::AdAccount => &["campaigns", "adsets", "ads", "insights"],
            Self::Campaign => &["adsets", "ads", "insights"],
            Self::AdSet => &["ads", "insights"],
            Self::Ad => &["insights", "leads"],
            Self::Business => &["owned_product_catalogs", "owned_ad_accounts"],
            Self::Catalog => &["products", "check_batch_request_status"],
            Self::App => &["subscriptions"],
            Self::Creative | Self::Lead | Self::Message | Self::Product | Self::Rating => &[],
        }
    }

    /// Whether the type's nodes show an id. Recommendations have none of their own.
    pub(super) fn has_id(self) -> bool {
        self != Self::Rating
    }

    /// Whether nodes of this type can be archived or deleted, and are then left out of lists.
    pub(super) fn is_advertising(self) -> bool {
        matches!(self, Self::Campaign | Self::AdSet | Self::Ad)
    }
}

/// A node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) kind: Kind,
    /// The page, ad account, business or user that it belongs to: who has that may see it.
    pub(super) owner: String,
    /// What is asked for by name.
    pub(super) fields: Map<String, Value>,
    /// Fields that are other nodes, by their id.
    pub(super) links: BTreeMap<&'static str, String>,
    /// It takes its place in a page of a list, but isn't shown: hidden from apps, or limited to an
    /// audience.
    pub(super) withheld: bool,
}

impl Node {
    /// A node with the fields of a JSON object.
    pub(super) fn new(kind: Kind, id: &str, owner: &str, fields: Value) -> Self {
        let fields = match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        Self {
            id: id.to_owned(),
            kind,
            owner: owner.to_owned(),
            fields,
            links: BTreeMap::new(),
            withheld: false,
        }
    }

    /// The same, with a field that is another node.
    pub(super) fn link(mut self, name: &'static str, id: &str) -> Self {
        self.links.insert(name, id.to_owned());
        self
    }

    /// A field that is text; empty where it isn't there.
    pub(super) fn text(&self, name: &str) -> &str {
        self.fields
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// A field that is a time.
    pub(super) fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        wire::read_time(self.text(name))
    }

    /// Sets a field.
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.fields.insert(name.to_owned(), value.into());
    }
}

/// All nodes, and the lists on their edges.
#[derive(Debug, Default)]
pub(super) struct Graph {
    nodes: BTreeMap<String, Node>,
    edges: BTreeMap<(String, &'static str), Vec<String>>,
}

impl Graph {
    /// The node behind an id.
    pub(super) fn get(&self, id: &str) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// The node behind an id, to be changed.
    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Node> {
        self.nodes.get_mut(id)
    }

    /// All nodes of a type.
    pub(super) fn all(&self, kind: Kind) -> impl Iterator<Item = &Node> {
        self.nodes.values().filter(move |node| node.kind == kind)
    }

    /// Adds a node that hangs on no edge, or replaces it.
    pub(super) fn insert(&mut self, node: Node) {
        self.nodes.insert(node.id.clone(), node);
    }

    /// Adds a new node at the end of edges: those of other nodes, or several of one.
    pub(super) fn append(&mut self, node: Node, edges: &[(&str, &'static str)]) {
        for (from, edge) in edges {
            let list = self.edges.entry(((*from).to_owned(), edge)).or_default();
            list.push(node.id.clone());
        }
        self.insert(node);
    }

    /// Adds a node at the beginning of edges, where the newest are.
    pub(super) fn prepend(&mut self, node: Node, edges: &[(&str, &'static str)]) {
        for (from, edge) in edges {
            let list = self.edges.entry(((*from).to_owned(), edge)).or_default();
            list.retain(|id| *id != node.id);
            list.insert(0, node.id.clone());
        }
        self.insert(node);
    }

    /// Hangs a node on the end of an edge, unless it is there already.
    pub(super) fn connect(&mut self, from: &str, edge: &'static str, id: &str) {
        let list = self.edges.entry((from.to_owned(), edge)).or_default();
        if !list.iter().any(|held| held == id) {
            list.push(id.to_owned());
        }
    }

    /// Moves a node to the beginning of an edge.
    pub(super) fn raise(&mut self, from: &str, edge: &'static str, id: &str) {
        let list = self.edges.entry((from.to_owned(), edge)).or_default();
        list.retain(|held| held != id);
        list.insert(0, id.to_owned());
    }

    /// Takes a node away, from all lists too; false where there is none.
    pub(super) fn remove(&mut self, id: &str) -> bool {
        for list in self.edges.values_mut() {
            list.retain(|held| held != id);
        }
        self.nodes.remove(id).is_some()
    }

    /// The nodes on an edge, in its order.
    pub(super) fn list<'g>(&'g self, from: &str, edge: &'static str) -> Vec<&'g Node> {
        self.edges
            .get(&(from.to_owned(), edge))
            .into_iter()
            .flatten()
            .filter_map(|id| self.nodes.get(id))
            .collect()
    }

    /// Orders the nodes of an edge by a time, the newest first.
    pub(super) fn sort_newest_first(&mut self, from: &str, edge: &'static str, field: &str) {
        if let Some(list) = self.edges.get_mut(&(from.to_owned(), edge)) {
            let nodes = &self.nodes;
            list.sort_by_cached_key(|id| {
                std::cmp::Reverse(nodes.get(id).and_then(|node| node.time(field)))
            });
        }
    }
}
