import { join } from 'node:path';
import { canonicalJson } from '@tracecal/core/model';
import { correctionsIn, signReadings, verdictInForce } from '@tracecal/gateway-client/application';
import type { Correction, ProvenCalibration, RawReading, Session } from '@tracecal/gateway-client/application';
import { MeasurementLog } from '@tracecal/gateway-client/device';
import type { SignedMeasurement, VerdictInForce } from '@tracecal/gateway-client/device';

/** A simulated instrument: its key signs what it shows, after the errors in its calibration report. */
export class Instrument {
  readonly device: string;
  readonly owner: string;
  /** Where its measurements are. */
  readonly log: string;
  /** Where its bundle is. */
  readonly bundle: string;
  #taken = 0;
  #corrections: readonly Correction[] = [];
  #verdict: VerdictInForce | null = null;

  constructor({ device, owner }: { readonly device: string; readonly owner: string }, folder: string) {
    const name = device.replace(/[^A-Za-z0-9-]+/g, '_');
    this.device = device;
    this.owner = owner;
    this.log = join(folder, `${name}-measurements`);
    this.bundle = join(folder, `${name}.bundle.json`);
  }

  /** Takes over what its bundle says: the errors in its report, and the verdict. It goes on with them until the next time. */
  async calibrate(proven: ProvenCalibration): Promise<void> {
    this.#corrections = await correctionsIn(proven);
    this.#verdict = verdictInForce(proven);
  }

  /** Takes so many readings, one after another. */
  async measure(count: number, session: Session): Promise<readonly Taken[]> {
    const log = await MeasurementLog.open({
      folder: this.log,
      registry: await session.registry(),
      device: this.device,
      signer: await session.keys.signer('device', this.device),
    });
    try {
      const readings = Array.from({ length: count }, () => this.#next());
      const taken: Taken[] = [];
      await signReadings(
        log,
        readings.map((reading) => canonicalJson(reading)),
        {
          corrections: this.#corrections,
          verdict: this.#verdict,
          onSigned: (signed) => {
            taken.push({ shown: readings[taken.length]?.value ?? NaN, signed });
          },
        },
      );
      return taken;
    } finally {
      await log.close();
    }
  }

  /** What it shows next, within the rows of its report: it goes up and down a little. */
  #next(): RawReading {
    const result = this.#corrections.flatMap(({ results }) => results)[0];
    const around = result && AROUND[result.quantity];
    if (!result || !around) {
      throw new Error(`Nobody knows what ${this.device} measures.`);
    }
    const value = around.value * (1 + 0.05 * Math.sin(this.#taken));
    this.#taken += 1;
    const { quantity, unit } = result;
    return {
      ...{ quantity, unit, value: Number(value.toPrecision(6)), uncertainty: null },
      ...(around.arguments && { arguments: around.arguments }),
    };
  }
}

export interface Taken {
  /** As the instrument showed it. */
  readonly shown: number;
  readonly signed: SignedMeasurement;
}

/** Where the instruments of the demo's examples work, by what they measure. */
const AROUND: Readonly<Record<string, Pick<RawReading, 'value' | 'arguments'>>> = {
  temperature: { value: 75 },
  mass: {
    value: 1,
    arguments: [{ name: 'Temperature of the load cell', value: 24, unit: '\\degreecelsius' }],
  },
};
