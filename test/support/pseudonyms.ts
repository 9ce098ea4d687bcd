import { randomBytes } from 'node:crypto';
import { readersOf, STATED_FACTS } from '@tracecal/core/model';
import type { Imprint, Jws, Membership, Statement } from '@tracecal/core/model';
import { newPseudonym, openingOf } from '@tracecal/core/pseudonym';
import type { OpeningSpec, PseudonymFile, PseudonymSpec } from '@tracecal/core/pseudonym';
import { readSigned } from './hierarchy.js';
import type { Hierarchy, Item } from './hierarchy.js';

/** Facts that nobody finds by chance. */
export const DEVICE_FACTS = {
  manufacturer: 'Fineworks of Elsewhere',
  model: 'Gold Standard G-77',
  serial: 'GS-0815-4711',
  owner: 'The Hidden Vault Limited',
  note: 'kept in cellar nine',
};

export const ORGANISATION_FACTS = {
  name: 'Umbra Calibrations Incorporated',
  country: 'IS',
  identity: 'umbra-calibrations',
};

export function salt(): string {
  return randomBytes(32).toString('base64url');
}

/** A pseudonym of a registry that is tested: by default everything is for parties. */
export function pseudonymFor(
  hierarchy: Pick<Hierarchy, 'registry'>,
  spec: Partial<PseudonymSpec> & Pick<PseudonymSpec, 'kind' | 'certifier'>,
): PseudonymFile {
  const facts = spec.kind === 'device' ? DEVICE_FACTS : ORGANISATION_FACTS;
  return newPseudonym({ registry: hierarchy.registry, facts, scopes: {}, otherwise: 'parties', ...spec }, salt);
}

/** An opening, signed by the certifier's officer unless others are named. */
export function signedOpening(
  hierarchy: Hierarchy,
  file: PseudonymFile,
  spec: Partial<OpeningSpec> = {},
  signers: readonly string[] = [hierarchy.voiceOf(file.certifier)],
): Jws {
  const content = openingOf(file, { to: 'lab-beta', date: hierarchy.dates.asOf, facts: ['serial'], ...spec });
  return hierarchy.signAs(content, signers);
}

/** The same statement signed anew, without its pseudonym. */
export function withoutPseudonym(hierarchy: Hierarchy, item: Item, changes: object): Item {
  const { body, ...statement } = readSigned(item.statement);
  const members = Object.entries({ ...body, ...changes }).filter(([name]) => name !== 'pseudonym');
  const open = { ...statement, body: Object.fromEntries(members) } as unknown as Statement;
  return { ...item, statement: hierarchy.sign(open) };
}

/** What the statement about a device states under its pseudonym. */
export function hiddenDevice(
  file: PseudonymFile,
): Pick<Imprint, 'manufacturer' | 'model' | 'serial'> & Required<Pick<Imprint, 'pseudonym'>> {
  const { manufacturer, model, serial } = shown(file, STATED_FACTS.device);
  return { manufacturer, model, serial, pseudonym: file.pseudonym };
}

/** What the statement about an organisation states under its pseudonym. */
export function hiddenOrganisation(
  file: PseudonymFile,
): Pick<Membership, 'name' | 'country'> & Required<Pick<Membership, 'pseudonym'>> {
  const { name, country } = shown(file, STATED_FACTS.organisation);
  return { name, country, pseudonym: file.pseudonym };
}

function shown<T extends Readonly<Record<string, string>>>(
  { pseudonym, facts }: PseudonymFile,
  places: T,
): { readonly [Name in keyof T]: string } {
  return Object.fromEntries(
    Object.entries(places).map(([fact, withheld]) => [
      fact,
      readersOf(pseudonym, fact) === 'general' ? (facts.find((each) => each.fact === fact)?.value ?? '') : withheld,
    ]),
  ) as { [Name in keyof T]: string };
}
