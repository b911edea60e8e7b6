//! The text of a file, whichever of the usual ways its letters are written in.

/// More than this is not read: a file of daily numbers is small, and one of a year's tickets is not as large.
const MOST: usize = 256 << 20;

/// How the letters of a file were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    /// UTF-8, with or without a mark.
    Utf8,
    /// UTF-16 with a mark: what Excel calls Unicode text.
    Utf16,
    /// Windows-1252, of which ISO 8859-1 is a part: what Excel writes where nobody asks for something else.
    Windows1252,
}

impl Letters {
    /// Its usual name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// Reads the bytes of a file as text.
///
/// # Errors
/// Says why it is none, and what to do.
pub(super) fn text(bytes: &[u8]) -> Result<(String, Letters), String> {
    if bytes.len() > MOST {
        return Err("it is larger than 256 MiB; split it, by months for instance".to_owned());
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err("it is a workbook or an archive; save it as CSV in the spreadsheet, and import that".to_owned());
    }
    let utf16 = |from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| from([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|_| "it is no text in UTF-16; save it as CSV in UTF-8".to_owned())
    };
    let (text, letters) = match bytes {
        [0xff, 0xfe, ..] => (utf16(u16::from_le_bytes)?, Letters::Utf16),
        [0xfe, 0xff, ..] => (utf16(u16::from_be_bytes)?, Letters::Utf16),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (text.strip_prefix('\u{feff}').unwrap_or(text).to_owned(), Letters::Utf8),
            Err(_) => (bytes.iter().map(|byte| windows(*byte)).collect(), Letters::Windows1252),
        },
    };
    if text.contains(|sign: char| sign.is_control() && !matches!(sign, '\t' | '\r' | '\n')) {
        return Err("it is no text; save it as CSV in UTF-8".to_owned());
    }
    Ok((text, letters))
}

/// The letter of a byte: that of its number but for the 32 in which Windows differs from ISO 8859-1. The five that stand for nothing stay
/// control characters, by which the file is refused.
fn windows(byte: u8) -> char {
    const OTHERS: &[char; 32] = &[
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => OTHERS[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_in_each_of_the_ways() {
        let marked = |text: &str, to: fn(u16) -> [u8; 2]| -> Vec<u8> {
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(to).collect()
        };
        for (bytes, letters) in [
            ("Päivä €".as_bytes().to_vec(), Letters::Utf8),
            ("\u{feff}Päivä €".as_bytes().to_vec(), Letters::Utf8),
            (marked("Päivä €", u16::to_le_bytes), Letters::Utf16),
            (marked("Päivä €", u16::to_be_bytes), Letters::Utf16),
            (b"P\xe4iv\xe4 \x80".to_vec(), Letters::Windows1252),
        ] {
            assert_eq!(text(&bytes), Ok(("Päivä €".to_owned(), letters)));
        }
        for bad in [&b"a\0b"[..], b"\x89PNG\r\n\x1a\n\0", b"PK\x03\x04x", b"\xff\xfe\x00\xd8"] {
            assert!(text(bad).is_err(), "{bad:?}");
        }
    }
}
