//! The key ring as a file that only its owner can read, and that is never half written.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::key::random;
use crate::key_ring::KeyRing;

/// Far more keys than anybody has; a guard against being pointed at the wrong file.
const MAX_BYTES: u64 = 64 * 1024;

/// What stands above the keys in a file.
const HEADING: &str = "# crossdock keys: keep this file secret, and keep a copy of it elsewhere\n";

/// A key ring and the file that it is kept in.
#[derive(Debug)]
pub struct KeyFile {
    path: PathBuf,
    ring: KeyRing,
}

impl KeyFile {
    /// Reads a key file.
    ///
    /// # Errors
    /// [`Error::KeyFileOpen`] on Unix when its group or others may read or write it;
    /// [`Error::KeyFileIo`]; and those of [`KeyRing::parse`].
    pub fn load(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        let ring = read(&path)?;
        Ok(Self { path, ring })
    }

    /// Makes a file with one new key.
    ///
    /// # Errors
    /// [`Error::KeyFileExists`] when there is one already; [`Error::KeyFileIo`];
    /// [`Error::NoRandomness`].
    pub fn create_new(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        let ring = KeyRing::generate()?;
        // Taking the name first decides between two processes that both start for the first time;
        // the content follows by rename, so that nobody reads half of it.
        match owner_only().open(&path) {
            Ok(_claim) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(Error::KeyFileExists { path });
            }
            Err(source) => {
                return Err(Error::KeyFileIo {
                    path,
                    verb: "written",
                    source,
                });
            }
        }
        if let Err(error) = write(&path, &ring) {
            // Best effort: the first error is the one to report.
            drop(std::fs::remove_file(&path));
            return Err(error);
        }
        Ok(Self { path, ring })
    }

    /// Puts another ring in its place, as rotation does. A reader finds either the old one or the
    /// new one, whole.
    ///
    /// # Errors
    /// [`Error::KeyFileChanged`] when somebody else replaced it since it was loaded: then nothing
    /// is written, as a key could be lost. [`Error::KeyFileIo`].
    pub fn replace(&mut self, ring: KeyRing) -> Result<()> {
        let failed = |source| Error::KeyFileIo {
            path: self.path.clone(),
            verb: "written",
            source,
        };
        let lock = File::open(&self.path).map_err(failed)?;
        lock.lock().map_err(failed)?;
        // Read by its path: whoever held the lock before may have put another file there.
        let stored = read(&self.path)?.to_text();
        if stored.expose_secret() != self.ring.to_text().expose_secret() {
            return Err(Error::KeyFileChanged {
                path: self.path.clone(),
            });
        }
        write(&self.path, &ring)?;
        self.ring = ring;
        Ok(())
    }

    /// The keys.
    #[must_use]
    pub fn ring(&self) -> &KeyRing {
        &self.ring
    }

    /// Where they are kept.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn read(path: &Path) -> Result<KeyRing> {
    let failed = |source| Error::KeyFileIo {
        path: path.to_owned(),
        verb: "read",
        source,
    };
    let file = File::open(path).map_err(failed)?;
    refuse_if_open(path, &file).map_err(failed)??;
    let mut text = Zeroizing::new(String::with_capacity(4096));
    file.take(MAX_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(failed)?;
    if u64::try_from(text.len()).is_ok_and(|length| length > MAX_BYTES) {
        let source = io::Error::new(io::ErrorKind::InvalidData, "it is too long for a key file");
        return Err(failed(source));
    }
    KeyRing::parse(&SecretString::from(text.as_str()))
}

fn write(path: &Path, ring: &KeyRing) -> Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{:016x}.tmp", u64::from_be_bytes(random()?)));
    let temporary = path.with_file_name(name);
    let written = (|| {
        let mut file = owner_only().open(&temporary)?;
        file.write_all(HEADING.as_bytes())?;
        file.write_all(ring.to_text().expose_secret().as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)?;
        sync_directory(path)
    })();
    written.map_err(|source| {
        // Best effort: it is gone already if the rename came to pass.
        drop(std::fs::remove_file(&temporary));
        Error::KeyFileIo {
            path: path.to_owned(),
            verb: "written",
            source,
        }
    })
}

fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

#[cfg(unix)]
fn refuse_if_open(path: &Path, file: &File) -> io::Result<Result<()>> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    let open = mode & 0o077 != 0;
    Ok(if open {
        Err(Error::KeyFileOpen {
            path: path.to_owned(),
            mode,
        })
    } else {
        Ok(())
    })
}

#[cfg(not(unix))]
fn refuse_if_open(_path: &Path, _file: &File) -> io::Result<Result<()>> {
    Ok(Ok(()))
}

/// Makes the rename itself outlast a power cut.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(ring: &KeyRing) -> String {
        ring.to_text().expose_secret().to_owned()
    }

    fn names(folder: &Path) -> Vec<String> {
        std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_new_file_loads_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let created = KeyFile::create_new(&path).unwrap();
        assert!(matches!(
            KeyFile::create_new(&path),
            Err(Error::KeyFileExists { .. })
        ));
        let loaded = KeyFile::load(&path).unwrap();
        assert_eq!(text(loaded.ring()), text(created.ring()));
        assert_eq!(names(folder.path()), ["keys"]);
    }

    #[test]
    fn rotation_replaces_the_file_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let mut file = KeyFile::create_new(&path).unwrap();
        let mut ring = file.ring().clone();
        ring.add_generated().unwrap();
        file.replace(ring.clone()).unwrap();
        assert_eq!(text(KeyFile::load(&path).unwrap().ring()), text(&ring));
        assert_eq!(names(folder.path()), ["keys"]);
    }

    #[test]
    fn of_two_rotations_at_once_the_second_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let mut one = KeyFile::create_new(&path).unwrap();
        let mut other = KeyFile::load(&path).unwrap();
        let mut ring = one.ring().clone();
        ring.add_generated().unwrap();
        one.replace(ring.clone()).unwrap();
        let refused = other.replace(other.ring().clone());
        assert!(matches!(refused, Err(Error::KeyFileChanged { .. })));
        assert_eq!(text(KeyFile::load(&path).unwrap().ring()), text(&ring));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        KeyFile::create_new(&path).unwrap();
        let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        for open in [0o640, 0o604, 0o620] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(open)).unwrap();
            let message = KeyFile::load(&path).unwrap_err().to_string();
            assert!(message.contains(&format!("mode {open:03o}")), "{message}");
            assert!(message.contains("chmod 600"), "{message}");
        }
    }

    #[test]
    fn what_is_no_key_file_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let missing = KeyFile::load(folder.path().join("keys"));
        assert!(matches!(
            missing,
            Err(Error::KeyFileIo { verb: "read", .. })
        ));
        let long = folder.path().join("long");
        owner_only()
            .open(&long)
            .unwrap()
            .write_all(&[b'#'; 70_000])
            .unwrap();
        assert!(matches!(
            KeyFile::load(&long),
            Err(Error::KeyFileIo { verb: "read", .. })
        ));
        let empty = folder.path().join("empty");
        owner_only().open(&empty).unwrap();
        assert!(matches!(KeyFile::load(&empty), Err(Error::KeyRingEmpty)));
        let nowhere = KeyFile::create_new(folder.path().join("no/such/folder"));
        assert!(matches!(
            nowhere,
            Err(Error::KeyFileIo {
                verb: "written",
                ..
            })
        ));
    }
}
