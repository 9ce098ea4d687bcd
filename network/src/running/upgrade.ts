import { isDeepStrictEqual } from 'node:util';
import type { ChaincodeDeployment } from '../topology/index.js';

/** What became of an upgrade: the chaincode as it stands now. */
export interface Upgrade {
  readonly deployment: ChaincodeDeployment;
  /** The package (`label:sha256`) that each member runs and has approved, by organisation id. */
  readonly packageIds: Readonly<Record<string, string>>;
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
 * @param isOtherCode - Whether the packages of what is wanted differ from those that the members run.
 * @returns Undefined when it stands like this already.
 * @throws UpgradeError
 */
export function nextDefinition(
  now: ChaincodeDeployment,
  wanted: ChaincodeDeployment,
  isOtherCode: boolean,
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
  if (version === now.version && isOtherCode) {
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
