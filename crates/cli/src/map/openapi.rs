//! `GET /api/openapi.json`: the JSON API in the words of OpenAPI 3.1, made of the very types that answer, so that it cannot say something else.

use super::facts::{Filter, Readiness};
use super::groups::Groups;
use super::journey::Journey;
use super::prompts::Prompts;
use super::service::{Service, ServiceFilter};
use super::view::Map;
use super::{api, before_after, cell, cost, flows, gap, goals, products, setup, views, voice};
use crate::respond::{NO_SNIFF, NO_STORE};
use crate::statements;
use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map as Members, Value, json};
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

/// The document.
pub(super) async fn answer() -> Response {
    ([NO_STORE, NO_SNIFF], Json(&*DOCUMENT)).into_response()
}

/// A journey with all that happened in it.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "it says what an answer looks like that is written in place")]
struct JourneyWithEvents {
    /// The journey.
    journey: Journey,
    /// Its events in their order.
    events: Vec<EventTold>,
}

/// One event.
#[derive(JsonSchema)]
#[schemars(rename = "Event")]
#[allow(dead_code, reason = "it says what an answer looks like that is written in place")]
struct EventTold {
    /// One page's life within the journey.
    leg: String,
    /// Its number in the leg.
    seq: i64,
    /// Milliseconds since the journey started.
    at: Option<i64>,
    /// Name.
    name: String,
    /// Lens.
    lens: Option<String>,
    /// Stage.
    stage: Option<String>,
    /// Path of the page, without what could name somebody.
    page: Option<String>,
    /// What it says, by the kind of event.
    data: Members<String, Value>,
}

/// Whether the command and its database answer.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "it says what an answer looks like that is written in place")]
struct Health {
    /// It does.
    ok: bool,
    /// The command's version.
    version: String,
    /// Whether views answer at once, or wait until all journeys are read.
    map: Readiness,
}

/// Why something was refused.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "it says what an answer looks like that is written in place")]
struct Refusal {
    /// A sentence.
    error: String,
}

/// One address.
struct Get {
    path: &'static str,
    name: &'static str,
    says: &'static str,
    parameters: Vec<Value>,
    answer: Value,
    kind: &'static str,
    refuses: &'static [(u16, &'static str)],
}

const WRONG: (u16, &str) = (400, "A parameter is wrong; the sentence says which, and what it may be.");
const OTHERS: (u16, &str) = (403, "It is of a shop that you may not read, or you hold a shared link.");
const NONE_SUCH: (u16, &str) = (404, "There is none.");

fn document() -> Value {
    let mut schemas = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        })
        .for_serialize()
        .into_generator();
    let filter = parameters::<Filter>();
    let get = |path, name, says, parameters, answer, refuses| Get {
        path,
        name,
        says,
        parameters,
        answer,
        kind: "application/json",
        refuses,
    };
    let viewed: &[(u16, &str)] = &[WRONG];
    let all = [
        get(
            "/api/health",
            "health",
            "Whether the command and its database answer.",
            vec![],
            of::<Health>(&mut schemas),
            &[],
        ),
        get(
            "/api/map",
            "map",
            "Stages and lenses: touchpoints, friction, how it felt, what was said.",
            filter.clone(),
            of::<Map>(&mut schemas),
            viewed,
        ),
        get(
            "/api/cell",
            "cell",
            "What stands behind one cell of the map.",
            parameters::<views::Where>(),
            of::<cell::Cell>(&mut schemas),
            viewed,
        ),
        get(
            "/api/gap",
            "gap",
            "What the shop believes beside what shoppers felt and said; expectations beside what came; told first touches beside doors.",
            filter.clone(),
            of::<gap::Gaps>(&mut schemas),
            viewed,
        ),
        get(
            "/api/journeys",
            "journeys",
            "Journeys, the newest first.",
            parameters::<api::Page>(),
            of::<Vec<Journey>>(&mut schemas),
            viewed,
        ),
        get(
            "/api/journeys/{id}",
            "journey",
            "One journey with its events.",
            whose(),
            of::<JourneyWithEvents>(&mut schemas),
            &[NONE_SUCH],
        ),
        get(
            "/api/prompts",
            "prompts",
            "Prompts: who saw them, who took part, what was answered.",
            parameters::<views::Asking>(),
            of::<Prompts>(&mut schemas),
            viewed,
        ),
        get(
            "/api/filters",
            "filters",
            "Every word that a filter can say, with how many journeys bear it.",
            vec![],
            of::<views::Choices>(&mut schemas),
            &[],
        ),
        get(
            "/api/paths",
            "paths",
            "Where shoppers go: from stage to stage, in loops, out, and to a purchase.",
            filter.clone(),
            of::<flows::Paths>(&mut schemas),
            viewed,
        ),
        get(
            "/api/friction",
            "friction",
            "What gets in the way, ranked by what it costs. A comparison, no experiment.",
            parameters::<views::Toward>(),
            of::<cost::Costs>(&mut schemas),
            viewed,
        ),
        get(
            "/api/groups",
            "groups",
            "Groups of journeys side by side.",
            parameters::<views::Grouped>(),
            of::<Groups>(&mut schemas),
            viewed,
        ),
        get(
            "/api/voice",
            "voice",
            "What shoppers say: scores by week and stage, themes, words beside their paths.",
            filter.clone(),
            of::<voice::Voice>(&mut schemas),
            viewed,
        ),
        get(
            "/api/products",
            "products",
            "Products and categories: seen, put into the cart, bought.",
            filter,
            of::<products::Products>(&mut schemas),
            viewed,
        ),
        get(
            "/api/goals",
            "goals",
            "Goals: what each has come to, and what it was to have come to by now.",
            parameters::<views::Watched>(),
            of::<goals::Goals>(&mut schemas),
            viewed,
        ),
        get(
            "/api/before-after",
            "before_after",
            "What the shop has changed: the days before beside the days after. A comparison, no experiment.",
            parameters::<views::Watched>(),
            of::<before_after::BeforeAfter>(&mut schemas),
            viewed,
        ),
        get(
            "/api/statements",
            "statements",
            "What the shop states: beliefs, targets, changes, goals. The ETag is its revision.",
            parameters::<statements::Whose>(),
            of::<statements::Statements>(&mut schemas),
            &[WRONG, OTHERS],
        ),
        get(
            "/api/setup",
            "setup",
            "Whether the shop is set up as it should be: what arrives, and what is missing.",
            parameters::<setup::Which>(),
            of::<setup::Setup>(&mut schemas),
            viewed,
        ),
        get(
            "/api/service",
            "service",
            "What was imported, beside what was measured: contacts of a hundred orders, tickets, off-site touchpoints, coverage, costs.",
            parameters::<ServiceFilter>(),
            of::<Service>(&mut schemas),
            viewed,
        ),
        Get {
            path: "/api/changes",
            name: "changes",
            says: "Says `change` each time something was stored (server-sent events).",
            parameters: vec![],
            answer: json!({ "type": "string" }),
            kind: "text/event-stream",
            refuses: &[],
        },
        get("/api/openapi.json", "openapi", "This document.", vec![], json!({ "type": "object" }), &[]),
    ];
    let refusal = of::<Refusal>(&mut schemas);
    let mut paths: Members<String, Value> =
        all.into_iter().map(|one| (one.path.to_owned(), json!({ "get": operation(one, &refusal) }))).collect();
    if let Some(statements) = paths.get_mut("/api/statements") {
        statements["put"] = put_statements(of::<statements::Statements>(&mut schemas), &refusal);
    }
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Polku",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What the journey map reads. Nothing here writes but `PUT /api/statements`. Shares of fewer than `min_n` are left out: there are counts alone.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": schemas.take_definitions(true) },
    })
}

fn operation(one: Get, refusal: &Value) -> Value {
    let mut responses = Members::new();
    responses.insert(
        "200".into(),
        json!({ "description": "The answer.", "content": { one.kind: { "schema": one.answer } } }),
    );
    let away = (503, "The database does not answer.");
    for (status, why) in one.refuses.iter().copied().chain([away]) {
        let content = json!({ "application/json": { "schema": refusal } });
        responses.insert(status.to_string(), json!({ "description": why, "content": content }));
    }
    json!({ "operationId": one.name, "summary": one.says, "parameters": one.parameters, "responses": responses })
}

/// The one address that writes: a whole document in the place of the revision that was read.
fn put_statements(document: Value, refusal: &Value) -> Value {
    let mut written = Get {
        path: "/api/statements",
        name: "state",
        says: "Writes what the shop states in the place of the revision that was read.",
        parameters: parameters::<statements::Whose>(),
        answer: document.clone(),
        kind: "application/json",
        refuses: &[
            (400, "A member is wrong; the sentence says which, and what it may be."),
            OTHERS,
            (412, "Somebody has written meanwhile: read it again."),
            (413, "It is larger than 256 KiB."),
            (415, "It is no JSON."),
            (428, "If-Match is missing."),
        ],
    };
    written.parameters.push(json!({ "name": "If-Match", "in": "header", "required": true,
        "description": "The ETag of what was read.", "schema": { "type": "string" } }));
    let mut operation = operation(written, refusal);
    operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": document } } });
    operation
}

fn of<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Value {
    schemas.subschema_for::<T>().to_value()
}

/// The members of a type as parameters of an address.
fn parameters<T: JsonSchema>() -> Vec<Value> {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let members = schema["properties"].as_object().into_iter().flatten();
    members
        .map(|(name, schema)| {
            let mut schema = schema.clone();
            let says = schema.as_object_mut().and_then(|schema| schema.remove("description")).unwrap_or_default();
            // What is left out is left out: an address has no null.
            if let Some(kind) = schema.get_mut("type")
                && let Some(first) = kind.as_array().and_then(|kinds| kinds.first()).cloned()
            {
                *kind = first;
            }
            json!({ "name": name, "in": "query", "required": required(name), "description": says, "schema": schema })
        })
        .collect()
}

fn whose() -> Vec<Value> {
    let mut all = vec![
        json!({ "name": "id", "in": "path", "required": true, "description": "The journey's id.", "schema": { "type": "string" } }),
    ];
    all.extend(parameters::<api::Whose>());
    all
}
