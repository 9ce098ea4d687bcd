import type { Node } from './node.js';

/** A text in several languages. */
export interface Text {
  /** In the certificate's first mandatory language if available, else without language, else the first. */
  readonly text: string;
  readonly all: readonly { readonly language: string | null; readonly text: string }[];
}

/** An equation, as written. It is shown, never evaluated. */
export interface Formula {
  readonly path: string;
  readonly refType: string | null;
  readonly latex: string;
}

// Each is searched for in every text, and a hostile file may list very many.
const MAX_LANGUAGES = 20;

/** Reads texts in the languages that a certificate declares. */
export class TextReader {
  readonly #mandatory: readonly string[];
  readonly #formulas: Formula[] = [];

  constructor(mandatoryLanguages: readonly string[]) {
    this.#mandatory = mandatoryLanguages.slice(0, MAX_LANGUAGES);
  }

  /** Every formula found so far, in texts and among data. */
  get formulas(): readonly Formula[] {
    return this.#formulas;
  }

  /** Collects the formulas in LaTeX at this place. A formula in MathML is not read, and is reported as such. */
  readFormulas(node: Node): void {
    for (const formula of node.childrenHolding('formula', 'latex')) {
      const latex = formula.string('latex');
      if (latex !== null) {
        this.#formulas.push({ path: formula.path, refType: formula.attribute('refType'), latex });
      }
    }
  }

  /** The text below `parent/name`; null if absent or blank in every language. */
  child(parent: Node, name: string): Text | null {
    const node = parent.child(name);
    return node ? this.read(node) : null;
  }

  /** Texts that may be repeated (`description` in 2.x), one after the other. */
  children(parent: Node, name: string): Text[] {
    return parent.children(name).flatMap((node) => this.read(node) ?? []);
  }

  /** What the `content` elements say; the heading (`name`) of a rich text comes first. */
  read(node: Node): Text | null {
    this.readFormulas(node);
    const heading = node.child('name')?.children('content') ?? [];
    const all = [...heading, ...node.children('content')].flatMap((content) => {
      const text = content.text();
      return text === null ? [] : [{ language: content.attribute('lang'), text }];
    });
    return all.length === 0 ? null : { text: this.#inBestLanguage(all), all };
  }

  #inBestLanguage(all: Text['all']): string {
    const languages = [...this.#mandatory, null, all[0]?.language ?? null];
    const best = languages.find((language) => all.some((part) => part.language === language));
    return all
      .filter((part) => part.language === best)
      .map((part) => part.text)
      .join('\n');
  }
}
