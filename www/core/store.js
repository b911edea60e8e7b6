// First-party storage of this visit: one record that the tabs share, one of this tab. Read and written only when the engine
// says so. Where storage is full or shut every call fails, and the journey goes on in memory.
const VISIT = "polku:1:visit";
const TAB = "polku:1:tab";

const quietly = (run) => {
  try {
    return run();
  } catch {
    // full or shut
  }
};

export const read = () => [quietly(() => localStorage.getItem(VISIT)), quietly(() => sessionStorage.getItem(TAB))];

/** The first line is the visit's record, the rest this tab's; without it that stays as it is. */
export function write(text) {
  const end = text.indexOf("\n");
  const tab = text.slice(end + 1, -1);
  quietly(() => localStorage.setItem(VISIT, text.slice(0, end)));
  quietly(() => tab && sessionStorage.setItem(TAB, tab));
}

export function erase() {
  quietly(() => localStorage.removeItem(VISIT));
  quietly(() => sessionStorage.removeItem(TAB));
}
