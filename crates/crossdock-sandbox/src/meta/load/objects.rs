//! One recorded object made a node.

use serde_json::{Map, Value, json};

use super::super::graph::{Graph, Kind, Node};
use super::super::insights::media::RECORDED;
use super::super::wire;

/// The Instagram account of media whose own isn't recorded.
const NO_ACCOUNT: &str = "17841400000000099";

/// Amounts that the platform writes as texts, and recordings by others as numbers.
const AMOUNTS: &[&str] = &[
    "budget_remaining",
    "daily_budget",
    "lifetime_budget",
    "source_campaign_id",
    "spend_cap",
];

fn text<'v>(item: &'v Value, name: &str) -> &'v str {
    item.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// An object's number, where it is one.
fn number<'v>(item: &'v Value, name: &str) -> Option<&'v str> {
    let text = text(item, name);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split('_').all(digits).then_some(text)
}

/// Adds to what is known of a node: another recording of it may have said other things.
fn merge(graph: &mut Graph, mut node: Node) -> String {
    let id = node.id.clone();
    if let Some(known) = graph.get_mut(&id) {
        known.fields.append(&mut node.fields);
        known.links.append(&mut node.links);
    } else {
        graph.insert(node);
    }
    id
}

/// The page with a number, made where it isn't there.
fn ensure_page(graph: &mut Graph, id: &str) {
    if graph.get(id).is_none() {
        let fields = json!({ "name": format!("Page {id}"), "category": "Brand", "tasks": ["ANALYZE", "MANAGE"] });
        graph.insert(Node::new(Kind::Page, id, id, fields));
    }
}

/// The Instagram account with a number, and the page that it hangs on, made where they aren't
/// there. Gives the page.
fn ensure_account(graph: &mut Graph, id: &str, page: Option<&str>) -> String {
    if let Some(known) = graph.get(id) {
        return known.owner.clone();
    }
    let page = page.map_or_else(|| format!("104{id}"), str::to_owned);
    ensure_page(graph, &page);
    if let Some(node) = graph.get_mut(&page) {
        node.links
            .insert("instagram_business_account", id.to_owned());
    }
    let fields = json!({ "username": format!("account.{id}") });
    graph.insert(Node::new(Kind::InstagramUser, id, &page, fields));
    page
}

fn ensure_ad_account(graph: &mut Graph, number: &str) -> String {
    let id = format!("act_{number}");
    if graph.get(&id).is_none() {
        let fields = json!({
            "account_id": number,
            "name": format!("Account {number}"),
            "currency": "USD",
            "timezone_name": "Etc/UTC",
            "timezone_offset_hours_utc": 0,
            "account_status": 1,
        });
        graph.insert(Node::new(Kind::AdAccount, &id, &id, fields));
    }
    id
}

/// A page, with the Instagram account that is linked to it.
pub(super) fn page(graph: &mut Graph, item: &Value) -> bool {
    let Some(id) = number(item, "id") else {
        return false;
    };
    ensure_page(graph, id);
    let mut fields = object(item);
    fields.remove("access_token");
    let linked = fields.remove("instagram_business_account");
    if let Some(account) = linked.as_ref().and_then(|it| number(it, "id")) {
        ensure_account(graph, account, Some(id));
    }
    merge(graph, Node::new(Kind::Page, id, id, Value::Object(fields)));
    true
}

/// An Instagram account, on the page that it names.
pub(super) fn account(graph: &mut Graph, item: &Value) -> bool {
    let Some(id) = number(item, "id") else {
        return false;
    };
    let page = ensure_account(graph, id, number(item, "page_id"));
    let mut fields = object(item);
    fields.remove("page_id");
    merge(
        graph,
        Node::new(Kind::InstagramUser, id, &page, Value::Object(fields)),
    );
    true
}

/// A post: its number begins with the page's.
pub(super) fn post(graph: &mut Graph, item: &Value) -> bool {
    let Some(id) = number(item, "id") else {
        return false;
    };
    let Some((page, _)) = id.split_once('_').filter(|_| is_time(item, "created_time")) else {
        return false;
    };
    ensure_page(graph, page);
    let node = Node::new(Kind::Post, id, page, item.clone());
    let id = merge(graph, node);
    graph.connect(page, "published_posts", &id);
    graph.connect(page, "feed", &id);
    true
}

/// A medium of an Instagram account.
pub(super) fn media(graph: &mut Graph, item: &Value) -> bool {
    let (Some(id), true) = (number(item, "id"), is_time(item, "timestamp")) else {
        return false;
    };
    let owner = item.get("owner").and_then(|owner| number(owner, "id"));
    let known = graph
        .get(id)
        .and_then(|node| node.links.get("owner"))
        .cloned();
    let account = known.unwrap_or_else(|| owner.unwrap_or(NO_ACCOUNT).to_owned());
    let page = ensure_account(graph, &account, None);
    let mut fields = object(item);
    fields.remove("owner");
    let node = Node::new(Kind::Media, id, &page, Value::Object(fields)).link("owner", &account);
    let id = merge(graph, node);
    graph.connect(&account, "media", &id);
    true
}

/// A number of a medium that is recorded itself.
pub(super) fn media_insight(graph: &mut Graph, item: &Value) -> bool {
    let Some((id, _)) = text(item, "id").split_once("/insights/") else {
        return false;
    };
    let value = item
        .pointer("/values/0/value")
        .filter(|value| value.is_u64());
    let (Some(node), Some(value)) = (graph.get_mut(id), value) else {
        return false;
    };
    let metric = text(item, "name");
    if !super::super::insights::media::is_metric(metric) {
        return false;
    }
    let recorded = node
        .fields
        .entry(RECORDED)
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(recorded) = recorded {
        recorded.insert(metric.to_owned(), value.clone());
    }
    true
}

/// A recommendation, on the page that its story names.
pub(super) fn rating(graph: &mut Graph, item: &Value) -> bool {
    let story = item.pointer("/open_graph_story/id").and_then(Value::as_str);
    let page = item
        .pointer("/open_graph_story/data/seller/id")
        .and_then(Value::as_str);
    let (Some(story), Some(page)) = (story, page) else {
        return false;
    };
    ensure_page(graph, page);
    let id = format!("rating_{story}");
    let id = merge(graph, Node::new(Kind::Rating, &id, page, item.clone()));
    graph.connect(page, "ratings", &id);
    true
}

/// A message. The conversation is that of its two people; who was written to is the page.
pub(super) fn message(graph: &mut Graph, item: &Value) -> bool {
    let from = item.get("from").filter(|from| number(from, "id").is_some());
    let to = item
        .pointer("/to/data/0")
        .filter(|to| number(to, "id").is_some());
    let (Some(from), Some(to), true) = (from, to, is_time(item, "created_time")) else {
        return false;
    };
    let mut people = [text(from, "id"), text(to, "id")];
    people.sort_unstable();
    let thread = format!("t_{}", people.join("_"));
    let at = text(item, "created_time").to_owned();
    let page = match graph.get(&thread) {
        Some(known) => known.owner.clone(),
        None => {
            let page = text(to, "id").to_owned();
            ensure_page(graph, &page);
            let fields = json!({
                "updated_time": at,
                "folder": "inbox",
                "participants": { "data": [from, to] },
            });
            graph.append(
                Node::new(Kind::Thread, &thread, &page, fields),
                &[(&page, "conversations")],
            );
            page
        }
    };
    let id = text(item, "id").to_owned();
    let id = merge(graph, Node::new(Kind::Message, &id, &page, item.clone()));
    graph.connect(&thread, "messages", &id);
    let count = graph.list(&thread, "messages").len();
    if let Some(node) = graph.get_mut(&thread) {
        node.set("message_count", count);
        if node.time("updated_time") < wire::read_time(&at) {
            node.set("updated_time", at);
        }
    }
    true
}

/// A campaign.
pub(super) fn campaign(graph: &mut Graph, item: &Value) -> bool {
    advertising(graph, item, Kind::Campaign, "campaigns", &[])
}

/// An ad set, on its campaign where that is known.
pub(super) fn ad_set(graph: &mut Graph, item: &Value) -> bool {
    let above = [("campaign_id", "campaign")];
    advertising(graph, item, Kind::AdSet, "adsets", &above)
}

/// An ad, on its campaign and ad set where they are known.
pub(super) fn ad(graph: &mut Graph, item: &Value) -> bool {
    let above = [("campaign_id", "campaign"), ("adset_id", "adset")];
    advertising(graph, item, Kind::Ad, "ads", &above)
}

fn advertising(
    graph: &mut Graph,
    item: &Value,
    kind: Kind,
    edge: &'static str,
    above: &[(&str, &'static str)],
) -> bool {
    let (Some(id), Some(account)) = (number(item, "id"), number(item, "account_id")) else {
        return false;
    };
    let account = ensure_ad_account(graph, account);
    let mut fields = object(item);
    for (name, value) in &mut fields {
        let whole = value.as_f64().map(|number| format!("{number:.0}"));
        match (AMOUNTS.contains(&name.as_str()), whole) {
            (true, Some(whole)) => *value = whole.into(),
            (false, Some(whole)) if value.is_f64() => {
                *value = whole.parse::<i64>().map_or(Value::Null, Value::from);
            }
            _ => {}
        }
    }
    let mut node = Node::new(kind, id, &account, Value::Object(fields));
    let mut edges = vec![account.clone()];
    for (name, link) in above {
        if let Some(other) = number(item, name) {
            node.links.insert(link, other.to_owned());
            edges.push(other.to_owned());
        }
    }
    let id = merge(graph, node);
    for from in edges {
        graph.connect(&from, edge, &id);
    }
    true
}

fn is_time(item: &Value, name: &str) -> bool {
    wire::read_time(text(item, name)).is_some()
}

fn object(item: &Value) -> Map<String, Value> {
    item.as_object().cloned().unwrap_or_default()
}
