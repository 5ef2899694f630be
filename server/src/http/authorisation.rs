//! The authorisation table as a document: what `docs/authorisation.md` holds, made from the routes
//! themselves.

use std::fmt::Write as _;

use crate::features::people::rights::{Right, Role};
use crate::http::router;
use crate::http::{Access, Route, Surface};

const HEAD: &str = "# Who may do what\n\n\
    Made from the router by `cargo run -p interkpa-server --features testing --example authorisation`; a test \
    compares it. Do not edit.\n\n\
    *Anybody* is also who is not signed in: a stranger, a member of another hub, somebody invited whose account \
    is not made yet, a member whose account is suspended. What depends on the thing itself (its author, the \
    parties of an agreement) is checked behind this table, and answers 404 to who may not know of it.\n";

/// The whole document in Markdown.
pub fn markdown() -> String {
    let mut text = String::from(HEAD);
    text.push_str("\n## Roles and their rights\n\n| role |");
    for right in Right::ALL {
        let _ = write!(text, " {} |", right.as_str());
    }
    text.push_str("\n|---|");
    text.push_str(&":-:|".repeat(Right::ALL.len()));
    for role in Role::ALL {
        let _ = write!(text, "\n| {} |", role.as_str());
        for right in Right::ALL {
            let mark = if role.rights().contains(&right) {
                "✓"
            } else {
                " "
            };
            let _ = write!(text, " {mark} |");
        }
    }
    text.push('\n');
    for (title, surface) in [
        ("Pages and forms", Surface::Page),
        ("JSON twin", Surface::Api),
        ("Federation", Surface::Fediverse),
    ] {
        let _ = write!(
            text,
            "\n## {title}\n\n| method | path | who |\n|---|---|---|\n"
        );
        for route in router::routes().iter().filter(|r| r.surface == surface) {
            let method = format!("{:?}", route.method).to_uppercase();
            let _ = writeln!(text, "| {method} | `{}` | {} |", route.path, who(route));
        }
    }
    text
}

fn who(route: &Route) -> String {
    match route.access {
        Access::Anyone => "anybody".to_owned(),
        Access::Member => "any member".to_owned(),
        Access::Peer => "a server whose signature holds".to_owned(),
        Access::Right(right) => {
            let holders = Role::ALL
                .into_iter()
                .filter(|role| role.rights().contains(&right))
                .map(Role::as_str);
            format!(
                "{}: {}",
                right.as_str(),
                holders.collect::<Vec<_>>().join(", ")
            )
        }
    }
}
