//! The browsers that end-to-end tests drive, by the WebDriver protocol.

use std::path::PathBuf;

use anyhow::Result;

use crate::apt;
use crate::run::find_any;

/// A kind of browser. Another one is another row of [`BROWSERS`].
struct Kind {
    name: &'static str,
    /// Whether tests are worth nothing without it.
    required: bool,
    programs: &'static [&'static str],
    /// The variable that names the program, for tests and from outside.
    variable: &'static str,
    drivers: &'static [&'static str],
    driver_variable: &'static str,
    /// Debian's packages of both.
    packages: &'static [&'static str],
}

const BROWSERS: &[Kind] = &[Kind {
    name: "Chromium",
    required: true,
    programs: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    variable: "CHROME",
    drivers: &["chromedriver", "chromium.chromedriver"],
    driver_variable: "CHROMEDRIVER",
    packages: &["chromium", "chromium-driver"],
}];

/// The browsers that are here.
#[derive(Default)]
pub(crate) struct Browsers {
    /// Variables for the tests: programs and drivers.
    pub(crate) variables: Vec<(&'static str, PathBuf)>,
    /// Names of the browsers that could not be had.
    pub(crate) skipped: Vec<&'static str>,
}

/// Finds the browsers, installs what is missing. One that is required and cannot be had is an error.
pub(crate) fn find() -> Result<Browsers> {
    let mut browsers = Browsers::default();
    for kind in BROWSERS {
        match kind.find_or_install() {
            Ok((program, driver)) => {
                browsers.variables.extend([(kind.variable, program), (kind.driver_variable, driver)]);
            }
            Err(error) if kind.required => return Err(error),
            Err(error) => {
                eprintln!("skipped: {}: {error:#}", kind.name);
                browsers.skipped.push(kind.name);
            }
        }
    }
    if !fonts_present() {
        // A browser without any draws no text, and screenshots show nothing.
        apt::install(&["fonts-dejavu-core"], "a font")?;
    }
    Ok(browsers)
}

impl Kind {
    fn find_or_install(&self) -> Result<(PathBuf, PathBuf)> {
        if self.find().is_none() {
            apt::install(self.packages, &format!("{} or its driver", self.name))?;
        }
        match self.find() {
            Some(found) => Ok(found),
            None => anyhow::bail!(
                "{} or its driver is not on the PATH: install both, or name them in {} and {}",
                self.name,
                self.variable,
                self.driver_variable
            ),
        }
    }

    fn find(&self) -> Option<(PathBuf, PathBuf)> {
        let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file());
        let program = named(self.variable).or_else(|| find_any(self.programs))?;
        let driver = named(self.driver_variable).or_else(|| find_any(self.drivers))?;
        Some((program, driver))
    }
}

fn fonts_present() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let places = [
        "/usr/share/fonts".into(),
        "/usr/local/share/fonts".into(),
        home.join(".fonts"),
        home.join(".local/share/fonts"),
    ];
    places.iter().any(|place| has_font(place, 4))
}

fn has_font(dir: &PathBuf, depth: u32) -> bool {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let path = entry.path();
        let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
        extension.is_some_and(|extension| ["ttf", "otf", "ttc"].iter().any(|font| extension == *font))
            || depth > 0 && path.is_dir() && has_font(&path, depth - 1)
    })
}
