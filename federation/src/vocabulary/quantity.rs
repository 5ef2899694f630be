//! Quantities on the wire: whole minutes, whole cents, thousandths of a unit. Never a float.

use serde_json::{Value, json};

use super::ParseError;
use super::read::Fields;

/// Longest time of one quantity, in minutes (10 000 hours).
pub const MINUTES_MAX: i64 = 600_000;
/// Largest sum of one quantity, in cents (one million euros).
pub const CENTS_MAX: i64 = 100_000_000;
/// Largest count of one quantity, in thousandths (one million units).
pub const MILLI_MAX: i64 = 1_000_000_000;

/// How much of something: what product.md 4.0 stores, one variant per store unit. Always positive:
/// a correction turns the direction around, it never takes a sign (security.md D62).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Time, in whole minutes; 1 to [`MINUTES_MAX`].
    Time {
        /// Minutes.
        minutes: i64,
    },
    /// Euros, in whole cents; 1 to [`CENTS_MAX`].
    Money {
        /// Cents.
        cents: i64,
    },
    /// Anything counted or measured, in thousandths of the unit; 1 to [`MILLI_MAX`].
    Count {
        /// Thousandths of the unit.
        milli: i64,
        /// What is counted.
        unit: Unit,
    },
}

words! {
    /// Units of things, by their names in the Ontology of units of Measure (OM2).
    pub enum Unit {
        /// Pieces, seats, places.
        One = "one",
        /// Grams.
        Gram = "gram",
        /// Kilograms.
        Kilogram = "kilogram",
        /// Millilitres.
        Millilitre = "millilitre",
        /// Litres.
        Litre = "litre",
        /// Metres.
        Metre = "metre",
        /// Square metres.
        SquareMetre = "squareMetre",
        /// Cubic metres.
        CubicMetre = "cubicMetre",
        /// Days.
        Day = "day",
    }
}

/// Why a measure is not a quantity we take in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// `hasUnit` is absent or unknown.
    #[error("unknown unit")]
    Unit,
    /// `hasNumericalValue` is not a plain decimal number in a string, nor a whole number.
    #[error("not a plain decimal number")]
    Number,
    /// More decimals than the unit allows.
    #[error("more decimals than the unit allows")]
    TooFine,
    /// Zero, negative, or over the limit of the unit.
    #[error("outside the limits of the unit")]
    OutOfRange,
}

impl Quantity {
    /// Reads an OM2 measure `{hasUnit, hasNumericalValue}`.
    pub(crate) fn read(value: &Value, field: &'static str) -> Result<Self, ParseError> {
        let fields = Fields::of(value, field)?;
        let unit = fields.get("hasUnit").and_then(Value::as_str);
        let read = || {
            let unit = unit.ok_or(QuantityError::Unit)?;
            let number = fields
                .get("hasNumericalValue")
                .ok_or(QuantityError::Number)?;
            Self::from_parts(unit, &decimal(number)?)
        };
        read().map_err(|source| ParseError::Quantity { field, source })
    }

    fn from_parts(unit: &str, number: &Decimal) -> Result<Self, QuantityError> {
        match unit {
            "minute" | "minuteTime" => Ok(Self::Time {
                minutes: number.scaled(0, MINUTES_MAX)?,
            }),
            "hour" => {
                // 1,25 h is 75 min; 0,1 h is 6 min; 0,01 h is no whole minute.
                let milli = number.scaled(3, MINUTES_MAX * 1_000 / 60)?;
                if milli * 60 % 1_000 != 0 {
                    return Err(QuantityError::TooFine);
                }
                Ok(Self::Time {
                    minutes: milli * 60 / 1_000,
                })
            }
            "euro" => Ok(Self::Money {
                cents: number.scaled(2, CENTS_MAX)?,
            }),
            other => Ok(Self::Count {
                milli: number.scaled(3, MILLI_MAX)?,
                unit: Unit::parse(other).ok_or(QuantityError::Unit)?,
            }),
        }
    }

    /// The OM2 measure: whole hours as hours, other times as minutes, euros with two decimals.
    pub fn write(self) -> Value {
        let (unit, number) = match self {
            Self::Time { minutes } if minutes % 60 == 0 => ("hour", (minutes / 60).to_string()),
            Self::Time { minutes } => ("minute", minutes.to_string()),
            Self::Money { cents } => ("euro", format!("{}.{:02}", cents / 100, cents % 100)),
            Self::Count { milli, unit } => (unit.as_str(), write_milli(milli)),
        };
        json!({"hasUnit": unit, "hasNumericalValue": number})
    }

    /// Whether both are counted in the same unit, so that they can be compared (FEP-0837).
    pub fn same_unit(self, other: Self) -> bool {
        match (self, other) {
            (Self::Time { .. }, Self::Time { .. }) | (Self::Money { .. }, Self::Money { .. }) => {
                true
            }
            (Self::Count { unit: a, .. }, Self::Count { unit: b, .. }) => a == b,
            _ => false,
        }
    }
}

fn write_milli(milli: i64) -> String {
    if milli % 1_000 == 0 {
        return (milli / 1_000).to_string();
    }
    let text = format!("{}.{:03}", milli / 1_000, milli % 1_000);
    text.trim_end_matches('0').to_owned()
}

/// A plain decimal number: digits before and after the point.
struct Decimal {
    whole: String,
    fraction: String,
}

impl Decimal {
    /// The number times 10^`decimals`, from 1 to `max`.
    fn scaled(&self, decimals: usize, max: i64) -> Result<i64, QuantityError> {
        let fraction = self.fraction.trim_end_matches('0');
        if fraction.len() > decimals {
            return Err(QuantityError::TooFine);
        }
        let digits = format!("{}{fraction:0<decimals$}", self.whole);
        let number: i64 = digits
            .parse()
            .map_err(|_too_large| QuantityError::OutOfRange)?;
        if (1..=max).contains(&number) {
            Ok(number)
        } else {
            Err(QuantityError::OutOfRange)
        }
    }
}

/// Reads `"12"`, `"12.50"` or the JSON integer 12; no sign, no exponent, no comma, no float.
fn decimal(value: &Value) -> Result<Decimal, QuantityError> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if !number.is_f64() => number.to_string(),
        _ => return Err(QuantityError::Number),
    };
    if text.starts_with('-') {
        return Err(QuantityError::OutOfRange);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let plain = |part: &str| part.len() <= 24 && part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || text.ends_with('.') {
        return Err(QuantityError::Number);
    }
    Ok(Decimal {
        whole: whole.to_owned(),
        fraction: fraction.to_owned(),
    })
}
