import { AS_OF, SEALED } from '../support/hierarchy.js';

/** A question about a device, with the options of a trace as they come from outside. */
export interface Question {
  readonly device: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** @param roots SHA-256 of the institutes' root certificates. */
export function questionsAbout(devices: readonly string[], roots: readonly string[]): readonly Question[] {
  const now = { asOf: AS_OF };
  const [trusted = ''] = roots;
  const freshness = { now: AS_OF, maxAgeSeconds: 86_400 };
  return [
    ...devices.map((device) => ({ device, options: now })),
    // What was known, and what held, on other days.
    ...['2025-01-20T00:00:00Z', '2025-05-31T00:00:00Z', '2025-08-04T12:00:00Z'].flatMap((asOf) =>
      ['oem-a/sensor-a', 'oem-b/sensor-b'].map((device) => ({ device, options: { asOf } })),
    ),
    { device: 'oem-b/sensor-b', options: { asOf: '2025-05-31T00:00:00Z', quantity: 'temperature' } },
    { device: 'oem-b/below-drifted', options: { asOf: '2025-07-31T00:00:00Z' } },
    { device: 'oem-b/below-drifted', options: { ...now, knownAt: '2025-07-31T00:00:00Z' } },
    { device: 'oem-b/unreviewed', options: { ...now, knownAt: '2025-03-23T00:00:00Z' } },
    { device: 'oem-a/sensor-a', options: { asOf: '2027-01-01T00:00:00Z' } },
    { device: 'oem-a/nobody-knows-it', options: now },
    // One kind, one value, one argument.
    { device: 'oem-b/sensor-b', options: { ...now, quantity: 'temperature' } },
    { device: 'oem-b/sensor-b', options: { ...now, quantity: 'mass' } },
    { device: 'oem-a/sensor-a', options: { ...now, at: { value: 20 } } },
    { device: 'oem-a/meter', options: { ...now, at: { value: 0.1 } } },
    { device: 'oem-a/meter', options: { ...now, at: { value: 5000 } } },
    { device: 'oem-a/ac-meter', options: { ...now, at: { value: 1, arguments: [{ name: 'frequency', value: 50 }] } } },
    { device: 'oem-a/ac-meter', options: { ...now, at: { arguments: [{ name: 'range', value: 'low' }] } } },
    // What the asker demands.
    { device: 'oem-b/sensor-b', options: { ...now, intervalDays: 30 } },
    { device: 'oem-a/sensor-a', options: { ...now, freshness } },
    { device: 'oem-a/sensor-a', options: { ...now, freshness: { ...freshness, maxAgeSeconds: 60 } } },
    { device: 'oem-a/sensor-a', options: { ...now, roots: [trusted] } },
    { device: 'oem-b/sensor-b', options: { ...now, roots: [trusted] } },
    { device: 'oem-a/sensor-a', options: { ...now, roots, freshness, heartbeats: 3 } },
    {
      device: 'oem-a/sensor-a',
      options: { asOf: SEALED, roots, freshness: { ...freshness, now: SEALED }, heartbeats: 4 },
    },
    // What is confidential.
    { device: 'oem-b/private', options: { ...now, at: { value: 20 } } },
    { device: 'oem-b/below-private', options: { ...now, roots: [trusted] } },
    { device: 'oem-b/private', options: { ...now, knownAt: '2025-06-05T00:00:00Z' } },
    // Everything that was compared.
    ...['oem-a/sensor-a', 'oem-a/ammeter', 'oem-a/import-claimed', 'oem-b/private'].map((device) => ({
      device,
      options: { ...now, explain: true },
    })),
  ];
}
