import {
  apiServices,
  holderOf,
  monitorApi,
  openApiOf,
  ROUTES,
  signDelegation,
  signToken,
  Store,
} from '@tracecal/monitor';
import type { Item } from '@tracecal/gateway-client';
import type { ApiOptions, Authority, TokenFor, Delegation, Slice, WholeData, WholeRegistry } from '@tracecal/monitor';
import { Ajv2020 } from 'ajv/dist/2020.js';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { temporaryFolder } from '../temporaryFolder.js';
import type { MemoryData } from './site.js';
import { NOW, sliceOf, TIME } from './site.js';
import { delegationTo, digestOf, MONITOR, officerOf, userOf } from './users.js';
import type { User } from './users.js';

/** A request as a user makes it. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: unknown;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A registry in memory: statements are about the device that their payload names. */
export class MemoryRegistry implements WholeRegistry {
  readonly issued: string[] = [];

  deviceOf({ statement }: Item): Promise<string | undefined> {
    const text = Buffer.from(statement.payload, 'base64url').toString();
    return Promise.resolve(/^\{"device":"(.*)"\}$/.exec(text)?.[1]);
  }

  async issue(item: Item) {
    this.issued.push((await this.deviceOf(item)) ?? '');
    return { id: 'lab/R1', transaction: 'tx-1' };
  }

  accept(item: Item) {
    return this.issue(item);
  }

  trace() {
    return Promise.resolve({
      status: 'TRACEABLE' as const,
      check: null,
      reason: 'It traces.',
      asOf: TIME,
      verdict: { levels: 2 },
    });
  }

  verify() {
    return Promise.resolve({ isSound: true, says: 'The chain exists.' });
  }
}

/** A statement about a device, as the registry of these tests reads it. */
export function statementAbout(device: string) {
  const payload = Buffer.from(JSON.stringify({ device })).toString('base64url');
  return { item: { statement: { payload, signatures: [{ protected: 'e30', signature: 'AAAA' }] } } };
}

export const officerA = userOf('officer-a');
export const officerB = userOf('officer-b');
const OFFICERS = [officerOf(officerA), officerOf(officerB, sliceOf({ operator: 'operator-b' }))];

const ajv = new Ajv2020({ strict: false });
const DESCRIPTION = openApiOf(ROUTES) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: unknown;
};
interface Described {
  readonly responses: Readonly<
    Record<string, { readonly content: { readonly 'application/json': { readonly schema: object } } }>
  >;
}

/** A monitor's API in memory, with an operator, its rival, and what users were given. */
export class TestApi {
  readonly data: WholeData & MemoryData;
  readonly registry = new MemoryRegistry();
  readonly store: Store;
  readonly errors: unknown[] = [];
  /** The digest of what each holder was given. */
  readonly given = new Map<string, string>();
  readonly services: ReturnType<typeof apiServices>;
  readonly api: ReturnType<typeof monitorApi>;
  now = NOW;

  private constructor(
    store: Store,
    data: MemoryData,
    options: Partial<ApiOptions>,
    certificates: ReadonlyMap<string, string>,
  ) {
    this.store = store;
    this.data = data;
    this.services = apiServices({
      monitor: MONITOR,
      store,
      data,
      registry: this.registry,
      officers: OFFICERS,
      certificates,
      now: () => this.now,
    });
    this.api = monitorApi({ ...this.services, onError: (error) => this.errors.push(error), ...options });
  }

  static async open(
    data: MemoryData,
    options: Partial<ApiOptions> = {},
    certificates: ReadonlyMap<string, string> = new Map(),
  ): Promise<TestApi> {
    return new TestApi(await Store.open(join(temporaryFolder(), 'store')), data, options, certificates);
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.store.close();
  }

  /** What an officer gives a user, or a user another. */
  async give(giver: User, to: User, slice: Slice, given: Partial<Delegation> = {}): Promise<string> {
    const { delegations } = this.services.services;
    const authority = await this.authorityOf(giver);
    const delegation = delegationTo(to, { above: authority.delegation ?? null, slice, ...given });
    const link = await signDelegation(delegation, giver.key);
    await delegations.add(link, authority);
    this.given.set(holderOf(to.publicKey), digestOf(link));
    return digestOf(link);
  }

  authorityOf({ publicKey }: User): Promise<Authority> {
    const holder = holderOf(publicKey);
    return this.services.services.delegations.authorityOf(holder, this.given.get(holder));
  }

  /** A token as the user would make it now. */
  tokenOf({ key, publicKey }: User, given: Partial<TokenFor> = {}): Promise<string> {
    const delegation = this.given.get(holderOf(publicKey));
    return signToken(key, {
      monitor: MONITOR,
      now: this.now,
      ...(delegation !== undefined && { delegation }),
      ...given,
    });
  }

  /** By a fresh token of a user; undefined: by nobody. What comes back is as the description says. */
  async ask(user: User | undefined, asked: Asked): Promise<Answered> {
    const token = user && (await this.tokenOf(user));
    return this.send(asked, token === undefined ? {} : { authorization: `Bearer ${token}` });
  }

  async send({ method, url, body }: Asked, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    const { statusCode, payload } = await this.api.inject({
      method,
      url,
      headers,
      ...(body !== undefined && { payload: body as object }),
    });
    const answered = { status: statusCode, text: payload, body: JSON.parse(payload) as Answered['body'] };
    if (url.startsWith('/v1/')) requireDescribed(method, url, answered);
    return answered;
  }
}

/** The operation that a request is for. */
export function routeOf(method: string, url: string) {
  const path = url.split('?')[0]!;
  return ROUTES.find(
    (route) => route.method === method && new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
}

function requireDescribed(method: string, url: string, { status, body }: Answered): void {
  const route = routeOf(method, url);
  if (!route) return;
  const described = DESCRIPTION.paths[route.path]![method.toLowerCase()]!.responses[status];
  assert.ok(described, `${route.id} answers ${status}, which is not described`);
  const schema = { ...described.content['application/json'].schema, components: DESCRIPTION.components };
  assert.ok(ajv.validate(schema, body), `${route.id}: ${ajv.errorsText()}: ${JSON.stringify(body)}`);
}
