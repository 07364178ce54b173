//! One walk through one list, from its beginning to the bookmark that is null.
//!
//! Nothing says what changed in a list, so each run walks through all of it. A bookmark is kept from
//! one page to the next and never from one run to the next, as it doesn't last.

use connector_core::{Batch, Endpoint, Error, Next, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::api::{List, Paged};
use crate::dialect::is_too_deep;
use crate::map::{self, Mapped};
use crate::reader::Reader;

/// Where a walk stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cursor {
    /// Where the list goes on; `None` at its beginning.
    pub(super) bookmark: Option<String>,
    /// How often the list was begun anew; sets the cursors of a second reading apart.
    pub(super) restarts: u32,
}

/// What a step of a walk came to.
pub(super) enum Step<T> {
    /// A page; the walk goes on from here, or ends.
    Page(List<T>, Option<Cursor>),
    /// The list has to be begun anew, from here.
    Anew(Cursor),
    /// Pinterest shows no more of a list that goes on.
    TooDeep,
}

impl Cursor {
    /// Takes a page in.
    ///
    /// # Errors
    /// What nothing can be done about.
    pub(super) fn take<T>(self, reader: &Reader, answer: Result<List<T>>) -> Result<Step<T>> {
        match answer {
            Ok(list) => {
                let next = list.next();
                if next.is_some() && next == self.bookmark {
                    return Err(Error::contract("Pinterest gives the same page again"));
                }
                let next = next.map(|bookmark| Self {
                    bookmark: Some(bookmark),
                    restarts: self.restarts,
                });
                Ok(Step::Page(list, next))
            }
            Err(error) if is_too_deep(&error) => Ok(Step::TooDeep),
            Err(error) => {
                reader.begin_anew(self.bookmark.as_deref(), error)?;
                Ok(Step::Anew(Self {
                    bookmark: None,
                    restarts: self.restarts.wrapping_add(1),
                }))
            }
        }
    }
}

/// One page of a stream that is a list. `endpoint` asks for a page of it.
pub(super) async fn page<T, E>(
    reader: &Reader,
    cursor: Cursor,
    endpoint: impl FnOnce(Paged) -> E + Send,
    map: impl Fn(T) -> Mapped + Send,
) -> Result<Batch<Cursor>>
where
    T: DeserializeOwned + Send,
    E: Endpoint<Response = List<T>>,
{
    let endpoint = endpoint(Paged::from(cursor.bookmark.clone()));
    let answer = reader.call(&endpoint).await;
    Ok(match cursor.take(reader, answer)? {
        Step::Page(list, next) => {
            let items = list.items.into_iter();
            let mapped = items.map(|item| map::entry(item, reader.keep_raw(), &map));
            let more = if next.is_some() {
                Next::More
            } else {
                Next::Done
            };
            Batch::mapped(mapped, next.unwrap_or_default(), more)
        }
        Step::Anew(cursor) => Batch::new(Vec::new(), cursor, Next::More),
        Step::TooDeep => Batch {
            notes: vec![TOO_DEEP.to_owned()],
            ..Batch::new(Vec::new(), Cursor::default(), Next::Done)
        },
    })
}

/// What a person is told where a list goes on and Pinterest shows no more of it.
pub(super) const TOO_DEEP: &str =
    "Pinterest lists 100,000 pins and no more: older ones are missing";
