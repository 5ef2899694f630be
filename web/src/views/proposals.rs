//! Entraide: offers and needs, one announcement with its answers, publishing and editing.

mod form;
mod list;
mod page;
pub(crate) mod samples;

pub use form::{
    Mode, PROPOSAL_PHOTO_BYTES_MAX, PROPOSAL_PHOTOS_BYTES_MAX, PROPOSAL_PHOTOS_MAX, PhotoNow,
    PhotoSlot, ProposalForm,
};
pub use list::{Filters, ProposalList, Reach, WORDS_MAX};
pub use page::{
    Copy, MyResponse, ProposalPage, Reader, Remark, ReportForm, Response, Spread, Widening,
    WithdrawForm,
};
