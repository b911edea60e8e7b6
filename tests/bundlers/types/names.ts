export type { Batch, EventOf } from "polku";
export type { Prompts } from "polku/prompts";
