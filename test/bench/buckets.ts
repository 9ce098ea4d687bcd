import { BUCKET_PLACES } from '@tracecal/core/contracts';
import type { BucketAnswer } from '@tracecal/core/contracts';
import { readBucketEntry } from '@tracecal/core/registry';
import { twoCountries } from '../support/hierarchy.js';
import { ask, registryOf, RELAY } from '../support/registry.js';
import { printAlone } from './alone.js';

const ROUNDS = 9;

/**
 * What a full bucket costs the contract beside one trace, over a ledger in memory, so without the time of a peer. Times are this processor's.
 *
 *     node --enable-source-maps test/dist/bench/buckets.js
 */
export async function bucketNumbers(): Promise<readonly string[]> {
  const lines: string[] = [];
  const hierarchy = await twoCountries();
  for (let index = 0; index < BUCKET_PLACES - 8; index += 1) {
    const id = `sensor-${index}`;
    await hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'field' });
    hierarchy.addReport({ id: `${id}-r1`, device: id, technician: 't-oem-a', parents: ['working-a-r1'] });
  }
  const ledger = await registryOf(hierarchy);
  const { items: devices } = await ask<{ items: string[] }>(ledger, 'getUnplaced', { pageSize: 200 });
  const { items: others } = await ask<{ items: string[] }>(ledger, 'getUnplaced', {
    pageSize: 200,
    bookmark: devices.at(-1),
  });
  const bucket = () => ask<BucketAnswer>(ledger, 'getBucket', '', '00', '');
  const trace = () => ask(ledger, 'traceCal', 'oem-a/sensor-a', '');
  // The second half is traced by a program that runs well by then: only its statements are new.
  for (const half of [devices, others]) {
    await ledger.submit(RELAY, 'placeDevices', JSON.stringify({ devices: half }));
    lines.push(`A bucket with ${half.length} devices for the first time: ${(await ms(bucket)).toFixed(0)} ms`);
  }
  const { entries, ...head } = await bucket();
  const held = entries.flatMap((entry) => readBucketEntry(entry) ?? []);
  const traceable = held.filter(({ status }) => status === 'TRACEABLE').length;
  const { length } = JSON.stringify({ ...head, entries });
  lines.push(`A bucket of ${held.length} devices, ${traceable} of them traceable: ${length} characters`);
  lines.push(
    `A full bucket: ${(await median(bucket)).toFixed(0)} ms; one trace: ${(await median(trace)).toFixed(2)} ms`,
  );
  return lines;
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await ms(work));
  return times.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)]!;
}

async function ms(work: () => Promise<unknown>): Promise<number> {
  const { user, system } = process.cpuUsage();
  await work();
  const used = process.cpuUsage();
  return (used.user + used.system - user - system) / 1000;
}

printAlone(module, bucketNumbers);
