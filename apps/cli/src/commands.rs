//! One file per command, and the one place that knows them all.

mod attribution;
mod connect;
mod connections;
mod days;
mod demo;
mod doctor;
mod keys;
mod metrics;
mod platforms;
mod records;
mod sandbox;
mod serve;
mod sync;
mod webhooks;

use clap::CommandFactory as _;

use crate::app::App;
use crate::args::{Cli, Command};
use crate::failure::Failure;
use crate::output::Output;
use crate::settings::Settings;

/// Runs a command.
pub(crate) async fn run(
    command: Command,
    settings: Settings,
    output: Output,
) -> Result<(), Failure> {
    if command.reaches_platforms() {
        demo::refuse_without_sandbox(&settings)?;
    }
    let open = || App::open(settings.clone());
    match command {
        Command::Demo(args) => Box::pin(demo::run(args, settings, output)).await,
        Command::Sandbox(args) => sandbox::run(args, output).await,
        Command::Serve(args) => serve::run(args, settings, output).await,
        Command::Platforms => platforms::list(&settings, output),
        Command::Connect(args) => connect::run(args, &open().await?, output).await,
        Command::Connections => connections::list(&open().await?, output).await,
        Command::Test(which) => connections::test(&which, &open().await?, output).await,
        Command::Refresh(which) => connections::refresh(&which, &open().await?, output).await,
        Command::Verify(args) => connections::verify(&args, &open().await?, output).await,
        Command::Set(args) => connections::set(args, &open().await?, output).await,
        Command::Disconnect(args) => connections::disconnect(&args, &open().await?, output).await,
        Command::Sync(args) => sync::run(args, &open().await?, output).await,
        Command::Runs(args) => sync::runs(args, &open().await?, output).await,
        Command::Records(args) => records::records(args, &open().await?, output).await,
        Command::Changes(args) => records::changes(&args, &open().await?, output).await,
        Command::Metrics(args) => metrics::run(args, &open().await?, output).await,
        Command::Attribution(days) => attribution::run(days, &open().await?, output).await,
        Command::Webhooks(args) => webhooks::run(args, &open().await?, output).await,
        Command::Keys(args) => keys::run(args, settings, output).await,
        Command::Doctor => doctor::run(&settings, output).await,
        Command::Completions { shell } => {
            clap_complete::generate(
                shell,
                &mut Cli::command(),
                "crossdock",
                &mut std::io::stdout(),
            );
            Ok(())
        }
    }
}
