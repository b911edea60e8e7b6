//! Content-Security-Policy and Trusted Types.

use super::visit::{Runs, Visit};
use crate::browser;
use crate::site::Page;

/// What the page itself, Polku and a collector at the same address need, and nothing else. `{script}`: what scripts may do.
const POLICY: &str = "default-src 'none'; script-src {script}; style-src 'self'; img-src data:; connect-src 'self' {polku}; base-uri 'none'; form-action 'none'";
/// What a page that wants Trusted Types says on top.
const TRUSTED: &str = "; require-trusted-types-for 'script'; trusted-types ";
/// What the smallest module is refused with.
const PROBE: &str = "script-src wasm-eval";

/// A page under that policy.
fn under(script: &str, trusted: &str) -> impl Fn(Page, &str) -> Page {
    let trusted = if trusted.is_empty() { String::new() } else { format!("{TRUSTED}{trusted}") };
    let policy = format!("{}{trusted}", POLICY.replace("{script}", script));
    move |page, polku| page.policy(&policy.replace("{polku}", polku))
}

#[test]
fn wasm_unsafe_eval_is_all_that_it_asks_for() {
    browser::with(async |browser| {
        let visit = Visit::new("", under("'self' {polku} 'wasm-unsafe-eval'", "")).await?;
        visit.walk(browser, Runs::Wasm, &[]).await
    });
}

#[test]
fn without_it_the_translation_takes_over() {
    browser::with(async |browser| {
        let visit = Visit::new("", under("'self' {polku}", "")).await?;
        visit.walk(browser, Runs::JavaScript, &[PROBE]).await
    });
}

#[test]
fn a_tag_that_asks_for_the_translation_has_nothing_refused() {
    browser::with(async |browser| {
        let visit = Visit::new(r#"data-engine="js""#, under("'self' {polku}", "")).await?;
        visit.walk(browser, Runs::JavaScript, &[]).await
    });
}

#[test]
fn a_nonce_with_strict_dynamic_is_enough() {
    for (script, runs, refused) in [
        ("'nonce-c2hvcA' 'strict-dynamic' 'wasm-unsafe-eval'", Runs::Wasm, &[][..]),
        ("'nonce-c2hvcA' 'strict-dynamic'", Runs::JavaScript, &[PROBE][..]),
        // Without the second word the files that a script imports bear its nonce.
        ("'nonce-c2hvcA' 'wasm-unsafe-eval'", Runs::Wasm, &[][..]),
    ] {
        browser::with(async |browser| {
            let dressed = under(script, "");
            let visit = Visit::new("", move |page, polku| dressed(page, polku).nonce("c2hvcA")).await?;
            visit.walk(browser, runs, refused).await
        });
    }
}

#[test]
fn trusted_types_that_allow_no_policy_are_kept() {
    for trusted in ["'none'", "shop-default"] {
        browser::with(async |browser| {
            let visit = Visit::new("", under("'self' {polku} 'wasm-unsafe-eval'", trusted)).await?;
            visit.walk(browser, Runs::Wasm, &[]).await
        });
    }
}

#[test]
fn trusted_types_are_kept_by_the_translation() {
    browser::with(async |browser| {
        let visit = Visit::new(r#"data-engine="js""#, under("'self' {polku}", "'none'")).await?;
        visit.walk(browser, Runs::JavaScript, &[]).await
    });
}

/// Browsers in a locked-down mode have no `WebAssembly` at all.
#[test]
fn a_browser_without_webassembly_has_the_translation() {
    browser::with(async |browser| {
        let visit = Visit::new("", |page, _| page.before("delete window.WebAssembly;\n")).await?;
        visit.walk(browser, Runs::JavaScript, &[]).await
    });
}
