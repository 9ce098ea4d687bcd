import assert from 'node:assert/strict';
import { explain, planFirewall, rulesetOf } from '@tracecal/network/firewall';
import { verdictOf, type Packet } from '../../support/firewall/evaluate.js';
import { placedConsortium } from '../../support/firewall/placedConsortium.js';

const consortium = placedConsortium();
const plan = planFirewall(consortium, new Map(), '2026-12-02');
const rulesets = new Map(plan.machines.map((machine) => [machine.name, rulesetOf(plan, machine)]));

/** One address for each kind of place. */
const PLACES = {
  peers: ['10.1.1.1', '10.2.1.1', '10.3.1.1', '10.4.1.1', '10.5.1.1', '10.6.1.1', '10.7.1.1', '10.8.1.1'],
  orderers: ['10.1.1.2', '10.2.1.2', '10.3.1.2', '10.4.1.2'],
  clients: ['10.1.2.7', '10.4.2.7', '10.6.2.7', '10.7.2.7', '10.8.2.7'],
  administrators: ['10.1.9.3', '10.6.9.3'],
  gateways: ['10.1.7.2', '10.4.3.2', '10.6.3.2', '10.7.3.2'],
  instruments: ['10.101.0.9', '10.104.0.9', '10.106.0.9', '10.107.0.9'],
  collectors: ['10.8.4.2'],
  strangers: ['10.99.0.1', '8.8.8.8'],
};
const GOLD_GATEWAY = '10.1.7.2';
const PEER_PORTS: Readonly<Record<string, number>> = Object.fromEntries(
  PLACES.peers.map((address, index) => [address, 7051 + 100 * index]),
);
const ORDERER_PORTS: Readonly<Record<string, number>> = Object.fromEntries(
  PLACES.orderers.map((address, index) => [address, 7050 + 100 * index]),
);
const PORTS = [
  ...new Set([22, 53, 80, 502, 5025, 5514, 9443, 7053, ...Object.values(PEER_PORTS), ...Object.values(ORDERER_PORTS)]),
];

/** All that is allowed, written down here by hand: `protocol source destination port`. */
function allowedByHand(): ReadonlySet<string> {
  const allowed = new Set<string>();
  const allow = (from: string, to: string, port: number | undefined, protocol = 'tcp') =>
    allowed.add(`${protocol} ${from} ${to} ${port ?? 0}`);
  for (const from of PLACES.peers) {
    // The calibration channel has all members.
    for (const to of PLACES.peers) if (from !== to) allow(from, to, PEER_PORTS[to]);
    for (const to of PLACES.orderers) allow(from, to, ORDERER_PORTS[to]);
  }
  for (const from of PLACES.orderers) {
    for (const to of PLACES.orderers) if (from !== to) allow(from, to, ORDERER_PORTS[to]);
  }
  allow('10.1.2.7', '10.1.1.1', 7051);
  allow('10.4.2.7', '10.4.1.1', 7351);
  allow('10.6.2.7', '10.6.1.1', 7551);
  allow('10.7.2.7', '10.7.1.1', 7651);
  allow('10.8.2.7', '10.8.1.1', 7751);
  allow('10.4.3.2', '10.4.1.1', 7351);
  allow('10.6.3.2', '10.6.1.1', 7551);
  allow('10.7.3.2', '10.7.1.1', 7651);
  allow('10.1.7.2', '10.101.0.9', 5025);
  allow('10.4.3.2', '10.104.0.9', 5025);
  allow('10.6.3.2', '10.106.0.9', 502);
  allow('10.7.3.2', '10.107.0.9', 502);
  allow('10.6.3.2', '10.8.4.2', 5514, 'udp');
  for (const [admin, own, peerPort] of [
    ['10.1.9.3', ['10.1.1.1', '10.1.1.2'], 7051],
    ['10.6.9.3', ['10.6.1.1', '10.6.3.2'], 7551],
  ] as const) {
    own.forEach((machine) => allow(admin, machine, 22));
    allow(admin, own[0], peerPort);
    for (const to of PLACES.orderers) allow(admin, to, ORDERER_PORTS[to]);
  }
  return allowed;
}

const everywhere = Object.values(PLACES).flat();
const machineAt = (address: string) => rulesets.get(address);

/** Whether the rules of both ends let it through; an end without a ruleset lets everything through. */
function passes(packet: Packet): boolean {
  const [leaving, entering] = [machineAt(packet.from), machineAt(packet.to)];
  if (leaving === undefined && entering === undefined) return false;
  return (
    (leaving === undefined || verdictOf(leaving, 'output', packet) === 'accept') &&
    (entering === undefined || verdictOf(entering, 'input', packet) === 'accept')
  );
}

function* questions(): Generator<Packet & { readonly port: number; readonly protocol: 'tcp' | 'udp' }> {
  for (const from of everywhere) {
    for (const to of everywhere) {
      if (from === to) continue;
      yield* PORTS.flatMap((port) => (['tcp', 'udp'] as const).map((protocol) => ({ from, to, port, protocol })));
    }
  }
}

describe('The firewalls of the sample consortium', () => {
  const expected = allowedByHand();

  it('have one ruleset for each peer, orderer, gateway and collector', () => {
    assert.deepEqual(
      [...rulesets.keys()].sort(),
      [...PLACES.peers, ...PLACES.orderers, ...PLACES.gateways, ...PLACES.collectors].sort(),
    );
  });

  it('let begin exactly what is written down by hand, out of all sources, destinations and ports', () => {
    const wrong: string[] = [];
    let asked = 0;
    for (const packet of questions()) {
      const { protocol, from, to, port } = packet;
      const isExpected = expected.has(`${protocol} ${from} ${to} ${port}`);
      if (passes(packet) !== isExpected)
        wrong.push(`${protocol} ${from} ${to}:${port} ${isExpected ? 'denied' : 'allowed'}`);
      asked += 1;
    }
    assert.deepEqual(wrong, []);
    assert.ok(asked > 30_000);
  });

  it('let answers of TCP back, and no answer of anything else', () => {
    for (const packet of questions()) {
      const { protocol, from, to, port } = packet;
      const isBack = passes({ from: to, to: from, port, protocol, direction: 'reply' });
      assert.equal(isBack, protocol === 'tcp' && expected.has(`tcp ${from} ${to} ${port}`), JSON.stringify(packet));
    }
  });

  it('drop every ICMP packet, forward nothing, and never reject', () => {
    for (const [host, ruleset] of rulesets) {
      for (const other of everywhere) {
        assert.equal(verdictOf(ruleset, 'input', { from: other, to: host, protocol: 'icmp' }), 'drop');
        assert.equal(verdictOf(ruleset, 'output', { from: host, to: other, protocol: 'icmp' }), 'drop');
        for (const port of PORTS) {
          assert.equal(verdictOf(ruleset, 'forward', { from: other, to: host, protocol: 'tcp', port }), 'drop');
        }
      }
      assert.doesNotMatch(ruleset, /reject/);
    }
  });

  it('let no packet with the address of an instrument out or in, but between it and its gateway', () => {
    for (const [host, ruleset] of rulesets) {
      for (const instrument of PLACES.instruments) {
        for (const other of everywhere.filter((address) => !PLACES.instruments.includes(address))) {
          const leaving = { from: instrument, to: other, protocol: 'tcp', port: 7051 } as const;
          assert.equal(verdictOf(ruleset, 'output', leaving), 'drop', `${host} ${instrument} ${other}`);
          assert.equal(verdictOf(ruleset, 'input', { ...leaving, to: host }), 'drop');
        }
      }
    }
  });

  it("isolate the gold standard's zone: its gateway reads its instruments, and nothing else", () => {
    const out = everywhere.filter((to) =>
      PORTS.some((port) => passes({ from: GOLD_GATEWAY, to, port, protocol: 'tcp' })),
    );
    const into = everywhere.filter((from) =>
      PORTS.some((port) => passes({ from, to: GOLD_GATEWAY, port, protocol: 'tcp' })),
    );
    assert.deepEqual([out, into], [['10.101.0.9'], []]);
  });

  it('are explained by the same flows, for the whole matrix', () => {
    for (const { protocol, from, to, port } of questions()) {
      const { isAllowed, flows } = explain(plan, { from, to, port });
      const isExpected = [...['tcp', 'udp']].some((one) => expected.has(`${one} ${from} ${to} ${port}`));
      assert.equal(isAllowed, isExpected, `${from} ${to}:${port}`);
      if (isAllowed && expected.has(`${protocol} ${from} ${to} ${port}`)) {
        assert.ok(flows.some((flow) => flow.protocol === protocol));
      }
    }
  });
});
