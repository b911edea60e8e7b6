// Data as CSV (RFC 4180), as spreadsheets open it.

/**
 * Rows of cells as text. A text that a spreadsheet would take for a formula gets an apostrophe in front: names of campaigns and
 * products come from outside. Numbers stay numbers, also below nothing.
 */
export const csv = (rows) => `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;

function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = /^[\s]*[=+\-@]|^[\t\r\n]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
