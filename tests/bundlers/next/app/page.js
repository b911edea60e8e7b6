import { PolkuLauncher, PolkuPrompt } from "polku/react";
import { Product, Shop } from "./shop";

export default function Page() {
  return (
    <Shop>
      <h1>A shop with Next.js</h1>
      <Product />
      <PolkuPrompt prompt="placed" open />
      <PolkuLauncher prompt="asked" text="Tell us" />
    </Shop>
  );
}
