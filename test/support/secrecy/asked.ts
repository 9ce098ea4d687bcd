import type { Instant } from '@tracecal/core/model';
import { TraceCalError } from '@tracecal/gateway-client';
import type { TraceCal } from '@tracecal/gateway-client';

/** What is asked about: a device with its report. */
export interface Asked {
  readonly device: string;
  readonly report: string;
  readonly owner: string;
}

/** All that the registry answers a member about a device and its report, refusals included: each as text, in the same order. */
export function answersAbout(reader: TraceCal, { device, report, owner }: Asked, asOf: Instant): Promise<string[]> {
  const calls: readonly (() => Promise<unknown>)[] = [
    () => reader.getDevice(device),
    () => reader.getReport(report),
    () => reader.getParentReport(report),
    () => reader.getDoubts(report),
    () => reader.getVouchings(report),
    () => reader.traceCal(device, { asOf, at: { value: 20 }, quantity: 'temperature' }),
    () => reader.traceMany([device], asOf),
    () => reader.getEvidence(device, { asOf }),
    () => all(reader.listReports(device)),
    async () => (await all(reader.findDevices({ owner }))).filter((each) => JSON.stringify(each).includes(device)),
    () => all(reader.affectedDevices({ kind: 'report', id: report })),
    () => all(reader.history({ kind: 'report', id: report })),
    // What is refused is answered, too.
    () => reader.getReport(`${report}-no`),
    () => reader.traceCal(device, { asOf, quantity: 'mass', at: { value: 1 } }),
    () => reader.affectedDevices({ kind: 'report', id: `${report}-no` }).next(),
  ];
  return Promise.all([...calls.map(told), brieflyAbout(reader, device, asOf)]).then((answers) => answers.flat());
}

/** What it answers about a device that rests on another one. */
export function brieflyAbout(reader: TraceCal, device: string, asOf: Instant): Promise<string[]> {
  const calls: readonly (() => Promise<unknown>)[] = [
    () => reader.traceCal(device, { asOf, explain: true }),
    () => all(reader.affectedDevices({ kind: 'device', id: device })),
    () => all(reader.history({ kind: 'device', id: device })),
  ];
  return Promise.all(calls.map(told));
}

async function all(pages: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const each of pages) items.push(each);
  return items;
}

/** An answer, or all that a refusal says. */
async function told(call: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await call());
  } catch (error) {
    if (!(error instanceof TraceCalError)) throw error;
    return JSON.stringify([error.code, ...messagesOf(error)]);
  }
}

function messagesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const details = (error as { readonly details?: unknown }).details;
  return [error.message, JSON.stringify(details ?? null), ...messagesOf(error.cause)];
}
