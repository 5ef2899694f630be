//! `--recount`: which ballot counts for each KPA, and why none does.

use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::bundle::Bundle;
use interkpa_federation::governance::closing::{PollValue, SealList};
use interkpa_federation::governance::counted::{Counted, NamedList, counted};
use interkpa_federation::governance::poll::Poll;
use interkpa_federation::governance::verify::Report;
use interkpa_web::locale::Locale;

use crate::command::out;

/// One line for each elector; nothing when no value is certified.
pub(super) fn tell(bundle: &Bundle, report: &Report, explain: Option<Locale>) {
    let Some((value, _)) = &report.certified else {
        return;
    };
    let poll = bundle.get(report.poll).map(|object| object.body());
    let value = bundle.get(*value).map(|object| object.body());
    if let (Some(Body::Poll(poll)), Some(Body::Value(value))) = (poll, value) {
        tell_each(bundle, poll, value, explain);
    }
}

fn tell_each(bundle: &Bundle, poll: &Poll, value: &PollValue, explain: Option<Locale>) {
    let lists = value.seals.iter().filter_map(|seal| list(bundle, *seal));
    let lists: Vec<NamedList<'_>> = lists.map(|list| NamedList { seals: 1, list }).collect();
    let ballot = |hash| match bundle.get(hash)?.body() {
        Body::Ballot(ballot) => Some(&**ballot),
        _ => None,
    };
    let found = counted(&lists, poll.numbers().to_count(), ballot);
    let say =
        |word: &str, key: &str| explain.map_or_else(|| word.to_owned(), |locale| locale.t(key));
    for member in &poll.electorate.members {
        let said = match found.get(&member.hub) {
            None => say("no_ballot", "verify-no-ballot"),
            Some(Counted::VoidDouble) => say("void_double", "verify-void-double"),
            Some(Counted::Ballot(hash)) => {
                let choice = bundle
                    .get(*hash)
                    .and_then(|object| object.original().get("ikpa:choice").cloned())
                    .unwrap_or_default();
                format!("{} {choice}", hash.tracking_number())
            }
        };
        out::line(format!("{} {said}", member.hub));
    }
}

fn list(
    bundle: &Bundle,
    seal: interkpa_federation::governance::hash::ObjectHash,
) -> Option<&SealList> {
    let Body::Seal(seal) = bundle.get(seal)?.body() else {
        return None;
    };
    match bundle.get(seal.list)?.body() {
        Body::SealList(list) => Some(list),
        _ => None,
    }
}
