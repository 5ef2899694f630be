//! The browser that reads our pages: Debian's Chromium, or one that is there already.

use super::Plan;
use super::machine::{Machine, is_program};

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const PACKAGE: &str = "chromium";

/// Where the browser comes from.
pub(super) fn plan(machine: &Machine) -> Plan {
    if let Some(given) = machine.settings.get("INTERKPA_CHROMIUM") {
        return if is_program(given.as_ref()) {
            Plan::Use(given.into())
        } else {
            Plan::Missing(format!(
                "INTERKPA_CHROMIUM is {}, not a program",
                given.display()
            ))
        };
    }
    match NAMES.iter().find_map(|name| machine.find(name)) {
        Some(found) => Plan::Use(found),
        None if machine.may_install() => Plan::Install(PACKAGE),
        None => Plan::Missing(format!(
            "none of {} is in the path: {}, or name one in INTERKPA_CHROMIUM",
            NAMES.join(", "),
            machine.advice(PACKAGE)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::machine::tests::bare;

    #[test]
    fn a_browser_in_the_path_is_used() {
        let machine = bare("browser", &["bin/google-chrome"]);

        assert_eq!(
            plan(&machine),
            Plan::Use(machine.path[0].join("google-chrome"))
        );
    }

    #[test]
    fn the_setting_comes_first_and_is_never_passed_over() {
        let mut machine = bare("browser-set", &["bin/chromium", "opt/other"]);
        let other = machine.path[0].join("../opt/other");
        machine
            .settings
            .insert("INTERKPA_CHROMIUM", other.clone().into());
        assert_eq!(plan(&machine), Plan::Use(other));

        machine
            .settings
            .insert("INTERKPA_CHROMIUM", "/no/browser".into());
        assert!(matches!(plan(&machine), Plan::Missing(why) if why.contains("/no/browser")));
    }

    #[test]
    fn root_on_debian_installs_it() {
        let machine = Machine {
            root: true,
            ..bare("browser-debian", &["bin/apt-get"])
        };

        assert_eq!(plan(&machine), Plan::Install("chromium"));
    }

    #[test]
    fn elsewhere_its_absence_is_named_with_what_to_do() {
        let Plan::Missing(why) = plan(&bare("browser-none", &["bin/apt-get"])) else {
            panic!("an ordinary user installs nothing");
        };

        assert!(
            why.contains("chromium-browser") && why.contains("apt-get install chromium"),
            "{why}"
        );
    }
}
