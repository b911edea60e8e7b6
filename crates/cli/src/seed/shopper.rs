//! One simulated shopper: what is decided by dice, and what is done on each page of the shop. Everything else (stages, frictions, doors, summaries) is what the engine and
//! the watcher make of it.

use super::doors::{self, BY_HEART, Way};
use super::sayings::{About, Sayings};
use super::truths::{
    BUYS, CHANGED, DELIVERED_WELL, FRICTION, LEFT_CART, LEFT_SEEN, LEFT_SKU, MAIL, MEETS_FRICTION, SALE, SHORT, SINCE,
};
use crate::replay::browser::{Browser, Receiver};
use crate::replay::line::{Consent, Page, Pointer, Step, Variant};
use crate::shop::{Sold, sold};
use crate::simulate::dice::Dice;
use polku_core::{Config, Device, Input, PromptEvent, What};

/// What ids are drawn from, and what shoppers are.
const ENTROPY: u64 = 0x5eed;
const CHARACTER: u64 = 0xcafe;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// Days over which first visits are spread.
const DAYS: u64 = 90;
/// Hours at which people shop, the busy ones more than once; none so late that a visit could begin on the next day.
const HOURS: [u64; 24] = [6, 7, 8, 9, 9, 10, 11, 12, 12, 13, 14, 15, 15, 16, 17, 17, 18, 18, 18, 19, 19, 19, 20, 21];

/// Of those who look around, so many put each thing that they see into the cart.
const TAKES: f64 = 0.3;
/// Of those who come to order the same again, so many do with the one thing that they look at.
const TAKES_AGAIN: f64 = 0.8;

/// What all shoppers share.
pub(super) struct World {
    sold: Vec<Sold>,
    sayings: Sayings,
    key: String,
    /// The first day, and the one after the last, in Unix ms.
    from: u64,
    to: u64,
}

impl World {
    /// The shop with this key, until this moment in Unix ms.
    pub(super) fn new(key: &str, to: u64) -> Self {
        Self { sold: sold(), sayings: Sayings::new(), key: key.to_owned(), from: to - DAYS * DAY, to }
    }

    /// Distinct things that somebody looks at.
    fn looked_at(&self, dice: &mut Dice, count: u64) -> Vec<&Sold> {
        let mut seen: Vec<&Sold> = Vec::new();
        let weight = |one: &Sold| if one.sku == LEFT_SKU { LEFT_SEEN } else { 1 };
        while (seen.len() as u64) < count {
            let rest = || self.sold.iter().filter(|one| !seen.iter().any(|other| other.sku == one.sku));
            let mut left = dice.between(1, rest().map(weight).sum());
            let next = rest().find(|one| {
                let here = left <= weight(one);
                left = left.saturating_sub(weight(one));
                here
            });
            let Some(next) = next else { break };
            seen.push(next);
        }
        seen
    }
}

/// What leaves the browser.
#[derive(Debug, Default)]
struct Sent(Vec<String>);

impl Receiver for Sent {
    fn take(&mut self, body: &str) -> String {
        self.0.push(body.to_owned());
        r#"{"accepted":0,"duplicate":0,"rejected":[]}"#.to_owned()
    }
}

struct Shopper<'a> {
    world: &'a World,
    number: u64,
    dice: Dice,
    browser: Browser<Sent>,
    device: Device,
    lang: &'static str,
    orders: u64,
    visits: Vec<Vec<String>>,
}

/// All visits of the shopper with this number: the batches of each, as they are sent.
pub(super) fn live(world: &World, number: u64) -> Vec<Vec<String>> {
    let mut dice = Dice::new(CHARACTER, number);
    let device = match dice.between(0, 99) {
        0..60 => Device::Mobile,
        60..94 => Device::Desktop,
        _ => Device::Tablet,
    };
    let lang = match dice.between(0, 99) {
        0..68 => "fi",
        68..85 => "en",
        85..94 => "sv",
        _ => "de",
    };
    let config = Config { key: world.key.clone(), device, lang: lang.to_owned(), ..Config::NEW };
    let start = world.from + dice.between(0, DAYS - 1) * DAY + dice.pick(&HOURS) * HOUR + dice.between(0, HOUR - 1);
    let mut browser = Browser::new(config, (ENTROPY, number), start, Sent::default());
    browser.decide(&Consent { measure: Some(true), remember: Some(true), feedback: Some(true) });
    let mut shopper = Shopper { world, number, dice, browser, device, lang, orders: 0, visits: Vec::new() };
    let way = doors::draw(&mut shopper.dice);
    if shopper.look_around(way) {
        if shopper.dice.chance(60) && shopper.comes_back(3, 12) {
            shopper.ask_for_the_parcel();
        }
        if shopper.dice.chance(75) && shopper.comes_back(13, 40) {
            shopper.order_again();
        }
    }
    shopper.visits
}

impl Shopper<'_> {
    /// A first visit. Whether something was bought.
    fn look_around(&mut self, way: &Way) -> bool {
        let count = self.dice.skewed(1, 5);
        let things = self.world.looked_at(&mut self.dice, count);
        let short = self.dice.chance(50);
        let first = match self.dice.between(0, 9) {
            _ if way.is_sale() => "/c/cups".to_owned(),
            0..4 => "/".to_owned(),
            4..8 => format!("/c/{}", things[0].category),
            _ => "/campaign/autumn".to_owned(),
        };
        self.page(&format!("{first}{}", way.query), Some(way.referrer));
        let value = if short { "short" } else { "long" };
        self.browser.happen(Step::Variant(Variant { name: "checkout".into(), value: value.into() }));
        self.stay(2, 40);
        let bounces = self.dice.chance(38);
        let mut cart = Vec::new();
        if !bounces {
            self.find(things[0]);
            for thing in &things {
                self.see(thing);
                let takes = if thing.sku == LEFT_SKU { TAKES * LEFT_CART } else { TAKES };
                if self.dice.likely(takes) {
                    self.track("add_to_cart", &items(&[*thing]));
                    cart.push(*thing);
                    self.stay(1, 15);
                } else if self.dice.chance(4) {
                    self.track("add_to_wishlist", &items(&[*thing]));
                }
            }
        }
        let likely = if way.mail { MAIL } else { 1.0 }
            * if way.is_sale() { SALE } else { 1.0 }
            * if short { SHORT } else { 1.0 };
        let bought = !cart.is_empty() && self.order(&cart, likely);
        self.ends();
        bought
    }

    /// A later visit: where is the parcel?
    fn ask_for_the_parcel(&mut self) {
        self.page("/order", Some(BY_HEART.referrer));
        self.track("order_status_view", "{}");
        self.stay(5, 60);
        let late = !self.dice.likely(DELIVERED_WELL);
        match self.dice.between(0, 99) {
            0..55 => {
                self.ask("delivery-csat", "after_purchase");
                // Nobody who waits for a parcel is satisfied, but one in ten does not mind much.
                let score = match self.dice.between(0, 9) {
                    0..5 if late => 1,
                    5..9 if late => 2,
                    _ if late => 3,
                    0..4 => 4,
                    _ => 5,
                };
                self.answers("csat", "csat", &format!("\"score\":{score}"));
                if self.dice.chance(70) {
                    self.writes("why", if late { About::LateParcel } else { About::GoodParcel });
                }
                self.done();
            }
            55..75 => {
                self.ask("delivery-expected", "after_purchase");
                let choice = match self.dice.between(0, 9) {
                    0..7 if late => "short",
                    0..3 => "exceeded",
                    _ => "met",
                };
                self.answers("expected", "single", &format!("\"choice\":[\"{choice}\"]"));
                self.done();
            }
            _ => {}
        }
        if late && self.dice.chance(20) {
            self.page("/help/delivery", None);
            self.track("help_view", "{}");
            self.stay(10, 90);
            self.track("contact_attempt", r#"{"method":"mail"}"#);
        } else if self.dice.chance(8) {
            self.track("return_start", "{}");
        }
        self.ends();
    }

    /// A later visit: the same again.
    fn order_again(&mut self) {
        let thing = self.world.looked_at(&mut self.dice, 1)[0];
        self.page("/", Some(BY_HEART.referrer));
        self.stay(1, 20);
        self.see(thing);
        // What is left by those who see it is left by these as well.
        let takes = if thing.sku == LEFT_SKU { TAKES_AGAIN * LEFT_CART } else { TAKES_AGAIN };
        if self.dice.likely(takes) {
            self.track("add_to_cart", &items(&[thing]));
            self.order(&[thing], 1.0);
        }
        self.ends();
    }

    /// The way to a first product: by a list, or a search.
    fn find(&mut self, thing: &Sold) {
        if self.dice.chance(18) {
            let nothing = self.dice.chance(15);
            self.page("/search?q=x", None);
            let term = if nothing { "espressokone" } else { &thing.category };
            let results = if nothing { 0 } else { 6 };
            self.track("search", &format!("{{\"search_term\":\"{term}\",\"results\":{results}}}"));
            self.stay(3, 30);
        }
        if self.dice.chance(70) {
            self.page(&format!("/c/{}", thing.category), None);
            self.track("view_item_list", &format!("{{\"item_list_name\":\"{}\"}}", thing.category));
            self.stay(3, 60);
        }
    }

    /// A product's page.
    fn see(&mut self, thing: &Sold) {
        self.page(&format!("/p/{}", thing.slug), None);
        self.track("view_item", &items(&[thing]));
        if self.dice.chance(4) {
            let late = self.dice.between(4_500, 9_000);
            self.vital("LCP\nimg#product", late);
        }
        self.stay(4, 120);
    }

    /// The way to an order of what is in the cart. Whether it was placed.
    fn order(&mut self, cart: &[&Sold], likely: f64) -> bool {
        self.page("/cart", None);
        self.track("view_cart", &items(cart));
        self.stay(2, 40);
        let hampered = self.dice.likely(MEETS_FRICTION);
        if hampered {
            self.clicks_in_vain();
        }
        let since = self.browser.now() >= self.world.to - CHANGED * DAY;
        let likely = BUYS * likely * if since { SINCE } else { 1.0 } * if hampered { FRICTION } else { 1.0 };
        let buys = self.dice.likely(likely);
        if !buys && self.dice.chance(60) {
            return false;
        }
        self.page("/checkout", None);
        self.track("begin_checkout", &items(cart));
        self.stay(15, 180);
        if self.dice.chance(15) {
            self.mistypes("postcode");
        }
        if !buys && self.dice.chance(70) {
            return false;
        }
        self.track("add_shipping_info", r#"{"shipping_tier":"parcel"}"#);
        self.stay(3, 30);
        self.track("add_payment_info", r#"{"payment_type":"card"}"#);
        self.stay(5, 60);
        let declined = self.dice.chance(5);
        if declined {
            self.track("payment_declined", "{}");
            self.stay(5, 60);
        }
        if !buys || declined && self.dice.chance(70) {
            return false;
        }
        self.orders += 1;
        self.page("/thanks", None);
        let paid = format!("{{\"transaction_id\":\"D{}-{}\",{}", self.number, self.orders, &items(cart)[1..]);
        self.track("purchase", &paid);
        self.wait(1_500, 1_600);
        self.is_asked_about_the_order(hampered || declined);
        match self.dice.between(0, 99) {
            0..4 => self.track("share", r#"{"method":"copy_link"}"#),
            4..7 => self.track("review_write", "{}"),
            _ => {}
        }
        true
    }

    fn is_asked_about_the_order(&mut self, hard: bool) {
        match self.dice.between(0, 99) {
            0..25 => {
                self.ask("order-ces", "order_confirmed");
                let score = match self.dice.between(0, 99) {
                    0..60 if hard => self.dice.between(1, 4),
                    0..10 => self.dice.between(2, 4),
                    _ => self.dice.between(5, 7),
                };
                self.answers("ces", "ces", &format!("\"score\":{score}"));
                if self.dice.chance(40) {
                    self.writes("hard", if score < 4 { About::HardOrder } else { About::EasyOrder });
                }
                self.done();
            }
            25..50 => {
                self.ask("nps", "order_confirmed");
                let score = match self.dice.between(0, 99) {
                    0..50 => self.dice.between(9, 10),
                    50..78 => self.dice.between(7, 8),
                    _ => self.dice.between(0, 6),
                };
                self.answers("nps", "nps", &format!("\"score\":{score}"));
                if self.dice.chance(40) {
                    self.writes("reason", if score < 7 { About::Doubt } else { About::Praise });
                }
                self.done();
            }
            50..70 => {
                self.ask("hear", "order_confirmed");
                let kinds =
                    ["search", "social", "friend", "friend", "advertisement", "influencer", "ai", "press", "store"];
                let kind = self.dice.pick(&kinds);
                self.answers("hear", "discovery", &format!("\"choice\":[\"{kind}\"]"));
                self.browser.input(Input::Prompt(PromptEvent::Offsite(&format!("{{\"kind\":\"{kind}\"}}"))));
                self.done();
            }
            _ => {}
        }
    }

    /// Five clicks on a button that answers at last.
    fn clicks_in_vain(&mut self) {
        for _ in 0..5 {
            let (target, role) = ("button#checkout".into(), "button".into());
            self.browser.happen(Step::Pointer(Pointer {
                x: 180.0,
                y: 640.0,
                target,
                role,
                interactive: true,
                label: "".into(),
            }));
            self.wait(150, 250);
        }
        self.observed(What::Mutation, "", 0);
        self.stay(2, 10);
    }

    /// A field that the form turns down, and then takes.
    fn mistypes(&mut self, field: &'static str) {
        for (what, ms) in [(What::Focus, 800), (What::Edit, 1_500), (What::Blur, 200), (What::Invalid, 3_000)] {
            self.observed(what, field, 0);
            self.wait(ms, ms + 500);
        }
        for (what, ms) in
            [(What::Focus, 500), (What::Edit, 900), (What::Change, 100), (What::Blur, 100), (What::Submit, 100)]
        {
            self.observed(what, field, 0);
            self.wait(ms, ms + 200);
        }
    }

    // Prompts.

    fn ask(&mut self, id: &str, trigger: &str) {
        self.browser.input(Input::Open { id, version: 1, trigger, sub: "", auto: true });
        self.wait(1_000, 2_000);
        self.browser.input(Input::Prompt(PromptEvent::Shown));
    }

    fn answers(&mut self, step: &str, ask: &str, said: &str) {
        self.wait(2_000, 20_000);
        let answer = format!("{{\"step\":\"{step}\",\"rev\":1,\"ask\":\"{ask}\",{said}}}");
        self.browser.input(Input::Prompt(PromptEvent::Answer(&answer)));
    }

    /// In a language in which nothing is written here, the question is skipped.
    fn writes(&mut self, step: &str, about: About) {
        let world = self.world;
        let sayings = world.sayings.about(about, self.lang);
        if sayings.is_empty() {
            return self.answers(step, "text", "\"skipped\":true");
        }
        let nth = self.dice.between(0, sayings.len() as u64 - 1) as usize;
        self.answers(step, "text", &sayings[nth]);
    }

    fn done(&mut self) {
        self.browser.input(Input::Prompt(PromptEvent::Closed(r#"{"reason":"completed","partial":false}"#)));
    }

    // Pages and time.

    /// A page is loaded: the first one of a visit from somewhere, later ones by a link.
    fn page(&mut self, url: &str, referrer: Option<&str>) {
        self.browser.page(&Page { url: url.into(), referrer: referrer.map(Into::into), reload: false });
        self.wait(900, 1_800);
        let slow = if self.device == Device::Mobile { 2 } else { 1 };
        let largest = self.dice.skewed(500, 1_900);
        self.vital("LCP\nimg", largest * slow);
    }

    fn vital(&mut self, metric: &'static str, number: u64) {
        self.observed(What::Vital, metric, number as u32);
    }

    fn observed(&mut self, what: What, target: &'static str, number: u32) {
        self.browser.happen(Step::Observed { what, target: target.into(), number });
    }

    fn track(&mut self, name: &'static str, data: &str) {
        self.browser.happen(Step::Track { name, data: Some(data) });
    }

    /// The shopper is busy with the page for some seconds.
    fn stay(&mut self, least: u64, most: u64) {
        let ms = self.wait(least * SECOND, most * SECOND);
        let depth = self.dice.between(30, 100).to_string();
        self.browser.happen(Step::Observed { what: What::Engaged, target: depth.into(), number: ms as u32 });
    }

    fn wait(&mut self, least: u64, most: u64) -> u64 {
        let ms = self.dice.skewed(least, most);
        self.browser.pass(self.browser.now() + ms);
        ms
    }

    /// The tab is closed: what was sent is one visit.
    fn ends(&mut self) {
        self.browser.close();
        self.visits.push(std::mem::take(&mut self.browser.receiver.0));
    }

    /// Days later. Not where that lies ahead of us.
    fn comes_back(&mut self, least: u64, most: u64) -> bool {
        let day = (self.browser.now() - self.world.from) / DAY + self.dice.between(least, most);
        let at = self.world.from + day * DAY + self.dice.pick(&HOURS) * HOUR + self.dice.between(0, HOUR - 1);
        if at >= self.world.to {
            return false;
        }
        self.browser.pass(at);
        true
    }
}

/// What GA4 says of products: the members of an event, an object.
fn items(things: &[&Sold]) -> String {
    let listed: Vec<String> = things
        .iter()
        .map(|one| {
            format!(
                "{{\"item_id\":\"{}\",\"item_category\":\"{}\",\"price\":{},\"quantity\":1}}",
                one.sku,
                one.category,
                euros(one.cents)
            )
        })
        .collect();
    let value = euros(things.iter().map(|one| one.cents).sum());
    format!("{{\"currency\":\"EUR\",\"value\":{value},\"items\":[{}]}}", listed.join(","))
}

fn euros(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
