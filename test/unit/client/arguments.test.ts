import { connect, connectMeasurement, TraceCal } from '@tracecal/gateway-client';
import type { ConnectOptions, StreamOptions, TraceQuestion } from '@tracecal/gateway-client';
import assert from 'node:assert/strict';
import { failsWith } from '../../support/clientFailure.js';
import { FakeGateway } from '../../support/fakeGateway.js';

/** What a program in JavaScript can write. */
type Anything = never;

describe('Wrong arguments from a program without a compiler', () => {
  const { ledger, calls } = new FakeGateway({});
  const tracecal = new TraceCal(ledger, 'registry', () => undefined);

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
