import type { Node } from './node.js';
import type { Text, TextReader } from './text.js';

/** An organisation or a person, as a certificate names it. */
export interface Contact {
  readonly name: Text | null;
  /** E-mail, telephone and postal address, as pairs of the element's name and its text. */
  readonly details: readonly (readonly [string, string])[];
}

const DETAILS = ['eMail', 'phone', 'fax', 'link'];
const ADDRESS = ['street', 'streetNo', 'postCode', 'postOfficeBox', 'city', 'state', 'countryCode'];

export function readContact(node: Node, texts: TextReader): Contact {
  const location = node.child('location');
  const details = [...node.children(...DETAILS), ...(location?.children(...ADDRESS) ?? [])].flatMap((part) => {
    const text = part.text();
    return text === null ? [] : [[part.name, text] as const];
  });
  const further = location ? texts.children(location, 'further').map((text) => ['further', text.text] as const) : [];
  return { name: texts.child(node, 'name'), details: [...details, ...further] };
}

export function readContactChild(parent: Node, name: string, texts: TextReader): Contact | null {
  const node = parent.child(name);
  return node ? readContact(node, texts) : null;
}
