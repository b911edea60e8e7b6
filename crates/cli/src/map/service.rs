//! What the shop has imported, beside what was measured on the same days: contacts of a hundred orders, what tickets are about, touchpoints off the site,
//! how much of the shop's books was measured, and what an order costs. Nothing of it is joined to a journey.

use super::facts::{Chosen, Facts, Feeling, Id, NONE};
use super::rate::{Each, Rate};
use super::scores::MIN_N;
use super::share::Share;
use super::voice::Theme;
use crate::imported::day;
use crate::store::imported::{COSTS, Imported, ORDERS, TEXTS, TICKETS, TOUCHPOINTS, Wanted};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

/// Words that are sent: the newest.
const WORDS: u32 = 60;
/// Kinds of touchpoints by which somebody reaches the shop for help.
const CONTACTS: [&str; 5] = ["call", "email", "chat", "letter", "social_media"];
const FEELINGS: [&str; 4] = ["frustrated", "confused", "neutral", "satisfied"];

/// What can be asked for: there is no door, no device and no language of what was imported.
#[derive(Debug, Clone, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceFilter {
    /// The first day, UTC.
    pub since: Option<String>,
    /// The last day, UTC.
    pub until: Option<String>,
    /// The shop.
    pub key: Option<String>,
}

/// The rows that are counted in these days, in the order in which [`count`] takes them.
pub fn wanted(days: (i64, i64)) -> [Wanted; 5] {
    let all = |shape| Wanted { shape, days, newest: None };
    // Costs that are cut are counted: all of them are read.
    let costs = Wanted { days: (i64::MIN, i64::MAX), ..all(&COSTS) };
    [all(&TOUCHPOINTS), all(&TICKETS), Wanted { newest: Some(WORDS), ..all(&TEXTS) }, all(&ORDERS), costs]
}

/// What was imported, and what it says beside what was measured.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Service {
    /// Below this many there are counts alone.
    pub min_n: u64,
    /// What there is, and of which days.
    pub imported: Vec<Known>,
    /// Contacts of a hundred orders.
    pub contacts: Contacts,
    /// What tickets are about, the most frequent first.
    pub themes: Vec<Theme>,
    /// Touchpoints off the site, by stage in the order of the path.
    pub touchpoints: Vec<OffSite>,
    /// Measured orders of those in the books.
    pub coverage: Coverage,
    /// What doors and campaigns cost.
    pub costs: Vec<Cost>,
    /// Costs that lie partly outside of the days that were asked for: they are left out, since nobody knows how they spread.
    pub costs_cut: u64,
    /// The newest words of tickets, where the shop keeps them.
    pub words: Vec<TicketWords>,
}

impl Service {
    /// What of it somebody outside may see, before small numbers are taken out: no money of the shop's, and no weeks, since the orders of many
    /// short times stand beside each other there.
    pub fn shareable(mut self) -> Self {
        self.costs.clear();
        self.costs_cut = 0;
        self.contacts.weeks.clear();
        self.coverage.weeks.clear();
        self.coverage.money.clear();
        self
    }
}

/// Something that was imported.
#[derive(Debug, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "ImportedDays")]
pub struct Known {
    /// `touchpoints`, `tickets`, `orders` or `costs`.
    pub what: &'static str,
    /// Its first day.
    pub since: String,
    /// Its last day.
    pub until: String,
    /// How many of them were told: tickets, touchpoints, orders, or lines of costs.
    pub n: u64,
}

/// How often somebody turns to the shop.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Contacts {
    /// What orders are: those of the shop's books, or those that were measured, which are fewer.
    pub orders: Orders,
    /// Tickets over all days on which both are known.
    pub all: Rate,
    /// By week, the oldest first.
    pub weeks: Vec<RateWeek>,
    /// By the way in which they came. A call can have become a ticket: these are not to be added up.
    pub ways: Vec<Way>,
}

/// Where orders are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Orders {
    /// In the shop's own books.
    Books,
    /// In the journeys.
    #[default]
    Measured,
}

/// A week of contacts.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct RateWeek {
    /// Its Monday.
    pub from: String,
    /// Days of it on which both tickets and orders are known.
    pub days: u64,
    /// Tickets for orders.
    pub rate: Rate,
}

/// One way to turn to the shop.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "ContactWay")]
pub struct Way {
    /// Imported as `tickets` or as `touchpoints`.
    pub what: &'static str,
    /// The channel or the kind; empty where tickets do not say.
    pub name: String,
    /// How many for orders.
    pub rate: Rate,
}

/// Touchpoints of a stage that were not on the site.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct OffSite {
    /// Its name; empty where it was not told.
    pub stage: String,
    /// Each kind, the most frequent first.
    pub kinds: Vec<OffSiteKind>,
}

/// One kind of them.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct OffSiteKind {
    /// Its name.
    pub kind: String,
    /// How many.
    pub n: u64,
    /// Of these, by how they felt; those that do not say are in none.
    pub emotions: BTreeMap<String, u64>,
}

/// How much of the books was measured. Shoppers who refuse are in the books alone.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Coverage {
    /// Over all days that are in the books, from the first measured journey on.
    pub all: Covered,
    /// By week, the oldest first.
    pub weeks: Vec<CoveredWeek>,
    /// What orders of these days were worth, by currency.
    pub money: Vec<CoveredMoney>,
}

/// Orders in both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Covered {
    /// Days.
    pub days: u64,
    /// Orders in the books.
    pub books: u64,
    /// Measured orders.
    pub measured: u64,
    /// The share; none where more were measured than are in the books, which then say something else than orders.
    pub share: Option<Share>,
}

/// A week of them.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct CoveredWeek {
    /// Its Monday.
    pub from: String,
    /// Orders in both.
    #[serde(flatten)]
    pub covered: Covered,
}

/// Money in both, in hundredths.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct CoveredMoney {
    /// In which currency.
    pub currency: String,
    /// In the books.
    pub books: i64,
    /// Measured; pages round it to two digits, unless they are told otherwise.
    pub measured: i64,
}

/// What a door or a campaign cost, and what was measured of it on these days.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "CostOfDoor")]
pub struct Cost {
    /// The shop.
    pub key: String,
    /// The door; empty where the cost is of a campaign through all doors.
    pub door: String,
    /// The campaign; empty where the cost is of a whole door.
    pub campaign: String,
    /// In which currency.
    pub currency: String,
    /// The first day.
    pub since: String,
    /// The last day.
    pub until: String,
    /// Days for which it was paid.
    pub days: u64,
    /// What was paid, in hundredths.
    pub cost: i64,
    /// Measured orders of it.
    pub orders: u64,
    /// Of these, first orders: new customers.
    pub first_orders: u64,
    /// Of these, orders that do not tell whether they are the first.
    pub untold: u64,
    /// What the measured orders were worth, in hundredths of the same currency.
    pub value: i64,
    /// What one measured order cost. Orders that were not measured make it less.
    pub per_order: Option<Each>,
    /// What one measured new customer cost.
    pub per_first_order: Option<Each>,
    /// Of all orders of the shop on the same days, how many were measured: as far as the books tell.
    pub coverage: Covered,
}

/// What somebody wrote to the shop.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct TicketWords {
    /// Scrubbed when it was imported.
    pub text: String,
    /// The day.
    pub day: String,
    /// How it came.
    pub channel: String,
    /// What it is about.
    pub themes: Vec<String>,
    /// How it sounds.
    pub emotion: Option<Feeling>,
}

/// What is known of a shop by day.
#[derive(Default)]
struct Shop {
    /// Tickets and touchpoints of each name.
    contacts: BTreeMap<(&'static str, String), BTreeMap<i64, u64>>,
    tickets: Option<(i64, i64)>,
    touchpoints: Option<(i64, i64)>,
    books: BTreeMap<i64, u64>,
    measured: BTreeMap<i64, u64>,
    /// The day of the first journey.
    since: Option<i64>,
}

impl Shop {
    /// Measured orders and those in the books, on days of the books from the first journey on.
    fn covered<'a>(&'a self, days: RangeInclusive<i64>) -> impl Iterator<Item = (i64, Covered)> + 'a {
        let since = self.since.unwrap_or(i64::MAX);
        let books = if days.is_empty() { None } else { Some(self.books.range(days)) };
        books.into_iter().flatten().filter(move |(day, _)| **day >= since).map(|(day, books)| {
            let measured = self.measured.get(day).copied().unwrap_or_default();
            (*day, Covered { days: 1, books: *books, measured, share: None })
        })
    }

    /// Orders of a day, where they are known.
    fn orders(&self, of: Orders, day: i64) -> Option<u64> {
        match of {
            Orders::Books => self.books.get(&day).copied(),
            Orders::Measured => {
                self.since.filter(|since| *since <= day).map(|_| self.measured.get(&day).copied().unwrap_or_default())
            }
        }
    }

    /// Contacts and orders by day, in the days between the first and the last that were told.
    fn rates(&self, of: Orders, what: &str, name: Option<&str>) -> Vec<(i64, u64, u64)> {
        let told = if what == "tickets" { self.tickets } else { self.touchpoints };
        let Some((first, last)) = told else { return Vec::new() };
        let is = |(is, called): &(&'static str, String)| *is == what && name.is_none_or(|name| name == called);
        let mut by_day: BTreeMap<i64, u64> = BTreeMap::new();
        for (day, n) in self.contacts.iter().filter(|(of, _)| is(of)).flat_map(|(_, days)| days) {
            *by_day.entry(*day).or_default() += n;
        }
        let known = (first..=last).filter_map(|day| Some((day, self.orders(of, day)?)));
        known.map(|(day, orders)| (day, by_day.get(&day).copied().unwrap_or_default(), orders)).collect()
    }
}

impl Covered {
    fn add(&mut self, other: Self) {
        self.days += other.days;
        self.books += other.books;
        self.measured += other.measured;
    }

    fn told(self) -> Self {
        Self { share: (self.measured <= self.books).then(|| Share::new(self.measured, self.books)), ..self }
    }
}

/// Counts what was imported (the rows that are [`wanted`]) beside the journeys that were chosen, in these days.
pub fn count(facts: &Facts, chosen: &Chosen, tables: [Vec<Imported>; 5], days: (i64, i64)) -> Service {
    let [touchpoints, tickets, texts, orders, costs] = tables;
    let inside = |cost: &Imported| days.0 <= cost.number(3) && cost.number(4) <= days.1;
    let touches = |cost: &Imported| days.0 <= cost.number(4) && cost.number(3) <= days.1;
    let costs_cut = costs.iter().filter(|cost| touches(cost) && !inside(cost)).count() as u64;
    let costs: Vec<Imported> = costs.into_iter().filter(inside).collect();
    let mut shops: HashMap<String, Shop> = HashMap::new();
    for row in &touchpoints {
        let shop = shops.entry(row.key.clone()).or_default();
        add(shop, "touchpoints", row.text(0), row);
        widen(&mut shop.touchpoints, row.number(1));
    }
    for row in tickets.iter().filter(|row| row.text(2).is_empty()) {
        let shop = shops.entry(row.key.clone()).or_default();
        add(shop, "tickets", row.text(0), row);
        widen(&mut shop.tickets, row.number(1));
    }
    for row in &orders {
        let shop = shops.entry(row.key.clone()).or_default();
        *shop.books.entry(row.number(1)).or_default() += amount(row.number(2));
    }
    for cost in &costs {
        shops.entry(cost.key.clone()).or_default();
    }
    measure(facts, chosen, &mut shops);
    Service {
        min_n: MIN_N,
        imported: known(&touchpoints, &tickets, &orders, &costs),
        contacts: contacts(&shops),
        themes: themes(&tickets),
        touchpoints: off_site(&touchpoints),
        coverage: coverage(facts, chosen, &shops, &orders),
        costs: cost_rows(facts, chosen, &shops, &costs),
        costs_cut,
        words: words(texts),
    }
}

fn add(shop: &mut Shop, what: &'static str, name: &str, row: &Imported) {
    let days = shop.contacts.entry((what, name.to_owned())).or_default();
    *days.entry(row.number(1)).or_default() += amount(row.number(4));
}

fn amount(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

fn widen(days: &mut Option<(i64, i64)>, day: i64) {
    let (first, last) = days.unwrap_or((day, day));
    *days = Some((first.min(day), last.max(day)));
}

const fn day_of(seconds: i64) -> i64 {
    seconds.div_euclid(86_400)
}

/// The Monday of a day: 1970 began on a Thursday.
const fn monday(day: i64) -> i64 {
    (day + 3).div_euclid(7) * 7 - 3
}

/// Orders of the journeys by day, and since when there are any.
fn measure(facts: &Facts, chosen: &Chosen, shops: &mut HashMap<String, Shop>) {
    let mut by_key: HashMap<Id, &mut Shop> = HashMap::new();
    for (key, shop) in shops {
        if let Some(id) = facts.words.plain.find(key) {
            by_key.insert(id, shop);
        }
    }
    if by_key.is_empty() {
        return;
    }
    for fact in &facts.all {
        let Some(shop) = by_key.get_mut(&fact.key) else { continue };
        let day = day_of(fact.started);
        shop.since = Some(shop.since.map_or(day, |since| since.min(day)));
        if fact.bought && chosen.takes(fact) {
            *shop.measured.entry(day).or_default() += 1;
        }
    }
}

fn known(touchpoints: &[Imported], tickets: &[Imported], orders: &[Imported], costs: &[Imported]) -> Vec<Known> {
    let of = |what: &'static str, rows: &[Imported], days: (usize, usize), n: &dyn Fn(&Imported) -> u64| {
        let since = rows.iter().map(|row| row.number(days.0)).min()?;
        let until = rows.iter().map(|row| row.number(days.1)).max()?;
        Some(Known { what, since: day::name(since), until: day::name(until), n: rows.iter().map(n).sum() })
    };
    let tickets_once = |row: &Imported| if row.text(2).is_empty() { amount(row.number(4)) } else { 0 };
    [
        of("touchpoints", touchpoints, (1, 1), &|row| amount(row.number(4))),
        of("tickets", tickets, (1, 1), &tickets_once),
        of("orders", orders, (1, 1), &|row| amount(row.number(2))),
        of("costs", costs, (3, 4), &|_| 1),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn contacts(shops: &HashMap<String, Shop>) -> Contacts {
    // Where some shop has books, orders are those of books; a shop without any is left out, since its tickets have nothing to stand beside.
    let has_contacts = |shop: &&Shop| shop.tickets.is_some() || shop.touchpoints.is_some();
    let books = shops.values().filter(has_contacts).any(|shop| !shop.books.is_empty());
    let of = if books { Orders::Books } else { Orders::Measured };
    let mut weeks: BTreeMap<i64, (u64, u64, u64)> = BTreeMap::new();
    for (day, contacts, orders) in shops.values().flat_map(|shop| shop.rates(of, "tickets", None)) {
        let (days, n, all) = weeks.entry(monday(day)).or_default();
        *days += 1;
        *n += contacts;
        *all += orders;
    }
    let mut names: Vec<&(&'static str, String)> = shops.values().flat_map(|shop| shop.contacts.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let ways = names.into_iter().filter(|(what, name)| *what == "tickets" || CONTACTS.contains(&name.as_str()));
    let mut ways: Vec<Way> = ways
        .map(|(what, name)| {
            let all = shops.values().flat_map(|shop| shop.rates(of, what, Some(name)));
            let (n, orders) = all.fold((0, 0), |(n, orders), (_, more, of)| (n + more, orders + of));
            Way { what, name: name.clone(), rate: Rate::new(n, orders) }
        })
        .collect();
    ways.sort_by(|a, b| b.rate.n.cmp(&a.rate.n).then((a.what, &a.name).cmp(&(b.what, &b.name))));
    let all = weeks.values().fold((0, 0), |(n, orders), (_, more, of)| (n + more, orders + of));
    Contacts {
        orders: of,
        all: Rate::new(all.0, all.1),
        weeks: weeks
            .into_iter()
            .map(|(from, (days, n, orders))| RateWeek { from: day::name(from), days, rate: Rate::new(n, orders) })
            .collect(),
        ways,
    }
}

fn themes(tickets: &[Imported]) -> Vec<Theme> {
    let mut counted: HashMap<&str, Theme> = HashMap::new();
    for row in tickets.iter().filter(|row| !row.text(2).is_empty()) {
        let theme =
            counted.entry(row.text(2)).or_insert_with(|| Theme { theme: row.text(2).to_owned(), ..Theme::default() });
        theme.n += amount(row.number(4));
        if let Some(feeling) = FEELINGS.into_iter().find(|known| *known == row.text(3)) {
            *theme.emotions.entry(feeling).or_default() += amount(row.number(4));
        }
    }
    let mut all: Vec<Theme> = counted.into_values().collect();
    all.sort_by(|a, b| b.n.cmp(&a.n).then(a.theme.cmp(&b.theme)));
    all
}

fn off_site(touchpoints: &[Imported]) -> Vec<OffSite> {
    let mut stages: HashMap<&str, HashMap<&str, OffSiteKind>> = HashMap::new();
    for row in touchpoints {
        let kinds = stages.entry(row.text(2)).or_default();
        let new = || OffSiteKind { kind: row.text(0).to_owned(), n: 0, emotions: BTreeMap::new() };
        let kind = kinds.entry(row.text(0)).or_insert_with(new);
        kind.n += amount(row.number(4));
        if !row.text(3).is_empty() {
            *kind.emotions.entry(row.text(3).to_owned()).or_default() += amount(row.number(4));
        }
    }
    let place = |stage: &str| {
        let known = super::touchpoints::STAGES.iter().position(|known| *known == stage);
        (known.unwrap_or(usize::MAX), stage.is_empty())
    };
    let mut all: Vec<OffSite> = stages
        .into_iter()
        .map(|(stage, kinds)| {
            let mut kinds: Vec<OffSiteKind> = kinds.into_values().collect();
            kinds.sort_by(|a, b| b.n.cmp(&a.n).then(a.kind.cmp(&b.kind)));
            OffSite { stage: stage.to_owned(), kinds }
        })
        .collect();
    all.sort_by(|a, b| (place(&a.stage), &a.stage).cmp(&(place(&b.stage), &b.stage)));
    all
}

fn coverage(facts: &Facts, chosen: &Chosen, shops: &HashMap<String, Shop>, orders: &[Imported]) -> Coverage {
    let mut weeks: BTreeMap<i64, Covered> = BTreeMap::new();
    let mut all = Covered::default();
    for (day, covered) in shops.values().flat_map(|shop| shop.covered(i64::MIN..=i64::MAX)) {
        weeks.entry(monday(day)).or_default().add(covered);
        all.add(covered);
    }
    let since = |key: &str| shops.get(key).and_then(|shop| shop.since).unwrap_or(i64::MAX);
    // What is in the books of a day, by currency; what was measured there in another is of another table.
    let mut money: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    let mut booked: HashMap<(Id, i64), Vec<Id>> = HashMap::new();
    for row in orders.iter().filter(|row| row.number(1) >= since(&row.key)) {
        money.entry(row.text(0)).or_default().0 += row.number(3);
        let find = |word: &str| facts.words.plain.find(&word.to_owned());
        if let (Some(key), Some(currency)) = (find(&row.key), find(row.text(0))) {
            let currencies = booked.entry((key, row.number(1))).or_default();
            if !currencies.contains(&currency) {
                currencies.push(currency);
            }
        }
    }
    let paid = |fact: &&super::facts::Fact| fact.bought && fact.paid.is_some();
    for fact in facts.all.iter().filter(|_| !booked.is_empty()).filter(paid).filter(|fact| chosen.takes(fact)) {
        let known = booked.get(&(fact.key, day_of(fact.started))).is_some_and(|all| all.contains(&fact.currency));
        if let Some((_, measured)) = money.get_mut(facts.words.plain.word(fact.currency).as_str()).filter(|_| known) {
            *measured += fact.paid.unwrap_or_default();
        }
    }
    Coverage {
        all: all.told(),
        weeks: weeks
            .into_iter()
            .map(|(from, covered)| CoveredWeek { from: day::name(from), covered: covered.told() })
            .collect(),
        money: money
            .into_iter()
            .map(|(currency, (books, measured))| CoveredMoney { currency: currency.to_owned(), books, measured })
            .collect(),
    }
}

/// Which orders a cost is held against: shop, door, campaign as small letters; what is not told is any.
type Of = (Id, Id, String);

fn cost_rows(facts: &Facts, chosen: &Chosen, shops: &HashMap<String, Shop>, costs: &[Imported]) -> Vec<Cost> {
    let mut rows: BTreeMap<[&str; 4], (Cost, Vec<RangeInclusive<i64>>)> = BTreeMap::new();
    for row in costs {
        let (from, to) = (row.number(3), row.number(4));
        let group = rows.entry([&row.key, row.text(0), row.text(1), row.text(2)]);
        let (cost, periods) = group.or_insert_with(|| (Cost::new(row), Vec::new()));
        cost.cost += row.number(5);
        periods.push(from..=to);
    }
    let mut rows: Vec<(Cost, Vec<RangeInclusive<i64>>)> = rows.into_values().collect();
    let mut of: HashMap<Of, Vec<usize>> = HashMap::new();
    for (at, (cost, periods)) in rows.iter_mut().enumerate() {
        let days = apart(periods);
        *periods = days;
        cost.days = periods.iter().map(|days| amount(days.end() - days.start() + 1)).sum();
        cost.since = day::name(periods.first().map_or(0, |days| *days.start()));
        cost.until = day::name(periods.last().map_or(0, |days| *days.end()));
        if let Some(shop) = shops.get(&cost.key) {
            periods.iter().for_each(|days| shop.covered(days.clone()).for_each(|(_, day)| cost.coverage.add(day)));
        }
        cost.coverage = cost.coverage.told();
        let find = |word: &String| facts.words.plain.find(word);
        // A door by which nobody has come has no number, and no order.
        let door = if cost.door.is_empty() { Some(NONE) } else { find(&cost.door) };
        if let (Some(key), Some(door)) = (find(&cost.key), door) {
            of.entry((key, door, cost.campaign.to_lowercase())).or_default().push(at);
        }
    }
    let first = facts.words.plain.find(&"first".to_owned());
    for fact in facts.all.iter().filter(|_| !of.is_empty()).filter(|fact| fact.bought && chosen.takes(fact)) {
        let day = day_of(fact.started);
        let campaign = facts.words.plain.word(fact.campaign).to_lowercase();
        let through = (fact.key, fact.door, campaign.clone());
        let mut meant = vec![(fact.key, fact.door, String::new()), (fact.key, NONE, campaign), through];
        meant.retain(|(_, door, campaign)| *door != NONE || !campaign.is_empty());
        meant.dedup();
        for at in meant.iter().filter_map(|of_it| of.get(of_it)).flatten() {
            let Some((cost, periods)) = rows.get_mut(*at) else { continue };
            if !periods.iter().any(|days| days.contains(&day)) {
                continue;
            }
            cost.orders += 1;
            cost.first_orders += u64::from(first == Some(fact.order));
            cost.untold += u64::from(fact.order == NONE);
            if *facts.words.plain.word(fact.currency) == cost.currency {
                cost.value += fact.paid.unwrap_or_default();
            }
        }
    }
    let mut all: Vec<Cost> = rows.into_iter().map(|(cost, _)| cost.told()).collect();
    all.sort_by(|a, b| b.cost.cmp(&a.cost).then((&a.key, &a.door, &a.campaign).cmp(&(&b.key, &b.door, &b.campaign))));
    all
}

/// Periods in their order, each day in one of them: two sources may have paid for the same days.
fn apart(periods: &mut Vec<RangeInclusive<i64>>) -> Vec<RangeInclusive<i64>> {
    periods.sort_by_key(|days| *days.start());
    let mut apart: Vec<RangeInclusive<i64>> = Vec::new();
    for days in periods.drain(..) {
        match apart.last_mut() {
            Some(last) if *last.end() >= *days.start() => *last = *last.start()..=*last.end().max(days.end()),
            _ => apart.push(days),
        }
    }
    apart
}

impl Cost {
    fn new(row: &Imported) -> Self {
        Self {
            key: row.key.clone(),
            door: row.text(0).to_owned(),
            campaign: row.text(1).to_owned(),
            currency: row.text(2).to_owned(),
            since: String::new(),
            until: String::new(),
            days: 0,
            cost: 0,
            orders: 0,
            first_orders: 0,
            untold: 0,
            value: 0,
            per_order: None,
            per_first_order: None,
            coverage: Covered::default(),
        }
    }

    fn told(self) -> Self {
        Self {
            per_order: Each::of(self.cost, self.orders),
            per_first_order: Each::of(self.cost, self.first_orders),
            ..self
        }
    }
}

fn words(texts: Vec<Imported>) -> Vec<TicketWords> {
    let told = |row: Imported| TicketWords {
        text: row.text(2).to_owned(),
        day: day::name(row.number(1)),
        channel: row.text(0).to_owned(),
        themes: row.text(3).split(' ').filter(|theme| !theme.is_empty()).map(str::to_owned).collect(),
        emotion: Feeling::parse(row.text(4)),
    };
    texts.into_iter().map(told).collect()
}
