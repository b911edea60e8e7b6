//! What the watchers of `www/part/watch/` tell the module, on pages made for each of them, with a real mouse and real keys.
//! `tests/pages/record.js` stands between the page's half of the shell and the module, and writes it down.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::server::Server;
use crate::site::{Page, Site, tag};

const PAGE: &str = include_str!("../pages/watched.html");
const RECORD: &str = include_str!("../pages/record.js");

/// Opens a page with this in its body, and waits until it is watched.
async fn open(browser: &Browser, body: &str) -> Result<(Server, Site)> {
    let server = Server::start()?;
    let site = Site::start(Page::new("")).await?;
    let page = PAGE.replace("<!--tag-->", &tag(&server.origin, &server.collector(), "")).replace("<!--body-->", body);
    site.file("/watched", 200, "text/html; charset=utf-8", &page);
    site.file("/record.js", 200, "text/javascript", RECORD);
    browser.open(&site.at("/watched")).await?;
    watched(browser).await?;
    Ok((server, site))
}

/// The watchers are there once they listen for the focus.
async fn watched(browser: &Browser) -> Done {
    browser.until("seen.listening().includes('#document focusin')").await?;
    Ok(())
}

/// Two frames and two of the watchers' pauses: whatever the last deed brings has been told after them.
async fn settle(browser: &Browser) -> Done {
    browser
        .run(
            "return new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => (window.requestIdleCallback ?? setTimeout)(() =>
                setTimeout(done, 250)))), 600))",
        )
        .await?;
    Ok(())
}

async fn count(browser: &Browser, name: &str) -> Result<u64> {
    Ok(browser.value(&format!("only('{name}').length")).await?.as_u64().unwrap_or_default())
}

/// No script of the page failed, and nothing was said to the developer.
async fn quiet(browser: &Browser) -> Done {
    assert_eq!(browser.value("[...seen.errors, ...seen.told()]").await?, json!([]));
    Ok(())
}

#[test]
fn what_answers_a_click_is_a_mutation() {
    browser::with(async |browser| {
        for answer in [
            "text.textContent = 'other'",
            "text.className = 'open'",
            "text.hidden = true",
            "document.documentElement.className = 'dark'",
            "setTimeout(() => text.remove(), 400)",
            "pop.showPopover()",
        ] {
            let _shop = open(browser, r#"<div id="pop" popover>Popover</div>"#).await?;
            browser.run(&format!("plain.onclick = () => {{ {answer} }}; anew()")).await?;
            browser.click("#plain").await?;
            browser.until("only('mutation').length").await?;
            quiet(browser).await?;
        }
        Ok(())
    });
}

#[test]
fn what_answers_the_press_answers_the_click() {
    browser::with(async |browser| {
        let _shop = open(browser, "").await?;
        browser
            .run(
                "plain.onmousedown = () => { text.textContent = 'open'; };
                 plain.onclick = () => { window.before = only('mutation').length; }; anew()",
            )
            .await?;
        browser.hammer("#plain", 1).await?;
        // Told again with the click, or it would have come before what it answers.
        browser.until("only('mutation').length === 2").await?;
        Ok(())
    });
}

#[test]
fn what_nobody_sees_is_no_mutation() {
    browser::with(async |browser| {
        for silence in [
            "",
            "document.head.append(document.createElement('style'))",
            "document.body.append(document.createElement('script'), new Comment('a'), ' ')",
            "const pixel = new Image(1, 1); document.body.append(pixel)",
            "const frame = document.createElement('iframe'); frame.style.display = 'none'; document.body.append(frame)",
            "document.documentElement.dataset.polkuStage = 'decision'",
            "const card = document.createElement('div'); card.dataset.polkuPrompt = ''; document.body.append(card)",
        ] {
            let _shop = open(browser, "").await?;
            browser.run(&format!("plain.onclick = () => {{ {silence}; window.clicked = 1; }}; anew()")).await?;
            browser.click("#plain").await?;
            browser.until("window.clicked").await?;
            settle(browser).await?;
            assert_eq!(browser.value("only('mutation')").await?, json!([]), "{silence}");
        }
        Ok(())
    });
}

#[test]
fn a_page_that_moves_by_itself_is_not_looked_at() {
    browser::with(async |browser| {
        let _shop = open(browser, "").await?;
        browser.run("anew(); window.ticks = 0; setInterval(() => { text.textContent = ++window.ticks; }, 5)").await?;
        browser.until("ticks > 200").await?;
        assert_eq!(count(browser, "mutation").await?, 0);
        // After a click it is, ten times a second at most and for three seconds.
        browser.click("#plain").await?;
        browser.run("window.ticks = 0; window.from = performance.now()").await?;
        browser.until("performance.now() - from > 4500").await?;
        let told = count(browser, "mutation").await?;
        ensure!((5..=32).contains(&told), "{told}");
        quiet(browser).await
    });
}

const MESSAGES: &str = r#"
    <div id="warns" role="alert"></div>
    <div id="tells" role="status"></div>
    <div id="polite" aria-live="polite"></div>
    <div id="assertive" aria-live="assertive"></div>
    <div id="aloud" class="aloud" role="alert"></div>
    <div id="stays" class="gone" role="alert">The card was declined</div>
    <p><input id="mail" aria-describedby="hint mail-wrong"><span id="mail-wrong" role="alert"></span></p>"#;

#[test]
fn a_message_about_an_error_is_an_alert() {
    browser::with(async |browser| {
        let _shop = open(browser, MESSAGES).await?;
        settle(browser).await?;
        assert_eq!(count(browser, "alert").await?, 0);
        for (answer, target) in [
            ("warns.textContent = 'Sold out'", "div warns alert"),
            // Later than any answer that can be seen at once.
            ("setTimeout(() => { assertive.textContent = 'No connection'; }, 3500)", "div assertive alert"),
            ("stays.className = ''", "div stays alert"),
            ("polite.innerHTML = '<p class=\"toast toast-error\">Failed</p>'", "p alert"),
            ("tells.className = 'message-error'; tells.textContent = 'Not possible'", "div tells alert"),
            (
                "const toast = document.createElement('div'); toast.className = 'Toastify__toast--error';
                  toast.innerHTML = '<div role=\"alert\">Failed</div>'; document.body.append(toast)",
                "div alert",
            ),
            // The same message, cleared and shown again.
            ("warns.textContent = ''; setTimeout(() => { warns.textContent = 'Sold out'; }, 400)", "div warns alert"),
        ] {
            browser.run(&format!("plain.onclick = () => {{ {answer} }}; anew()")).await?;
            browser.click("#plain").await?;
            browser.until("only('alert').length").await?;
            assert_eq!(browser.value("only('alert')").await?, json!([["alert", 0, target]]), "{answer}");
        }
        quiet(browser).await
    });
}

#[test]
fn other_messages_are_no_alerts() {
    browser::with(async |browser| {
        let _shop = open(browser, MESSAGES).await?;
        for answer in [
            "tells.textContent = 'In the basket'",
            "polite.innerHTML = '<p class=\"toast\">In the basket</p>'",
            "warns.innerHTML = '<p class=\"message-success\">In the basket</p>'",
            "warns.className = 'woocommerce-message'; warns.textContent = 'In the basket: one'",
            "aloud.textContent = 'You are now on the page Mugs'",
            "document.getElementById('mail-wrong').textContent = 'An address, please'",
            "text.textContent = 'An error'",
            "stays.textContent = 'The card was declined again'",
        ] {
            browser.run(&format!("plain.onclick = () => {{ {answer} }}; anew()")).await?;
            browser.click("#plain").await?;
            browser.until("only('mutation').length").await?;
            settle(browser).await?;
            assert_eq!(browser.value("only('alert')").await?, json!([]), "{answer}");
        }
        quiet(browser).await
    });
}

#[test]
fn a_page_that_comes_back_with_an_error_tells_it() {
    browser::with(async |browser| {
        let _shop = open(
            browser,
            r#"<p role="alert" class="notice">We deliver on Monday</p><ul role="alert" class="woocommerce-error" id="no"><li>Wrong password</li></ul>"#,
        )
        .await?;
        browser.until("only('alert').length").await?;
        assert_eq!(browser.value("only('alert')").await?, json!([["alert", 0, "ul no alert"]]));
        let _shop = open(browser, r#"<p role="alert" class="notice">We deliver on Monday</p>"#).await?;
        settle(browser).await?;
        assert_eq!(count(browser, "alert").await?, 0);
        Ok(())
    });
}

const FORM: &str = r#"
    <form id="order" onsubmit="event.preventDefault(); window.sent = 1">
      <input name="email" type="email" required> <input id="street" autocomplete="shipping street-address">
      <input name="attr[48213]" type="tel"> <input name="secret" type="password" data-polku-id="card">
      <select name="country"><option>FI</option><option>SE</option></select>
      <button type="submit" id="send">Send</button> <button type="button" id="next">Next</button>
    </form>
    <form role="search" onsubmit="event.preventDefault(); window.sought = 1"><input id="q" name="words"></form>
    <form id="buy"><select name="size"><option>S</option><option>M</option></select><input name="number" type="number" max="5"><button id="add">Add</button></form>"#;

#[test]
fn fields_are_told_by_their_names_alone() {
    browser::with(async |browser| {
        let _shop = open(browser, FORM).await?;
        browser.run("anew()").await?;
        browser.click("[name=email]").await?;
        browser.write("[name=email]", "anna.virtanen@example.com").await?;
        browser.click("#street").await?;
        browser.write("#street", "Secret street 1").await?;
        browser.click("[data-polku-id=card]").await?;
        browser.write("[data-polku-id=card]", "hunter2").await?;
        browser.click("[name='attr[48213]']").await?;
        browser.click("#send").await?;
        browser.until("window.sent && only('submit').length").await?;
        let told = browser
            .value("only('focus', 'blur', 'change', 'submit', 'invalid').map(([name, , text]) => name + ' ' + text)")
            .await?;
        assert_eq!(
            told,
            json!([
                "focus email",
                "change email",
                "blur email",
                "focus street",
                "change street",
                "blur street",
                "focus card",
                "change card",
                "blur card",
                "focus tel",
                "blur tel",
                "submit "
            ])
        );
        // Typed within one second: once, or twice on a slow day, but never a key at a time.
        let edits = browser.value("only('edit').filter(([, , text]) => text === 'email').length").await?;
        ensure!((1..=4).contains(&edits.as_u64().unwrap_or_default()), "{edits}");
        let all = browser.value("JSON.stringify(told)").await?.to_string();
        for typed in ["anna", "example", "Secret", "hunter", "48213"] {
            ensure!(!all.contains(typed), "{typed} in {all}");
        }
        quiet(browser).await
    });
}

#[test]
fn search_and_choices_are_no_forms() {
    browser::with(async |browser| {
        let _shop = open(browser, FORM).await?;
        // The part is there.
        browser.click("[name=email]").await?;
        browser.until("only('focus').length").await?;
        browser.click("#plain").await?;
        browser.until("only('blur').length").await?;
        browser.run("anew()").await?;
        browser.click("#q").await?;
        browser.write("#q", "mug\u{e007}").await?;
        browser.until("window.sought").await?;
        browser.click("#buy [name=size]").await?;
        browser.press("\u{e015}\u{e007}").await?;
        browser.click("[name=number]").await?;
        browser.write("[name=number]", "3").await?;
        browser.click("#plain").await?;
        settle(browser).await?;
        assert_eq!(browser.value("only('focus', 'blur', 'edit', 'change', 'submit', 'invalid')").await?, json!([]));
        Ok(())
    });
}

#[test]
fn a_refused_field_is_invalid_once() {
    browser::with(async |browser| {
        let _shop = open(browser, FORM).await?;
        browser.run("anew()").await?;
        let invalid = "only('invalid').map(([, , text]) => text)";
        // By the browser, before anybody touched a field.
        browser.click("#send").await?;
        browser.until("only('invalid').length").await?;
        assert_eq!(browser.value(invalid).await?, json!(["email"]));
        // By the shop, as a field is left.
        browser.run("anew(); street.onblur = () => street.setAttribute('aria-invalid', 'true')").await?;
        browser.click("#street").await?;
        browser.click("[name=secret]").await?;
        browser.until("only('invalid').length").await?;
        assert_eq!(browser.value(invalid).await?, json!(["street"]));
        // By the shop, as something is pressed, and by the browser too; a little later, as frameworks draw.
        browser
            .run(
                "anew(); const next = document.querySelector('#next'); next.onclick = () => setTimeout(() => {
                   order.email.setAttribute('aria-invalid', 'true'); order.reportValidity(); window.checked = 1; }, 50)",
            )
            .await?;
        browser.until("new Promise((done) => setTimeout(done, 1100, 1))").await?;
        browser.click("#next").await?;
        browser.until("window.checked && only('invalid').length").await?;
        assert_eq!(browser.value(invalid).await?, json!(["email"]));
        // Also what is no form: a number over the limit.
        browser.run("anew()").await?;
        browser.write("[name=number]", "9").await?;
        browser.click("#add").await?;
        browser.until("only('invalid').length").await?;
        assert_eq!(browser.value(invalid).await?, json!(["number"]));
        // By the server, which takes its time, while the next field is already at hand; and what is said again is known.
        browser
            .run(
                "anew(); window.checked = 0; window.check = (ms) => setTimeout(() => { street.setAttribute('aria-invalid', 'true'); window.checked++; }, ms);
                 street.onblur = () => { check(2000); check(3200); }",
            )
            .await?;
        browser.click("#street").await?;
        browser.click("[name=secret]").await?;
        browser.until("window.checked === 2").await?;
        assert_eq!(browser.value(invalid).await?, json!(["street"]));
        // Beyond what a server takes it has another reason.
        browser.run("anew(); window.checked = 0; street.onblur = () => check(5200)").await?;
        browser.click("#street").await?;
        browser.click("[name=secret]").await?;
        browser.until("window.checked").await?;
        settle(browser).await?;
        assert_eq!(browser.value(invalid).await?, json!([]));
        quiet(browser).await
    });
}

#[test]
fn a_script_that_checks_while_somebody_types_refuses_nothing() {
    browser::with(async |browser| {
        let _shop = open(browser, FORM).await?;
        browser
            .run(
                "order.oninput = () => { order.checkValidity(); order.email.setAttribute('aria-invalid', String(!order.email.validity.valid)); };
                 street.onblur = () => { order.checkValidity(); window.left = 1; }; order.checkValidity(); anew()",
            )
            .await?;
        browser.click("[name=email]").await?;
        browser.write("[name=email]", "anna").await?;
        browser.until("only('edit').length").await?;
        assert_eq!(browser.value("only('invalid')").await?, json!([]));
        // The whole form is checked as one field is left: the others were not reached yet.
        let _shop = open(browser, FORM).await?;
        browser.run("street.onblur = () => { order.checkValidity(); window.left = 1; }").await?;
        browser.click("#street").await?;
        browser.press("\u{e004}").await?;
        browser.until("window.left && only('blur').length").await?;
        assert_eq!(browser.value("only('invalid')").await?, json!([]));
        quiet(browser).await
    });
}

/// The states of the main action that were told, in order.
async fn states(browser: &Browser) -> Result<Value> {
    browser.value("only('action').map(([, state, text]) => state + ' ' + text)").await
}

#[test]
fn the_state_of_the_main_action_is_told() {
    browser::with(async |browser| {
        let _shop = open(
            browser,
            r#"<p><button id="buy" data-polku-action style="height: 40px">Buy</button></p><div class="gap"></div>"#,
        )
        .await?;
        browser.until("only('action').length").await?;
        assert_eq!(states(browser).await?, json!(["0 button buy"]));
        for (script, state) in [
            ("scrollTo(0, 1500)", 1),
            ("scrollTo(0, 0)", 0),
            ("cover()", 2),
            ("document.querySelector('#cover').remove()", 0),
            ("buy.disabled = true", 3),
            ("buy.disabled = false; buy.setAttribute('aria-disabled', 'true')", 3),
            ("buy.removeAttribute('aria-disabled')", 0),
            ("buy.style.cssText = 'width:20px;height:20px;padding:0'", 4),
        ] {
            let before = states(browser).await?;
            browser
                .run(&format!(
                    "window.cover = () => {{ const one = document.createElement('div'); one.id = 'cover'; document.body.append(one); }};
                     {script}; document.dispatchEvent(new Event('change'))"
                ))
                .await?;
            if before.as_array().and_then(|all| all.last()) == Some(&json!(format!("{state} button buy"))) {
                settle(browser).await?;
                assert_eq!(states(browser).await?, before, "told once: {script}");
            } else {
                browser.until(&format!("only('action').at(-1)[1] === {state}")).await?;
            }
        }
        quiet(browser).await
    });
}

#[test]
fn a_second_button_makes_the_action_usable() {
    browser::with(async |browser| {
        let body = r#"<p><button class="single_add_to_cart_button" id="first" style="height:40px">Buy</button></p><div class="gap"></div>
            <button class="single_add_to_cart_button" id="bar" style="position:fixed;bottom:-60px;left:0;height:40px">Buy</button>"#;
        let _shop = open(browser, body).await?;
        browser.until("only('action').length").await?;
        browser.run("document.querySelector('#bar').style.bottom = '0'; scrollTo(0, 1500)").await?;
        browser.until("only('action').length > 1").await?;
        settle(browser).await?;
        let told = states(browser).await?;
        assert_eq!(told.as_array().and_then(|all| all.last()), Some(&json!("0 button bar")), "{told}");
        Ok(())
    });
}

#[test]
fn a_page_without_a_main_action_has_none() {
    browser::with(async |browser| {
        let list = r#"<p><button class="add-to-cart">A</button></p>"#.repeat(6);
        let drawer = r#"<div id="drawer"><button name="checkout">Checkout</button></div><p class="gone"><button name="checkout">Checkout</button></p>"#;
        for body in [list.as_str(), drawer, r#"<button class="subscribe" type="submit">Join</button>"#] {
            let _shop = open(browser, body).await?;
            browser.run("scrollTo(0, 100)").await?;
            settle(browser).await?;
            settle(browser).await?;
            assert_eq!(states(browser).await?, json!([]), "{body}");
            browser.point("#plain").await?;
            browser.click("#plain").await?;
            assert_eq!(browser.value("only('near', 'away', 'press')").await?, json!([]));
        }
        Ok(())
    });
}

#[test]
fn coming_near_and_going_away_is_told() {
    browser::with(async |browser| {
        let _shop = open(
            browser,
            r#"<p><button id="place_order" type="button" style="height:40px">Pay <b>now</b></button></p>"#,
        )
        .await?;
        browser.until("only('action').length").await?;
        let near = "only('near', 'away', 'press').map(([name]) => name).join(' ')";
        browser.point("#place_order").await?;
        browser.until("only('near').length").await?;
        // From the button to what is in it, it stays near.
        browser.point("#place_order b").await?;
        browser.point("#plain").await?;
        browser.until("only('away').length").await?;
        assert_eq!(browser.value(near).await?, "near away");
        browser.hammer("#place_order", 1).await?;
        browser.point("#plain").await?;
        browser.until("only('away').length === 2").await?;
        assert_eq!(browser.value(near).await?, "near away near press away");
        // With keys: on to it, and on; back, and pressed.
        browser.run("document.querySelector('#text').tabIndex = 0; document.querySelector('#text').focus({ focusVisible: true }); anew()").await?;
        browser.press("\u{e004}").await?;
        browser.until("only('near').length").await?;
        browser.press("\u{e008}\u{e004}").await?;
        browser.until("only('away').length").await?;
        browser.press("\u{e008}").await?;
        assert_eq!(browser.value(near).await?, "near away");
        quiet(browser).await
    });
}

#[test]
fn what_was_in_view_for_a_second_was_seen() {
    browser::with(async |browser| {
        let body = r#"<p class="price" data-price="47.90">47,90 €</p><p class="stock in-stock">Four left</p>
            <p itemprop="offers">12 € <meta itemprop="price" content="12.00"><link itemprop="availability" href="https://schema.org/OutOfStock"></p>
            <p data-polku-see="sustainability">Made of wood</p><p role="alert">An error</p>
            <p class="gone" data-polku-see="gone">Gone</p><p id="low" data-polku-see="low">Low</p>
            <section data-polku-see="tall" style="position:absolute;top:4000px;height:4000px;width:50px">Tall</section>"#;
        let _shop = open(browser, body).await?;
        browser.until("only('seen').length >= 5").await?;
        settle(browser).await?;
        let told = browser.value("only('seen').map(([, , text]) => text).sort()").await?;
        assert_eq!(told, json!(["error\n", "price\n12.00", "price\n47.90", "stock\nin_stock", "sustainability\n"]));
        // Scrolled past is not seen.
        browser.run("anew(); scrollTo(0, 2300); return new Promise((done) => setTimeout(done, 500))").await?;
        browser.run("scrollTo(0, 0)").await?;
        settle(browser).await?;
        settle(browser).await?;
        assert_eq!(browser.value("only('seen')").await?, json!([]));
        browser.run("scrollTo(0, 2300)").await?;
        browser.until("only('seen').length").await?;
        browser.run("scrollTo(0, 4600)").await?;
        browser.until("only('seen').length === 2").await?;
        assert_eq!(browser.value("only('seen').map(([, , text]) => text)").await?, json!(["low\n", "tall\n"]));
        quiet(browser).await
    });
}

#[test]
fn a_list_of_prices_is_seen_by_its_first() {
    browser::with(async |browser| {
        let price = |price| format!(r#"<i class="price" data-price="{price}">{price} €</i> "#);
        let others: String = (6..30).map(price).collect();
        let body = format!(r#"{}{others}<i data-polku-see="end">End</i>"#, price(5).repeat(2));
        let _shop = open(browser, &body).await?;
        browser.until("only('seen').some(([, , text]) => text === 'end\\n')").await?;
        settle(browser).await?;
        let told = browser.value("only('seen').map(([, , text]) => text).sort()").await?;
        assert_eq!(told, json!(["end\n", "price\n5", "price\n6", "price\n7"]));
        Ok(())
    });
}

#[test]
fn no_more_is_looked_for_than_is_told() {
    browser::with(async |browser| {
        let body: String = (1..=20).map(|at| format!(r#"<i data-polku-see="word-{at}">A word</i> "#)).collect();
        let _shop = open(browser, &body).await?;
        browser.until("only('seen').length >= 8").await?;
        browser
            .run("document.body.insertAdjacentHTML('afterbegin', '<i class=stock data-polku-see=late>Late</i>')")
            .await?;
        browser.click("i").await?;
        // Two looks for what is new, and the second that it would have to be in view.
        browser.run("return new Promise((done) => setTimeout(done, 2200))").await?;
        assert_eq!(browser.value("new Set(only('seen').map(([, , text]) => text)).size").await?, 8);
        assert_eq!(count(browser, "seen").await?, 8);
        Ok(())
    });
}

#[test]
fn what_a_hostile_page_does_to_us_stays_quiet() {
    browser::with(async |browser| {
        // Names of fields hide the form's own members; elements without a parent's class; odd characters in names.
        let body = r#"<form id="odd"><input name="id"><input name="matches"><input name="getAttribute"><input name="elements"><button id="go">Go</button></form>
            <svg width="40" height="40" class="price"><circle r="20" cx="20" cy="20" id="circle"/></svg>
            <p id="a&quot;]b" role="alert"></p><button name="add" data-polku-id='x"\]'>Add</button>"#;
        let _shop = open(browser, body).await?;
        browser.until("only('action').length").await?;
        browser.run("odd.onsubmit = (event) => event.preventDefault(); document.querySelector('[role=alert]').textContent = 'An error'").await?;
        browser.click("#circle").await?;
        browser.click("[name=matches]").await?;
        browser.write("[name=matches]", "a").await?;
        browser.click("#go").await?;
        browser.click("[name=add]").await?;
        browser.run("document.body.replaceChildren(); document.dispatchEvent(new Event('change'))").await?;
        settle(browser).await?;
        ensure!(count(browser, "press").await? == 1);
        quiet(browser).await
    });
}

#[test]
fn all_watchers_leave_with_polku() {
    browser::with(async |browser| {
        let _shop = open(browser, &format!(r#"{FORM}{MESSAGES}<p class="price">5 €</p>"#)).await?;
        browser.click("[name=email]").await?;
        browser.until("only('focus').length").await?;
        browser.run("polku.destroy()").await?;
        browser.until("!seen.listening().includes('#document focusin')").await?;
        browser.until("!seen.waiting().length").await?;
        browser.run("anew(); plain.onclick = () => { document.querySelector('#warns').textContent = 'An error'; window.clicked = 1; }").await?;
        browser.click("#plain").await?;
        browser.click("[name=email]").await?;
        browser.run("order.email.setAttribute('aria-invalid', 'true')").await?;
        browser.until("window.clicked").await?;
        settle(browser).await?;
        assert_eq!(browser.value("told").await?, json!([]));
        assert_eq!(browser.value("seen.listening().filter((one) => one.startsWith('#document') && /focus|pointer|submit|toggle/.test(one))").await?, json!([]));
        quiet(browser).await
    });
}

/// A shop whose page reports its frictions: `frictions` holds `[name, target, count]`.
async fn open_felt(browser: &Browser, body: &str) -> Result<(Server, Site)> {
    let shop = open(browser, body).await?;
    browser
        .run("window.frictions = []; polku.on('friction', ({ name, data }) => frictions.push([name, data.target, data.count]))")
        .await?;
    Ok(shop)
}

/// Waits for a friction of this name and gives back all that were told.
async fn friction(browser: &Browser, name: &str) -> Result<Value> {
    browser.until(&format!("frictions.some(([name]) => name === '{name}')")).await?;
    browser.value("frictions").await
}

#[test]
fn a_dead_click_is_felt_and_an_answered_one_is_not() {
    browser::with(async |browser| {
        let _shop = open_felt(browser, "").await?;
        // A page that has just come into sight forgives the first second.
        browser.until("performance.now() > 1500").await?;
        browser.run("plain.onclick = () => { setTimeout(() => { text.textContent = 'Answered'; }, 300); }").await?;
        browser.click("#plain").await?;
        browser.until("only('mutation').length").await?;
        browser.click("#other").await?;
        assert_eq!(friction(browser, "dead_click").await?, json!([["dead_click", "button#other", 1]]));
        Ok(())
    });
}

#[test]
fn a_message_after_a_click_is_felt() {
    browser::with(async |browser| {
        let _shop = open_felt(browser, MESSAGES).await?;
        settle(browser).await?;
        browser
            .run("plain.onclick = () => { document.querySelector('#tells').textContent = 'In the basket'; }")
            .await?;
        browser.click("#plain").await?;
        browser.until("only('mutation').length").await?;
        browser.run("other.onclick = () => { document.querySelector('#warns').textContent = 'Sold out'; }").await?;
        browser.click("#other").await?;
        assert_eq!(friction(browser, "error_shown").await?, json!([["error_shown", "div#warns", 1]]));
        Ok(())
    });
}

#[test]
fn a_refused_form_is_felt_as_one() {
    browser::with(async |browser| {
        let _shop = open_felt(
            browser,
            r#"<form><input name="email" required><input name="city" required><button id="send">Send</button></form>"#,
        )
        .await?;
        browser.click("#send").await?;
        assert_eq!(friction(browser, "form_error").await?, json!([["form_error", "email", 2]]));
        Ok(())
    });
}

#[test]
fn a_form_that_is_left_is_felt_and_a_search_is_not() {
    browser::with(async |browser| {
        let (server, site) = open_felt(browser, FORM).await?;
        for (fields, abandoned) in [("#q", 0), ("[name=number]", 0), ("[name=email]", 1)] {
            browser.open(&site.at("/watched")).await?;
            watched(browser).await?;
            browser.click(fields).await?;
            browser.write(fields, "3").await?;
            browser.click("#text").await?;
            settle(browser).await?;
            browser.open(&site.at("/next")).await?;
            browser.open(&site.at("/watched")).await?;
            watched(browser).await?;
            browser.run("polku.track('share'); return polku.flush()").await?;
            let events = server.has("share").await?;
            let left: Vec<&Value> = events.iter().filter(|event| event["name"] == "form_abandon").collect();
            assert_eq!(left.len(), abandoned, "{fields}: {left:?}");
        }
        Ok(())
    });
}

#[test]
fn hesitation_is_felt_and_a_plain_purchase_is_not() {
    browser::with(async |browser| {
        let body = r#"<p><button id="place_order" type="button" style="height:40px">Pay</button></p>"#;
        let _shop = open_felt(browser, body).await?;
        browser.until("only('action').length").await?;
        browser.click("#place_order").await?;
        browser.point("#plain").await?;
        settle(browser).await?;
        assert_eq!(browser.value("frictions.filter(([name]) => name === 'hesitation')").await?, json!([]));
        for _ in 0..5 {
            browser.point("#place_order").await?;
            browser.run("return new Promise((done) => setTimeout(done, 1200))").await?;
            browser.point("#plain").await?;
            browser.run("return new Promise((done) => setTimeout(done, 1200))").await?;
        }
        assert_eq!(friction(browser, "hesitation").await?[0][1], "button#place_order");
        Ok(())
    });
}

#[test]
fn what_was_seen_is_an_event() {
    browser::with(async |browser| {
        let (server, _site) = open(
            browser,
            r#"<p class="stock out-of-stock">Sold out</p><p data-polku-see="gone" class="gone">Gone</p>"#,
        )
        .await?;
        browser.until("only('seen').length").await?;
        browser.run("return polku.flush()").await?;
        let events = server.has("content_seen").await?;
        let seen: Vec<&Value> =
            events.iter().filter(|event| event["name"] == "content_seen").map(|event| &event["data"]).collect();
        assert_eq!(seen, [&json!({ "kind": "stock", "text": "out_of_stock" })]);
        Ok(())
    });
}

#[test]
fn a_covered_button_that_is_looked_for_is_felt() {
    browser::with(async |browser| {
        let body = r#"<p><button name="add" style="height:40px">Add</button></p><div id="cover"></div>"#;
        let _shop = open_felt(browser, body).await?;
        browser.until("only('action').length").await?;
        assert_eq!(states(browser).await?, json!(["2 button"]));
        // Nobody has waited for long yet, whatever is pressed.
        browser.click("#cover").await?;
        browser.click("#cover").await?;
        assert_eq!(browser.value("frictions.filter(([name]) => name === 'cta_hidden')").await?, json!([]));
        browser.run("window.from = performance.now()").await?;
        browser.until("performance.now() - from > 10000").await?;
        browser.click("#cover").await?;
        // It is found with what happens after the click's answer had its time.
        browser.until("performance.now() - from > 12000").await?;
        browser.click("#cover").await?;
        assert_eq!(friction(browser, "cta_hidden").await?[0][1], "button");
        Ok(())
    });
}
