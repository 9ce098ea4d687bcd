import type { common } from '@hyperledger/fabric-protos';
import { ConfigPolicy } from '@tracecal/ledger/wire';
import { computeConfigUpdate } from './configDiff.js';
import type { MspMaterial } from '../pki/index.js';
import { replaceConsenters } from './consenters.js';
import { ChannelError } from './errors.js';
import { mspConfig } from './mspConfig.js';
import { rolesOf } from './policy.js';

/** The part of a channel's configuration that a change concerns. */
export type Subject =
  /** The members, and the policies that name them. */
  | { readonly of: 'members' }
  /** The certificate authorities of one of its members. */
  | { readonly of: 'authorities'; readonly mspId: string }
  /** The certificates by which the orderers authenticate each other. */
  | { readonly of: 'orderers' }
  /** Which orderers there are. */
  | { readonly of: 'consenters' }
  /** How the orderers cut blocks. */
  | { readonly of: 'batch' };

const SECTIONS = ['Application', 'Orderer'] as const;
/** Policies that depend on the orderers' certificates, not on the members. */
const OF_ORDERERS = ['BlockValidation'];
const OF_BATCH = ['BatchSize', 'BatchTimeout'];

/**
 * Takes the part of a channel's configuration that a change concerns from the description. Everything else stays as it is, even if
 * described differently: an administrator may have changed its own part, and other changes must not wait for it.
 *
 * @throws ChannelError `BAD_UPDATE` when the configuration or the description lacks a section.
 */
export function withDescribed(current: common.Config, described: common.Config, subject: Subject): common.Config {
  const next = current.clone();
  const [into, from] = [sectionsOf(next), sectionsOf(described)];
  switch (subject.of) {
    case 'members':
      for (const section of ['Channel', ...SECTIONS] as const)
        replacePolicies(into[section], from[section], OF_ORDERERS);
      replaceMembers(into.Application, from.Application);
      break;
    case 'authorities': {
      const [own, wanted] = [into, from].map(({ Application }) => Application.getGroupsMap().get(subject.mspId));
      const msp = wanted?.getValuesMap().get('MSP');
      if (own !== undefined && msp !== undefined) own.getValuesMap().set('MSP', msp);
      break;
    }
    case 'orderers':
      for (const name of OF_ORDERERS) replaceIn(into.Orderer.getPoliciesMap(), from.Orderer.getPoliciesMap(), name);
      replaceIn(into.Orderer.getValuesMap(), from.Orderer.getValuesMap(), 'Orderers');
      break;
    case 'consenters':
      replaceConsenters(into.Orderer, from.Orderer);
      break;
    case 'batch':
      for (const name of OF_BATCH) replaceIn(into.Orderer.getValuesMap(), from.Orderer.getValuesMap(), name);
  }
  return next;
}

/**
 * Gives a member of a channel these certificate authorities, and changes nothing else.
 * @throws ChannelError `BAD_UPDATE` when it is no member
 */
export function withAuthorities(current: common.Config, material: MspMaterial): common.Config {
  const next = current.clone();
  const { mspId } = material;
  const value = sectionsOf(next).Application.getGroupsMap().get(mspId)?.getValuesMap().get('MSP');
  if (value === undefined) throw new ChannelError('BAD_UPDATE', `${mspId} is not a member of the channel.`);
  value.setValue(mspConfig(material).serializeBinary());
  return next;
}

/**
 * Names the members whose parts differ from the description; undefined if none does.
 * @throws ChannelError `BAD_UPDATE` when the configuration or the description lacks a section.
 */
export function partsLeft(channelId: string, current: common.Config, described: common.Config): string | undefined {
  const left = differingParts(current, described);
  if (left.length === 0) return undefined;
  return `The configuration of ${channelId} differs from the description in ${left.join(', ')}: these parts stay as they are.`;
}

/**
 * The parts of members and orderers, such as `Application/LabAlphaMSP`, that are in both and differ.
 * @throws ChannelError `BAD_UPDATE` when the configuration or the description lacks a section.
 */
export function differingParts(current: common.Config, described: common.Config): readonly string[] {
  const [is, wanted] = [sectionsOf(current), sectionsOf(described)];
  return SECTIONS.flatMap((section) =>
    [...wanted[section].getGroupsMap().keys()]
      .filter((name) => {
        const [own, other] = [is, wanted].map((sections) => sections[section].getGroupsMap().get(name));
        return own !== undefined && other !== undefined && contentOf(own) !== contentOf(other);
      })
      .map((name) => `${section}/${name}`),
  );
}

/** What members who each run their own nodes change by files. */
export const CHANGED_BY_FILES = ['members', 'consenters', 'batch'] as const satisfies readonly Subject['of'][];

/** Whether a change by files to the description would change nothing. @throws ChannelError */
export function isAsDescribed(channelId: string, current: common.Config, described: common.Config): boolean {
  const wanted = CHANGED_BY_FILES.reduce((config, of) => withDescribed(config, described, { of }), current);
  try {
    computeConfigUpdate(channelId, current, wanted);
    return false;
  } catch (error) {
    if (error instanceof ChannelError && error.code === 'NO_CHANGE') return true;
    throw error;
  }
}

function replaceMembers(into: common.ConfigGroup, from: common.ConfigGroup): void {
  const [present, wanted] = [into.getGroupsMap(), from.getGroupsMap()];
  for (const name of [...present.keys()].filter((key) => !wanted.has(key))) present.del(name);
  for (const [name, group] of wanted.entries()) {
    const own = present.get(name);
    if (own === undefined) present.set(name, group);
    else replaceForeignPolicies(name, own, group);
  }
}

/** Others decide about an organisation that readers share: who they are follows the members, though it stands in its own part. */
function replaceForeignPolicies(mspId: string, into: common.ConfigGroup, from: common.ConfigGroup): void {
  for (const [name, policy] of from.getPoliciesMap().entries()) {
    const roles = rolesOf(ConfigPolicy.decode(policy.serializeBinary()));
    if (roles.some(({ mspIdentifier }) => mspIdentifier !== mspId))
      replaceIn(into.getPoliciesMap(), from.getPoliciesMap(), name);
  }
}

function replacePolicies(into: common.ConfigGroup, from: common.ConfigGroup, except: readonly string[]): void {
  const names = [...from.getPoliciesMap().keys()].filter((name) => !except.includes(name));
  for (const name of names) replaceIn(into.getPoliciesMap(), from.getPoliciesMap(), name);
}

interface Entries<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): unknown;
}

function replaceIn<T>(into: Entries<T>, from: Entries<T>, name: string): void {
  const wanted = from.get(name);
  if (wanted !== undefined) into.set(name, wanted);
}

/** Values and policies without their versions, in the order of their names. */
function contentOf(group: common.ConfigGroup): string {
  const values = [...group.getValuesMap().keys()].map((name) => {
    const value = group.getValuesMap().get(name);
    return ['value', name, value?.getModPolicy(), value?.getValue_asB64()];
  });
  const policies = [...group.getPoliciesMap().keys()].map((name) => {
    const policy = group.getPoliciesMap().get(name);
    const content = Buffer.from(policy?.getPolicy()?.serializeBinary() ?? []).toString('base64');
    return ['policy', name, policy?.getModPolicy(), content];
  });
  return JSON.stringify([group.getModPolicy(), [...values, ...policies].map((entry) => JSON.stringify(entry)).sort()]);
}

function sectionsOf(
  config: common.Config,
): Readonly<Record<'Channel' | (typeof SECTIONS)[number], common.ConfigGroup>> {
  const root = config.getChannelGroup();
  const [application, orderer] = SECTIONS.map((name) => root?.getGroupsMap().get(name));
  if (root === undefined || application === undefined || orderer === undefined) {
    throw new ChannelError('BAD_UPDATE', 'A configuration lacks one of its sections.');
  }
  return { Channel: root, Application: application, Orderer: orderer };
}
