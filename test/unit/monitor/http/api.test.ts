import { Authentication, holderOf, ROUTES, signToken } from '@tracecal/monitor';
import type { AuditEntry } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { officerA, officerB, statementAbout, TestApi } from '../../../support/monitor/api.js';
import type { Asked } from '../../../support/monitor/api.js';
import { askOverTls, tlsIdentity } from '../../../support/monitor/certificates.js';
import { instrumentOf, MemoryData, NOW, sliceOf } from '../../../support/monitor/site.js';
import { MONITOR, userOf } from '../../../support/monitor/users.js';
import { removeTemporaryFolders } from '../../../support/temporaryFolder.js';

const DEVICE = 'oem/T1';
const anna = userOf('anna');
const ME: Asked = { method: 'GET', url: '/v1/me' };
const LIST: Asked = { method: 'GET', url: '/v1/devices' };
const PROBE: Asked = { method: 'POST', url: `/v1/devices/${encodeURIComponent(DEVICE)}/probes`, body: {} };
const devices = (): MemoryData => new MemoryData([instrumentOf(DEVICE), instrumentOf('oem/T2')]);
const FAST = { perSecond: 1000, burst: 1000 };

describe('The API of a monitor', () => {
  let api: TestApi;

  beforeEach(async () => {
    api = await TestApi.open(devices(), { limits: { address: FAST } });
    await api.give(officerA, anna, sliceOf());
  });

  afterEach(() => api.close());
  after(removeTemporaryFolders);

  describe('describes itself', () => {
    it('at /openapi.json, to anybody: every route with its parameters, its body, and its answers', async () => {
      const { status, body } = await api.send({ method: 'GET', url: '/openapi.json' });
      assert.equal(status, 200);
      const described = body as unknown as Description;
      assert.equal(described.openapi, '3.1.0');
      const operations = Object.entries(described.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
      );
      assert.deepEqual(
        operations.map(({ path, method, operationId }) => [path, method, operationId]).sort(),
        ROUTES.map(({ path, method, id }) => [path, method, id]).sort(),
      );
      for (const { path, method, parameters, requestBody, responses } of operations) {
        const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const inPath = parameters.filter((each) => each.in === 'path');
        assert.deepEqual(
          inPath.map(({ name, required }) => [name, required]),
          named.map((name) => [name, true]),
          path,
        );
        assert.equal(requestBody !== undefined, method === 'POST', path);
        assert.ok(
          ['200', '400', '401', '403', '404', '413', '422', '429', '500'].every((each) => each in responses),
          path,
        );
      }
    });

    it('and serves nothing else', async () => {
      const routes = await api.send({ method: 'GET', url: '/v2/devices' });
      assert.deepEqual([routes.status, routes.body['code']], [404, 'NO_ROUTE']);
      assert.match(api.api.printRoutes({ commonPrefix: false }), /openapi\.json/);
      for (const { method, path } of ROUTES) {
        assert.ok(api.api.hasRoute({ method, url: path.replaceAll(/\{(\w+)\}/g, ':$1') }), path);
      }
    });
  });

  describe('knows who asks', () => {
    it('by a token that the user signed, for one monitor, for at most 15 minutes', async () => {
      const unknown = async (name: string, token: string): Promise<void> => {
        const { status, body } = await api.send(ME, { authorization: `Bearer ${token}` });
        assert.deepEqual([status, body['code']], [401, 'UNAUTHENTICATED'], name);
      };
      const token = (given: Partial<Parameters<typeof signToken>[1]> = {}) => api.tokenOf(anna, given);
      await unknown('another monitor', await token({ monitor: 'monitor-2' }));
      await unknown('too long', await token({ seconds: 901 }));
      await unknown('over', await token({ now: NOW - 900_000 }));
      await unknown('of tomorrow', await token({ now: NOW + 61_000 }));
      await unknown('nobody known', await signToken(userOf('eve').key, { monitor: MONITOR, now: NOW }));
      const [head, claims, signature] = (await token()).split('.') as [string, string, string];
      const header = (given: object): string =>
        Buffer.from(
          JSON.stringify({ ...(JSON.parse(Buffer.from(head, 'base64url').toString()) as object), ...given }),
        ).toString('base64url');
      await unknown('no signature', `${header({ alg: 'none' })}.${claims}.`);
      await unknown('no key', `${header({ alg: 'HS256' })}.${claims}.${signature}`);
      await unknown('signature of another', `${head}.${claims}.${(await api.tokenOf(officerA)).split('.')[2]!}`);
      await unknown('garbage', 'a.b.c');
      assert.equal((await api.send(ME, { authorization: 'Basic YTpi' })).status, 401);
      assert.equal((await api.send(ME, { authorization: `Bearer ${await token()}` })).body['name'], 'anna');
      assert.equal(
        (await api.send(ME, { authorization: `Bearer ${await token({ seconds: 900, now: NOW + 59_000 })}` })).status,
        200,
      );
    });

    it('and lets a token change something once, also after a restart, while it reads as often as one likes', async () => {
      const headers = { authorization: `Bearer ${await api.tokenOf(anna)}` };
      assert.deepEqual([(await api.send(LIST, headers)).status, (await api.send(LIST, headers)).status], [200, 200]);
      const both = await Promise.all([api.send(PROBE, headers), api.send(PROBE, headers)]);
      assert.deepEqual(both.map(({ status }) => status).sort(), [200, 401]);
      const again = await api.send(PROBE, headers);
      assert.deepEqual([again.status, again.body['code']], [401, 'TOKEN_USED']);
      assert.equal(api.data.probed.length, 1);
      const restarted = new Authentication(api.store, api.services.services.delegations, new Map(), () => NOW);
      await assert.rejects(restarted.authorityOf(headers, true), { code: 'TOKEN_USED' });
    });

    it('by a client certificate that it knows by fingerprint, and that is valid', async () => {
      const [server, known, other, over] = [
        await tlsIdentity('localhost'),
        await tlsIdentity('anna'),
        await tlsIdentity('other'),
        await tlsIdentity('over', 1),
      ];
      const holder = holderOf(anna.publicKey);
      const certificates = new Map([known, over].map(({ fingerprint }) => [fingerprint, holder]));
      const secure = await TestApi.open(devices(), { tls: server, limits: { address: FAST } }, certificates);
      try {
        const digest = await secure.give(officerA, anna, sliceOf());
        secure.now += 2 * 86_400_000;
        await secure.api.listen({ host: '127.0.0.1', port: 0 });
        const address = secure.api.server.address() as AddressInfo;
        const asked = await askOverTls(address, '/v1/me', known, { 'TraceCal-Delegation': digest });
        assert.equal(asked.status, 200, asked.text);
        assert.match(asked.text, /"name":"anna"/);
        assert.equal(
          (await askOverTls(address, '/v1/me', known, { 'TraceCal-Delegation': '0'.repeat(64) })).status,
          401,
        );
        for (const client of [undefined, other, over]) {
          assert.match((await askOverTls(address, '/v1/me', client)).text, /UNAUTHENTICATED/);
        }
        const token = await secure.tokenOf(anna);
        assert.equal(
          (await askOverTls(address, '/v1/me', undefined, { authorization: `Bearer ${token}` })).status,
          200,
        );
      } finally {
        await secure.close();
      }
    });
  });

  describe('limits', () => {
    it('requests of a user, of an operator, of an address that nobody knows, and of all together', async () => {
      const rate = { perSecond: 1, burst: 2 };
      const statuses = async (
        limited: TestApi,
        ...users: readonly (typeof anna | undefined)[]
      ): Promise<readonly number[]> => {
        const found: number[] = [];
        for (const user of users) found.push((await limited.ask(user, ME)).status);
        return found;
      };
      const limited = await TestApi.open(devices(), { limits: { user: rate, address: rate } });
      const grouped = await TestApi.open(devices(), { limits: { operator: rate } });
      const crowded = await TestApi.open(devices(), { limits: { total: rate } });
      try {
        await limited.give(officerA, anna, sliceOf());
        await grouped.give(officerA, anna, sliceOf());
        assert.deepEqual(await statuses(grouped, anna, officerA, anna, officerB), [200, 200, 429, 200]);
        assert.deepEqual(await statuses(limited, anna, anna, anna, officerA), [200, 200, 429, 200]);
        assert.deepEqual(await statuses(limited, undefined, undefined, undefined, officerA), [401, 401, 429, 200]);
        limited.now += 1000;
        assert.deepEqual(await statuses(limited, anna, anna), [200, 429]);
        assert.deepEqual(await statuses(crowded, officerA, undefined, officerA), [200, 401, 429]);
      } finally {
        await limited.close();
        await grouped.close();
        await crowded.close();
      }
    });

    it('bytes of answers in a day', async () => {
      const poor = userOf('poor');
      await api.give(officerA, poor, sliceOf({ quotas: { probesPerDay: 10, bytesPerDay: 1500, devices: 10 } }));
      const { text } = await api.ask(poor, LIST);
      const { body } = await api.ask(poor, ME);
      assert.deepEqual((body['used'] as { bytesPerDay: number }).bytesPerDay, Buffer.byteLength(text));
      const spent = await api.ask(poor, PROBE);
      assert.deepEqual([spent.status, spent.body['code']], [429, 'QUOTA_SPENT']);
      assert.deepEqual(api.data.probed, []);
    });

    it('the size of requests, of pages, and what requests are made of', async () => {
      const big = { revocation: 'x'.repeat(140_000) };
      const asked = async (request: Asked) => {
        const { status, body } = await api.ask(anna, request);
        return [status, body['code']];
      };
      assert.deepEqual(await asked({ method: 'POST', url: '/v1/revocations', body: big }), [413, 'TOO_LARGE']);
      const cases: readonly Asked[] = [
        { method: 'GET', url: '/v1/devices?limit=201' },
        { method: 'GET', url: '/v1/devices?limit=0' },
        { method: 'GET', url: '/v1/devices?other=1' },
        { method: 'GET', url: '/v1/devices/no%20id' },
        { ...PROBE, body: { output: 'much' } },
        { ...PROBE, body: { reset: true } },
        { method: 'POST', url: '/v1/reports', body: { ...statementAbout(DEVICE), more: 1 } },
        { method: 'POST', url: '/v1/reports', body: { item: { ...statementAbout(DEVICE).item, results: [1] } } },
        { method: 'POST', url: '/v1/acceptances', body: { item: { statement: { payload: 'AAAA', signatures: [] } } } },
      ];
      for (const each of cases) assert.deepEqual(await asked(each), [400, 'INPUT_INVALID'], each.url);
      const { body } = await api.ask(anna, { ...PROBE, body: { reset: true } });
      assert.equal(body['message'], 'The request has not the form that /openapi.json describes.');
    });

    it('what leaves to what the description names, also where the data have more', async () => {
      const [first] = api.data.list;
      Object.assign(first!, { secret: 'inside' });
      const { text } = await api.ask(anna, LIST);
      assert.doesNotMatch(text, /inside|operator/);
    });
  });

  describe('tells nobody', () => {
    it('what went wrong inside', async () => {
      api.data.probe = () => Promise.reject(new Error('/secret/path of the disk'));
      const { status, text } = await api.ask(anna, PROBE);
      assert.equal(status, 500);
      assert.doesNotMatch(text, /secret/);
      assert.match(String(api.errors[0]), /secret/);
    });

    it('but its own operator who asked for what', async () => {
      await api.ask(anna, LIST);
      await api.ask(anna, PROBE);
      await api.ask(anna, { method: 'GET', url: '/v1/devices/oem%2FT9' });
      await api.ask(undefined, LIST);
      const { body } = await api.ask(officerA, { method: 'GET', url: '/v1/audit' });
      const entries = body['items'] as readonly AuditEntry[];
      assert.deepEqual(
        entries.map(({ name, route, devices: count, status, code }) => [name, route, count, status, code]),
        [
          ['anna', 'listDevices', 2, 200, undefined],
          ['anna', 'probe', 1, 200, undefined],
          ['anna', 'getDevice', 0, 404, 'NOT_FOUND'],
        ],
      );
      assert.equal(entries[0]?.holder, holderOf(anna.publicKey));
      const kept = await api.services.services.audit.read('-', { limit: 10 });
      assert.deepEqual(
        kept.items.map(({ route, status }) => [route, status]),
        [['listDevices', 401]],
      );
      for await (const [, value] of api.store.collection('audit', z.unknown()).entries()) {
        assert.doesNotMatch(JSON.stringify(value), /eyJ|Bearer|oem/);
      }
    });

    it('and answers nothing that it cannot note', async () => {
      const { services } = api.services;
      services.audit.append = () => Promise.reject(new Error('the disk is full'));
      const { status, body } = await api.ask(anna, LIST);
      assert.deepEqual([status, body['code']], [500, 'INTERNAL']);
    });
  });
});

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}
