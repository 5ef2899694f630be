//! The closed lists people choose from or read: kinds, ways of settling, states, roles.
//!
//! Each value has the code stored and sent (never renamed), the key of its label, and the icon shown
//! beside the word. Meaning is never carried by the icon or the colour alone. Source of the codes and of
//! the French words: the glossary (`docs/glossary.md`).

/// Declares a list of coded values: `Variant = "code", "locale-key", "icon";`.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $key:literal, $icon:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in the order shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code stored and sent.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The value of a code; nothing for an unknown one.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// The key of its label.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// The icon beside the word.
            pub const fn icon(self) -> &'static str {
                match self { $(Self::$variant => $icon),+ }
            }
        }
    };
}
pub(crate) use coded;

coded! {
    /// What an announcement is for.
    Purpose {
        /// « Je propose ».
        Offer = "offer", "purpose-offer", "give";
        /// « Je cherche ».
        Request = "request", "purpose-request", "search";
    }
}

coded! {
    /// What is exchanged.
    Kind {
        /// A helping hand.
        Service = "service", "kind-service", "hand";
        /// A thing lent.
        Loan = "loan", "kind-loan", "tool";
        /// A thing given.
        Gift = "gift", "kind-gift", "gift";
        /// A thing sold.
        Sale = "sale", "kind-sale", "tag";
        /// A seat at a workshop.
        EventSeat = "event_seat", "kind-event-seat", "calendar";
        /// A room or a machine.
        Booking = "booking", "kind-booking", "door";
        /// A volunteer mission.
        Mission = "mission", "kind-mission", "people";
        /// Something ordered together.
        Order = "order", "kind-order", "basket";
    }
}

coded! {
    /// How the exchange is settled. Recorded, never paid here (decision 12).
    Settlement {
        /// Given.
        Gift = "gift", "settlement-gift", "gift";
        /// In hours: one hour is worth one hour.
        Hours = "hours", "settlement-hours", "clock";
        /// In euros, outside this site.
        Euros = "euros", "settlement-euros", "coin";
        /// With the CESU, for work at home.
        Cesu = "cesu", "settlement-cesu", "paper";
        /// Invoiced by the cooperative of activities.
        CaeInvoice = "cae_invoice", "settlement-cae-invoice", "paper";
        /// One thing for another.
        Barter = "barter", "settlement-barter", "swap";
    }
}

coded! {
    /// Who may see it, in words.
    Audience {
        /// Everybody, other sites included.
        Public = "public", "audience-public", "globe";
        /// The members of the KPAs of the network.
        Network = "network", "audience-network", "network";
        /// The members of the KPAs this one follows.
        Followed = "followed", "audience-followed", "people";
        /// The members of this KPA; never leaves it.
        Hub = "hub", "audience-hub", "home";
        /// The people concerned.
        Private = "private", "audience-private", "lock";
    }
}

coded! {
    /// The theme of an announcement.
    Category {
        /// Clothes and textile.
        Textile = "textile", "category-textile", "needle";
        /// Bicycles and going about.
        Mobility = "mobility", "category-mobility", "bike";
        /// Cooking and food.
        Food = "food", "category-food", "pot";
        /// House, repairs, wood.
        Repair = "repair", "category-repair", "tool";
        /// Gardens and plants.
        Garden = "garden", "category-garden", "leaf";
        /// Computers, telephones, online forms.
        Digital = "digital", "category-digital", "screen";
        /// Papers, languages, letters.
        Papers = "papers", "category-papers", "paper";
        /// Children, elders, company.
        Care = "care", "category-care", "heart";
        /// Carrying, delivering.
        Transport = "transport", "category-transport", "truck";
        /// Music, image, party.
        Culture = "culture", "category-culture", "music";
        /// Workshop and machines.
        Workshop = "workshop", "category-workshop", "gear";
        /// Everything else.
        Other = "other", "category-other", "dots";
    }
}

coded! {
    /// Where an announcement stands.
    ProposalState {
        /// Not visible to anybody else yet.
        Draft = "draft", "proposal-draft", "edit";
        /// Visible and open to answers.
        Published = "published", "proposal-published", "check";
        /// Kept back for a moment by its author or the team.
        Suspended = "suspended", "proposal-suspended", "pause";
        /// Found; takes no more answers.
        Fulfilled = "fulfilled", "proposal-fulfilled", "check";
        /// Past its date.
        Expired = "expired", "proposal-expired", "clock";
        /// Taken back by its author.
        Withdrawn = "withdrawn", "proposal-withdrawn", "close";
    }
}

coded! {
    /// Where an answer stands.
    ResponseState {
        /// On its way, or waiting for the author.
        Sent = "sent", "response-sent", "send";
        /// Accepted: an agreement exists.
        Accepted = "accepted", "response-accepted", "check";
        /// Refused by the author.
        Refused = "refused", "response-refused", "close";
        /// Taken back by the person who answered.
        Cancelled = "cancelled", "response-cancelled", "close";
        /// Without an answer in time.
        Expired = "expired", "response-expired", "clock";
    }
}

coded! {
    /// Where an agreement stands.
    AgreementState {
        /// Both said yes.
        Concluded = "concluded", "agreement-concluded", "hand";
        /// One says it is done; the other has to confirm.
        DeclaredDone = "declared_done", "agreement-declared-done", "clock";
        /// Both say it is done.
        Confirmed = "confirmed", "agreement-confirmed", "check";
        /// The other does not agree.
        Contested = "contested", "agreement-contested", "warn";
        /// Called off.
        Cancelled = "cancelled", "agreement-cancelled", "close";
    }
}

coded! {
    /// What a person may do in a KPA.
    Role {
        /// Uses the services of the KPA.
        User = "user", "role-user", "person";
        /// Runs an activity within the KPA.
        Cooperant = "cooperant", "role-cooperant", "person";
        /// Helps people, enters for them.
        Facilitator = "facilitator", "role-facilitator", "people";
        /// Follows people in their project.
        Counsellor = "counsellor", "role-counsellor", "people";
        /// Keeps the files of the members.
        AdministrativeReferent = "administrative_referent", "role-administrative-referent", "paper";
        /// Keeps the accounts.
        Treasurer = "treasurer", "role-treasurer", "coin";
        /// Casts the vote of the KPA.
        Spokesperson = "spokesperson", "role-spokesperson", "speak";
        /// Settings, network, backups; no private content.
        TechnicalAdmin = "technical_admin", "role-technical-admin", "gear";
    }
}

coded! {
    /// Narrow permissions added to a role.
    Permission {
        /// The reception desk.
        Desk = "desk", "permission-desk", "door";
        /// Group orders.
        Orders = "orders", "permission-orders", "basket";
        /// Handles reports.
        Moderate = "moderate", "permission-moderate", "flag";
        /// Clears people for a machine.
        MayHabilitate = "may_habilitate", "permission-may-habilitate", "check";
    }
}

coded! {
    /// What another server is for this KPA (decision 7).
    Trust {
        /// In the certified register.
        Member = "member", "trust-member", "network";
        /// Allowed by this KPA.
        Allowed = "allowed", "trust-allowed", "check";
        /// Any other server; read only.
        Guest = "guest", "trust-guest", "globe";
        /// Not heard at all.
        Blocked = "blocked", "trust-blocked", "close";
    }
}

coded! {
    /// How far something sent to another KPA has come.
    Travel {
        /// Waiting its turn, or to be tried again.
        Waiting = "waiting", "travel-waiting", "clock";
        /// The other KPA has it.
        Received = "received", "travel-received", "check";
        /// Given up after seven days, or refused.
        Failed = "failed", "travel-failed", "warn";
    }
}

impl AgreementState {
    /// The CSS tone of its badge.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Concluded => "info",
            Self::DeclaredDone => "warn",
            Self::Confirmed => "good",
            Self::Contested => "bad",
            Self::Cancelled => "quiet",
        }
    }
}

impl ResponseState {
    /// The CSS tone of its badge.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Sent => "info",
            Self::Accepted => "good",
            Self::Refused | Self::Cancelled | Self::Expired => "quiet",
        }
    }
}

impl ProposalState {
    /// The CSS tone of its badge.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Published => "info",
            Self::Fulfilled => "good",
            Self::Suspended => "warn",
            Self::Draft | Self::Expired | Self::Withdrawn => "quiet",
        }
    }
}

impl Trust {
    /// The CSS tone of its badge.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Member | Self::Allowed => "good",
            Self::Guest => "quiet",
            Self::Blocked => "bad",
        }
    }
}

impl Travel {
    /// The CSS tone of its badge.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Waiting => "info",
            Self::Received => "good",
            Self::Failed => "bad",
        }
    }
}
