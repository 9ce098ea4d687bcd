import type * as Slimdom from 'slimdom' with { 'resolution-mode': 'import' };
import { DccError, quoted } from '../errors.js';
import { openDom } from './dom.js';
import type { Dom } from './dom.js';

/** A variable of a rule set. */
export interface Let {
  readonly name: string;
  readonly value: string;
}

/** A test, with its message: texts, with the values of expressions between them. */
export interface Check {
  /** An assert reports if its test is false, a report if it is true. */
  readonly complainsWhen: boolean;
  readonly test: string;
  readonly level: 'error' | 'warning' | 'information';
  readonly message: readonly (string | { readonly select: string })[];
}

export interface Rule {
  readonly context: string;
  readonly lets: readonly Let[];
  readonly checks: readonly Check[];
}

export interface Pattern {
  readonly lets: readonly Let[];
  readonly rules: readonly Rule[];
}

/** A rule set in Schematron with XPath 2. */
export interface RuleSet {
  readonly namespaces: ReadonlyMap<string, string>;
  readonly lets: readonly Let[];
  readonly patterns: readonly Pattern[];
}

const SCHEMATRON: ReadonlySet<string> = new Set([
  'http://purl.oclc.org/dsdl/schematron',
  'http://www.ascc.net/xml/schematron',
]);
const XSLT = 'http://www.w3.org/1999/XSL/Transform';
const BINDINGS: ReadonlySet<string> = new Set(['xslt', 'xslt2', 'xslt3', 'xpath', 'xpath2', 'xpath3', 'xpath31']);

/**
 * Reads a Schematron file: `ns`, `let`, patterns, rules (also abstract ones), asserts and reports. Anything else that would
 * change the outcome is refused, never ignored. Phases are ignored: all patterns apply.
 *
 * @throws DccError `SCHEMATRON_UNUSABLE`
 */
export async function readRuleSet(bytes: Uint8Array): Promise<RuleSet> {
  try {
    return new RuleReader(await openDom(bytes)).read();
  } catch (cause) {
    if (cause instanceof DccError && cause.code.startsWith('XML_')) {
      throw new DccError('SCHEMATRON_UNUSABLE', cause.message, { cause });
    }
    throw cause;
  }
}

class RuleReader {
  readonly #dom: Dom;

  constructor(dom: Dom) {
    this.#dom = dom;
  }

  read(): RuleSet {
    const root = this.#dom.document.documentElement;
    if (!root || !isSchematron(root, 'schema')) {
      throw new DccError('SCHEMATRON_UNUSABLE', 'It is not a Schematron file.');
    }
    const binding = root.getAttribute('queryBinding') ?? 'xslt';
    if (!BINDINGS.has(binding.toLowerCase())) {
      this.#refuse(root, `the query language ${quoted(binding)} is not supported`);
    }
    this.#refuseUnsupported(root);
    const namespaces = childrenOf(root, 'ns').map(
      (each) => [this.#required(each, 'prefix'), this.#required(each, 'uri')] as const,
    );
    return {
      namespaces: new Map(namespaces),
      lets: this.#lets(root),
      patterns: childrenOf(root, 'pattern').map((pattern) => this.#pattern(pattern)),
    };
  }

  #refuseUnsupported(element: Slimdom.Element): void {
    for (const child of element.children) {
      if (isSchematron(child, 'include', 'param') || (child.namespaceURI === XSLT && child.localName !== 'comment')) {
        this.#refuse(child, `${child.nodeName} is not supported`);
      }
      this.#refuseUnsupported(child);
    }
  }

  #pattern(pattern: Slimdom.Element): Pattern {
    if (isAbstract(pattern) || pattern.hasAttribute('is-a')) {
      this.#refuse(pattern, 'abstract patterns are not supported');
    }
    const rules = childrenOf(pattern, 'rule');
    return {
      lets: this.#lets(pattern),
      rules: rules.filter((rule) => !isAbstract(rule)).map((rule) => this.#rule(rule, rules)),
    };
  }

  #rule(rule: Slimdom.Element, all: readonly Slimdom.Element[]): Rule {
    const extended = childrenOf(rule, 'extends').map((each) => {
      const id = each.getAttribute('rule');
      const found = all.find((other) => isAbstract(other) && other.getAttribute('id') === id);
      return found ?? this.#refuse(each, `this pattern has no abstract rule "${id ?? ''}"`);
    });
    const parts = [...extended, rule];
    return {
      context: this.#required(rule, 'context'),
      lets: parts.flatMap((part) => this.#lets(part)),
      checks: parts.flatMap((part) => childrenOf(part, 'assert', 'report').map((check) => this.#check(check))),
    };
  }

  #check(check: Slimdom.Element): Check {
    return {
      complainsWhen: check.localName === 'report',
      test: this.#required(check, 'test'),
      level: levelOf(check.getAttribute('role') ?? ''),
      message: messageOf(check),
    };
  }

  #lets(element: Slimdom.Element): Let[] {
    return childrenOf(element, 'let').map((each) => ({
      name: this.#required(each, 'name'),
      value: this.#required(each, 'value'),
    }));
  }

  #required(element: Slimdom.Element, attribute: string): string {
    const value = element.getAttribute(attribute)?.trim() ?? '';
    return value === '' ? this.#refuse(element, `${element.nodeName} has no ${attribute}`) : value;
  }

  #refuse(element: Slimdom.Element, reason: string): never {
    throw new DccError('SCHEMATRON_UNUSABLE', `Line ${this.#dom.lineOf(element) ?? 1}: ${reason}.`);
  }
}

function messageOf(check: Slimdom.Element): Check['message'] {
  return [...check.childNodes].map((node) => {
    if (!('localName' in node)) {
      return node.nodeType === node.COMMENT_NODE ? '' : (node.textContent ?? '');
    }
    const element = node as Slimdom.Element;
    if (isSchematron(element, 'value-of')) {
      return { select: element.getAttribute('select') ?? '.' };
    }
    return isSchematron(element, 'name')
      ? { select: `name(${element.getAttribute('path') ?? '.'})` }
      : (element.textContent ?? '');
  });
}

function levelOf(role: string): Check['level'] {
  if (/^info(?:rmation)?$/i.test(role)) {
    return 'information';
  }
  return /^warn(?:ing)?$/i.test(role) ? 'warning' : 'error';
}

function isAbstract(element: Slimdom.Element): boolean {
  return element.getAttribute('abstract') === 'true';
}

function isSchematron({ namespaceURI, localName }: Slimdom.Element, ...names: readonly string[]): boolean {
  return namespaceURI !== null && SCHEMATRON.has(namespaceURI) && names.includes(localName);
}

function childrenOf(element: Slimdom.Element, ...names: readonly string[]): Slimdom.Element[] {
  return element.children.filter((child) => isSchematron(child, ...names));
}
