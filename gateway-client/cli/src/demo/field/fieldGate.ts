import { readFile, writeFile } from 'node:fs/promises';
import { instantOf } from '@tracecal/core/model';
import { inForce, trustedRoots } from '@tracecal/gateway-client';
import type { Trust } from '@tracecal/gateway-client';
import { exportLog, logFolder, readProvenCalibration } from '@tracecal/gateway-client/application';
import type { ProvenCalibration, Session } from '@tracecal/gateway-client/application';
import { decide, opens } from '@tracecal/gateway-client/device';
import { bundleOf, bundleText } from '@tracecal/gateway-client/proof';
import type { HeadSeen } from '@tracecal/gateway-client/proof/verify';
import type { Boot } from './fieldStory.js';
import type { Instrument } from './instrument.js';

/** How old the heartbeats may be. */
const MAX_AGE_SECONDS = 3600;

/** What decides whether an instrument may start. It asks nobody: what it needs is fetched earlier. */
export class FieldGate {
  readonly trust: Trust;
  readonly #session: Session;
  readonly #log: string;
  #seen: HeadSeen | null = null;

  constructor(session: Session, trust: Trust, log: string) {
    this.#session = session;
    this.trust = inForce(trust);
    this.#log = log;
  }

  /** Fetches a bundle for each instrument, and the change log, which is the same for everybody. */
  async refresh(instruments: readonly Instrument[]): Promise<void> {
    const reader = await this.#session.reader();
    for (const { device, bundle } of instruments) {
      await writeFile(bundle, bundleText(await bundleOf(reader, device)));
    }
    await exportLog(reader, this.#log);
  }

  /** Each instrument stands alone here; a robot's sensors would be one set. */
  async open(instruments: readonly Instrument[]): Promise<readonly Boot[]> {
    const boots: Boot[] = [];
    for (const { device, bundle } of instruments) {
      const { outcome, devices, seen } = await decide([{ device, bundle: await readFile(bundle, 'utf8') }], {
        trust: { ...this.trust, roots: trustedRoots(this.trust) },
        log: logFolder(this.#log),
        clock: { now: instantOf(Date.now()), maxAgeSeconds: MAX_AGE_SECONDS },
        seen: this.#seen,
      });
      this.#seen = seen;
      boots.push({ device, outcome, started: opens(outcome), why: devices[0]?.why ?? '' });
    }
    return boots;
  }

  /** An instrument's calibration, as its bundle shows it. */
  proven(instrument: Instrument): Promise<ProvenCalibration> {
    return readProvenCalibration(instrument.bundle, { trust: this.trust });
  }
}
