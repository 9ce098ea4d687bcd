import { conclude } from './conclude.js';
import { newestHeartbeats, staleness } from './freshness.js';
import { currentReport, Opener } from './open.js';
import type { TraceOptions } from './options.js';
import type { RecordSource } from './source.js';
import type { Verdict } from './verdict.js';
import { Walk } from './walk.js';

/**
 * Does this device's calibration trace, unbroken, to a National Metrology Institute?
 *
 * Algorithm 1 of arXiv 1908.00740, for several parents a report: starting at the device's current report, hold every
 * report against the checks (its signatures, its technician against the organisation, the organisation up to a root, the
 * metrology), then go on to its parents, until reports that have none. All parents must hold. The walk goes on after
 * something failed, so that the verdict names all that is wrong.
 *
 * Pure: it reads records through `source` and nothing else.
 */
export async function traceCal(source: RecordSource, deviceId: string, options: TraceOptions): Promise<Verdict> {
  const opener = new Opener(source);
  const walk = new Walk(opener, { registry: source.registry, options });

  const device = await opener.device(deviceId);
  const report = device && currentReport(device, options.asOf);
  if (!device) {
    walk.deadEnd(deviceId, { check: 'registered', outcome: 'failed', reason: `No device ${deviceId} is registered.` });
  } else if (report === undefined) {
    const reason = `Device ${deviceId} has no calibration report at ${options.asOf}.`;
    walk.deadEnd(deviceId, { check: 'registered', outcome: 'missing', reason });
  }
  const lineage = report === undefined ? undefined : device?.reports[report]?.lineage;
  if (lineage) {
    await source.foresee?.(lineage);
  }
  const levels = report === undefined ? 0 : (await walk.traceReport({ device: deviceId, report })).height;

  const heartbeats = await newestHeartbeats(source, opener, [...walk.roots].sort());
  return conclude({
    registry: source.registry,
    device: deviceId,
    options,
    levels,
    roots: [...walk.roots].sort(),
    heartbeats,
    edges: walk.edges,
    findings: staleness(heartbeats, options),
  });
}
