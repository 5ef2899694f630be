//! Every crate may be shipped under AGPL-3.0-or-later: its licence, read as SPDX, is in `xtask/allow/licences.txt`.

use super::allow::Allowed;
use super::{Finding, Repository};

/// The licences of all crates fit ours.
pub(super) fn all_fit(repository: &Repository) -> Vec<Finding> {
    let allowed = Allowed::read(&repository.tree, "licences");
    let mut findings = allowed.wrong().to_vec();
    let mut seen = String::new();
    for package in repository
        .packages
        .all
        .iter()
        .filter(|package| !package.is_ours())
    {
        let place = format!("{} {}", package.name, package.version);
        let Some(licence) = &package.license else {
            findings.push(Finding::of(
                &place,
                "names no licence: read its files and say what we do",
            ));
            continue;
        };
        seen.push_str(licence);
        seen.push(' ');
        match fits(licence, &|name| allowed.has(name)) {
            Some(true) => {}
            Some(false) => {
                findings.push(Finding::of(
                    &place,
                    format!("the licence {licence} is not in the list"),
                ));
            }
            None => findings.push(Finding::of(
                &place,
                format!("no SPDX expression: {licence}"),
            )),
        }
    }
    let words: Vec<&str> = words(&seen).collect();
    findings.extend(allowed.stale(|name| words.contains(&name)));
    findings
}

/// Names and signs of an expression; the old `/` means OR.
fn words(expression: &str) -> impl Iterator<Item = &str> {
    expression
        .split_inclusive(['(', ')', '/'])
        .flat_map(|part| {
            let sign = part
                .chars()
                .next_back()
                .filter(|sign| "()/".contains(*sign));
            let name = sign.map_or(part, |sign| part.strip_suffix(sign).unwrap_or(part));
            let sign = match sign {
                Some('(') => "(",
                Some(')') => ")",
                Some('/') => "OR",
                _ => "",
            };
            name.split_whitespace().chain([sign])
        })
        .filter(|word| !word.is_empty())
}

/// Whether an allowed choice satisfies the expression; none when it cannot be read. AND binds tighter than OR.
fn fits(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let words: Vec<&str> = words(expression).collect();
    let mut reader = Reader {
        words: &words,
        allowed,
    };
    let answer = reader.any()?;
    reader.words.is_empty().then_some(answer)
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn take(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if *first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }

    fn any(&mut self) -> Option<bool> {
        let mut answer = self.every()?;
        while self.take("OR") {
            answer |= self.every()?;
        }
        Some(answer)
    }

    fn every(&mut self) -> Option<bool> {
        let mut answer = self.one()?;
        while self.take("AND") {
            answer &= self.one()?;
        }
        Some(answer)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let answer = self.any()?;
            return self.take(")").then_some(answer);
        }
        let (name, rest) = self.words.split_first()?;
        self.words = rest;
        if ["OR", "AND", "WITH", ")"].contains(name) {
            return None;
        }
        // An exception only ever permits more.
        if self.take("WITH") {
            let (_, rest) = self.words.split_first()?;
            self.words = rest;
        }
        Some((self.allowed)(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::packages::{Package, Packages};
    use crate::tidy::tree::Tree;

    fn allowed(name: &str) -> bool {
        ["MIT", "Apache-2.0", "AGPL-3.0"].contains(&name)
    }

    #[test]
    fn one_of_several_choices_is_enough_and_every_part_is_needed() {
        assert_eq!(fits("MIT", &allowed), Some(true));
        assert_eq!(fits("MIT OR SSPL-1.0", &allowed), Some(true));
        assert_eq!(fits("SSPL-1.0/MIT", &allowed), Some(true));
        assert_eq!(fits("MIT AND SSPL-1.0", &allowed), Some(false));
        assert_eq!(
            fits("(MIT OR SSPL-1.0) AND Apache-2.0", &allowed),
            Some(true)
        );
        assert_eq!(fits("SSPL-1.0 OR MIT AND SSPL-1.0", &allowed), Some(false));
        assert_eq!(
            fits("Apache-2.0 WITH LLVM-exception OR SSPL-1.0", &allowed),
            Some(true)
        );
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for bad in ["", "MIT OR", "(MIT", "MIT Apache-2.0", "AND MIT"] {
            assert_eq!(fits(bad, &allowed), None, "{bad}");
        }
    }

    #[test]
    fn a_licence_that_does_not_fit_or_is_missing_is_found() {
        let repository = Repository {
            tree: Tree::from(&[(
                "xtask/allow/licences.txt",
                "MIT  permissive\nISC  permissive\n",
            )]),
            packages: Packages {
                all: vec![
                    Package::example("good", Some("MIT")),
                    Package::example("bad", Some("SSPL-1.0")),
                    Package::example("silent", None),
                ],
                ..Packages::default()
            },
        };

        let found: Vec<String> = all_fit(&repository)
            .into_iter()
            .map(|found| found.place)
            .collect();

        assert_eq!(
            found,
            ["bad 1.0.0", "silent 1.0.0", "xtask/allow/licences.txt"]
        );
    }
}
