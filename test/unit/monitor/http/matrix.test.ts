import { ROUTES, signDelegation, signObservation, signRevocation } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import { officerA, officerB, routeOf, statementAbout, TestApi } from '../../../support/monitor/api.js';
import type { Answered, Asked } from '../../../support/monitor/api.js';
import { findingOf, instrumentOf, MemoryData, sliceOf, TIME } from '../../../support/monitor/site.js';
import { delegationTo, MONITOR, userOf } from '../../../support/monitor/users.js';
import type { User } from '../../../support/monitor/users.js';
import { removeTemporaryFolders } from '../../../support/temporaryFolder.js';

const KILN = 'oem-a/K1';
const LAB = 'oem-a/L1';
/** Ids of operator B, of which A sees nothing: no answer has any part of them. */
const RIVALS = 'rival-b/hidden-7';
const NOBODYS = 'nobody/N9';

/** One operator with two users, its rival with one. */
const kiln = userOf('kiln-user');
const lab = userOf('lab-user');
const rival = userOf('rival-user');
const revoked = userOf('revoked-user');
const expired = userOf('expired-user');

type Role =
  | 'anonymous'
  | 'expired token'
  | 'revoked'
  | 'over'
  | 'rival'
  | 'other department'
  | 'right slice'
  | 'officer'
  | 'rival officer';
const USERS: Readonly<Record<Role, User | undefined>> = {
  anonymous: undefined,
  'expired token': kiln,
  revoked,
  over: expired,
  rival,
  'other department': lab,
  'right slice': kiln,
  officer: officerA,
  'rival officer': officerB,
};

type Verdict = 'ok' | 'unknown' | 'revoked' | 'over' | 'not found' | 'not allowed';
const EXPECTED: Readonly<Record<Verdict, readonly [number, string?]>> = {
  ok: [200],
  unknown: [401, 'UNAUTHENTICATED'],
  revoked: [401, 'REVOKED'],
  over: [401, 'EXPIRED'],
  'not found': [404, 'NOT_FOUND'],
  'not allowed': [403, 'NOT_ALLOWED'],
};

/** The same for all routes: they get no further. */
const OUT: Partial<Record<Role, Verdict>> = {
  anonymous: 'unknown',
  'expired token': 'unknown',
  revoked: 'revoked',
  over: 'over',
};
const ABOUT_KILN: Partial<Record<Role, Verdict>> = {
  rival: 'not found',
  'other department': 'not found',
  'right slice': 'ok',
  officer: 'ok',
  'rival officer': 'not found',
};
const ABOUT_LISTS: Partial<Record<Role, Verdict>> = {
  rival: 'ok',
  'other department': 'ok',
  'right slice': 'ok',
  officer: 'ok',
  'rival officer': 'ok',
};
const FOR_OFFICERS = {
  ...ABOUT_LISTS,
  rival: 'not allowed',
  'other department': 'not allowed',
  'right slice': 'not allowed',
} as const;

interface Row {
  readonly id: string;
  readonly asked: (device: string, user: User) => Asked | Promise<Asked>;
  readonly verdicts: Partial<Record<Role, Verdict>>;
  /** Whether it names a device. */
  readonly isAboutDevice: boolean;
}

const at = (device: string, rest = ''): string => `/v1/devices/${encodeURIComponent(device)}${rest}`;
const get =
  (rest: string) =>
  (device: string): Asked => ({ method: 'GET', url: at(device, rest) });
const list = (url: string) => (): Asked => ({ method: 'GET', url });
const post = (url: string, body: unknown): Asked => ({ method: 'POST', url, body });

const TABLE: readonly Row[] = [
  ...Object.entries({
    getDevice: '',
    trace: '/trace',
    listMeasurements: '/measurements?limit=2',
    getHealth: '/health',
    listFindingsOfDevice: '/findings',
    listObservations: '/observations',
  }).map(([id, rest]) => ({ id, asked: get(rest), verdicts: ABOUT_KILN, isAboutDevice: true })),
  {
    id: 'probe',
    asked: (device) => post(at(device, '/probes'), { output: 1 }),
    verdicts: ABOUT_KILN,
    isAboutDevice: true,
  },
  { id: 'observe', asked: observe, verdicts: ABOUT_KILN, isAboutDevice: true },
  {
    id: 'settleObservations',
    asked: (device) => post(at(device, '/observations/outcome'), { outcome: 'confirmed' }),
    verdicts: { ...ABOUT_KILN, rival: 'not allowed', 'other department': 'not allowed', 'right slice': 'not allowed' },
    isAboutDevice: true,
  },
  {
    id: 'issue',
    asked: (device) => post('/v1/reports', statementAbout(device)),
    verdicts: ABOUT_KILN,
    isAboutDevice: true,
  },
  {
    id: 'accept',
    asked: (device) => post('/v1/acceptances', statementAbout(device)),
    verdicts: ABOUT_KILN,
    isAboutDevice: true,
  },
  ...Object.entries({
    getMe: '/v1/me',
    listDevices: '/v1/devices',
    listFindings: '/v1/findings',
    listDelegations: '/v1/delegations',
  }).map(([id, url]) => ({ id, asked: list(url), verdicts: ABOUT_LISTS, isAboutDevice: false })),
  { id: 'verify', asked: () => post('/v1/verifications', { bundle: {} }), verdicts: ABOUT_LISTS, isAboutDevice: false },
  { id: 'delegate', asked: delegate, verdicts: ABOUT_LISTS, isAboutDevice: false },
  {
    id: 'revoke',
    asked: revoke,
    verdicts: {
      rival: 'not found',
      'other department': 'not found',
      'right slice': 'not found',
      officer: 'ok',
      'rival officer': 'not found',
    },
    isAboutDevice: false,
  },
  { id: 'listAudit', asked: list('/v1/audit'), verdicts: FOR_OFFICERS, isAboutDevice: false },
];

let revokedDigest: string;

async function observe(device: string, user: User): Promise<Asked> {
  const observation = await signObservation({ monitor: MONITOR, device, time: TIME, text: 'It hums.' }, user.key);
  return post(at(device, '/observations'), { observation });
}

async function revoke(_device: string, user: User): Promise<Asked> {
  const revocation = await signRevocation({ monitor: MONITOR, delegation: revokedDigest, date: TIME }, user.key);
  return post('/v1/revocations', { revocation });
}

let narrow: (user: User) => Promise<string>;
async function delegate(_device: string, user: User): Promise<Asked> {
  return post('/v1/delegations', { delegation: await narrow(user === revoked || user === expired ? kiln : user) });
}

describe('The API of a monitor, for all routes and roles', () => {
  let world: TestApi;

  beforeEach(async () => {
    world = await openWorld(true);
  });
  afterEach(() => world.close());
  after(removeTemporaryFolders);

  it('has every route in the table', () => {
    assert.deepEqual(TABLE.map(({ id }) => id).sort(), ROUTES.map(({ id }) => id).sort());
  });

  for (const role of Object.keys(USERS) as Role[]) {
    it(`answers as the table says: ${role}`, async () => {
      for (const { id, asked, verdicts } of TABLE) {
        const verdict = OUT[role] ?? verdicts[role]!;
        const [status, code] = EXPECTED[verdict];
        const request = await asked(KILN, USERS[role] ?? kiln);
        assert.equal(routeOf(request.method, request.url)?.id, id);
        // Settling needs something to settle.
        if (id === 'settleObservations') await world.ask(kiln, await observe(KILN, kiln));
        const answered = await asRole(world, role, request);
        assert.deepEqual([answered.status, answered.body['code']], [status, code], `${role}, ${id}: ${answered.text}`);
      }
      assert.deepEqual(world.errors, []);
    });
  }

  it('is the same, byte for byte, about a device outside of a slice and one that does not exist', async () => {
    for (const role of ['other department', 'right slice', 'officer', 'rival', 'rival officer'] as const) {
      for (const { id, asked } of TABLE.filter(({ isAboutDevice }) => isAboutDevice)) {
        const [user, outside] = [USERS[role]!, role.startsWith('rival') ? KILN : RIVALS];
        const answers: Answered[] = [];
        for (const device of [outside, NOBODYS]) answers.push(await world.ask(user, await asked(device, user)));
        const [about, nothing] = answers;
        assert.deepEqual([about!.status, about!.text], [nothing!.status, nothing!.text], `${role}, ${id}`);
        assert.ok([404, 403].includes(about!.status), `${role}, ${id}: ${about!.text}`);
      }
    }
    assert.deepEqual([world.data.probed, world.registry.issued], [[], []]);
  });

  it('is the same, byte for byte, whether a rival has devices, findings, users and requests or not', async () => {
    const alone = await openWorld(false);
    try {
      for (const role of ['right slice', 'other department', 'officer'] as const) {
        for (const user of [officerB, rival]) await world.ask(user, { method: 'GET', url: '/v1/devices' });
        for (const row of TABLE) await requireSame([world, alone], role, row);
      }
    } finally {
      await alone.close();
    }
  });
});

async function requireSame(worlds: readonly TestApi[], role: Role, { id, asked, verdicts }: Row): Promise<void> {
  const request = await asked(KILN, USERS[role]!);
  const answers: Answered[] = [];
  for (const world of worlds) answers.push(await asRole(world, role, request));
  const [here, there] = answers;
  assert.deepEqual([here!.status, here!.text], [there!.status, there!.text], `${role}, ${id}`);
  assert.doesNotMatch(here!.text, /rival|hidden|operator-b|site-b/, `${role}, ${id}`);
  if (verdicts[role] !== 'ok' || !id.startsWith('list')) return;
  const pages: (readonly string[])[] = [];
  for (const world of worlds) pages.push(await pagesOf(world, role, request.url));
  assert.deepEqual(pages[0], pages[1], `${role}, ${id}`);
}

async function openWorld(hasRival: boolean): Promise<TestApi> {
  const data = new MemoryData([
    instrumentOf(KILN, { checkStandard: RIVALS }),
    instrumentOf('oem-a/K2'),
    instrumentOf(LAB, { department: 'lab' }),
    ...(hasRival ? [RIVALS, 'aaa-rival/hidden-8', 'zzz-rival/hidden-9'] : []).map((device) =>
      instrumentOf(device, { operator: 'operator-b', site: 'site-b' }),
    ),
  ]);
  if (hasRival) {
    data.hold(findingOf(RIVALS), 'operator-b');
    data.hold(
      findingOf(KILN, { name: 'together', says: `${RIVALS} too.`, proposes: { action: 'suspend', devices: [RIVALS] } }),
    );
  }
  data.hold(findingOf(KILN), 'operator-a');
  data.hold(
    findingOf(KILN, {
      to: '2026-03-01T13:00:00Z',
      proposes: { action: 'measure', devices: hasRival ? [KILN, RIVALS] : [KILN] },
    }),
    'operator-a',
  );
  data.hold(findingOf(LAB), 'operator-a');
  const world = await TestApi.open(data, {
    limits: {
      user: { perSecond: 1000, burst: 1000 },
      operator: { perSecond: 1000, burst: 1000 },
      address: { perSecond: 1000, burst: 1000 },
    },
  });
  const inKiln = sliceOf({ departments: ['kiln'] });
  await world.give(officerA, kiln, inKiln, { nonce: 'kiln-0000000000000' });
  await world.give(officerA, lab, sliceOf({ departments: ['lab'] }), { nonce: 'lab-00000000000000' });
  if (hasRival) await world.give(officerB, rival, sliceOf({ operator: 'operator-b' }));
  revokedDigest = await world.give(officerA, revoked, inKiln, { nonce: 'revoked-0000000000' });
  await world.give(officerA, expired, inKiln, { nonce: 'expired-0000000000', until: '2026-03-01T12:00:01Z' });
  world.now += 1000;
  const { delegations } = world.services.services;
  const officer = await world.authorityOf(officerA);
  await delegations.revoke(
    await signRevocation({ monitor: MONITOR, delegation: revokedDigest, date: TIME }, officerA.key),
    officer,
  );
  narrow = async (user) => {
    const { delegation = null, slice } = await world.authorityOf(user);
    const until = '2026-03-01T20:00:00Z';
    return signDelegation(delegationTo(userOf('next'), { above: delegation, slice, until }), user.key);
  };
  return world;
}

async function asRole(world: TestApi, role: Role, request: Asked): Promise<Answered> {
  if (role !== 'expired token') return world.ask(USERS[role], request);
  const token = await world.tokenOf(kiln, { now: world.now - 900_000 });
  return world.send(request, { authorization: `Bearer ${token}` });
}

/** All answers on the way through a list, one item a page. */
async function pagesOf(world: TestApi, role: Role, url: string): Promise<readonly string[]> {
  const texts: string[] = [];
  let after = '';
  do {
    const query = new URLSearchParams({ limit: '1', ...(after !== '' && { after }) }).toString();
    const { text, body } = await asRole(world, role, { method: 'GET', url: `${url.split('?')[0]!}?${query}` });
    texts.push(text);
    after = (body['next'] as string | undefined) ?? '';
  } while (after !== '' && texts.length < 20);
  return texts;
}
