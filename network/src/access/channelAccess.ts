import { common, peer } from '@hyperledger/fabric-protos';
import { parsePolicy } from '../channel/policy.js';
import { DEFAULT_ACLS } from './acls.js';
import { applicationGroups, configFromBlock, readAcls, readBatch, readMsps } from './config.js';
import { AccessError } from './errors.js';
import { endorsementLayouts } from './layouts.js';
import { LruCache } from './lru.js';
import { Members } from './members.js';
import { identityOf, type Member } from './msp.js';
import { readPolicies, ruleOutcome, type ChannelPolicy } from './policyTree.js';
import { checkSignature, type SignatureCheck } from './signature.js';
import { compileSignaturePolicy, type Rule } from './signaturePolicy.js';
import type { ChannelAccess, Identity, IdentityOptions, PolicyOutcome, SignedData } from './types.js';

export interface AccessOptions {
  /** Milliseconds since 1970; the system's clock unless given. */
  readonly now?: () => number;
}

/**
 * Who may do what on a channel, out of a config block.
 * @throws AccessError MALFORMED_CONFIG when Fabric would refuse the configuration.
 */
export function accessFromBlock(block: common.Block, options: AccessOptions = {}): ChannelAccess {
  const { channelId, config } = configFromBlock(block);
  return accessFromConfig(channelId, config, options);
}

/**
 * Who may do what on a channel, out of its configuration.
 * @throws AccessError MALFORMED_CONFIG when Fabric would refuse the configuration.
 */
export function accessFromConfig(channelId: string, config: common.Config, options: AccessOptions = {}): ChannelAccess {
  const group = config.getChannelGroup();
  if (group === undefined) throw new AccessError('MALFORMED_CONFIG', 'The configuration has no channel group.');
  return new ConfiguredAccess(channelId, config, group, options.now ?? Date.now);
}

const CACHED_POLICIES = 500;
const MAX_CACHED_POLICY_BYTES = 32 * 1024;

class ConfiguredAccess implements ChannelAccess {
  readonly channelId: string;
  readonly config: common.Config;
  readonly applicationMsps: readonly string[];
  readonly batch: ChannelAccess['batch'];
  readonly #now: () => number;
  readonly #members: Members;
  /** Names of the Application group's groups, by MSP id. */
  readonly #groups: ReadonlyMap<string, string>;
  readonly #policies: ReadonlyMap<string, ChannelPolicy>;
  readonly #acls: ReadonlyMap<string, string>;
  /** Whoever is admitted by `authenticate` and then measured against a policy need not be verified twice. */
  readonly #verified = new WeakMap<SignedData, Member>();
  readonly #rules = new LruCache<Rule>(CACHED_POLICIES);
  readonly #layouts = new WeakMap<Rule, readonly (readonly string[])[]>();

  constructor(channelId: string, config: common.Config, group: common.ConfigGroup, now: () => number) {
    this.channelId = channelId;
    this.config = config;
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
    if (application.hasSignaturePolicy())
      return this.satisfiesSignaturePolicy(signaturePolicyBytes(application), signed);
    return this.satisfies(application.getChannelConfigPolicyReference(), signed);
  }

  signaturePolicyOf(applicationPolicy: Uint8Array): Uint8Array {
    const application = readApplicationPolicy(applicationPolicy);
    if (application?.hasSignaturePolicy() === true) return signaturePolicyBytes(application);
    const reference = application?.getChannelConfigPolicyReference() ?? '';
    const policy = this.#policy(reference);
    if (policy === undefined) {
      throw new AccessError('MALFORMED_CONFIG', `The channel ${this.channelId} has no policy '${reference}'.`);
    }
    return policy.toEnvelope().serializeBinary();
  }

  endorsementPolicyOf(mspId: string): Uint8Array {
    const path = `/Channel/Application/${this.#groups.get(mspId) ?? ''}/Endorsement`;
    const policy = new peer.ApplicationPolicy();
    if (this.#policy(path) === undefined) policy.setSignaturePolicy(parsePolicy(`OR('${mspId}.member')`));
    else policy.setChannelConfigPolicyReference(path);
    return policy.serializeBinary();
  }

  policyFor(resource: string): string {
    return this.#acls.get(resource) ?? (Object.hasOwn(DEFAULT_ACLS, resource) ? (DEFAULT_ACLS[resource] ?? '') : '');
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
    // The end alone: Fabric's expiry check does not look at a certificate's beginning, nor does its MSP.
    if (this.#now() > member.certificate.notAfter) {
      throw new AccessError('EXPIRED', 'proposal client identity expired', { mspId: member.mspId });
    }
    return member;
  }

  /** As Fabric: somebody who signed twice counts once, by the first signature that is valid. */
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
    const key = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength).toString('latin1');
    const known = this.#rules.get(key);
    if (known !== undefined) return known;
    try {
      const rule = compileSignaturePolicy(common.SignaturePolicyEnvelope.deserializeBinary(envelope));
      if (envelope.byteLength <= MAX_CACHED_POLICY_BYTES) this.#rules.set(key, rule);
      return rule;
    } catch {
      return undefined;
    }
  }
}

function readApplicationPolicy(bytes: Uint8Array): peer.ApplicationPolicy | undefined {
  try {
    return peer.ApplicationPolicy.deserializeBinary(bytes);
  } catch {
    return undefined;
  }
}

function signaturePolicyBytes(application: peer.ApplicationPolicy): Uint8Array {
  return (application.getSignaturePolicy() ?? new common.SignaturePolicyEnvelope()).serializeBinary();
}
