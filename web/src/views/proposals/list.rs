//! The list of announcements, its filters and its search.

use crate::locale::Locale;
use crate::page::{Page, Sample, Section, Width, body};
use crate::routes;
use crate::views::parts::Card;
use crate::words::{Category, Purpose, Settlement};

/// How far the list looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// The whole network.
    #[default]
    Network,
    /// This KPA only.
    Hub,
}

/// The filters of the list, as they stand in the address: `q`, `genre` (`offer`, `request`), `theme`,
/// `reglement`, `ou` (`kpa`), `apres` (opaque cursor).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filters {
    /// Words searched for; at most 100 characters.
    pub words: String,
    /// Offers or needs only.
    pub purpose: Option<Purpose>,
    /// One theme only.
    pub category: Option<Category>,
    /// One way of settling only.
    pub settlement: Option<Settlement>,
    /// How far.
    pub reach: Reach,
}

/// The most characters of a search.
pub const WORDS_MAX: usize = 100;

impl Filters {
    /// Reads the filters of a query string; unknown names and values are left out.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut filters = Self::default();
        for (name, value) in pairs {
            match name {
                "q" => {
                    filters.words = crate::markup::clean_name(value)
                        .chars()
                        .take(WORDS_MAX)
                        .collect();
                }
                "genre" => filters.purpose = Purpose::from_code(value),
                "theme" => filters.category = Category::from_code(value),
                "reglement" => filters.settlement = Settlement::from_code(value),
                "ou" if value == "kpa" => filters.reach = Reach::Hub,
                _ => {}
            }
        }
        filters
    }

    /// The address of the list with these filters.
    pub fn href(&self) -> String {
        self.href_after(None)
    }

    /// The address of the next page of the list, after an opaque cursor.
    pub fn href_after(&self, cursor: Option<&str>) -> String {
        let mut pairs = Vec::new();
        if !self.words.is_empty() {
            pairs.push(("q", routes::percent_encode(&self.words)));
        }
        if let Some(purpose) = self.purpose {
            pairs.push(("genre", purpose.code().to_owned()));
        }
        if let Some(category) = self.category {
            pairs.push(("theme", category.code().to_owned()));
        }
        if let Some(settlement) = self.settlement {
            pairs.push(("reglement", settlement.code().to_owned()));
        }
        if self.reach == Reach::Hub {
            pairs.push(("ou", "kpa".to_owned()));
        }
        if let Some(cursor) = cursor {
            pairs.push(("apres", routes::percent_encode(cursor)));
        }
        let query: Vec<String> = pairs
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if query.is_empty() {
            routes::EXCHANGE.to_owned()
        } else {
            format!("{}?{}", routes::EXCHANGE, query.join("&"))
        }
    }

    /// The same with another purpose.
    #[must_use]
    pub fn with_purpose(&self, purpose: Option<Purpose>) -> Self {
        Self {
            purpose,
            ..self.clone()
        }
    }

    /// The same with another reach.
    #[must_use]
    pub fn with_reach(&self, reach: Reach) -> Self {
        Self {
            reach,
            ..self.clone()
        }
    }

    /// True if something narrows the list.
    pub fn narrow(&self) -> bool {
        *self != Self::default()
    }

    /// Filters hidden in the folded part: theme, settlement.
    fn folded(&self) -> usize {
        usize::from(self.category.is_some()) + usize::from(self.settlement.is_some())
    }

    fn near(&self) -> bool {
        self.reach == Reach::Hub
    }

    fn category_code(&self) -> &'static str {
        self.category.map_or("", Category::code)
    }

    fn settlement_code(&self) -> &'static str {
        self.settlement.map_or("", Settlement::code)
    }

    /// All, offers, needs.
    fn purpose_switch(&self, l: impl Into<Locale>) -> Vec<Switch> {
        let l = l.into();
        let all = Switch {
            href: self.with_purpose(None).href(),
            label: l.t("filter-all"),
            icon: "dots",
            code: "all",
            is_current: self.purpose.is_none(),
        };
        let each = Purpose::ALL.iter().map(|purpose| Switch {
            href: self.with_purpose(Some(*purpose)).href(),
            label: l.t(purpose.key()),
            icon: purpose.icon(),
            code: purpose.code(),
            is_current: self.purpose == Some(*purpose),
        });
        std::iter::once(all).chain(each).collect()
    }

    /// The whole network, this KPA.
    fn reach_switch(&self, l: impl Into<Locale>) -> Vec<Switch> {
        let l = l.into();
        [
            (Reach::Network, "filter-network", "network"),
            (Reach::Hub, "filter-hub", "home"),
        ]
        .into_iter()
        .map(|(reach, key, icon)| Switch {
            href: self.with_reach(reach).href(),
            label: l.t(key),
            icon,
            code: icon,
            is_current: self.reach == reach,
        })
        .collect()
    }
}

/// One side of a switch between lists.
struct Switch {
    href: String,
    label: String,
    icon: &'static str,
    code: &'static str,
    is_current: bool,
}

/// Entraide (`/entraide`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalList {
    /// The filters in force.
    pub filters: Filters,
    /// The cards of this page, newest first.
    pub cards: Vec<Card>,
    /// The opaque cursor of the next page; nothing on the last one.
    pub next: Option<String>,
    /// True for a page reached by « Plus d'annonces »: it offers the way back to the first.
    pub is_later_page: bool,
}

impl ProposalList {
    fn next_href(&self) -> Option<String> {
        self.next
            .as_deref()
            .map(|cursor| self.filters.href_after(Some(cursor)))
    }

    /// The address of the form « Je cherche … » filled with the words searched for.
    fn ask_href(&self) -> String {
        format!(
            "{}?genre=request&title={}",
            routes::PUBLISH,
            routes::percent_encode(&self.filters.words)
        )
    }
}

impl Page for ProposalList {
    fn title(&self, l: Locale) -> String {
        if self.filters.words.is_empty() {
            l.t("exchange-title")
        } else {
            l.t1("exchange-title-search", "words", &self.filters.words)
        }
    }

    body!(ProposalList, "proposals/list.html");

    fn section(&self) -> Section {
        Section::Exchange
    }

    fn width(&self) -> Width {
        Width::Wide
    }

    fn may_be_indexed(&self) -> bool {
        !self.filters.narrow() && !self.is_later_page
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::lists(l)
    }
}

#[cfg(test)]
mod tests {
    use super::{Filters, Reach};
    use crate::words::{Purpose, Settlement};

    #[test]
    fn the_address_of_a_list_reads_back_as_its_filters() {
        let filters = Filters {
            words: "vélo & remorque".into(),
            purpose: Some(Purpose::Offer),
            category: None,
            settlement: Some(Settlement::Hours),
            reach: Reach::Hub,
        };
        let href = filters.href_after(Some("a=b"));

        assert_eq!(
            href,
            "/entraide?q=v%C3%A9lo%20%26%20remorque&genre=offer&reglement=hours&ou=kpa&apres=a%3Db"
        );
        let pairs = [
            ("q", "vélo & remorque"),
            ("genre", "offer"),
            ("reglement", "hours"),
            ("ou", "kpa"),
        ];
        assert_eq!(Filters::from_pairs(pairs), filters);
    }

    #[test]
    fn unknown_filters_are_left_out_and_a_search_is_cut() {
        let long = "x".repeat(500);
        let filters =
            Filters::from_pairs([("genre", "<script>"), ("theme", ""), ("q", long.as_str())]);
        assert_eq!(filters.purpose, None);
        assert_eq!(filters.words.len(), 100);
    }
}
