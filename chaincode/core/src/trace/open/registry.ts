import type { Jws } from '../../model/index.js';
import { payloadDigest } from '../../signing/index.js';
import type { RecordSource } from '../source.js';

/** What every statement after the founding is signed for: registries of the same channel name differ in their foundings. */
export function registryName(channel: string, founding: Jws): string {
  return `${channel}:${payloadDigest(founding)}`;
}

/** The registry whose records these are; only the channel as long as none is founded. */
export async function registryOf(source: RecordSource): Promise<string> {
  const record = await source.founding();
  return record ? registryName(source.channel, record.founding.jws) : source.channel;
}
