import type { Finding } from '@tracecal/core/contracts';
import { instantOf } from '@tracecal/core/model';
import { findingOf } from './findings.js';
import { Random } from './random.js';

const DAY_MS = 86_400_000;
/** The day on which a fleet is looked at. */
export const TODAY = '2026-06-01T00:00:00Z';

export interface FleetInstrument {
  readonly device: string;
  readonly model: string;
  readonly firmware: string;
  readonly batch: string;
  readonly laboratory: string;
  readonly site: string;
  readonly checkStandard: string;
}

export const FLEET_COHORTS = ['model', 'firmware', 'batch', 'laboratory', 'site'] as const;

/** A generated fleet: four models with three firmwares each, batches of 25 of one model, four laboratories, three sites, ten standards. */
export class Fleet {
  readonly random: Random;
  readonly instruments: readonly FleetInstrument[];

  constructor(seed: number, size = 400) {
    this.random = new Random(seed);
    this.instruments = Array.from({ length: size }, (_, place) => {
      const batch = Math.floor(place / 25);
      const model = `M${batch % 4}`;
      return {
        device: `oem-a/i-${place}`,
        model,
        firmware: `${model}-1.${this.random.between(0, 2)}`,
        batch: `B${batch}`,
        laboratory: `lab-${this.random.between(1, 4)}`,
        site: `site-${this.random.between(1, 3)}`,
        checkStandard: `lab-alpha/S-${this.random.between(0, 9)}`,
      };
    });
  }

  /** Findings as instruments in order have them: each by itself, on any day, some of them two. */
  honest(share = 0.04, days = 30): readonly Finding[] {
    return this.instruments.flatMap(({ device }) =>
      [share, share / 10].flatMap((chance) => (this.random.chance(chance) ? [this.finding(device, days)] : [])),
    );
  }

  /** Findings of a share of some instruments within the last days. */
  of(instruments: readonly FleetInstrument[], share: number, days = 30): readonly Finding[] {
    return instruments.flatMap(({ device }) => (this.random.chance(share) ? [this.finding(device, days)] : []));
  }

  finding(device: string, days: number): Finding {
    const ms = Date.parse(TODAY) - this.random.next() * days * DAY_MS;
    const [from, to] = [instantOf(ms), instantOf(ms + 600_000)];
    return findingOf(`${device} ${this.random.next()}`, { subject: { kind: 'device', id: device }, from, to });
  }
}

/** What happens `days` before the day of the look. */
export function daysBefore(days: number): string {
  return instantOf(Date.parse(TODAY) - days * DAY_MS);
}
