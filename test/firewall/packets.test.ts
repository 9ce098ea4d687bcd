import assert from 'node:assert/strict';
import { explain, machineNamed, planFirewall, rulesetOf } from '@tracecal/network/firewall';
import type { Probe } from '../support/firewall/agent.js';
import { Namespaces } from '../support/firewall/namespaces.js';
import { needsNamespaces } from '../support/firewall/netns.js';
import { placedConsortium } from '../support/firewall/placedConsortium.js';

const INSTRUMENT = '10.106.0.9';
const GOLD_INSTRUMENT = '10.101.0.9';
const [GATEWAY, GOLD_GATEWAY, COLLECTOR, CLIENT, STRANGER] = [
  '10.6.3.2',
  '10.1.7.2',
  '10.8.4.2',
  '10.6.2.7',
  '10.99.0.1',
] as const;
const [PEER_A, ORDERER] = ['10.6.1.1', '10.1.1.2'] as const;

/** Two of every kind of place, or one where there is one only. */
const PLACES = [
  { address: '10.1.1.1' },
  { address: '10.4.1.1' },
  { address: PEER_A },
  { address: '10.7.1.1' },
  { address: '10.8.1.1' },
  { address: ORDERER },
  { address: '10.4.1.2' },
  { address: GATEWAY },
  { address: GOLD_GATEWAY },
  { address: COLLECTOR },
  { address: CLIENT },
  { address: '10.6.9.3' },
  { address: STRANGER },
  { address: INSTRUMENT, behind: GATEWAY },
  { address: GOLD_INSTRUMENT, behind: GOLD_GATEWAY },
];
const PORTS = [22, 80, 502, 5025, 5514, 7050, 7051, 7350, 7351, 7551, 7651, 7751];
const PATIENCE_MS = 20_000;
const DENIED_MS = 800;

const plan = planFirewall(placedConsortium(), new Map(), new Date().toISOString().slice(0, 10));
const addresses = PLACES.map(({ address }) => address);
const guarded = addresses.filter((address) => plan.machines.some(({ name }) => name === address));
const rulesetAt = (address: string) => rulesetOf(plan, machineNamed(plan, address));

function protocolsAllowed(from: string, to: string, port: number): readonly string[] {
  const { isAllowed, flows } = explain(plan, { from, to, port });
  return isAllowed ? flows.map(({ protocol }) => protocol) : [];
}

/** Every pair of places without a ruleset at either end is left out: no rule sees their packets. */
function probesFrom(from: string): readonly (Probe & { readonly isAllowed: boolean })[] {
  return addresses
    .filter((to) => to !== from)
    .flatMap((to) =>
      PORTS.flatMap((port) =>
        (['tcp', 'udp'] as const).map((protocol) => {
          const isAllowed = protocolsAllowed(from, to, port).includes(protocol);
          return {
            to,
            port,
            protocol,
            isAllowed,
            patienceMs: isAllowed && protocol === 'tcp' ? PATIENCE_MS : DENIED_MS,
          };
        }),
      ),
    )
    .filter(({ to }) => isFiltered(from, to));
}

/** Packets of an instrument pass its gateway. */
function isFiltered(from: string, to: string): boolean {
  return [from, to].some((end) => guarded.includes(end) || [INSTRUMENT, GOLD_INSTRUMENT].includes(end));
}

const WATCH = (networks: string) => `table inet watch {
  counter leaked {}
  chain prerouting {
    type filter hook prerouting priority -300; policy accept;
    ip saddr ${networks} counter name leaked
  }
}`;

describe('Packets through the generated firewalls, in network namespaces', function () {
  this.timeout(180_000);
  const lab = new Namespaces(PLACES, PORTS);

  before(async function () {
    needsNamespaces(this);
    await lab.start();
  });
  after(() => lab.stop());

  it('reach everybody without rules, so that what is denied below is denied by the rules', async () => {
    const all = addresses.map(async (from) => {
      const probes = addresses
        .filter((to) => to !== from)
        .map((to): Probe => ({ to, port: 80, protocol: 'tcp', patienceMs: PATIENCE_MS }));
      const answers = await lab.probe(from, probes);
      return probes.filter((_, index) => answers[index] !== true).map(({ to }) => `${from} ${to}`);
    });
    assert.deepEqual((await Promise.all(all)).flat(), []);
    const fromPortOfNode = { to: CLIENT, port: 80, protocol: 'tcp', patienceMs: PATIENCE_MS, localPort: 7551 } as const;
    assert.deepEqual(await lab.probe(PEER_A, [fromPortOfNode]), [true]);
    await Promise.all(addresses.map((address) => lab.seen(address)));
  });

  it('are let through exactly as explained, for every source, destination and port, and instruments leak none', async () => {
    for (const address of guarded) lab.load(address, rulesetAt(address));
    lab.load('router', WATCH('{ 10.101.0.0/24, 10.106.0.0/24 }'));
    lab.load(INSTRUMENT, WATCH('!= 10.106.0.0/24'));
    const expected = new Map<string, Set<string>>(addresses.map((address) => [address, new Set()]));
    const wrong = await Promise.all(
      addresses.map(async (from) => {
        const probes = probesFrom(from);
        for (const { to, port, protocol, isAllowed } of probes) {
          // An instrument sees its gateway at the address that the gateway has on their own network.
          const source = isAllowed && to.startsWith('10.10') ? to.replace(/\d+$/, '1') : from;
          if (isAllowed) expected.get(to)?.add(`${protocol} ${source} ${port}`);
        }
        const answers = await lab.probe(from, probes);
        // One-way UDP arrives without an answer.
        return probes
          .filter(({ isAllowed, protocol }, index) => (isAllowed && protocol === 'tcp') !== answers[index])
          .map(({ to, port, protocol }) => `${protocol} ${from} ${to}:${port}`);
      }),
    );
    assert.deepEqual(wrong.flat(), []);
    for (const address of addresses) {
      const received = (await lab.seen(address)).filter((line) => isFiltered(line.split(' ')[1]!, address));
      assert.deepEqual(received.sort(), [...expected.get(address)!].sort(), address);
    }
    assert.ok(expected.get(COLLECTOR)?.has(`udp ${GATEWAY} 5514`));
    assert.equal(lab.counted('router', 'leaked'), 0);
    assert.equal(lab.counted(INSTRUMENT, 'leaked'), 0);
  });

  it('cannot use the port of a node as their source to begin a connection the other way', async () => {
    const probe = { to: CLIENT, port: 80, protocol: 'tcp', patienceMs: DENIED_MS } as const;
    lab.load(CLIENT, WATCH(`${PEER_A} tcp dport 22`));
    assert.deepEqual(await lab.probe(PEER_A, [{ ...probe, port: 22, localPort: 7551 }]), [false]);
    assert.equal(lab.counted(CLIENT, 'leaked'), 0);
    assert.deepEqual(await lab.probe(COLLECTOR, [{ ...probe, to: GATEWAY, port: 5514, protocol: 'udp' }]), [false]);
    assert.deepEqual(await lab.seen(GATEWAY), []);
  });

  it('go on while the rules are loaded again, and nothing slips through meanwhile', async () => {
    assert.equal(await lab.stream(PEER_A, ORDERER, 7050), true);
    const stranger = lab.probe(
      STRANGER,
      Array.from({ length: 200 }, (_, index) => ({
        to: [PEER_A, ORDERER][index % 2]!,
        port: PORTS[index % PORTS.length]!,
        protocol: 'tcp' as const,
        patienceMs: 4000,
      })),
    );
    for (let round = 0; round < 25; round += 1) {
      for (const address of [PEER_A, ORDERER]) lab.load(address, rulesetAt(address));
    }
    const { failure, rounds, wentOn } = await lab.endStream(PEER_A);
    assert.deepEqual({ failure, wentOn, isBusy: rounds > 25 }, { failure: null, wentOn: true, isBusy: true });
    assert.ok((await stranger).every((answered) => !answered));
    const received = [...(await lab.seen(PEER_A)), ...(await lab.seen(ORDERER))];
    assert.deepEqual(
      received.filter((line) => line.includes(STRANGER)),
      [],
    );
  });
});
