/** Polku for React 18 and later (docs/react.md). */
import type { HTMLAttributes, ReactNode } from "react";
import type { Journey, Options, Polku } from "./polku.d.ts";

export interface PolkuProviderProps {
  /** Those of `init()`; what is changed in them later has no effect. */
  options: Options;
  children?: ReactNode;
}

/** Starts Polku when it is first on the page. It belongs around the whole shop; when the last one goes, Polku leaves the page. */
export function PolkuProvider(props: PolkuProviderProps): ReactNode;

/** The JS API; on a server the one that does nothing. */
export function usePolku(): Polku;

/** The journey as it is now; `null` before `measure` is granted, and on a server. */
export function useJourney(): Journey | null;

export interface PolkuPromptProps extends HTMLAttributes<HTMLElement> {
  /** The id of the prompt. */
  prompt: string;
  /** It opens as soon as it may, once, and does not wait for what its definition says in `when`. */
  open?: boolean;
}

/** A place in the page in which one prompt is drawn. */
export function PolkuPrompt(props: PolkuPromptProps): ReactNode;

export interface PolkuLauncherProps extends HTMLAttributes<HTMLElement> {
  /** The id of the prompt. */
  prompt: string;
  /** What the button says, where nothing is in it; else the definition's `ui.launcherText`. */
  text?: string;
}

/** A button that opens a prompt; hidden while that may not be. */
export function PolkuLauncher(props: PolkuLauncherProps): ReactNode;
