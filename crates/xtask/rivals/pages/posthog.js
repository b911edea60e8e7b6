// posthog-js as its documentation starts it, with what would only ask its own servers for more left out.
import posthog from "posthog-js";

posthog.init("phc_bench", {
  api_host: bench.collector,
  defaults: "2025-05-24",
  person_profiles: "identified_only",
  advanced_disable_flags: true,
  disable_external_dependency_loading: true,
  disable_session_recording: true,
  opt_out_useragent_filter: true,
});
bench.tell = (name, money, item) => posthog.capture(name, { ...money, ...item });
