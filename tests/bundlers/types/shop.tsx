// What React's types take, and what they refuse. The components are used as docs/react.md uses them.
import { PolkuLauncher, PolkuPrompt, PolkuProvider, useJourney, usePolku } from "polku/react";
import type { Journey, Options, Polku } from "polku";

const options: Options = { key: "pk_shop", collector: "/v1/batch" };

export function Shop() {
  const polku: Polku = usePolku();
  const journey: Journey | null = useJourney();
  return (
    <PolkuProvider options={options}>
      <p onClick={() => polku.track("view_item")}>{journey?.stage}</p>
      <PolkuPrompt prompt="order-nps" open className="question" />
      <PolkuLauncher prompt="order-nps" text="Tell us">
        <button type="button">Tell us</button>
      </PolkuLauncher>
    </PolkuProvider>
  );
}

// @ts-expect-error It may be null.
export const stage = () => useJourney().stage;
// @ts-expect-error A key is needed.
export const keyless = <PolkuProvider options={{ collector: "/v1/batch" }} />;
// @ts-expect-error A prompt is needed.
export const nameless = <PolkuPrompt open />;
// @ts-expect-error No such attribute.
export const launcher = <PolkuLauncher prompt="x" opened />;
