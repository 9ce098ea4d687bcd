import assert from 'node:assert/strict';
import { readsIn, unusualReads } from '@tracecal/gateway-client/monitor';
import type { ReadCount } from '@tracecal/gateway-client/monitor';
import { findingId, readsFinding } from '@tracecal/monitor';
import { normals } from '../../../support/normals.js';
import { Random } from '../../../support/random.js';
import { refusesInput } from '../../../support/refusesInput.js';
import { runSeed } from '../../../support/seed.js';

const SUBJECT = 'CN=monitor,OU=client,O=plant';
const DETAILS = `grpc.service=gateway.Gateway grpc.method=Evaluate grpc.peer_address=10.0.0.1:5 grpc.peer_subject="${SUBJECT}" grpc.code=OK`;

describe("The reads in a peer's log", () => {
  it('are counted by identity and day, in lines of the console and in JSON, and nothing else is', () => {
    const line = `2026-03-01 10:00:00.000 UTC 0a1f INFO [comm.grpc.server] 1 -> unary call completed ${DETAILS}`;
    const json = JSON.stringify({
      level: 'info',
      ts: Date.parse('2026-03-01T23:00:00Z') / 1000,
      name: 'comm.grpc.server',
      msg: 'unary call completed',
      'grpc.method': 'ProcessProposal',
      'grpc.peer_subject': SUBJECT,
      channel: 'calibration',
    });
    const read = { identity: SUBJECT, day: '2026-03-01' };
    const others = [
      '',
      '{',
      'null',
      '[]',
      line.replace('Evaluate', 'Submit'),
      line.replace('unary', 'other'),
      '{"msg":1}',
    ];
    assert.deepEqual(readsIn([line, `\u001b[34m${line}\u001b[0m`, json, ...others]), [
      { ...read, channel: 'unknown', count: 2 },
      { ...read, channel: 'calibration', count: 1 },
    ]);
  });
});

/** Months of an identity whose mean changes from month to month by 30 %: more than Poisson's scatter. */
function habits(seed: number, months: number, last = 1): ReadCount[] {
  const random = new Random(seed);
  const [own, chance] = [normals(random, months), normals(random, months)];
  return own.map((z, index) => {
    const mean = Math.max(1, 200 * (1 + 0.3 * z)) * (index === months - 1 ? last : 1);
    const count = Math.max(0, Math.round(mean + Math.sqrt(mean) * (chance[index] ?? 0)));
    const day = `${2024 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-15`;
    return { identity: SUBJECT, channel: 'calibration', day, count };
  });
}

describe('A month of reads', () => {
  it('is found where somebody reads ten times as much, of 40 readers in nearly all', () => {
    const found = Array.from({ length: 40 }, (_, run) => unusualReads(habits(runSeed + 7919 * run, 13, 10), '2025-01'));
    assert.ok(found.filter(({ length }) => length === 1).length >= 36);
  });

  it('is unusual by chance for an identity at most 0.1 times a year, over 200 readers', () => {
    const alarms = Array.from({ length: 200 }, (_, run) => {
      const counts = habits(runSeed + 7919 * run, 24);
      const judged = counts.slice(12).map(({ day }) => day.slice(0, 7));
      return judged.flatMap((month) =>
        unusualReads(
          counts.filter(({ day }) => day.slice(0, 7) <= month),
          month,
        ),
      ).length;
    }).reduce((sum, count) => sum + count, 0);
    assert.ok(alarms <= 20, `${alarms} in 200 years`);
  });

  it('is unusual for an identity that never read before, once six months are known', () => {
    const stranger = { identity: 'CN=stranger', channel: 'calibration', day: '2024-07-03', count: 50 };
    const [found, ...more] = unusualReads([...habits(runSeed, 7), stranger], '2024-07');
    assert.deepEqual([found?.identity, found?.count, more], ['CN=stranger', 50, []]);
    assert.match(found?.says ?? '', /^It read 50 times on calibration in 2024-07; up to \d+ times would be usual\.$/);
    assert.ok(found);
    const finding = readsFinding(found, [stranger]);
    assert.deepEqual(finding.subject, { kind: 'reader', id: 'CN=stranger' });
    assert.deepEqual([finding.from, finding.to], ['2024-07-01T00:00:00Z', '2024-08-01T00:00:00Z']);
    assert.equal(findingId(finding), findingId(readsFinding(found, [...habits(runSeed, 7), stranger])));
    assert.deepEqual(unusualReads([...habits(runSeed, 5), { ...stranger, day: '2024-05-03' }], '2024-05'), []);
    refusesInput(() => unusualReads([], '2024-13'), /no month: write it like/);
  });
});
