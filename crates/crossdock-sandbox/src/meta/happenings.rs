//! Things that happen because a test or a person says so: posts, stories, leads, messages, changes.
//!
//! Where a page tells the app of such things and the app has an address, a webhook says so too.

use serde::Deserialize;
use serde_json::{Value, json};

use super::generate::{INSTAGRAM, STUDIO, medium};
use super::graph::{Kind, Node};
use super::state::State;
use super::{webhooks, wire};
use crate::platform::ControlError;
use crate::world::World;

/// What a verb may be told. Each uses what it has a use for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Details {
    /// The thing: where it isn't given, the newest.
    id: Option<String>,
    page: Option<String>,
    form: Option<String>,
    /// The ad that led to it.
    ad_id: Option<String>,
    text: Option<String>,
    status: Option<String>,
    price: Option<String>,
}

/// Lets one thing happen; answers what it is about. `None` where there is no such verb.
pub(super) fn happen(
    state: &mut State,
    verb: &str,
    details: Details,
    world: &mut World,
) -> Option<Result<Value, ControlError>> {
    let done = match verb {
        "post/create" => post(state, details, world),
        "post/edit" => edit(state, details, world),
        "media/add" => media(state, details, "FEED", world),
        "story/add" => media(state, details, "STORY", world),
        "rating/add" => rating(state, details, world),
        "lead/create" => lead(state, details, world),
        "message/receive" => message(state, details, world),
        "ad/status" => status(state, details, world),
        "product/price" => price(state, details),
        "object/delete" => delete(state, details),
        _ => return None,
    };
    Some(done.map(|id| json!({ "id": id })))
}

type Done = Result<String, ControlError>;

fn nothing(what: &str) -> ControlError {
    ControlError(format!("there is no {what}"))
}

/// The page that is meant: the studio's, unless it is said.
fn page(state: &State, details: &Details) -> Result<String, ControlError> {
    let id = details.page.as_deref().unwrap_or(STUDIO);
    let found = state.graph.get(id).filter(|node| node.kind == Kind::Page);
    let found = found.or_else(|| {
        state
            .graph
            .all(Kind::Page)
            .next()
            .filter(|_| details.page.is_none())
    });
    found
        .map(|page| page.id.clone())
        .ok_or_else(|| nothing("such page"))
}

/// The thing that is meant: the one with the id, or the one at the beginning.
fn meant(state: &State, details: &Details, kind: Kind) -> Result<String, ControlError> {
    let found = match &details.id {
        Some(id) => state.graph.get(id).filter(|node| node.kind == kind),
        None => state.graph.all(kind).next(),
    };
    found
        .map(|node| node.id.clone())
        .ok_or_else(|| nothing(kind.name()))
}

/// Tells the app, where the page does and the app has an address.
fn tell(state: &State, page: &str, field: &str, id: &str, world: &mut World) {
    if let (true, Some(url)) = (
        state.subscriptions.has(page, field),
        &state.settings.callback,
    ) && let Some(event) = webhooks::event(state, field, Some(id), world.now)
    {
        webhooks::deliver(url.clone(), &event, world);
    }
}

fn post(state: &mut State, details: Details, world: &mut World) -> Done {
    let page = page(state, &details)?;
    let id = format!("{page}_{}", 900_000_000_000_000_u64 + world.serial());
    let now = wire::time(world.now);
    let fields = json!({
        "created_time": now,
        "updated_time": now,
        "message": details.text.unwrap_or_else(|| "Ný mynd á vefnum".to_owned()),
        "permalink_url": format!("https://www.facebook.com/{}", id.replace('_', "/posts/")),
        "status_type": "mobile_status_update",
        "is_hidden": false,
        "from": { "id": page },
    });
    let node = Node::new(Kind::Post, &id, &page, fields);
    state
        .graph
        .prepend(node, &[(&page, "published_posts"), (&page, "feed")]);
    tell(state, &page, "feed", &id, world);
    Ok(id)
}

fn edit(state: &mut State, details: Details, world: &mut World) -> Done {
    let id = meant(state, &details, Kind::Post)?;
    let node = state.graph.get_mut(&id).ok_or_else(|| nothing("post"))?;
    node.set(
        "message",
        details.text.unwrap_or_else(|| "Uppfært".to_owned()),
    );
    node.set("updated_time", wire::time(world.now));
    let page = node.owner.clone();
    tell(state, &page, "feed", &id, world);
    Ok(id)
}

fn media(state: &mut State, details: Details, product: &str, world: &mut World) -> Done {
    let account = state
        .graph
        .get(INSTAGRAM)
        .or_else(|| state.graph.all(Kind::InstagramUser).next())
        .ok_or_else(|| nothing("Instagram account"))?;
    let (account, owner) = (account.id.clone(), account.owner.clone());
    let id = format!("{}", 18_900_000_000_000_000_u64 + world.serial());
    let fields = medium(&id, "IMAGE", product, &wire::time(world.now));
    let mut node = Node::new(Kind::Media, &id, &owner, fields).link("owner", &account);
    if let Some(text) = details.text {
        node.set("caption", text);
    }
    let edge = if product == "STORY" {
        "stories"
    } else {
        "media"
    };
    state.graph.prepend(node, &[(&account, edge)]);
    Ok(id)
}

fn rating(state: &mut State, details: Details, world: &mut World) -> Done {
    let page = page(state, &details)?;
    let serial = world.serial();
    let id = format!("rating_{page}_new_{serial}");
    let now = wire::time(world.now);
    let fields = json!({
        "created_time": now,
        "has_rating": false,
        "has_review": true,
        "recommendation_type": "positive",
        "review_text": details.text.unwrap_or_else(|| "Frábært!".to_owned()),
        "open_graph_story": { "id": format!("1099{serial:012}"), "start_time": now, "type": "sellers.rates" },
    });
    let node = Node::new(Kind::Rating, &id, &page, fields);
    state.graph.prepend(node, &[(&page, "ratings")]);
    Ok(id)
}

fn lead(state: &mut State, details: Details, world: &mut World) -> Done {
    let form = match &details.form {
        Some(id) => state.graph.get(id).filter(|node| node.kind == Kind::Form),
        None => state.graph.all(Kind::Form).next(),
    };
    let form = form.ok_or_else(|| nothing("form"))?;
    let (form, page) = (form.id.clone(), form.owner.clone());
    let id = format!("8{:015}", world.serial());
    let mut fields = json!({
        "created_time": wire::time(world.now),
        "form_id": form,
        "is_organic": details.ad_id.is_none(),
        "platform": "fb",
        "field_data": [
            { "name": "full_name", "values": [details.text.unwrap_or_else(|| "Nýr Viðskiptavinur".to_owned())] },
            { "name": "email", "values": [format!("lead-{id}@kunde.example")] },
        ],
    });
    let ad = details.ad_id.as_deref().and_then(|id| state.graph.get(id));
    if let (Value::Object(fields), Some(ad)) = (&mut fields, ad) {
        fields.insert("ad_id".to_owned(), ad.id.as_str().into());
        for name in ["adset_id", "campaign_id"] {
            fields.insert(name.to_owned(), ad.text(name).into());
        }
    }
    let mut edges = vec![(form.as_str(), "leads")];
    edges.extend(details.ad_id.as_deref().map(|ad| (ad, "leads")));
    state
        .graph
        .prepend(Node::new(Kind::Lead, &id, &page, fields), &edges);
    tell(state, &page, "leadgen", &id, world);
    Ok(id)
}

/// A person writes once more in a conversation, which moves to the top.
fn message(state: &mut State, details: Details, world: &mut World) -> Done {
    let thread = meant(state, &details, Kind::Thread)?;
    let id = format!("m_new_{:06}", world.serial());
    let now = wire::time(world.now);
    let node = state
        .graph
        .get_mut(&thread)
        .ok_or_else(|| nothing("conversation"))?;
    let page = node.owner.clone();
    let participants = node
        .fields
        .get("participants")
        .and_then(|it| it.get("data"));
    let of = |index: usize| participants.and_then(|list| list.get(index)).cloned();
    let mut fields = json!({
        "created_time": now,
        "from": of(0),
        "to": { "data": [of(1)] },
        "message": details.text.unwrap_or_else(|| "Er ennþá laust?".to_owned()),
    });
    if let (Value::Object(fields), Some(ad)) = (&mut fields, details.ad_id) {
        fields.insert("_ad_id".to_owned(), ad.into());
    }
    let count = node
        .fields
        .get("message_count")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    node.set("message_count", count + 1);
    node.set("updated_time", now);
    state.graph.prepend(
        Node::new(Kind::Message, &id, &page, fields),
        &[(&thread, "messages")],
    );
    state.graph.raise(&page, "conversations", &thread);
    tell(state, &page, "messages", &id, world);
    tell(state, &page, "conversations", &thread, world);
    Ok(id)
}

/// A campaign, an ad set or an ad is paused, archived, deleted or set going again.
fn status(state: &mut State, details: Details, world: &mut World) -> Done {
    let id = match &details.id {
        Some(id) => id.clone(),
        None => meant(state, &details, Kind::Campaign)?,
    };
    let now = wire::time(world.now);
    let node = state
        .graph
        .get_mut(&id)
        .filter(|node| node.kind.is_advertising())
        .ok_or_else(|| nothing("such campaign, ad set or ad"))?;
    let status = details.status.unwrap_or_else(|| "PAUSED".to_owned());
    for name in ["status", "configured_status", "effective_status"] {
        node.set(name, status.as_str());
    }
    // What isn't active delivers nothing from the next day on.
    if status == "ACTIVE" {
        node.fields.remove("_ended");
    } else {
        node.set("_ended", now.as_str());
    }
    node.set("updated_time", now);
    Ok(id)
}

fn price(state: &mut State, details: Details) -> Done {
    let id = meant(state, &details, Kind::Product)?;
    let node = state.graph.get_mut(&id).ok_or_else(|| nothing("product"))?;
    node.set("price", details.price.unwrap_or_else(|| "€1.00".to_owned()));
    Ok(id)
}

fn delete(state: &mut State, details: Details) -> Done {
    let id = details.id.ok_or_else(|| nothing("`id`"))?;
    if state.graph.remove(&id) {
        Ok(id)
    } else {
        Err(nothing("such object"))
    }
}
