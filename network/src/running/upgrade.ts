import { isDeepStrictEqual } from 'node:util';
import type { ChaincodeDeployment } from '../topology/index.js';

/** Result of an upgrade: the chaincode's present definition. */
export interface Upgrade {
  readonly deployment: ChaincodeDeployment;
  /** The package (`label:sha256`) that each member runs and has approved, by organisation id. */
  readonly packageIds: Readonly<Record<string, string>>;
  /** False if the definition was in place already. */
  readonly changed: boolean;
}

/** Gets a definition that has just been committed. */
export type OnCommitted = (chaincode: ChaincodeDeployment) => void;

/** An upgrade that is impossible from the present definition; nothing was changed. */
export class UpgradeError extends Error {
  override readonly name = 'UpgradeError';
  readonly code = 'UPGRADE_REFUSED';
}

/**
 * The next definition of a running chaincode, with the next sequence.
 *
 * @param isOtherCode - Whether the wanted packages differ from those that the members run.
 * @returns Undefined when the definition is in place already.
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
      `The code of ${name}, or its service address, has changed, but its version is still ${version}: give it a new version.`,
    );
  }
  return sequence === now.sequence && isDeepStrictEqual(rulesOf(wanted), rulesOf(now))
    ? undefined
    : { ...wanted, sequence: next };
}

function rulesOf({ version, endorsement, collections = [] }: ChaincodeDeployment): unknown {
  return { version, endorsement, collections };
}

/**
 * The chaincode with this name among those that may be upgraded.
 * @throws UpgradeError
 */
export function upgradable<T>(name: string, known: ReadonlyMap<string, T>): T {
  const found = known.get(name);
  if (found !== undefined) return found;
  const names = [...known.keys()].join(', ');
  throw new UpgradeError(`The network has no chaincode ${name}: it has ${names === '' ? 'none' : names}.`);
}
