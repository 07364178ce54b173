//! Where the recorded replies lie, for a connector's tests against them.

#![expect(clippy::print_stdout, reason = "a test says that it was skipped")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// A file or folder beside the repository; `None`, with a word, where it isn't.
#[must_use]
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared")
        .join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: there is nothing at {}", path.display());
    None
}

/// The text of a file beside the repository; `None`, with a word, where there is none.
#[must_use]
pub fn text(path: &str) -> Option<String> {
    fs::read_to_string(shared(path)?).ok()
}

/// All files of a folder, by their paths within it.
///
/// # Errors
/// What can't be read.
pub fn files(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            let inner = files(&path)?.into_iter();
            found.extend(inner.map(|(file, text)| (format!("{name}/{file}"), text)));
        } else {
            found.insert(name.into_owned(), fs::read_to_string(&path)?);
        }
    }
    Ok(found)
}

/// The recorded bodies of a folder, by their paths within it: without what was sent for them, and what
/// others made of them.
///
/// # Errors
/// What can't be read.
pub fn bodies(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut found = files(folder)?;
    found.retain(|name, _| !name.ends_with(".http.json") && !name.ends_with(".expected.json"));
    Ok(found)
}
