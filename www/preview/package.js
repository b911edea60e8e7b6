// Names in the package that is served beside this page: they hold a hash, the manifest knows them.

let manifest;

async function names() {
  manifest ??= fetch("/polku/manifest.json").then((answer) => answer.json());
  return Object.entries((await manifest).files);
}

/** The address of the file with a role, such as `prompt.js`; with the beginning of its name where a role has several. Nothing where there is none. */
export async function packaged(role, begins = "") {
  const [name] = (await names()).find(([name, file]) => file.role === role && name.startsWith(begins)) ?? [];
  return name && `/polku/${name}`;
}
