//! One call of the machine: its instant, the key it signs with, and what the driver is to do.

use super::Output;
use crate::Instant;
use crate::governance::hub_id::HubId;
use crate::governance::prove::Signatory;
use crate::multikey::SecretKey;

/// One call.
pub(super) struct Turn<'k> {
    now: Instant,
    key: &'k SecretKey,
    outputs: Vec<Output>,
}

impl<'k> Turn<'k> {
    pub(super) const fn new(now: Instant, key: &'k SecretKey) -> Self {
        Self {
            now,
            key,
            outputs: vec![],
        }
    }

    pub(super) const fn now(&self) -> Instant {
        self.now
    }

    /// This hub as it signs now.
    pub(super) const fn signatory(&self, hub: HubId) -> Signatory<'k> {
        Signatory {
            hub,
            key: self.key,
            created: self.now,
        }
    }

    pub(super) fn push(&mut self, output: Output) {
        self.outputs.push(output);
    }

    pub(super) fn into_outputs(self) -> Vec<Output> {
        self.outputs
    }
}
