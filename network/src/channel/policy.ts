import { common, msp } from '@hyperledger/fabric-protos';
import { ChannelError } from './errors.js';
import { tokenize, type Token } from './policyTokens.js';

const ROLES: ReadonlyMap<string, msp.MSPRole.MSPRoleTypeMap[keyof msp.MSPRole.MSPRoleTypeMap]> = new Map([
  ['member', msp.MSPRole.MSPRoleType.MEMBER],
  ['admin', msp.MSPRole.MSPRoleType.ADMIN],
  ['client', msp.MSPRole.MSPRoleType.CLIENT],
  ['peer', msp.MSPRole.MSPRoleType.PEER],
  ['orderer', msp.MSPRole.MSPRoleType.ORDERER],
]);

const MAX_TEXT = 100_000;
const MAX_DEPTH = 32;

/**
 * Reads Fabric's signature policy language: `OutOf(2, 'A.peer', AND('B.member', 'C.admin'))`.
 *
 * @example
 * const policy = parsePolicy("OR('LabAlphaMSP.peer', 'LabBetaMSP.peer')").serializeBinary();
 * @throws ChannelError BAD_POLICY that names the position (from 1).
 */
export function parsePolicy(text: string): common.SignaturePolicyEnvelope {
  if (text.length > MAX_TEXT)
    throw new ChannelError('BAD_POLICY', 'The signature policy is longer than 100,000 characters.');
  return new PolicyParser(tokenize(text), text.length).envelope();
}

/**
 * Writes a signature policy in Fabric's language; reading it again gives an equal policy.
 * @throws ChannelError BAD_POLICY when it names something else than roles, for which the language has no words.
 */
export function printPolicy(envelope: common.SignaturePolicyEnvelope): string {
  const principals = envelope.getIdentitiesList().map(printPrincipal);
  const print = (rule: common.SignaturePolicy | undefined): string => {
    const group = rule?.getNOutOf();
    if (group !== undefined) return printGroup(group.getN(), group.getRulesList().map(print));
    const principal = rule?.hasSignedBy() === true ? principals[rule.getSignedBy()] : undefined;
    if (principal === undefined)
      throw new ChannelError('BAD_POLICY', 'A rule of the signature policy names no identity.');
    return principal;
  };
  const rule = envelope.getRule();
  // The language has no policy that is a principal by itself.
  return rule?.hasSignedBy() === true ? printGroup(1, [print(rule)]) : print(rule);
}

interface Gate {
  readonly kind: 'gate';
  readonly required: number;
  readonly parts: readonly Part[];
}
type Part = Gate | { readonly kind: 'principal'; readonly mspId: string; readonly role: string };

class PolicyParser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #next = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  envelope(): common.SignaturePolicyEnvelope {
    const gate = this.#gate(0);
    const extra = this.#tokens[this.#next];
    if (extra !== undefined) throw bad(extra.at, `there is '${extra.text}' after the policy`);
    const envelope = new common.SignaturePolicyEnvelope();
    envelope.setRule(encodeGate(gate, envelope));
    return envelope;
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
    // One more than there are is Fabric's way to say "nobody".
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

/** The spellings that Fabric 3 knows; it takes a lower-case `and` or `or` for an operator of its expression language. */
const GATES: ReadonlyMap<string, 'and' | 'or' | 'outof'> = new Map([
  ['AND', 'and'],
  ['And', 'and'],
  ['OR', 'or'],
  ['Or', 'or'],
  ['OutOf', 'outof'],
  ['OUTOF', 'outof'],
  ['outof', 'outof'],
]);

/** Inner gates take their places before this gate's own principals: so does Fabric, and equal text gives equal bytes. */
function encodeGate(gate: Gate, envelope: common.SignaturePolicyEnvelope): common.SignaturePolicy {
  const inner = gate.parts.map((part) => (part.kind === 'gate' ? encodeGate(part, envelope) : undefined));
  const group = new common.SignaturePolicy.NOutOf();
  group.setN(gate.required);
  gate.parts.forEach((part, index) => {
    group.addRules(part.kind === 'gate' ? inner[index] : signedBy(part.mspId, part.role, envelope));
  });
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(group);
  return rule;
}

function signedBy(mspId: string, role: string, envelope: common.SignaturePolicyEnvelope): common.SignaturePolicy {
  const mspRole = new msp.MSPRole();
  mspRole.setMspIdentifier(mspId);
  mspRole.setRole(ROLES.get(role) ?? msp.MSPRole.MSPRoleType.MEMBER);
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  principal.setPrincipal(mspRole.serializeBinary());
  const rule = new common.SignaturePolicy();
  rule.setSignedBy(envelope.getIdentitiesList().length);
  envelope.addIdentities(principal);
  return rule;
}

function printGroup(required: number, parts: readonly string[]): string {
  if (required === 1) return `OR(${parts.join(', ')})`;
  if (required === parts.length) return `AND(${parts.join(', ')})`;
  return `OutOf(${[required, ...parts].join(', ')})`;
}

function printPrincipal(principal: msp.MSPPrincipal): string {
  if (principal.getPrincipalClassification() !== msp.MSPPrincipal.Classification.ROLE) {
    throw new ChannelError(
      'BAD_POLICY',
      'The signature policy names something else than roles and cannot be written down.',
    );
  }
  const mspRole = msp.MSPRole.deserializeBinary(principal.getPrincipal_asU8());
  const [role = 'member'] = [...ROLES].find(([, value]) => value === mspRole.getRole()) ?? [];
  return `'${mspRole.getMspIdentifier()}.${role}'`;
}

function bad(at: number, reason: string): ChannelError {
  return new ChannelError('BAD_POLICY', `The signature policy cannot be read at position ${at + 1}: ${reason}.`);
}
