import type { RecordedTrace, TraceSummaries } from '@tracecal/core/contracts';
import { canonicalJson, shapeOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { CHECK_NAMES, VERDICT_STATUSES } from '@tracecal/core/trace';
import type { HeartbeatSeen } from '@tracecal/core/trace';
import { z } from 'zod';
import type { LedgerReader } from '../contract/index.js';
import { REGISTRY } from '../levels/index.js';

/** The registry's verdicts about devices. */
export interface Found {
  readonly registry: string;
  readonly heartbeats: readonly HeartbeatSeen[];
  /** By device id. */
  readonly traces: readonly RecordedTrace[];
}

// The registry may run a different version of this package than this contract.
const schema: z.ZodType<TraceSummaries> = z.object({
  registry: z.string(),
  asOf: z.string(),
  heartbeats: z.array(z.object({ institute: z.string(), epoch: z.int(), digest: z.string(), time: z.string() })),
  digests: z.array(z.string()),
  results: z.array(
    z.object({
      device: z.string(),
      status: z.enum(VERDICT_STATUSES),
      check: z.enum(CHECK_NAMES).nullable(),
      fulfilled: z.boolean(),
      report: z.string().nullable(),
      reports: z.array(z.int()),
    }),
  ),
});

/** Has the registry trace all devices in one query: every cross-chaincode call has a fixed cost. */
export async function verdictsAbout(state: LedgerReader, devices: readonly string[], asOf: Instant): Promise<Found> {
  const answer = await state.ask(REGISTRY, 'traceMany', canonicalJson({ devices, asOf }));
  const { registry, heartbeats, digests, results } = shapeOf(schema, "registry's answer", JSON.parse(answer));
  const traces = results.map(({ device, status, check, fulfilled, report, reports }) => ({
    device,
    status,
    check,
    fulfilled,
    report,
    digests: reports.map((place) => digests[place] ?? ''),
  }));
  return { registry, heartbeats, traces: traces.sort((a, b) => (a.device < b.device ? -1 : 1)) };
}
