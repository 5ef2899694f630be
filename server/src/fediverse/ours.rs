//! The actors of this hub and their addresses (decision 20).

use interkpa_federation::{Origin, Uri};

use crate::app::App;
use crate::ids::MemberId;

/// An actor of ours.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OurActor {
    /// The Group of the KPA, `/hub`.
    Hub,
    /// The Application that signs our requests, `/actor`.
    Instance,
    /// The Person of a member who opted in, `/members/<uuid>`.
    Member(MemberId),
}

impl OurActor {
    /// The actor behind an address, whether or not it exists.
    pub fn at(ours: &Origin, uri: &Uri) -> Option<Self> {
        let url = uri.as_url();
        if uri.origin() != *ours || url.query().is_some() || url.fragment().is_some() {
            return None;
        }
        match url.path() {
            "/hub" => Some(Self::Hub),
            "/actor" => Some(Self::Instance),
            path => MemberId::parse(path.strip_prefix("/members/")?).map(Self::Member),
        }
    }

    /// The path of its document and page.
    pub fn path(&self) -> String {
        match self {
            Self::Hub => "/hub".to_owned(),
            Self::Instance => "/actor".to_owned(),
            Self::Member(id) => format!("/members/{id}"),
        }
    }

    /// Its address.
    pub fn address(&self, app: &App) -> String {
        app.address(&self.path())
    }

    /// Its address, checked.
    ///
    /// # Errors
    /// Never for a hub whose settings were checked; the caller answers 500 otherwise.
    pub fn uri(&self, app: &App) -> anyhow::Result<Uri> {
        Ok(Uri::parse(&self.address(app))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_found_by_its_exact_address() {
        let ours = Origin::parse("http://bobinette.localhost:8401").unwrap();
        let at = |text: &str| OurActor::at(&ours, &Uri::parse(text).unwrap());
        let base = "http://bobinette.localhost:8401";
        let id = "0199c0de-7000-7000-8000-000000000001";

        assert_eq!(at(&format!("{base}/hub")), Some(OurActor::Hub));
        assert_eq!(at(&format!("{base}/actor")), Some(OurActor::Instance));
        assert!(matches!(
            at(&format!("{base}/members/{id}")),
            Some(OurActor::Member(_))
        ));
        for other in [
            format!("{base}/hub/followers"),
            format!("{base}/hub?x=1"),
            format!("{base}/hub#main-key"),
            format!("{base}/members/1"),
            "http://bobinette.localhost:8402/hub".to_owned(),
            "https://bobinette.localhost:8401/hub".to_owned(),
        ] {
            assert_eq!(at(&other), None, "{other}");
        }
    }
}
