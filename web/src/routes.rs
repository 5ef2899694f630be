//! The addresses of the pages and of their forms. The server mounts its handlers at these paths and the
//! templates link to them: one spelling, in one place.
//!
//! Paths of a thing are built on its own path: an announcement at `/objets/<uuid>` takes its answers at
//! `/objets/<uuid>/reponses`. Every state change is a POST; a GET never changes anything.

/// Accueil.
pub const HOME: &str = "/";
/// Entraide: the list. Query: see [`crate::views::proposals::Filters`].
pub const EXCHANGE: &str = "/entraide";
/// Publier: GET shows the form, POST publishes.
pub const PUBLISH: &str = "/publier";
/// Notifications. POST [`NOTIFICATIONS_READ`] marks all as read.
pub const NOTIFICATIONS: &str = "/notifications";
/// Marks every notification as read (POST).
pub const NOTIFICATIONS_READ: &str = "/notifications/lues";
/// Moi.
pub const ME: &str = "/moi";
/// Profile: GET and POST.
pub const PROFILE: &str = "/moi/profil";
/// Password: GET and POST.
pub const PASSWORD: &str = "/moi/mot-de-passe";
/// Agir pour quelqu'un: GET, with `membre`.
pub const ACT_FOR: &str = "/accompagner/agir-pour";
/// Quitter le KPA: GET asks, POST does.
pub const LEAVE: &str = "/moi/quitter";
/// Mes appareils. POST `/moi/appareils/<id>/deconnecter`; POST [`DEVICES_OTHERS`] for all but this one.
pub const DEVICES: &str = "/moi/appareils";
/// Signs out every other device (POST).
pub const DEVICES_OTHERS: &str = "/moi/appareils/deconnecter-les-autres";
/// Keys for programs: GET lists, POST creates. POST `/moi/cles/<id>/supprimer`.
pub const TOKENS: &str = "/moi/cles";
/// My announcements.
pub const MY_PROPOSALS: &str = "/moi/annonces";
/// My answers.
pub const MY_RESPONSES: &str = "/moi/reponses";
/// My agreements.
pub const MY_AGREEMENTS: &str = "/moi/accords";
/// Mes heures.
pub const HOURS: &str = "/temps";
/// Les KPA du réseau. POST [`HUBS_FOLLOW`] follows an address.
pub const HUBS: &str = "/kpa";
/// Follows a KPA by its address (POST, field `address`).
pub const HUBS_FOLLOW: &str = "/kpa/suivre";
/// The votes of the network: GET. One vote is `/decisions/<hash>`.
pub const VOTES: &str = "/decisions";
/// Opens a vote: GET, and POST for the preview.
pub const VOTE_OPEN: &str = "/decisions/ouvrir";
/// Publishes a vote (POST).
pub const VOTE_PUBLISH: &str = "/decisions/publier";
/// The register of the network: GET.
pub const REGISTER: &str = "/registre";
/// The fingerprints of the register, to print: GET.
pub const REGISTER_SHEET: &str = "/registre/empreintes";
/// This KPA's own page.
pub const HUB: &str = "/hub";
/// Sign-in: GET and POST (fields `handle`, `password`, `keep`, `next`).
pub const SIGN_IN: &str = "/connexion";
/// Signs out (POST).
pub const SIGN_OUT: &str = "/deconnexion";
/// Accompagner.
pub const HELP_OTHERS: &str = "/accompagner";
/// Invite somebody: GET and POST. The answer of POST shows the link once.
pub const INVITE: &str = "/accompagner/inviter";
/// Publish for somebody: GET and POST.
pub const ON_BEHALF: &str = "/accompagner/publier-pour";
/// Give access back to somebody: GET and POST.
pub const RECOVER: &str = "/accompagner/redonner-acces";
/// People to tell by telephone or face to face. POST `/a-prevenir/<id>/fait`.
pub const TELL: &str = "/a-prevenir";
/// Reports. POST `/moderation/<id>/decision`.
pub const MODERATION: &str = "/moderation";
/// Réglages du KPA.
pub const ADMIN: &str = "/administration";
/// Other KPAs. POST `/administration/kpa/<id>/autoriser`, `/bloquer`, `/reessayer`.
pub const ADMIN_PEERS: &str = "/administration/kpa";
/// Deliveries. POST `/administration/envois/<id>/reessayer`.
pub const ADMIN_DELIVERIES: &str = "/administration/envois";
/// Invitations. POST `/administration/invitations/<id>/annuler`.
pub const ADMIN_INVITATIONS: &str = "/administration/invitations";
/// Members and roles. POST `/administration/membres/<id>/roles`, `/suspendre`, `/rouvrir`.
pub const ADMIN_MEMBERS: &str = "/administration/membres";
/// Journal.
pub const ADMIN_AUDIT: &str = "/administration/journal";
/// Help.
pub const HELP: &str = "/aide";
/// The list of the JSON addresses.
pub const API: &str = "/api";
/// Accessibility statement.
pub const ACCESSIBILITY: &str = "/accessibilite";
/// Legal notice.
pub const LEGAL: &str = "/mentions-legales";
/// Privacy.
pub const PRIVACY: &str = "/vie-privee";
/// The source of the running version (AGPL, section 13).
pub const SOURCE: &str = "/source";
/// Act from another server: `?uri=`.
pub const INTERACT: &str = "/interagir";

/// The page « Suivre depuis mon compte » of a hub: GET, and POST (field `account`).
pub fn remote_follow(slug: &str) -> String {
    format!("/@{slug}/suivre")
}

/// A telephone number as a `tel:` link: figures and a leading `+` only.
pub fn tel(number: &str) -> String {
    let figures: String = number
        .chars()
        .enumerate()
        .filter(|(place, c)| c.is_ascii_digit() || (*place == 0 && *c == '+'))
        .map(|(_, c)| c)
        .collect();
    format!("tel:{figures}")
}

/// The same for a text message, with its words.
pub fn sms(number: &str, words: &str) -> String {
    let tel = tel(number);
    let figures = tel.strip_prefix("tel:").unwrap_or("");
    format!("sms:{figures}?body={}", percent_encode(words))
}

/// Percent-encoding of everything but unreserved characters (RFC 3986, 2.3).
pub fn percent_encode(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_telephone_link_holds_figures_only() {
        assert_eq!(
            super::tel("+33 (0)6 12.34"),
            "tel:+3306 1234".replace(' ', "")
        );
        assert_eq!(super::tel("javascript:alert(1)"), "tel:1");
    }

    #[test]
    fn the_words_of_a_text_message_are_encoded() {
        assert_eq!(
            super::sms("06 12", "À bientôt & merci"),
            "sms:0612?body=%C3%80%20bient%C3%B4t%20%26%20merci"
        );
    }
}
