//! The register of the network: who has a voice, by which key, and who hosts whom.

use super::samples;
use crate::locale::{Locale, Stamp};
use crate::page::{Page, Sample, Width, body};

/// One KPA of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterLine {
    /// Its name, without the word.
    pub name: String,
    /// Its site.
    pub href: String,
    /// True for this KPA.
    pub is_own: bool,
    /// How it stands, finished.
    pub standing: String,
    /// The fingerprint of its key, in groups of four figures.
    pub fingerprint: String,
    /// Who hosts it, if not itself; finished.
    pub host: Option<String>,
}

/// The register (`/registre`), and its sheet of fingerprints to print (`/registre/empreintes`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterPage {
    /// True for the sheet to print.
    pub is_sheet: bool,
    /// The name of the network; empty for a KPA of no network.
    pub network: String,
    /// The fingerprint of the act of foundation, in groups of four figures.
    pub genesis: String,
    /// How many have a voice.
    pub voices: usize,
    /// How many voices may fail or cheat without harm.
    pub may_fail: usize,
    /// Hosts that hold more voices than may fail, each as a finished sentence.
    pub warnings: Vec<String>,
    /// Every KPA, by name.
    pub lines: Vec<RegisterLine>,
    /// The day of this state.
    pub at: Stamp,
}

impl Page for RegisterPage {
    fn title(&self, l: Locale) -> String {
        l.t(if self.is_sheet {
            "register-sheet-title"
        } else {
            "register-title"
        })
    }

    body!(RegisterPage, "votes/register.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn may_be_indexed(&self) -> bool {
        true
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::registers(l)
    }
}
