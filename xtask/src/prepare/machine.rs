//! What is on this machine. A value, so that the rules of looking can be tested on a bare one.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The settings that say where a part is.
const SETTINGS: [&str; 4] = [
    "INTERKPA_CHROMIUM",
    "INTERKPA_NODE",
    "INTERKPA_POSTGRES_BIN",
    "INTERKPA_TEST_POSTGRES_FSYNC",
];

/// Where programs are looked for, and what may be done about a missing one.
#[derive(Debug, Default)]
pub(super) struct Machine {
    /// The folders of the path, first one first.
    pub(super) path: Vec<PathBuf>,
    /// Whether we may install packages and must not run PostgreSQL under our own name.
    pub(super) root: bool,
    /// Where Debian puts PostgreSQL, one folder for each major version.
    pub(super) postgres_versions: PathBuf,
    /// The settings that are present.
    pub(super) settings: BTreeMap<&'static str, OsString>,
    /// The processor, in Rust's words: `x86_64`, `aarch64`.
    pub(super) processor: &'static str,
}

impl Machine {
    /// This machine.
    pub(super) fn here() -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let settings = SETTINGS.into_iter();
        Self {
            path: std::env::split_paths(&path).collect(),
            // The owner of this entry is the user we run as.
            root: fs::metadata("/proc/self").is_ok_and(|entry| entry.uid() == 0),
            postgres_versions: PathBuf::from("/usr/lib/postgresql"),
            settings: settings
                .filter_map(|key| Some((key, std::env::var_os(key)?)))
                .collect(),
            processor: std::env::consts::ARCH,
        }
    }

    /// The first program of this name in the path.
    pub(super) fn find(&self, name: &str) -> Option<PathBuf> {
        self.path
            .iter()
            .map(|folder| folder.join(name))
            .find(|file| is_program(file))
    }

    /// Whether a missing Debian package can be installed.
    pub(super) fn may_install(&self) -> bool {
        self.root && self.find("apt-get").is_some()
    }

    /// What a person has to do about a missing part that no package manager here can bring.
    pub(super) fn advice(&self, package: &str) -> String {
        if self.root {
            format!("install it (there is no apt-get here to install `{package}` with)")
        } else {
            format!("install it (as root on Debian: `apt-get install {package}`)")
        }
    }
}

/// Whether the file can be run.
pub(super) fn is_program(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A machine that has these programs (empty files that can be run) and nothing else.
    pub(in crate::prepare) fn bare(name: &str, programs: &[&str]) -> Machine {
        let folder = crate::root::ground().join("machines").join(name);
        let _ = fs::remove_dir_all(&folder);
        let bin = folder.join("bin");
        fs::create_dir_all(&bin).unwrap();
        for program in programs {
            let file = folder.join(program);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        Machine {
            path: vec![bin],
            postgres_versions: folder.join("postgresql"),
            processor: "x86_64",
            ..Machine::default()
        }
    }

    #[test]
    fn a_file_that_cannot_be_run_is_no_program() {
        let machine = bare("not-a-program", &["bin/tool"]);
        let file = machine.find("tool").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();

        assert_eq!(machine.find("tool"), None);
    }

    #[test]
    fn only_root_on_debian_may_install() {
        let mut machine = bare("debian", &["bin/apt-get"]);
        assert!(!machine.may_install());

        machine.root = true;
        assert!(machine.may_install());
        assert!(
            !Machine {
                root: true,
                ..bare("other", &[])
            }
            .may_install()
        );
    }
}
