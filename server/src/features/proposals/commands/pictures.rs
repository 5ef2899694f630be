//! Pictures of a proposal: added, described anew, taken away.

use interkpa_federation::Instant;
use interkpa_web::views::proposals::PROPOSAL_PHOTOS_MAX;

use crate::app::App;
use crate::db::conn::Conn;
use crate::features::proposals::commands::{By, Change, Done, ProposalError, finish, locked};
use crate::features::proposals::model::{Command, Refusal};
use crate::features::proposals::store::media::{self, Picture};
use crate::ids::{MediaId, ProposalId};

/// What becomes of the pictures of a proposal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pictures {
    /// Taken away.
    pub dropped: Vec<MediaId>,
    /// Described in other words.
    pub described: Vec<(MediaId, String)>,
    /// New ones, whose files stand already.
    pub added: Vec<Picture>,
}

impl Pictures {
    /// The keys of the new ones: their files go if nothing is written.
    pub fn added_ids(&self) -> Vec<MediaId> {
        let id = |picture: &Picture| MediaId::known(picture.id.clone());
        self.added.iter().map(id).collect()
    }

    /// Writes the rows; answers the keys whose files go once the transaction is durable. Pictures of
    /// another proposal are never touched.
    ///
    /// # Errors
    /// [`Refusal::TooManyPictures`]; those of the store.
    pub(super) fn write(
        self,
        tx: &mut Conn,
        proposal: &ProposalId,
    ) -> Result<Vec<MediaId>, ProposalError> {
        let gone = media::delete(tx, proposal, &self.dropped)?;
        for (id, alt) in &self.described {
            media::describe(tx, proposal, id, alt)?;
        }
        if self.added.is_empty() {
            return Ok(gone);
        }
        let held = media::of(tx, &[proposal])?.len();
        if held + self.added.len() > PROPOSAL_PHOTOS_MAX {
            return Err(Refusal::TooManyPictures.into());
        }
        for mut picture in self.added {
            picture.proposal_id = Some(proposal.as_str().to_owned());
            media::insert(tx, &picture)?;
        }
        Ok(gone)
    }
}

/// Changes nothing but the pictures of a proposal; whoever holds a copy is told.
///
/// # Errors
/// [`Refusal`] of the model; those of the store.
pub fn illustrate(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    id: &ProposalId,
    pictures: Pictures,
) -> Result<Done, ProposalError> {
    let mut change = Change::of(locked(tx, by, id)?, "proposal_edit");
    let proposal = &mut change.proposal;
    // An end that has come stays: only the text and its terms bring a proposal back.
    proposal.after(Command::Edit)?;
    let pictures_gone = pictures.write(tx, id)?;
    let proposal = finish(app, tx, now, by, change)?;
    Ok(Done {
        proposal,
        pictures_gone,
    })
}
