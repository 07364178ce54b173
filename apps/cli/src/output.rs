//! What a command prints: tables for people, JSON for scripts, never both.

use std::io::{self, IsTerminal as _, Write as _};

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use serde::Serialize;
use serde_json::json;

use crate::failure::Failure;

/// Where a command's result goes. What is told on the way goes to standard error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Whether somebody watches, so that progress bars and questions make sense.
    pub(crate) fn is_watched(self) -> bool {
        !self.json && io::stderr().is_terminal()
    }

    /// A result: `value` for a script, what `text` makes for a person.
    pub(crate) fn result<T: Serialize>(
        self,
        value: &T,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        if self.json {
            self.json_line(value)
        } else {
            self.line(&text())
        }
    }

    /// One line on standard output.
    pub(crate) fn line(self, text: &str) -> Result<(), Failure> {
        ignore_closed(writeln!(io::stdout().lock(), "{}", text.trim_end()))
    }

    /// One JSON value on standard output.
    pub(crate) fn json_line<T: Serialize>(self, value: &T) -> Result<(), Failure> {
        let line = serde_json::to_string(value).map_err(io::Error::from)?;
        self.line(&line)
    }

    /// Something to know on the way; nothing for a script.
    pub(crate) fn note(self, text: &str) {
        if !self.json {
            // A closed standard error is no reason to stop the work.
            drop(writeln!(io::stderr().lock(), "{text}"));
        }
    }

    /// The failure that ends the command.
    pub(crate) fn failure(self, failure: &Failure) {
        let mut stderr = io::stderr().lock();
        let written = if self.json {
            let form = json!({
                "success": false,
                "error": failure.to_string(),
                "code": failure.code().to_ascii_uppercase(),
            });
            writeln!(stderr, "{form}")
        } else {
            writeln!(stderr, "crossdock: {failure}")
        };
        // There is nobody left to tell.
        drop(written);
    }
}

/// A reader that has seen enough (`| head`) is no failure.
fn ignore_closed(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::from),
    }
}

/// A table with these column names; the columns at `numbers` are set flush right.
pub(crate) fn table(names: &[&str], numbers: &[usize], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(names);
    table.add_rows(
        rows.into_iter()
            .map(|row| row.into_iter().map(|cell| printable(&cell))),
    );
    for &index in numbers {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

/// Text of a platform without what would steer a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platforms_text_cannot_steer_the_terminal() {
        let text = table(&["title"], &[], vec![vec!["\u{1b}[2Jgone".to_owned()]]);
        assert!(!text.contains('\u{1b}'), "{text}");
        assert!(text.contains("[2Jgone"));
    }
}
