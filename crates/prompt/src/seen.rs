//! Whether the shopper can have seen the card: half of it painted for a second, in a visible tab.

use js_sys::{Array, Function};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use crate::markup::Made;

/// How long.
pub(crate) const FOR_MS: u32 = 1000;

/// Watches an element; stops when dropped.
pub(crate) struct Watch {
    observer: IntersectionObserver,
    _callback: Closure<dyn FnMut(Array)>,
}

impl Watch {
    /// Calls back with whether half of the element is painted: at once, at each change, and when the page takes it away.
    pub(crate) fn new(element: &Element, mut changed: impl FnMut(bool) + 'static) -> Made<Self> {
        let callback = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            let last: JsValue = entries.get(entries.length().saturating_sub(1));
            let entry: &IntersectionObserverEntry = last.unchecked_ref();
            changed(entry.is_intersecting() && entry.intersection_ratio() >= 0.5);
        });
        let init = IntersectionObserverInit::new();
        init.set_threshold(&Array::of2(&0.into(), &0.5.into()));
        let observer = IntersectionObserver::new_with_options(callback.as_ref().unchecked_ref::<Function>(), &init)?;
        observer.observe(element);
        Ok(Self { observer, _callback: callback })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
