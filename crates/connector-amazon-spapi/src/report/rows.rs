//! The rows of a report that is a table: a line of column names, then a line for each row, with tabs
//! between cells. Amazon quotes nothing: a quotation mark is one.

use std::collections::BTreeMap;

use connector_core::{Error, Result, Skipped};
use encoding_rs::{CoderResult, Decoder, Encoding};

use super::LONGEST_ROW;
use super::unpack::Unpacked;

/// A row: its cells by the names of their columns, without the empty ones.
pub(crate) type Row = BTreeMap<String, String>;

/// Rows, one after the other.
pub(crate) struct TableRows {
    source: Unpacked,
    /// From the table's character set; a byte order mark says otherwise.
    decoder: Decoder,
    /// What is decoded and not handed on.
    text: String,
    /// Where in it to go on.
    at: usize,
    ended: bool,
    columns: Option<Vec<String>>,
}

impl TableRows {
    pub(crate) fn new(source: Unpacked, encoding: &'static Encoding) -> Self {
        Self {
            source,
            decoder: encoding.new_decoder(),
            text: String::new(),
            at: 0,
            ended: false,
            columns: None,
        }
    }

    /// The next row, or why it is none; `None` at the end.
    ///
    /// # Errors
    /// Those of [`Unpacked::next`]; [`ContractBroken`](connector_core::ErrorKind::ContractBroken) for
    /// a line without an end.
    pub(crate) async fn next(&mut self) -> Result<Option<Result<Row, Skipped>>> {
        while let Some(line) = self.line().await? {
            if line.trim().is_empty() {
                continue;
            }
            let cells = line.split('\t').map(str::trim);
            match &self.columns {
                None => self.columns = Some(cells.map(str::to_owned).collect()),
                Some(columns) => return Ok(Some(row(columns, cells))),
            }
        }
        Ok(None)
    }

    async fn line(&mut self) -> Result<Option<String>> {
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            if let Some((line, _)) = rest.split_once('\n') {
                let line = line.to_owned();
                self.at += line.len() + 1;
                return Ok(Some(line));
            }
            if self.ended {
                let last = rest.to_owned();
                self.at = self.text.len();
                return Ok(Some(last).filter(|last| !last.is_empty()));
            }
            if rest.len() > LONGEST_ROW {
                return Err(Error::contract("the report has a line without an end"));
            }
            self.text.drain(..self.at);
            self.at = 0;
            match self.source.next().await? {
                Some(piece) => self.decode(&piece, false),
                None => {
                    self.decode(&[], true);
                    self.ended = true;
                }
            }
        }
    }

    /// Decodes what has come. A byte that is no letter in the character set becomes the mark for that.
    fn decode(&mut self, mut piece: &[u8], last: bool) {
        loop {
            let room = self.decoder.max_utf8_buffer_length(piece.len());
            self.text.reserve(room.unwrap_or(piece.len()));
            let (result, read, _) = self.decoder.decode_to_string(piece, &mut self.text, last);
            piece = piece.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                return;
            }
        }
    }
}

fn row<'a>(columns: &[String], cells: impl Iterator<Item = &'a str>) -> Result<Row, Skipped> {
    let mut row = Row::new();
    let mut columns = columns.iter();
    for cell in cells {
        match columns.next() {
            Some(column) if !cell.is_empty() => {
                row.insert(column.clone(), cell.to_owned());
            }
            None if !cell.is_empty() => {
                return Err(Skipped::new("", "the row has more cells than columns"));
            }
            _ => {}
        }
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use encoding_rs::{SHIFT_JIS, UTF_8, WINDOWS_1252};
    use futures::StreamExt as _;

    use super::*;

    async fn rows(
        text: &[u8],
        size: usize,
        encoding: &'static Encoding,
    ) -> Result<Vec<Result<Row, Skipped>>> {
        let pieces: Vec<_> = text
            .chunks(size)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        let body = futures::stream::iter(pieces).boxed();
        let mut reader = TableRows::new(Unpacked::new(body, false, None), encoding);
        let mut rows = Vec::new();
        while let Some(row) = reader.next().await? {
            rows.push(row);
        }
        Ok(rows)
    }

    #[tokio::test]
    async fn however_it_arrives_in_whatever_letters_the_rows_are_the_same() {
        let text = "name\tnote\tsize\r\nÄpfel \"7\", rot\t\t3\r\n\r\n\tno name\nlast";
        let japanese = "name\tnote\tsize\n靴\t\t3\n\tno name\nlast";
        for size in [1, 2, 5, 1_000] {
            for (encoding, text, name) in [
                (UTF_8, text, "Äpfel \"7\", rot"),
                (WINDOWS_1252, text, "Äpfel \"7\", rot"),
                (SHIFT_JIS, japanese, "靴"),
            ] {
                let bytes = encoding.encode(text).0;
                let rows = rows(&bytes, size, encoding).await.unwrap();
                let rows: Vec<Row> = rows.into_iter().map(Result::unwrap).collect();
                assert_eq!(rows.len(), 3, "{size}");
                assert_eq!((rows[0]["name"].as_str(), rows[0].len()), (name, 2));
                assert_eq!(rows[1]["note"], "no name");
                assert_eq!(rows[2]["name"], "last");
            }
        }
    }

    #[tokio::test]
    async fn a_byte_order_mark_says_the_letters() {
        let text = "\u{feff}é\n1\n";
        let rows = rows(text.as_bytes(), 1, WINDOWS_1252).await.unwrap();
        assert_eq!(rows[0].as_ref().unwrap()["é"], "1");
    }

    #[tokio::test]
    async fn a_row_that_fits_no_column_costs_only_itself() {
        let rows = rows(b"a\tb\n1\t2\t3\n4\t5\t\t\n", 4, UTF_8).await.unwrap();
        assert!(rows[0].is_err());
        assert_eq!(rows[1].as_ref().unwrap()["b"], "5");
    }

    #[tokio::test]
    async fn a_line_without_an_end_is_not_read_to_its_end() {
        let long = vec![b'x'; LONGEST_ROW * 2];
        assert!(rows(&long, 65_536, UTF_8).await.is_err());
        assert!(rows(b"", 1, UTF_8).await.unwrap().is_empty());
    }
}
