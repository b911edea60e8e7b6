//! What SurveyJS says at the end: the same to everybody, or by what was answered.

use serde_json::{Value, json};

use super::super::draft::Draft;
use super::super::report::Level;
use super::Scales;
use super::expression;

pub(super) fn read(survey: &Value, scales: &Scales, draft: &mut Draft) {
    if let Some(thanks) = draft.texts(&survey["completedHtml"], "completedHtml") {
        draft.put("end", "thanks", thanks);
    }
    for (nth, one) in survey["completedHtmlOnCondition"].as_array().into_iter().flatten().enumerate() {
        let path = format!("completedHtmlOnCondition[{nth}]");
        let condition = expression::read(one["expression"].as_str().unwrap_or_default(), scales, draft);
        let step = condition.and_then(|condition| bad(&condition, draft)).filter(|_| !draft.head.contains_key("score"));
        let Some((id, ask)) = step else {
            draft.say(&path, Level::Dropped, "one end for all, and one after a bad score");
            continue;
        };
        if let Some(low) = draft.texts(&one["html"], &format!("{path}.html")) {
            draft.put("end", "low", low);
            draft.head.insert("score".to_owned(), json!({ "metric": ask, "step": id }));
        }
    }
}

/// The scale of which a condition says that its score is a bad one, as ours has it: of nps 0 to 6, else the lower half.
fn bad(condition: &Value, draft: &Draft) -> Option<(String, String)> {
    let (operator, pair) = condition.as_object()?.iter().next()?;
    let (id, bound) = (pair[0].as_str()?, pair[1].as_i64()?);
    let highest = match operator.as_str() {
        "lte" => bound,
        "lt" => bound - 1,
        _ => return None,
    };
    let step = draft.steps.iter().find(|step| step["id"] == json!(id))?;
    let ask = step["ask"].as_str()?;
    let low = match ask {
        "nps" => 6,
        "rating" => step["scale"].as_i64()? / 2,
        _ => return None,
    };
    (highest == low).then(|| (id.to_owned(), ask.to_owned()))
}
