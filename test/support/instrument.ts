import { keySigner } from '@tracecal/gateway-client';
import type { Signer } from '@tracecal/gateway-client';
import { momentOf, readMeasurement } from '@tracecal/gateway-client/device';
import type { Measurement, Previous, Reading, SignedMeasurement } from '@tracecal/gateway-client/device';
import { canonicalJson } from '@tracecal/core/model';
import { jwsPayload, jwsSignature, signingInput, withLowS } from '@tracecal/core/signing';
import type { Hierarchy } from './hierarchy.js';

export const READING: Reading = {
  quantity: 'temperature',
  unit: '\\degreecelsius',
  value: 21.5,
  uncertainty: { expanded: 0.1, coverageFactor: 2, coverageProbability: 0.95 },
  corrected: null,
};

/** A device of a hierarchy that signs what it is told, also what no honest device would. */
export class Instrument {
  readonly device: string;
  readonly signer: Signer;
  readonly registry: string;

  constructor(hierarchy: Hierarchy, device = 'oem-a/sensor-a') {
    const { privateKey, certificate } = hierarchy.holder('device', device);
    this.signer = keySigner(privateKey, certificate);
    this.device = device;
    this.registry = hierarchy.registry;
  }

  content(sequence: number, changes: Partial<Measurement> = {}): Measurement {
    return {
      ...READING,
      type: 'tracecal-measurement/1',
      registry: this.registry,
      device: this.device,
      sequence,
      previous: null,
      time: momentOf(Date.UTC(2026, 2, 1) + 1000 * sequence),
      verdict: null,
      ...changes,
    };
  }

  async sign(content: Measurement, signerName = `device:${this.device}`): Promise<unknown> {
    const payload = jwsPayload(content);
    const signature = withLowS(await this.signer.sign(signingInput(signerName, payload)));
    return { payload, signatures: [jwsSignature(signerName, signature)] };
  }

  async measure(
    sequence: number,
    before: SignedMeasurement | null,
    changes: Partial<Measurement> = {},
  ): Promise<SignedMeasurement> {
    const previous: Previous | null = before && { sequence: before.content.sequence, digest: before.digest };
    return this.read(await this.sign(this.content(sequence, { previous, ...changes })));
  }

  read(signed: unknown): SignedMeasurement {
    return readMeasurement(JSON.parse(canonicalJson(signed)), [this.signer.certificate]);
  }

  /** So many, each naming the one before. */
  async chain(count: number): Promise<readonly SignedMeasurement[]> {
    const all: SignedMeasurement[] = [];
    for (let sequence = 0; sequence < count; sequence += 1) {
      all.push(await this.measure(sequence, all.at(-1) ?? null));
    }
    return all;
  }
}
