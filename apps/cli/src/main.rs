//! The `crossdock` binary: what is typed, what it means, what comes back. Thin: the work is done by
//! the engine, the store and the API.

mod app;
mod args;
mod commands;
mod failure;
mod output;
mod progress;
mod settings;
mod telemetry;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Cli;
use crate::output::Output;
use crate::settings::Settings;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output::new(cli.global.json);
    let result = Settings::load(&cli.global).and_then(|settings| {
        telemetry::start(&settings, cli.command.usual_log())?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(commands::run(cli.command, settings, output))
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output.failure(&failure);
            failure.exit_code()
        }
    }
}
