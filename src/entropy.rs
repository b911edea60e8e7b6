//! Randomness from the browser.

/// 32 random bytes. Where the browser gives none, zeros: ids then come from the engine's own generator, and may meet others.
pub(crate) fn bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}
