//! Local keys as types, so that the id of one thing is never taken for that of another.

/// Declares a local key: UUIDv7 text in lower case, sorted by time of creation.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes a text that is a UUID in canonical lower-case form.
            pub fn parse(text: &str) -> Option<Self> {
                let id = uuid::Uuid::try_parse(text).ok()?;
                (id.to_string() == text).then(|| Self(text.to_owned()))
            }
            /// Takes a key that this hub made or stored.
            pub fn known(text: String) -> Self {
                Self(text)
            }
            /// The key as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// A member of this hub.
    MemberId
);
text_id!(
    /// An offer or a need, ours or the copy of another hub's.
    ProposalId
);
text_id!(
    /// An answer to a proposal.
    ResponseId
);
text_id!(
    /// An agreement.
    AgreementId
);
text_id!(
    /// An invitation or a recovery link.
    InvitationId
);
text_id!(
    /// A picture.
    MediaId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_form_is_a_key() {
        let id = "0199c0de-7000-7000-8000-000000000001";

        assert_eq!(MemberId::parse(id).unwrap().as_str(), id);
        for other in [
            "",
            "x",
            "0199C0DE-7000-7000-8000-000000000001",
            "0199c0de700070008000000000000001",
        ] {
            assert!(MemberId::parse(other).is_none(), "{other}");
        }
    }
}
