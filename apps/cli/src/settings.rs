//! What the settings mean: flags over the environment over the file over the defaults.
//!
//! The only place in the workspace that reads the environment. Everything is checked here, before
//! anything is opened, and a setting that nobody knows is an error: a typo in `CROSSDOCK_KEYS` must
//! not start a service without keys.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use connector_core::SecretString;
use serde::Deserialize;
use url::Url;

use crate::args::Global;
use crate::failure::Failure;

/// The file that is read from the data directory when `--config` names none.
const FILE_NAME: &str = "crossdock.toml";

/// The port on which the OAuth callback of `crossdock connect` listens. Fixed, as platforms want
/// the callback's address registered beforehand.
const LOOPBACK_PORT: u16 = 9311;

/// Everything that can be set. The names are those of the file; `CROSSDOCK_` and the name in upper
/// case, with `__` for a dot, are those of the environment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    pub(crate) data_dir: PathBuf,
    pub(crate) database_url: Option<SecretString>,
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: Option<Url>,
    pub(crate) loopback_port: u16,
    pub(crate) gateway: Option<Url>,
    pub(crate) gateway_allow_remote: bool,
    pub(crate) keys: Option<SecretString>,
    pub(crate) key_file: Option<PathBuf>,
    pub(crate) log: Option<String>,
    pub(crate) log_format: LogFormat,
    pub(crate) platforms: connector_registry::Config,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    #[default]
    Text,
    Json,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("crossdock-data"),
            database_url: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 9300)),
            public_url: None,
            loopback_port: LOOPBACK_PORT,
            gateway: None,
            gateway_allow_remote: false,
            keys: None,
            key_file: None,
            log: None,
            log_format: LogFormat::default(),
            platforms: connector_registry::Config::default(),
        }
    }
}

impl Settings {
    /// Reads the file and the environment, and lets the flags win.
    pub(crate) fn load(global: &Global) -> Result<Self, Failure> {
        Self::load_from(global, std::env::vars_os())
    }

    fn load_from(
        global: &Global,
        environment: impl Iterator<Item = (std::ffi::OsString, std::ffi::OsString)>,
    ) -> Result<Self, Failure> {
        let environment: Vec<(String, String)> = environment
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, value)| {
                name.starts_with("CROSSDOCK_")
                    && !name.starts_with("CROSSDOCK_TEST_")
                    && !value.is_empty()
            })
            .collect();
        let mut builder = config::Config::builder();
        if let Some(file) = file(global, &environment)? {
            builder = builder.add_source(config::File::from(file).format(config::FileFormat::Toml));
        }
        for (name, value) in &environment {
            let key = name
                .trim_start_matches("CROSSDOCK_")
                .to_ascii_lowercase()
                .replace("__", ".");
            builder = builder
                .set_override(&key, value.as_str())
                .map_err(|error| Failure::config(format!("{name}: {error}")))?;
        }
        let settings: Self = builder
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(|error| explain(&error, &environment))?;
        Ok(settings.with_flags(global))
    }

    fn with_flags(mut self, global: &Global) -> Self {
        if let Some(dir) = &global.data_dir {
            self.data_dir.clone_from(dir);
        }
        if let Some(url) = &global.database_url {
            self.database_url = Some(url.clone().into());
        }
        if let Some(gateway) = &global.gateway {
            self.gateway = Some(gateway.clone());
        }
        self
    }

    /// Where the keys lie, unless [`Settings::keys`] has them.
    pub(crate) fn key_file(&self) -> PathBuf {
        self.key_file
            .clone()
            .unwrap_or_else(|| self.data_dir.join("keys"))
    }

    /// Where this process says that it is alive.
    pub(crate) fn lock_dir(&self) -> PathBuf {
        self.data_dir.join("instances")
    }

    /// The database's address; a file in the data directory unless set.
    pub(crate) fn database_url(&self) -> SecretString {
        self.database_url.clone().unwrap_or_else(|| {
            format!(
                "sqlite:{}",
                self.data_dir.join("crossdock.sqlite").display()
            )
            .into()
        })
    }
}

/// The settings file: the one that was named, which must be there, or the usual one, which may be.
fn file(global: &Global, environment: &[(String, String)]) -> Result<Option<PathBuf>, Failure> {
    if let Some(path) = &global.config {
        return if path.is_file() {
            Ok(Some(path.clone()))
        } else {
            Err(Failure::config(format!(
                "--config: there is no file {}",
                path.display()
            )))
        };
    }
    let from_environment = environment
        .iter()
        .find(|(name, _)| name == "CROSSDOCK_DATA_DIR")
        .map(|(_, dir)| PathBuf::from(dir));
    let dir = global
        .data_dir
        .clone()
        .or(from_environment)
        .unwrap_or_else(|| Settings::default().data_dir);
    let usual = dir.join(FILE_NAME);
    Ok(Path::is_file(&usual).then_some(usual))
}

/// Says which setting is wrong and where it was set, without its value.
fn explain(error: &config::ConfigError, environment: &[(String, String)]) -> Failure {
    use config::ConfigError;
    let mut text = match error {
        ConfigError::FileParse { uri, cause } => {
            format!("{}: {cause}", uri.as_deref().unwrap_or(FILE_NAME))
        }
        ConfigError::At { error, origin, key } => {
            let key = key.as_deref().unwrap_or("a setting");
            let origin = origin.as_deref().unwrap_or("the environment");
            format!("{key} (in {origin}): {}", without_value(error))
        }
        other => without_value(other),
    };
    let variable = environment.iter().map(|(name, _)| name).find(|name| {
        let setting = name.trim_start_matches("CROSSDOCK_").rsplit("__").next();
        setting.is_some_and(|setting| text.contains(&format!("`{}`", setting.to_lowercase())))
    });
    if let Some(variable) = variable.filter(|_| text.starts_with("unknown")) {
        text = format!("{variable}: {text}");
    }
    Failure::config(format!("{text}; docs/CONFIGURATION.md lists every setting"))
}

fn without_value(error: &config::ConfigError) -> String {
    match error {
        config::ConfigError::Type { expected, key, .. } => match key {
            Some(key) => format!("{key} must be {expected}"),
            None => format!("this must be {expected}"),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn global() -> Global {
        Global {
            data_dir: Some(PathBuf::from("/nowhere")),
            config: None,
            database_url: None,
            gateway: None,
            json: false,
        }
    }

    fn load(pairs: &[(&str, &str)]) -> Result<Settings, Failure> {
        Settings::load_from(
            &global(),
            pairs
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into())),
        )
    }

    #[test]
    fn flags_win_over_the_environment() {
        let settings = load(&[
            ("CROSSDOCK_DATA_DIR", "/elsewhere"),
            ("CROSSDOCK_LOG", "debug"),
        ]);
        let settings = settings.unwrap();
        assert_eq!(settings.data_dir, Path::new("/nowhere"));
        assert_eq!(settings.log.as_deref(), Some("debug"));
    }

    #[test]
    fn an_unknown_setting_is_named() {
        let error = load(&[("CROSSDOCK_GATEWAYY", "http://127.0.0.1:1")]).unwrap_err();
        assert!(
            error.to_string().starts_with("CROSSDOCK_GATEWAYY: "),
            "{error}"
        );
    }

    #[test]
    fn a_nested_setting_reaches_its_platform() {
        let error = load(&[("CROSSDOCK_PLATFORMS__SHOPIFY__CLIENT_IDD", "x")]).unwrap_err();
        assert!(error.to_string().contains("client_idd"), "{error}");
    }

    #[test]
    fn what_tests_set_is_no_setting() {
        assert!(load(&[("CROSSDOCK_TEST_POSTGRES", "postgres://x")]).is_ok());
    }

    #[test]
    fn secrets_do_not_show() {
        let settings = load(&[
            ("CROSSDOCK_KEYS", "k1:verysecret"),
            ("CROSSDOCK_DATABASE_URL", "postgres://u:verysecret@h/d"),
        ])
        .unwrap();
        assert!(!format!("{settings:?}").contains("verysecret"));
    }
}
