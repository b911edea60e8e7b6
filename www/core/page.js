/** The page as `glue.page` takes it: path, referrer, whether that is of this site. */
export function place() {
  const { referrer } = document;
  return [location.pathname, referrer, referrer.startsWith(location.origin + "/")];
}
