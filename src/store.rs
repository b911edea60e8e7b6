//! First-party storage of this visit: one record that the tabs share, one of this tab. Read and written only when the engine says so.

use web_sys::Storage;

const VISIT: &str = "polku:1:visit";
const TAB: &str = "polku:1:tab";

fn shared() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn own() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// What is stored of the visit and of this tab. Nothing where storage is shut.
pub(crate) fn read() -> (Option<String>, Option<String>) {
    let get = |storage: Option<Storage>, key| storage?.get_item(key).ok()?;
    (get(shared(), VISIT), get(own(), TAB))
}

/// Stores both. Where storage is full or shut the journey goes on in memory.
pub(crate) fn write(visit: &str, tab: &str) {
    if let Some(storage) = shared() {
        let _ = storage.set_item(VISIT, visit);
    }
    if let Some(storage) = own() {
        let _ = storage.set_item(TAB, tab);
    }
}

/// Removes both.
pub(crate) fn erase() {
    if let Some(storage) = shared() {
        let _ = storage.remove_item(VISIT);
    }
    if let Some(storage) = own() {
        let _ = storage.remove_item(TAB);
    }
}
