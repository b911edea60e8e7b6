//! Words that this server has written itself, and knows again: `payload.mark`, both in base64url.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt;

/// A key that never leaves the server.
#[derive(Clone)]
pub struct Signer([u8; 32]);

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

impl Signer {
    /// With a key that is kept.
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// With a key that ends with the process.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn drawn() -> std::io::Result<Self> {
        random().map(Self)
    }

    /// Signs a payload. What is signed for one purpose opens no other.
    pub fn seal(&self, purpose: &str, payload: &[u8]) -> String {
        let mark = self.mac(purpose, payload).map(|mac| BASE64.encode(mac.finalize().into_bytes())).unwrap_or_default();
        format!("{}.{mark}", BASE64.encode(payload))
    }

    /// The payload, where the mark is ours.
    pub fn open(&self, purpose: &str, token: &str) -> Option<Vec<u8>> {
        let (payload, mark) = token.split_once('.')?;
        let (payload, mark) = (BASE64.decode(payload).ok()?, BASE64.decode(mark).ok()?);
        // Compares in a time that does not tell where they differ.
        self.mac(purpose, &payload)?.verify_slice(&mark).is_ok().then_some(payload)
    }

    fn mac(&self, purpose: &str, payload: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(payload);
        Some(mac)
    }
}

/// Thirty-two bytes that nobody can guess.
///
/// # Errors
/// When the system gives none.
pub fn random() -> std::io::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| std::io::Error::other("the system gives no random numbers"))?;
    Ok(bytes)
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub fn same(one: &str, other: &str) -> bool {
    // Of marks under a key of the moment, so that not even the length tells.
    let Ok(signer) = Signer::drawn() else { return false };
    let Some((one, other)) = signer.mac("same", one.as_bytes()).zip(signer.mac("same", other.as_bytes())) else {
        return false;
    };
    one.verify(&other.finalize().into_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_what_was_signed_here_for_this_purpose_opens() {
        let signer = Signer::new([7; 32]);
        let token = signer.seal("share", b"payload");
        assert_eq!(signer.open("share", &token).unwrap(), b"payload");
        assert_eq!(signer.open("session", &token), None);
        assert_eq!(Signer::new([8; 32]).open("share", &token), None);
        let (payload, mark) = token.split_once('.').unwrap();
        for bad in [
            String::new(),
            ".".into(),
            payload.into(),
            format!("{payload}."),
            format!("{payload}.{}", &mark[..20]),
            format!("{}.{mark}", BASE64.encode(b"Payload")),
            format!("{token}.{mark}"),
        ] {
            assert_eq!(signer.open("share", &bad), None, "{bad}");
        }
    }

    #[test]
    fn secrets_are_compared_whole() {
        assert!(same("abc", "abc") && same("", ""));
        assert!(!same("abc", "abd") && !same("abc", "ab") && !same("", "a"));
    }
}
