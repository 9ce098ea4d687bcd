import type { ChannelAccess } from '../policy/index.js';
import { Config, FabricMspConfig, MspConfig, type ConfigGroup } from '../wire/index.js';
import {
  configElements,
  configTree,
  elementKey,
  isConfigName,
  type ConfigElement,
  type ConfigElements,
} from './elements.js';
import { ConfigError } from './errors.js';
import { readUpdate, type SignedUpdate } from './update.js';

/**
 * Applies a config update (a serialised envelope of type CONFIG_UPDATE) to the configuration in force, as Fabric does: the
 * elements that the update read must be unchanged, every changed element moves up by one version, and each element's mod
 * policy must be satisfied under the current configuration. A new element that no group lists needs nobody's signature and has no
 * effect: it is left out. An orderer checks this before it orders an update; a verifier of blocks checks it again.
 * @returns The resulting configuration.
 * @throws ConfigError BAD_UPDATE if it is malformed or does not fit, UPDATE_REFUSED if signatures are missing.
 */
export function applyConfigUpdate(
  current: Pick<ChannelAccess, 'channelId' | 'config' | 'satisfies'>,
  envelope: Uint8Array,
): Config {
  const { signed, ...sets } = readUpdate(current.channelId, envelope);
  return newConfig(Config.decode(current.config), sets, (path) => current.satisfies(path, signed).satisfied);
}

/**
 * The configuration that results from what an update read and writes.
 * @param isSatisfied Whether the update's signatures satisfy the policy with this path.
 * @throws ConfigError as `applyConfigUpdate`
 */
export function newConfig(
  { sequence, channelGroup }: Config,
  { read, written }: Pick<SignedUpdate, 'read' | 'written'>,
  isSatisfied: (policyPath: string) => boolean,
): Config {
  if (channelGroup === undefined) throw new ConfigError('BAD_UPDATE', 'The current configuration is empty.');
  const existing = configElements(channelGroup);
  const readSet = read === undefined ? NONE : configElements(read);
  checkReadSet(existing, readSet);
  const writeSet = written === undefined ? NONE : configElements(written, checkBeyond);
  const delta = [...writeSet].filter(([key, { message }]) => readSet.get(key)?.message.version !== message.version);
  if (delta.length === 0) throw new ConfigError('BAD_UPDATE', 'The update would change nothing.');
  for (const [key, element] of delta) {
    checkChange(key, element, existing.get(key), isSatisfied);
  }
  const next = configTree(new Map([...existing, ...delta]));
  checkTransition(channelGroup, next);
  return { sequence: sequence + 1, channelGroup: next };
}

const NONE: ConfigElements = new Map();

function checkReadSet(existing: ConfigElements, read: ConfigElements): void {
  for (const [key, { message }] of read) {
    const version = existing.get(key)?.message.version;
    if (version !== message.version) {
      const now = version === undefined ? 'it does not exist' : `it is at version ${version}`;
      throw new ConfigError('BAD_UPDATE', `The update was made for ${key} at version ${message.version}, but ${now}.`);
    }
  }
}

function checkChange(
  key: string,
  { message }: ConfigElement,
  existing: ConfigElement | undefined,
  isSatisfied: (policyPath: string) => boolean,
): void {
  checkModPolicy(key, message.modPolicy);
  const expected = existing === undefined ? 0 : existing.message.version + 1;
  if (message.version !== expected) {
    throw new ConfigError(
      'BAD_UPDATE',
      `The update sets ${key} to version ${message.version}; the next one is ${expected}.`,
    );
  }
  // A new element is covered by the group that must change in order to list it.
  if (existing === undefined) return;
  const path = modPolicyPath(existing);
  if (!isSatisfied(path)) {
    throw new ConfigError('UPDATE_REFUSED', `The signatures do not satisfy ${path}, which guards ${key}.`);
  }
}

/** No configuration is that deep, so the element is new, and no group of the next configuration lists it. */
function checkBeyond({ version, modPolicy }: ConfigElement['message']): void {
  checkModPolicy('an element', modPolicy);
  if (version !== 0) throw new ConfigError('BAD_UPDATE', `The update sets a new element to version ${version}.`);
}

function checkModPolicy(key: string, modPolicy: string): void {
  if (!modPolicy.replace(/^\//, '').split('/').every(isConfigName)) {
    throw new ConfigError('BAD_UPDATE', `The update gives ${key} no valid mod policy.`);
  }
}

/** A relative mod policy is looked up in the group itself, or in the group that holds the value or policy. */
function modPolicyPath({ kind, path, message: { modPolicy } }: ConfigElement): string {
  if (modPolicy.startsWith('/')) return modPolicy;
  const group = kind === 'Group' ? path : path.slice(0, -1);
  return `/${[...group, modPolicy].join('/')}`;
}

/** Changes that no signature permits: removing a section, or changing the MSP id of an organisation. */
function checkTransition(current: ConfigGroup, next: ConfigGroup): void {
  for (const [name, section] of current.groups) {
    const nextSection = next.groups.get(name);
    if (nextSection === undefined) throw new ConfigError('BAD_UPDATE', `The section ${name} cannot be removed.`);
    for (const [organisationName, organisation] of section.groups) {
      const successor = nextSection.groups.get(organisationName);
      if (successor !== undefined && mspIdOf(organisation) !== mspIdOf(successor)) {
        throw new ConfigError(
          'BAD_UPDATE',
          `${elementKey('Group', [name, organisationName])} cannot change its MSP id.`,
        );
      }
    }
  }
}

function mspIdOf({ values }: ConfigGroup): string {
  try {
    const msp = values.get('MSP');
    if (msp === undefined) throw new Error('it has none');
    return FabricMspConfig.decode(MspConfig.decode(msp.value).config).name;
  } catch (cause) {
    throw new ConfigError('BAD_UPDATE', 'An organisation has no readable MSP.', { cause });
  }
}
