//! What a run found: figures with their unit in the name, and aims that are met or not.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::json;

use crate::out;
use crate::reasons;

/// One figure.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    /// Part of the run.
    pub(crate) phase: &'static str,
    /// What was measured.
    pub(crate) name: String,
    /// How much.
    pub(crate) value: f64,
    /// Of what: `/s`, `µs`, `ms`, `MiB`, `rows`, `×`.
    pub(crate) unit: &'static str,
}

/// How an aim is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum Bound {
    /// The value is at least the aim.
    AtLeast,
    /// The value is at most the aim.
    AtMost,
}

/// One aim of docs/performance.md.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Aim {
    /// What is to hold.
    pub(crate) name: &'static str,
    /// The figure of this run: the median of its repetitions.
    pub(crate) value: f64,
    /// Its limit.
    pub(crate) wanted: f64,
    /// How both are compared.
    pub(crate) bound: Bound,
    /// Unit of both.
    pub(crate) unit: &'static str,
    /// Not negotiable: the run fails without it.
    pub(crate) must: bool,
}

impl Aim {
    /// Whether it is met.
    pub(crate) fn is_met(&self) -> bool {
        match self.bound {
            Bound::AtLeast => self.value >= self.wanted,
            Bound::AtMost => self.value <= self.wanted,
        }
    }
}

/// Everything a run found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    figures: Vec<Figure>,
    aims: Vec<Aim>,
}

impl Report {
    /// Notes and prints a figure.
    pub(crate) fn figure(
        &mut self,
        phase: &'static str,
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
    ) {
        let name = name.into();
        out::line(&format!(
            "{phase:<10} {name:<58} {:>12} {unit}",
            shown(value)
        ));
        self.figures.push(Figure {
            phase,
            name,
            value,
            unit,
        });
    }

    /// Notes an aim; it is printed at the end.
    pub(crate) fn aim(&mut self, aim: Aim) {
        self.aims.push(aim);
    }

    /// Prints what is met and what is not, with the reason; false when one that must hold does not.
    pub(crate) fn conclude(&self) -> bool {
        out::line("");
        for aim in &self.aims {
            let sign = match aim.bound {
                Bound::AtLeast => '≥',
                Bound::AtMost => '≤',
            };
            let verdict = if aim.is_met() { "met" } else { "NOT MET" };
            let mut line = format!(
                "{verdict:<8} {:<58} {:>10} {} (aim {sign} {} {})",
                aim.name,
                shown(aim.value),
                aim.unit,
                shown(aim.wanted),
                aim.unit
            );
            if !aim.is_met() {
                // Writing to a String does not fail.
                let _ = write!(line, "\n         {}", reasons::of(aim.name));
            }
            out::line(&line);
        }
        self.aims.iter().all(|aim| aim.is_met() || !aim.must)
    }

    /// All of it as one JSON document.
    pub(crate) fn json(&self, about: &serde_json::Value) -> serde_json::Value {
        let aims: Vec<_> = self
            .aims
            .iter()
            .map(|aim| json!({"aim": aim, "met": aim.is_met()}))
            .collect();
        json!({"about": about, "figures": self.figures, "aims": aims})
    }
}

/// Three figures that count.
fn shown(value: f64) -> String {
    let size = value.abs();
    if size >= 100.0 || size.fract() == 0.0 {
        format!("{value:.0}")
    } else if size >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aim(value: f64, bound: Bound, must: bool) -> Aim {
        Aim {
            name: "lost",
            value,
            wanted: 10.0,
            bound,
            unit: "rows",
            must,
        }
    }

    #[test]
    fn an_aim_is_compared_in_its_direction() {
        assert!(aim(10.0, Bound::AtMost, false).is_met());
        assert!(!aim(10.5, Bound::AtMost, false).is_met());
        assert!(aim(10.5, Bound::AtLeast, false).is_met());
    }

    #[test]
    fn a_run_fails_only_for_what_must_hold() {
        let mut report = Report::default();
        report.aim(aim(11.0, Bound::AtMost, false));
        assert!(report.conclude());

        report.aim(aim(11.0, Bound::AtMost, true));
        assert!(!report.conclude());
    }
}
