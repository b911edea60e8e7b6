//! Form error: fields that a form turned down, all of one attempt as one; and the same field again.

use super::Watch;
use crate::name::Name;
use crate::rng::hash;
use crate::time::Millis;

/// Fields that fail within this after the first belong to one attempt, in ms: browsers tell them in one go, scripts in a few.
const ATTEMPT: u64 = 500;
/// The shopper did something this short a time before, in ms: forms that scripts check as they load are nobody's trouble. A check by
/// the server takes a second or two.
const ASKED: u64 = 5_000;
/// Fields whose failures are counted, at most.
const FIELDS: usize = 20;
/// A field that was turned down once: anybody's slip.
const CONFIDENCE: i64 = 60;
/// … and so much surer with each further time.
const AGAIN: i64 = 20;

/// How often each field failed.
#[derive(Default)]
pub(crate) struct FormErrors {
    /// A field's hash, its failures, and the last.
    fields: Vec<(u64, u32, Millis)>,
    /// Fields of the attempt that is under way.
    burst: u32,
    /// The shop itself told of an error: what follows at once is the same one.
    pub(crate) heard: Millis,
}

impl Watch {
    /// A field was found invalid.
    pub(crate) fn invalid(&mut self, now: Millis, field: &str) {
        let asked = self.acted.max(self.left);
        // What is still being typed is not finished: scripts that check each sign tell nothing.
        if now.since(asked) > ASKED || self.form.at > asked {
            return;
        }
        self.failed = now;
        self.form.refused(field);
        let errors = &mut self.errors;
        let key = hash(0, field);
        let known = errors.fields.iter().position(|(of, ..)| *of == key);
        let times = match known {
            Some(at) => {
                let (_, times, last) = &mut errors.fields[at];
                // A script that asks twice in one attempt.
                if now.since(*last) <= ATTEMPT {
                    return;
                }
                (*times, *last) = (*times + 1, now);
                *times
            }
            None => {
                if errors.fields.len() < FIELDS {
                    errors.fields.push((key, 1, now));
                }
                1
            }
        };
        if now.since(errors.heard) <= ATTEMPT {
            return;
        }
        if self.found.waiting(Name::FormError).is_none() {
            errors.burst = 0;
            self.found.note(now, Name::FormError, field, ATTEMPT, 0, true);
        }
        errors.burst += 1;
        if let Some(found) = self.found.waiting(Name::FormError) {
            found.count = found.count.max(times).max(errors.burst);
            found.confidence = found.confidence.max((CONFIDENCE + AGAIN * i64::from(times - 1)).min(100));
        }
    }
}
