//! Passwords, as hashes (Argon2id in the PHC format), and whose journeys each of them opens.

use crate::failure::Failure;
use crate::store::Scope;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use std::io::{BufRead as _, Write as _};
use std::path::Path;

/// The variable that holds what else a file would.
pub const VARIABLE: &str = "POLKU_PASSWORD";
/// NIST SP 800-63B-4, 3.1.1: 15 characters where a password is all that is asked for; a little less, since attempts are few.
const LEAST: usize = 12;
/// More than anybody types; a longer one would only cost time.
pub const MOST: usize = 256;

/// All passwords.
#[derive(Debug, Clone)]
pub struct Passwords(Vec<Entry>);

#[derive(Debug, Clone)]
struct Entry {
    hash: String,
    scope: Scope,
}

impl Passwords {
    /// Those of a file.
    ///
    /// # Errors
    /// When it cannot be read, or holds none.
    pub fn read(file: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(file).map_err(|why| Failure::Read(file.display().to_string(), why))?;
        Self::parse(&text)
            .map_err(|why| Failure::Access(format!("the password file {} cannot be used: {why}", file.display())))
    }

    /// That of the environment, where there is one.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn of_environment() -> Result<Option<Self>, Failure> {
        match std::env::var(VARIABLE) {
            Ok(text) => {
                Self::parse(&text).map(Some).map_err(|why| Failure::Access(format!("{VARIABLE} cannot be used: {why}")))
            }
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => Err(Failure::Access(format!("{VARIABLE} is not a text"))),
        }
    }

    /// Lines `HASH [KEY …]`, or one line that is the password itself.
    fn parse(text: &str) -> Result<Self, String> {
        let lines: Vec<&str> = text
            .lines()
            .map(|line| line.trim_end_matches('\r'))
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect();
        let entries = match *lines.as_slice() {
            [] => return Err("it is empty; write a hash in it, as `polku password` prints it".into()),
            [password] if !password.starts_with('$') => vec![Entry { hash: hash(password)?, scope: Scope::All }],
            _ => (1..)
                .zip(lines)
                .map(|(number, line)| entry(line).map_err(|why| format!("line {number}: {why}")))
                .collect::<Result<_, _>>()?,
        };
        Ok(Self(entries))
    }

    /// Whose journeys this password opens, if any. Takes tens of milliseconds and 19 MiB, as it should.
    pub fn opens(&self, password: &str) -> Option<Scope> {
        let mut opened = None;
        // All of them, so that the time does not tell which.
        for entry in &self.0 {
            let right = PasswordHash::new(&entry.hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
            if right && opened.is_none() {
                opened = Some(entry.scope.clone());
            }
        }
        opened
    }
}

fn entry(line: &str) -> Result<Entry, String> {
    let mut words = line.split_whitespace();
    let hash = words.next().unwrap_or_default();
    let known = PasswordHash::new(hash).is_ok_and(|hash| hash.algorithm.as_str().starts_with("argon2"));
    if !known {
        return Err("not a hash of Argon2; `polku password` prints one".into());
    }
    let keys = words
        .map(crate::collector::allow::key)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|why| format!("a key has {why}"))?;
    Ok(Entry { hash: hash.into(), scope: if keys.is_empty() { Scope::All } else { Scope::keys(keys) } })
}

fn hash(password: &str) -> Result<String, String> {
    if password.chars().count() < LEAST || password.len() > MOST {
        return Err(format!("a password has {LEAST} characters at least, and {MOST} bytes at most"));
    }
    let hashed = Argon2::default().hash_password(password.as_bytes()).map_err(|why| why.to_string())?;
    Ok(hashed.to_string())
}

/// `polku password`: a password on standard input becomes its hash on standard output.
///
/// # Errors
/// When there is none, or it is too short.
pub fn run() -> Result<(), Failure> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(Failure::Stream)?;
    let hash = hash(line.trim_end_matches(['\r', '\n'])).map_err(Failure::Access)?;
    writeln!(std::io::stdout().lock(), "{hash}").map_err(Failure::Stream)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_password_opens_what_its_line_says() {
        let (all, one) = (hash("correct horse battery").unwrap(), hash("staple and a nail").unwrap());
        let passwords = Passwords::parse(&format!("# who\n{all}\n{one} pk_a pk_b\r\n")).unwrap();
        assert_eq!(passwords.opens("correct horse battery"), Some(Scope::All));
        assert_eq!(passwords.opens("staple and a nail"), Some(Scope::keys(vec!["pk_a".into(), "pk_b".into()])));
        for wrong in ["", "correct horse batter", "Correct horse battery", &all] {
            assert_eq!(passwords.opens(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_file_may_hold_the_password_itself_and_nothing_weak() {
        let plain = Passwords::parse("correct horse battery\n").unwrap();
        assert_eq!(plain.opens("correct horse battery"), Some(Scope::All));
        assert!(!format!("{plain:?}").contains("correct"), "only its hash is kept");
        for bad in [
            "",
            "\n\n# nothing\n",
            "short",
            "$argon2id$nonsense",
            "$2b$10$abcdefghijklmnopqrstuv",
            "one password here\nand another one",
        ] {
            assert!(Passwords::parse(bad).is_err(), "{bad}");
        }
        let key = format!("{} pk_ä", hash("correct horse battery").unwrap());
        assert!(Passwords::parse(&key).is_err());
    }
}
