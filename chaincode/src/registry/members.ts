import { isKind, RegistryError } from '@tracecal/core/model';
import type { Item, OrganisationKind } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import type { StateReader, StateWriter } from './state.js';

/** An organisation that acts through an MSP. */
export interface ActingMember {
  readonly id: string;
  readonly kind: OrganisationKind;
}

/**
 * Kinds of the calibration level. The other kinds are owners, whose signed statements a member of these kinds submits, and
 * readers.
 */
const WRITERS: readonly OrganisationKind[] = ['NMI', 'ACCREDITATION_BODY', 'LAB'];

/** The organisations that act through an MSP, by id; empty for an MSP that is unknown here. */
export async function membersOf(state: StateReader, mspId: string): Promise<readonly ActingMember[]> {
  return (await state.read<readonly ActingMember[]>(keys.msp(mspId))) ?? [];
}

/** Registers that organisations act through an MSP. */
export async function actThroughMsp(
  state: StateWriter,
  mspId: string,
  members: readonly ActingMember[],
): Promise<void> {
  const all = [...(await membersOf(state, mspId)), ...members];
  state.write(
    keys.msp(mspId),
    all.sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
}

/**
 * Requires that the caller's MSP belongs to an organisation of the calibration level, or to one that these items register.
 * Administrators of lower levels are Writers of the channel while a chaincode definition is being approved. Even then they
 * may not write upwards.
 *
 * @throws RegistryError `NOT_AUTHORISED`
 */
export async function requireCalibrationLevel(
  state: StateReader,
  mspId: string,
  items: readonly Item[],
): Promise<void> {
  const known = await membersOf(state, mspId);
  if (![...known, ...items.flatMap((item) => newMember(item, mspId))].some(({ kind }) => WRITERS.includes(kind))) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `a caller of ${mspId} may not write here: the registry knows no institute, laboratory or accreditation body that acts through it; have one of them submit this.`,
    );
  }
}

/**
 * The organisation that an item registers, if it acts through that MSP. Its certifier's signature is checked when the item
 * is processed.
 */
function newMember({ statement: jws }: Item, mspId: string): readonly Pick<ActingMember, 'kind'>[] {
  const statement = readStatement(jws);
  return isKind(statement, 'organisation') && statement.body.mspId === mspId ? [statement.body] : [];
}
