//! What people say of a page in public.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Response, Result};
use serde::Deserialize;

use super::list::{Continuation, List};
use super::route::Route;
use super::time;

/// `GET /{page}/ratings`.
///
/// Whether it can still be read is uncertain: the reference of the recommendation says that v22.0 and
/// later answer with code 12, that of the page and Meta's own client for v26.0 still have the edge.
#[derive(Clone, Debug)]
pub struct Ratings {
    /// The page, which also speaks.
    pub page: String,
    /// How many at the most.
    pub limit: u32,
    /// Where to go on.
    pub from: Option<Continuation>,
}

impl Endpoint for Ratings {
    const OPERATION: Operation = Operation::read("page/ratings");
    type Response = List<Rating>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.page, "ratings"])
            .by_page(&self.page)
            .with(
                "fields",
                "created_time,recommendation_type,review_text,has_rating,has_review,rating,reviewer,\
                 open_graph_story{id}",
            )
            .with("limit", self.limit)
            .from(self.from.as_ref())
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<Rating>> {
        List::read(response)
    }
}

/// A recommendation. It has no id of its own.
#[derive(Clone, Debug, Deserialize)]
pub struct Rating {
    /// When it was written.
    #[serde(default, deserialize_with = "time::maybe")]
    pub created_time: Option<DateTime<Utc>>,
    /// `positive` or `negative`.
    #[serde(default)]
    pub recommendation_type: Option<String>,
    /// What it says.
    #[serde(default)]
    pub review_text: Option<String>,
    /// Stars from 1 to 5, which only old ones have.
    #[serde(default)]
    pub rating: Option<i64>,
    /// Who wrote it; absent for one who doesn't show themselves to apps.
    #[serde(default)]
    pub reviewer: Option<Reviewer>,
    /// The story that it is: the one stable id there is.
    #[serde(default)]
    pub open_graph_story: Option<Story>,
}

/// Who wrote a recommendation.
#[derive(Clone, Debug, Deserialize)]
pub struct Reviewer {
    /// The id, which Meta gives per app.
    #[serde(default)]
    pub id: Option<String>,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
}

/// A story.
#[derive(Clone, Debug, Deserialize)]
pub struct Story {
    /// Its id.
    #[serde(default)]
    pub id: Option<String>,
}
