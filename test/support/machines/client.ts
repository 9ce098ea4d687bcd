// A client of the registry on a machine: makes the calls that it is told to make. One JSON line each way.
import { createInterface } from 'node:readline';
import { connect, type TraceCal } from '@tracecal/gateway-client';
import type { Instant } from '@tracecal/core/model';

export type ClientOrder =
  | { readonly ready: true }
  | { readonly call: string; readonly args: readonly unknown[] }
  | { readonly reads: { readonly device: string; readonly asOf: string } }
  | { readonly endReads: true };

export type ClientAnswer = { readonly id: number } & (
  { readonly result: unknown } | { readonly error: { readonly message: string; readonly code?: string } }
);

/** Traces one after the other. */
export interface Reads {
  readonly milliseconds: readonly number[];
  /** Each other verdict, and each failure. */
  readonly wrong: readonly string[];
}

let isReading = false;
let reading: Promise<Reads> = Promise.resolve({ milliseconds: [], wrong: [] });

async function main(): Promise<void> {
  const member = await connect({ profile: process.argv[2]!, timeoutMs: 60_000 });
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, order } = JSON.parse(line) as { readonly id: number; readonly order: ClientOrder };
    void execute(member, order).then(
      (result) => say({ id, result: result ?? null }),
      (error: unknown) => say({ id, error: told(error) }),
    );
  }
  member.close();
}

function say(answer: ClientAnswer): void {
  const whole = (_key: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
  process.stdout.write(`${JSON.stringify(answer, whole)}\n`);
}

function told(error: unknown): { readonly message: string; readonly code?: string } {
  const { message, code } = error as Error & { readonly code?: string };
  return { message, ...(typeof code === 'string' && { code }) };
}

async function execute(member: TraceCal, order: ClientOrder): Promise<unknown> {
  if ('ready' in order) return true;
  if ('reads' in order) {
    isReading = true;
    reading = read(member, order.reads.device, order.reads.asOf);
    return true;
  }
  if ('endReads' in order) {
    isReading = false;
    return reading;
  }
  const methods = member as unknown as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
  return methods[order.call]!.apply(member, [...order.args]);
}

async function read(member: TraceCal, device: string, asOf: Instant): Promise<Reads> {
  const milliseconds: number[] = [];
  const wrong: string[] = [];
  while (isReading) {
    const begin = performance.now();
    try {
      const { status, reason } = await member.traceCal(device, { asOf });
      if (status !== 'TRACEABLE') wrong.push(reason);
    } catch (error) {
      wrong.push(told(error).message);
    }
    milliseconds.push(performance.now() - begin);
  }
  return { milliseconds, wrong };
}

void main();
