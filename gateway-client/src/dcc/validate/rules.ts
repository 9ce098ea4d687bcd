import type * as Slimdom from 'slimdom' with { 'resolution-mode': 'import' };
import { openDom } from './dom.js';
import type { Dom } from './dom.js';
import type { Finding } from './finding.js';
import { readRuleSet } from './schematron.js';
import type { Check, Let, Pattern, Rule, RuleSet } from './schematron.js';
import { loadXPath } from './xpath.js';
import type { XPath, XPathOptions } from './xpath.js';

const MAX_FINDINGS = 200;
const MAX_MESSAGE = 500;
const MAX_EXPRESSION = 80;

/** A Schematron file, ready to check certificates. */
export class BusinessRules {
  readonly #rules: RuleSet;
  readonly #xpath: XPath;

  private constructor(rules: RuleSet, xpath: XPath) {
    this.#rules = rules;
    this.#xpath = xpath;
  }

  /** @throws DccError `SCHEMATRON_UNUSABLE` */
  static async read(bytes: Uint8Array): Promise<BusinessRules> {
    return new BusinessRules(await readRuleSet(bytes), await loadXPath());
  }

  /**
   * The findings of the rules about a document, in document order.
   *
   * @throws DccError `XML_*`
   */
  async findings(bytes: Uint8Array): Promise<Finding[]> {
    return new RuleRun(this.#rules, this.#xpath, await openDom(bytes)).findings();
  }
}

/** One document under one rule set. */
class RuleRun {
  readonly #rules: RuleSet;
  readonly #xpath: XPath;
  readonly #dom: Dom;
  readonly #options: XPathOptions;
  readonly #findings: Finding[] = [];

  constructor(rules: RuleSet, xpath: XPath, dom: Dom) {
    this.#rules = rules;
    this.#xpath = xpath;
    this.#dom = dom;
    const known = new Map([['xs', 'http://www.w3.org/2001/XMLSchema'], ...rules.namespaces]);
    this.#options = { namespaceResolver: (prefix) => (prefix === '' ? null : (known.get(prefix) ?? null)) };
  }

  findings(): Finding[] {
    for (const pattern of this.#rules.patterns) {
      this.#runPattern(pattern);
    }
    return this.#findings.slice(0, MAX_FINDINGS).sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  }

  #runPattern(pattern: Pattern): void {
    // Within a pattern, only the first rule that matches a node is applied to it.
    const seen = new Set<Slimdom.Node>();
    const outer = this.#variables([...this.#rules.lets, ...pattern.lets]);
    for (const rule of pattern.rules) {
      for (const node of this.#nodesOf(rule)) {
        if (!seen.has(node) && this.#findings.length < MAX_FINDINGS) {
          seen.add(node);
          this.#runRule(rule, node, outer);
        }
      }
    }
  }

  #nodesOf({ context }: Rule): Slimdom.Node[] {
    const paths = alternativesOf(context).map((path) => (path.startsWith('/') ? path : `//${path}`));
    try {
      return this.#xpath.evaluateXPathToNodes(paths.join(' | '), this.#dom.document, null, null, this.#options);
    } catch (error) {
      this.#addFailure(context, this.#dom.document, error);
      return [];
    }
  }

  #runRule(rule: Rule, node: Slimdom.Node, outer: Variables): void {
    const inner = rule.lets.map(({ name, value }) => `$${name} := (${value})`);
    const within = (expression: string) => bind([...outer.inline, ...inner], expression);
    for (const check of rule.checks) {
      try {
        const holds = this.#xpath.evaluateXPathToBoolean(within(check.test), node, null, outer.values, this.#options);
        if (holds === check.complainsWhen) {
          this.#add(check.level, node, this.#messageOf(check, node, within, outer.values));
        }
      } catch (error) {
        this.#addFailure(check.test, node, error);
      }
    }
  }

  #messageOf(check: Check, node: Slimdom.Node, within: (text: string) => string, values: Variables['values']): string {
    return check.message
      .map((part) =>
        typeof part === 'string'
          ? part
          : this.#xpath
              .evaluateXPathToStrings(within(`(${part.select}) ! string(.)`), node, null, values, this.#options)
              .join(' '),
      )
      .join('');
  }

  /**
   * Variables of the document as a whole. Nodes and texts are computed once; other values keep their XPath types only
   * inside an expression, so they are computed where they are used.
   */
  #variables(lets: readonly Let[]): Variables {
    const values: Record<string, unknown> = {};
    const inline: string[] = [];
    for (const { name, value } of lets) {
      const found = this.#evaluate(bind(inline, value), values);
      const type = found && typeOf(found);
      if (found && type) {
        values[name] = this.#xpath.createTypedValueFactory(type)(found, this.#xpath.domFacade);
      } else {
        inline.push(`$${name} := root(.)/(${value})`);
      }
    }
    return { values, inline };
  }

  /** undefined if it cannot be evaluated: then every use reports that at its own place. */
  #evaluate(expression: string, values: Variables['values']): readonly unknown[] | undefined {
    const { ALL_RESULTS } = this.#xpath.ReturnType;
    try {
      const { document } = this.#dom;
      return this.#xpath.evaluateXPath(expression, document, null, values, ALL_RESULTS, this.#options) as unknown[];
    } catch {
      return undefined;
    }
  }

  #addFailure(expression: string, node: Slimdom.Node, error: unknown): void {
    const reason = error instanceof Error ? error.message : 'unknown';
    this.#add('error', node, `The rule "${shortened(expression, MAX_EXPRESSION)}" cannot be evaluated: ${reason}`);
  }

  #add(level: Finding['level'], node: Slimdom.Node, message: string): void {
    this.#findings.push({ level, line: this.#dom.lineOf(node), reason: shortened(message, MAX_MESSAGE) });
  }
}

/** One line of bounded length. */
function shortened(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length).toWellFormed()}…` : line;
}

interface Variables {
  readonly values: Record<string, unknown>;
  /** `$name := expression`, to be put before the expressions that use it. */
  readonly inline: readonly string[];
}

function bind(variables: readonly string[], expression: string): string {
  return variables.length === 0 ? expression : `let ${variables.join(', ')} return (${expression})`;
}

function typeOf(items: readonly unknown[]): string | undefined {
  if (items.every((item) => typeof item === 'string')) {
    return 'xs:string*';
  }
  return items.every((item) => typeof item === 'object' && item !== null && 'nodeType' in item) ? 'node()*' : undefined;
}

/**
 * The separate alternatives of a context, `a
 * b[c
 * d]`.
 */
function alternativesOf(context: string): string[] {
  const cuts: number[] = [];
  let [depth, quote] = [0, ''];
  [...context.matchAll(/["'|[\]()]/g)].forEach(({ 0: character, index }) => {
    if (quote !== '' || character === '"' || character === "'") {
      quote = quote === '' ? character : quote === character ? '' : quote;
    } else if (character === '|' && depth === 0) {
      cuts.push(index);
    } else {
      depth += '[('.includes(character) ? 1 : '])'.includes(character) ? -1 : 0;
    }
  });
  return [...cuts, context.length]
    .map((end, place) => context.slice(place === 0 ? 0 : (cuts[place - 1] ?? 0) + 1, end).trim())
    .filter((part) => part !== '');
}
