/** An element as the four lines that the module names it by: `data-polku-id`, tag, `id`, role. What it says is not read. */
export function lines(element) {
  const attribute = (name) => (element && element.getAttribute && element.getAttribute(name)) || "";
  return [attribute("data-polku-id"), element ? element.localName : "", attribute("id"), attribute("role")];
}

/** Where a script or a request lies: of this shop its path, of others the host before it. No query. */
export function place(address) {
  try {
    const { protocol, host, origin, pathname } = new URL(address, location.href);
    if (!/^http/.test(protocol)) return protocol; // extensions, blobs
    return (origin === location.origin ? "" : host) + pathname;
  } catch {
    return "";
  }
}
