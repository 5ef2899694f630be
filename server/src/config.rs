//! Settings of a hub: file `interkpa.toml` in the data folder, then the environment.
//!
//! The only reader of the environment. `INTERKPA_SECTION__KEY` overrides `section.key`;
//! `INTERKPA_SECTION__KEY_FILE` names a file whose content is the value (secrets). An unknown key
//! is an error that names the known ones (decision 30).

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Format, Toml};
use figment::value::Value;
use interkpa_federation::{Origin, Uri};
use serde::{Deserialize, Serialize};

/// Switches off the address filter of `activitypub_federation`. Ours would still stand, but who sets
/// it expects what a hub must not do (security.md P25).
const OPENS_FILTER: &str = "DANGER_FEDERATION_ALLOW_LOCAL_IP";

/// Name of the settings file in the data folder.
pub const FILE_NAME: &str = "interkpa.toml";

/// Everything an operator may set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What is allowed of addresses: see [`Profile`].
    #[serde(default)]
    pub profile: Profile,
    /// Who this hub is.
    pub hub: HubSection,
    /// Where it listens.
    #[serde(default)]
    pub listen: ListenSection,
    /// Where its data is.
    #[serde(default)]
    pub database: DatabaseSection,
    /// Whom it hears.
    #[serde(default)]
    pub federation: FederationSection,
    /// Pictures.
    #[serde(default)]
    pub media: MediaSection,
    /// What it writes to its log.
    #[serde(default)]
    pub log: LogSection,
    /// What stands in front of it.
    #[serde(default)]
    pub proxy: ProxySection,
    /// Legal notice and source.
    #[serde(default)]
    pub legal: LegalSection,
    /// Votes of the network.
    #[serde(default)]
    pub votes: VotesSection,
}

/// `production` demands https, a domain and standard ports. `loopback`, for the demo and tests,
/// allows http and ports on `*.localhost` names and binds to 127.0.0.1 only (decision 30, P25).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// A hub for people.
    #[default]
    Production,
    /// A demo or a test on this machine.
    Loopback,
}

/// `[hub]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubSection {
    /// `https://bobinette.example`: identity of the hub, fixed at `init`.
    pub base_url: String,
    /// Name people read: « La Bobinette ».
    pub name: String,
    /// Name in the handle `@slug@domain`: `[a-z0-9_]{2,30}`.
    pub slug: String,
    /// One or two sentences for strangers.
    #[serde(default)]
    pub summary: String,
    /// Commune.
    #[serde(default)]
    pub town: String,
    /// How to reach the team of the place, shown on the help page.
    #[serde(default)]
    pub phone: String,
    /// Accent colour of its pages, 1 to 8.
    #[serde(default = "first_accent")]
    pub accent: u8,
}

fn first_accent() -> u8 {
    1
}

/// `[listen]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListenSection {
    /// Pages and federation, behind the proxy.
    pub public: SocketAddr,
    /// Health and metrics; empty address `off` is spelled by leaving it out.
    pub internal: Option<SocketAddr>,
}

/// `[database]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSection {
    /// A path relative to the data folder (SQLite), or `postgres://…`.
    pub url: String,
}

/// `[federation]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FederationSection {
    /// `network`: only members and allowed peers are heard; `open`: guests too (decision 7).
    pub mode: FederationMode,
    /// Seconds by which this hub's clock is put off, in the loopback profile only (tests).
    pub clock_offset_seconds: i64,
    /// Signed requests a peer may send in a minute before it is asked to wait.
    pub peer_requests_per_minute: u32,
    /// Unsigned or unknown requests one address may send in a minute.
    pub stranger_requests_per_minute: u32,
}

/// Setting of `federation.mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FederationMode {
    /// Members and allowed peers only.
    #[default]
    Network,
    /// Guests may follow public things, reply and ask.
    Open,
}

/// `[media]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MediaSection {
    /// Largest picture taken in, in bytes.
    pub picture_bytes_max: u64,
    /// Pictures one member may keep, in bytes.
    pub member_bytes_max: u64,
}

/// `[log]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogSection {
    /// A filter of `tracing`: `info`, `interkpa_server=debug`, …
    pub filter: String,
    /// `text` or `json`.
    pub format: LogFormat,
}

/// Setting of `log.format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people and journald.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// `[legal]`: what the law asks a publisher to say (LCEN, article 6), and where the source of the
/// running version is (AGPL, section 13). What is empty is shown as missing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LegalSection {
    /// The association or cooperative that publishes.
    pub publisher: String,
    /// Its legal form and register number.
    pub registration: String,
    /// Its address.
    pub address: String,
    /// The person responsible for what is published.
    pub responsible: String,
    /// Telephone or e-mail for questions of law and data.
    pub contact: String,
    /// Name, address and telephone of the company that runs the machine.
    pub host: String,
    /// Where the source of this very version is, when it is not the project's own.
    pub source: String,
    /// Opening hours of the reception, shown on the help page.
    pub hours: String,
    /// What else the notice says, in Markdown.
    pub more: String,
}

/// `[votes]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VotesSection {
    /// Whether a second mandated person confirms each ballot before it is signed.
    pub second_person: bool,
}

impl Default for VotesSection {
    fn default() -> Self {
        Self {
            second_person: true,
        }
    }
}

/// `[proxy]`
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProxySection {
    /// Addresses whose `X-Forwarded-For` is believed. Never automatic (D88).
    pub trusted: Vec<IpAddr>,
}

impl Default for ListenSection {
    fn default() -> Self {
        Self {
            public: SocketAddr::from(([127, 0, 0, 1], 8080)),
            internal: None,
        }
    }
}

impl Default for DatabaseSection {
    fn default() -> Self {
        Self {
            url: "hub.db".to_owned(),
        }
    }
}

impl Default for FederationSection {
    fn default() -> Self {
        Self {
            mode: FederationMode::Network,
            clock_offset_seconds: 0,
            peer_requests_per_minute: 6_000,
            stranger_requests_per_minute: 300,
        }
    }
}

impl Default for MediaSection {
    fn default() -> Self {
        Self {
            picture_bytes_max: 10 << 20,
            member_bytes_max: 200 << 20,
        }
    }
}

impl Default for LogSection {
    fn default() -> Self {
        Self {
            filter: "info".to_owned(),
            format: LogFormat::Text,
        }
    }
}

/// Why a hub cannot start with these settings, in words for the person who wrote them.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is no settings file where one was looked for.
    #[error("no settings in {0}: `interkpa init` makes a hub there, `interkpa demo` shows five")]
    Missing(PathBuf),
    /// The file or a variable cannot be read as settings.
    #[error("settings: {0}")]
    Unreadable(String),
    /// A setting breaks a rule.
    #[error("setting `{key}`: {why}")]
    Refused {
        /// The setting.
        key: &'static str,
        /// The rule, in a sentence.
        why: &'static str,
    },
}

impl Config {
    /// Reads the settings of a data folder, environment on top, and checks them.
    ///
    /// # Errors
    /// [`ConfigError`] says which setting to change.
    pub fn load(data: &Path) -> Result<Self, ConfigError> {
        let file = data.join(FILE_NAME);
        if !file.is_file() {
            return Err(ConfigError::Missing(data.to_owned()));
        }
        let settings = overridden(Figment::from(Toml::file_exact(&file)), environment()?);
        let config: Self = settings
            .extract()
            .map_err(|error| ConfigError::Unreadable(error.to_string()))?;
        config.check()?;
        if config.profile == Profile::Production && std::env::var_os(OPENS_FILTER).is_some() {
            return Err(ConfigError::Refused {
                key: OPENS_FILTER,
                why: "opens the address filter of a library: take it out of the environment",
            });
        }
        Ok(config)
    }

    /// The rules between settings (P25).
    ///
    /// # Errors
    /// [`ConfigError::Refused`] names the first broken rule.
    pub fn check(&self) -> Result<(), ConfigError> {
        let refuse = |key, why| Err(ConfigError::Refused { key, why });
        let Ok(base) = Uri::parse(&self.hub.base_url) else {
            return refuse(
                "hub.base_url",
                "write the full address, such as https://bobinette.example",
            );
        };
        if base.as_url().path() != "/" || base.as_url().query().is_some() {
            return refuse(
                "hub.base_url",
                "an address without a path: a hub owns its whole domain",
            );
        }
        let loopback_name = base.origin().host().ends_with(".localhost");
        match self.profile {
            Profile::Production if !base.as_str().starts_with("https://") => {
                return refuse(
                    "hub.base_url",
                    "must begin with https:// (http is for `interkpa demo`)",
                );
            }
            Profile::Production if base.as_url().port().is_some() || loopback_name => {
                return refuse("hub.base_url", "must be a domain on the standard port");
            }
            Profile::Production if self.federation.clock_offset_seconds != 0 => {
                return refuse(
                    "federation.clock_offset_seconds",
                    "is for the loopback profile only",
                );
            }
            Profile::Loopback if !loopback_name => {
                return refuse(
                    "hub.base_url",
                    "the loopback profile serves *.localhost names only",
                );
            }
            Profile::Loopback if !self.listen.public.ip().is_loopback() => {
                return refuse(
                    "listen.public",
                    "the loopback profile listens on 127.0.0.1 only",
                );
            }
            Profile::Production | Profile::Loopback => {}
        }
        if !is_handle(&self.hub.slug) {
            return refuse("hub.slug", "2 to 30 letters a–z, digits or _");
        }
        if self.hub.name.trim().is_empty() || self.hub.name.len() > 100 {
            return refuse("hub.name", "1 to 100 characters");
        }
        Ok(())
    }

    /// The origin that every address of this hub begins with.
    ///
    /// # Errors
    /// [`ConfigError::Refused`] when `hub.base_url` was never checked.
    pub fn origin(&self) -> Result<Origin, ConfigError> {
        Origin::parse(&self.hub.base_url).map_err(|_checked| ConfigError::Refused {
            key: "hub.base_url",
            why: "not an address",
        })
    }

    /// The settings as the text of a settings file.
    pub fn to_toml(&self) -> String {
        let text = |s: &str| serde_json::Value::from(s).to_string();
        let mode = match self.federation.mode {
            FederationMode::Network => "network",
            FederationMode::Open => "open",
        };
        let profile = match self.profile {
            Profile::Production => "production",
            Profile::Loopback => "loopback",
        };
        let internal = self
            .listen
            .internal
            .map_or_else(String::new, |address| format!("internal = \"{address}\"\n"));
        format!(
            "# Settings of one hub. `INTERKPA_SECTION__KEY` in the environment overrides a key.\n\
             profile = \"{profile}\"\n\n[hub]\nbase_url = {}\nname = {}\nslug = {}\nsummary = {}\ntown = {}\n\
             phone = {}\naccent = {}\n\n[listen]\npublic = \"{}\"\n{internal}\n[database]\nurl = {}\n\n\
             [federation]\nmode = \"{mode}\"\n",
            text(&self.hub.base_url),
            text(&self.hub.name),
            text(&self.hub.slug),
            text(&self.hub.summary),
            text(&self.hub.town),
            text(&self.hub.phone),
            self.hub.accent,
            self.listen.public,
            text(&self.database.url),
        )
    }
}

/// Whether a text may be a handle of a member or the slug of a hub: ASCII, so that Mastodon finds
/// it (federation.md mastodon/02).
pub fn is_handle(text: &str) -> bool {
    (2..=30).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Where systemd waits to be told that the hub is ready; nothing when nobody waits.
pub fn notify_socket() -> Option<std::ffi::OsString> {
    std::env::vars_os()
        .find(|(name, _value)| name == "NOTIFY_SOCKET")
        .map(|(_name, value)| value)
}

/// The folder of the system for what need not last.
pub fn scratch_folder() -> PathBuf {
    std::env::temp_dir()
}

/// The words of the command line, the program first.
pub(crate) fn arguments() -> impl Iterator<Item = std::ffi::OsString> {
    std::env::args_os()
}

/// Whether a program of that name is found where the shell would look for it.
pub fn is_on_path(program: &str) -> bool {
    let places = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&places).any(|folder| folder.join(program).is_file())
}

/// The settings with these on top. A variable is a text; where no text is wanted, it is read as a
/// settings file would be: a number, a truth value, a list.
fn overridden(settings: Figment, variables: Vec<(String, String)>) -> Figment {
    variables
        .into_iter()
        .fold(settings, |settings, (key, value)| {
            let as_text = settings.clone().merge((&key, &value));
            match (as_text.extract::<Config>(), value.parse::<Value>()) {
                (Err(_), Ok(value)) => settings.merge((&key, value)),
                _ => as_text,
            }
        })
}

/// `(section.key, value)` of every `INTERKPA_…` variable.
fn environment() -> Result<Vec<(String, String)>, ConfigError> {
    let mut found = Vec::new();
    for (name, value) in std::env::vars() {
        let Some(rest) = name.strip_prefix("INTERKPA_") else {
            continue;
        };
        let Some((section, key)) = rest.split_once("__") else {
            continue;
        };
        let (key, value) = match key.strip_suffix("_FILE") {
            Some(key) => {
                let text = std::fs::read_to_string(&value)
                    .map_err(|error| ConfigError::Unreadable(format!("{name}: {error}")))?;
                (key, text.trim_end().to_owned())
            }
            None => (key, value),
        };
        found.push((
            format!("{}.{}", section.to_lowercase(), key.to_lowercase()),
            value,
        ));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(toml: &str) -> Result<Config, ConfigError> {
        let config: Config = Figment::from(Toml::string(toml))
            .extract()
            .map_err(|error| ConfigError::Unreadable(error.to_string()))?;
        config.check().map(|()| config)
    }

    const HUB: &str = "[hub]\nbase_url = \"https://bobinette.example\"\nname = \"La Bobinette\"\nslug = \"bobinette\"\n";

    #[test]
    fn what_is_written_is_read_again() {
        let before = config(HUB).unwrap();

        let after = config(&before.to_toml()).unwrap();

        assert_eq!(before.to_toml(), after.to_toml());
    }

    #[test]
    fn the_environment_sets_numbers_and_lists_and_leaves_texts_alone() {
        let of = |pairs: [(&str, &str); 4]| {
            pairs
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .to_vec()
        };

        let config: Config = overridden(
            Figment::from(Toml::string(HUB)),
            of([
                ("hub.phone", "0320000000"),
                ("federation.peer_requests_per_minute", "12"),
                ("federation.clock_offset_seconds", "-5"),
                ("proxy.trusted", "[\"127.0.0.1\"]"),
            ]),
        )
        .extract()
        .unwrap();

        assert_eq!(config.hub.phone, "0320000000");
        assert_eq!(config.federation.peer_requests_per_minute, 12);
        assert_eq!(config.federation.clock_offset_seconds, -5);
        assert_eq!(config.proxy.trusted.len(), 1);
    }

    #[test]
    fn an_unknown_key_is_refused_and_named() {
        let error = config(&format!("{HUB}\n[federation]\nmodus = \"open\"\n")).unwrap_err();

        assert!(error.to_string().contains("modus"), "{error}");
    }

    #[test]
    fn a_production_hub_needs_https_a_domain_and_a_true_clock() {
        for broken in [
            HUB.replace("https:", "http:"),
            HUB.replace(".example", ".example:8443"),
            HUB.replace("bobinette.example", "bobinette.localhost"),
            format!("{HUB}[federation]\nclock_offset_seconds = 60\n"),
            HUB.replace("slug = \"bobinette\"", "slug = \"La Bobinette\""),
        ] {
            assert!(config(&broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn the_loopback_profile_serves_this_machine_only() {
        let ok = HUB.replace(
            "https://bobinette.example",
            "http://bobinette.localhost:8401",
        );

        assert!(config(&format!("profile = \"loopback\"\n{ok}")).is_ok());
        assert!(config(&format!("profile = \"loopback\"\n{HUB}")).is_err());
        assert!(
            config(&format!(
                "profile = \"loopback\"\n{ok}[listen]\npublic = \"0.0.0.0:80\"\n"
            ))
            .is_err()
        );
    }
}
