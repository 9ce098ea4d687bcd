import assert from 'node:assert/strict';
import type { Instant } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import type { TraceCal } from '@tracecal/gateway-client';
import {
  candidateOf,
  importCertificate,
  type Candidate,
  type Imported,
  type ImportRole,
  type Session,
} from '@tracecal/gateway-client/application';
import { readMapping } from '@tracecal/gateway-client/dcc';
import { ALPHA, type Case, type Step } from './cases.js';

interface Place {
  readonly session: Session;
  /** Certificates by the names of their files. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** What its certificate numbers and serial numbers begin with, where one registry holds several situations. */
  readonly tag?: string;
  /** The moment that traces ask about; by default the present. */
  readonly asOf?: () => Instant;
}

/** Where situations happen: a registry into which certificates are imported. */
export class CaseStage {
  readonly #place: Place;
  readonly #tag: string;

  constructor(place: Place) {
    this.#place = place;
    this.#tag = place.tag ?? '';
  }

  async play({ steps, verdicts = {}, says, notes }: Omit<Case, 'title'>): Promise<void> {
    const told: string[] = [];
    for (const step of steps) {
      if (step.refused) {
        await this.#refuses(step, step.refused);
      } else {
        const imported = await this.take(step, ALPHA);
        told.splice(0, told.length, ...imported.flatMap((each) => each.notes));
      }
    }
    if (notes) {
      assert.match(this.#untagged(told.join('\n')), notes);
    }
    const tracecal = await this.#place.session.reader();
    let verdict: Verdict | undefined;
    for (const [serial, status] of Object.entries(verdicts)) {
      const asOf = this.#place.asOf?.();
      const device = await idOf(tracecal, this.#tag + serial);
      verdict = await tracecal.traceCal(device, asOf === undefined ? {} : { asOf });
      assert.equal(verdict.status, status, `${serial}: ${verdict.reason}`);
    }
    if (says) {
      assert.match(this.#untagged(JSON.stringify(verdict)), says);
    }
  }

  take(step: Step, usual: ImportRole): Promise<readonly Imported[]> {
    const { amends, ...role } = { ...usual, ...step.role };
    const named = amends?.replace('/', `/${this.#tag}`);
    return importCertificate(this.#place.session, this.#candidate(step), {
      ...role,
      ...(named !== undefined && { amends: named }),
    });
  }

  /** A refused import leaves nothing behind. */
  async #refuses(step: Step, why: RegExp): Promise<void> {
    const tracecal = await this.#place.session.reader();
    const { items } = this.#candidate(step).draft;
    const serials = items.flatMap(({ item }) => item.serial ?? []);
    const devices = async () => {
      const found = await Promise.all(serials.map((serial) => all(tracecal.findDevices({ serial }))));
      return found.flat().map(({ id }) => id);
    };
    const before = await devices();
    await assert.rejects(this.take(step, ALPHA), (error: Error) => {
      const { message } = error.cause instanceof Error ? error.cause : error;
      assert.match(this.#untagged(message), why);
      return true;
    });
    assert.deepEqual(await devices(), before);
  }

  #candidate({ file, mapping, instead = [] }: Step): Candidate {
    const text = instead.reduce((xml, [from, to]) => xml.replaceAll(from, to), this.#fileOf(file).toString('utf8'));
    const told = mapping && readMapping(JSON.stringify({ version: 'tracecal-mapping/1', ...mapping }));
    return candidateOf(file, Buffer.from(text, 'utf8'), told);
  }

  #fileOf(name: string): Buffer {
    const found = [...this.#place.files].find(([file]) => file.startsWith(`${name}-`));
    assert.ok(found, name);
    return found[1];
  }

  #untagged(text: string): string {
    return this.#tag === '' ? text : text.replaceAll(this.#tag, '');
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) {
    found.push(item);
  }
  return found;
}

async function idOf(tracecal: TraceCal, serial: string): Promise<string> {
  const [found] = await all(tracecal.findDevices({ serial }));
  return found?.id ?? assert.fail(`No device with the serial number ${serial} is registered.`);
}
