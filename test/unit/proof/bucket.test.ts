import assert from 'node:assert/strict';
import { BUCKET_PLACES } from '@tracecal/core/contracts';
import type { BucketAnswer } from '@tracecal/core/contracts';
import { base64Text, utf8Text } from '@tracecal/core/platform';
import { readBucketEntries } from '@tracecal/core/registry';
import { TraceCalError } from '@tracecal/gateway-client';
import type { EndorsedQuestion, TraceCal, Trust } from '@tracecal/gateway-client';
import { askBucket, verifyBucket } from '@tracecal/gateway-client/proof';
import type { EndorsedAnswer } from '@tracecal/gateway-client/proof';
import { forgedQuestion } from '../../support/forgedAnswer.js';
import { changedSomewhere } from '../../support/jsonChanges.js';
import { SENSOR } from '../../support/provenDevice.js';
import type { ProvenDevice } from '../../support/provenDevice.js';
import { Random } from '../../support/random.js';
import { runSeed } from '../../support/seed.js';
import { sharedProvenDevice } from '../../support/sharedProvenDevice.js';

type Prover = Pick<TraceCal, 'proveBuckets' | 'proveBucket'>;

describe('A prefix bucket', function () {
  this.timeout(240_000);
  let proven: ProvenDevice;
  let reader: TraceCal;
  let trust: Trust;
  let devices: readonly string[];

  before(async () => {
    proven = await sharedProvenDevice();
    trust = await proven.trust();
    reader = await proven.registry.as('oem-a');
    const all = await proven.placeDevices();
    devices = all.devices;
    assert.deepEqual([all.placed, devices.length], [8, 8]);
  });

  /** Somebody between the reader and the peers who changes what they answered. */
  function between(change: (proved: EndorsedQuestion) => EndorsedQuestion | Promise<EndorsedQuestion>): Prover {
    return {
      proveBuckets: (...asked) => reader.proveBuckets(...asked),
      proveBucket: async (...asked) => change(await reader.proveBucket(...asked)),
    };
  }

  const refused = (prover: Prover, why: RegExp, asked: Trust = trust) =>
    assert.rejects(
      askBucket(prover, SENSOR, { trust: asked }),
      (error) => error instanceof TraceCalError && error.code === 'ANSWER_INVALID' && why.test(error.message),
    );

  it('answers with the verdict of a device, and says among how many it hides and whose word that is', async () => {
    const verdict = await askBucket(reader, SENSOR, { trust });
    const traced = await reader.traceCal(SENSOR, { asOf: verdict.asOf });
    assert.equal(verdict.status, 'TRACEABLE', traced.reason);
    assert.deepEqual([verdict.check, verdict.fulfilled], [traced.check, traced.requirements?.fulfilled]);
    assert.deepEqual([verdict.prefix, verdict.devices], ['', 8]);
    assert.deepEqual(verdict.endorsedBy, ['NmiEastMSP', 'NmiNorthMSP', 'NmiSouthMSP']);
  });

  it('is asked for by the same messages for every device, and answered by the same', async () => {
    const sizes = new Set<string>();
    for (const id of devices) {
      const asked: unknown[] = [];
      const answered: number[] = [];
      const note = (proved: EndorsedQuestion): EndorsedQuestion => {
        answered.push(proved.result.length, proved.proposal.length);
        return proved;
      };
      const prover: Prover = {
        proveBuckets: async (options) => note(await reader.proveBuckets(options)),
        proveBucket: async (prefix, part, options) => {
          asked.push(prefix, part, options?.nonce?.length);
          return note(await reader.proveBucket(prefix, part, options));
        },
      };
      await askBucket(prover, id, { trust });
      sizes.add(JSON.stringify([asked, answered]));
    }
    assert.equal(sizes.size, 1, [...sizes].join('\n'));
  });

  it('says that a device is not in it, also one that nobody registered', async () => {
    await assert.rejects(
      askBucket(reader, 'oem-a/ghost', { trust }),
      (error) => error instanceof TraceCalError && error.code === 'NOT_FOUND' && error.message.includes('bucket of 8'),
    );
  });

  it('is asked for again where the peers were too slow at first, and not for ever', async () => {
    let failures = 0;
    const slow = (most: number): Prover => ({
      proveBuckets: (options) => reader.proveBuckets(options),
      proveBucket: (...asked) => {
        failures += 1;
        const late = new TraceCalError('TIMED_OUT', 'The network did not answer in time: try again.');
        return failures <= most ? Promise.reject(late) : reader.proveBucket(...asked);
      },
    });
    assert.equal((await askBucket(slow(2), SENSOR, { trust })).status, 'TRACEABLE');
    failures = 0;
    await assert.rejects(askBucket(slow(Infinity), SENSOR, { trust }), { code: 'TIMED_OUT' });
    assert.equal(failures, 3);
  });

  it('is believed if enough of the peers that the trust names signed it, each organisation once', async () => {
    await refused(
      between(({ endorsements, ...rest }) => ({ ...rest, endorsements: endorsements.slice(0, 1) })),
      /1 counts/,
    );
    await refused(
      between(({ endorsements, ...rest }) => ({ ...rest, endorsements: Array(3).fill(endorsements[0]!) })),
      /peers of 2, and 1 counts/,
    );
    await refused(
      between((same) => same),
      /one machine/,
      {
        ...trust,
        endorsers: { ...trust.endorsers!, engine: 'embedded' },
      },
    );
    const nobody: Trust = { type: trust.type, roots: trust.roots, heartbeats: trust.heartbeats };
    await assert.rejects(
      askBucket(reader, SENSOR, { trust: nobody }),
      (error) => error instanceof TraceCalError && error.code === 'TRUST_INVALID',
    );
  });

  it('is not taken from another question, another part, another prefix or another nonce', async () => {
    await refused(
      between(() => reader.proveBuckets({ nonce: 'word' })),
      /another question/,
    );
    await refused(
      between(() => reader.proveBucket('', 1, { nonce: 'word' })),
      /another question/,
    );
    await refused(
      between(() => reader.proveBucket('', 0, { nonce: 'older' })),
      /another question/,
    );
    const lying: Prover = {
      proveBuckets: () => reader.proveBuckets({ nonce: 'older' }),
      proveBucket: (...asked) => reader.proveBucket(...asked),
    };
    await refused(lying, /another question/);
  });

  describe('that all trusted peers signed', () => {
    type Entries = readonly string[];

    const forged = (change: (answer: Record<string, unknown>) => object): Prover =>
      between((proved) => forgedQuestion(proved, proven.keys, change));
    const with_ = (change: (devices: Entries, empty: string) => Entries): Prover =>
      forged((answer) => {
        const entries = answer['entries'] as Entries;
        const count = entries.findIndex((entry) => entry.startsWith('.'));
        return { ...answer, entries: change(entries.slice(0, count), entries[count]!) };
      });
    const filled = (entries: Entries, empty: string): Entries => [
      ...entries,
      ...Array<string>(Math.max(0, BUCKET_PLACES - entries.length)).fill(empty),
    ];
    const cannot = /the bucket cannot be read: /.source;

    it('is taken in its one form', async () => {
      assert.equal((await askBucket(with_(filled), SENSOR, { trust })).status, 'TRACEABLE');
    });

    it('is refused if its devices are in another order, there twice, or after an empty place', async () => {
      const disorder = new RegExp(`${cannot}the devices of the bucket are not in order, each once`);
      await refused(
        with_((entries, empty) => filled(entries.toReversed(), empty)),
        disorder,
      );
      await refused(
        with_(([first, ...rest], empty) => filled([first!, first!, ...rest], empty)),
        disorder,
      );
      await refused(
        with_(([first, ...rest], empty) => filled([first!, empty, ...rest], empty)),
        new RegExp(`${cannot}a device of the bucket stands after an empty place`),
      );
    });

    it('is refused if a device is of another bucket', async () => {
      const question = { prefix: '1', part: 0, nonce: 'word' };
      const first = entriesIn(await reader.proveBucket('', 0, { nonce: 'word' }))[0]!;
      assert.throws(() => readBucketEntries([first], { prefix: first < '8' ? '1' : '0' }), /of another one/);
      assert.throws(() => readBucketEntries([first], { prefix: '', after: first.slice(0, 64) }), /not in order/);
      const proved = await reader.proveBucket('', 0, { nonce: 'word' });
      assert.throws(() => verifyBucket(endorsedOf(proved), trust, question), /another question/);
    });

    it('is refused if it has another size, or an entry another form', async () => {
      const unknown = /has a form that this version does not know/;
      await refused(
        with_((entries) => entries),
        unknown,
      );
      await refused(
        with_((entries, empty) => [...filled(entries, empty), empty]),
        unknown,
      );
      const forms: readonly ((entry: string) => string)[] = [
        (entry) => `${entry} `,
        (entry) => entry.slice(1),
        (entry) => entry.toUpperCase(),
        (entry) => entry.replace('TRACEABLE ', 'EXCELLENT '),
        (entry) => entry.replace(/TRACEABLE /, ' TRACEABLE'),
        (entry) => entry.replace(/TRACEABLE (.)/, 'TRACEABLE$1 '),
        (entry) => entry.slice(0, -64) + '-'.repeat(64),
      ];
      for (const form of forms) {
        await refused(
          with_((entries, empty) => filled(entries.map(form), empty)),
          new RegExp(`${unknown.source}|${cannot}`),
        );
      }
      await refused(
        forged((answer) => ({ ...answer, more: '1' })),
        /goes on in a further part, and this one has room/,
      );
      await refused(
        forged((answer) => ({ ...answer, further: 1 })),
        unknown,
      );
    });

    it('is refused if it is of another registry, of none, or does not say of which', async () => {
      const registry = await reader.registry();
      const { asOf, registry: answered } = await askBucket(reader, SENSOR, { trust: { ...trust, registry } });
      assert.deepEqual([answered, typeof asOf], [registry, 'string']);
      const rehearsal = `calibration:${'ab'.repeat(32)}`;
      await refused(reader, /of registry calibration:[0-9a-f]{64}, and your trust file names calibration:abab/, {
        ...trust,
        registry: rehearsal,
      });
      const other = (name: unknown) => forged((answer) => ({ ...answer, registry: name }));
      await refused(other(rehearsal), /of registry calibration:abab/);
      await refused(other(`other:${'ab'.repeat(32)}`), /was asked in the channel "calibration"/);
      await refused(other('calibration'), /names no registry/);
      await refused(
        forged((answer) => Object.fromEntries(Object.entries(answer).filter(([name]) => name !== 'registry'))),
        /has a form that this version does not know/,
      );
    });

    it('is refused or the same when any of its members is damaged', async () => {
      const random = new Random(runSeed);
      const whole = await askBucket(reader, SENSOR, { trust });
      let refusals = 0;
      for (let time = 0; time < 40; time += 1) {
        try {
          const damaged = forged((answer) => changedSomewhere(answer, random));
          const told = await askBucket(damaged, SENSOR, { trust });
          // What peers of enough organisations say of a device is their word; of which device it is, is not.
          assert.deepEqual([told.device, told.registry, told.prefix], [whole.device, whole.registry, whole.prefix]);
        } catch (error) {
          assert.ok(
            error instanceof TraceCalError && ['ANSWER_INVALID', 'NOT_FOUND'].includes(error.code),
            String(error),
          );
          refusals += 1;
        }
      }
      assert.ok(refusals > 20, String(refusals));
    });
  });

  it('is not believed when any of its bits is changed', async () => {
    const random = new Random(runSeed);
    for (const part of ['channelHeader', 'signatureHeader', 'proposal', 'response'] as const) {
      for (let time = 0; time < 8; time += 1) {
        await refused(
          between((proved) => {
            const bytes = Uint8Array.from(proved[part]);
            bytes[random.between(0, bytes.length - 1)]! ^= 1 << random.between(0, 7);
            return { ...proved, [part]: bytes };
          }),
          /not believed/,
        );
      }
    }
  });
});

function entriesIn({ result }: EndorsedQuestion): readonly string[] {
  return (JSON.parse(utf8Text(result) ?? '') as BucketAnswer).entries;
}

/** As a file carries it. */
function endorsedOf({
  channelHeader,
  signatureHeader,
  proposal,
  response,
  endorsements,
}: EndorsedQuestion): EndorsedAnswer {
  return {
    channelHeader: base64Text(channelHeader),
    signatureHeader: base64Text(signatureHeader),
    proposal: base64Text(proposal),
    response: base64Text(response),
    endorsements: endorsements.map(({ endorser, signature }) => ({
      endorser: base64Text(endorser),
      signature: base64Text(signature),
    })),
  };
}
