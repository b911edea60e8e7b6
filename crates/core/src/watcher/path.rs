//! Frictions that are found only along the path: over several pages, or over a long time on one. What has to survive a page is in
//! the journey's marks; what lives here belongs to the page that is looked at.

use super::friction::cta_hidden::CtaHidden;
use super::friction::marks::{ACTIVE_AT, FOUND, ORDERS, PAGE, PAYMENT, PAYMENT_PATH, RESULTS, SWINGS, first, mark};
use super::friction::{
    back_and_forth, hesitation, no_progress, order_unconfirmed, page_reloaded, payment_declined, search_no_results,
    search_repeated,
};
use super::service::service;
use super::{Told, Watcher};
use crate::data;
use crate::input::{Arrival, Observation, What};
use crate::json;
use crate::name::Name;
use crate::rng::hash;
use crate::time::Millis;
use crate::timer::Timer;
use crate::words;

/// What is known of the page that is looked at, for as long as it is.
#[derive(Default)]
pub(super) struct Path {
    /// Its address, and its path alone, as hashes that no journey has salted yet.
    address: u64,
    place: u64,
    /// What its address tells of a payment.
    told: payment_declined::Told,
    pub(super) how: Option<Arrival>,
    /// A search on it may be the one before, shown again.
    again: bool,
    /// When the shop last reported an empty search.
    empty: Millis,
    /// The page is out of sight.
    away: bool,
    /// When the shopper came back from a payment: what goes on then in the shop is another step.
    back: Millis,
    /// … and came late.
    late: bool,
    /// Other tabs have been asked for the order.
    asked: bool,
    /// How sure it is that the payment was declined, in hundredths.
    sure: i64,
    action: CtaHidden,
}

impl Watcher {
    /// A page is looked at, whose path (with its query) is `path`.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn path_seen(&mut self, path: &str) {
        // What was watched on the page before ends here.
        self.path_action(false);
        let (address, _) = words::cut(path, b'#');
        let (place, query) = words::cut(address, b'?');
        let it = &mut self.path;
        it.action = CtaHidden::default();
        it.place = hash(0, place);
        it.address = hash(it.place, query);
        it.told = payment_declined::told(address);
    }

    /// A page is looked at; its template is known, its view not yet captured.
    pub(super) fn path_arrived(&mut self, how: Arrival) {
        let it = &mut self.path;
        (it.how, it.again) = (Some(how), matches!(how, Arrival::Reload | Arrival::Restored));
    }

    /// Something was observed on the page.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn path_observed(&mut self, observation: Observation<'_>) {
        if self.hidden {
            return;
        }
        let Observation { what, target, number } = observation;
        self.path_action(true);
        let now = self.now;
        let it = &mut self.path;
        let marks = &mut self.marks;
        match what {
            What::Scroll => it.action.scroll(number, now),
            What::Action => it.action.state(target, number, now),
            What::Near => hesitation::near(marks, mark(marks[PAGE], target), now),
            What::Away if hesitation::away(marks, mark(marks[PAGE], target), now) => {
                self.friction(Name::Hesitation, 3, hesitation::SURE, target);
            }
            What::Edit => hesitation::end(marks),
            What::Press => {
                hesitation::end(marks);
                let checkout = it.told.checkout || mark(it.place, &self.heard.id) == marks[PAYMENT_PATH];
                if checkout && (it.told.pay || payment_declined::told(target).pay) {
                    self.path_pays();
                }
            }
            What::Change | What::Submit => {
                hesitation::end(marks);
                it.action.answer(now);
            }
            What::Mutation | What::Request | What::Focus => it.action.answer(now),
            What::Alert => {
                it.action.answer(now);
                if now.since(it.back) <= payment_declined::BACK {
                    self.path_declined(payment_declined::ALERT);
                }
            }
            _ => {}
        }
        if !matches!(
            what,
            What::Mutation | What::Alert | What::Request | What::Error | What::Vital | What::Action | What::Seen
        ) {
            self.path_active(now);
        }
    }

    /// A click or tap.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn path_pointer(&mut self) {
        if self.heard.is_on() && !self.heard.is_over(self.now) {
            self.path_action(true);
            self.path.action.click(self.now);
            self.path_active(self.now);
        }
    }

    /// A touchpoint was captured; `data` is what leaves with it.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn path_happened(&mut self, name: Name, data: &str) {
        let now = self.heard.last;
        let stage = self.heard.stage.map_or(0, |stage| u64::from(stage.0) + 1);
        let marks = &mut self.marks;
        no_progress::stands(marks, stage);
        if let Name::SelectItem | Name::ViewItem | Name::AddToWishlist | Name::AddToCart = name {
            let _ = first(marks, FOUND);
        }
        if let Name::AddToCart | Name::RemoveFromCart | Name::AddShippingInfo | Name::AddPaymentInfo | Name::Purchase =
            name
        {
            no_progress::progress(marks);
            hesitation::end(marks);
            marks[SWINGS] = 0;
        }
        match name {
            Name::PageView => self.path_page(now),
            Name::Search => self.path_search(now, data),
            Name::SearchNoResults => {
                marks[RESULTS] = 1;
                self.path.empty = now;
                self.timers.stop(Timer::Search);
            }
            Name::AddPaymentInfo => self.path_pays(),
            Name::PaymentDeclined | Name::Purchase => self.path_paid(),
            _ if self.path.back.0 != 0 && name.is_for_shops() => self.path_paid(),
            _ => {}
        }
        if name.is_for_shops() || name == Name::PageView {
            self.path_active(now);
        }
    }

    /// The page goes out of sight.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn path_settle(&mut self) {
        self.path_action(false);
        self.path_tick();
        if self.marks[ACTIVE_AT] != 0 {
            self.path_active(self.now);
        }
        self.marks[ACTIVE_AT] = 0;
        self.path.away = true;
    }

    /// Tells what has waited.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn path_tick(&mut self) {
        for timer in [Timer::Search, Timer::Declined] {
            // As the page goes, the shop's own word was waited for long enough.
            if self.hidden && self.timers.is_set(timer) {
                self.timers.set(timer, self.now);
            }
        }
        if self.timers.expired(Timer::Search, self.now) {
            self.friction(Name::SearchNoResults, 1, search_no_results::SURE, "");
        }
        if self.timers.expired(Timer::Declined, self.now) {
            self.friction(Name::PaymentDeclined, 1, self.path.sure, "");
        }
        if self.timers.expired(Timer::Unpaid, self.now) {
            self.path_unpaid();
        }
    }

    /// The page's view is in the journey.
    fn path_page(&mut self, now: Millis) {
        let it = &mut self.path;
        // Where a journey begins in the middle of a page, its view was no arrival.
        let how = it.how.take();
        // What comes back was such a touchpoint before.
        if let Some((name, data)) = service(&self.page)
            && matches!(how, Some(Arrival::Load | Arrival::Route | Arrival::Named))
        {
            self.tell(name, now, if data.is_empty() { "{}".to_owned() } else { data.to_owned() });
        }
        let it = &mut self.path;
        let marks = &mut self.marks;
        let page = mark(it.address, &self.heard.id);
        let reloaded = page_reloaded::arrive(marks, page, how == Some(Arrival::Reload), now);
        let swung = back_and_forth::arrive(marks, page, now);
        if order_unconfirmed::was_begun(marks) {
            let began_here = mark(it.place, &self.heard.id) == marks[PAYMENT_PATH];
            let checkout = it.told.checkout || began_here;
            it.back = now;
            it.late = !checkout && order_unconfirmed::is_late(marks, now);
            if began_here {
                marks[ORDERS] = order_unconfirmed::RETURNED;
            }
            if it.told.well || !checkout && !it.late {
                marks[PAYMENT] = 0;
            } else if it.told.failed && checkout {
                self.path_declined(payment_declined::ADDRESS);
            }
            self.path_wait();
        }
        if reloaded {
            self.friction(Name::PageReloaded, 3, page_reloaded::SURE, "");
        }
        if swung {
            self.friction(Name::BackAndForth, 3, back_and_forth::SURE, "");
        }
    }

    /// A search.
    fn path_search(&mut self, now: Millis, data: &str) {
        let term = data::find(data, "search_term").and_then(json::inside).unwrap_or_default();
        let results = data::find(data, "results").and_then(words::number).map_or(0, |results| results + 1);
        let it = &mut self.path;
        let again = std::mem::take(&mut it.again);
        let shape = search_repeated::shape(term, hash(0, &self.heard.id));
        let (new, repeated) = search_repeated::search(&mut self.marks, shape, results, again, now);
        if new {
            if search_no_results::is(&self.marks) && now.since(it.empty) > search_no_results::WAIT {
                self.timers.set(Timer::Search, self.now.plus(search_no_results::WAIT));
            } else {
                self.timers.stop(Timer::Search);
            }
        }
        if repeated {
            self.friction(Name::SearchRepeated, 2, search_repeated::SURE, "");
        }
    }

    /// The shopper is there.
    fn path_active(&mut self, now: Millis) {
        if self.hidden && self.marks[ACTIVE_AT] == 0 {
            return;
        }
        if no_progress::active(&mut self.marks, now) {
            self.friction(Name::NoProgress, 1, no_progress::SURE, "");
        }
    }

    /// Time went on for the page's main action, and the page is `seen` from now on. The shopper may be back from a payment.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn path_action(&mut self, seen: bool) {
        let it = &mut self.path;
        if seen && std::mem::take(&mut it.away) && order_unconfirmed::was_begun(&self.marks) {
            it.back = self.now;
        }
        if let Some(sure) = self.path.action.until(self.now, seen)
            && self.heard.is_on()
            && !self.heard.is_over(self.now)
        {
            let target = std::mem::take(&mut self.path.action.target);
            self.friction(Name::CtaHidden, 1, sure, &target);
        }
    }

    /// A payment begins.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn path_pays(&mut self) {
        let it = &mut self.path;
        let heard = &self.heard;
        order_unconfirmed::begin(&mut self.marks, mark(it.place, &heard.id), heard.orders, self.now);
        (it.back, it.late) = (Millis(0), false);
        self.path_wait();
    }

    /// … and has ended, or was given up.
    fn path_paid(&mut self) {
        (self.marks[PAYMENT], self.path.back) = (0, Millis(0));
        self.timers.stop(Timer::Declined);
    }

    /// It seems to have been declined: unless the shop says so itself, it is told.
    fn path_declined(&mut self, sure: i64) {
        if order_unconfirmed::was_begun(&self.marks) && !self.timers.is_set(Timer::Declined) {
            self.path.sure = sure;
            self.timers.set(Timer::Declined, self.now.plus(payment_declined::WAIT));
        }
    }

    /// Nothing is heard of it yet.
    fn path_wait(&mut self) {
        self.path.asked = false;
        let wait = if self.path.late { order_unconfirmed::CONFIRM } else { order_unconfirmed::SILENT };
        self.timers.set(Timer::Unpaid, self.now.plus(wait));
    }

    /// Nothing was heard of it for long.
    fn path_unpaid(&mut self) {
        let marks = &self.marks;
        let last = self.heard.last;
        let until = last.plus(order_unconfirmed::SILENT);
        if !order_unconfirmed::is_under_way(marks) || marks[ORDERS] != self.heard.orders {
            return;
        }
        if !self.path.late && until > self.now {
            self.timers.set(Timer::Unpaid, until);
        } else if !self.path.asked {
            // The order may have been placed in another tab.
            self.path.asked = true;
            self.told.push(Told::Keep);
            self.timers.set(Timer::Unpaid, self.now.plus(order_unconfirmed::ASKED));
        } else {
            let sure = if self.path.late { order_unconfirmed::SURE_LATE } else { order_unconfirmed::SURE };
            self.path_paid();
            // As of the last sign of life: silence keeps no journey alive.
            let now = std::mem::replace(&mut self.now, last);
            self.friction(Name::OrderUnconfirmed, 1, sure, "");
            self.now = now;
        }
    }
}
