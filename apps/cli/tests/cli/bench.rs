//! The binary and the sandbox, each in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_crossdock");

/// A sandbox that ends with the test.
pub(crate) struct Sandbox {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Sandbox {
    pub(crate) fn start() -> Self {
        let mut child = bare()
            .args(["sandbox", "--listen", "127.0.0.1:0", "--json"])
            .args(["--products", "12", "--orders", "15"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told: Value = serde_json::from_str(&line).expect("the sandbox tells its address");
        Self {
            child,
            address: told["address"].as_str().unwrap().to_owned(),
        }
    }
}

impl Sandbox {
    /// Makes something happen at a platform.
    pub(crate) fn control(&self, verb: &str, body: &Value) {
        use std::io::{Read as _, Write as _};

        let host = self.address.trim_start_matches("http://");
        let mut stream = std::net::TcpStream::connect(host).unwrap();
        let body = body.to_string();
        write!(
            stream,
            "POST /_sandbox/platforms/{verb} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The binary without anything that this machine's environment says.
pub(crate) fn bare() -> Command {
    let mut command = Command::new(BINARY);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CROSSDOCK_") {
            command.env_remove(name);
        }
    }
    command
}

/// An installation: a data directory, and a gateway if one is set.
pub(crate) struct Crossdock {
    pub(crate) dir: TempDir,
    pub(crate) gateway: Option<String>,
}

impl Crossdock {
    pub(crate) fn new(gateway: Option<&Sandbox>) -> Self {
        let gateway = gateway.map(|sandbox| sandbox.address.clone());
        Self {
            dir: tempfile::tempdir().unwrap(),
            gateway,
        }
    }

    /// One with a key.
    pub(crate) fn with_key(gateway: Option<&Sandbox>) -> Self {
        let crossdock = Self::new(gateway);
        crossdock.succeed(&["keys", "generate"]);
        crossdock
    }

    pub(crate) fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = bare();
        command
            .args(words)
            .env("CROSSDOCK_DATA_DIR", self.data_dir());
        if let Some(gateway) = &self.gateway {
            command.env("CROSSDOCK_GATEWAY", gateway);
        }
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    pub(crate) fn succeed(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(
            output.status.success(),
            "{words:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    pub(crate) fn json(&self, words: &[&str]) -> Vec<Value> {
        let mut all = vec!["--json"];
        all.extend(words);
        self.succeed(&all)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Runs what must fail, and gives its exit code and what it said.
    pub(crate) fn fail(&self, words: &[&str]) -> (i32, String) {
        let output = self.run(words);
        assert!(
            !output.status.success(),
            "{words:?} should fail: {}",
            text(&output.stdout)
        );
        (output.status.code().unwrap(), text(&output.stderr))
    }

    pub(crate) fn connect_alias(&self, token: &str) -> Output {
        self.typed(
            &[
                "connect",
                "alias",
                "--field",
                "account_name=Test",
                "--secret-stdin",
            ],
            token,
        )
    }

    pub(crate) fn typed(&self, words: &[&str], typed: &str) -> Output {
        use std::io::Write as _;

        let mut child = self
            .command(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(format!("{typed}\n").as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
