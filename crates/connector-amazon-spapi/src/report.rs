//! A report's document: downloaded from the address that Amazon hands out, unpacked and cut into rows,
//! piece by piece, so that its size doesn't matter.

mod json;
#[cfg(test)]
mod recorded;
mod rows;
mod unpack;

use bytes::Bytes;
use connector_core::{Error, ErrorKind, ExposeSecret as _, Result, SecretString, endpoint};
use encoding_rs::{Encoding, SHIFT_JIS, WINDOWS_1252};
use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};

use crate::api::{Asked, DOCUMENT, GetReportDocument};
use crate::restricted;
use crate::seller::Seller;

pub(crate) use json::JsonRows;
pub(crate) use rows::{Row, TableRows};
pub(crate) use unpack::Unpacked;

/// Japan's marketplace, whose tables are in a character set of their own.
const JAPAN: &str = "A1VC38T7YXB528";

/// The longest row that is read. Amazon's are some kilobytes.
const LONGEST_ROW: usize = 1024 * 1024;

/// Opens a document of a report of this type, from its beginning. The address is good for five minutes
/// and asked for anew each time; what is downloaded from it needs no token and gets none.
///
/// # Errors
/// Those of `getReportDocument` and of the download; [`ErrorKind::ContractBroken`] for an address that
/// is none, or a compression that isn't known.
pub(crate) async fn open(
    seller: &Seller,
    report_type: &str,
    document_id: &str,
) -> Result<(HeaderMap, Unpacked)> {
    let token = restricted::for_document(seller.session(), report_type, document_id).await?;
    let call = GetReportDocument {
        report_document_id: document_id.to_owned(),
    };
    let asked = seller.session().credential().server.ask(call);
    let asked = match token {
        Some(token) => Asked::with_token(asked, token),
        None => asked,
    };
    let document = seller.session().call(&asked).await?;
    let is_packed = match document.compression_algorithm.as_deref() {
        None => false,
        Some("GZIP") => true,
        Some(_) => {
            return Err(Error::contract(
                "the report is compressed in a way that isn't known here",
            ));
        }
    };
    let request = download(&document.url)?;
    let answer = seller.session().download(DOCUMENT, request).await?;
    let (head, body) = answer.into_parts();
    let length = head
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    Ok((head.headers, Unpacked::new(body, is_packed, length)))
}

/// A download of this address, as it lies there: what is packed is unpacked here.
fn download(url: &SecretString) -> Result<http::Request<Bytes>> {
    let url = url.expose_secret();
    // The cause of another refusal is left out: it would quote the address, which is a key.
    let odd = || Error::new(ErrorKind::ContractBroken, "the report's address is none");
    if !url.starts_with("https://") {
        return Err(odd());
    }
    let mut request = endpoint::get(url).map_err(|_cause| odd())?;
    request
        .headers_mut()
        .insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    Ok(request)
}

/// The character set of a table: what its host says; else Japan's or the western one, as Amazon writes
/// them by marketplace (not UTF-8: python-amazon-sp-api, issues 271 and 1981).
pub(crate) fn encoding(headers: &HeaderMap, marketplace_ids: &[String]) -> &'static Encoding {
    let told = headers.get(CONTENT_TYPE).and_then(|value| {
        let value = value.to_str().ok()?.to_ascii_lowercase();
        let (_, label) = value.split_once("charset=")?;
        let label = label.split(';').next()?.trim_matches(['"', '\'', ' ']);
        Encoding::for_label(label.as_bytes())
    });
    told.unwrap_or_else(|| {
        if marketplace_ids.iter().any(|id| id == JAPAN) {
            SHIFT_JIS
        } else {
            WINDOWS_1252
        }
    })
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_8;

    use super::*;

    #[test]
    fn the_host_says_the_character_set_or_the_country_does() {
        let told = |value: &'static str| {
            HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(value))])
        };
        let japan = [JAPAN.to_owned()];
        for (value, expected) in [
            ("text/plain; charset=UTF-8", UTF_8),
            ("text/plain;Charset=\"Shift_JIS\"; x=y", SHIFT_JIS),
            ("text/plain;charset=Cp1252", WINDOWS_1252),
            ("text/plain; charset=windows-31j", SHIFT_JIS),
        ] {
            assert_eq!(encoding(&told(value), &[]), expected, "{value}");
        }
        for value in ["text/plain", "text/plain; charset=klingon"] {
            assert_eq!(encoding(&told(value), &[]), WINDOWS_1252);
            assert_eq!(encoding(&told(value), &japan), SHIFT_JIS);
        }
        assert_eq!(encoding(&HeaderMap::new(), &[]), WINDOWS_1252);
    }

    #[test]
    fn an_address_must_be_one_and_is_never_quoted() {
        for odd in ["http://example.com/key", "file:///key", "https://e x/key"] {
            let error = download(&odd.to_owned().into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ContractBroken);
            assert!(!format!("{error:?}").contains("key"), "{error:?}");
        }
        assert!(download(&"https://example.com/?key".to_owned().into()).is_ok());
    }
}
