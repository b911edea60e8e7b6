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

/** Every name of an event: what a shop may report, what the detectors find, and what Polku itself tells. */
export type EventName =
  | TouchpointName | FrictionName | "page_view" | "page_engagement" | "content_seen" | "web_vitals" | "stage_enter" | "offsite_touchpoint"
  | "journey_summary" | "prompt_shown" | "prompt_answer" | "prompt_closed" | "erase";

/** What kind of moment an event is. */
export type Lens = "did" | "saw" | "felt" | "tech";

/** How a stage of the journey felt, as far as friction, behaviour and answers tell. */
export type Emotion = "satisfied" | "frustrated" | "confused" | "neutral";

/** The stages of `five-stages`, in order. */
export type Stage = "awareness" | "consideration" | "decision" | "retention" | "advocacy";

/** A stage of whichever framework the shop has chosen. */
export type StageName = Stage | (string & {});

/** What came before the shop. */
export type Door = "direct" | "search" | "social" | "mail" | "shop" | "comparison" | "ai" | "other" | "unknown";

/** One product, with GA4's names. Members that are not listed here are dropped on the device. */
export interface Item {
  item_id?: string | number;
  item_name?: string;
  item_brand?: string;
  item_category?: string;
  item_category2?: string;
  item_category3?: string;
  item_category4?: string;
  item_category5?: string;
  item_variant?: string;
  item_list_id?: string;
  item_list_name?: string;
  promotion_id?: string;
  promotion_name?: string;
  creative_name?: string;
  creative_slot?: string;
  index?: number;
  /** In `currency`; leaves with two significant digits unless `data-money="exact"`. */
  price?: number | string;
  discount?: number | string;
  quantity?: number;
}

/** What may go along with a touchpoint. Members that are not listed here are dropped on the device. */
export interface TouchpointData {
  /** The first 50. */
  items?: Item[];
  item_id?: string | number;
  /** In `currency`; leaves with two significant digits unless `data-money="exact"`. */
  value?: number | string;
  shipping?: number | string;
  tax?: number | string;
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
  /** `contact_attempt`: `phone`, `mail`, `chat` or `form`. `help_view`: `instructions`, where it says how to use what was bought. */
  kind?: string;
  /** `form_error`: which field; never what was in it. */
  field?: string;
  code?: string;
  count?: number;
}

/** How a collector wants its batches (docs/formats.md). */
export type Format =
  | "polku"
  | "ndjson"
  | "json"
  | "segment"
  | "posthog"
  | "cloudevents"
  | "clickhouse"
  | "otlp"
  | "matomo"
  | "snowplow"
  | "datalayer"
  | "elasticsearch"
  | "kafka-rest"
  | "loki"
  | "plausible"
  | "umami";

/** One of several collectors. */
export interface Collector {
  /** Where batches are POSTed; `datalayer` has none. */
  url?: string;
  format?: Format;
  /** Its own key, where that is not the shop's. */
  key?: string;
  /** Settings of the format. */
  set?: Record<string, string | number | boolean> | string;
  /** A preset of your own, or its address. */
  preset?: object | string;
  /** What the shopper has to have granted: `measure` (default); `remember`, besides; `feedback`: it gets answers alone. */
  consent?: "measure" | "remember" | "feedback";
  /** Only these events; `add_to_*` names several. */
  events?: string | string[];
  /** All but these. */
  without?: string | string[];
  /** Whether the page may read its answers (CORS). `opaque`: what arrives is not known beyond that it left. */
  response?: "readable" | "opaque";
  /** What may have arrived is sent again, although it cannot tell what comes twice. */
  atLeastOnce?: boolean | "" | "yes" | "no";
  /** Batches may be sent with `content-encoding: gzip`. Left out: where its answers say `accept-encoding: gzip`. */
  gzip?: boolean | "" | "yes" | "no";
  /** Where a browser refuses `keepalive`, `sendBeacon` may be used, which carries the collector's cookies. */
  beacon?: boolean | "" | "yes" | "no";
}

/** Why an event was dropped (docs/delivery.md). */
export type DropReason =
  | "full"
  | "rate"
  | "rejected"
  | "refused"
  | "too_big"
  | "expired"
  | "unsure"
  | "page_lost"
  | "damaged";

/** The script tag's `data-*` attributes without `data-`, in camel case. */
export interface Options {
  /** The shop's key. */
  key: string;
  /** Where batches are POSTed. Not needed with `collectors`, nor with the format `datalayer`. */
  collector?: string;
  format?: Format;
  /** Settings of the format, its preset, and the rest as in {@link Collector}. */
  set?: Collector["set"];
  preset?: Collector["preset"];
  response?: Collector["response"];
  events?: Collector["events"];
  without?: Collector["without"];
  atLeastOnce?: Collector["atLeastOnce"];
  gzip?: Collector["gzip"];
  beacon?: Collector["beacon"];
  /** Several collectors, or the address of a JSON file that lists them; that in `collector` is the first. */
  collectors?: Collector[] | string;
  /** Stages and their rules: one of the two that come along, or the address of the shop's own as JSON (docs/frameworks.md). */
  framework?: "five-stages" | "six-elements" | (string & {});
  /** Address of the prompts' definitions. */
  prompts?: string;
  /** Address of the chat endpoint, for prompts with a conversation. */
  chat?: string;
  /** Polku's own questions, in the language of the page. */
  questions?: "default";
  /** What the shop is called in them. */
  shopName?: string;
  /** In them, ways to somebody who helps: an address for mail, and the chat that the page has. */
  helpMail?: string;
  helpChat?: "chatwoot" | "intercom" | "zendesk" | "liveagent" | "polku";
  /** `strict` (default): nothing before `measure`. `feedback`: may also ask shoppers who are undecided or refuse. */
  mode?: "strict" | "feedback";
  /**
   * Who says what the shopper has decided. `auto` (default): the consent platform that the page has, and the shop by `polku.consent()`.
   * A platform's name: that one alone may grant. `api`: the shop alone, and no platform is looked for.
   */
  consent?: "auto" | "api" | ConsentPlatform;
  /** The platform's own id of what stands for statistics, where it is not the usual one (docs/consent.md). */
  consentPurpose?: string;
  /** `always`: Global Privacy Control and Do Not Track beat every grant. */
  gpc?: "always";
  /** `no`: a platform's consent to statistics is none to remember anything beyond the visit. */
  remember?: "yes" | "no";
  money?: "rounded" | "exact";
  /** Marks a page with special content: neither data nor page names leave. */
  sensitive?: "" | "true";
  /** Language of the document, where `<html lang>` does not say it. */
  lang?: string;
  /** One value so far: every journey. */
  sample?: "1" | 1;
  /** Where the package's files lie, when not beside the loader; of `import "polku"` `/polku/`, when left out. Ends with `/`. */
  base?: string;
  /** What runs the modules. `auto`: WebAssembly where the page lets it, else their translation to JavaScript; `js`: that at once. */
  engine?: "auto" | "js";
  /** Detectors that are switched off: names of frictions, with spaces between. A name that is none is ignored. */
  off?: string;
  onError?: (error: PolkuError) => void;
}

/** Consent platforms that Polku can ask. */
export type ConsentPlatform =
  | "tcf" | "google" | "cookiebot" | "onetrust" | "usercentrics" | "didomi" | "klaro" | "cookieyes" | "cookie-information" | "complianz"
  | "wp-consent" | "shopify";

/** How things stand between all who say what the shopper has decided. */
export interface ConsentState {
  measure: "granted" | "denied" | "undecided";
  remember: "granted" | "denied" | "undecided";
  /** Who said so of `measure`; nobody while it is undecided. `gpc` and `dnt`: the browser. */
  by?: ConsentPlatform | "api" | "gpc" | "dnt";
  /** `earlier`: before this page was loaded. */
  since?: "earlier" | "now";
}

/** What the shopper decided. A member that is missing was not decided. */
export interface ConsentDecision {
  /** The journey may be stored for its visit, and may leave. */
  measure?: boolean;
  /** How often the shopper came and bought may be remembered beyond the visit; with `measure` alone it has an effect. */
  remember?: boolean;
  /** The shopper may be asked. */
  feedback?: boolean;
  /** `earlier`: decided before this page was loaded, so what this page has seen so far counts. Default: now. */
  since?: "earlier" | "now";
  /** The version of the shop's policy, at most 20 characters. */
  policy?: string;
}

/** Codes of messages; `www/errors.json` has their sentences. */
export type ErrorCode =
  | "E101" | "E104" | "E105" | "E106" | "E107" | "E108" | "E109" | "E110" | "E111" | "E112" | "E113" | "E114" | "E115" | "E116" | "E117"
  | "E120" | "E121" | "E122" | "E123" | "E124" | "E125" | "E200" | "E201" | "E202" | "E203" | "E204" | "E205" | "E206" | "E207" | "E208"
  | "E209" | "E210" | "E211" | "E212" | "E213" | "E214" | "E215" | "E216" | "E217" | "E218" | "E219" | "E220" | "E221" | "E223" | "E224"
  | "E225" | "E226" | "E227" | "E228" | "E229" | "E230" | "E231" | "E232" | "E233" | "E234" | "E235" | "E236" | "E237" | "E238" | "E239"
  | "E240" | "E241" | "E242" | "E243" | "E244" | "E245" | "E246" | "E247" | "E248" | "E250" | "E251" | "E252" | "E253" | "E254" | "E255"
  | "E301" | "E302" | "E303" | "E304" | "E305" | "E401" | "E402" | "E501" | "E502" | "E503" | "E900" | "E901" | "E903" | "E904"
  | "E905" | "E906";

export interface PolkuError {
  code: ErrorCode;
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
  name: EventName;
  lens: Lens;
  stage?: StageName;
  /** Template of the page's path. */
  page: string;
  /** What the shop reported (`TouchpointData` without `transaction_id`), `FrictionData` of what a detector found, else as `EventData` says. */
  data?: Record<string, unknown>;
}

/** What a detector tells of a friction. One that the shop reports has what the shop said instead. */
export interface FrictionData {
  /** How often it happened in one go, or in a row. */
  count: number;
  /** How sure that is, 0 to 1. */
  confidence: number;
  /** The element (`data-polku-id`, else tag and id, else tag and role), the field, the request's path, or the error's kind and place. */
  target?: string;
}

/** What the events have that Polku tells by itself. */
export interface EventData {
  /** The door only of a journey's first view, and of one that was reached from another site. */
  page_view: {
    door?: Door;
    source?: string;
    medium?: string;
    campaign?: string;
    /** The kind of a click id, never its value. */
    click?: "google_ads" | "meta" | "microsoft_ads" | "tiktok" | "linkedin" | "mailchimp" | "awin" | "tradedoubler";
    variant?: Record<string, string>;
  };
  /** `engaged`: active time in ms, `depth`: how far the page was seen, in %. */
  page_engagement: { engaged: number; depth: number };
  /** `kind`: `price`, `stock`, `delivery`, `error`, `promotion`, or the word of `data-polku-see`. */
  content_seen: { kind: string; text?: string };
  /** `value` in ms, but for `CLS`; of `LoAF` the blocking time of the long animation frame that blocked longest, and the longest script's place. */
  web_vitals: {
    name: "LCP" | "INP" | "CLS" | "TTFB" | "FCP" | "LoAF";
    value: number;
    rating: "good" | "needs-improvement" | "poor";
    target?: string;
  };
  /** `rule`: the touchpoint that entered it, `visit`: which entry it is, from 1. */
  stage_enter: { from?: StageName; rule: EventName; visit: number };
  /** `by`: a link of the shop's, or the shopper in an answer, with how it felt. */
  offsite_touchpoint: { kind: string; by: "link" | "told"; feeling?: Emotion };
  prompt_shown: { prompt: string; version: number; sub: string; trigger: string };
  prompt_answer: {
    prompt: string;
    version: number;
    sub: string;
    step: string;
    rev: number;
    ask: string;
    score?: number;
    /** How far `score` goes, where the question can be asked on several scales. */
    scale?: number;
    choice?: string[];
    /** What the scrubber left of the words. */
    text?: string;
    themes?: string[];
    emotion?: Emotion;
    /** Without `measure`, where the shopper has ticked that: the names of what that page saw happen. */
    path?: EventName[];
    skipped?: boolean;
  };
  prompt_closed: {
    prompt: string;
    sub: string;
    reason: "completed" | "dismissed" | "snoozed" | "abandoned" | "expired";
    partial: boolean;
  };
  journey_summary: JourneySummary;
  /** The journeys that are to be erased. */
  erase: { journeys: string[] };
}

/** What an event's `data` holds, by its name. */
export type DataOf<N extends EventName> = N extends keyof EventData
  ? EventData[N]
  : N extends FrictionName
    ? N extends TouchpointName ? FrictionData | Omit<TouchpointData, "transaction_id"> : FrictionData
    : Omit<TouchpointData, "transaction_id">;

/** An event as a collector gets it: its `name` says what is in `data`. */
export type EventOf<N extends EventName> = N extends EventName
  ? Omit<TouchpointEvent, "name" | "data" | "at"> & { name: N; /** Not in an answer without `measure`. */ at?: number; data?: DataOf<N> }
  : never;

/** What is POSTed to a collector, in Polku's own format (version 1). */
export interface Batch {
  polku: 1;
  /** The shop's key. */
  key: string;
  /** The batch's number. One that is sent again is the same to the byte. */
  batch: string;
  /** Unix seconds, on the journey's own clock. */
  sent: number;
  /** Days after which it is to be deleted. */
  ttl_days: number;
  journey: {
    id: string;
    leg: string;
    started?: number;
    stage?: StageName;
    device?: "mobile" | "tablet" | "desktop";
    lang?: string;
    consent?: { measure?: { by: string; hour: number; policy?: string } };
  };
  loss?: Journey["loss"];
  events: EventOf<EventName>[];
}

/** The journey so far, in one tab. Of a tab the highest `rev` counts. */
export interface JourneySummary {
  /** The tab: its first leg in this journey. */
  tab: string;
  rev: number;
  /** The newest 40 entries into stages: ms since the journey's start, ms until the next, and the touchpoint that entered it. */
  path: { stage: StageName; at: number; dwell: number; rule: EventName }[];
  /** Those that were entered or had a touchpoint. */
  stages: Record<string, StageSummary>;
  /** Entries that are not in `path` any more. */
  left: number;
  /** Eight at most. */
  scores: { prompt: string; step: string; ask: string; score: number; stage: StageName }[];
  /** With consent to `remember`: this is not the shopper's first visit. */
  returning?: boolean;
  /** … which order of the shopper it is, where something was bought in this visit. */
  order?: "first" | "second" | "third_or_later";
  /** … how many days ago the order before this visit was. */
  since_order?: "0-14" | "15-30" | "31-90" | "91-180" | "181+";
  converted: boolean;
  /** What was paid. */
  value?: number;
  /** ISO 4217; `XXX` where the shop did not say it. */
  currency?: string;
  /** Of the first touch. */
  door: Door;
  /** Of the last touch. */
  last_door: Door;
  /** The latest stage in the framework's order that was entered; empty where there is none. */
  furthest: StageName;
  /** Steps back to an earlier stage. */
  loops: number;
  /** Steps back to before a purchase: the path began anew. */
  cycles: number;
  variant: Record<string, string>;
  /** The framework's id, where it is not `five-stages`. */
  framework?: string;
  /** The indicators by which the shop wants to be judged, per stage. */
  targets?: Record<string, ("conversion" | "engaged" | "friction" | "scores" | "value" | "dwell" | "touchpoints" | "emotion")[]>;
}

/** One stage of a summary. */
export interface StageSummary {
  entries: number;
  exits: number;
  /** Entries after the first. */
  returns: number;
  touchpoints: number;
  /** ms. */
  dwell: number;
  /** ms in which the shopper was active. */
  engaged: number;
  /** A later stage was entered after it. */
  conversion: boolean;
  /** What was paid, as a band: `20-50`, `500+`. */
  value?: string;
  friction: { [name in FrictionName]?: number };
  emotion: Emotion;
  /** What spoke for the emotion, and how often; of an answer its score. */
  evidence?: { [name in EventName]?: number };
}

/** A stage was entered; on a later page of a visit it is told once more, alone, where the visit stands. */
export interface StageEvent {
  stage: StageName;
  from?: StageName;
  /** The touchpoint that entered it. */
  rule?: EventName;
  /** Which visit of this stage it is, from 1. */
  visit?: number;
}

/** The emotion of a stage has changed. */
export interface EmotionEvent {
  stage: StageName;
  emotion: Emotion;
  /** What it was before. */
  from: Emotion;
  /** What speaks for it, and how often that was; of an answer its score. Nothing where it is `neutral`. */
  evidence?: { [name in EventName]?: number };
}

/** What a batch would say of the journey now. */
export interface Journey {
  id: string;
  /** This engine in this document. */
  leg: string;
  /** Unix seconds, rounded down to the minute. */
  started: number;
  stage?: StageName;
  device: "mobile" | "tablet" | "desktop";
  lang?: string;
  consent: { measure: { by: string; hour: number; policy?: string } };
  /** Events of this tab: captured = sent + queued + dropped. */
  loss: { captured: number; sent: number; queued: number; dropped: Partial<Record<DropReason, number>> };
}

/** Takes the listener away again. */
export type Off = () => void;

/** Why a prompt stays shut. */
export type Suppression =
  | "consent" | "mode" | "quiet" | "automation" | "launcher" | "page" | "session" | "never" | "answered" | "snoozed" | "dismissed" | "max"
  | "budget" | "who" | "sample" | "help" | "save_data" | "early" | "checkout" | "typing" | "dialog" | "cancelled";

/** What becomes of a prompt. `trigger`: what opened it, or would have. */
export interface PromptNews {
  prompt: string;
  event: "suppressed" | "opened" | "shown" | "answered" | "closed" | "forgotten";
  trigger: string;
  /** Of a suppression, told once for each prompt, reason and page; of an end `completed`, `dismissed`, `snoozed`, `abandoned` or `expired`. */
  reason?: Suppression | "completed" | "dismissed" | "snoozed" | "abandoned" | "expired";
  /** How it opened. */
  first?: "card" | "pill";
  /** The question that was answered. */
  step?: string;
}

/** What `privacy.export()` gives: all that is known in this browser. */
export interface Known {
  /** The shop's origin, and when this was made (ISO 8601). */
  site: string;
  made: string;
  /** Whether `measure` is granted. */
  measured: boolean;
  journey: Journey | null;
  /** The prompts that were shown in this visit, or, with `remember`, since the shopper is remembered. */
  asked: string[];
  /** What is remembered beyond the visit; days are `2026-11-22`. */
  remembered: { visits: number; orders: number; last_order?: string; until: string } | null;
  allowed: { measure: boolean; remember: boolean; feedback: boolean };
  /** What was sent in this visit and this tab, newest first; `status` is missing while there is no answer, and 0 where none came. */
  sent: { at: string; to: string; status?: number; batch: unknown }[];
  waiting: { since: string; to: string; batch: unknown }[];
  /** Where batches go. Without a host: the page's data layer. */
  collectors: { host: string; erases: boolean }[];
  /** Whether the browser's storage was read. */
  read: boolean;
  stored: { localStorage: Record<string, string>; sessionStorage: Record<string, string>; cookies: Record<string, string> };
}

/** What `privacy.erase()` did, as hosts of collectors. */
export interface Erased {
  /** They have erased. */
  erased: string[];
  /** They cannot: the shop has to be asked. */
  cannot: string[];
  /** They were asked, and did not confirm. */
  missed: string[];
}

/** `polku-consent`, an event on the view's element: the shopper has decided there. `preventDefault()` says that the shop keeps it. */
export type ConsentEvent = CustomEvent<{ measure?: boolean; remember?: boolean; feedback?: boolean }>;

export interface Polku {
  /** The same by name: `polku("track", "add_to_cart", {…})`, `polku("prompt.open", "order-nps")`. */
  (name: string, ...args: unknown[]): unknown;
  readonly version: string;
  /** Starts Polku where the script tag has no `data-key`. */
  init(options: Options): void;
  track(name: TouchpointName, data?: TouchpointData): void;
  /** A page view that the address does not show by itself; without `url`, of the current address. */
  page(url?: string): void;
  /** `payment_declined`, or another kind of trouble (a short word), which is a `js_error` with that `kind`. */
  error(kind: string, detail?: TouchpointData): void;
  on(topic: "stage", listen: (event: StageEvent) => void): Off;
  /** `touchpoint`: every event of the journey, frictions and measures too; `friction`: frictions alone. */
  on(topic: "touchpoint" | "friction", listen: (event: TouchpointEvent) => void): Off;
  on(topic: "emotion", listen: (event: EmotionEvent) => void): Off;
  /** What becomes of prompts, and why one stays shut (docs/prompts-when.md). Nothing of a suppression leaves the page. */
  on(topic: "prompt", listen: (event: PromptNews) => void): Off;
  /** Not with `data-consent="api"`: then the shop alone knows. */
  on(topic: "consent", listen: (state: ConsentState) => void): Off;
  on(topic: "error", listen: (error: PolkuError) => void): Off;
  /** What a shopper wrote where a prompt asks for an address to answer to: for the page alone. */
  on(topic: "contact", listen: (contact: { prompt: string; value: string }) => void): Off;
  /** A shopper goes from a prompt to a human being, by this action. */
  on(topic: "handoff", listen: (handoff: { prompt: string; action: string }) => void): Off;
  /** The shop tries something out. Both are 1 to 24 letters, digits, `_`, `-` and `.`; a visit has 8 names at most. Every later view bears it. */
  variant(name: string, value: string): void;
  consent(decision: ConsentDecision): void;
  /** Deletes what is stored and queued, asks the collector to erase, and sends nothing afterwards. */
  withdraw(): void;
  /** `null` before `measure` is granted. */
  journey(): Journey | null;
  prompt: {
    /** Opens a prompt by its id: neither delay nor limits, but consent. In `<polku-prompt>` where there is one for it. */
    open(id: string): void;
    close(): void;
  };
  /** The shopper's own view (docs/privacy-view.md). */
  privacy: {
    /** Opens it as a dialog. */
    open(): Promise<void>;
    /** Draws it into each `[data-polku-privacy]` that came after the page was loaded. */
    draw(): Promise<void>;
    /** All that is known in this browser; nothing where the view could not be loaded. */
    export(): Promise<Known | undefined>;
    /** Erases it, and asks each collector that can erase to do so. */
    erase(): Promise<Erased | undefined>;
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
  interface DocumentEventMap {
    "polku-consent": ConsentEvent;
  }
}

/** The same object as `window.polku`. */
export const polku: Polku;
export const init: Polku["init"];
export default polku;
