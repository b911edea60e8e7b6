//! Server-sent events, piece by piece.

use crate::words::{cut, slice};

/// An event that is longer than this is no message: the stream is given up, in bytes.
const LONGEST: usize = 128 * 1024;

/// What has come of the stream and is no whole event yet.
#[derive(Default)]
pub(super) struct Events {
    rest: String,
    event: String,
    data: String,
}

impl Events {
    /// Takes a piece; calls `each` with the name and the data of each event that it ends. Nothing where the stream is no good.
    pub(super) fn take(&mut self, piece: &str, each: &mut dyn FnMut(String, String)) -> Option<()> {
        let mut text = std::mem::take(&mut self.rest);
        text.push_str(piece);
        let mut rest = text.as_str();
        while let Some(end) = rest.bytes().position(|byte| byte == b'\n') {
            let line = slice(rest, 0, end);
            rest = slice(rest, end + 1, rest.len());
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.is_empty() {
                let event = std::mem::take(&mut self.event);
                let data = std::mem::take(&mut self.data);
                if !data.is_empty() {
                    each(event, data);
                }
                continue;
            }
            let (field, value) = cut(line, b':');
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => value.clone_into(&mut self.event),
                "data" => {
                    if !self.data.is_empty() {
                        self.data.push('\n');
                    }
                    self.data.push_str(value);
                }
                // A comment shows that it lives; entries have their own numbers.
                _ => {}
            }
        }
        rest.clone_into(&mut self.rest);
        (self.rest.len() + self.data.len() <= LONGEST).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pieces: &[&str]) -> Vec<(String, String)> {
        let mut events = Events::default();
        let mut found = Vec::new();
        for piece in pieces {
            events.take(piece, &mut |event, data| found.push((event, data))).unwrap();
        }
        found
    }

    #[test]
    fn events_are_whole_wherever_the_pieces_are_cut() {
        let stream = "retry: 2000\n\n: hi\n\nid: 1\nevent: entry\ndata: {\"a\":\ndata: 1}\n\nevent:typing\r\ndata:{}\r\n\r\nevent: entry\ndata: {";
        let whole = all(&[stream]);
        let entry = ("entry".to_owned(), "{\"a\":\n1}".to_owned());
        assert_eq!(whole, [entry, ("typing".to_owned(), "{}".to_owned())]);
        for at in 0..stream.len() {
            let (one, two) = stream.split_at(at);
            assert_eq!(all(&[one, two]), whole, "{at}");
        }
    }

    #[test]
    fn a_stream_without_end_is_given_up() {
        let mut events = Events::default();
        let mut taken = 0;
        while events.take("data: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", &mut |_, _| ()).is_some() {
            taken += 1;
            assert!(taken < 10_000);
        }
    }
}
