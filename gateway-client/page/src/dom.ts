import { printable } from '@tracecal/core/model';

type Child = Node | string;

/** Characters that turn or hide the text around them. */
const HIDDEN = /[\p{Cc}\p{Cf}]/gu;

/** An element with children. Texts become text and never markup, wherever they come from. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children.map((child) => (typeof child === 'string' ? child.replaceAll(HIDDEN, ' ') : child)));
  return made;
}

/** A name that somebody else chose: its letters must not turn the text around it. */
export function name(text: string): HTMLElement {
  return element('bdi', '', printable(text));
}

/** An element of the page itself. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}
