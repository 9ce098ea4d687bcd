import { instantOf } from '@tracecal/core/model';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Server } from 'node:https';
import { Refusal } from '../slices/index.js';
import type { Authority } from '../slices/index.js';
import { answerOfError } from './answerOfError.js';
import type { Authentication } from './authentication.js';
import { Buckets } from './buckets.js';
import type { Rate } from './buckets.js';
import { certificateOf } from './certificateOf.js';
import { ApiError } from './errors.js';
import { openApiOf } from './openapi.js';
import type { ApiServices, Route, Sent } from './route.js';
import { ROUTES } from './routes.js';

/** Most bytes of a request, where a route does not say more. */
const MOST_BYTES = 131_072;
/** Charged before something is done: afterwards it cannot be refused any more. */
const BYTES_OF_ACTION = 1024;
/** An id of a device has at most 128 characters, each up to three in a path. */
const MOST_PARAMETER = 400;
const HEADER = 'tracecal-delegation';

export interface ApiOptions {
  readonly services: ApiServices;
  readonly authentication: Authentication;
  /** Charges bytes of answers. */
  readonly charge: (authority: Authority, bytes: number) => Promise<void>;
  /** With it, HTTPS, where users may show client certificates. PEM. Without it, listen on the loopback interface only. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly limits?: {
    readonly user?: Rate;
    /** Of all users of an operator: many of them slow down no other operator's. */
    readonly operator?: Rate;
    /** Of who is not known, by address. */
    readonly address?: Rate;
    readonly total?: Rate;
  };
  readonly now?: () => number;
  /** Told of what went wrong inside. */
  readonly onError?: (error: unknown) => void;
}

/** Who asks, as far as it is known. */
interface Asked {
  readonly route: Route;
  authority?: Authority;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    route?: Route;
  }
}

/** The HTTP API of a monitor. It listens when it is told to, and is closed by `close`. */
export function monitorApi(options: ApiOptions): FastifyInstance<Server> {
  const { tls } = options;
  const https = tls ? { ...tls, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2' as const } : null;
  const api = fastify({
    https,
    bodyLimit: MOST_BYTES,
    routerOptions: { maxParamLength: MOST_PARAMETER },
    requestTimeout: 60_000,
    exposeHeadRoutes: false,
  });
  new Pipeline(options).serve(api);
  return api;
}

class Pipeline {
  readonly #options: ApiOptions;
  readonly #now: () => number;
  readonly #users: Buckets;
  readonly #operators: Buckets;
  readonly #addresses: Buckets;
  readonly #total: Buckets;
  readonly #asked = new WeakMap<FastifyRequest, Asked>();
  readonly #description = JSON.stringify(openApiOf(ROUTES));

  constructor(options: ApiOptions) {
    const { limits = {}, now = Date.now } = options;
    this.#options = options;
    this.#now = now;
    this.#users = new Buckets(limits.user ?? { perSecond: 10, burst: 50 });
    this.#operators = new Buckets(limits.operator ?? { perSecond: 50, burst: 250 });
    this.#addresses = new Buckets(limits.address ?? { perSecond: 1, burst: 20 });
    this.#total = new Buckets(limits.total ?? { perSecond: 200, burst: 1000 });
  }

  serve(api: FastifyInstance<Server>): void {
    api.addHook('onRequest', (request) => this.#admit(request));
    api.addHook('onSend', (_request, reply, payload) => {
      // Answers are one user's.
      reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      return Promise.resolve(payload);
    });
    api.setErrorHandler((error, request, reply) => this.#fail(error, request, reply));
    api.setNotFoundHandler((request, reply) => this.#fail(new ApiError('NO_ROUTE'), request, reply));
    api.get('/openapi.json', (_request, reply) => reply.type('application/json').send(this.#description));
    for (const route of ROUTES) {
      api.route({
        method: route.method,
        url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
        ...(route.mostBytes !== undefined && { bodyLimit: route.mostBytes }),
        config: { route },
        handler: (request, reply) => this.#answer(request, reply),
      });
    }
  }

  /** Before the body is read: nobody unknown sends a large one. */
  async #admit(request: FastifyRequest): Promise<void> {
    if (!this.#total.take('', this.#now())) throw new ApiError('TOO_MANY');
    const { route } = request.routeOptions.config;
    if (!route) return;
    const asked: Asked = { route };
    this.#asked.set(request, asked);
    const authority = await this.#authorityOf(request, route);
    asked.authority = authority;
    const isAllowed =
      this.#users.take(authority.holder.id, this.#now()) && this.#operators.take(authority.slice.operator, this.#now());
    if (!isAllowed) throw new ApiError('TOO_MANY');
    // Before anything is looked up, so that it says nothing about what is there.
    if (route.isForOfficers && authority.delegation !== undefined) throw new Refusal('NOT_ALLOWED');
    if (route.right && !authority.slice.may.includes(route.right)) throw new Refusal('NOT_ALLOWED');
  }

  async #authorityOf(request: FastifyRequest, { acts }: Route): Promise<Authority> {
    const delegation = request.headers[HEADER];
    const { authorization } = request.headers;
    const fingerprint = certificateOf(request.raw.socket, this.#now());
    try {
      return await this.#options.authentication.authorityOf(
        {
          ...(authorization !== undefined && { authorization }),
          ...(typeof delegation === 'string' && { delegation }),
          ...(fingerprint !== undefined && { fingerprint }),
        },
        acts,
      );
    } catch (error) {
      throw this.#addresses.take(request.ip, this.#now()) ? error : new ApiError('TOO_MANY');
    }
  }

  async #answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const asked = this.#asked.get(request);
    const authority = asked?.authority;
    if (!authority) throw new ApiError('UNAUTHENTICATED');
    const { route } = asked;
    const { services, charge } = this.#options;
    if (route.acts) await charge(authority, BYTES_OF_ACTION);
    const sent: Sent = { params: request.params, query: request.query, body: request.body ?? undefined };
    const { value, devices } = await route.answer(services, authority, sent);
    const text = JSON.stringify(value);
    if (!route.acts) await charge(authority, Buffer.byteLength(text));
    // What cannot be noted is not answered.
    await this.#note(asked, { devices, status: 200 });
    return reply.type('application/json').send(text);
  }

  async #fail(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { status, body } = answerOfError(error);
    const { onError = () => undefined } = this.#options;
    if (status >= 500) onError(error);
    const asked = this.#asked.get(request);
    // Floods fill no disk.
    const isNoted = asked && (asked.authority !== undefined || body.code !== 'TOO_MANY');
    if (isNoted) await this.#note(asked, { devices: 0, status, code: body.code }).catch(onError);
    return reply.code(status).send(body);
  }

  #note(
    { route, authority }: Asked,
    outcome: { readonly devices: number; readonly status: number; readonly code?: string },
  ): Promise<void> {
    const who = authority && { holder: authority.holder.id, name: authority.holder.name };
    const entry = { time: instantOf(this.#now()), route: route.id, ...who, ...outcome };
    return this.#options.services.audit.append(entry, authority?.slice.operator);
  }
}
