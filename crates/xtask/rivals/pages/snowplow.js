// Snowplow's tracker with its e-commerce plugin.
import { SnowplowEcommercePlugin, trackAddToCart } from "@snowplow/browser-plugin-snowplow-ecommerce";
import { enableActivityTracking, newTracker, trackPageView } from "@snowplow/browser-tracker";

newTracker("sp", bench.collector, { appId: "bench", encodeBase64: false, plugins: [SnowplowEcommercePlugin()] });
enableActivityTracking({ minimumVisitLength: 10, heartbeatDelay: 10 });
trackPageView();
bench.tell = (name, { currency, value }, { item_id: id, item_name, item_category: category, item_brand: brand, item_variant: variant, price, quantity }) =>
  trackAddToCart({ total_value: value, currency, products: [{ id, name: item_name, category, brand, variant, price, quantity, currency, custom: name }] });
