import { canonicalJson } from '@tracecal/core/model';
import type { Jws } from '@tracecal/core/model';
import { KnownDevices, LineFilter } from '@tracecal/gateway-client/application';
import type { Trust } from '@tracecal/gateway-client';
import type { Passage } from './fieldStory.js';
import type { Instrument } from './instrument.js';

/** The receiving end of a plant: a filter that knows the instruments by their bundles. */
export async function receive(
  instruments: readonly Instrument[],
  trust: Trust,
  sent: readonly Jws[],
  before: readonly Jws[] = [],
): Promise<Passage> {
  const devices = await KnownDevices.read({ bundles: instruments.map(({ bundle }) => bundle), trust });
  const dropped: string[] = [];
  const filter = new LineFilter({
    registry: trust.registry ?? devices.registry ?? '',
    devices,
    pass: () => Promise.resolve(),
    onDrop: ({ why }) => {
      dropped.push(why);
    },
  });
  await filter.remember(lines(before));
  return { filtered: await filter.through(lines(sent)), dropped };
}

// eslint-disable-next-line @typescript-eslint/require-await -- The filter takes a stream.
async function* lines(sent: readonly Jws[]): AsyncGenerator<string> {
  for (const each of sent) {
    yield canonicalJson(each);
  }
}

/** The same measurement with another value, as somebody without the key would change it. */
export function forged(measurement: Jws): Jws {
  const text = Buffer.from(measurement.payload, 'base64url').toString();
  const changed = text.replace(/"value":(-?\d+)/, (_, digits: string) => `"value":${Number(digits) + 1}`);
  return { ...measurement, payload: Buffer.from(changed).toString('base64url') };
}
