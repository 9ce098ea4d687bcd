import { readExactText } from '@tracecal/gateway-client/application';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AlertOutbox, AlertSender, alertTarget, MonitorMetrics, readAlertSecret } from '../alerts/index.js';
import type { AlertTarget } from '../alerts/index.js';
import { Outbox } from '../conclude/index.js';
import type { FindingsLedger } from '../conclude/index.js';
import { apiServices, monitorApi } from '../http/index.js';
import type { SlicedApi } from '../http/index.js';
import type { Finding, Instrument } from '../model/index.js';
import { planOf, Prober } from '../probe/index.js';
import type { KnownKeys } from '../probe/index.js';
import type { InstrumentReport } from '../reports/index.js';
import type { WholeRegistry } from '../slices/index.js';
import { Store } from '../store/index.js';
import { MonitorData } from './data.js';
import { HeldFindings } from './heldFindings.js';
import { Looks } from './looks.js';
import type { SiteLedgers } from './looks.js';
import type { Settings } from './settings.js';
import { Values } from './values.js';

/** Ledgers and keys around the monitor: everything of Fabric. */
export interface Surroundings {
  /** The monitoring compartment of a site. */
  findingsOf(site: string): FindingsLedger;
  ledgersOf(site: string): SiteLedgers;
  /** For the API; without it the API is not offered. */
  readonly registry?: WholeRegistry;
  /** For challenges. */
  readonly keys?: KnownKeys;
}

export interface MonitorOptions {
  readonly settings: Settings;
  /** Folder from which the settings name files. */
  readonly folder: string;
  readonly surroundings: Surroundings;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Told of what failed and will be tried again. */
  readonly onFailure?: (error: unknown) => void;
  /** Told of what is new. */
  readonly onFinding?: (site: string, finding: Finding) => void;
}

const MOST_FILE_BYTES = 1_000_000;
/** How often is looked whether something is due. */
const LOOK_MS = 500;
const DAY_MS = 86_400_000;

interface Address {
  readonly host: string;
  readonly port: number;
}

/** The monitor as a service: probes, looks, concludes, tells, and answers. What it concludes survives any end of the process. */
export class MonitorService {
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>[] = [];
  readonly #servers: FastifyInstance[] = [];
  readonly #reports = new Map<string, InstrumentReport>();
  readonly #metrics = new MonitorMetrics();
  readonly #store: Store;
  readonly #options: MonitorOptions;
  readonly #now: () => number;
  /** Where it answers, by what: `api`, `metrics`. */
  readonly addresses: { api?: Address; metrics?: Address } = {};

  private constructor(store: Store, options: MonitorOptions) {
    this.#store = store;
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Returns when it runs. Nothing is left running if it cannot start. @throws ApplicationError that says what is wrong */
  static async start(options: MonitorOptions): Promise<MonitorService> {
    const store = await Store.open(resolve(options.folder, options.settings.store));
    const service = new MonitorService(store, options);
    try {
      await service.#begin();
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  /** Ends after what it is just doing. What is not sent yet is sent after the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#servers.map((server) => server.close()));
    await Promise.allSettled(this.#running);
    await this.#store.close();
  }

  async #begin(): Promise<void> {
    const { settings, surroundings } = this.#options;
    const fleet = settings.instruments.map((each): Instrument => ({
      ...each,
      operator: settings.sites[each.site]?.operator ?? '',
    }));
    const values = new Values(this.#store);
    const held = await this.#held();
    const targets = await Promise.all(settings.alerts.map((each) => this.#target(each)));
    const looks = await this.#looks(fleet, values, held, targets);
    const prober = await this.#prober(fleet);
    const data = new MonitorData({ fleet, held, values, reports: this.#reports, ...(prober && { prober }) });
    await this.#serveMetrics();
    const { registry } = surroundings;
    const sliced = settings.api && registry ? await this.#serveApi(settings.api, data, registry) : undefined;
    if (prober) this.#run((signal) => prober.run(signal));
    this.#run((signal) => this.#alerts(targets).run(signal));
    this.#run((signal) => this.#lookOn(looks, signal));
    if (sliced) this.#run((signal) => this.#forget(sliced, signal));
  }

  async #held(): Promise<ReadonlyMap<string, HeldFindings>> {
    const operators = new Set(Object.values(this.#options.settings.sites).map(({ operator }) => operator));
    const held = new Map<string, HeldFindings>();
    for (const operator of operators) held.set(operator, await HeldFindings.open(this.#store, operator));
    return held;
  }

  async #looks(
    fleet: readonly Instrument[],
    values: Values,
    allHeld: ReadonlyMap<string, HeldFindings>,
    targets: readonly AlertTarget[],
  ): Promise<readonly Looks[]> {
    const { settings, surroundings } = this.#options;
    const looks: Looks[] = [];
    for (const [site, { operator }] of Object.entries(settings.sites)) {
      const held = allHeld.get(operator) ?? (await HeldFindings.open(this.#store, operator));
      const outbox = await Outbox.open(this.#store, {
        site,
        ledger: surroundings.findingsOf(site),
        onFailure: (error) => this.#options.onFailure?.(error),
        alongside: (fresh) => this.#alongside(site, fresh, held, targets),
      });
      this.#run((signal) => outbox.run(signal));
      const own = fleet.filter((each) => each.site === site);
      const { look } = settings;
      const ledgers = surroundings.ledgersOf(site);
      looks.push(new Looks({ site, operator, fleet: own, look, store: this.#store, values, outbox, held, ledgers }));
    }
    return looks;
  }

  /** What is written in one step with new findings: what users see, and alerts. */
  #alongside(site: string, fresh: readonly Finding[], held: HeldFindings, targets: readonly AlertTarget[]) {
    const names = targets.map(({ name }) => name);
    const now = this.#now();
    const alerts = new AlertOutbox(this.#store);
    for (const finding of fresh) {
      this.#metrics.finding(finding);
      this.#options.onFinding?.(site, finding);
    }
    return [
      ...held.changesFor(fresh, new Date(now).toISOString()),
      ...fresh.flatMap((finding) => alerts.changesFor(finding, names, now)),
    ];
  }

  async #prober(fleet: readonly Instrument[]): Promise<Prober | undefined> {
    const { settings, surroundings } = this.#options;
    if (settings.probes === undefined) return undefined;
    const plan = planOf(settings.probes, fleet);
    const { keys } = surroundings;
    return Prober.of({ plan, instruments: fleet, store: this.#store, now: this.#now, ...(keys && { keys }) });
  }

  async #lookOn(looks: readonly Looks[], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const each of looks) await this.#lookOnce(each);
      this.#metrics.outbox(await new AlertOutbox(this.#store).state());
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #lookOnce(looks: Looks): Promise<void> {
    try {
      const to = await looks.due(this.#now());
      if (to === undefined) return;
      for (const report of await looks.look(to)) this.#reports.set(report.instrument.device, report);
      this.#metrics.fleet([...this.#reports.values()], this.#now());
    } catch (error) {
      this.#options.onFailure?.(error);
      await pause(10 * LOOK_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  #alerts(targets: readonly AlertTarget[]): AlertSender {
    return new AlertSender({
      outbox: new AlertOutbox(this.#store),
      targets,
      onAttempt: (target, outcome) => {
        this.#metrics.attempt(target, outcome);
      },
    });
  }

  async #target({ name, url, secretFile, authoritiesFile }: Settings['alerts'][number]): Promise<AlertTarget> {
    const secret = await readAlertSecret(this.#path(secretFile));
    const authorities = authoritiesFile === undefined ? {} : { authorities: await this.#text(authoritiesFile) };
    return alertTarget({ name, url, secret, ...authorities });
  }

  async #serveMetrics(): Promise<void> {
    const { metrics } = this.#options.settings;
    if (!metrics) return;
    const server = fastify();
    const { registry } = this.#metrics;
    server.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
    this.addresses.metrics = await this.#listen(server, metrics.listen);
  }

  async #serveApi(
    { listen, tls, officers, certificates }: NonNullable<Settings['api']>,
    data: MonitorData,
    registry: WholeRegistry,
  ): Promise<SlicedApi> {
    const { monitor } = this.#options.settings;
    const known = new Map(Object.entries(certificates));
    const parts = { monitor, store: this.#store, data, registry, officers, certificates: known, now: this.#now };
    const sliced = apiServices(parts);
    const pair = tls && { key: await this.#text(tls.keyFile), cert: await this.#text(tls.certificateFile) };
    const onError = (error: unknown) => this.#options.onFailure?.(error);
    const server = monitorApi({ ...sliced, onError, ...(pair && { tls: pair }) });
    this.addresses.api = await this.#listen(server, listen);
    return sliced;
  }

  async #listen(server: FastifyInstance, { host, port }: Address): Promise<Address> {
    this.#servers.push(server);
    await server.listen({ host, port });
    const address = server.server.address();
    return { host, port: typeof address === 'object' && address ? address.port : port };
  }

  async #forget(sliced: SlicedApi, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sliced.forgetEarlierDays();
      await pause(DAY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #run(work: (signal: AbortSignal) => Promise<void>): void {
    this.#running.push(work(this.#stopping.signal).catch((error: unknown) => this.#options.onFailure?.(error)));
  }

  #path(path: string): string {
    return resolve(this.#options.folder, path);
  }

  #text(path: string): Promise<string> {
    return readExactText(this.#path(path), MOST_FILE_BYTES);
  }
}
