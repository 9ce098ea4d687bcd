import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { EvidenceAnswer } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { signingInput } from '@tracecal/core/signing';
import { traceOptions } from '@tracecal/core/trace';
import { anchorLog, KnownDevices, LineFilter } from '@tracecal/gateway-client/application';
import type { AnchoringSite } from '@tracecal/gateway-client/application';
import {
  affectedValues,
  batchOf,
  Calibration,
  measurementProofText,
  measurementsIn,
  MeasurementLog,
  verifyMeasurement,
} from '@tracecal/gateway-client/device';
import type { SignedMeasurement } from '@tracecal/gateway-client/device';
import { BUNDLE_TYPE, bundleText } from '@tracecal/gateway-client/proof/verify';
import { twoCountries } from '../support/hierarchy.js';
import { Instrument, READING } from '../support/instrument.js';
import { ask, registryOf } from '../support/registry.js';
import { printAlone } from './alone.js';

const PROOFS = 100;

/**
 * What measurements cost their device, its operator and whoever checks them, over a ledger in memory. Times are this machine's; the ratios,
 * to one bare ECDSA signature in the same run, are what travels.
 *
 *     node --require ./.scripts/quiet.cjs --enable-source-maps test/dist/bench/measurements.js [measurements: 100000]
 */
export async function measurementNumbers(count = 100_000): Promise<readonly string[]> {
  const hierarchy = await twoCountries();
  const ledger = await registryOf(hierarchy);
  const sensor = new Instrument(hierarchy);
  const { device, registry, signer } = sensor;
  const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: ledger.now });
  const question = { asOf, knownAt, quantity, intervalDays, at };
  const { epoch, evidence } = await ask<EvidenceAnswer>(ledger, 'getEvidence', device, question);
  const bundle = { type: BUNDLE_TYPE, device, question, epoch, evidence } as const;
  const roots = hierarchy.institutes.map((name) => ({
    name,
    sha256: hierarchy.holder('organisation', name).certificateSha256,
  }));
  const begin = Date.parse(ledger.now);
  const folder = mkdtempSync(join(tmpdir(), 'tracecal-bench-'));
  try {
    const input = signingInput(`device:${device}`, 'x'.repeat(600));
    const bare = await microseconds(1000, () => signer.sign(input));

    const signing = async (name: string, many: number, sync: { readonly every: number }) => {
      let time = begin;
      const log = await MeasurementLog.open({
        folder: join(folder, name),
        registry,
        device,
        signer,
        sync,
        now: () => (time += 10),
      });
      const took = await microseconds(1, async () => {
        for (let done = 0; done < many; done += 256) {
          const part = Array.from({ length: Math.min(256, many - done) }, (_, place) =>
            log.append({ ...READING, value: 18 + ((done + place) % 400) / 100 }),
          );
          await Promise.all(part);
        }
      });
      await log.close();
      return took / many;
    };
    const single = await MeasurementLog.open({ folder: join(folder, 'single'), registry, device, signer });
    const each = await microseconds(200, () => single.append(READING));
    await single.close();
    const signed = await signing('log', count, { every: 1000 });
    const log = join(folder, 'log');

    const site = {
      channel: 'measurement-a',
      anchorMeasurements: () => Promise.resolve({ txId: '0'.repeat(64), blockNumber: 1n }),
    } as unknown as AnchoringSite;
    const anchored = (await microseconds(1, () => anchorLog(site, log))) / count;

    const all: SignedMeasurement[] = [];
    for await (const measurement of measurementsIn(log, null)) all.push(measurement);
    const { inclusions } = batchOf(all.map(({ jws }) => jws));
    const proofs = Array.from({ length: PROOFS }, (_, place) => {
      const index = Math.floor((place * all.length) / PROOFS);
      const inclusion = inclusions[index] ?? null;
      return measurementProofText({ measurement: all[index]!.jws, inclusion, calibration: bundle });
    });
    let next = 0;
    const verified = await microseconds(PROOFS, () =>
      verifyMeasurement(proofs[next++] ?? '', { roots: roots.map((root) => root.sha256) }),
    );

    const file = join(folder, 'bundle.json');
    writeFileSync(file, bundleText(bundle));
    const trust = { type: 'tracecal-trust/1', roots, heartbeats: { k: 1 } } as const;
    const now = () => begin + 1000;
    const devices = await KnownDevices.read({ bundles: [file], trust, now, recheckMs: 3_600_000 });
    const filter = new LineFilter({ registry, devices, pass: () => Promise.resolve(), now: null });
    const lines = async function* () {
      for (const { jws } of all) yield await Promise.resolve(canonicalJson(jws));
    };
    const filtered = (await microseconds(1, () => filter.through(lines()))) / count;
    const { passed } = filter.filtered;

    const calibration = await Calibration.of(
      bundle,
      roots.map((root) => root.sha256),
    );
    const judging = async () => affectedValues(measurementsIn(log, null), calibration);
    const judged = (await microseconds(1, judging)) / count;

    const rows = [
      ['sign and append, each on the disk before the next', each],
      ['sign and append, a thousand on the disk together', signed],
      [`anchor, ${count} under one root (without the transaction)`, anchored],
      ['verify a proof: signature, place, calibration up to the institutes', verified],
      [`filter, a line each (${passed} of ${count} passed)`, filtered],
      [`find what lost its support (${calibration.judged} traces)`, judged],
    ] as const;
    const steps = Math.max(...inclusions.map(({ path }) => path.length));
    return [
      '| a measurement | µs | a second | bare signatures |',
      '| :------------ | -: | -------: | --------------: |',
      ...rows.map(
        ([what, took]) => `| ${what} | ${took.toFixed(0)} | ${(1e6 / took).toFixed(0)} | ${(took / bare).toFixed(2)} |`,
      ),
      '',
      `A bare signature: ${bare.toFixed(0)} µs. A proof: ${proofs[0]?.length ?? 0} characters, ${steps} digests of ${sha256('').length} characters in its path.`,
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The mean of so many calls, one after another. */
async function microseconds(calls: number, call: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (let done = 0; done < calls; done += 1) {
    await call();
  }
  return ((performance.now() - began) * 1000) / calls;
}

printAlone(module, () => measurementNumbers(Number(process.argv[2] ?? 100_000)));
