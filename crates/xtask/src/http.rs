//! As much HTTP as it takes to ask our own server whether it answers.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// An answer.
pub(crate) struct Answer {
    /// 200 and the like.
    pub(crate) status: u16,
    /// The header `content-type`, without parameters; empty when absent.
    pub(crate) kind: String,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// Asks `127.0.0.1:port` for `path`.
pub(crate) fn get(port: u16, path: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).context("nothing listens there")?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    // 1.0: the answer comes whole and ends with the connection.
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse(&bytes).with_context(|| format!("{path}: the answer is not HTTP"))
}

fn parse(bytes: &[u8]) -> Result<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").context("no end of the headers")?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default();
    ensure!(first.starts_with("HTTP/1."), "it starts with `{first}`");
    let status = first.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status")?;
    let kind =
        lines.filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let kind = kind.map(|(_, value)| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    Ok(Answer { status, kind: kind.unwrap_or_default(), body: bytes[end + 4..].to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let answer = parse(b"HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=utf-8\r\n\r\nbody").expect("HTTP");
        assert_eq!((answer.status, answer.kind.as_str(), answer.body.as_slice()), (200, "text/html", &b"body"[..]));
        assert!(parse(b"220 mail\r\n\r\n").is_err());
        assert!(parse(b"").is_err());
    }
}
