import { connect, connectMeasurement, Measurement, TraceCal } from '@tracecal/gateway-client';
import type { ConnectOptions, StreamOptions, TraceQuestion } from '@tracecal/gateway-client';
import assert from 'node:assert/strict';
import { failsWith } from '../../support/clientFailure.js';
import { FakeGateway } from '../../support/fakeGateway.js';

/** What a program in JavaScript can write. */
type Anything = never;

describe('Wrong arguments from a program without a compiler', () => {
  const { ledger, calls } = new FakeGateway({});
  const tracecal = new TraceCal(ledger, 'registry', () => undefined);
  const site = new Measurement(ledger, () => undefined);

  afterEach(() => {
    assert.deepEqual(calls, [], 'nothing travels');
  });

  const mistakes: readonly (readonly [what: string, why: RegExp, () => Promise<unknown>])[] = [
    [
      'a misspelt age of heartbeats, which would leave out a check',
      /The question has no option "maxage"; it has .*maxAgeSeconds/,
      () => tracecal.traceCal('oem-a/x', { maxage: 3 } as TraceQuestion),
    ],
    [
      'an age that is a text',
      /at maxAgeSeconds/,
      () => tracecal.traceCal('oem-a/x', { maxAgeSeconds: '24h' as Anything }),
    ],
    [
      'a date without a time',
      /at asOf: must be a UTC instant like/,
      () => tracecal.traceCal('oem-a/x', { asOf: '2026-03-01' }),
    ],
    [
      'an option of a place that is none',
      /at of the question has no option "range"/,
      () => tracecal.traceCal('oem-a/x', { at: { range: 3 } as Anything }),
    ],
    [
      'roots that are the path of a file',
      /at roots: must be SHA-256 fingerprints, or what `readTrustFile` returns/,
      () => tracecal.traceCal('oem-a/x', { roots: 'trust.json' as Anything }),
    ],
    [
      'an id in place of a subject',
      /The subject is not accepted/,
      () => tracecal.history('oem-a/x' as Anything).next(),
    ],
    ['a search for nothing', /give \{ serial \} or \{ owner \}/, () => tracecal.findDevices({} as Anything).next()],
    ['no id', /An id or an object is expected, not undefined/, () => tracecal.getDevice(undefined as Anything)],
    [
      'a stream from a block that is a number',
      /at startBlock: must be a bigint like 0n/,
      () => tracecal.events({ startBlock: 3 } as unknown as StreamOptions).next(),
    ],
    [
      'a misspelt option of a connection',
      /The connection has no option "timeout"; it has .*timeoutMs/,
      () => connect({ profile: 'connection.json', timeout: 3 } as ConnectOptions),
    ],
    ['a connection without a profile', /at profile: must be the path/, () => connect({} as ConnectOptions)],
    [
      'a site that is not named',
      /The connection is not accepted at channel: is missing; it is a text/,
      () => connectMeasurement({ profile: 'connection.json' } as Anything),
    ],
    [
      'a trust without the number of heartbeats',
      /at roots/,
      () => tracecal.traceCal('oem-a/x', { maxAgeSeconds: 5, roots: { roots: [], heartbeats: {} } as Anything }),
    ],
    [
      'a stream from before the first block',
      /at startBlock: must be 0n or more/,
      () => tracecal.events({ startBlock: -1n }).next(),
    ],
    [
      'a budget that is no TimeBudget, which would end in an error after a transaction is committed',
      /at budget: must be a `TimeBudget`/,
      () => connect({ profile: 'connection.json', budget: { timeoutMs: 5 } as Anything }),
    ],
    [
      'a user without an identity',
      /at user: must be the name or the folder of a user, or \{ identity, sign \}/,
      () => connect({ profile: 'connection.json', user: {} as Anything }),
    ],
    [
      'retries less often than never',
      /at limits\.conflictRetries: must be 0 or more/,
      () => connect({ profile: 'connection.json', limits: { conflictRetries: -1 } }),
    ],
    [
      'a signed statement in place of an item',
      /The submission is not accepted: give \{ statement \} with what belongs to it/,
      () => tracecal.createReport({ payload: 'e30', signatures: [] } as Anything),
    ],
    ['nothing to submit', /The submission is not accepted/, () => tracecal.acceptReport(undefined as Anything)],
    [
      'a device in place of a list of devices',
      /The list of devices is not accepted: must be a list of ids/,
      () => tracecal.traceMany('oem-a/x' as Anything),
    ],
    [
      'no devices for a compartment',
      /The list of devices is not accepted: must be a list of ids/,
      () => site.recordTraces(undefined as Anything),
    ],
    ['no transaction', /must be the id of a transaction/, () => tracecal.outcome(undefined as Anything)],
    [
      'a part of the id of a transaction, whose outcome would never be known',
      /must be the id of a transaction: 64 hexadecimal digits/,
      () => tracecal.outcome('5f5f'),
    ],
    [
      'a timeout of no time',
      /A timeout is a number of milliseconds from 1 to/,
      () => connect({ profile: 'connection.json', timeoutMs: 0 }),
    ],
  ];

  for (const [what, why, call] of mistakes) {
    it(`is refused as INPUT_INVALID: ${what}`, async () => {
      await assert.rejects(call(), failsWith('INPUT_INVALID', why));
    });
  }
});
