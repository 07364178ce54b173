//! `crossdock sandbox`: the emulated platforms by themselves.

use std::path::Path;

use connector_core::Clock as _;
use connector_http::SystemClock;
use crossdock_sandbox::server::Server;
use crossdock_sandbox::{LoadReport, Options, Sandbox};

use crate::args;
use crate::failure::Failure;
use crate::output::{Output, table};

pub(crate) async fn run(args: args::Sandbox, output: Output) -> Result<(), Failure> {
    if !args.listen.ip().is_loopback() {
        return Err(Failure::usage(
            "--listen: the sandbox listens on this machine only, as it has no secrets worth the name",
        ));
    }
    let mut options = Options::new(SystemClock.now());
    if let Some(products) = args.products {
        options.size.products = products;
    }
    if let Some(orders) = args.orders {
        options.size.orders = orders;
    }
    let mut sandbox = Sandbox::new(options);
    if let Some(dir) = &args.seed {
        let report = load(&mut sandbox, dir)?;
        output.note(&explain(&report));
    }
    let server = bind(args.listen, sandbox)?;
    let address = format!("http://{}", server.address());
    output.result(&serde_json::json!({ "address": address }), || {
        format!(
            "The sandbox is at {address}/_sandbox/\n\
             Point anything at it with CROSSDOCK_GATEWAY={address}"
        )
    })?;
    Ok(server.run(shutdown()).await?)
}

/// Loads recorded replies in place of made-up data.
pub(crate) fn load(sandbox: &mut Sandbox, dir: &Path) -> Result<LoadReport, Failure> {
    sandbox
        .load_dir(dir)
        .map_err(|error| Failure::io(format!("--seed {}", dir.display()), &error))
}

/// Listens, or says why not.
pub(crate) fn bind(
    address: impl std::net::ToSocketAddrs + std::fmt::Debug,
    sandbox: Sandbox,
) -> Result<Server, Failure> {
    let wanted = format!("{address:?}");
    Server::bind(address, sandbox)
        .map_err(|error| Failure::io(format!("the sandbox can't listen at {wanted}"), &error))
}

/// What was loaded, counted, and what was passed over, with the reasons counted.
pub(crate) fn explain(report: &LoadReport) -> String {
    let mut rows = Vec::new();
    for (platform, streams) in &report.census {
        for (stream, objects) in streams {
            let taken = report
                .taken
                .get(platform)
                .and_then(|counts| counts.get(stream));
            rows.push(vec![
                (*platform).to_owned(),
                stream.clone(),
                taken.copied().unwrap_or_default().to_string(),
                objects.to_string(),
            ]);
        }
    }
    let mut reasons = std::collections::BTreeMap::<(&str, &str), usize>::new();
    for file in &report.passed {
        *reasons
            .entry((file.platform, file.reason.as_str()))
            .or_default() += 1;
    }
    let passed: Vec<_> = reasons
        .into_iter()
        .map(|((platform, reason), files)| {
            vec![platform.to_owned(), files.to_string(), reason.to_owned()]
        })
        .collect();
    let mut text = format!(
        "Loaded from recordings:\n{}\n",
        table(
            &["platform", "stream", "in files", "distinct"],
            &[2, 3],
            rows
        )
    );
    if !passed.is_empty() {
        let why = table(&["platform", "files", "passed over because"], &[1], passed);
        text = format!("{text}{why}\n");
    }
    text
}

/// Resolves when the process is asked to end.
pub(crate) async fn shutdown() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler the default one ends the process, which is as good.
    drop(interrupt.await);
}
