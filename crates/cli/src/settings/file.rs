//! The file: TOML, with the settings by the names of their arguments.

use super::names;
use clap::{ArgAction, Command};
use toml::{Table, Value};

/// One setting of the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

/// Reads the settings of a file.
pub(super) fn parse(text: &str, serve: &Command) -> Result<Vec<Setting>, String> {
    let table: Table = text.parse().map_err(|why: toml::de::Error| {
        let line = why.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
        format!("line {line}: {}", why.message())
    })?;
    table.into_iter().map(|(name, value)| setting(name, value, serve)).collect()
}

fn setting(name: String, value: Value, serve: &Command) -> Result<Setting, String> {
    let Some(arg) = serve
        .get_arguments()
        .find(|arg| arg.get_long() == Some(&name))
        .filter(|_| names(serve).any(|known| known == name))
    else {
        let near = nearest(&name, names(serve)).map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default();
        return Err(format!("there is no setting \"{name}\"{near}"));
    };
    let many = matches!(arg.get_action(), ArgAction::Append);
    let values = match value {
        Value::Array(items) if many => items.into_iter().map(|item| scalar(&name, item)).collect::<Result<_, _>>()?,
        Value::Array(_) => return Err(format!("\"{name}\" is one value, and no list")),
        one => vec![scalar(&name, one)?],
    };
    Ok(Setting { name, values })
}

fn scalar(name: &str, value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Float(number) => Ok(number.to_string()),
        Value::Boolean(yes) => Ok(yes.to_string()),
        Value::Datetime(date) => Ok(date.to_string()),
        Value::Array(_) | Value::Table(_) => Err(format!("\"{name}\" is a text, a number or a list of them")),
    }
}

/// The name that somebody meant who wrote another, if one is near.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = name.to_ascii_lowercase().replace('_', "-");
    let far = |known: &str| strsim::osa_distance(known, &plain);
    known
        .map(|known| (far(known), known))
        .min()
        .filter(|(far, known)| *far <= 1 + known.len() / 3)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{SERVE, command};
    use super::*;

    fn read(text: &str) -> Result<Vec<Setting>, String> {
        parse(text, command(&[]).find_subcommand(SERVE).unwrap())
    }

    #[test]
    fn values_are_those_of_the_arguments() {
        let read =
            read("port = 9000\nhost = \"::1\"\nkey = [\"pk_a\", \"pk_b\"]\norigin = \"https://shop.example\"").unwrap();
        let named = |name: &str| read.iter().find(|setting| setting.name == name).unwrap().values.clone();
        assert_eq!((named("port"), named("host")), (vec!["9000".to_owned()], vec!["::1".to_owned()]));
        assert_eq!(
            (named("key"), named("origin")),
            (vec!["pk_a".into(), "pk_b".into()], vec!["https://shop.example".into()])
        );
    }

    #[test]
    fn a_mistake_is_told_with_what_was_meant() {
        for (text, words) in [
            ("retenton = 30", "there is no setting \"retenton\"; did you mean \"retention\"?"),
            ("password_file = \"x\"", "did you mean \"password-file\"?"),
            ("Port = 1", "did you mean \"port\"?"),
            ("xyzzy = 1", "there is no setting \"xyzzy\""),
            ("config = \"other\"", "there is no setting \"config\""),
            ("check = true", "there is no setting \"check\""),
            ("[serve]\nport = 1", "there is no setting \"serve\""),
            ("port = [1, 2]", "\"port\" is one value"),
            ("key = [[1]]", "\"key\" is a text"),
            ("port = 1\nport = 2", "line 2"),
            ("port =", "line 1"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(words), "{text}: {said}");
        }
        assert!(!read("xyzzy = 1").unwrap_err().contains("mean"), "nothing is near");
    }
}
