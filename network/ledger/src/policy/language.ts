import { folded } from '../wire/folded.js';
import {
  MSP_ROLE,
  MspRole,
  PRINCIPAL,
  type MspPrincipal,
  type SignaturePolicy,
  type SignaturePolicyEnvelope,
} from '../wire/index.js';
import { tokenize, type Token } from './languageTokens.js';
import { PolicyError } from './policyError.js';

const ROLES: ReadonlyMap<string, number> = new Map(Object.entries(MSP_ROLE));

const MAX_TEXT = 100_000;
const MAX_DEPTH = 32;

/**
 * Reads Fabric's signature policy language: `OutOf(2, 'A.peer', AND('B.member', 'C.admin'))`.
 *
 * @example
 * const policy = SignaturePolicyEnvelope.encode(parsePolicy("OR('LabAlphaMSP.peer', 'LabBetaMSP.peer')"));
 * @throws PolicyError that names the position (from 1).
 */
export function parsePolicy(text: string): SignaturePolicyEnvelope {
  if (text.length > MAX_TEXT) throw new PolicyError('The signature policy is longer than 100,000 characters.');
  return new PolicyParser(tokenize(text), text.length).envelope();
}

/**
 * Writes a signature policy in Fabric's language; reading it again gives an equal policy.
 * @throws PolicyError if it contains something other than roles: the language can express only roles.
 */
export function printPolicy({ rule, identities }: SignaturePolicyEnvelope): string {
  const principals = identities.map(printPrincipal);
  const printed = folded<SignaturePolicy | undefined, string>(
    rule,
    (part) => part?.nOutOf?.rules ?? [],
    (part, rules) => {
      if (part?.nOutOf !== undefined) return printGroup(part.nOutOf.n, rules);
      const principal = part?.signedBy === undefined ? undefined : principals[part.signedBy];
      if (principal === undefined) throw new PolicyError('A rule of the signature policy names no identity.');
      return principal;
    },
  );
  // In the language a single principal is not a policy.
  return rule?.signedBy === undefined ? printed : printGroup(1, [printed]);
}

interface Gate {
  readonly kind: 'gate';
  readonly required: number;
  readonly parts: readonly Part[];
}
interface Named {
  readonly kind: 'principal';
  readonly mspId: string;
  readonly role: string;
}
type Part = Gate | Named;

class PolicyParser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #next = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  envelope(): SignaturePolicyEnvelope {
    const gate = this.#gate(0);
    const extra = this.#tokens[this.#next];
    if (extra !== undefined) throw bad(extra.at, `there is '${extra.text}' after the policy`);
    const identities: MspPrincipal[] = [];
    const rule = encodeGate(gate, identities);
    return { version: 0, rule, identities };
  }

  #gate(depth: number): Gate {
    const name = this.#take('name', 'AND, OR or OutOf');
    const kind = GATES.get(name.text);
    if (kind === undefined) throw bad(name.at, `'${name.text}' is not AND, OR or OutOf`);
    if (depth > MAX_DEPTH) throw bad(name.at, 'the policy is nested too deep');
    this.#take('(', "'('");
    const count = kind === 'outof' ? this.#count() : undefined;
    const parts = [this.#part(depth)];
    while (this.#tokens[this.#next]?.kind === ',') {
      this.#next++;
      parts.push(this.#part(depth));
    }
    this.#take(')', "',' or ')'");
    const required = count ?? (kind === 'and' ? parts.length : 1);
    // One more than exist is Fabric's notation for "nobody".
    if (required > parts.length + 1) throw bad(name.at, `it asks for ${required} of ${parts.length}`);
    return { kind: 'gate', required, parts };
  }

  #count(): number {
    const count = this.#take('number', 'a number');
    this.#take(',', "','");
    return Number(count.text);
  }

  #part(depth: number): Part {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'text') return this.#gate(depth + 1);
    this.#next++;
    const [, mspId, role] = /^([A-Za-z0-9.-]+)\.(member|admin|client|peer|orderer)$/.exec(token.text) ?? [];
    if (mspId === undefined || role === undefined) {
      throw bad(token.at, `'${token.text}' is not <MSP id>.<member, admin, client, peer or orderer>`);
    }
    return { kind: 'principal', mspId, role };
  }

  #take(kind: Token['kind'], expected: string): Token {
    const token = this.#tokens[this.#next];
    if (token?.kind !== kind) {
      throw bad(
        token?.at ?? this.#end,
        `expected ${expected}, found ${token === undefined ? 'the end' : `'${token.text}'`}`,
      );
    }
    this.#next++;
    return token;
  }
}

/** The spellings that Fabric 3 accepts; it treats a lower-case `and` or `or` as an operator of its expression language. */
const GATES: ReadonlyMap<string, 'and' | 'or' | 'outof'> = new Map([
  ['AND', 'and'],
  ['And', 'and'],
  ['OR', 'or'],
  ['Or', 'or'],
  ['OutOf', 'outof'],
  ['OUTOF', 'outof'],
  ['outof', 'outof'],
]);

/** The principals of inner gates are numbered before this gate's own, as in Fabric: equal text gives equal bytes. */
function encodeGate(gate: Gate, identities: MspPrincipal[]): SignaturePolicy {
  const inner = gate.parts.map((part) => (part.kind === 'gate' ? encodeGate(part, identities) : part));
  const rules = inner.map((part) => ('kind' in part ? signedBy(part, identities) : part));
  return { signedBy: undefined, nOutOf: { n: gate.required, rules } };
}

function signedBy(part: Named, identities: MspPrincipal[]): SignaturePolicy {
  const principal = MspRole.encode({ mspIdentifier: part.mspId, role: ROLES.get(part.role) ?? MSP_ROLE.member });
  identities.push({ classification: PRINCIPAL.role, principal });
  return { signedBy: identities.length - 1, nOutOf: undefined };
}

function printGroup(required: number, parts: readonly string[]): string {
  if (required === 1) return `OR(${parts.join(', ')})`;
  if (required === parts.length) return `AND(${parts.join(', ')})`;
  return `OutOf(${[required, ...parts].join(', ')})`;
}

function printPrincipal({ classification, principal }: MspPrincipal): string {
  if (classification !== PRINCIPAL.role) {
    throw new PolicyError('The signature policy names something else than roles and cannot be written down.');
  }
  const mspRole = MspRole.decode(principal);
  const [role = 'member'] = [...ROLES].find(([, value]) => value === mspRole.role) ?? [];
  return `'${mspRole.mspIdentifier}.${role}'`;
}

function bad(at: number, reason: string): PolicyError {
  return new PolicyError(`The signature policy cannot be read at position ${at + 1}: ${reason}.`);
}
