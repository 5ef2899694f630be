//! Words of the economic spine: purposes, kinds, settlements, actions, states (product.md 4.1).

words! {
    /// Whether a proposal offers something or asks for it (FEP-0837).
    pub enum Purpose {
        /// An offer.
        Offer = "offer",
        /// A need.
        Request = "request",
    }
}

words! {
    /// What kind of agreement a proposal leads to; stored and sent as `ikpa:terms`.
    pub enum KindName {
        /// Time and skill of a person.
        Service = "service",
        /// A thing that comes back.
        Loan = "loan",
        /// A thing or a service without return.
        Gift = "gift",
        /// A thing against money; money is recorded, never moved (decision 12).
        Sale = "sale",
        /// A seat at an event or workshop.
        EventSeat = "event_seat",
        /// A room or machine for a span of time.
        Booking = "booking",
        /// Work on a mission.
        Mission = "mission",
        /// A share of a group purchase.
        Order = "order",
    }
}

words! {
    /// How the other side is compensated.
    pub enum Settlement {
        /// Without return.
        Gift = "gift",
        /// Hours of the time bank, 1 h = 1 h.
        Hours = "hours",
        /// Euros, recorded only.
        Euros = "euros",
        /// Chèque emploi service universel.
        Cesu = "cesu",
        /// Invoice through the cooperative of activities and employment.
        CaeInvoice = "cae_invoice",
        /// One thing for another.
        Barter = "barter",
    }
}

words! {
    /// How far a thing may be seen (product.md 4.0). `Private` and `Hub` never leave the hub.
    pub enum Visibility {
        /// The member alone, or the parties alone.
        Private = "private",
        /// Members of the hub.
        Hub = "hub",
        /// The hub and the hubs it follows.
        Followed = "followed",
        /// All heard hubs, listed by id.
        Network = "network",
        /// Everybody.
        Public = "public",
    }
}

words! {
    /// What flows, in ValueFlows words.
    pub enum Action {
        /// A service is done.
        DeliverService = "deliverService",
        /// A thing, hours or money change hands.
        Transfer = "transfer",
        /// A thing, room or machine is used and comes back.
        Use = "use",
        /// Hours of work.
        Work = "work",
        /// Something is made.
        Produce = "produce",
        /// Something is used up.
        Consume = "consume",
        /// Goods are collected.
        Pickup = "pickup",
        /// Goods are brought.
        Dropoff = "dropoff",
    }
}

words! {
    /// Where an agreement stands (product.md 4.1, decision 25).
    pub enum AgreementState {
        /// Both sides said yes.
        Concluded = "concluded",
        /// One side says it happened.
        DeclaredDone = "declared_done",
        /// Both sides say it happened.
        Confirmed = "confirmed",
        /// The other side says it did not happen so.
        Contested = "contested",
        /// It will not happen.
        Cancelled = "cancelled",
    }
}

words! {
    /// Why an owner refuses a response; the words for people stand in `content`.
    pub enum RefusalReason {
        /// Refused by the author, no reason given.
        Declined = "declined",
        /// Nothing is left (I-01).
        NoLongerAvailable = "no_longer_available",
        /// The proposal is withdrawn or expired (I-06).
        Closed = "closed",
        /// This hub does not know the kind of agreement.
        UnknownKind = "unknown_kind",
        /// The quantities do not fit the proposal (FEP-0837, `unitBased`).
        Quantity = "quantity",
        /// A rule of the kind refuses: overlap, habilitation, cover, ceiling.
        Rule = "rule",
    }
}

impl KindName {
    /// The action its primary intent carries (FEP-0837, ValueFlows).
    pub const fn action(self) -> Action {
        match self {
            Self::Service | Self::EventSeat => Action::DeliverService,
            Self::Gift | Self::Sale | Self::Order => Action::Transfer,
            Self::Loan | Self::Booking => Action::Use,
            Self::Mission => Action::Work,
        }
    }
}

impl Purpose {
    /// The `ikpa:kind` of the Note that carries it.
    pub const fn note_kind(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Request => "need",
        }
    }
}
