//! What can be typed, and nothing of what it means: that is in `settings` and `commands`.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use url::Url;

/// Connects a merchant's accounts, keeps the connections alive and syncs what they hold.
///
/// Every setting can also be given by a file (--config) or by the environment; see
/// docs/CONFIGURATION.md. Flags win over the environment, which wins over the file.
#[derive(Debug, Parser)]
#[command(
    name = "crossdock",
    version,
    propagate_version = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Where the database and the keys lie
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// A settings file in TOML [default: crossdock.toml in the data directory, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The database: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Send everything for a platform through this address instead, such as a sandbox
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) gateway: Option<Url>,
    /// Print JSON, for scripts
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try everything without an account: a sandbox, every platform connected, all streams synced
    Demo(Demo),
    /// Run the emulated platforms by themselves
    Sandbox(Sandbox),
    /// Run the API and the console
    Serve(Serve),
    /// List the platforms and how each can be connected
    Platforms,
    /// Connect an account of a platform
    Connect(Connect),
    /// List the connected accounts
    Connections,
    /// Ask a platform whether a connection works
    Test(Which),
    /// Renew a connection's credential now
    Refresh(Which),
    /// Look samples of what was synced up at the platform, one by one, and compare
    Verify(Verify),
    /// Change what is set for a connection, such as a watch list
    Set(Set),
    /// Take a connection out of use; what was synced stays
    Disconnect(Disconnect),
    /// Sync connections
    Sync(Sync),
    /// List past and present sync runs
    Runs(Runs),
    /// Print what was synced
    Records(Records),
    /// Print what changed, in order
    Changes(Changes),
    /// Print what was measured: sums by day and by what they are called across platforms
    Metrics(Metrics),
    /// Print what preceded inquiries, bookings and orders: channels and campaigns, and what they brought
    Attribution(Days),
    /// See, make and end what a connection is subscribed to at its platform
    #[command(subcommand)]
    Webhooks(Webhooks),
    /// Make, rotate and import keys and secrets
    #[command(subcommand)]
    Keys(Keys),
    /// Check the installation and say what to mend
    Doctor,
    /// Print a shell's completions
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

impl Command {
    /// What is logged unless something else is set: a service tells its operator what happens, and
    /// a command tells by its result.
    pub(crate) fn usual_log(&self) -> &'static str {
        match self {
            Self::Serve(_) => "info",
            _ => "off",
        }
    }

    /// Whether it sends anything to a platform.
    pub(crate) fn reaches_platforms(&self) -> bool {
        match self {
            Self::Serve(_)
            | Self::Connect(_)
            | Self::Test(_)
            | Self::Refresh(_)
            | Self::Verify(_)
            | Self::Disconnect(_)
            | Self::Sync(_)
            | Self::Webhooks(_)
            | Self::Keys(Keys::Import(_)) => true,
            Self::Demo(_)
            | Self::Sandbox(_)
            | Self::Platforms
            | Self::Connections
            | Self::Set(_)
            | Self::Runs(_)
            | Self::Records(_)
            | Self::Changes(_)
            | Self::Metrics(_)
            | Self::Attribution(_)
            | Self::Keys(Keys::Generate { .. } | Keys::Rotate { .. })
            | Self::Doctor
            | Self::Completions { .. } => false,
        }
    }
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Which {
    /// A connection's id, or a platform's name where it has only one connection
    pub(crate) connection: String,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Verify {
    /// A connection's id, or a platform's name where it has only one connection
    pub(crate) connection: String,
    /// How many records of each stream
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub(crate) sample: u32,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Demo {
    /// End after the table; the exit code is 0 only if every stream completed
    #[arg(long)]
    pub(crate) once: bool,
    /// Load the recorded replies in this folder into the sandbox, in place of the made-up shop
    #[arg(long, value_name = "DIR")]
    pub(crate) seed: Option<PathBuf>,
    /// Where the API and the console listen [default: 127.0.0.1 and a free port]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Sandbox {
    /// Where to listen; loopback only
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9400")]
    pub(crate) listen: SocketAddr,
    /// Load the recorded replies in this folder in place of made-up data
    #[arg(long, value_name = "DIR", conflicts_with_all = ["products", "orders"])]
    pub(crate) seed: Option<PathBuf>,
    /// How many products to make up for each platform
    #[arg(long, value_name = "N")]
    pub(crate) products: Option<u32>,
    /// How many orders to make up for each platform
    #[arg(long, value_name = "N")]
    pub(crate) orders: Option<u32>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen [default: 127.0.0.1:9300]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// The address under which browsers and platforms reach this service
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<Url>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Connect {
    /// The platform, as `crossdock platforms` lists it
    pub(crate) platform: String,
    /// The way to connect [default: the platform's first]
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,
    /// A value of the form, as NAME=VALUE; what is not given is asked for. Not for secrets, which
    /// others could see in the list of processes: use --secret-stdin
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) fields: Vec<(String, String)>,
    /// Read the form's one secret from standard input
    #[arg(long)]
    pub(crate) secret_stdin: bool,
    /// Print the address to visit in place of opening a browser
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Keep the JSON as the platform sends it beside every record
    #[arg(long)]
    pub(crate) keep_raw: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Set {
    /// A connection's id, or a platform's name where it has only one connection
    pub(crate) connection: String,
    /// Values as NAME=VALUE; an empty value takes the setting away. `\n` in a value starts a new
    /// line
    #[arg(required = true, value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) values: Vec<(String, String)>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Disconnect {
    /// A connection's id, or a platform's name where it has only one connection
    pub(crate) connection: String,
    /// Erase everything that was synced as well; this can't be undone
    #[arg(long)]
    pub(crate) erase: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Sync {
    /// A connection's id, or a platform's name where it has only one connection [default: all]
    pub(crate) connection: Option<String>,
    /// Only this stream; can be given several times
    #[arg(long = "stream", value_name = "STREAM")]
    pub(crate) streams: Vec<String>,
    /// Read everything anew instead of what changed
    #[arg(long)]
    pub(crate) full: bool,
    /// Do not sit out what a platform still prepares, for up to half an hour: end, and go on with the
    /// next sync
    #[arg(long)]
    pub(crate) no_wait: bool,
}

impl Sync {
    /// Every stream of every connection, as `crossdock sync` alone means.
    pub(crate) fn everything() -> Self {
        Self {
            connection: None,
            streams: Vec::new(),
            full: false,
            no_wait: false,
        }
    }
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Runs {
    /// Only of this connection
    #[arg(long)]
    pub(crate) connection: Option<String>,
    /// How many at the most
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: u32,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Records {
    /// The stream: orders, products, …
    pub(crate) stream: String,
    /// Only of this connection
    #[arg(long)]
    pub(crate) connection: Option<String>,
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    pub(crate) output: Format,
    /// How many at the most; 0 prints all
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
    /// Also those that are gone at the platform
    #[arg(long)]
    pub(crate) include_gone: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Changes {
    /// The number of the last change that you have seen
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) after: i64,
    /// How many at the most
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: u32,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Metrics {
    /// Only of this platform
    #[arg(long)]
    pub(crate) platform: Option<String>,
    #[command(flatten)]
    pub(crate) days: Days,
    /// A line per day in place of one for all of them
    #[arg(long)]
    pub(crate) by_day: bool,
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Days {
    /// The first day, such as 2026-11-01 [default: 27 days before the last]
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<NaiveDate>,
    /// The last day [default: today]
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<NaiveDate>,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Webhooks {
    /// List what a connection is subscribed to
    List(Which),
    /// Make sure that everything that is understood here is delivered
    Subscribe {
        /// A connection's id, or a platform's name where it has only one connection
        connection: String,
        /// Where to, in the platform's form [default: the public URL's address for the platform's
        /// webhooks]
        #[arg(long, value_name = "ADDRESS")]
        deliver_to: Option<String>,
    },
    /// End a subscription
    Unsubscribe {
        /// A connection's id, or a platform's name where it has only one connection
        connection: String,
        /// The subscription's id, as `webhooks list` prints it
        id: String,
    },
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Keys {
    /// Make the first key
    Generate {
        /// Print it, for a secret store, in place of writing the key file
        #[arg(long)]
        print: bool,
    },
    /// Add a key, seal everything anew with it, and show how far it is
    Rotate {
        /// Take the old keys away when nothing needs them any more
        #[arg(long)]
        retire: bool,
    },
    /// Connect an account with a token that an older system kept
    Import(Import),
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Import {
    /// The platform that the token is for
    pub(crate) platform: String,
    /// The way to connect [default: the platform's first that takes a secret by hand]
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,
    /// Other values of the form, as NAME=VALUE
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) fields: Vec<(String, String)>,
    /// The file with the token, plain or as iv:authTag:ciphertext in hexadecimal; `-` reads
    /// standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) from: PathBuf,
    /// The file with the key that sealed it: 32 bytes, in hexadecimal, base64 or as they are
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Table,
    /// One JSON object a line.
    Json,
    /// With a line of names first.
    Csv,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_commands_hang_together() {
        super::Cli::command().debug_assert();
    }
}
