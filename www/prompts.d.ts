// The shape of prompts.json. Made from the table of fields in crates/core/src/prompt/fields.rs; not edited by hand.

export interface Definition {
  $schema?: string;
  /** The version of this format. */
  v: 1;
  /** The prompt's name in events. */
  id: string;
  /** Of this prompt; 1 when left out. Who answered one version may be asked the next. */
  version?: number;
  /** What the shop calls it; nobody else sees it. */
  name?: string;
  /** A survey, or help after trouble, which ignores the quiet times. */
  kind?: "survey" | "help";
  /** The languages that it is written in. */
  locales?: Locales;
  /** The language for everybody else; the first of locales, or English, when left out. */
  defaultLocale?: Locale;
  /** Whether a step may ask for an address to answer to. */
  contact?: boolean;
  /** What opens it; without it only its launcher or polku.prompt.open(id) does. */
  when?: When;
  /** For whom; for everybody when left out. */
  who?: Who;
  /** How often. */
  limits?: Limits;
  /** What it keeps away from. */
  quiet?: Quiet;
  /** How it looks. */
  ui?: Ui;
  /** The id of the first step; the first of the list when left out. */
  start?: string;
  /** The questions and messages. */
  steps: Step[];
  /** What is said afterwards; the widget's own words when left out. */
  end?: End;
  /** Which answer is the prompt's score. */
  score?: Score;
}

export interface NpsStep {
  ask: "nps";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
  /** How a scale is drawn. */
  look?: "numbers" | "faces" | "stars" | "labels";
  /** Own words for the lowest point. */
  low?: Texts;
  /** Own words for the highest point. */
  high?: Texts;
}

export interface CsatStep {
  ask: "csat";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
  /** How a scale is drawn. */
  look?: "numbers" | "faces" | "stars" | "labels";
  /** Own words for the lowest point. */
  low?: Texts;
  /** Own words for the highest point. */
  high?: Texts;
}

export interface CesStep {
  ask: "ces";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
  /** The points of ces (5 or 7, which is the default) and of rating (2 to 10, 5 when left out). */
  scale?: number;
  /** The words at the ends of ces. */
  anchors?: "ease" | "agree";
  /** How a scale is drawn. */
  look?: "numbers" | "faces" | "stars" | "labels";
  /** Own words for the lowest point. */
  low?: Texts;
  /** Own words for the highest point. */
  high?: Texts;
}

export interface RatingStep {
  ask: "rating";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
  /** The points of ces (5 or 7, which is the default) and of rating (2 to 10, 5 when left out). */
  scale?: number;
  /** How a scale is drawn. */
  look?: "numbers" | "faces" | "stars" | "labels";
  /** Own words for the lowest point. */
  low?: Texts;
  /** Own words for the highest point. */
  high?: Texts;
}

export interface ThumbsStep {
  ask: "thumbs";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
  /** What of the path outside the shop the answer tells. */
  offsite?: "hear" | "impression" | "source";
  /** What can be chosen. */
  choices?: Choice[];
}

export interface YesnoStep {
  ask: "yesno";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
  /** What of the path outside the shop the answer tells. */
  offsite?: "hear" | "impression" | "source";
  /** What can be chosen. */
  choices?: Choice[];
}

export interface SingleStep {
  ask: "single";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
  /** What of the path outside the shop the answer tells. */
  offsite?: "hear" | "impression" | "source";
  /** What can be chosen. */
  choices: Choice[];
  /** Whether choices change places from shopper to shopper; discovery keeps only its last where it is. */
  shuffle?: "none" | "all" | "exceptLast";
  /** What leaves of words: themes and the words themselves (both, when left out), the themes alone, or neither. */
  keep?: "both" | "themes" | "none";
}

export interface MultiStep {
  ask: "multi";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
  /** What of the path outside the shop the answer tells. */
  offsite?: "hear" | "impression" | "source";
  /** What can be chosen. */
  choices: Choice[];
  /** Whether choices change places from shopper to shopper; discovery keeps only its last where it is. */
  shuffle?: "none" | "all" | "exceptLast";
  /** Of multi, the fewest choices. */
  min?: number;
  /** Of multi, the most choices; of text, the most characters, 500 at most. */
  max?: number;
  /** What leaves of words: themes and the words themselves (both, when left out), the themes alone, or neither. */
  keep?: "both" | "themes" | "none";
}

export interface DiscoveryStep {
  ask: "discovery";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
  /** What of the path outside the shop the answer tells. */
  offsite?: "hear" | "impression" | "source";
  /** What can be chosen. */
  choices: Choice[];
  /** Whether choices change places from shopper to shopper; discovery keeps only its last where it is. */
  shuffle?: "none" | "all" | "exceptLast";
  /** What leaves of words: themes and the words themselves (both, when left out), the themes alone, or neither. */
  keep?: "both" | "themes" | "none";
}

export interface TextStep {
  ask: "text";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
  /** Of multi, the most choices; of text, the most characters, 500 at most. */
  max?: number;
  /** How high the field for words is; 1 is one line. */
  rows?: number;
  /** What leaves of words: themes and the words themselves (both, when left out), the themes alone, or neither. */
  keep?: "both" | "themes" | "none";
}

export interface InfoStep {
  ask: "info";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
}

export interface HandoffStep {
  ask: "handoff";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text?: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
  /** Of handoff, what can be opened; of chat, other ways, where there is no conversation. */
  actions: Action[];
}

export interface ChatStep {
  ask: "chat";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text?: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
  /** Of handoff, what can be opened; of chat, other ways, where there is no conversation. */
  actions?: Action[];
}

export interface ContactStep {
  ask: "contact";
  /** The step's name in events and conditions. */
  id: string;
  /** The question. */
  text: Texts;
  /** A line below the question. */
  help?: Texts;
  /** Whether it may be skipped. */
  optional?: boolean;
  /** Where it leads: to the first whose condition holds; to the step below when none does. */
  next?: Branch[];
  /** How high the field for words is; 1 is one line. */
  rows?: number;
}

export type Step = NpsStep | CsatStep | CesStep | RatingStep | ThumbsStep | YesnoStep | SingleStep | MultiStep | DiscoveryStep | TextStep | InfoStep | HandoffStep | ChatStep | ContactStep;

export interface Choice {
  /** Its name in events and conditions. */
  id: string;
  /** What is read. */
  text: Texts;
  /** Whether words can be written beside it. */
  other?: boolean;
  /** Whether it stands alone. */
  none?: boolean;
  /** Where it leads, before next. */
  go?: string;
}

export interface Action {
  /** Its name. */
  id: string;
  /** What is read on it. */
  text?: Texts;
  /** An address: https:, mailto:, tel:, or a path of the shop. Also where to go when the adapter is missing. */
  href?: Href;
  /** The chat that is opened; polku is the widget's own, with data-chat. */
  adapter?: "chatwoot" | "intercom" | "zendesk" | "liveagent" | "polku";
  /** A selector: the button of another chat, which is pressed for the shopper. */
  launcher?: string;
  /** An event of the page that the shop listens to. */
  event?: string;
  /** When somebody is there. */
  hours?: Hours;
  /** A line below: opening hours, how long to wait. */
  note?: Texts;
}

export interface Branch {
  /** The condition; always when left out. */
  if?: Condition;
  /** The id of a step, or end. */
  go: string;
}

export interface End {
  /** The thanks. */
  thanks?: Texts;
  /** What happens next. */
  after?: Texts;
  /** Instead of the thanks after a bad score. */
  low?: Texts;
  /** What happens next after a bad score. */
  afterLow?: Texts;
}

export interface Score {
  /** What is computed: the step's own ask. */
  metric?: string;
  /** The id of a step with a scale, or of thumbs. */
  step: string;
}

export interface Ui {
  /** auto is a card, on touch screens a pill first; inline stands in the page. */
  layout?: "auto" | "card" | "pill" | "inline";
  /** The corner. */
  position?: "bottom-end" | "bottom-start";
  /** A selector: where it stands in the page. */
  inline?: string;
  /** A selector of the shop's own button, or true for a pill of the widget's. */
  launcher?: boolean | string;
  /** What is read on the pill. */
  launcherText?: Texts;
  /** Whether earlier questions stay to be seen. */
  style?: "chat" | "card";
  /** Whether it says how many questions there are. */
  progress?: "auto" | "none";
  /** Whether it says why it asks. */
  privacyNote?: boolean;
  /** The shop's privacy policy. */
  privacyUrl?: Href;
  /** After how long the thanks close by themselves; never when left out. */
  autoCloseMs?: number;
  /** How long answers are kept, shown under why it asks. */
  keepDays?: number;
}

export interface Limits {
  /** How often one visitor is asked at most; 2. */
  max?: number;
  /** Days after it was dismissed; 30. */
  cooldownDays?: number;
  /** Days after it was dismissed twice; 90. */
  afterDismissDays?: number;
  /** Days after it was answered, or never, which is the default. */
  afterAnswer?: "never" | number;
  /** Asked again so many days after an answer. */
  recurringDays?: number;
  /** Which goes first of several; 50. */
  priority?: number;
  /** The older place of these fields. */
  perPrompt?: Limits;
}

export interface Quiet {
  /** Whether it stays shut under test programs; true. */
  automation?: boolean;
  /** The key that goes to it; F8, false for none. */
  hotkey?: false | string;
}

export type When = { any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] } | { on: "stage"; is: string; any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] } | { on: "stage_left"; is: string; any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] } | { on: "order_confirmed"; any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] } | { on: "visible"; selector: string; any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] } | { on: "exit_intent"; touch?: boolean; any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] } | { on: "inactivity"; seconds: number; any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] } | { on: "scroll"; percent: number; any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] } | { on: "time"; seconds: number; any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] } | { on: "stage_time"; seconds: number; any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] } | { on: "page_views"; count: number; any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] } | { on: "trouble"; any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] } | { on: "after_purchase"; days: number; until?: number; any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] } | { on: "view_item_list" | "select_item" | "view_item" | "search" | "add_to_wishlist" | "add_to_cart" | "remove_from_cart" | "view_cart" | "begin_checkout" | "add_shipping_info" | "add_payment_info" | "purchase" | "refund" | "view_promotion" | "select_promotion" | "share" | "login" | "sign_up" | "generate_lead" | "contact_attempt" | "help_view" | "order_status_view" | "return_start" | "complaint" | "review_write" | "compare_leave" | "page_view" | "rage_click" | "js_error" | "payment_declined" | "search_no_results" | "form_error" | "dead_click" | "form_abandon" | "error_shown" | "order_unconfirmed" | "cta_hidden" | "hesitation" | "search_repeated" | "back_and_forth" | "no_progress" | "page_reloaded" | "slow_page" | "request_failed" | "page_engagement" | "content_seen" | "offsite_touchpoint"; any?: Trigger[]; delayMs?: number; cancelOn?: Trigger[] };

export type Trigger = { on: "stage"; is: string } | { on: "stage_left"; is: string } | { on: "order_confirmed" } | { on: "visible"; selector: string } | { on: "exit_intent"; touch?: boolean } | { on: "inactivity"; seconds: number } | { on: "scroll"; percent: number } | { on: "time"; seconds: number } | { on: "stage_time"; seconds: number } | { on: "page_views"; count: number } | { on: "trouble" } | { on: "after_purchase"; days: number; until?: number } | { on: "view_item_list" | "select_item" | "view_item" | "search" | "add_to_wishlist" | "add_to_cart" | "remove_from_cart" | "view_cart" | "begin_checkout" | "add_shipping_info" | "add_payment_info" | "purchase" | "refund" | "view_promotion" | "select_promotion" | "share" | "login" | "sign_up" | "generate_lead" | "contact_attempt" | "help_view" | "order_status_view" | "return_start" | "complaint" | "review_write" | "compare_leave" | "page_view" | "rage_click" | "js_error" | "payment_declined" | "search_no_results" | "form_error" | "dead_click" | "form_abandon" | "error_shown" | "order_unconfirmed" | "cta_hidden" | "hesitation" | "search_repeated" | "back_and_forth" | "no_progress" | "page_reloaded" | "slow_page" | "request_failed" | "page_engagement" | "content_seen" | "offsite_touchpoint" };

export type Who = { all: Who[] } | { any: Who[] } | { not: Who } | { stage: string[] } | { url: { exact: string } | { prefix: string } | { glob: string } | { contains: string } } | { device: ("desktop" | "tablet" | "mobile")[] } | { locale: Locale[] } | { cartValueBucket: string[] } | { visitor: "new" | "returning" } | { door: ("direct" | "search" | "social" | "mail" | "shop" | "comparison" | "ai" | "other" | "unknown")[] } | { bought: string[] } | { variant: { [name: string]: string } } | { sample: number | { group: string; from: number; to: number } } | { hours: Hours } | { orders: { gte?: number; lte?: number } } | { products: { gte?: number; lte?: number } };

export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | { answered: string } | { skipped: string } | { in: [string, (number | string)[]] } | { hasAny: [string, string[]] } | { eq: [string, number | string] } | { ne: [string, number | string] } | { has: [string, string] } | { matches: [string, string] } | { lt: [string, number] } | { lte: [string, number] } | { gt: [string, number] } | { gte: [string, number] };

export type Texts = { [name: string]: string };

export interface Hours {
  /** 1 is Monday; every day when left out. */
  days?: number[];
  /** In the shopper's own time. */
  from: string;
  /** In the shopper's own time. */
  to: string;
}

export type Locales = Locale[];

export type Locale = string;

export type Href = string;

/** What data-prompts names: one definition or several. */
export type Prompts = Definition | Definition[];
