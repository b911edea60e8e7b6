//! From JSON to a [`Definition`]: every field with its place, unknown fields ignored.

use serde::de::{Deserialize, Deserializer, Error};

use super::tree::{Path, Tree};
use super::{Branch, Code, Condition, Definition, Problem, Step, Texts, Value};

/// Conditions inside conditions: deeper than this nobody can follow, and reading them must not exhaust the stack.
const DEEPEST: usize = 8;

impl Definition {
    /// Understands a definition.
    ///
    /// # Errors
    /// The first field that does not have the shape it must have. What the fields say is judged by [`super::validate`].
    pub fn read(tree: &Tree) -> Result<Self, Problem> {
        let root = &Path::Root;
        tree.fields(root)?;
        let text = |key| tree.get(key).text(&Path::Field(root, key));
        let score = tree.get("score");
        let score = match score {
            Tree::Null => None,
            _ => Some(
                score
                    .get("step")
                    .text(&Path::Field(&Path::Field(root, "score"), "step"))?,
            ),
        };
        let end = tree.get("end").get("thanks");
        Ok(Self {
            v: tree.get("v").number(&Path::Field(root, "v"))?.unwrap_or(0),
            id: text("id")?,
            locales: all(tree.get("locales"), &Path::Field(root, "locales"), &mut Tree::text)?,
            default_locale: text("defaultLocale")?,
            start: text("start")?,
            steps: all(tree.get("steps"), &Path::Field(root, "steps"), &mut step)?,
            thanks: texts(end, &Path::Field(&Path::Field(root, "end"), "thanks"))?,
            score,
        })
    }
}

impl<'de> Deserialize<'de> for Definition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(&Tree::deserialize(deserializer)?).map_err(|problem| Error::custom(problem.short()))
    }
}

fn step(tree: &Tree, path: &Path<'_>) -> Result<Step, Problem> {
    tree.fields(path)?;
    let text = |key| tree.get(key).text(&Path::Field(path, key));
    let number = |key| tree.get(key).number(&Path::Field(path, key));
    Ok(Step {
        id: text("id")?,
        ask: text("ask")?,
        text: texts(tree.get("text"), &Path::Field(path, "text"))?,
        scale: number("scale")?,
        anchors: text("anchors")?,
        optional: match tree.get("optional") {
            Tree::Null => false,
            Tree::Bool(optional) => *optional,
            _ => return Err(Path::Field(path, "optional").problem(Code::Shape)),
        },
        max: number("max")?,
        next: all(tree.get("next"), &Path::Field(path, "next"), &mut branch)?,
    })
}

fn branch(tree: &Tree, path: &Path<'_>) -> Result<Branch, Problem> {
    let when = match tree.get("if") {
        Tree::Null => None,
        when => Some(condition(when, &Path::Field(path, "if"), 0)?),
    };
    Ok(Branch {
        when,
        go: tree.get("go").text(&Path::Field(path, "go"))?,
    })
}

fn condition(tree: &Tree, path: &Path<'_>, depth: usize) -> Result<Condition, Problem> {
    if depth > DEEPEST {
        return Err(path.problem(Code::Depth));
    }
    let [(operator, operand)] = tree.fields(path)? else {
        return Err(path.problem(Code::Shape));
    };
    let path = &Path::Field(path, operator);
    let shape = || path.problem(Code::Shape);
    let step = |operand: &Tree| match operand {
        Tree::Text(step) => Ok(step.clone()),
        _ => Err(shape()),
    };
    let inner = |depth: usize| all(operand, path, &mut |tree, path| condition(tree, path, depth + 1));
    match operator.as_str() {
        "answered" => return Ok(Condition::Answered(step(operand)?)),
        "skipped" => return Ok(Condition::Skipped(step(operand)?)),
        "all" => return Ok(Condition::All(inner(depth)?)),
        "any" => return Ok(Condition::Any(inner(depth)?)),
        "not" => return Ok(Condition::Not(Box::new(condition(operand, path, depth + 1)?))),
        _ => {}
    }
    let [subject, object] = operand.list(path)? else {
        return Err(shape());
    };
    let subject = step(subject)?;
    let bound = match object {
        Tree::Number(bound) => Ok(*bound),
        _ => Err(shape()),
    };
    Ok(match operator.as_str() {
        "eq" => Condition::Eq(subject, value(object, path)?),
        "ne" => Condition::Ne(subject, value(object, path)?),
        "in" => Condition::In(subject, all(object, path, &mut value)?),
        "lt" => Condition::Lt(subject, bound?),
        "lte" => Condition::Lte(subject, bound?),
        "gt" => Condition::Gt(subject, bound?),
        "gte" => Condition::Gte(subject, bound?),
        _ => return Err(shape()),
    })
}

fn value(tree: &Tree, path: &Path<'_>) -> Result<Value, Problem> {
    match tree {
        Tree::Number(number) => Ok(Value::Number(*number)),
        Tree::Text(text) => Ok(Value::Text(text.clone())),
        _ => Err(path.problem(Code::Shape)),
    }
}

fn texts(tree: &Tree, path: &Path<'_>) -> Result<Texts, Problem> {
    let mut texts = Texts::new();
    for (locale, text) in tree.fields(path)? {
        texts.push((locale.clone(), text.text(&Path::Field(path, locale))?));
    }
    Ok(texts)
}

/// Reads one item at its place.
type Item<'a, T> = &'a mut dyn FnMut(&Tree, &Path<'_>) -> Result<T, Problem>;

fn all<T>(tree: &Tree, path: &Path<'_>, read: Item<'_, T>) -> Result<Vec<T>, Problem> {
    let mut items = Vec::new();
    for (nth, item) in tree.list(path)?.iter().enumerate() {
        items.push(read(item, &Path::Item(path, nth))?);
    }
    Ok(items)
}
