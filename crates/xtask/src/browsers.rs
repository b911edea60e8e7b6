//! The browsers that end-to-end tests drive, by the WebDriver protocol.

use std::path::PathBuf;

use anyhow::Result;

use crate::apt;
use crate::cargo;
use crate::house::House;
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
    /// The driver's crate and version, where Debian has no package of it.
    driver_crate: Option<(&'static str, &'static str)>,
    /// What else it needs: a program and its variable.
    also: Option<(&'static [&'static str], &'static str)>,
    /// Debian's packages of all.
    packages: &'static [&'static str],
}

const BROWSERS: &[Kind] = &[
    Kind {
        name: "Chromium",
        required: true,
        programs: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        variable: "CHROME",
        drivers: &["chromedriver", "chromium.chromedriver"],
        driver_variable: "CHROMEDRIVER",
        driver_crate: None,
        also: None,
        packages: &["chromium", "chromium-driver"],
    },
    Kind {
        name: "Firefox",
        required: false,
        programs: &["firefox-esr", "firefox"],
        variable: "FIREFOX",
        drivers: &["geckodriver"],
        driver_variable: "GECKODRIVER",
        driver_crate: Some(("geckodriver", "0.37.1")),
        also: None,
        packages: &["firefox-esr"],
    },
    Kind {
        name: "WebKit",
        required: false,
        // WebKitGTK's own small browser: the libraries' folder has it, not the PATH.
        programs: &["MiniBrowser"],
        variable: "MINIBROWSER",
        drivers: &["WebKitWebDriver"],
        driver_variable: "WEBKITWEBDRIVER",
        driver_crate: None,
        // It draws to a screen, and here is none.
        also: Some((&["Xvfb"], "XVFB")),
        packages: &["webkit2gtk-driver", "xvfb"],
    },
];

/// The browsers that are here.
#[derive(Default)]
pub(crate) struct Browsers {
    /// Variables for the tests: programs and drivers.
    pub(crate) variables: Vec<(&'static str, PathBuf)>,
    /// Names of the browsers that could not be had.
    pub(crate) skipped: Vec<&'static str>,
}

/// Finds the browser that nothing goes without, installs what is missing of it.
pub(crate) fn find(house: &House) -> Result<Browsers> {
    found(house, BROWSERS.iter().filter(|kind| kind.required))
}

/// The same with the others: one of them that cannot be had is skipped.
pub(crate) fn find_all(house: &House) -> Result<Browsers> {
    found(house, BROWSERS.iter())
}

fn found(house: &House, kinds: impl Iterator<Item = &'static Kind>) -> Result<Browsers> {
    let mut browsers = Browsers::default();
    for kind in kinds {
        match kind.find_or_install(house) {
            Ok(programs) => browsers.variables.extend(programs),
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

/// Programs by the variables that name them.
type Programs = Vec<(&'static str, PathBuf)>;

impl Kind {
    fn find_or_install(&self, house: &House) -> Result<Programs> {
        if self.find(house, false).is_none() {
            if self.missing() {
                apt::install(self.packages, &format!("{} or its driver", self.name))?;
            }
            if let Some(found) = self.find(house, true) {
                return Ok(found);
            }
        }
        match self.find(house, false) {
            Some(found) => Ok(found),
            None => anyhow::bail!(
                "{} or its driver is not on the PATH: install both, or name them in {} and {}",
                self.name,
                self.variable,
                self.driver_variable
            ),
        }
    }

    /// Whether anything is missing that packages bring.
    fn missing(&self) -> bool {
        self.browser().is_none()
            || self.driver_crate.is_none() && self.driver().is_none()
            || self.also.is_some_and(|(names, variable)| named(variable).or_else(|| find_any(names)).is_none())
    }

    fn find(&self, house: &House, build: bool) -> Option<Programs> {
        let driver = self.driver().or_else(|| self.built_driver(house, build))?;
        let mut programs = vec![(self.variable, self.browser()?), (self.driver_variable, driver)];
        if let Some((names, variable)) = self.also {
            programs.push((variable, named(variable).or_else(|| find_any(names))?));
        }
        Some(programs)
    }

    fn browser(&self) -> Option<PathBuf> {
        named(self.variable).or_else(|| find_any(self.programs)).or_else(|| in_libraries(self.programs))
    }

    fn driver(&self) -> Option<PathBuf> {
        named(self.driver_variable).or_else(|| find_any(self.drivers))
    }

    /// From the cache; built from its crate where that is wanted.
    fn built_driver(&self, house: &House, build: bool) -> Option<PathBuf> {
        let (name, version) = self.driver_crate?;
        let key = format!("{name}-{version}");
        let program = PathBuf::from("bin").join(name);
        let there = house.cache.join("tools").join(&key).join(&program);
        if there.is_file() || !build {
            return Some(there).filter(|there| there.is_file());
        }
        let target = house.target("tools");
        let dir = house.cached(
            "tools",
            || Ok(key.clone()),
            usize::MAX,
            |dir| {
                let install = cargo::host(house).quiet_env("CARGO_TARGET_DIR", &target);
                install.args(["install", name, "--version", version, "--locked", "--root"]).arg(dir).run()
            },
        );
        // Only the command is used again, never what it was built from.
        let _ = std::fs::remove_dir_all(target);
        dir.map_err(|error| eprintln!("{name} cannot be built: {error:#}")).ok().map(|dir| dir.join(program))
    }
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

/// Programs that belong to a library: `/usr/lib/<machine>/webkit2gtk-4.1/MiniBrowser`.
fn in_libraries(names: &[&str]) -> Option<PathBuf> {
    let below = |dir: PathBuf| std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    let folders = below("/usr/lib".into()).flat_map(below);
    let webkits =
        folders.filter(|dir| dir.file_name().is_some_and(|name| name.to_string_lossy().starts_with("webkit")));
    webkits
        .flat_map(|dir| names.iter().map(move |name| dir.join(name)).collect::<Vec<_>>())
        .find(|program| program.is_file())
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
