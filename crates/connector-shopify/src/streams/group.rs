//! A parent and its children, as lines of a bulk file.

use bytes::Bytes;
use connector_core::{Error, ErrorKind, Result, Skipped};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::reader::parse;
use crate::api::Gid;

/// A parent and its children, each a line.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) parent: Bytes,
    pub(super) children: Vec<Bytes>,
}

/// Reads a line.
///
/// One that is JSON and odd is skipped. One that is no JSON means that the file is not what it
/// should be, so nothing of it can be relied on.
///
/// # Errors
/// [`ContractBroken`](ErrorKind::ContractBroken) when it is no JSON, and
/// [`Unavailable`](ErrorKind::Unavailable) when it breaks off.
pub(super) fn line<T: DeserializeOwned>(json: &[u8]) -> Result<Result<T, Skipped>> {
    let parsed = parse(json);
    if parsed.is_err()
        && let Err(cause) = serde_json::from_slice::<IgnoredAny>(json)
    {
        return Err(match cause.classify() {
            Category::Eof => Error::new(ErrorKind::Unavailable, "the bulk file broke off"),
            Category::Io | Category::Syntax | Category::Data => {
                Error::contract("the bulk file has a line that is not JSON")
            }
        });
    }
    Ok(parsed)
}

impl Group {
    /// Makes sure that a child follows its own parent.
    ///
    /// # Errors
    /// [`ContractBroken`](connector_core::ErrorKind::ContractBroken) when it doesn't: the file isn't
    /// grouped, and what belongs together is apart.
    pub(super) fn check_parent(&self, parent: &Gid, of_child: Option<&Gid>) -> Result<()> {
        if of_child == Some(parent) {
            Ok(())
        } else {
            Err(Error::contract(
                "the bulk file has a child after another parent than its own",
            ))
        }
    }

    /// The parent's JSON with its children in it, in the form in which a query has them.
    pub(super) fn raw(&self, list: &str) -> Option<Box<RawValue>> {
        let parent = body(&self.parent)?;
        let children: Option<Vec<&str>> = self.children.iter().map(text).collect();
        let children = children?.join(",");
        whole(format!("{parent},\"{list}\":{{\"nodes\":[{children}]}}}}"))
    }

    /// A child's JSON with its parent in it, in the form in which a query has it.
    pub(super) fn raw_child(&self, child: &Bytes, name: &str) -> Option<Box<RawValue>> {
        let parent = text(&self.parent)?;
        whole(format!("{},\"{name}\":{parent}}}", body(child)?))
    }
}

/// An object without its last brace.
fn body(line: &Bytes) -> Option<&str> {
    text(line)?.trim_end().strip_suffix('}')
}

fn text(line: &Bytes) -> Option<&str> {
    std::str::from_utf8(line).ok()
}

fn whole(json: String) -> Option<Box<RawValue>> {
    RawValue::from_string(json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group() -> Group {
        Group {
            parent: Bytes::from_static(b"{\"id\":\"p\"}"),
            children: vec![
                Bytes::from_static(b"{\"id\":\"a\",\"__parentId\":\"p\"}"),
                Bytes::from_static(b"{\"id\":\"b\",\"__parentId\":\"p\"}"),
            ],
        }
    }

    #[test]
    fn raw_json_has_children_where_a_query_has_them() {
        assert_eq!(
            group().raw("variants").unwrap().get(),
            r#"{"id":"p","variants":{"nodes":[{"id":"a","__parentId":"p"},{"id":"b","__parentId":"p"}]}}"#
        );
        let group = group();
        assert_eq!(
            group.raw_child(&group.children[0], "item").unwrap().get(),
            r#"{"id":"a","__parentId":"p","item":{"id":"p"}}"#
        );
    }

    #[test]
    fn an_odd_line_is_skipped_and_a_broken_one_is_not() {
        let read = |json: &[u8]| line::<crate::api::Ref>(json);
        assert!(read(br#"{"id":"x"}"#).unwrap().is_ok());
        assert!(read(br#"{"id":7}"#).unwrap().is_err());
        let kind = |json: &[u8]| read(json).unwrap_err().kind();
        assert_eq!(kind(b"<html>"), ErrorKind::ContractBroken);
        assert_eq!(kind(br#"{"id":"#), ErrorKind::Unavailable);
    }

    #[test]
    fn a_strange_child_breaks_the_contract() {
        let parent = Gid("p".to_owned());
        assert!(group().check_parent(&parent, Some(&parent)).is_ok());
        assert!(
            group()
                .check_parent(&parent, Some(&Gid("q".to_owned())))
                .is_err()
        );
        assert!(group().check_parent(&parent, None).is_err());
    }
}
