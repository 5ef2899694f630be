//! The photos of the form: those there already, described anew or taken away, and new ones.

use axum::body::Bytes;
use interkpa_web::form::{Form as WebForm, Problem};
use interkpa_web::views::proposals::{PROPOSAL_PHOTOS_MAX, PhotoNow, PhotoSlot};

use crate::app::App;
use crate::features::proposals::commands::Pictures;
use crate::features::proposals::model::new::photo_alt;
use crate::features::proposals::pictures::{self, NotTaken};
use crate::features::proposals::store::media::Picture;
use crate::http::error::AppError;
use crate::http::form::Form;
use crate::ids::{MediaId, MemberId};

/// A photo as the form shows it again.
pub fn now(picture: &Picture) -> PhotoNow {
    PhotoNow::new(&picture.id, pictures::photo(picture))
}

/// Fills in what is said of the photos that are there.
pub fn fill(form: &mut WebForm, held: &[Picture]) {
    for picture in held {
        form.set(&now(picture).alt, picture.alt.as_str());
    }
}

/// A photo sent along, not looked at yet.
struct Sent {
    slot: PhotoSlot,
    bytes: Bytes,
    alt: String,
}

/// What becomes of the photos, if nothing else in the form is at fault either: a form with faults
/// keeps no file, and a browser does not send a file again, which is said.
///
/// # Errors
/// Those of the machine; what is wrong with a photo is added to the form and `None` answered.
pub async fn taken_in(
    app: &App,
    member: &MemberId,
    form: &Form,
    typed: &mut WebForm,
    held: &[Picture],
) -> Result<Option<Pictures>, AppError> {
    let mut changes = of_held(typed, held);
    let sent = sent(form, typed);
    let left = held.len().saturating_sub(changes.dropped.len());
    if left + sent.len() > PROPOSAL_PHOTOS_MAX
        && let Some(first) = sent.first()
    {
        let max = PROPOSAL_PHOTOS_MAX;
        typed.refuse(first.slot.file, Problem::TooManyPhotos { max });
    }
    if !typed.is_fine() {
        again(typed, &sent);
        return Ok(None);
    }
    for one in &sent {
        let (bytes, beside) = (one.bytes.clone(), &changes.added);
        match pictures::take_in(app, member, bytes, &one.alt, beside).await {
            Ok(picture) => changes.added.push(picture),
            Err(fault) => {
                pictures::forget(app, changes.added_ids()).await;
                return match fault {
                    NotTaken::Refused(problem) => {
                        typed.refuse(one.slot.file, problem);
                        again(typed, &sent);
                        Ok(None)
                    }
                    NotTaken::Failed(error) => Err(error),
                };
            }
        }
    }
    Ok(Some(changes))
}

/// What was ticked and written about the photos there already. A form that names none of their
/// controls leaves them as they are.
fn of_held(typed: &mut WebForm, held: &[Picture]) -> Pictures {
    let mut changes = Pictures::default();
    for picture in held {
        let (id, control) = (MediaId::known(picture.id.clone()), now(picture));
        if !typed.value(&control.drop).is_empty() {
            changes.dropped.push(id);
        } else if typed.values(&control.alt).next().is_some() {
            let alt = photo_alt(typed, &control.alt);
            if alt != picture.alt {
                changes.described.push((id, alt));
            }
        }
    }
    changes
}

fn sent(form: &Form, typed: &mut WebForm) -> Vec<Sent> {
    let mut sent = Vec::new();
    for slot in PhotoSlot::ALL {
        let upload = form.files.iter().find(|upload| upload.field == slot.file);
        if let Some(upload) = upload {
            sent.push(Sent {
                slot,
                bytes: upload.bytes.clone(),
                alt: photo_alt(typed, slot.alt),
            });
        }
    }
    sent
}

/// What was typed comes back, a photo cannot: it is said, not lost in silence.
fn again(typed: &mut WebForm, sent: &[Sent]) {
    for one in sent {
        if typed.error(one.slot.file).is_none() {
            typed.refuse(one.slot.file, Problem::PhotoAgain);
        }
    }
}
