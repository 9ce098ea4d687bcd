import { base64Text } from '@tracecal/core/platform';
import type { ConfigChange, ConfigElement } from '@tracecal/ledger/config';
import {
  ImplicitMetaPolicy,
  META_RULE,
  POLICY_TYPE,
  PRINCIPAL,
  SerializedIdentity,
  SignaturePolicyEnvelope,
  WireError,
  type ConfigPolicy,
} from '@tracecal/ledger/wire';
import { ChannelError } from '../channel/index.js';
import { printEnvelope } from '../channel/policy.js';
import { certificateWords, valueFacts } from './values.js';

/** One change in plain words. */
export interface ChangeWords {
  /** `/Channel/Orderer/BatchSize` */
  readonly where: string;
  readonly what: 'group' | 'value' | 'policy';
  readonly how: 'added' | 'removed' | 'changed';
  /** What is different, one thing each: `maxMessageCount: 500 -> 10`. */
  readonly details: readonly string[];
  /** False if something in it cannot be shown: then nobody should sign it. */
  readonly isFull: boolean;
}

/** What an element says, by names; undefined if that cannot be shown in full. */
export type Facts = ReadonlyMap<string, string> | undefined;

const KINDS = { Group: 'group', Value: 'value', Policy: 'policy' } as const;
const ABSENT: Facts = new Map();

/** All changes of a proposal, from its bytes alone. */
export function changeWords(changes: readonly ConfigChange[]): readonly ChangeWords[] {
  return changes.map((change) => {
    const { kind, path, before, after } = change;
    const sides = [before, after].map((element) => (element === undefined ? ABSENT : factsOf(element)));
    const [old, present] = sides;
    return {
      where: `/${path.join('/')}`,
      what: KINDS[kind],
      how: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
      details: old === undefined || present === undefined ? [] : differences(old, present),
      isFull: old !== undefined && present !== undefined,
    };
  });
}

function differences(before: NonNullable<Facts>, after: NonNullable<Facts>): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [old, present] = [before.get(name), after.get(name)];
    if (old === present) return [];
    if (old === undefined) return [`${name}: ${present ?? ''}`];
    return [present === undefined ? `${name}: ${old} -> nothing` : `${name}: ${old} -> ${present}`];
  });
}

function factsOf(element: ConfigElement): Facts {
  const { message } = element;
  // Fabric keeps what it does not know, and a later release may know it.
  if (message.unknown !== undefined && message.unknown.length > 0) return undefined;
  const content = contentFacts(element);
  return content && new Map([...content, ['who may change it', message.modPolicy || 'nobody']]);
}

function contentFacts(element: ConfigElement): Facts {
  switch (element.kind) {
    case 'Group':
      return new Map();
    case 'Value':
      return valueFacts(element.path.at(-1) ?? '', element.message.value);
    case 'Policy':
      return policyFacts(element.message);
  }
}

function policyFacts(configured: ConfigPolicy): Facts {
  try {
    return ruleFacts(configured);
  } catch (error) {
    // Principals other than roles, for which the language has no words, or bytes in another form than Fabric writes.
    if (error instanceof ChannelError || error instanceof WireError) return undefined;
    throw error;
  }
}

function ruleFacts({ policy }: ConfigPolicy): Facts {
  if (policy === undefined || (policy.unknown !== undefined && policy.unknown.length > 0)) return undefined;
  if (policy.type === POLICY_TYPE.implicitMeta) {
    const { rule, subPolicy } = ImplicitMetaPolicy.decodeExact(policy.value);
    const [name] = Object.entries(META_RULE).find(([, value]) => value === rule) ?? [];
    return name === undefined ? undefined : new Map([['rule', `${name.toUpperCase()} ${subPolicy}`]]);
  }
  if (policy.type !== POLICY_TYPE.signature) return undefined;
  const envelope = SignaturePolicyEnvelope.decodeExact(policy.value);
  return namedFacts(envelope) ?? new Map([['rule', printEnvelope(envelope)]]);
}

/** A policy that names certificates, for which the language has no words: so many of them, each once. */
function namedFacts({ rule, identities }: SignaturePolicyEnvelope): Facts {
  const { n = 0, rules = [] } = rule?.nOutOf ?? {};
  const isPlain = rules.length === identities.length && rules.every(({ signedBy }, place) => signedBy === place);
  if (!isPlain || !identities.every(({ classification }) => classification === PRINCIPAL.identity)) return undefined;
  const names = identities.map(({ principal }, place): readonly [string, string] => {
    const { mspId, idBytes } = SerializedIdentity.decodeExact(principal);
    return [`signer ${place + 1}`, `${mspId}, ${certificateWords(base64Text(idBytes))}`];
  });
  return new Map([['signatures needed', `${n}`], ...names]);
}
