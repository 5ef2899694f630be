//! What may be wrong with a field: a code for programs, a sentence for people.

use crate::locale::Locale;

/// What is wrong with a value. The sentence says what is missing and how to put it right, with an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was given.
    Required,
    /// Nothing was chosen.
    ChoiceRequired,
    /// More than `max` characters.
    TooLong {
        /// The limit, in characters.
        max: u32,
    },
    /// Fewer than `min` characters.
    TooShort {
        /// The least, in characters.
        min: u32,
    },
    /// More than `max` choices or lines.
    TooMany {
        /// The limit.
        max: u32,
    },
    /// Not one of the choices of the form.
    UnknownChoice,
    /// Not a whole number.
    NotANumber,
    /// A number out of its range.
    OutOfRange {
        /// The least allowed.
        min: i64,
        /// The most allowed.
        max: i64,
    },
    /// Not an amount such as `12,50`.
    NotAnAmount,
    /// Not a duration such as `1 h 30`.
    NotADuration,
    /// A duration that is not a multiple of the step of the hours.
    DurationStep {
        /// The step, in minutes.
        step: u32,
    },
    /// Not a date such as `24/11/2026`.
    NotADate,
    /// A date that is past.
    InThePast,
    /// A date too far away.
    TooFar {
        /// The limit, in days.
        days: u32,
    },
    /// Not a telephone number.
    NotAPhone,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not the address of a KPA or an account.
    NotAnAddress,
    /// The address leads nowhere.
    AddressUnreachable,
    /// Not a handle: letters, figures, `_`.
    NotAHandle,
    /// Somebody else has it.
    Taken,
    /// A handle or a password that does not fit; never says which.
    WrongSignIn,
    /// The password given is not the present one.
    WrongPassword,
    /// A password that everybody tries first.
    PasswordTooCommon,
    /// A file over the limit.
    FileTooBig {
        /// The size received, in bytes.
        size: u64,
        /// The limit, in bytes.
        limit: u64,
    },
    /// A file that is not a picture we can read.
    NotAPicture,
    /// The pictures of this member take up all the room there is for them.
    PhotoQuota,
    /// A picture that was sent with a form that had faults: a browser does not send it again.
    PhotoAgain,
    /// More pictures than one thing has.
    TooManyPhotos {
        /// The most there may be.
        max: usize,
    },
    /// A picture without its description.
    DescriptionRequired,
    /// Characters that nobody can see.
    HiddenCharacters,
    /// Consent was not given.
    ConsentRequired,
    /// A finished sentence of the server, for a rule of one feature.
    Sentence(String),
}

impl Problem {
    /// The code of the JSON twin: `errors: [{field, code, detail}]`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Required | Self::ChoiceRequired => "required",
            Self::TooLong { .. } => "too_long",
            Self::TooShort { .. } => "too_short",
            Self::TooMany { .. } => "too_many",
            Self::UnknownChoice => "unknown_choice",
            Self::NotANumber => "not_a_number",
            Self::OutOfRange { .. } => "out_of_range",
            Self::NotAnAmount => "not_an_amount",
            Self::NotADuration => "not_a_duration",
            Self::DurationStep { .. } => "duration_step",
            Self::NotADate => "not_a_date",
            Self::InThePast => "in_the_past",
            Self::TooFar { .. } => "too_far",
            Self::NotAPhone => "not_a_phone",
            Self::NotAnEmail => "not_an_email",
            Self::NotAnAddress => "not_an_address",
            Self::AddressUnreachable => "address_unreachable",
            Self::NotAHandle => "not_a_handle",
            Self::Taken => "taken",
            Self::WrongSignIn => "wrong_sign_in",
            Self::WrongPassword => "wrong_password",
            Self::PasswordTooCommon => "password_too_common",
            Self::FileTooBig { .. } => "file_too_big",
            Self::NotAPicture => "not_a_picture",
            Self::PhotoQuota => "photo_quota",
            Self::PhotoAgain => "photo_again",
            Self::TooManyPhotos { .. } => "too_many_pictures",
            Self::DescriptionRequired => "description_required",
            Self::HiddenCharacters => "hidden_characters",
            Self::ConsentRequired => "consent_required",
            Self::Sentence(_) => "refused",
        }
    }

    /// The sentence shown beside the field and in the summary.
    pub fn sentence(&self, l: impl Into<Locale>) -> String {
        let l = l.into();
        match self {
            Self::TooLong { max } => l.t1("problem-too-long", "max", max),
            Self::TooShort { min } => l.t1("problem-too-short", "min", min),
            Self::TooMany { max } => l.t1("problem-too-many", "max", max),
            Self::TooManyPhotos { max } => l.t1("problem-too-many-photos", "max", max),
            Self::OutOfRange { min, max } => l.t2("problem-out-of-range", "min", min, "max", max),
            Self::DurationStep { step } => l.t1("problem-duration-step", "step", step),
            Self::TooFar { days } => l.t1("problem-too-far", "days", days),
            Self::FileTooBig { size, limit } => l.t2(
                "problem-file-too-big",
                "size",
                l.size(*size),
                "limit",
                l.size(*limit),
            ),
            Self::Sentence(sentence) => sentence.clone(),
            other => l.t(other.key()),
        }
    }

    const fn key(&self) -> &'static str {
        match self {
            Self::ChoiceRequired => "problem-choice-required",
            Self::UnknownChoice => "problem-unknown-choice",
            Self::NotANumber => "problem-not-a-number",
            Self::NotAnAmount => "problem-not-an-amount",
            Self::NotADuration => "problem-not-a-duration",
            Self::NotADate => "problem-not-a-date",
            Self::InThePast => "problem-in-the-past",
            Self::NotAPhone => "problem-not-a-phone",
            Self::NotAnEmail => "problem-not-an-email",
            Self::NotAnAddress => "problem-not-an-address",
            Self::AddressUnreachable => "problem-address-unreachable",
            Self::NotAHandle => "problem-not-a-handle",
            Self::Taken => "problem-taken",
            Self::WrongSignIn => "problem-wrong-sign-in",
            Self::WrongPassword => "problem-wrong-password",
            Self::PasswordTooCommon => "problem-password-too-common",
            Self::NotAPicture => "problem-not-a-picture",
            Self::PhotoQuota => "problem-photo-quota",
            Self::PhotoAgain => "problem-photo-again",
            Self::DescriptionRequired => "problem-description-required",
            Self::HiddenCharacters => "problem-hidden-characters",
            Self::ConsentRequired => "problem-consent-required",
            _ => "problem-required",
        }
    }

    /// One of each, for the test of the sentences.
    #[cfg(test)]
    pub(crate) fn samples() -> Vec<Self> {
        vec![
            Self::Required,
            Self::ChoiceRequired,
            Self::TooLong { max: 120 },
            Self::TooShort { min: 12 },
            Self::TooMany { max: 4 },
            Self::UnknownChoice,
            Self::NotANumber,
            Self::OutOfRange { min: 1, max: 99 },
            Self::NotAnAmount,
            Self::NotADuration,
            Self::DurationStep { step: 15 },
            Self::NotADate,
            Self::InThePast,
            Self::TooFar { days: 365 },
            Self::NotAPhone,
            Self::NotAnEmail,
            Self::NotAnAddress,
            Self::AddressUnreachable,
            Self::NotAHandle,
            Self::Taken,
            Self::WrongSignIn,
            Self::WrongPassword,
            Self::PasswordTooCommon,
            Self::FileTooBig {
                size: 80_000_000,
                limit: 10_000_000,
            },
            Self::NotAPicture,
            Self::PhotoQuota,
            Self::PhotoAgain,
            Self::TooManyPhotos { max: 4 },
            Self::DescriptionRequired,
            Self::HiddenCharacters,
            Self::ConsentRequired,
        ]
    }
}
