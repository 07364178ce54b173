//! Many rows at once: rows in one statement each on SQLite, columns as arrays on PostgreSQL.

use sea_orm::Value;

use crate::db::{Ask as _, Backend, Tx};
use crate::error::{Result, StoreError};

/// How many rows one SQLite statement holds: few sizes, so that each is prepared once and kept, and
/// such that pages of 250, 100 or 50 records take few.
/// The largest stays far under SQLite's limit of 32,766 values for the widest table.
const BATCHES: [usize; 4] = [125, 25, 5, 1];

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// Text.
    Text,
    /// A whole number.
    Int,
    /// A number that need not be whole.
    Real,
    /// Yes or no.
    Bool,
    /// An instant, as `tables::instant` writes it.
    Time,
    /// A day, `2026-11-21`.
    Date,
    /// JSON that can be queried.
    Json,
    /// JSON as it came.
    RawJson,
    /// Bytes.
    Bytes,
}

impl Type {
    const fn postgres(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "bigint",
            Self::Real => "double precision",
            Self::Bool => "boolean",
            Self::Time => "timestamptz",
            Self::Date => "date",
            Self::Json => "jsonb",
            Self::RawJson => "json",
            Self::Bytes => "bytea",
        }
    }
}

/// One value, for a column of the matching [`Type`]; times, days and JSON are text here.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Nothing.
    Null,
    /// Text, a time, a day or JSON.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A finite number.
    Real(f64),
    /// Yes or no.
    Bool(bool),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Cell {
    /// Text or nothing.
    pub(crate) fn text(text: Option<String>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }

    fn into_value(self, column: Type) -> Value {
        match (self, column) {
            (Self::Text(text), _) => Value::String(Some(text)),
            (Self::Int(number), _) => Value::BigInt(Some(number)),
            (Self::Real(number), _) => Value::Double(Some(number)),
            (Self::Bool(yes), _) => Value::Bool(Some(yes)),
            (Self::Bytes(bytes), _) => Value::Bytes(Some(bytes)),
            (Self::Null, Type::Int) => Value::BigInt(None),
            (Self::Null, Type::Real) => Value::Double(None),
            (Self::Null, Type::Bool) => Value::Bool(None),
            (Self::Null, Type::Bytes) => Value::Bytes(None),
            (Self::Null, _) => Value::String(None),
        }
    }
}

/// Rows for one table, all with the same columns.
#[derive(Debug)]
pub(crate) struct Rows {
    /// What the rows are, for a person: `records`.
    pub(crate) what: &'static str,
    /// The table.
    pub(crate) table: &'static str,
    /// Its columns.
    pub(crate) columns: Vec<(String, Type)>,
    /// What follows the rows: what to do with one that is there already.
    pub(crate) suffix: String,
    /// The values, row after row.
    pub(crate) cells: Vec<Cell>,
}

impl Rows {
    /// Writes all rows and makes sure that the database says so.
    pub(crate) async fn write(self, tx: &Tx) -> Result<()> {
        let width = self.columns.len();
        if self.cells.is_empty() || width == 0 {
            return Ok(());
        }
        let given = self.cells.len() / width;
        let what = self.what;
        let written = match tx.backend() {
            Backend::Sqlite => self.write_sqlite(tx, width, given).await?,
            Backend::Postgres => self.write_postgres(tx, width).await?,
        };
        let given = given as u64;
        if written == given {
            Ok(())
        } else {
            Err(StoreError::CountMismatch {
                what,
                given,
                written,
            })
        }
    }

    async fn write_sqlite(self, tx: &Tx, width: usize, mut left: usize) -> Result<u64> {
        let names = self.names();
        let mut cells = self.cells.into_iter();
        let mut written = 0;
        for batch in BATCHES {
            if left < batch {
                continue;
            }
            let row = format!("({})", vec!["?"; width].join(","));
            let sql = format!(
                "INSERT INTO {} ({names}) VALUES {}{}",
                self.table,
                vec![row; batch].join(","),
                self.suffix
            );
            while left >= batch {
                let types = self.columns.iter().map(|(_, kind)| *kind).cycle();
                let values = cells
                    .by_ref()
                    .take(width * batch)
                    .zip(types)
                    .map(|(cell, kind)| cell.into_value(kind))
                    .collect();
                written += tx.run(&sql, values).await?;
                left -= batch;
            }
        }
        Ok(written)
    }

    async fn write_postgres(self, tx: &Tx, width: usize) -> Result<u64> {
        let parameters: Vec<String> = self
            .columns
            .iter()
            .zip(1..)
            .map(|((_, kind), n)| format!("CAST(${n} AS {}[])", kind.postgres()))
            .collect();
        let sql = format!(
            "INSERT INTO {} ({}) SELECT * FROM unnest({}){}",
            self.table,
            self.names(),
            parameters.join(","),
            self.suffix
        );
        let mut written = 0;
        let mut rows = self.cells.chunks(width).peekable();
        while rows.peek().is_some() {
            let mut arrays: Vec<ArrayLiteral> = Vec::new();
            arrays.resize_with(width, ArrayLiteral::default);
            let mut bytes = 0;
            for row in rows.by_ref() {
                for (cell, array) in row.iter().zip(&mut arrays) {
                    let before = array.text.len();
                    array.push(cell);
                    bytes += array.text.len() - before;
                }
                if bytes >= tx.statement_bytes() {
                    break;
                }
            }
            let values = arrays
                .into_iter()
                .map(|array| Value::String(Some(array.finish())))
                .collect();
            written += tx.run(&sql, values).await?;
        }
        Ok(written)
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        names.join(",")
    }
}

/// A PostgreSQL array in its text form: one parameter for a whole column.
#[derive(Debug, Default)]
pub(crate) struct ArrayLiteral {
    text: String,
}

impl ArrayLiteral {
    /// Adds a value.
    pub(crate) fn push(&mut self, cell: &Cell) {
        match cell {
            Cell::Text(text) => self.push_text(text),
            Cell::Null => self.separate().push_str("NULL"),
            Cell::Bool(true) => self.separate().push('t'),
            Cell::Bool(false) => self.separate().push('f'),
            Cell::Int(number) => {
                let number = number.to_string();
                self.separate().push_str(&number);
            }
            Cell::Real(number) => {
                let number = number.to_string();
                self.separate().push_str(&number);
            }
            Cell::Bytes(bytes) => {
                let text = self.separate();
                text.push_str("\"\\\\x");
                for byte in bytes {
                    text.extend([byte >> 4, byte & 0xf].map(hex_digit));
                }
                text.push('"');
            }
        }
    }

    /// Adds a string.
    pub(crate) fn push_text(&mut self, value: &str) {
        let text = self.separate();
        text.push('"');
        let mut rest = value;
        while let Some((before, special)) = rest
            .find(['"', '\\'])
            .and_then(|at| rest.split_at_checked(at))
        {
            text.push_str(before);
            text.push('\\');
            let mut letters = special.chars();
            text.extend(letters.next());
            rest = letters.as_str();
        }
        text.push_str(rest);
        text.push('"');
    }

    fn separate(&mut self) -> &mut String {
        self.text.push(if self.text.is_empty() { '{' } else { ',' });
        &mut self.text
    }

    /// The literal.
    pub(crate) fn finish(mut self) -> String {
        if self.text.is_empty() {
            self.text.push('{');
        }
        self.text.push('}');
        self.text
    }
}

fn hex_digit(half: u8) -> char {
    char::from_digit(u32::from(half), 16).unwrap_or('0')
}
