//! Bodies that come compressed (RFC 9110, 8.4).

use super::limit::{MAX_BODY, Refusal};
use crate::respond;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::read::MultiGzDecoder;
use std::io::Read as _;

/// Why a body was not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// Another coding than gzip.
    Unknown,
    /// No gzip, whatever the header says.
    Damaged,
    /// More than [`MAX_BODY`], once it is read.
    TooLarge,
}

impl IntoResponse for Unread {
    fn into_response(self) -> Response {
        match self {
            Self::Unknown => respond::error(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "send a batch as it is, or with content-encoding gzip",
            ),
            Self::Damaged => {
                respond::error(StatusCode::BAD_REQUEST, "content-encoding says gzip, and the body is none")
            }
            Self::TooLarge => Refusal::TooLarge.into_response(),
        }
    }
}

/// The body as it was before it was compressed.
pub(super) fn plain(headers: &HeaderMap, body: Bytes) -> Result<Bytes, Unread> {
    let Some(coding) = headers.get(header::CONTENT_ENCODING) else { return Ok(body) };
    if coding.as_bytes().eq_ignore_ascii_case(b"identity") {
        return Ok(body);
    }
    if !coding.as_bytes().eq_ignore_ascii_case(b"gzip") {
        return Err(Unread::Unknown);
    }
    let mut plain = Vec::new();
    // A few bytes can stand for gigabytes: one more than the limit is read, and no more.
    let mut reader = MultiGzDecoder::new(&body[..]).take(MAX_BODY as u64 + 1);
    reader.read_to_end(&mut plain).map_err(|_| Unread::Damaged)?;
    if plain.len() > MAX_BODY { Err(Unread::TooLarge) } else { Ok(plain.into()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::http::HeaderValue;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write as _;

    fn headers(coding: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static(coding))])
    }

    fn zipped(bytes: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap().into()
    }

    #[test]
    fn a_compressed_body_is_read() {
        assert_eq!(plain(&headers("gzip"), zipped(b"{}")).unwrap(), "{}");
        assert_eq!(plain(&headers("GZIP"), zipped(b"")).unwrap(), "");
        assert_eq!(plain(&headers("identity"), "{}".into()).unwrap(), "{}");
        assert_eq!(plain(&HeaderMap::new(), "{}".into()).unwrap(), "{}");
    }

    #[test]
    fn what_cannot_be_read_is_told_apart() {
        assert_eq!(plain(&headers("br"), "{}".into()), Err(Unread::Unknown));
        assert_eq!(plain(&headers("gzip"), "{}".into()), Err(Unread::Damaged));
        assert_eq!(plain(&headers("gzip"), zipped(b"{}").slice(..12)), Err(Unread::Damaged));
        assert_eq!(plain(&headers("gzip"), zipped(&vec![b' '; MAX_BODY])).unwrap().len(), MAX_BODY);
        assert_eq!(plain(&headers("gzip"), zipped(&vec![b' '; MAX_BODY + 1])), Err(Unread::TooLarge), "a bomb");
    }
}
