//! `Range` requests, answered in one place for every platform that offers them.

use bytes::Bytes;
use http::header::{ACCEPT_RANGES, CONTENT_RANGE, RANGE};
use http::{HeaderMap, Response, StatusCode};

use crate::answer;

/// Cuts a whole answer down to the range that was asked for.
///
/// Only answers with status 200 and `Accept-Ranges: bytes` are cut, and only one range is
/// understood; anything else stays whole, as RFC 9110 §14.2 allows.
pub(crate) fn cut(request: &HeaderMap, mut response: Response<Bytes>) -> Response<Bytes> {
    let offered = response
        .headers()
        .get(ACCEPT_RANGES)
        .is_some_and(|value| value == "bytes");
    let asked = request
        .get(RANGE)
        .and_then(|value| value.to_str().ok())
        .and_then(parse);
    let (true, StatusCode::OK, Some(asked)) = (offered, response.status(), asked) else {
        return response;
    };
    let length = response.body().len();
    match asked.within(length) {
        Some((start, end)) => {
            *response.body_mut() = response.body().slice(start..=end);
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let range = format!("bytes {start}-{end}/{length}");
            answer::set(&mut response, CONTENT_RANGE.as_str(), &range);
            response
        }
        None => {
            let mut refused = answer::empty(StatusCode::RANGE_NOT_SATISFIABLE);
            answer::set(
                &mut refused,
                CONTENT_RANGE.as_str(),
                &format!("bytes */{length}"),
            );
            refused
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    From { start: usize, end: Option<usize> },
    Last(usize),
}

impl Asked {
    /// The first and the last byte, both included; `None` where the body has none of them.
    fn within(self, length: usize) -> Option<(usize, usize)> {
        let last = length.checked_sub(1)?;
        match self {
            Self::From { start, end } => {
                (start <= last).then(|| (start, end.unwrap_or(last).min(last)))
            }
            Self::Last(0) => None,
            Self::Last(count) => Some((length.saturating_sub(count), last)),
        }
    }
}

/// Reads `bytes=a-b`, `bytes=a-` and `bytes=-n`.
fn parse(header: &str) -> Option<Asked> {
    let (start, end) = header.strip_prefix("bytes=")?.trim().split_once('-')?;
    match (start, end) {
        ("", count) => count.parse().ok().map(Asked::Last),
        (start, "") => Some(Asked::From {
            start: start.parse().ok()?,
            end: None,
        }),
        (start, end) => {
            let (start, end) = (start.parse().ok()?, end.parse().ok()?);
            (start <= end).then_some(Asked::From {
                start,
                end: Some(end),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &str) -> (u16, String, Option<String>) {
        let mut whole = Response::new(Bytes::from_static(b"0123456789"));
        answer::set(&mut whole, "accept-ranges", "bytes");
        let request = HeaderMap::from_iter([(RANGE, range.parse().unwrap())]);
        let cut = cut(&request, whole);
        let range = cut
            .headers()
            .get(CONTENT_RANGE)
            .map(|value| value.to_str().unwrap().to_owned());
        (
            cut.status().as_u16(),
            String::from_utf8(cut.body().to_vec()).unwrap(),
            range,
        )
    }

    #[test]
    fn one_range_is_cut_out() {
        for (range, body, header) in [
            ("bytes=0-3", "0123", "bytes 0-3/10"),
            ("bytes=8-", "89", "bytes 8-9/10"),
            ("bytes=-3", "789", "bytes 7-9/10"),
            ("bytes=5-99", "56789", "bytes 5-9/10"),
            ("bytes=-99", "0123456789", "bytes 0-9/10"),
        ] {
            assert_eq!(
                asked(range),
                (206, body.to_owned(), Some(header.to_owned())),
                "{range}"
            );
        }
    }

    #[test]
    fn what_the_body_does_not_have_is_refused() {
        for range in ["bytes=10-", "bytes=-0"] {
            assert_eq!(
                asked(range),
                (416, String::new(), Some("bytes */10".to_owned()))
            );
        }
    }

    #[test]
    fn what_is_not_one_range_gets_the_whole() {
        for range in [
            "bytes=3-1",
            "bytes=a-b",
            "lines=1-2",
            "bytes=0-1,4-5",
            "bytes=-",
        ] {
            assert_eq!(
                asked(range),
                (200, "0123456789".to_owned(), None),
                "{range}"
            );
        }
    }

    #[test]
    fn an_answer_that_offers_no_ranges_stays_whole() {
        let request = HeaderMap::from_iter([(RANGE, "bytes=0-1".parse().unwrap())]);
        let whole = cut(&request, Response::new(Bytes::from_static(b"0123")));
        assert_eq!((whole.status().as_u16(), whole.body().len()), (200, 4));
    }
}
