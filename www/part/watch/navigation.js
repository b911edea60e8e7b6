/**
 * Pages of shops that change the address and keep the document. One change has many events (`pushState`, `popstate`, `hashchange`,
 * the Navigation API's); `route` looks at the address itself and tells a view where its path is another one.
 */
export function watchNavigation({ route, moved }) {
  let on = true;
  const go = ({ type, navigationType } = {}) => {
    if (!on) return;
    route(performance.now());
    for (const look of moved) look(type === "popstate" || navigationType === "traverse");
  };
  const api = window.navigation;
  const [target, types] = api ? [api, ["currententrychange"]] : [window, ["popstate", "hashchange"]];
  for (const type of types) target.addEventListener(type, go);
  const undo = [];
  for (const name of api ? [] : ["pushState", "replaceState"]) {
    const run = history[name];
    const ours = (history[name] = function (...args) {
      // The shop's own call first, with its error where it throws one.
      const result = run.apply(this, args);
      go();
      return result;
    });
    // Who wrapped it after us keeps ours, which then does nothing.
    undo.push(() => history[name] === ours && (history[name] = run));
  }
  // It may have changed since the first view was told.
  route(performance.now());
  return () => {
    on = false;
    for (const type of types) target.removeEventListener(type, go);
    for (const back of undo) back();
  };
}
