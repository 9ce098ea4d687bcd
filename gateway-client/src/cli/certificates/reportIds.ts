import { undefinedIfNotFound } from '../../client/index.js';
import type { TraceCal } from '../../client/index.js';
import { canonicalJson } from '@tracecal/chaincode/model';
import type { ReportAnswer } from '@tracecal/chaincode/registry';
import { resultsDigests } from '@tracecal/chaincode/trace';
import type { Result } from '@tracecal/chaincode/model';
import { CliError } from '../errors.js';
import { ownId } from '../operations/ids.js';
import { hasNumber } from './findParent.js';
import type { Candidate } from './candidate.js';

/** The id of a report that is to be made of a certificate, or the report that was made of the same file before. */
export type ReportId = { readonly id: string; readonly registered: null } | { readonly registered: ReportAnswer };

/**
 * The id under which an item of a certificate is registered.
 *
 * A laboratory gives a number once: another file of that number, about the same device and with other results, is an amendment or
 * a forgery, and only a person can tell.
 *
 * @param device - The device, if that is registered.
 * @throws CliError `INPUT_INVALID`
 */
export async function reportIdFor(
  reader: TraceCal,
  {
    organisation,
    name,
    device,
  }: { readonly organisation: string; readonly name: string; readonly device: string | null },
  { sha256, uniqueIdentifier }: Candidate,
  results: readonly Result[],
  isAmendment: boolean,
): Promise<ReportId> {
  for (const each of [name, `${name}+${sha256.slice(0, 8)}`]) {
    const id = ownId(organisation, each);
    const existing = await undefinedIfNotFound(reader.getReport(id));
    if (!existing) {
      return { id, registered: null };
    }
    if (existing.body.certificateSha256 === sha256) {
      return { registered: existing };
    }
    const isOther =
      existing.body.device !== device ||
      canonicalJson(existing.body.results) === canonicalJson(resultsDigests(results));
    if (!isOther && !isAmendment) {
      throw new CliError(
        'INPUT_INVALID',
        `A certificate with the number ${uniqueIdentifier} and other content is registered already, as report ${existing.id} of the same device: if this file replaces it, add --amends ${existing.id}.`,
      );
    }
  }
  throw new CliError('INPUT_INVALID', `The ids that report ${name} could have are taken.`);
}

/** The report of a laboratory that a further certificate of the same device replaces, by the number of its certificate. */
export async function reportOfNumber(
  reader: TraceCal,
  organisation: string,
  device: string,
  number: string,
): Promise<ReportAnswer | undefined> {
  for await (const { id, organisation: by, supersededBy } of reader.listReports(device)) {
    if (by === organisation && supersededBy === null && hasNumber(id, number)) {
      return reader.getReport(id);
    }
  }
  return undefined;
}
