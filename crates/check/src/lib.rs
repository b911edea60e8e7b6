//! What is wrong with a prompt's definition: the check of [`polku_core::prompt`] for browsers. It is a module of its own, since shoppers have no use
//! for it: the preview loads it, and a page where a definition cannot be run, or which a developer has open. `www/check.js` is the other side.

use polku_core::prompt::{Problem, Tree, problems};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
// SAFETY: a module without shared memory, which this target makes, has one thread.
#[allow(unsafe_code)]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

/// One of them, as a page reads it.
#[derive(Serialize)]
struct Found {
    code: u16,
    path: String,
    level: &'static str,
    sentence: &'static str,
    fix: String,
}

/// Everything that is wrong with a definition or a list of them: `[{code, path, level, sentence, fix}]`.
#[wasm_bindgen]
#[must_use]
pub fn check(definition: JsValue) -> JsValue {
    // What is no tree (too deep for one) is no definition either, and the check says so of `null`.
    let tree = serde_wasm_bindgen::from_value::<Tree>(definition).unwrap_or(Tree::Null);
    let found: Vec<Found> = problems(&tree).into_iter().map(found).collect();
    serde_wasm_bindgen::to_value(&found).unwrap_or(JsValue::NULL)
}

fn found(problem: Problem) -> Found {
    let fix = problem.fix();
    let (code, sentence) = (problem.code.number(), problem.sentence());
    Found { code, level: problem.code.level().name(), sentence, fix, path: problem.path }
}
