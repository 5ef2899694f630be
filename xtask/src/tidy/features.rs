//! A feature is a whole: words in both languages, and tests.

use super::boundaries::features;
use super::tree::Tree;
use super::{Finding, tree};

/// Every folder of `server/src/features/` has its module, its words in French and English, and a test.
pub(super) fn are_complete(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for feature in features(tree) {
        let folder = format!("server/src/features/{feature}");
        for file in [
            format!("{folder}/mod.rs"),
            format!("web/locales/fr/{feature}.ftl"),
            format!("web/locales/en/{feature}.ftl"),
        ] {
            if tree.text(&file).is_empty() {
                findings.push(Finding::of(&folder, format!("{file} is missing or empty")));
            }
        }
        let has_test = tree.rust().any(|(path, rust)| {
            path.starts_with(&format!("{folder}/"))
                && tree::is_test(path)
                && ["#[test]", "::test]", "::test("]
                    .iter()
                    .any(|mark| rust.code.contains(mark))
        });
        if !has_test {
            let message = format!("no test in {folder}/tests.rs or {folder}/tests/");
            findings.push(Finding::of(&folder, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: [(&str, &str); 4] = [
        ("server/src/features/loans/mod.rs", "//! Loans.\n"),
        (
            "server/src/features/loans/tests.rs",
            "#[tokio::test]\nasync fn an_item_is_lent_once() {}\n",
        ),
        ("web/locales/fr/loans.ftl", "loans = Prêts\n"),
        ("web/locales/en/loans.ftl", "loans = Loans\n"),
    ];

    #[test]
    fn a_complete_feature_passes() {
        assert_eq!(are_complete(&Tree::from(&COMPLETE)), []);
    }

    #[test]
    fn each_missing_part_is_found() {
        for missing in 1..COMPLETE.len() {
            let mut files = COMPLETE.to_vec();
            let (path, _) = files.remove(missing);

            assert_eq!(are_complete(&Tree::from(&files)).len(), 1, "without {path}");
        }
    }

    #[test]
    fn a_file_of_tests_without_a_test_is_found() {
        let mut files = COMPLETE;
        files[1].1 = "//! Later.\n";

        assert_eq!(are_complete(&Tree::from(&files)).len(), 1);
    }
}
