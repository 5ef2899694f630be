//! From what a person types to an actor: a handle, an address, or the name of a server.
//!
//! Everything asked goes through the guarded client; nothing that was fetched is shown unless it
//! became an actor we keep (security.md D42, D49).

use interkpa_federation::webfinger::{Handle, WebfingerError};
use interkpa_federation::{Origin, Uri};

use super::{KnownActor, RemoteError, fetch};
use crate::app::App;
use crate::fediverse::client::NetError;
use crate::fediverse::peers;

/// Longest text taken in, in bytes.
const TEXT_BYTES_MAX: usize = 2_048;

/// What a person means by what they typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// `@name@host`.
    Handle(Handle),
    /// The address of an actor or of something else.
    Uri(Uri),
    /// A server by its name: its KPA is meant.
    Server(Origin),
}

/// Why a text leads to no actor.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// It is neither a handle, nor an address, nor the name of a server.
    #[error("not an address")]
    NotAnAddress,
    /// It is on this very hub.
    #[error("an address of this hub")]
    Ours,
    /// Its server is not heard here: nothing was asked.
    #[error("that server is not heard here")]
    NotHeard,
    /// The server answers with another account than the one asked for.
    #[error(transparent)]
    WebFinger(#[from] WebfingerError),
    /// Its server could not be asked, or what it says is not usable.
    #[error(transparent)]
    Remote(#[from] RemoteError),
}

impl DiscoverError {
    /// A stable word for answers.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnAddress | Self::WebFinger(WebfingerError::Handle) => "address_invalid",
            Self::Ours => "address_ours",
            Self::NotHeard => "peer_not_allowed",
            Self::WebFinger(_) => "account_not_found",
            Self::Remote(error) => error.code(),
        }
    }
}

impl From<NetError> for DiscoverError {
    fn from(error: NetError) -> Self {
        match error {
            NetError::WebFinger(error) => Self::WebFinger(error),
            other => Self::Remote(other.into()),
        }
    }
}

/// The server that answers for `host` or `host:port`, with the scheme of this network.
fn server_named(app: &App, authority: &str) -> Result<Origin, DiscoverError> {
    let scheme = app.origin.as_str().split("://").next().unwrap_or("https");
    let origin = Origin::parse(&format!("{scheme}://{authority}/"))
        .map_err(|_shape| DiscoverError::NotAnAddress)?;
    // What was typed is a name and nothing more: no path, no user, no query hides in it.
    if origin.authority() == authority.to_lowercase() {
        Ok(origin)
    } else {
        Err(DiscoverError::NotAnAddress)
    }
}

impl Address {
    /// Reads what a person typed: `@name@host`, `name@host`, `https://…`, or `host`.
    ///
    /// # Errors
    /// [`DiscoverError::NotAnAddress`].
    pub fn parse(app: &App, text: &str) -> Result<Self, DiscoverError> {
        let text = text.trim();
        if text.is_empty() || text.len() > TEXT_BYTES_MAX {
            return Err(DiscoverError::NotAnAddress);
        }
        if text.contains("://") {
            let uri = Uri::parse(text).map_err(|_shape| DiscoverError::NotAnAddress)?;
            let bare = uri.as_url().path() == "/" && uri.as_url().query().is_none();
            return Ok(if bare {
                Self::Server(uri.origin())
            } else {
                Self::Uri(uri)
            });
        }
        if text.contains('@') {
            let handle = Handle::parse(text)?;
            // `hub@host` names the KPA of a server, whatever its own name is.
            return Ok(if handle.user().eq_ignore_ascii_case("hub") {
                Self::Server(server_named(app, handle.authority())?)
            } else {
                Self::Handle(handle)
            });
        }
        server_named(app, text.trim_end_matches('/')).map(Self::Server)
    }

    /// The server that would be asked.
    ///
    /// # Errors
    /// [`DiscoverError::NotAnAddress`].
    pub fn server(&self, app: &App) -> Result<Origin, DiscoverError> {
        match self {
            Self::Uri(uri) => Ok(uri.origin()),
            Self::Server(origin) => Ok(origin.clone()),
            Self::Handle(handle) => server_named(app, handle.authority()),
        }
    }
}

/// The actor that a text names, fetched if we hold no copy; only of a server that is heard.
///
/// # Errors
/// [`DiscoverError`].
pub async fn discover(app: &App, text: &str) -> Result<KnownActor, DiscoverError> {
    let address = Address::parse(app, text)?;
    let server = address.server(app)?;
    if server == app.origin {
        return Err(DiscoverError::Ours);
    }
    let peer = peers::peer(app, &server).await.map_err(RemoteError::from)?;
    peer.heard_at_all()
        .map_err(|_tier| DiscoverError::NotHeard)?;
    resolve(app, &address).await
}

/// The same without asking for the tier: for the administrator who is about to allow the server.
pub(in crate::fediverse) async fn resolve(
    app: &App,
    address: &Address,
) -> Result<KnownActor, DiscoverError> {
    let uri = match address {
        Address::Uri(uri) => uri.without_fragment(),
        // A KPA answers at `/hub` (decision 20).
        Address::Server(origin) => {
            Uri::parse(&format!("{origin}/hub")).map_err(|_shape| DiscoverError::NotAnAddress)?
        }
        Address::Handle(handle) => app.client.actor_of_handle(handle).await?,
    };
    let actor = fetch(app, &uri).await?;
    if let Address::Handle(handle) = address
        && !actor.username.eq_ignore_ascii_case(handle.user())
    {
        return Err(DiscoverError::WebFinger(WebfingerError::Subject));
    }
    Ok(actor)
}
