//! Serves a sandbox: `cargo run -p crossdock-sandbox --example serve -- 127.0.0.1:9400 [DIR]`,
//! with made-up data, or with the recorded replies in a folder.

use std::path::Path;
use std::time::SystemTime;

use crossdock_sandbox::server::Server;
use crossdock_sandbox::{Options, Sandbox};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "a program says where it listens")]
#[expect(clippy::disallowed_methods, reason = "a program reads the clock")]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments
        .next()
        .unwrap_or_else(|| "127.0.0.1:9400".to_owned());
    let mut sandbox = Sandbox::new(Options::new(SystemTime::now().into()));
    if let Some(dir) = arguments.next() {
        let report = sandbox.load_dir(Path::new(&dir))?;
        println!("{}", serde_json::to_string_pretty(&report)?);
    }
    let server = Server::bind(address.as_str(), sandbox)?;
    println!("http://{}/_sandbox/", server.address());
    server.run(std::future::pending()).await
}
