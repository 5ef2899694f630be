//! NodeInfo: who runs here. No capability is inferred from it (FEP-0151).

use serde_json::{Value, json};

use crate::vocabulary::ParseError;
use crate::vocabulary::read::Fields;
use crate::{Origin, Uri};

const SCHEMA: &str = "http://nodeinfo.diaspora.software/ns/schema/";
/// Versions we serve and read, the preferred one first.
pub const VERSIONS: [&str; 2] = ["2.1", "2.0"];

/// What a server says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeInfo {
    /// Name of the software, `interkpa` for us.
    pub software: String,
    /// Its version.
    pub version: String,
    /// Where its source is; only version 2.1 carries it.
    pub repository: Option<String>,
    /// Name of the node, for people.
    pub node_name: Option<String>,
    /// What it is, for people.
    pub node_description: Option<String>,
}

/// `/.well-known/nodeinfo`: both versions, and the instance actor (FEP-2677).
pub fn links(origin: &Origin, instance: &Uri) -> Value {
    let mut links: Vec<_> = VERSIONS
        .iter()
        .map(|version| {
            json!({
                "rel": format!("{SCHEMA}{version}"),
                "href": format!("{origin}/nodeinfo/{version}"),
            })
        })
        .collect();
    links.push(json!({
        "rel": "https://www.w3.org/ns/activitystreams#Application",
        "href": instance.as_str(),
    }));
    json!({"links": links})
}

/// The address of a peer's document, on its own origin, the preferred version first.
pub fn choose(links: &Value, origin: &Origin) -> Option<Uri> {
    let fields = Fields::of(links, "nodeinfo").ok()?;
    let links = fields.items("links");
    let find = |version: &&str| {
        let rel = format!("{SCHEMA}{version}");
        let with_rel = |link: &&Value| link.get("rel").and_then(Value::as_str) == Some(&rel);
        let href = links
            .iter()
            .take(50)
            .find(with_rel)?
            .get("href")?
            .as_str()?;
        Uri::parse(href).ok().filter(|uri| uri.origin() == *origin)
    };
    VERSIONS.iter().find_map(find)
}

impl NodeInfo {
    /// The document in one of [`VERSIONS`]. No count of people or posts is given (security.md D101).
    pub fn write(&self, version: &str) -> Value {
        let mut software = json!({"name": self.software, "version": self.version});
        if let (Some(repository), Some(map)) = (&self.repository, software.as_object_mut())
            && version != "2.0"
        {
            map.insert("repository".to_owned(), repository.as_str().into());
        }
        let mut metadata = serde_json::Map::new();
        let names = [
            ("nodeName", &self.node_name),
            ("nodeDescription", &self.node_description),
        ];
        for (key, text) in names {
            if let Some(text) = text {
                metadata.insert(key.to_owned(), text.as_str().into());
            }
        }
        json!({
            "version": version,
            "software": software,
            "protocols": ["activitypub"],
            "services": {"inbound": [], "outbound": []},
            "openRegistrations": false,
            "usage": {"users": {}},
            "metadata": metadata,
        })
    }

    /// Reads a peer's document.
    ///
    /// # Errors
    /// [`ParseError`] when the software is not named.
    pub fn read(value: &Value) -> Result<Self, ParseError> {
        let field = "software";
        let fields = Fields::of(value, "nodeinfo")?;
        let software = fields.get(field).ok_or(ParseError::Missing { field })?;
        let software = Fields::of(software, field)?;
        let metadata = fields.get("metadata");
        let metadata = metadata.and_then(|m| Fields::of(m, "metadata").ok());
        let said = |key| match metadata {
            Some(metadata) => metadata.line_if_good(key),
            None => Ok(None),
        };
        Ok(Self {
            software: software
                .line("name")?
                .ok_or(ParseError::Missing { field: "name" })?,
            version: software.line("version")?.unwrap_or_default(),
            repository: software.line_if_good("repository")?,
            node_name: said("nodeName")?,
            node_description: said("nodeDescription")?,
        })
    }
}
