import { createHash } from 'node:crypto';
import { findingOf, identified } from '../support/findings.js';
import { AS_OF, later } from '../support/hierarchy.js';
import { compartmentsOver, recorderOf } from '../support/levels.js';
import type { MemoryLedger } from '../support/memoryLedger.js';
import type { GoldenCompartment } from './fixtures.js';

type Call = Omit<GoldenCompartment, 'state'>;

const MOMENT = later(AS_OF, 60);
const BATCH = txIdOf('a batch of verdicts');

/** What the operator of a site records about its devices, and what its monitor concludes from it. */
export const COMPARTMENT_CALLS: readonly Call[] = [
  {
    level: 'measurement',
    txId: BATCH,
    time: MOMENT,
    mspId: recorderOf('oem-a').mspId,
    transaction: 'recordTraces',
    argument: JSON.stringify({ devices: ['oem-a/sensor-a', 'oem-a/import-claimed', 'nobody'], asOf: AS_OF }),
  },
  {
    level: 'monitoring',
    txId: txIdOf('an assessment'),
    time: MOMENT,
    mspId: recorderOf('monitor').mspId,
    transaction: 'recordAssessment',
    argument: JSON.stringify({ conclusion: 'INCONCLUSIVE', batches: [`${AS_OF}/${BATCH}`] }),
  },
  {
    level: 'monitoring',
    txId: txIdOf('findings'),
    time: MOMENT,
    mspId: recorderOf('monitor').mspId,
    transaction: 'recordFindings',
    argument: JSON.stringify({
      findings: [
        identified(findingOf('a sensor')),
        identified(
          findingOf('a cohort', {
            subject: { kind: 'cohort', id: 'firmware=2.1.7' },
            proposes: { action: 'suspend', devices: ['oem-a/sensor-a'], to: 'oem-a', reaches: ['oem-a/working-a'] },
          }),
        ),
      ],
    }),
  },
];

/** Makes these calls in compartments over a registry. Returns them with all that each level holds then. */
export async function playCompartments(
  registry: MemoryLedger,
  calls: readonly Call[],
): Promise<readonly GoldenCompartment[]> {
  const compartments = compartmentsOver(registry);
  const played: GoldenCompartment[] = [];
  for (const { level, txId, time, mspId, transaction, argument } of calls) {
    const ledger = compartments[level];
    Object.assign(ledger, { txId, now: time });
    await ledger.submit({ mspId, roles: 'recorder' }, transaction, argument);
    const state = [...ledger.state].map(([key, value]) => [key, value.toString('utf8')] as const);
    played.push({ level, txId, time, mspId, transaction, argument, state: state.sort(([a], [b]) => (a < b ? -1 : 1)) });
  }
  return played;
}

function txIdOf(text: string): string {
  return createHash('sha256').update(`golden: ${text}`).digest('hex');
}
