import {
  AccessError,
  checkSignature,
  identityOf,
  LruCache,
  Members,
  type Identity,
  type Member,
  type SignatureCheck,
  type SignedData,
} from '../identity/index.js';
import { ApplicationPolicy, Config, keyOf, SignaturePolicyEnvelope, type ConfigGroup } from '../wire/index.js';
import { DEFAULT_ACLS } from './acls.js';
import { applicationGroups, readAcls, readBatch, readMsps } from './config.js';
import { parsePolicy } from './language.js';
import { endorsementLayouts } from './layouts.js';
import { readPolicies, ruleOutcome, type ChannelPolicy } from './policyTree.js';
import { compileSignaturePolicy, type Rule } from './signaturePolicy.js';
import type { ChannelAccess, IdentityOptions, PolicyOutcome } from './types.js';

export interface AccessOptions {
  /** Milliseconds since 1970; the system's clock unless given. */
  readonly now?: () => number;
}

/**
 * Access rules of a channel, from its configuration, a serialised `common.Config`.
 * @throws AccessError MALFORMED_CONFIG if Fabric would refuse the configuration.
 */
export function accessFromConfig(channelId: string, config: Uint8Array, options: AccessOptions = {}): ChannelAccess {
  const { sequence, channelGroup } = readConfig(config);
  if (channelGroup === undefined) {
    throw new AccessError('MALFORMED_CONFIG', 'The configuration has no channel group.');
  }
  return new ConfiguredAccess({ channelId, config, sequence }, channelGroup, options.now ?? Date.now);
}

function readConfig(bytes: Uint8Array): Config {
  try {
    return Config.decode(bytes);
  } catch (cause) {
    throw new AccessError('MALFORMED_CONFIG', 'The configuration cannot be read.', { cause });
  }
}

const CACHED_POLICIES = 500;
const MAX_CACHED_POLICY_BYTES = 32 * 1024;

class ConfiguredAccess implements ChannelAccess {
  readonly channelId: string;
  readonly config: Uint8Array;
  readonly sequence: number;
  readonly applicationMsps: readonly string[];
  readonly batch: ChannelAccess['batch'];
  readonly #now: () => number;
  readonly #members: Members;
  /** Names of the Application group's groups, by MSP id. */
  readonly #groups: ReadonlyMap<string, string>;
  readonly #policies: ReadonlyMap<string, ChannelPolicy>;
  readonly #acls: ReadonlyMap<string, string>;
  /** An identity that `authenticate` has admitted need not be verified again for a policy. */
  readonly #verified = new WeakMap<SignedData, Member>();
  readonly #rules = new LruCache<Rule>(CACHED_POLICIES);
  readonly #layouts = new WeakMap<Rule, readonly (readonly string[])[]>();

  constructor(
    { channelId, config, sequence }: Pick<ChannelAccess, 'channelId' | 'config' | 'sequence'>,
    group: ConfigGroup,
    now: () => number,
  ) {
    this.channelId = channelId;
    this.config = config;
    this.sequence = sequence;
    this.#now = now;
    this.#members = new Members(readMsps(group));
    this.#groups = applicationGroups(group);
    this.applicationMsps = [...this.#groups.keys()];
    this.#policies = readPolicies(group);
    this.#acls = readAcls(group);
    this.batch = readBatch(group);
  }

  identity(serialized: Uint8Array, options: IdentityOptions = {}): Identity {
    return identityOf(this.#member(serialized, options), serialized);
  }

  authenticate(signed: SignedData, options: IdentityOptions = {}): Identity {
    const member = this.#member(signed.identity, options);
    const check = this.#check(signed, member);
    if (check !== 'valid') {
      const reason = check === 'HIGH_S' ? 'must have the smaller of its two s values' : 'does not match';
      throw new AccessError(check, `The signature of the ${member.mspId} identity ${reason}.`, { mspId: member.mspId });
    }
    return identityOf(member, signed.identity);
  }

  satisfies(policyPath: string, signed: readonly SignedData[]): PolicyOutcome {
    const policy = this.#policy(policyPath);
    if (policy === undefined) return { satisfied: false, why: `no such policy: '${policyPath}'` };
    return policy.evaluate(this.#validSigners(signed));
  }

  satisfiesSignaturePolicy(envelope: Uint8Array, signed: readonly SignedData[]): PolicyOutcome {
    const rule = this.#rule(envelope);
    if (rule === undefined) return { satisfied: false, why: 'the signature policy is malformed' };
    return ruleOutcome(rule, this.#validSigners(signed));
  }

  satisfiesApplicationPolicy(policy: Uint8Array, signed: readonly SignedData[]): PolicyOutcome {
    const application = readApplicationPolicy(policy);
    if (application === undefined) return { satisfied: false, why: 'the application policy is malformed' };
    const { signaturePolicy, channelConfigPolicyReference } = application;
    return signaturePolicy === undefined
      ? this.satisfies(channelConfigPolicyReference ?? '', signed)
      : this.satisfiesSignaturePolicy(SignaturePolicyEnvelope.encode(signaturePolicy), signed);
  }

  signaturePolicyOf(applicationPolicy: Uint8Array): Uint8Array {
    const application = readApplicationPolicy(applicationPolicy);
    if (application?.signaturePolicy !== undefined) return SignaturePolicyEnvelope.encode(application.signaturePolicy);
    const reference = application?.channelConfigPolicyReference ?? '';
    const policy = this.#policy(reference);
    if (policy === undefined) {
      throw new AccessError('MALFORMED_CONFIG', `The channel ${this.channelId} has no policy '${reference}'.`);
    }
    return SignaturePolicyEnvelope.encode(policy.toEnvelope());
  }

  endorsementPolicyOf(mspId: string): Uint8Array {
    const path = `/Channel/Application/${this.#groups.get(mspId) ?? ''}/Endorsement`;
    return ApplicationPolicy.encode(
      this.#policy(path) === undefined
        ? { signaturePolicy: parsePolicy(`OR('${mspId}.member')`) }
        : { channelConfigPolicyReference: path },
    );
  }

  policyFor(resource: string): string {
    return this.#acls.get(resource) ?? DEFAULT_ACLS.get(resource) ?? '';
  }

  layouts(envelope: Uint8Array): readonly (readonly string[])[] {
    const rule = this.#rule(envelope);
    if (rule === undefined) return [];
    const layouts = this.#layouts.get(rule) ?? endorsementLayouts(rule);
    this.#layouts.set(rule, layouts);
    return layouts;
  }

  #member(serialized: Uint8Array, { timeless = false }: IdentityOptions): Member {
    const member = this.#members.member(serialized);
    if (timeless) return member;
    // Checks only the end: neither Fabric's expiry check nor its MSP checks when a certificate starts to be valid.
    if (this.#now() > member.certificate.notAfter) {
      throw new AccessError('EXPIRED', 'proposal client identity expired', { mspId: member.mspId });
    }
    return member;
  }

  /** As in Fabric: a signer who signed twice counts once, by the first valid signature. */
  #validSigners(signed: readonly SignedData[]): Member[] {
    const signers = new Map<string, Member>();
    for (const item of signed) {
      const member = this.#tryMember(item.identity);
      if (member === undefined) continue;
      const key = `${member.mspId}\0${member.certificate.fingerprint}`;
      if (!signers.has(key) && this.#check(item, member) === 'valid') signers.set(key, member);
    }
    return [...signers.values()];
  }

  #check(signed: SignedData, member: Member): SignatureCheck {
    if (this.#verified.get(signed) === member) return 'valid';
    const check = checkSignature(member.certificate, signed.data, signed.signature);
    if (check === 'valid') this.#verified.set(signed, member);
    return check;
  }

  #tryMember(identity: Uint8Array): Member | undefined {
    try {
      return this.#members.member(identity);
    } catch (error) {
      if (error instanceof AccessError) return undefined;
      throw error;
    }
  }

  #policy(path: string): ChannelPolicy | undefined {
    return path === '' ? undefined : this.#policies.get(path.startsWith('/') ? path : `/Channel/${path}`);
  }

  #rule(envelope: Uint8Array): Rule | undefined {
    const key = keyOf(envelope);
    const known = this.#rules.get(key);
    if (known !== undefined) return known;
    try {
      const rule = compileSignaturePolicy(SignaturePolicyEnvelope.decode(envelope));
      if (envelope.byteLength <= MAX_CACHED_POLICY_BYTES) this.#rules.set(key, rule);
      return rule;
    } catch {
      return undefined;
    }
  }
}

function readApplicationPolicy(bytes: Uint8Array): ApplicationPolicy | undefined {
  try {
    return ApplicationPolicy.decode(bytes);
  } catch {
    return undefined;
  }
}
