/** A number of a certificate, as the text of an element or a member of its list. */
export interface WrittenNumber {
  readonly element: string;
  readonly text: string;
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[Ee][-+]?\d+)?$/;
/** Elements whose text is digits only by chance: the content of files, and what is not of the certificate. */
const NO_NUMBERS = /^(?:dataBase64|schemaVersion)$/;

/**
 * Replaces every number of a certificate's text by one of a kind, and returns which stood where. What is inside of
 * signatures is left alone.
 */
export function withMarkedNumbers(xml: string): {
  readonly xml: string;
  readonly marks: ReadonlyMap<string, WrittenNumber>;
} {
  const marks = new Map<string, WrittenNumber>();
  const plain = xml.replaceAll(/<!--.*?-->/gs, '');
  const marked = plain.replaceAll(
    /<((?:dcc|si):)([A-Za-z0-9_]+)((?:\s[^<>]*)?)>([^<]+)(?=<\/\1\2>)/g,
    (whole, prefix: string, element: string, attributes: string, text: string) => {
      const words = text.trim().split(/\s+/);
      // A text in several languages is shown in one of them.
      const translated = element === 'content' && /\blang\s*=/.test(attributes);
      if (translated || NO_NUMBERS.test(element) || !words.every((word) => NUMBER.test(word))) {
        return whole;
      }
      const replaced = words.map((word) => {
        const mark = `0.7${String(marks.size).padStart(6, '0')}3`;
        marks.set(mark, { element, text: word });
        return mark;
      });
      return `<${prefix}${element}${attributes}>${replaced.join(' ')}`;
    },
  );
  return { xml: marked, marks };
}
