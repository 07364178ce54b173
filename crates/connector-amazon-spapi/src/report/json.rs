//! The rows of a report that is one JSON object of lists, found without reading the whole.

use connector_core::{Error, Result};

use super::LONGEST_ROW;
use super::unpack::{Unpacked, broke_off};

/// Entries of the lists of an object, one after the other, each with the list's name.
pub(crate) struct JsonRows {
    source: Unpacked,
    piece: std::vec::IntoIter<u8>,
    scanner: Scanner,
}

/// Finds the entries: it looks at one byte after the other and knows how deep it is.
#[derive(Debug, Default)]
struct Scanner {
    /// How many brackets are open.
    depth: usize,
    /// Whether the object has begun. After it has ended, nothing may come but spaces.
    begun: bool,
    in_text: bool,
    escaped: bool,
    /// The last text at the object's own level: the name of what follows.
    name: Vec<u8>,
    /// Whether what follows is a list.
    in_list: bool,
    /// The entry so far.
    entry: Vec<u8>,
}

impl JsonRows {
    pub(crate) fn new(source: Unpacked) -> Self {
        Self {
            source,
            piece: Vec::new().into_iter(),
            scanner: Scanner::default(),
        }
    }

    /// The next entry, with the name of its list; `None` at the end.
    ///
    /// # Errors
    /// Those of [`Unpacked::next`]; [`ContractBroken`](connector_core::ErrorKind::ContractBroken) for
    /// what is no object.
    pub(crate) async fn next(&mut self) -> Result<Option<(String, Vec<u8>)>> {
        loop {
            for byte in self.piece.by_ref() {
                if let Some(found) = self.scanner.look(byte)? {
                    return Ok(Some(found));
                }
            }
            match self.source.next().await? {
                Some(piece) => self.piece = piece.into_iter(),
                None if self.scanner.has_ended() => return Ok(None),
                None => return Err(broke_off()),
            }
        }
    }
}

impl Scanner {
    fn has_ended(&self) -> bool {
        self.begun && self.depth == 0
    }

    fn look(&mut self, byte: u8) -> Result<Option<(String, Vec<u8>)>> {
        if self.depth == 0 {
            return self.outside(byte).map(|()| None);
        }
        if self.in_text {
            self.text(byte)?;
            return Ok(None);
        }
        match byte {
            b'"' => {
                self.in_text = true;
                if self.depth == 1 {
                    self.name.clear();
                } else {
                    self.keep(byte)?;
                }
            }
            b'{' | b'[' => {
                if self.depth == 1 {
                    self.in_list = byte == b'[';
                } else {
                    self.keep(byte)?;
                }
                self.depth += 1;
            }
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth > 1 {
                    self.keep(byte)?;
                } else if self.depth == 1 {
                    let last = self.take();
                    self.in_list = false;
                    return Ok(last);
                }
            }
            b',' if self.depth == 2 => return Ok(self.take()),
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => self.keep(byte)?,
        }
        Ok(None)
    }

    fn outside(&mut self, byte: u8) -> Result<()> {
        const MARK: &[u8] = b"\xef\xbb\xbf";

        match byte {
            b'{' if !self.begun => {
                self.begun = true;
                self.depth = 1;
                Ok(())
            }
            b' ' | b'\t' | b'\r' | b'\n' => Ok(()),
            _ if !self.begun && MARK.contains(&byte) => Ok(()),
            _ => Err(Error::contract("the report is not one JSON object")),
        }
    }

    fn text(&mut self, byte: u8) -> Result<()> {
        let ends = byte == b'"' && !self.escaped;
        self.escaped = byte == b'\\' && !self.escaped;
        self.in_text = !ends;
        if self.depth > 1 {
            return self.keep(byte);
        }
        if !ends {
            self.name.push(byte);
            check(&self.name)?;
        }
        Ok(())
    }

    /// Keeps a byte of an entry.
    fn keep(&mut self, byte: u8) -> Result<()> {
        if self.in_list {
            self.entry.push(byte);
            check(&self.entry)?;
        }
        Ok(())
    }

    /// The entry that has ended, if there was one.
    fn take(&mut self) -> Option<(String, Vec<u8>)> {
        let entry = std::mem::take(&mut self.entry);
        (self.in_list && !entry.is_empty())
            .then(|| (String::from_utf8_lossy(&self.name).into_owned(), entry))
    }
}

fn check(kept: &[u8]) -> Result<()> {
    if kept.len() > LONGEST_ROW {
        return Err(Error::contract("the report has a row without an end"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use connector_core::ErrorKind;
    use futures::{FutureExt as _, StreamExt as _};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    async fn rows(text: &[u8], size: usize) -> Result<Vec<(String, Vec<u8>)>> {
        let pieces: Vec<_> = text
            .chunks(size)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        let body = futures::stream::iter(pieces).boxed();
        let mut reader = JsonRows::new(Unpacked::new(body, false, None));
        let mut rows = Vec::new();
        while let Some(row) = reader.next().await? {
            rows.push(row);
        }
        Ok(rows)
    }

    #[tokio::test]
    async fn every_entry_of_every_list_is_found_and_nothing_else() {
        let text = "\u{feff}{\"spec\": {\"ids\": [\"x\"], \"n\": 1}, \"a\": [ {\"t\": \"]},\\\"[{\", \
                    \"l\": [1, [2]]} , 7, null, \"s, t\" ], \"none\": [], \"v\": true, \"b\":[{}]}\n";
        for size in [1, 3, 1_000] {
            let found = rows(text.as_bytes(), size).await.unwrap();
            let found: Vec<(&str, Value)> = found
                .iter()
                .map(|(name, row)| (name.as_str(), serde_json::from_slice(row).unwrap()))
                .collect();
            let expected = [
                ("a", json!({"t": "]},\"[{", "l": [1, [2]]})),
                ("a", json!(7)),
                ("a", Value::Null),
                ("a", json!("s, t")),
                ("b", json!({})),
            ];
            assert_eq!(found, expected, "{size}");
        }
    }

    #[tokio::test]
    async fn what_is_no_object_or_has_no_end_is_told() {
        for (text, kind) in [
            ("<html>", ErrorKind::ContractBroken),
            ("[1]", ErrorKind::ContractBroken),
            ("{}{}", ErrorKind::ContractBroken),
            ("", ErrorKind::Unavailable),
            ("{\"a\":[1,2", ErrorKind::Unavailable),
            ("{\"a\":[1,2]", ErrorKind::Unavailable),
        ] {
            let error = rows(text.as_bytes(), 4).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{text}");
        }
        let long = format!("{{\"a\":[\"{}", "x".repeat(LONGEST_ROW + 1));
        let error = rows(long.as_bytes(), 65_536).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ContractBroken);
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((".{0,4}", inner), 0..4)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_is_in_the_lists_comes_out(
            lists in prop::collection::btree_map("[a-z]{1,5}", prop::collection::vec(value(), 0..4), 0..4),
            size in 1_usize..40,
            pretty in any::<bool>(),
        ) {
            let text = if pretty {
                serde_json::to_vec_pretty(&lists)
            } else {
                serde_json::to_vec(&lists)
            }
            .unwrap();
            let found = rows(&text, size).now_or_never().unwrap().unwrap();
            let found: Vec<(String, Value)> = found
                .into_iter()
                .map(|(name, row)| (name, serde_json::from_slice(&row).unwrap()))
                .collect();
            let expected: Vec<(String, Value)> = lists
                .into_iter()
                .flat_map(|(name, rows)| rows.into_iter().map(move |row| (name.clone(), row)))
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
