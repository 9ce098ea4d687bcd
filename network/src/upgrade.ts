import { isDeepStrictEqual } from 'node:util';
import type { ChaincodeDeployment } from './topology/index.js';

/** A chaincode as the members of a running network have agreed on it, and the package that they run for it. */
export interface Standing {
  readonly deployment: ChaincodeDeployment;
  /** `label:sha256` */
  readonly packageId: string;
}

/** What became of an upgrade: the chaincode as it stands now. */
export interface Upgrade extends Standing {
  /** False when it stood like this already. */
  readonly changed: boolean;
}

/** Is told a definition that has just been committed. */
export type OnCommitted = (chaincode: ChaincodeDeployment) => void;

/** An upgrade that cannot be from where the chaincode stands; nothing has been changed. */
export class UpgradeError extends Error {
  override readonly name = 'UpgradeError';
  readonly code = 'UPGRADE_REFUSED';
}

/**
 * The definition by which a running chaincode becomes the one wanted, with the sequence that comes next.
 *
 * @param packageId - Of what is wanted: it says whether the code is another.
 * @returns Undefined when it stands like this already.
 * @throws UpgradeError
 */
export function nextDefinition(
  { deployment: now, packageId: before }: Standing,
  wanted: ChaincodeDeployment,
  packageId: string,
): ChaincodeDeployment | undefined {
  const { name, sequence, version } = wanted;
  if (!isDeepStrictEqual([...wanted.channels].sort(), [...now.channels].sort())) {
    throw new UpgradeError(`${name} runs on ${now.channels.join(', ')}: its channels do not change while it runs.`);
  }
  const next = now.sequence + 1;
  if (sequence !== now.sequence && sequence !== next) {
    const expected = `describe ${now.sequence}, or ${next}`;
    throw new UpgradeError(
      `${name} stands at sequence ${now.sequence}, and the description says ${sequence}: ${expected}.`,
    );
  }
  if (version === now.version && packageId !== before) {
    throw new UpgradeError(
      `The code of ${name}, or where it is served, is another, but its version is ${version} still: give it a version of its own.`,
    );
  }
  return sequence === now.sequence && isDeepStrictEqual(rulesOf(wanted), rulesOf(now))
    ? undefined
    : { ...wanted, sequence: next };
}

function rulesOf({ version, endorsement, collections = [] }: ChaincodeDeployment): unknown {
  return { version, endorsement, collections };
}

/** The chaincode of this name among those that may be upgraded. @throws UpgradeError */
export function upgradable<T>(name: string, known: ReadonlyMap<string, T>): T {
  const found = known.get(name);
  if (found !== undefined) return found;
  const names = [...known.keys()].join(', ');
  throw new UpgradeError(`The network has no chaincode ${name}: it has ${names === '' ? 'none' : names}.`);
}
