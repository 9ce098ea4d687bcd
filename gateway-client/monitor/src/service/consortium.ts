import type { TraceEntry } from '@tracecal/core/contracts';
import { RegistryError } from '@tracecal/core/model';
import { readStatement, trustedRoots } from '@tracecal/gateway-client';
import type { Item, Measurement, Monitoring, TraceCal, Trust } from '@tracecal/gateway-client';
import { all } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import { verifyBundle } from '@tracecal/gateway-client/proof/verify';
import type { FindingsLedger } from '../conclude/index.js';
import type { VerdictFrom } from '../reports/index.js';
import type { Registered, TraceAnswer, TraceQuestion, VerifiedBundle, WholeRegistry } from '../slices/index.js';
import type { SiteLedgers } from './looks.js';
import type { Surroundings } from './monitorService.js';

/** The ledgers of a consortium as the monitor reads them, and its own compartments, into which it writes. */
export class ConsortiumSurroundings implements Surroundings {
  readonly registry: WholeRegistry;
  readonly #session: Session;
  readonly #compartments = new Map<string, Promise<Monitoring>>();
  readonly #sites = new Map<string, Promise<Measurement>>();

  /** @param trust - Whose roots bundles are checked with; without it they are not checked. */
  constructor(session: Session, trust?: Trust) {
    this.#session = session;
    this.registry = new SessionRegistry(session, trust);
  }

  findingsOf(site: string): FindingsLedger {
    return {
      recordFindings: async (findings) => {
        const opened = once(this.#compartments, site, () =>
          this.#session.monitoring(this.#session.siteChannel('monitoring', site)),
        );
        return (await opened).recordFindings(findings);
      },
    };
  }

  ledgersOf(site: string): SiteLedgers {
    return {
      verdictsOf: async (device) => {
        const opened = once(this.#sites, site, () =>
          this.#session.measurement(this.#session.siteChannel('measurement', site)),
        );
        return changesOf(await all((await opened).getTraces(device)));
      },
      affected: (device) => affectedBy(this.#session, device),
    };
  }
}

/** A connection that could not be made is tried again the next time. */
function once<T>(opened: Map<string, Promise<T>>, site: string, open: () => Promise<T>): Promise<T> {
  const known = opened.get(site) ?? open();
  opened.set(site, known);
  known.catch(() => opened.delete(site));
  return known;
}

async function* affectedBy(session: Session, device: string) {
  yield* (await session.reader()).affectedDevices({ kind: 'device', id: device });
}

/** Only where the verdict is another than before. */
function changesOf(recorded: readonly TraceEntry[]): readonly VerdictFrom[] {
  return recorded
    .filter(({ status }, index) => status !== recorded[index - 1]?.status)
    .map(({ asOf, status }) => ({ from: asOf, status }));
}

class SessionRegistry implements WholeRegistry {
  readonly #session: Session;
  readonly #trust: Trust | undefined;

  constructor(session: Session, trust: Trust | undefined) {
    this.#session = session;
    this.#trust = trust;
  }

  deviceOf({ statement }: Item): Promise<string | undefined> {
    const read = readStatement(statement);
    if (read.type === 'tracecal-report/1') return Promise.resolve(read.body.device);
    return Promise.resolve(read.subject.kind === 'device' ? read.subject.id : undefined);
  }

  issue(item: Item): Promise<Registered> {
    return this.#register(item, 'tracecal-report/1', (relay) => relay.createReport([item]));
  }

  accept(item: Item): Promise<Registered> {
    return this.#register(item, 'tracecal-acceptance/1', (relay) => relay.acceptReport([item]));
  }

  async trace(device: string, { quantity, at, asOf }: TraceQuestion): Promise<TraceAnswer> {
    const verdict = await (
      await this.#session.reader()
    ).traceCal(device, {
      ...(quantity !== undefined && { quantity }),
      ...(asOf !== undefined && { asOf }),
      ...(at !== undefined && { at: { value: numberIn(at) } }),
    });
    const { status, check, reason } = verdict;
    return { status, check, reason, asOf: verdict.asOf, verdict };
  }

  async verify(bundle: unknown): Promise<VerifiedBundle> {
    const trust = this.#trust;
    if (!trust)
      throw invalid('This monitor has no trust file, so it checks no bundles: check it with `tracecal proof verify`.');
    const report = await verifyBundle(JSON.stringify(bundle), {
      roots: trustedRoots(trust),
      registry: trust.registry,
      endorsers: trust.endorsers,
      channel: trust.channel,
    });
    const { status, reason } = report.verdict;
    return { isSound: status === 'TRACEABLE', says: `${status}: ${reason}`, report };
  }

  async #register(
    item: Item,
    type: string,
    submit: (relay: TraceCal) => ReturnType<TraceCal['createReport']>,
  ): Promise<Registered> {
    const read = readStatement(item.statement);
    if (read.type !== type) throw invalid(`A ${read.type} is not registered here: send a ${type}.`);
    const { txId } = await submit(await this.#session.relay());
    return { id: read.subject.id, transaction: txId };
  }
}

function numberIn(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw invalid('The value in question is a number in the unit of the result, like 23.5.');
  }
  return value;
}

function invalid(message: string): RegistryError {
  return new RegistryError('INPUT_INVALID', message);
}
