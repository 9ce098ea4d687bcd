/**
 * JSON as the command line prints it: indented, big integers as numbers where they fit. JSON escapes some control characters; a
 * terminal would obey the others, too.
 */
export function printedJson(document: unknown): string {
  const text = JSON.stringify(document, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value), 2);
  return text.replaceAll(OTHER_CONTROLS, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const OTHER_CONTROLS = /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
