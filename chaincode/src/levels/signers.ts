import type { DeviceAnswer, OrganisationAnswer, PersonAnswer, RegistryAnswer } from '@tracecal/core/contracts';
import { dateOf, RegistryError } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { isValidOn, readCertificate } from '@tracecal/core/signing';
import { impedimentOf, inForce } from '@tracecal/core/trace';
import type { Impediment } from '@tracecal/core/trace';
import type { LedgerReader } from '../contract/index.js';
import { REGISTRY } from './sources.js';

// What is signed at a lower level is signed with keys that the registry certifies, so its records decide whose they are.

/** What every statement is signed for. */
export async function registryName(state: LedgerReader): Promise<string> {
  return (await answerOf<RegistryAnswer>(state, 'getRegistry')).registry;
}

/** The certificates of an organisation, the newest last. @throws RegistryError `NOT_FOUND` */
export async function certificatesOf(state: LedgerReader, organisation: string): Promise<readonly string[]> {
  const { record } = await answerOf<OrganisationAnswer>(state, 'getOrganisation', organisation);
  return record.memberships.map(({ certificate }) => certificate);
}

/**
 * Requires that an officer may sign now, with this certificate: the newest one that the registry holds for them.
 * @throws RegistryError `NOT_FOUND`, `NOT_AUTHORISED`, `STANDING_INVALID`
 */
export async function requireOfficer(state: LedgerReader, officer: string, certificate: string): Promise<void> {
  const { role, impediments, record } = await answerOf<PersonAnswer>(state, 'getTechnician', officer);
  requireUnimpeded(`officer ${officer}`, impediments, state.now);
  if (role !== 'officer' || record.authorisations.at(-1)?.certificate !== certificate) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `the certificate that ${officer} signed with is not the newest one that the registry has for this officer.`,
    );
  }
}

/** The newest certificate of a device that may sign now. @throws RegistryError `NOT_FOUND`, `STANDING_INVALID` */
export async function deviceCertificate(state: LedgerReader, device: string): Promise<string> {
  const { impediments, record } = await answerOf<DeviceAnswer>(state, 'getDevice', device);
  requireUnimpeded(`device ${device}`, impediments, state.now);
  const certificate = record.imprints.at(-1)?.certificate ?? '';
  if (!isValidOn(readCertificate(certificate, 'device'), dateOf(state.now))) {
    throw new RegistryError(
      'STANDING_INVALID',
      `the newest certificate of device ${device} is not valid now: renew it.`,
    );
  }
  return certificate;
}

function requireUnimpeded(subject: string, impediments: readonly Impediment[], now: Instant): void {
  const found = inForce(impediments, now);
  if (found) {
    throw new RegistryError('STANDING_INVALID', impedimentOf(subject, found));
  }
}

async function answerOf<T>(state: LedgerReader, query: string, ...args: readonly string[]): Promise<T> {
  return JSON.parse(await state.ask(REGISTRY, query, ...args)) as T;
}
