/** Polku's JS API. Nothing here throws: what goes wrong is said once in the console, and to `onError`. */

/** What a shop may report with `track`: GA4's recommended names, service and aftercare, and frictions that only the shop sees. */
export type TouchpointName =
  | "view_item_list" | "select_item" | "view_item" | "search" | "add_to_wishlist" | "add_to_cart" | "remove_from_cart"
  | "view_cart" | "begin_checkout" | "add_shipping_info" | "add_payment_info" | "purchase" | "refund" | "view_promotion"
  | "select_promotion" | "share" | "login" | "sign_up" | "generate_lead" | "contact_attempt" | "help_view"
  | "order_status_view" | "return_start" | "complaint" | "review_write" | "compare_leave" | "js_error" | "payment_declined"
  | "search_no_results" | "form_error";

/** Touchpoints that got in the shopper's way; each can be switched off in `Options.off`. */
export type FrictionName =
  | "rage_click" | "dead_click" | "form_error" | "form_abandon" | "payment_declined" | "error_shown" | "order_unconfirmed" | "cta_hidden"
  | "hesitation" | "search_no_results" | "search_repeated" | "back_and_forth" | "no_progress" | "page_reloaded" | "slow_page"
  | "request_failed" | "js_error";

/** How a stage of the journey felt, as far as friction, behaviour and answers tell. */
export type Emotion = "satisfied" | "frustrated" | "confused" | "neutral";

/** The stages of a journey, in order. */
export type Stage = "awareness" | "consideration" | "decision" | "retention" | "advocacy";

/** One product, with GA4's names. Members that are not listed here are dropped on the device. */
export interface Item {
  item_id?: string | number;
  item_name?: string;
  item_brand?: string;
  item_category?: string;
  item_category2?: string;
  item_variant?: string;
  item_list_name?: string;
  index?: number;
  /** In `currency`; leaves with two significant digits. */
  price?: number | string;
  discount?: number | string;
  quantity?: number;
}

/** What may go along with a touchpoint. Members that are not listed here are dropped on the device. */
export interface TouchpointData {
  items?: Item[];
  /** In `currency`; leaves with two significant digits unless `data-money="exact"`. */
  value?: number | string;
  shipping?: number | string;
  /** ISO 4217. */
  currency?: string;
  /** Tells one order from another on the device, and never leaves it. */
  transaction_id?: string | number;
  search_term?: string;
  /** How many results a search gave. */
  results?: number;
  item_list_id?: string;
  item_list_name?: string;
  promotion_id?: string;
  promotion_name?: string;
  creative_name?: string;
  creative_slot?: string;
  payment_type?: string;
  shipping_tier?: string;
  method?: string;
  content_type?: string;
  /** `contact_attempt`: `phone`, `mail`, `chat` or `form`. */
  kind?: string;
  /** `form_error`: which field; never what was in it. */
  field?: string;
  code?: string;
  count?: number;
}

/** The script tag's `data-*` attributes without `data-`, in camel case. */
export interface Options {
  /** The shop's key. */
  key: string;
  /** Where batches are POSTed. */
  collector: string;
  format?: "polku";
  /** Address of the prompts' definitions. */
  prompts?: string;
  /** `strict` (default): nothing before `measure`. `feedback`: may also ask shoppers who are undecided or refuse. */
  mode?: "strict" | "feedback";
  consent?: "auto" | "api";
  /** `always`: Global Privacy Control beats a grant. */
  gpc?: "always";
  money?: "rounded" | "exact";
  /** Marks a page with special content: neither data nor page names leave. */
  sensitive?: "" | "true";
  /** Language of the document, where `<html lang>` does not say it. */
  lang?: string;
  /** Where the package's files lie, when not beside the loader. Ends with `/`. */
  base?: string;
  /** Detectors that are switched off: names of frictions, with spaces between. */
  off?: string;
  onError?: (error: PolkuError) => void;
}

/** What the shopper decided. A member that is missing was not decided. */
export interface ConsentDecision {
  /** The journey may be stored for its visit, and may leave. */
  measure?: boolean;
  /** Something may be remembered beyond the visit. */
  remember?: boolean;
  /** The shopper may be asked. */
  feedback?: boolean;
  /** `earlier`: decided before this page was loaded, so what this page has seen so far counts. Default: now. */
  since?: "earlier" | "now";
  /** The version of the shop's policy, at most 20 characters. */
  policy?: string;
}

export interface PolkuError {
  /** `E104`, … */
  code: string;
  /** The attribute, option or name that it is about. */
  field: string;
  /** What to do. */
  fix: string;
}

/** An event as it will be sent. */
export interface TouchpointEvent {
  seq: number;
  /** ms since the journey started, in steps of 100. */
  at: number;
  name: string;
  lens: "did" | "saw" | "felt" | "tech";
  stage?: Stage;
  /** Template of the page's path. */
  page: string;
  data?: Record<string, unknown>;
}

/** A stage was entered; on a later page of a visit it is told once more, alone, where the visit stands. */
export interface StageEvent {
  stage: Stage;
  from?: Stage;
  /** The touchpoint that entered it. */
  rule?: string;
  /** Which visit of this stage it is, from 1. */
  visit?: number;
}

/** The emotion of a stage has changed. */
export interface EmotionEvent {
  stage: Stage;
  emotion: Emotion;
  /** What it was before. */
  from?: Emotion;
  /** The touchpoints that speak for it. */
  evidence?: string[];
}

/** What a batch would say of the journey now. */
export interface Journey {
  id: string;
  /** This engine in this document. */
  leg: string;
  /** Unix seconds, rounded down to the minute. */
  started: number;
  stage?: Stage;
  device: "mobile" | "tablet" | "desktop";
  lang?: string;
  consent: { measure: { by: string; hour: number; policy?: string } };
  /** Events of this tab: captured = sent + queued + dropped. */
  loss: { captured: number; sent: number; queued: number; dropped: Record<string, number> };
}

/** Takes the listener away again. */
export type Off = () => void;

export interface Polku {
  /** The same by name: `polku("track", "add_to_cart", {…})`, `polku("prompt.open", "order-nps")`. */
  (name: string, ...args: unknown[]): unknown;
  readonly version: string;
  /** Starts Polku where the script tag has no `data-key`. */
  init(options: Options): void;
  track(name: TouchpointName, data?: TouchpointData): void;
  /** A page view of a single-page shop; without `url`, of the current address. */
  page(url?: string): void;
  /** `payment_declined`, or another kind of trouble (a short word). */
  error(kind: string, detail?: TouchpointData): void;
  on(topic: "stage", listen: (event: StageEvent) => void): Off;
  on(topic: "touchpoint" | "friction", listen: (event: TouchpointEvent) => void): Off;
  on(topic: "emotion", listen: (event: EmotionEvent) => void): Off;
  on(topic: "error", listen: (error: PolkuError) => void): Off;
  /** The shop tries something out: at most 8 short values for a name. Every later view bears it. */
  variant(name: string, value: string): void;
  consent(decision: ConsentDecision): void;
  /** Deletes what is stored and queued, asks the collector to erase, and sends nothing afterwards. */
  withdraw(): void;
  /** `null` before `measure` is granted. */
  journey(): Journey | null;
  prompt: {
    /** Opens a prompt by its id: neither delay nor limits, but consent. */
    open(id: string): void;
    close(): void;
  };
  /** Sends what waits; resolves when nothing is under way any more. */
  flush(): Promise<{ sent: number; queued: number }>;
  /** Takes Polku off the page. */
  destroy(): void;
}

declare global {
  interface Window {
    polku: Polku;
  }
}

/** The same object as `window.polku`. */
export const polku: Polku;
export const init: Polku["init"];
export default polku;
