// First-party storage of this visit: one record that the tabs share, one of this tab. Read and written only when the engine
// says so. Where storage is full or shut every call fails, and the journey goes on in memory.
const VISIT = "polku:1:visit";
const TAB = "polku:1:tab";

const quietly = (run) => {
  try {
    return run() ?? undefined;
  } catch {
    // full or shut
  }
};

export const read = () => [quietly(() => localStorage.getItem(VISIT)), quietly(() => sessionStorage.getItem(TAB))];

export function write(visit, tab) {
  quietly(() => localStorage.setItem(VISIT, visit));
  quietly(() => sessionStorage.setItem(TAB, tab));
}

export function erase() {
  quietly(() => localStorage.removeItem(VISIT));
  quietly(() => sessionStorage.removeItem(TAB));
}
