//! How PostHog shows a survey, what it says before and after it, and what opens it by hand.

use serde_json::{Value, json};

use super::super::colour;
use super::super::draft::{Draft, is_set};
use super::super::report::{Level, below};
use super::{strange, translated};

/// What is said before the first question.
pub(super) fn introduction(survey: &Value, draft: &mut Draft) {
    let appearance = &survey["appearance"];
    if ["displayIntroMessage", "displayIntroScreen"].iter().any(|field| appearance[*field] == json!(false)) {
        return;
    }
    for part in ["introMessage", "introScreen", "intro"] {
        let [head, more] = ["Header", "Description"].map(|field| format!("{part}{field}"));
        let mut step = json!({ "ask": "info" });
        let texts = translated(appearance, &head, &survey["translations"], draft);
        draft.put_texts(&mut step, "text", &texts, &below("appearance", &head));
        if step["text"].is_null() {
            continue;
        }
        let texts = translated(appearance, &more, &survey["translations"], draft);
        draft.put_texts(&mut step, "help", &texts, &below("appearance", &more));
        // No question has such a name: no condition is about it.
        return draft.step("(intro)", "appearance", step);
    }
}

pub(super) fn read(survey: &Value, draft: &mut Draft) {
    let appearance = &survey["appearance"];
    thanks(survey, draft);
    strange(&survey["translations"], draft, "translations");
    let place = appearance["position"].as_str();
    if place.is_some_and(|place| place == "left" || place.ends_with("_left")) {
        draft.put("ui", "position", json!("bottom-start"));
    }
    if !matches!(place, None | Some("left" | "right")) {
        draft.say("appearance.position", Level::Lossy, "it stands in a corner at the bottom");
    }
    if appearance["autoDisappear"] == json!(true) {
        draft.put("ui", "autoCloseMs", json!(5000));
    }
    if survey["type"] == json!("widget") {
        launcher(survey, draft);
    }
    for (field, why) in [
        ("placeholder", "fields for words are empty"),
        ("submitButtonText", "buttons have words of their own, in each language (of the survey)"),
        ("thankYouMessageCloseButtonText", "the thanks are closed as any prompt is"),
        ("hideCancelButton", "a prompt can always be closed"),
        ("shuffleQuestions", "questions keep their order"),
        ("tabPosition", "the pill stands in the prompt's corner"),
        ("fontFamily", "the font is the page's"),
        ("maxWidth", "looks are of the shop's style sheet; docs/prompts.md lists the properties"),
        ("zIndex", "it stands above the page where browsers can do that; else --polku-z says how high"),
        ("boxPadding", "looks are of the shop's style sheet; docs/prompts.md lists the properties"),
        ("borderRadius", "looks are of the shop's style sheet: --polku-radius"),
    ] {
        draft.all(appearance, "appearance", &[field], Level::Dropped, why);
    }
    for (field, name) in [
        ("backgroundColor", "--polku-surface"),
        ("textColor", "--polku-text"),
        ("textSubtleColor", "--polku-text-2"),
        ("descriptionTextColor", "--polku-text-2"),
        ("submitButtonColor", "--polku-accent"),
        ("submitButtonTextColor", "--polku-on-accent"),
        ("buttonColor", "--polku-accent"),
        ("buttonTextColor", "--polku-on-accent"),
        ("borderColor", "--polku-hairline"),
        ("ratingButtonColor", "--polku-surface-2"),
        ("ratingButtonActiveColor", "--polku-accent"),
        ("ratingButtonHoverColor", ""),
        ("inputBackground", "--polku-surface-2"),
        ("inputBackgroundColor", "--polku-surface-2"),
        ("inputTextColor", "--polku-text"),
        ("widgetColor", "--polku-accent"),
    ] {
        colour::say(draft, &appearance[field], &below("appearance", field), name, false);
    }
}

fn thanks(survey: &Value, draft: &mut Draft) {
    let appearance = &survey["appearance"];
    if appearance["displayThankYouMessage"] == json!(false) {
        return draft.say(
            "appearance.displayThankYouMessage",
            Level::Lossy,
            "a prompt always thanks, in words of its own",
        );
    }
    for (field, name) in [("thanks", "thankYouMessageHeader"), ("after", "thankYouMessageDescription")] {
        let texts = translated(appearance, name, &survey["translations"], draft);
        if let Some(texts) = draft.texts(&texts, &below("appearance", name)) {
            draft.put("end", field, texts);
        }
    }
}

/// A button opens it: one of its own, or one of the shop's.
fn launcher(survey: &Value, draft: &mut Draft) {
    let appearance = &survey["appearance"];
    if appearance["widgetType"] == json!("selector") {
        match Draft::selector(&appearance["widgetSelector"]) {
            Some(selector) => draft.put("ui", "launcher", json!(selector)),
            None => draft.say("appearance.widgetSelector", Level::Rejected, "no selector of a button"),
        }
        return;
    }
    draft.put("ui", "launcher", json!(true));
    if is_set(&appearance["widgetLabel"]) {
        let texts = translated(appearance, "widgetLabel", &survey["translations"], draft);
        if let Some(texts) = draft.texts(&texts, "appearance.widgetLabel") {
            draft.put("ui", "launcherText", texts);
        }
    }
}
