import type { Jws } from '../../model/index.js';
import { payloadDigest } from '../../signing/index.js';
import type { RecordSource } from '../source.js';

/**
 * The registry that every statement after the founding is signed for: registries on channels of the same name differ in their
 * foundings.
 */
export function registryName(channel: string, founding: Jws): string {
  return `${channel}:${payloadDigest(founding)}`;
}

/** The registry of these records; only the channel before a founding. */
export async function registryOf(source: RecordSource): Promise<string> {
  const record = await source.founding();
  return record ? registryName(source.channel, record.founding.jws) : source.channel;
}
