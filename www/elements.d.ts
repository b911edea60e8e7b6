/** `<polku-prompt>` and `<polku-launcher>` (docs/elements.md): imported for what it does, which is to define both. */

/** A place in the page in which one prompt is drawn. */
export interface PolkuPromptElement extends HTMLElement {
  /** The id of the prompt. */
  prompt: string;
  /** It opens as soon as it may, once, and does not wait for what its definition says in `when`. */
  open: boolean;
}

/** A button that opens a prompt; hidden while that may not be. */
export interface PolkuLauncherElement extends HTMLElement {
  /** The id of the prompt. */
  prompt: string;
}

declare global {
  interface HTMLElementTagNameMap {
    "polku-prompt": PolkuPromptElement;
    "polku-launcher": PolkuLauncherElement;
  }
}
