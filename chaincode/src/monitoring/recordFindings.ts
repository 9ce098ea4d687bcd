import {
  findingId,
  identifiedFindingShape,
  MAX_FINDINGS,
  MAX_FINDINGS_CHARACTERS,
  MONITORING_EVENTS,
} from '@tracecal/core/contracts';
import type { FindingsRecorded, IdentifiedFinding, RecordedFinding } from '@tracecal/core/contracts';
import { parseAs, RegistryError } from '@tracecal/core/model';
import { z } from 'zod';
import type { Caller, LedgerWriter } from '../contract/index.js';
import { measurementBeside, requireKind } from '../levels/index.js';
import { keys } from './keys.js';

const LIMITS = { maxLength: MAX_FINDINGS_CHARACTERS, maxDepth: 6 };

const schema = z.strictObject({
  findings: z
    .array(identifiedFindingShape)
    .min(1)
    .max(MAX_FINDINGS)
    .refine((findings) => new Set(findings.map(({ id }) => id)).size === findings.length, 'must hold a finding once'),
});

/**
 * Records a page of the monitor's findings, each under the digest of its content. A finding that is there already changes nothing: a monitor that
 * does not know what became of a page sends it again. The findings are the monitor's own words: the contract checks only their form.
 *
 * @throws RegistryError `NOT_AUTHORISED`, `STANDING_INVALID`, `WRONG_REGISTRY`, `INPUT_INVALID`
 */
export async function recordFindings(state: LedgerWriter, caller: Caller, json: string): Promise<FindingsRecorded> {
  caller.requireRole('recorder');
  const { findings } = parseAs(schema, 'request', json, LIMITS) as { readonly findings: readonly IdentifiedFinding[] };
  measurementBeside(state.channel);
  await requireKind(state, caller, 'MONITOR');
  findings.forEach(requireOwnId);
  await state.readAhead(findings.map(({ id }) => keys.finding(id)));
  const [ids, known]: [string[], string[]] = [[], []];
  for (const [place, finding] of findings.entries()) {
    const isKnown = (await state.read(keys.finding(finding.id))) !== undefined;
    (isKnown ? known : ids).push(finding.id);
    if (!isKnown) {
      write(state, finding, place, caller);
    }
  }
  const recorded: FindingsRecorded = { type: MONITORING_EVENTS.findingsRecorded, ids, known };
  if (ids.length > 0) {
    return state.conclude(recorded);
  }
  await state.concludeUnannounced();
  return recorded;
}

function write(state: LedgerWriter, finding: IdentifiedFinding, place: number, { mspId }: Caller): void {
  const { txId, time } = state.stamp;
  const { id, subject } = finding;
  const record: RecordedFinding = { ...finding, by: mspId, recorded: state.stamp };
  state.write(keys.finding(id), record);
  state.write(keys.found(time, txId, place), { id });
  state.write(keys.foundAbout(subject, time, txId, place), { id });
}

/** Whoever evaluates a finding later finds the same id again: it cannot be chosen. */
function requireOwnId(finding: IdentifiedFinding, place: number): void {
  const id = findingId(finding);
  if (finding.id !== id) {
    throw new RegistryError(
      'INPUT_INVALID',
      `finding ${place + 1} has id ${finding.id}, and the SHA-256 of its canonical form is ${id}.`,
    );
  }
}
