import assert from 'node:assert/strict';
import { findingShape } from '@tracecal/core/contracts';
import type { Finding } from '@tracecal/core/contracts';
import { instantOf, shapeOf } from '@tracecal/core/model';
import { clockFindings, floodFindings, newPeerFindings } from '@tracecal/gateway-client/monitor';
import type { ChannelSeen, Registered, StatedTime } from '@tracecal/gateway-client/monitor';
import { digest } from '../../../support/findings.js';
import { daysBefore, TODAY } from '../../../support/fleet.js';
import { Random } from '../../../support/random.js';
import { runSeed } from '../../../support/seed.js';

const SEEDS = Array.from({ length: 20 }, (_, index) => (runSeed + index * 7919) | 0);
const DAY_MS = 86_400_000;
const DAY = TODAY.slice(0, 10);

function sound(findings: readonly Finding[]): readonly Finding[] {
  for (const finding of findings) shapeOf(findingShape, 'finding', finding);
  return findings;
}

/** Instruments that an organisation registers on one day. */
function lot(by: string, count: number, daysAgo: number, name = 'i'): readonly Registered[] {
  return Array.from({ length: count }, (_, place) => {
    const device = `${by}/${name}-${daysAgo}-${place}`;
    const time = instantOf(Date.parse(TODAY) - daysAgo * DAY_MS + 3_600_000 + place * 1000);
    return { device, by, time, evidence: digest(device) };
  });
}

/** Months in which makers register single instruments and now and then a lot, and a newcomer begins. */
function honestMonths(random: Random, days = 120): readonly Registered[] {
  return ['oem-a', 'oem-b', 'oem-c', 'lab-alpha'].flatMap((by) =>
    Array.from({ length: days }, (_, daysAgo) => {
      const isNewcomer = by === 'oem-c' && daysAgo > 30;
      const lots = random.chance(0.04) ? random.between(5, 40) : 0;
      return isNewcomer ? [] : lot(by, lots + Number(random.chance(0.2)), daysAgo);
    }).flat(),
  );
}

describe('An instrument flood', () => {
  it('is found on the day on which it comes, in all of 20 histories', () => {
    for (const seed of SEEDS) {
      const found = sound(
        floodFindings([...honestMonths(new Random(seed)), ...lot('oem-b', 400, 0, 'flood')], { day: DAY }),
      );
      assert.deepEqual(
        found.map(({ name, subject }) => [name, subject.kind, subject.id]),
        [['instrument-flood', 'peer', 'oem-b']],
        `seed ${seed}`,
      );
      assert.equal(found[0]?.evidence.length, 1, 'the digest of a long list');
    }
  });

  it('is found of an organisation that was never heard of before', () => {
    const [found] = floodFindings([...honestMonths(new Random(runSeed)), ...lot('oem-z', 500, 0)], { day: DAY });
    assert.equal(found?.subject.id, 'oem-z');
  });

  it('is not seen in honest months, lots and newcomers included: at most one day of 600', () => {
    const alarms = SEEDS.flatMap((seed) => {
      const registered = honestMonths(new Random(seed));
      return Array.from({ length: 30 }, (_, daysAgo) => daysBefore(daysAgo).slice(0, 10)).flatMap((day) =>
        floodFindings(registered, { day }).map(({ says }) => says),
      );
    });
    assert.ok(alarms.length <= 1, alarms.join('\n'));
  });

  it('is not made of a few instruments, however few there were before', () => {
    assert.deepEqual(floodFindings(lot('oem-a', 49, 0), { day: DAY }), []);
    assert.deepEqual(floodFindings([], { day: DAY }), []);
  });
});

describe('New peers in a channel', () => {
  const before: ChannelSeen = {
    channel: 'calibration',
    time: daysBefore(1),
    evidence: digest('block 7'),
    members: [
      { organisation: 'NmiNorthMSP', authorities: [digest('ca north')], addresses: ['peer0.nmi-north.example:7051'] },
      { organisation: 'LabAlphaMSP', authorities: [digest('ca alpha')], addresses: [] },
    ],
  };
  const [north, alpha] = before.members;
  const after = (...members: ChannelSeen['members']): ChannelSeen => ({
    ...before,
    time: TODAY,
    evidence: digest('block 9'),
    members,
  });

  it('are organisations, authorities of known ones, and addresses', () => {
    assert.ok(north && alpha);
    const found = sound(
      newPeerFindings(
        before,
        after(
          { ...north, addresses: [...north.addresses, 'peer9.nmi-north.example:7051'] },
          { ...alpha, authorities: [...alpha.authorities, digest('another ca')] },
          { organisation: 'MalloryMSP', authorities: [digest('ca mallory')], addresses: ['mallory.example:7051'] },
        ),
      ),
    );
    assert.deepEqual(
      found.map(({ name, subject }) => [name, subject.id]),
      [
        ['new-peer', 'peer9.nmi-north.example:7051'],
        ['new-authority', digest('another ca')],
        ['new-organisation', 'MalloryMSP'],
      ],
    );
    assert.match(
      found[1]?.says ?? '',
      /Channel calibration has a new certificate authority since .*, of LabAlphaMSP\./,
    );
    assert.deepEqual([...(found[0]?.evidence ?? [])].sort(), [before.evidence, digest('block 9')].sort());
  });

  it('are not what was announced, what was there, or what is gone', () => {
    assert.ok(north && alpha);
    const joined = { organisation: 'LabBetaMSP', authorities: [digest('ca beta')], addresses: [] };
    assert.deepEqual(newPeerFindings(before, after(north, alpha, joined), new Set(['LabBetaMSP'])), []);
    assert.deepEqual(newPeerFindings(before, after(alpha, north)), []);
    assert.deepEqual(newPeerFindings(before, after(north)), []);
  });
});

describe('A clock that jumps', () => {
  /** Values once a minute, some late; the clock differs by up to a minute and is corrected each hour. */
  function honest(random: Random, device: string, site = 'a', count = 600): StatedTime[] {
    const start = Date.parse(TODAY);
    let delayUntil = 0;
    return Array.from({ length: count }, (_, place) => {
      const now = start + place * 60_000;
      if (random.chance(0.004)) delayUntil = now + random.between(1, 300) * 60_000;
      const stated = instantOf(now + Math.round((((place % 60) - 30) / 30) * 60_000));
      const seen = instantOf(Math.max(now, delayUntil) + random.between(0, 5) * 1000);
      return { source: { kind: 'device', id: device }, site, stated, seen, evidence: digest(`${device} ${place}`) };
    });
  }

  /** All times from one place on are shifted. */
  function shifted(times: readonly StatedTime[], from: number, seconds: number): readonly StatedTime[] {
    return times.map((each, place) =>
      place < from ? each : { ...each, stated: instantOf(Date.parse(each.stated) + seconds * 1000) },
    );
  }

  it('ahead or back is found once, with the values around it and a proposal, in all of 20 runs', () => {
    for (const seed of SEEDS) {
      for (const seconds of [7200, -7200]) {
        const times = shifted(honest(new Random(seed), 'oem-a/s'), 300, seconds);
        const found = sound(clockFindings(times));
        assert.deepEqual([...new Set(found.map(({ name }) => name))], ['clock-jump'], `seed ${seed}`);
        assert.deepEqual(found[0]?.proposes, { action: 'quarantine', devices: ['oem-a/s'] });
        if (seconds < 0) assert.deepEqual(found.length, 1);
      }
    }
  });

  it('is not seen in honest clocks, lines that are down included, over 20 runs of 600 values', () => {
    const found = SEEDS.flatMap((seed) => clockFindings(honest(new Random(seed), 'oem-a/s')));
    assert.deepEqual(found, []);
  });

  it('is the matter of a site where several jump together', () => {
    const random = new Random(runSeed);
    const devices = ['oem-a/1', 'oem-a/2', 'oem-a/3'];
    const times = devices.flatMap((device) => shifted(honest(random, device), 300, -7200));
    const found = sound(clockFindings(times));
    assert.deepEqual(
      found.filter(({ subject }) => subject.kind === 'device').map(({ subject }) => subject.id),
      devices,
    );
    const elsewhere = clockFindings(
      devices.flatMap((device, place) => shifted(honest(random, device, `site-${place}`), 300, -7200)),
    );
    assert.ok(elsewhere.every(({ subject }) => subject.kind === 'device'));
  });

  it('of a peer is told by the times of its blocks', () => {
    const block = (number: number, stated: string): StatedTime => ({
      source: { kind: 'peer', id: 'calibration NmiNorthMSP' },
      stated,
      seen: TODAY,
      evidence: digest(`block ${number}`),
    });
    const [found] = sound(clockFindings([block(1, daysBefore(1)), block(2, daysBefore(2)), block(3, daysBefore(1.5))]));
    assert.equal(found?.proposes, undefined);
    assert.match(found?.says ?? '', /The clock of peer calibration NmiNorthMSP jumped: it goes back from .* to /);
  });
});
