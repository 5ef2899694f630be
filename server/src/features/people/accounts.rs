//! Accounts as rules: names, handles, passwords, how long things live. Pure.

use interkpa_federation::Span;

use crate::config::is_handle;
use crate::features::people::password::PASSWORD_BYTES_MAX;
use crate::http::error::FieldError;

/// How long an invitation or recovery link lives (web.md §4).
pub const INVITATION_SPAN: Span = Span::days(7);
/// Longest name of a person, in characters.
pub const NAME_CHARACTERS_MAX: usize = 100;
/// Shortest password, in characters.
pub const PASSWORD_CHARACTERS_MIN: usize = 12;
/// Open invitations one person may have out at a time.
pub const INVITATIONS_OPEN_MAX: i64 = 50;

/// What a person chooses when an invitation is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// `[a-z0-9_]{2,30}`.
    pub handle: String,
    /// Cleaned of hidden characters, 1 to [`NAME_CHARACTERS_MAX`] characters.
    pub name: String,
    /// As typed.
    pub password: String,
}

impl NewAccount {
    /// Checks what was typed.
    ///
    /// # Errors
    /// One [`FieldError`] for each field that breaks a rule.
    pub fn parse(handle: &str, name: &str, password: &str) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let handle = handle.trim().trim_start_matches('@').to_lowercase();
        if handle.is_empty() {
            errors.push(FieldError::new("handle", "required"));
        } else if !is_handle(&handle) {
            errors.push(FieldError::new("handle", "not_a_handle"));
        }
        let name = check_name(name).unwrap_or_else(|code| {
            errors.push(FieldError::new("name", code));
            String::new()
        });
        if let Err(code) = check_password(password) {
            errors.push(FieldError::new("password", code));
        }
        if errors.is_empty() {
            Ok(Self {
                handle,
                name,
                password: password.to_owned(),
            })
        } else {
            Err(errors)
        }
    }
}

/// The name as it is stored and shown.
///
/// # Errors
/// The code of the rule that is broken.
pub fn check_name(name: &str) -> Result<String, &'static str> {
    let name = interkpa_web::markup::clean_name(name);
    match name.chars().count() {
        0 => Err("required"),
        1..=NAME_CHARACTERS_MAX => Ok(name),
        _ => Err("too_long"),
    }
}

/// # Errors
/// The code of the rule that is broken. Length counts, composition does not (NIST SP 800-63B).
pub fn check_password(password: &str) -> Result<(), &'static str> {
    if password.chars().count() < PASSWORD_CHARACTERS_MIN {
        Err("password_too_short")
    } else if password.len() > PASSWORD_BYTES_MAX {
        Err("password_too_long")
    } else {
        Ok(())
    }
}

/// The family of a browser, all that « Mes appareils » needs to name a device.
pub fn browser_family(user_agent: &str) -> String {
    let has = |word: &str| user_agent.contains(word);
    let browser = if has("Firefox/") {
        "Firefox"
    } else if has("Edg/") {
        "Edge"
    } else if has("SamsungBrowser/") {
        "Samsung Internet"
    } else if has("Chrome/") {
        "Chrome"
    } else if has("Safari/") {
        "Safari"
    } else {
        "Navigateur"
    };
    let system = if has("Android") {
        "Android"
    } else if has("iPhone") || has("iPad") {
        "iOS"
    } else if has("Windows") {
        "Windows"
    } else if has("Mac OS X") {
        "macOS"
    } else if has("Linux") {
        "Linux"
    } else {
        return browser.to_owned();
    };
    format!("{browser}, {system}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_taken_as_people_type_it() {
        let account = NewAccount::parse(" @Karima59", "Karima", "quatre mots au hasard").unwrap();

        assert_eq!(account.handle, "karima59");
    }

    #[test]
    fn each_broken_rule_names_its_field() {
        let errors = NewAccount::parse("é", "", "court").unwrap_err();

        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["handle", "name", "password"]);
    }

    #[test]
    fn a_device_is_named_by_browser_and_system() {
        let agent = "Mozilla/5.0 (Linux; Android 8.0.0) AppleWebKit/537.36 Chrome/95.0 Mobile Safari/537.36";

        assert_eq!(browser_family(agent), "Chrome, Android");
        assert_eq!(browser_family(""), "Navigateur");
    }
}
