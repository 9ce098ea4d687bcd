import { CONCLUSIONS, MAX_BATCHES, MONITORING_EVENTS } from '@tracecal/core/contracts';
import type { AssessedBatch, Assessment, AssessmentRecorded, VerdictCounts } from '@tracecal/core/contracts';
import { canonicalJson, parseAs, shapeOf } from '@tracecal/core/model';
import { z } from 'zod';
import type { Caller, LedgerWriter, Source } from '../contract/index.js';
import { measurementBeside, requireKind } from '../levels/index.js';
import { batchId } from '../measurement/queries.js';
import { keys } from './keys.js';

const LIMITS = { maxLength: 65_536, maxDepth: 4 };

const schema = z.strictObject({
  conclusion: z.enum(CONCLUSIONS),
  batches: z
    .array(batchId)
    .min(1)
    .max(MAX_BATCHES)
    .refine((batches) => new Set(batches).size === batches.length, 'must not name a batch twice'),
});

const count = z.int().nonnegative();
// The measurement compartment may run a different version of this package than this contract.
const answerSchema = z.array(
  z.object({
    id: z.string(),
    digest: z.string(),
    counts: z.object({ TRACEABLE: count, ATTESTED: count, INCOMPLETE: count, FAILED: count }),
  }),
);

/**
 * Records the monitor's conclusion from batches of the site's verdicts. The monitor's peer reads the batches in the
 * measurement compartment, and their digests pin the content. The judgement is the monitor's own.
 */
export async function recordAssessment(state: LedgerWriter, caller: Caller, json: string): Promise<AssessmentRecorded> {
  caller.requireRole('recorder');
  const { conclusion, batches: ids } = parseAs(schema, 'request', json, LIMITS);
  const source = measurementBeside(state.channel);
  await requireKind(state, caller, 'MONITOR');
  const batches = await recordedBatches(state, source, ids);

  const { txId, time } = state.stamp;
  const assessment: Assessment = {
    id: `${time}/${txId}`,
    measurement: source.channel,
    conclusion,
    batches,
    counts: batches.map(({ counts }) => counts).reduce(sum),
    by: caller.mspId,
    recorded: state.stamp,
  };
  state.write(keys.assessment(time, txId), assessment);
  return state.conclude({ type: MONITORING_EVENTS.assessmentRecorded, id: assessment.id, conclusion });
}

async function recordedBatches(
  state: LedgerWriter,
  source: Source,
  ids: readonly string[],
): Promise<readonly AssessedBatch[]> {
  const answer = await state.ask(source, 'getBatches', canonicalJson({ ids }));
  return shapeOf(answerSchema, "measurement compartment's answer", JSON.parse(answer));
}

function sum(a: VerdictCounts, b: VerdictCounts): VerdictCounts {
  return {
    TRACEABLE: a.TRACEABLE + b.TRACEABLE,
    ATTESTED: a.ATTESTED + b.ATTESTED,
    INCOMPLETE: a.INCOMPLETE + b.INCOMPLETE,
    FAILED: a.FAILED + b.FAILED,
  };
}
