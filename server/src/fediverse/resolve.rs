//! Names to addresses, with every address checked at the moment of connecting.
//!
//! There is one door: [`CheckedResolver`]. What is behind it (`Lookup`) only finds addresses and
//! never decides. A second answer of a rebinding name server meets the same check as the first
//! (security.md D41). Addresses written in a URL never come here: `Uri` refuses them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use activitypub_federation::resolver::ValidatingDnsResolver;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::{NotPublic, Reach, check_ip, is_loopback_name};

/// Most addresses of one name that are tried.
const ADDRESSES_MAX: usize = 8;

/// One answer of a look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The address that is checked.
    pub address: IpAddr,
    /// Where to connect; port 0 stands for the port of the URL. In a running hub it is `address`
    /// itself; a test may put a server of its own behind a public address.
    pub connect: SocketAddr,
}

/// Why a name gives no address to connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// The name has no address, or the name server did not answer.
    #[error("the name has no address")]
    NoAddress,
    /// At least one of its addresses is not public: then none is used.
    #[error(transparent)]
    NotPublic(#[from] NotPublic),
    /// In the loopback profile, the name is not one of this machine.
    #[error("not a name of this machine")]
    NotLoopback,
}

/// A look-up on its way.
pub type Looking = Pin<Box<dyn Future<Output = Result<Vec<Found>, ResolveError>> + Send>>;

/// Finds the addresses of a name, without judging them.
pub trait Lookup: fmt::Debug + Send + Sync {
    /// All addresses of `name`, in the order in which they are to be tried.
    fn lookup(&self, name: &str) -> Looking;
}

/// The name service of the machine, through the resolver of the required crate, whose own filter
/// stands before ours.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, name: &str) -> Looking {
        let Ok(name) = name.parse::<Name>() else {
            return Box::pin(std::future::ready(Err(ResolveError::NoAddress)));
        };
        let looking = ValidatingDnsResolver::new(Vec::new(), true).resolve(name);
        Box::pin(async move {
            let found = looking
                .await
                .map_err(|source| their_error(source.as_ref()))?;
            Ok(found.map(Found::plain).collect())
        })
    }
}

/// The crate's refusal, told again in our words; everything else means that nothing was found.
fn their_error(source: &(dyn std::error::Error + 'static)) -> ResolveError {
    use activitypub_federation::error::Error;
    match source.downcast_ref::<Error>() {
        Some(Error::ResolveInternalIpError(_, ip)) => match check_ip(*ip) {
            Err(refusal) => refusal.into(),
            Ok(()) => ResolveError::NoAddress,
        },
        _ => ResolveError::NoAddress,
    }
}

/// `*.localhost` is 127.0.0.1 (RFC 6761 §6.3); no name server is asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoopbackLookup;

impl Lookup for LoopbackLookup {
    fn lookup(&self, name: &str) -> Looking {
        let answer = if is_loopback_name(name) {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            Ok(vec![Found::plain(address)])
        } else {
            Err(ResolveError::NotLoopback)
        };
        Box::pin(std::future::ready(answer))
    }
}

impl Found {
    /// Connect to the very address that is checked.
    pub fn plain(address: SocketAddr) -> Self {
        Self {
            address: address.ip(),
            connect: address,
        }
    }
}

/// The resolver of the HTTP client: looks up, then checks every address.
#[derive(Debug, Clone)]
pub struct CheckedResolver {
    reach: Reach,
    lookup: Arc<dyn Lookup>,
}

impl CheckedResolver {
    /// Checks what `lookup` finds by the rules of `reach`.
    pub fn new(reach: Reach, lookup: Arc<dyn Lookup>) -> Self {
        Self { reach, lookup }
    }

    /// The addresses to connect to.
    ///
    /// # Errors
    /// [`ResolveError`]; one bad address among good ones refuses the name.
    pub async fn addresses(self, name: String) -> Result<Vec<SocketAddr>, ResolveError> {
        let found = self.lookup.lookup(&name).await?;
        for answer in &found {
            match self.reach {
                Reach::Internet => check_ip(answer.address)?,
                Reach::Loopback if is_loopback_name(&name) && answer.address.is_loopback() => {}
                Reach::Loopback => return Err(ResolveError::NotLoopback),
            }
        }
        if found.is_empty() {
            return Err(ResolveError::NoAddress);
        }
        Ok(found
            .into_iter()
            .take(ADDRESSES_MAX)
            .map(|answer| answer.connect)
            .collect())
    }
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let checked = self.clone().addresses(name.as_str().to_owned());
        Box::pin(async move {
            let addresses: Addrs = Box::new(checked.await?.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Fixed(Vec<&'static str>);

    impl Lookup for Fixed {
        fn lookup(&self, _name: &str) -> Looking {
            let found = self
                .0
                .iter()
                .map(|ip| Found::plain(SocketAddr::new(ip.parse().unwrap(), 0)));
            Box::pin(std::future::ready(Ok(found.collect())))
        }
    }

    async fn resolve(
        reach: Reach,
        name: &str,
        answers: &[&'static str],
    ) -> Result<Vec<SocketAddr>, ResolveError> {
        let lookup = Arc::new(Fixed(answers.to_vec()));
        CheckedResolver::new(reach, lookup)
            .addresses(name.to_owned())
            .await
    }

    #[tokio::test]
    async fn one_bad_address_among_good_ones_refuses_the_name() {
        let good = resolve(Reach::Internet, "a.example", &["1.1.1.1", "2606:4700::1"]).await;
        let mixed = resolve(Reach::Internet, "a.example", &["1.1.1.1", "10.0.0.1"]).await;

        assert_eq!(good.unwrap().len(), 2);
        assert!(matches!(mixed, Err(ResolveError::NotPublic(_))));
    }

    #[tokio::test]
    async fn no_answer_is_an_error_and_many_are_cut() {
        let none = resolve(Reach::Internet, "a.example", &[]).await;
        let many = resolve(Reach::Internet, "a.example", &["1.1.1.1"; 100]).await;

        assert_eq!(none, Err(ResolveError::NoAddress));
        assert_eq!(many.unwrap().len(), ADDRESSES_MAX);
    }

    #[tokio::test]
    async fn the_loopback_profile_reaches_this_machine_and_nothing_else() {
        let lookup = |name: &str| {
            CheckedResolver::new(Reach::Loopback, Arc::new(LoopbackLookup))
                .addresses(name.to_owned())
        };
        let lying = resolve(Reach::Loopback, "a.localhost", &["1.1.1.1"]).await;

        assert_eq!(
            lookup("a.localhost").await.unwrap(),
            [SocketAddr::from(([127, 0, 0, 1], 0))]
        );
        assert_eq!(lookup("a.example").await, Err(ResolveError::NotLoopback));
        assert_eq!(lying, Err(ResolveError::NotLoopback));
    }

    #[tokio::test]
    async fn the_system_look_up_never_gives_an_address_of_this_machine() {
        let checked = CheckedResolver::new(Reach::Internet, Arc::new(SystemLookup))
            .addresses("localhost".to_owned())
            .await;

        assert!(
            matches!(checked, Err(ResolveError::NotPublic(_))),
            "{checked:?}"
        );
    }
}
