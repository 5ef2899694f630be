//! Rows of the votes. Signed originals are only added; what else stands here is a cache of them, or
//! what this hub must not forget of itself.

pub(super) mod certificates;
pub(super) mod drafts;
pub(super) mod objects;
pub(super) mod polls;
pub(super) mod waiting;
