//! A shop's batches, from a number alone: journeys of several visits, answers, trials, batches that come twice, late, or not as they should.

use crate::common::id;
use serde_json::{Value, json};

/// 2026-11-22.
const DAY: i64 = 1_795_305_600;

/// Numbers that look drawn, the same for the same seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::try_from(self.below(list.len() as u64)).unwrap()]
    }
}

/// Batches of so many journeys, in the order in which they arrive.
pub(crate) fn batches(journeys: i64) -> Vec<String> {
    let mut dice = Dice(7);
    let mut all: Vec<String> = Vec::new();
    for n in 0..journeys {
        let started = DAY - i64::try_from(dice.below(20 * 86_400)).unwrap() / 60 * 60;
        let key = dice.of(&["pk_test", "pk_test", "pk_other"]);
        let (door, device, lang) = (
            dice.of(&["mail", "search", "ad", "direct"]),
            dice.of(&["mobile", "desktop", "tablet"]),
            dice.of(&["fi", "en-GB", "sv"]),
        );
        let mut legs = vec![visit(&mut dice, 0, door)];
        if dice.below(3) == 0 {
            legs.push(visit(&mut dice, 600_000, door));
        }
        for (number, events) in legs.into_iter().enumerate() {
            let halves =
                if events.len() > 4 { events.chunks(3).map(<[Value]>::to_vec).collect() } else { vec![events] };
            for (part, events) in halves.into_iter().enumerate() {
                let sent = started + i64::try_from(number * 700 + part * 30).unwrap();
                let leg = ["aaaaa", "b0b0b", "ccccc"][number];
                let last = events.last().unwrap()["stage"].clone();
                let batch = json!({"polku":1,"key":key,"batch":format!("b{n}{number}{part}"),"sent":sent,"ttl_days":395,
                    "journey":{"id":id(n),"leg":leg,"started":started,"device":device,"lang":lang,"stage":last,
                        "consent":{"measure":{"by":"api","hour":498_690}}},
                    "loss":{"captured":9,"sent":part,"queued":2,"dropped":{}},"events":events});
                all.push(batch.to_string());
            }
        }
        match dice.below(12) {
            // Again, byte for byte.
            0 => all.push(all[usize::try_from(dice.below(all.len() as u64)).unwrap()].clone()),
            // Late: before what came before it.
            1 if all.len() > 3 => {
                let late = all.len() - 1;
                all.swap(late, late - 2);
            }
            2 => all.push(json!({"polku":1,"key":key,"batch":"x","journey":{"id":id(n),"leg":"zzzzz"},
                "events":[{"seq":1,"at":0,"name":"erase","data":{"journeys":[id(n)]}}, {"seq":2,"at":1,"name":"page_view"}]}).to_string()),
            // An answer without consent, with words that want to be more than words.
            3 => all.push(json!({"polku":1,"key":key,"batch":"x","sent":started,"journey":{"id":id(10_000 + n),"leg":"aaaaa"},
                "events":[{"seq":1,"name":"prompt_answer","lens":"felt","data":{"prompt":"order","sub":"s","step":"why","rev":1,"ask":"text",
                    "text":"'); DROP TABLE polku_events; -- \\' \u{1f600}\n\t\"quoted\"","themes":["delivery"],"emotion":"frustrated"}}]}).to_string()),
            4 => all.push(json!({"polku":1,"key":key,"batch":"x","journey":{"id":id(n),"leg":"aaaaa"},
                "events":[{"seq":0,"name":"page_view"},{"seq":1,"name":"Not A Name"},17]}).to_string()),
            5 => all.push("{\"polku\":2}".to_owned()),
            _ => (),
        }
    }
    all
}

/// Whether a batch is one that a widget sends, with nothing to refuse or to forget: what passes a queue is judged by nobody.
pub(crate) fn is_plain(batch: &str) -> bool {
    let batch: Value = serde_json::from_str(batch).unwrap();
    batch["polku"] == 1
        && batch["journey"]["started"].is_number()
        && batch["events"]
            .as_array()
            .is_some_and(|events| events.iter().all(|event| event["name"] != "erase" && event["stage"].is_string()))
}

fn visit(dice: &mut Dice, from: i64, door: &str) -> Vec<Value> {
    let mut events = Vec::new();
    let mut at = from;
    let mut add = |events: &mut Vec<Value>, dice: &mut Dice, name: &str, lens: &str, stage: &str, data: Value| {
        events.push(
            json!({"seq":events.len() + 1,"at":at,"name":name,"lens":lens,"stage":stage,"page":"/p/:id","data":data}),
        );
        at += i64::try_from(dice.below(40_000)).unwrap();
    };
    let item = dice.of(&["CUP-1", "POT-2", "TEA-3"]);
    let items = json!([{"item_id":item,"item_category":dice.of(&["Cups","Pots"]),"price":25}]);
    let trial = dice.of(&["green", "blue"]);
    add(
        &mut events,
        dice,
        "page_view",
        "did",
        "awareness",
        json!({"door":door,"campaign":dice_word(door),"variant":{"button":trial}}),
    );
    if dice.below(5) > 0 {
        add(&mut events, dice, "view_item", "did", "consideration", json!({"items":items}));
    }
    if dice.below(4) == 0 {
        add(&mut events, dice, "rage_click", "felt", "consideration", json!({"confidence":0.9}));
    }
    if dice.below(2) == 0 {
        add(&mut events, dice, "add_to_cart", "did", "decision", json!({"items":items}));
        if dice.below(3) == 0 {
            add(&mut events, dice, "payment_declined", "felt", "decision", json!({}));
        } else {
            add(&mut events, dice, "purchase", "did", "decision", json!({"value":25.5,"currency":"EUR","items":items}));
        }
        let score = dice.below(11);
        add(
            &mut events,
            dice,
            "prompt_answer",
            "felt",
            "decision",
            json!({"prompt":"order","sub":"s","step":"nps","rev":1,"ask":"nps","score":score}),
        );
    }
    let feeling = dice.of(&["satisfied", "neutral", "frustrated"]);
    add(
        &mut events,
        dice,
        "journey_summary",
        "did",
        "decision",
        json!({"tab":"t","rev":from + 1,"door":door,"last_door":door,"order":"first","returning":from > 0,"stages":{"decision":{"emotion":feeling}}}),
    );
    events
}

fn dice_word(door: &str) -> &'static str {
    if door == "ad" { "autumn" } else { "" }
}
