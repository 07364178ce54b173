//! Where report documents are downloaded: an address that is its own key, for five minutes.
//!
//! The addresses look and fail as those of the object store do that Amazon keeps documents in. A
//! request that brings a token along is refused, because the address must be all that it needs.

use std::io::Write as _;

use bytes::Bytes;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{Method, Response, StatusCode};

use crate::answer;
use crate::platform::Call;
use crate::random::Random;

use super::account::Account;
use super::hosts::Region;

/// How long an address is good for.
const LIFE: TimeDelta = TimeDelta::minutes(5);

/// How addresses write their time.
const FORM: &str = "%Y%m%dT%H%M%SZ";

/// The address of a document, from now on.
pub(super) fn address(region: Region, id: &str, now: DateTime<Utc>) -> String {
    let date = now.format(FORM).to_string();
    format!(
        "https://{}/{id}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={date}&X-Amz-SignedHeaders=host&X-Amz-Expires={}&X-Amz-Signature={}",
        region.document_host(),
        LIFE.num_seconds(),
        signature(id, &date)
    )
}

/// What makes an address hard to guess, as far as a sandbox needs it.
fn signature(id: &str, date: &str) -> String {
    let mut random = Random::for_thing(0, &["amazon document", id, date]);
    (0..4).map(|_| format!("{:016x}", random.next())).collect()
}

/// Answers a download.
pub(super) fn download(call: &Call<'_>, account: Option<&Account>) -> Response<Bytes> {
    if *call.method != Method::GET {
        return error(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "The specified method is not allowed against this resource.",
        );
    }
    if call.header("authorization").is_some() {
        return error(
            StatusCode::BAD_REQUEST,
            "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
        );
    }
    let id = call.path.trim_start_matches('/');
    let date = call.query("X-Amz-Date").unwrap_or_default();
    let signed = call.query("X-Amz-Signature") == Some(&signature(id, date))
        && call.header("x-amz-access-token").is_none();
    if !signed {
        return error(
            StatusCode::FORBIDDEN,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
        );
    }
    let made = NaiveDateTime::parse_from_str(date, FORM)
        .map(|made| made.and_utc())
        .unwrap_or_default();
    if call.now >= made + LIFE {
        return error(StatusCode::FORBIDDEN, "AccessDenied", "Request has expired");
    }
    let document = account
        .into_iter()
        .flat_map(|account| account.reports.values())
        .filter_map(|report| report.document(call.now))
        .find(|document| document.id == id);
    document.map_or_else(
        || {
            error(
                StatusCode::NOT_FOUND,
                "NoSuchKey",
                "The specified key does not exist.",
            )
        },
        |document| {
            answer::with_body(
                StatusCode::OK,
                document.content_type,
                document.bytes.clone(),
            )
        },
    )
}

fn error(status: StatusCode, code: &str, message: &str) -> Response<Bytes> {
    answer::with_body(
        status,
        "application/xml",
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        ),
    )
}

/// Compresses a document.
pub(super) fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing into memory does not fail.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default().into()
}

/// Text in windows-1252; a question mark for what it does not have.
pub(super) fn windows_1252(text: &str) -> Vec<u8> {
    const REST: &[(char, u8)] = &[
        ('€', 0x80),
        ('…', 0x85),
        ('‘', 0x91),
        ('’', 0x92),
        ('“', 0x93),
        ('”', 0x94),
        ('–', 0x96),
        ('—', 0x97),
    ];
    text.chars()
        .map(|letter| match u8::try_from(letter) {
            Ok(byte) if byte.is_ascii() || byte >= 0xa0 => byte,
            _ => REST
                .iter()
                .find(|(known, _)| *known == letter)
                .map_or(b'?', |(_, byte)| *byte),
        })
        .collect()
}
