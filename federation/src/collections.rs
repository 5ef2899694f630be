//! Collections: ours written in pages, those of others walked with limits.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::Uri;
use crate::vocabulary::ParseError;
use crate::vocabulary::read::Fields;
use crate::vocabulary::write::{Object, context_plain};

/// Most pages walked of one collection (security.md D55).
pub const PAGES_MAX: usize = 20;
/// Most items taken of one collection (security.md D55).
pub const ITEMS_MAX: usize = 1_000;

/// An `OrderedCollection`; without `first` its items stay hidden (security.md D101).
///
/// `total` is left out when even the number tells too much.
pub fn ordered(id: &Uri, total: Option<u64>, first: Option<&Uri>) -> Value {
    Object::new("OrderedCollection")
        .set("@context", context_plain())
        .uri("id", id)
        .opt("totalItems", total)
        .opt_uri("first", first)
        .done()
}

/// A page of an `OrderedCollection`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Address of the page.
    pub id: Uri,
    /// The collection.
    pub part_of: Uri,
    /// The page with older items.
    pub next: Option<Uri>,
    /// Ids or whole objects, newest first.
    pub items: Vec<Value>,
}

impl Page {
    /// The page as JSON; an empty page keeps its empty list.
    pub fn write(&self) -> Value {
        Object::new("OrderedCollectionPage")
            .set("@context", context_plain())
            .uri("id", &self.id)
            .uri("partOf", &self.part_of)
            .opt_uri("next", self.next.as_ref())
            .set("orderedItems", self.items.clone())
            .done()
    }
}

/// A walk through a peer's collection, one fetched document at a time. It never leaves the origin,
/// never visits a page twice, and ends at [`PAGES_MAX`] or [`ITEMS_MAX`] whatever `totalItems` says.
#[derive(Debug, Clone)]
pub struct Walk {
    start: Uri,
    seen: BTreeSet<Uri>,
    items: usize,
}

/// What one document of a walk gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its items, ids or objects.
    pub items: Vec<Value>,
    /// What to fetch next; `None` ends the walk.
    pub next: Option<Uri>,
}

impl Walk {
    /// A walk that starts with the collection itself.
    pub fn new(collection: Uri) -> Self {
        Self {
            seen: BTreeSet::from([collection.clone()]),
            start: collection,
            items: 0,
        }
    }

    /// Takes the document fetched last.
    ///
    /// # Errors
    /// [`ParseError`] when it is no collection and no page of one.
    pub fn take(&mut self, document: &Value) -> Result<Step, ParseError> {
        let fields = Fields::of(document, "collection")?;
        let is_collection = |name: &str| {
            matches!(
                name,
                "Collection" | "OrderedCollection" | "CollectionPage" | "OrderedCollectionPage"
            )
        };
        if !fields.type_name(is_collection).is_some_and(is_collection) {
            return Err(ParseError::Wrong { field: "type" });
        }
        let mut items = fields.items("orderedItems");
        if items.is_empty() {
            items = fields.items("items");
        }
        let room = ITEMS_MAX.saturating_sub(self.items);
        let items: Vec<Value> = items.iter().take(room).cloned().collect();
        self.items += items.len();
        let next = fields
            .uri_if_good("next")
            .or_else(|| fields.uri_if_good("first"))
            .filter(|next| self.may_visit(next));
        if let Some(next) = &next {
            self.seen.insert(next.clone());
        }
        Ok(Step { items, next })
    }

    fn may_visit(&self, next: &Uri) -> bool {
        self.items < ITEMS_MAX
            // The collection itself is among those seen and is no page.
            && self.seen.len() <= PAGES_MAX
            && next.origin() == self.start.origin()
            && !self.seen.contains(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(number: usize, next: &str) -> Value {
        json!({
            "type": "OrderedCollectionPage",
            "id": format!("https://peer.example/outbox?page={number}"),
            "next": next,
            "totalItems": -1,
            "orderedItems": vec![json!("https://peer.example/1"); 10],
        })
    }

    fn walk() -> Walk {
        Walk::new(Uri::parse("https://peer.example/outbox").unwrap())
    }

    #[test]
    fn a_page_that_follows_itself_ends_the_walk() {
        let mut walk = walk();

        assert!(
            walk.take(&page(1, "https://peer.example/outbox?page=1"))
                .unwrap()
                .next
                .is_some()
        );
        assert_eq!(
            walk.take(&page(1, "https://peer.example/outbox?page=1"))
                .unwrap()
                .next,
            None
        );
    }

    #[test]
    fn a_growing_chain_ends_at_the_limits() {
        let mut walk = walk();
        let mut fetched = 0;
        for number in 0.. {
            let next = format!("https://peer.example/outbox?page={}", number + 1);
            fetched += 1;
            if walk.take(&page(number, &next)).unwrap().next.is_none() {
                break;
            }
        }

        assert_eq!(fetched, PAGES_MAX + 1);
    }

    #[test]
    fn a_million_items_give_a_thousand() {
        let many = json!({"type": "Collection", "items": vec![json!(1); 5_000], "first": "https://peer.example/p"});

        let step = walk().take(&many).unwrap();

        assert_eq!((step.items.len(), step.next), (ITEMS_MAX, None));
    }

    #[test]
    fn a_walk_never_leaves_its_origin() {
        let step = walk()
            .take(&page(1, "https://evil.example/outbox"))
            .unwrap();

        assert_eq!(step.next, None);
    }

    #[test]
    fn what_is_no_collection_is_refused() {
        assert!(walk().take(&json!({"type": "Note"})).is_err());
    }
}
