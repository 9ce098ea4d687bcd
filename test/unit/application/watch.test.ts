import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { AffectedDevice, AnnouncedItem, DeviceAnswer } from '@tracecal/core/contracts';
import { EVENTS } from '@tracecal/core/contracts';
import type { Verdict, VerdictStatus } from '@tracecal/core/trace';
import type { RegistryEvent } from '@tracecal/gateway-client';
import {
  asRepeated,
  beginWatch,
  readWatch,
  sayWaiting,
  Watch,
  WatchRounds,
  writeWatch,
} from '@tracecal/gateway-client/application';
import type { Notice, Sink, WatchReader, WatchState } from '@tracecal/gateway-client/application';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

interface Registered {
  owner: string;
  status: VerdictStatus;
}

/** A registry in which devices `oem/a` and `oem/b` depend on `lab/standard`, and whose events come one a block. */
class Registry {
  readonly devices = new Map<string, Registered>([
    ['oem/a', { owner: 'oem', status: 'TRACEABLE' }],
    ['oem/b', { owner: 'oem', status: 'TRACEABLE' }],
    ['oem/c', { owner: 'oem', status: 'TRACEABLE' }],
    ['other/d', { owner: 'other', status: 'TRACEABLE' }],
  ]);
  readonly below = ['oem/a', 'oem/b', 'other/d'];
  readonly due = new Map<string, string>();
  readonly #events: RegistryEvent[] = [];
  /** By checkpoint file: events that count as read. */
  readonly #read = new Map<string, number>();

  announce(type: AnnouncedItem['type'], item: Partial<AnnouncedItem>): void {
    const whole = { type, kind: 'device', id: 'lab/standard', author: 'lab', number: 1, digest: '', ...item } as const;
    const blockNumber = BigInt(this.#events.length + 1);
    const announcement = { type, epoch: 0, items: [whole] };
    this.#events.push({ announcement, txId: `tx-${blockNumber}`, blockNumber });
  }

  reader(): WatchReader {
    const reader = {
      height: () => Promise.resolve(BigInt(this.#events.length + 1)),
      events: (options: { checkpoint: string; startBlock: bigint }) => this.#from(options),
      affectedDevices: () => this.#affected(),
      getDevice: (id: string) => Promise.resolve(this.#device(id)),
      getReport: () =>
        Promise.resolve({
          body: { performed: { begin: '2020-01-01', end: '2020-01-01' } },
          record: { impediments: [], supersededBy: null },
        }),
      traceCal: (id: string) => Promise.resolve(this.#verdict(id)),
      findDevices: ({ owner }: { owner: string }) => this.#ownedBy(owner),
    };
    return reader as unknown as WatchReader;
  }

  async *#from({ checkpoint, startBlock }: { readonly checkpoint: string; readonly startBlock: bigint }) {
    await Promise.resolve();
    for (const [place, event] of this.#events.entries()) {
      if (event.blockNumber >= startBlock && place >= (this.#read.get(checkpoint) ?? 0)) {
        yield event;
        this.#read.set(checkpoint, place + 1);
      }
    }
  }

  async *#affected(): AsyncGenerator<AffectedDevice> {
    await Promise.resolve();
    for (const device of this.below) {
      yield { device, kind: 'field', serial: '', owner: '', reports: [], current: true };
    }
  }

  async *#ownedBy(wanted: string) {
    await Promise.resolve();
    for (const [id, { owner }] of this.devices) {
      if (owner === wanted) {
        yield { id };
      }
    }
  }

  #device(id: string): DeviceAnswer {
    const { owner } = this.devices.get(id) ?? { owner: 'lab' };
    const days = this.due.get(id);
    const current = days === undefined ? [] : [{ report: `${id}-r`, quantities: ['mass'] }];
    const answer = { id, kind: 'field', serial: '', owner, intervalDays: Number(days ?? 0), requirements: null };
    return { ...answer, current, impediments: [], record: { ownership: [] } } as unknown as DeviceAnswer;
  }

  #verdict(id: string): Verdict {
    const { status } = this.devices.get(id) ?? { status: 'FAILED' };
    const requirements = { fulfilled: status === 'TRACEABLE' };
    return { status, requirements, reason: `${id} is ${status}.` } as unknown as Verdict;
  }
}

const told = (notices: readonly Notice[]) =>
  notices.map(({ what, device, verdict, before }) => [what, device, before, verdict?.status ?? null]);

describe('A watch over the devices of an owner', () => {
  let registry: Registry;
  let state: WatchState;

  after(removeTemporaryFolders);

  const watching = () =>
    new Watch(registry.reader(), { watched: { owners: ['oem'] }, question: {}, withinDays: null }, state);

  /** One round of a process; what it has to say is taken. */
  async function round({ look = true } = {}): Promise<readonly Notice[]> {
    const watch = watching();
    await watch.catchUp('checkpoint', (next) => Promise.resolve(void (state = next)));
    await (look ? watch.look() : undefined);
    const said: Notice[] = [];
    ({ state } = await sayWaiting(watch.state, takenBy(said), (next) => Promise.resolve(void (state = next))));
    return said;
  }

  const takenBy =
    (said: Notice[]): Sink =>
    (notice) =>
      Promise.resolve(void said.push(notice));

  beforeEach(async () => {
    registry = new Registry();
    registry.announce(EVENTS.revoked, { id: 'lab/earlier' });
    state = await beginWatch(registry.reader());
  });

  it('begins with the present faults, and does not report earlier registrations', async () => {
    registry.devices.set('oem/c', { owner: 'oem', status: 'INCOMPLETE' });
    assert.deepEqual(told(await round()), [['changed', 'oem/c', null, 'INCOMPLETE']]);
    assert.deepEqual(await round(), [], 'and says it once');
  });

  it('says which of its devices a revocation above them affects, with the verdict asked after it', async () => {
    await round();
    registry.announce(EVENTS.revoked, {});
    registry.devices.set('oem/a', { owner: 'oem', status: 'FAILED' });
    const said = await round();
    assert.deepEqual(told(said), [
      ['affected', 'oem/a', 'TRACEABLE', 'FAILED'],
      ['affected', 'oem/b', 'TRACEABLE', 'TRACEABLE'],
    ]);
    const { cause, verdict } = said[0]!;
    const expected = { event: EVENTS.revoked, kind: 'device', id: 'lab/standard', by: 'lab', txId: 'tx-2', block: 2 };
    assert.deepEqual(cause, expected);
    assert.equal(verdict?.reason, 'oem/a is FAILED.');
    assert.deepEqual(await round(), []);
  });

  it('says it of what was lifted again before anybody looked: an event is not lost between two looks', async () => {
    await round();
    registry.announce(EVENTS.suspended, {});
    registry.announce(EVENTS.reinstated, {});
    assert.deepEqual(
      (await round()).map(({ device, cause }) => [device, cause?.event]),
      [
        ['oem/a', EVENTS.suspended],
        ['oem/b', EVENTS.suspended],
        ['oem/a', EVENTS.reinstated],
        ['oem/b', EVENTS.reinstated],
      ],
    );
  });

  it('does not enter an event twice that comes again after a crash', async () => {
    await round();
    registry.announce(EVENTS.revoked, {});
    const crashing = watching().catchUp('checkpoint', (next) => {
      state = next;
      return Promise.reject(new Error('power failure'));
    });
    await assert.rejects(crashing, /power failure/);
    assert.equal(state.outbox.length, 2, 'saved before the event counted as read');
    state = asRepeated(state);
    const said = await round();
    assert.deepEqual(
      said.map(({ device, repeated }) => [device, repeated]),
      [
        ['oem/a', true],
        ['oem/b', true],
      ],
    );
  });

  it('keeps what is not taken, in order and marked, and says the rest after it', async () => {
    await round();
    registry.announce(EVENTS.revoked, {});
    const watch = watching();
    await watch.catchUp('checkpoint', () => Promise.resolve());
    const file = join(temporaryFolder(), 'watch', 'state.json');
    const refusing: Sink = () => Promise.reject(new Error('nobody is there'));
    const { failure } = await sayWaiting(watch.state, refusing, (next) => writeWatch(file, next));
    assert.match(String(failure), /nobody is there/);
    state = (await readWatch(file))!;
    const said = await round();
    assert.deepEqual(
      said.map(({ device, repeated }) => [device, repeated]),
      [
        ['oem/a', true],
        ['oem/b', false],
      ],
    );
    assert.equal(new Set(said.map(({ id }) => id)).size, 2, 'by its id a receiver knows it again');
  });

  it('still says in the next round what was read in one that failed after it', async () => {
    const rounds = new WatchRounds(join(temporaryFolder(), 'watch', 'oem'));
    const options = { watched: { owners: ['oem'] }, question: {}, withinDays: null };
    const said: Notice[] = [];
    const inOneProcess = (reader: WatchReader) => rounds.round(reader, options, takenBy(said), true);
    await inOneProcess(registry.reader());
    registry.announce(EVENTS.revoked, {});
    const findDevices = () => {
      throw new Error('the network is gone');
    };
    await assert.rejects(inOneProcess({ ...registry.reader(), findDevices }), /the network is gone/);
    assert.equal(said.length, 0, 'the look failed before anything was said');
    await inOneProcess(registry.reader());
    assert.deepEqual(
      said.map(({ device, cause, repeated }) => [device, cause?.event, repeated]),
      [
        ['oem/a', EVENTS.revoked, false],
        ['oem/b', EVENTS.revoked, false],
      ],
    );
  });

  it('says that a verdict changed without an event: something has expired', async () => {
    await round();
    registry.devices.set('oem/b', { owner: 'oem', status: 'FAILED' });
    const said = await round();
    assert.deepEqual(told(said), [['changed', 'oem/b', 'TRACEABLE', 'FAILED']]);
    assert.equal(said[0]!.cause, null);
  });

  it('says once that a device is due', async () => {
    await round();
    registry.due.set('oem/a', '30');
    const [said, ...more] = await round();
    assert.deepEqual(more, []);
    assert.deepEqual(said?.due, { state: 'overdue', date: '2020-01-31', report: 'oem/a-r', quantities: ['mass'] });
    assert.deepEqual(await round(), []);
  });

  it('says which devices came and which went', async () => {
    await round();
    registry.devices.set('oem/new', { owner: 'oem', status: 'INCOMPLETE' });
    registry.announce(EVENTS.deviceRegistered, { id: 'oem/new', number: 0 });
    registry.announce(EVENTS.deviceRegistered, { id: 'other/d', number: 0 });
    registry.devices.set('oem/c', { owner: 'other', status: 'TRACEABLE' });
    registry.announce(EVENTS.deviceTransferred, { id: 'oem/c' });
    assert.deepEqual(told(await round()), [
      ['new', 'oem/new', null, 'INCOMPLETE'],
      ['gone', 'oem/c', 'TRACEABLE', null],
    ]);
  });

  it('says which reports wait for a word, and which count now', async () => {
    await round();
    const report = { kind: 'report', id: 'lab/R-2', device: 'oem/a' } as const;
    registry.announce(EVENTS.reportCreated, { ...report, accepted: false });
    registry.announce(EVENTS.reportAccepted, { id: 'oem/a', report: 'lab/R-2' });
    registry.announce(EVENTS.reportCreated, { ...report, id: 'lab/R-3', device: 'other/d', accepted: false });
    registry.announce(EVENTS.heartbeat, { kind: 'registry' });
    assert.deepEqual(
      (await round()).map(({ what, report: about }) => [what, about]),
      [
        ['waiting', 'lab/R-2'],
        ['accepted', 'lab/R-2'],
      ],
    );
  });

  it('refuses a damaged file instead of silently starting again', async () => {
    const file = join(temporaryFolder(), 'state.json');
    await writeWatch(file, { ...state, startBlock: 'soon' });
    await assert.rejects(readWatch(file), /is damaged: remove it to begin anew/);
    assert.equal(await readWatch(`${file}-other`), undefined);
  });
});
