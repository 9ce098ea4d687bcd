import type { ReportAnswer } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import type { StatedCertificate } from '@tracecal/core/model';
import { resultsDigests } from '@tracecal/core/trace';
import { outsideParent } from '../../dcc/index.js';
import type { ItemReport } from '../../dcc/index.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { calibratedItem, contentOf } from './candidate.js';
import type { Candidate } from './candidate.js';
import { matchParents } from './parents.js';
import { sealOf } from './seal.js';

/**
 * Differences between a report and its certificate, which is read again here; empty if they are equal. Results are compared by their
 * digests.
 *
 * @throws ApplicationError `INPUT_INVALID` if the report was not made from this file
 */
export async function differencesFromOriginal(
  session: Session,
  candidate: Candidate,
  report: ReportAnswer,
): Promise<readonly string[]> {
  const { body, id } = report;
  if (!body.certificate || body.certificateSha256 !== candidate.sha256) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `Report ${id} was not imported from this file: ${body.certificateSha256 === null ? 'it names no file' : `it names the file with SHA-256 ${body.certificateSha256}`}, and this one has ${candidate.sha256}. Ask its laboratory for the original (\`tracecal report original\`).`,
    );
  }
  await sealOf(candidate);
  const { serial } = await (await session.reader()).getDevice(body.device);
  const { places, isComplete } = await placesIn(session, candidate, report);
  const { items } = contentOf(candidate, places);
  // A device may have been registered by any number on its certificate.
  const own = items.find(({ item }) => calibratedItem(candidate, item).numbers.includes(serial));
  return own
    ? [...(isComplete ? [] : ['parents']), ...differencesOf(own, report)]
    : [`the device: no item of the certificate has the serial number or another identification ${serial}`];
}

/**
 * Positions of the certificate's parents among those of the report, because results name parents by position. Also whether every parent
 * that an import would name has a position, and the report names no others.
 */
async function placesIn(
  session: Session,
  { draft }: Candidate,
  { body }: ReportAnswer,
): Promise<{ readonly places: readonly (number | null)[]; readonly isComplete: boolean }> {
  const { parents, places } = await matchParents(session, draft);
  const registered = body.parents.map((parent) => canonicalJson(parent));
  const own = draft.parents.map((parent, source) => {
    const place = places[source] ?? null;
    const found = place === null ? undefined : parents[place];
    const at = [outsideParent(parent), ...(found ? [found] : [])].map((each) =>
      registered.indexOf(canonicalJson(each)),
    );
    return at.find((index) => index !== -1) ?? null;
  });
  const isNamed = places.every((place, source) => place === null || own[source] !== null);
  return { places: own, isComplete: isNamed && registered.every((_, place) => own.includes(place)) };
}

function differencesOf(own: ItemReport, { body }: ReportAnswer): readonly string[] {
  const { results, certificate } = own;
  const stated = body.certificate && statedOf(body.certificate);
  const { performed, issued, accredited, place, recalibrateBy, adjusted } = body;
  const registered = { performed, issued, accredited, place, recalibrateBy, adjusted };
  const read: Readonly<Record<string, unknown>> = { ...own };
  const digests = resultsDigests(results);
  const kinds = new Set([...digests, ...body.results].map(({ quantity }) => quantity));
  const digestIn = (all: typeof digests, kind: string) => all.find(({ quantity }) => quantity === kind)?.sha256;
  return [
    ...(isSame(certificate, stated) ? [] : ['number, name, code or country of the laboratory']),
    ...Object.entries(registered).flatMap(([name, value]) => (isSame(value, read[name]) ? [] : [name])),
    ...[...kinds]
      .filter((kind) => digestIn(digests, kind) !== digestIn(body.results, kind))
      .map((kind) => `results of ${kind}`),
  ];
}

/** Only what the file itself states. The member that issued it and the verified seal are statements of the importer. */
function statedOf({ number, laboratory, code, country }: StatedCertificate): StatedCertificate {
  return {
    number,
    laboratory,
    ...(code !== undefined && { code }),
    ...(country !== undefined && { country }),
  };
}

function isSame(one: unknown, other: unknown): boolean {
  return one === undefined || other === undefined ? one === other : canonicalJson(one) === canonicalJson(other);
}
