//! Where the recordings lie.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder beside the repository; `None`, with a word, where it isn't.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared")
        .join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: there is nothing at {}", path.display());
    None
}

/// The recorded bodies of a folder, by their paths within it.
pub(crate) fn bodies(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let inner = bodies(&path).into_iter();
            found.extend(inner.map(|(file, text)| (format!("{name}/{file}"), text)));
        } else if !name.ends_with(".http.json") && !name.ends_with(".expected.json") {
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    found
}
