import { inForce, readTrustFile } from '@tracecal/gateway-client';
import type { Trust } from '@tracecal/gateway-client';
import type { SyncPolicy } from '@tracecal/gateway-client/device';
import { InvalidArgumentError } from 'commander';
import type { DataDirectory } from '../data/dataDirectory.js';
import { trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

/** The trust file by which a bundle is verified. */
export async function trustOf(options: TrustOptions, data: DataDirectory): Promise<Trust> {
  return inForce(await readTrustFile(trustPath(options, data)));
}

const MOST = 1_000_000;

/** `1`: each one; `100`: every hundred; `500ms`: at most so long after the first that was not. */
export function syncPolicy(text: string): SyncPolicy {
  const [, digits = '', unit] = /^(\d{1,7})(ms)?$/.exec(text) ?? [];
  const number = Number(digits);
  if (number < 1 || number > MOST) {
    throw new InvalidArgumentError('Write how many measurements, like 1 or 100, or a time like 500ms.');
  }
  return unit === undefined ? { every: number } : { milliseconds: number };
}

/** The number of a measurement. */
export function measurementNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) {
    throw new InvalidArgumentError('Write the number of a measurement: 0 or a greater one.');
  }
  return Number(text);
}
