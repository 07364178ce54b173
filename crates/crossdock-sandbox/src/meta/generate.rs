//! Made-up data: a photographer's studio with two pages, one of them linked to Instagram, two ad
//! accounts, a form for leads, conversations, recommendations and a catalogue.
//!
//! Everything follows from the seed, the size and the day as of which it is made up.

mod ads;
mod audience;
mod catalog;
mod content;

pub(super) use self::content::medium;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::graph::{Graph, Kind, Node};
use super::session::{APP_ID, SYSTEM_USER, USER};
use super::state::State;
use super::wire;
use crate::platform::Size;
use crate::random::Random;
use crate::world::World;

/// The studio's page, which Instagram is linked to.
pub(super) const STUDIO: &str = "104000000000001";

/// Its page for weddings, with little on it.
pub(super) const WEDDINGS: &str = "104000000000002";

/// The Instagram account.
pub(super) const INSTAGRAM: &str = "17841400000000001";

/// The business that owns it all.
pub(super) const BUSINESS: &str = "300000000000001";

/// Who writes, likes and recommends.
const PEOPLE: &[&str] = &[
    "Auður Birna Þórsdóttir",
    "Bjørn Æbelø",
    "Chiyo Hanamura",
    "Dagmar Große",
    "Eyþór Steinn",
    "Fríða Lóa",
    "Gunnhild Øster",
    "Haruki Mizushima",
    "Inga Rún",
    "Jökull Freyr",
];

/// What a generator works with.
pub(super) struct Maker<'m> {
    pub(super) graph: &'m mut Graph,
    pub(super) random: Random,
    /// The end of the made-up time.
    pub(super) as_of: DateTime<Utc>,
    pub(super) size: &'m Size,
}

impl Maker<'_> {
    /// A time this long before the end.
    pub(super) fn ago(&self, length: TimeDelta) -> String {
        wire::time(self.as_of - length)
    }

    /// One of the people, with an id.
    pub(super) fn person(&mut self) -> (String, &'static str) {
        let index = self.random.between(0, 9);
        let name = PEOPLE.get(usize::try_from(index).unwrap_or(0));
        (
            format!("7300000000000{index:03}"),
            name.copied().unwrap_or("Somebody"),
        )
    }
}

/// Fills the platform.
pub(super) fn fill(state: &mut State, size: &Size, world: &World) {
    let mut maker = Maker {
        graph: &mut state.graph,
        random: Random::for_thing(world.seed, &["meta"]),
        as_of: world.now,
        size,
    };
    people(maker.graph);
    pages(&mut maker);
    content::fill(&mut maker);
    audience::fill(&mut maker);
    ads::fill(&mut maker);
    catalog::fill(&mut maker);
}

/// The app, the user, the system user and the business, which are there whatever is loaded.
pub(super) fn people(graph: &mut Graph) {
    let app = json!({ "name": "Crossdock Sandbox", "category": "Business", "link": "https://crossdock.example/" });
    graph.insert(Node::new(Kind::App, APP_ID, "", app));
    let person = json!({ "name": "Ljósbjörg Myndadóttir", "first_name": "Ljósbjörg", "last_name": "Myndadóttir", "email": "ljosbjorg@ljosbrot.example" });
    graph.insert(Node::new(Kind::User, USER, USER, person));
    let system = json!({ "name": "Crossdock system user" });
    graph.insert(Node::new(Kind::User, SYSTEM_USER, SYSTEM_USER, system));
    let business = json!({ "name": "Ljósbrot ehf.", "created_time": "2021-02-03T10:00:00+0000", "verification_status": "verified" });
    let owners = [(USER, "businesses"), (SYSTEM_USER, "businesses")];
    graph.append(
        Node::new(Kind::Business, BUSINESS, BUSINESS, business),
        &owners,
    );
}

/// The pages.
fn pages(maker: &mut Maker<'_>) {
    let tasks = [
        "ANALYZE",
        "ADVERTISE",
        "MESSAGING",
        "MODERATE",
        "CREATE_CONTENT",
        "MANAGE",
    ];
    for (id, name, username, fans) in [
        (STUDIO, "Ljósbrot Studio", "ljosbrotstudio", 3_412),
        (WEDDINGS, "Ljósbrot Brúðkaup", "ljosbrotbrudkaup", 87),
    ] {
        let page = Node::new(
            Kind::Page,
            id,
            id,
            json!({
                "name": name,
                "username": username,
                "category": "Photographer",
                "category_list": [{ "id": "181475575221097", "name": "Photographer" }],
                "fan_count": fans,
                "followers_count": fans + 40,
                "link": format!("https://www.facebook.com/{username}"),
                "website": "https://ljosbrot.example/",
                "tasks": tasks,
                "is_published": true,
                "overall_star_rating": 4.8,
                "rating_count": 31,
                "picture": { "data": { "height": 50, "width": 50, "is_silhouette": false, "url": format!("https://scontent.example/{id}.jpg") } },
            }),
        )
        .link("business", BUSINESS);
        let page = if id == STUDIO {
            page.link("instagram_business_account", INSTAGRAM)
                .link("connected_instagram_account", INSTAGRAM)
        } else {
            page
        };
        maker
            .graph
            .append(page, &[(USER, "accounts"), (SYSTEM_USER, "accounts")]);
    }
}
