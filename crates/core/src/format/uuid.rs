//! UUIDs that follow from identity: whoever sends an event, and however often, gives it the same one, and so can a database that
//! knows identities. They are of version 5 (RFC 9562, 5.5): SHA-1 over a namespace and a name.

use crate::json::Writer;

/// The namespace of Polku's names, drawn at random once: `6f0d3c52-8a1e-4b7d-9c46-2e5b9a70d1f3`.
const NAMESPACE: [u8; 16] =
    [0x6f, 0x0d, 0x3c, 0x52, 0x8a, 0x1e, 0x4b, 0x7d, 0x9c, 0x46, 0x2e, 0x5b, 0x9a, 0x70, 0xd1, 0xf3];

/// Writes the UUID of version 5 of `name`.
pub(super) fn v5(out: &mut Writer, name: &str) {
    let words = hashed(name);
    write(out, &[words[0], words[1] & 0xFFFF_0FFF | 0x5000, words[2], words[3]]);
}

/// Writes a UUID of version 7 (RFC 9562, 5.7) of the moment `ms` (Unix), where chance is what follows from `name`.
pub(super) fn v7(out: &mut Writer, ms: u64, name: &str) {
    let words = hashed(name);
    write(out, &[(ms >> 16) as u32, (ms as u32) << 16 | words[1] & 0x0FFF | 0x7000, words[2], words[3]]);
}

/// The digest of the namespace and `name`.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn hashed(name: &str) -> [u32; 5] {
    let mut bytes = NAMESPACE.to_vec();
    bytes.extend_from_slice(name.as_bytes());
    sha1(bytes)
}

/// The form of a UUID, with the variant's two bits set.
fn write(out: &mut Writer, words: &[u32; 4]) {
    for digit in 0..32 {
        if matches!(digit, 8 | 12 | 16 | 20) {
            out.raw("-");
        }
        let mut hex = words[digit / 8] >> (28 - digit % 8 * 4) & 15;
        if digit == 16 {
            hex = hex & 3 | 8;
        }
        out.one_of("0123456789abcdef", hex as usize);
    }
}

/// SHA-1 (RFC 3174). It protects nothing here: the version asks for it.
fn sha1(mut bytes: Vec<u8>) -> [u32; 5] {
    let bits = bytes.len() as u64 * 8;
    bytes.push(0x80);
    while bytes.len() % 64 != 56 {
        bytes.push(0);
    }
    bytes.extend_from_slice(&bits.to_be_bytes());
    let mut hash: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    for block in bytes.chunks_exact(64) {
        let mut words = [0_u32; 80];
        for (word, four) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = four.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
        }
        for at in 16..80 {
            words[at] = (words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16]).rotate_left(1);
        }
        let [mut a, mut b, mut c, mut d, mut e] = hash;
        for (at, word) in words.iter().enumerate() {
            let (mix, constant) = match at / 20 {
                0 => (b & c | !b & d, 0x5A82_7999),
                1 => (b ^ c ^ d, 0x6ED9_EBA1),
                2 => (b & c | b & d | c & d, 0x8F1B_BCDC),
                _ => (b ^ c ^ d, 0xCA62_C1D6),
            };
            let next = a.rotate_left(5).wrapping_add(mix).wrapping_add(e).wrapping_add(constant).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (sum, word) in hash.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(word);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(words: [u32; 5]) -> String {
        words.iter().map(|word| format!("{word:08x}")).collect()
    }

    #[test]
    fn the_digests_of_the_standard_come_out() {
        assert_eq!(hex(sha1(b"abc".to_vec())), "a9993e364706816aba3e25717850c26c9cd0d89d");
        let two = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".to_vec();
        assert_eq!(hex(sha1(two)), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
        assert_eq!(hex(sha1(vec![b'a'; 1_000_000])), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
        assert_eq!(hex(sha1(Vec::new())), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    }

    fn written(write: impl FnOnce(&mut Writer)) -> String {
        let mut out = Writer::default();
        write(&mut out);
        out.into_string()
    }

    #[test]
    fn uuids_are_those_of_other_implementations() {
        // From Python's uuid.uuid5 with the same namespace.
        for (name, uuid) in [
            ("9xk2m4t0c7qe3fzb.k3v9a.12", "af73336d-24cb-5427-b916-afd5f1f7d52f"),
            ("9xk2m4t0c7qe3fzb", "4675fc00-9357-5a28-afd0-fbf5cf580066"),
        ] {
            assert_eq!(written(|out| v5(out, name)), uuid);
        }
    }

    #[test]
    fn version_7_begins_with_the_time() {
        let uuid = |name| written(|out| v7(out, 0x0123_4567_89AB, name));
        assert!(uuid("x").starts_with("01234567-89ab-7"), "{}", uuid("x"));
        assert_eq!(uuid("x"), uuid("x"));
        assert_ne!(uuid("x"), uuid("y"));
    }
}
