//! Speaks with a ClickHouse server over HTTP: statements out, rows in.

use serde::de::DeserializeOwned;
use std::io::{BufRead as _, BufReader, Read};
use std::time::Duration;
use ureq::Agent;
use url::{Url, form_urlencoded};

/// How long it may take to reach the server.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a statement may take: a reading of all journeys is the longest.
const LONGEST: Duration = Duration::from_secs(900);
/// Of what the server says to a statement that failed, in bytes.
const SAID: u64 = 2_000;

/// What went wrong, in the server's words or in ours; never a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble(pub(super) String, pub(super) bool);

impl Trouble {
    /// Something that the server said, or that its answer is not.
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self(why.into(), false)
    }

    /// Whether there is nobody who answers: it may still be starting.
    pub(super) fn is_absence(&self) -> bool {
        self.1
    }
}

/// Where the server is, and who asks it. Written as `http://user:password@host:8123/database`.
#[derive(Clone)]
pub struct Address {
    url: Url,
    user: String,
    password: String,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// Says what is wrong with it and how it is written.
    pub fn parse(text: &str) -> Result<Self, String> {
        const FORM: &str = "an address is written like http://user:password@host:8123/database";
        let mut url = Url::parse(text).map_err(|why| format!("{why}; {FORM}"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(format!("ClickHouse is spoken to over HTTP; {FORM}"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!("nothing may follow the database; {FORM}"));
        }
        let database = url.path().trim_matches('/').to_owned();
        let is_name = database.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if !is_name {
            return Err(format!("a database's name is letters, digits and _; {FORM}"));
        }
        let [user, password] = [url.username(), url.password().unwrap_or_default()].map(plain);
        let bare = url.set_username("").and_then(|()| url.set_password(None));
        bare.map_err(|()| FORM.to_owned())?;
        url.set_path("/");
        if !database.is_empty() {
            url.query_pairs_mut().append_pair("database", &database);
        }
        // Numbers of 64 bits as numbers: nothing that is read here is larger than what JSON holds exactly in Rust.
        url.query_pairs_mut().append_pair("output_format_json_quote_64bit_integers", "0");
        Ok(Self { url, user, password })
    }
}

/// What `%40` and the like stand for.
fn plain(text: &str) -> String {
    form_urlencoded::parse(text.replace('+', "%2B").as_bytes()).map(|(name, _)| name.into_owned()).collect()
}

/// Without user and password: for messages.
impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut url = self.url.clone();
        url.set_query(None);
        f.write_str(url.as_str())
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// A connection, or several. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Client {
    agent: Agent,
    address: Address,
}

impl Client {
    pub(super) fn new(address: Address) -> Self {
        let config = Agent::config_builder()
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(LONGEST))
            .http_status_as_error(false)
            .build();
        Self { agent: config.into(), address }
    }

    /// Runs a statement that answers nothing.
    pub(super) fn run(&self, statement: &str) -> Result<(), Trouble> {
        self.ask(statement, String::new()).map(|_| ())
    }

    /// Inserts rows, `JSONEachRow`.
    pub(super) fn insert(&self, table: &str, rows: String) -> Result<(), Trouble> {
        if rows.is_empty() {
            return Ok(());
        }
        self.ask(&format!("INSERT INTO {table} FORMAT JSONEachRow"), rows).map(|_| ())
    }

    /// Runs a question and hands on each row, an array of its columns, until `row` has had enough.
    pub(super) fn rows<T: DeserializeOwned>(
        &self,
        question: &str,
        mut row: impl FnMut(T) -> bool,
    ) -> Result<(), Trouble> {
        let mut answer = BufReader::new(self.ask(&format!("{question} FORMAT JSONCompactEachRow"), String::new())?);
        let mut line = String::new();
        while answer.read_line(&mut line).map_err(|why| Trouble::new(format!("the answer broke off: {why}")))? > 0 {
            // A server that fails in the middle of an answer says so where the next row would be.
            let Ok(one) = serde_json::from_str(&line) else { return Err(Trouble::new(first_line(&line))) };
            if !row(one) {
                break;
            }
            line.clear();
        }
        Ok(())
    }

    /// All rows of a short answer.
    pub(super) fn all<T: DeserializeOwned>(&self, question: &str) -> Result<Vec<T>, Trouble> {
        let mut all = Vec::new();
        self.rows(question, |row| {
            all.push(row);
            true
        })?;
        Ok(all)
    }

    fn ask(&self, statement: &str, body: String) -> Result<impl Read + 'static, Trouble> {
        let mut url = self.address.url.clone();
        // A question may be longer than an address: what is inserted follows its statement in the body, as the server reads it.
        let body = if body.is_empty() {
            statement.to_owned()
        } else {
            url.query_pairs_mut().append_pair("query", statement);
            body
        };
        let mut post = self.agent.post(url.as_str()).content_type("text/plain; charset=UTF-8");
        if !self.address.user.is_empty() {
            post =
                post.header("x-clickhouse-user", &self.address.user).header("x-clickhouse-key", &self.address.password);
        }
        let mut answer = post.send(body).map_err(|why| Trouble(why.to_string(), true))?;
        if answer.status().is_success() {
            return Ok(answer.into_body().into_reader());
        }
        let mut said = String::new();
        let _ = answer.body_mut().as_reader().take(SAID).read_to_string(&mut said);
        Err(Trouble::new(format!("{}: {}", answer.status().as_u16(), first_line(&said))))
    }
}

/// The first line of what the server says; what follows may quote rows.
fn first_line(said: &str) -> String {
    const WORDS: usize = 300;
    // `… (at row 1) …` and `… before: '…'` tell of what was sent.
    let line = said.lines().next().unwrap_or_default();
    let line = [": (at row", " before: "].iter().fold(line, |line, mark| line.split(mark).next().unwrap_or_default());
    line.chars().take(WORDS).collect()
}

/// A text as it stands in a statement.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for letter in text.chars() {
        if matches!(letter, '\\' | '\'') {
            out.push('\\');
        }
        out.push(letter);
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_is_read_and_told_without_its_password() {
        let address = Address::parse("https://polku:p%40ss%2B+w@db.example:8443/shop").unwrap();
        assert_eq!((address.user.as_str(), address.password.as_str()), ("polku", "p@ss++w"));
        assert_eq!(address.to_string(), "https://db.example:8443/");
        assert_eq!(format!("{address:?}"), "https://db.example:8443/");
        assert_eq!(address.url.query_pairs().next().unwrap().1, "shop");
        for bad in ["", "db:8123", "tcp://db:9000/x", "http://", "http://db/a/b", "http://db/a;b", "http://db/a?b=c"] {
            assert!(
                Address::parse(bad).is_err_and(|why| why.contains("http://user:password@host:8123/database")),
                "{bad}"
            );
        }
    }

    #[test]
    fn what_the_server_says_is_told_without_the_row() {
        let said = "Code: 27. DB::Exception: Cannot parse input: expected '\"' before: 'anna@shop.example': (at row 3)\nRow 3: …";
        assert_eq!(first_line(said), "Code: 27. DB::Exception: Cannot parse input: expected '\"'");
    }

    #[test]
    fn texts_cannot_end_themselves() {
        assert_eq!(quoted(r"a'b\'"), r"'a\'b\\\''");
    }
}
