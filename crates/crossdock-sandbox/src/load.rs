//! Reading a folder of recorded replies.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::Serialize;

use crate::platform::{Platform, SeedFile, SeedOutcome};
use crate::world::World;

/// How many objects there are, by platform and stream.
pub type Counts = BTreeMap<&'static str, BTreeMap<String, u64>>;

/// The bytes of files, by their path below the folder.
type Files = BTreeMap<String, Vec<u8>>;

/// What became of a folder of recorded replies.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LoadReport {
    /// Objects found in files. The same object in two files counts twice.
    pub taken: Counts,
    /// Objects that the platforms hold now: what a complete sync must find.
    pub census: Counts,
    /// Files of a platform of which nothing belongs to a stream.
    pub passed: Vec<PassedFile>,
    /// Files that no platform knows.
    pub unwanted: Vec<String>,
}

/// A file that its platform took nothing from.
#[derive(Clone, Debug, Serialize)]
pub struct PassedFile {
    /// The file's path below the folder.
    pub path: String,
    /// The platform's id.
    pub platform: &'static str,
    /// Why, in one sentence.
    pub reason: String,
}

/// Offers every file of a folder to every platform, in path order, and lets the platforms settle.
pub(crate) fn load(
    dir: &Path,
    platforms: &mut [Box<dyn Platform>],
    world: &mut World,
) -> io::Result<LoadReport> {
    let mut files = Files::new();
    read_dir(dir, "", &mut files)?;
    let (exchanges, files): (Files, Files) = files
        .into_iter()
        .partition(|(path, _)| path.ends_with(".http.json"));

    let mut report = LoadReport::default();
    for (path, bytes) in &files {
        let stem = path
            .rsplit_once('.')
            .map_or(path.as_str(), |(stem, _)| stem);
        let exchange = exchanges
            .get(&format!("{stem}.http.json"))
            .map(Vec::as_slice);
        let file = SeedFile {
            path,
            bytes,
            exchange,
        };
        let mut wanted = false;
        for platform in platforms.iter_mut() {
            match platform.load(&file) {
                SeedOutcome::NotMine => continue,
                SeedOutcome::Taken { streams } => {
                    let counts = report.taken.entry(platform.id()).or_default();
                    for (stream, count) in streams {
                        *counts.entry(stream).or_default() += count;
                    }
                }
                SeedOutcome::Passed { reason } => report.passed.push(PassedFile {
                    path: path.clone(),
                    platform: platform.id(),
                    reason,
                }),
            }
            wanted = true;
        }
        if !wanted {
            report.unwanted.push(path.clone());
        }
    }
    for platform in platforms.iter_mut() {
        platform.settle(world);
    }
    report.census = census(platforms);
    Ok(report)
}

/// How many objects all platforms hold.
pub(crate) fn census(platforms: &[Box<dyn Platform>]) -> Counts {
    let of = |platform: &dyn Platform| {
        platform
            .census()
            .into_iter()
            .map(|(stream, count)| (stream.to_owned(), count))
            .collect()
    };
    platforms
        .iter()
        .map(|platform| (platform.id(), of(platform.as_ref())))
        .collect()
}

/// Collects the files below a folder by their path. Links to folders are not followed, so that no
/// circle of links can trap the walk; hidden files are left out.
fn read_dir(dir: &Path, prefix: &str, files: &mut Files) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            read_dir(&entry.path(), &format!("{path}/"), files)?;
        } else if entry.path().is_file() {
            files.insert(path, fs::read(entry.path())?);
        }
    }
    Ok(())
}
