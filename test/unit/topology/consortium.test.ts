import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConsortiumError,
  defaultConsortiumFile,
  parseConsortium,
  readConsortium,
  withOrganisation,
} from '@tracecal/network/topology';

const shipped = readFileSync(defaultConsortiumFile(), 'utf8');

/** The shipped description with one place changed, which must exist. */
function changed(from: string, to: string): string {
  assert.ok(shipped.includes(from), `the shipped description has no "${from}" to change`);
  return shipped.replace(from, to);
}

function lineWith(text: string, part: string): number {
  return text.split('\n').findIndex((line) => line.includes(part)) + 1;
}

function refusal(text: string): ConsortiumError {
  try {
    parseConsortium(text);
  } catch (error) {
    assert.ok(error instanceof ConsortiumError);
    return error;
  }
  assert.fail('the description was accepted');
}

describe('The consortium description', () => {
  it('that ships with the project is valid', () => {
    const consortium = readConsortium(defaultConsortiumFile());
    const count = (kind: string) =>
      consortium.organisations.filter((organisation) => organisation.kind === kind).length;
    assert.deepEqual(['NMI', 'LAB', 'OEM', 'MONITOR'].map(count), [3, 2, 2, 1]);
    assert.deepEqual(
      consortium.orderers.map(({ runBy }) => runBy),
      ['nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha'],
    );
    assert.equal(consortium.channels.filter(({ level }) => level === 'calibration').length, 1);
  });

  it('gives every organisation a user who may register and issue, and a reader, unless it says otherwise', () => {
    const [organisation] = parseConsortium(shipped).organisations;
    assert.deepEqual(organisation?.users, [
      { name: 'User1', roles: ['recorder'] },
      { name: 'Reader', roles: [] },
    ]);
    const text = changed(
      'peers: [{ name: peer0, port: 7051 }],',
      'peers: [{ name: peer0, port: 7051 }], users: [{ name: Kim }],',
    );
    assert.deepEqual(parseConsortium(text).organisations[0]?.users, [{ name: 'Kim', roles: [] }]);
  });

  it('gives a channel the default batch where it states none, or only half of one', () => {
    assert.deepEqual(parseConsortium(shipped).channels[0]?.batch, { maxMessages: 500, timeoutMs: 20 });
    const text = changed('level: calibration,', 'level: calibration, batch: { timeoutMs: 300 },');
    assert.deepEqual(parseConsortium(text).channels[0]?.batch, { maxMessages: 500, timeoutMs: 300 });
  });

  it('accepts an endorsement policy for each channel', () => {
    const endorsement = { calibration: '/Channel/Application/Endorsement' };
    const text = changed(
      'endorsement: /Channel/Application/Endorsement',
      `endorsement: ${JSON.stringify(endorsement)}`,
    );
    assert.deepEqual(parseConsortium(text).chaincodes[0]?.endorsement, endorsement);
  });

  it('knows all kinds of members: an accreditation body writes calibration, an operator its site, an observer nothing', () => {
    for (const [from, to] of [
      ['kind: LAB', 'kind: ACCREDITATION_BODY'],
      ['kind: OEM', 'kind: OPERATOR'],
    ] as const) {
      assert.doesNotThrow(() => parseConsortium(changed(from, to)), to);
    }
    const organisation = {
      ...readConsortium(defaultConsortiumFile()).organisations[0]!,
      id: 'regulator',
      mspId: 'RegulatorMSP',
      name: 'Regulator',
      kind: 'OBSERVER' as const,
      domain: 'regulator.example',
      peers: [{ name: 'peer0', port: 7951 }],
    };
    const joining = (role: 'reader' | 'writer') => ({ organisation, channels: { calibration: role }, endorsement: {} });
    const joined = withOrganisation(parseConsortium(shipped), joining('reader'));
    assert.ok(joined.channels[0]?.readers.includes('regulator'));
    assert.throws(() => withOrganisation(parseConsortium(shipped), joining('writer')), { code: 'CONSORTIUM_INVALID' });
  });

  it('accepts a chaincode service that somebody else runs, with TLS or without', () => {
    for (const service of [
      { address: 'localhost:9999' },
      { address: '[::1]:9999', tls: { caFile: 'ca.pem' } },
      { address: 'cc.example:9999', tls: { caFile: 'ca.pem', certFile: 'client.pem', keyFile: 'client.key' } },
    ]) {
      const text = changed("{ package: '@tracecal/chaincode' }", JSON.stringify(service));
      assert.deepEqual(parseConsortium(text).chaincodes[0]?.service, service);
    }
  });

  it("accepts variables for a chaincode's processes", () => {
    const service = { package: '@tracecal/chaincode', environment: { TRACECAL_SITE: 'a', LIMIT: '5' } };
    const text = changed("{ package: '@tracecal/chaincode' }", JSON.stringify(service));
    assert.deepEqual(parseConsortium(text).chaincodes[0]?.service, service);
  });

  const wrong: readonly (readonly [what: string, from: string, to: string, reason: RegExp, at?: string])[] = [
    [
      'an unknown key',
      'mspId: NmiSouthMSP,',
      'mspId: NmiSouthMSP,\n      colour: red,',
      /organisations\[1\] has an unknown key "colour"/,
      'colour',
    ],
    ['a missing key', 'port: 7050,', '', /orderers\[0\]\.port is missing/],
    [
      'a version that YAML reads as a number',
      "version: '1.0'",
      'version: 1.0',
      /chaincodes\[0\]\.version must be text/,
      'version: 1.0',
    ],
    [
      'an unknown kind',
      'kind: LAB',
      'kind: SHOP',
      /kind must be one of NMI, ACCREDITATION_BODY, LAB, OEM, OPERATOR, MONITOR, OBSERVER/,
      'SHOP',
    ],
    [
      'a name that would leave its folder',
      'id: lab-alpha',
      'id: ../lab-alpha',
      /organisations\[3\]\.id must be/,
      '../lab-alpha',
    ],
    [
      'a member of a kind in a channel without a level',
      'level: monitoring, compartment: site-b',
      'compartment: site-b',
      /"monitor" is a writer of channel "monitoring-b" but of kind MONITOR: channels without a level are for members/,
    ],
    [
      'a member without a kind at a level',
      'kind: MONITOR,',
      '',
      /"monitor" is a reader of channel "calibration" but has no kind, which says what it may do at the calibration level/,
    ],
    ['a port taken twice', 'port: 7151', 'port: 7051', /port 7051 is taken already/],
    [
      'a host of one node alone',
      'port: 7151',
      'port: 7151, host: peer.nmi-south.example',
      /node "peer0" has no host, and others have one: give each node its host, or none/,
    ],
    [
      'a port taken twice on one host',
      'peers: [{ name: peer0, port: 7151 }]',
      'peers: [{ name: peer0, port: 7151, host: 10.0.0.1 }, { name: peer1, port: 7151, host: 10.0.0.1 }]',
      /port "10\.0\.0\.1:7151" is taken already/,
    ],
    ['an address to listen on without a host', 'port: 7151', 'port: 7151, listen: 0.0.0.0', /"peer0" needs a host/],
    [
      'a host that is an URL',
      'port: 7151',
      "port: 7151, host: 'https://nmi'",
      /host must be an IPv4 address or a DNS name/,
    ],
    ['a host that is nearly an address', 'port: 7151', 'port: 7151, host: 10.0.0.256', /host must be an IPv4 address/],
    [
      'a name to listen on',
      'port: 7151',
      'port: 7151, host: nmi.example, listen: nmi.example',
      /listen must be an IPv4/,
    ],
    ["an orderer's port that is a peer's", 'adminPort: 7053', 'adminPort: 7051', /port 7051 is taken already/],
    [
      'a port on which an orderer listens that is taken',
      'adminPort: 7053',
      'adminPort: 7053, listenPort: 7051',
      /port 7051 is taken already/,
    ],
    [
      'a port for operations that is taken',
      'adminPort: 7053',
      'adminPort: 7053, operationsPort: 7051',
      /port 7051 is taken already/,
    ],
    [
      'a port for operations that is taken on one host',
      'peers: [{ name: peer0, port: 7151 }]',
      'peers: [{ name: peer0, port: 7151, host: 10.0.0.1, operationsPort: 7151 }]',
      /port "10\.0\.0\.1:7151" is taken already/,
    ],
    ['a port for operations above 65535', 'port: 7151', 'port: 7151, operationsPort: 70000', /operationsPort must/],
    ['an MSP id taken twice', 'mspId: LabAlphaOrdererMSP', 'mspId: LabBetaMSP', /MSP id "LabBetaMSP" is taken already/],
    ['an organisation id taken twice', 'id: oem-b', 'id: oem-a', /organisation id "oem-a" is taken already/],
    ['a consenter id taken twice', 'consenterId: 4', 'consenterId: 3', /consenter id 3 is taken already/],
    [
      'a domain taken twice',
      'domain: oem-b.example',
      'domain: oem-a.example',
      /domain "oem-a.example" is taken already/,
    ],
    [
      'a member that runs two orderers',
      'runBy: lab-alpha',
      'runBy: nmi-east',
      /"nmi-east" runs a second orderer, "orderer4"/,
    ],
    [
      'an orderer that nobody known runs',
      'runBy: lab-alpha',
      'runBy: lab-x',
      /"lab-x" runs orderer "orderer4" but is not defined/,
      'lab-x',
    ],
    [
      'a former member that is a member',
      'runBy: lab-alpha',
      'runBy: lab-alpha,\n      formerMember: true',
      /"lab-alpha" is a member: remove formerMember from its orderer "orderer4"/,
      'runBy: lab-alpha',
    ],
    [
      'a channel member that is not defined',
      'writers: [nmi-north, nmi-south, nmi-east, lab-alpha, lab-beta]',
      'writers: [nmi-north, lab-x]',
      /organisation "lab-x" is a writer of channel "calibration" but is not defined/,
      'lab-x',
    ],
    [
      'a member that is writer and reader at once',
      'writers: [oem-a], readers: [monitor]',
      'writers: [oem-a], readers: [oem-a]',
      /"oem-a" is both a writer and a reader of channel "measurement-a"/,
      'readers: [oem-a]',
    ],
    [
      'a channel that nobody writes',
      'writers: [oem-b]',
      'writers: []',
      /channels\[2\]\.writers must name at least one/,
      'writers: []',
    ],
    [
      'a second calibration channel',
      'level: measurement, compartment: site-a',
      'level: calibration',
      /"measurement-a" is a second one/,
    ],
    [
      'no calibration channel',
      'level: calibration',
      'level: monitoring',
      /no channel is of level calibration/,
      'channels:',
    ],
    [
      'a write up',
      'writers: [nmi-north, nmi-south, nmi-east, lab-alpha, lab-beta],\n      readers: [oem-a, oem-b, monitor]',
      'writers: [nmi-north, oem-a],\n      readers: [oem-b, monitor]',
      /"oem-a" is a writer of channel "calibration" but of kind OEM.*no write up/,
      'writers: [nmi-north, oem-a]',
    ],
    [
      'a read down',
      'compartment: site-b, writers: [oem-b], readers: [monitor]',
      'compartment: site-b, writers: [oem-b], readers: [lab-beta]',
      /"lab-beta" is a reader of channel "measurement-b" but of kind LAB.*no read down/,
      'readers: [lab-beta]',
    ],
    [
      'a compartment with two channels',
      'compartment: site-b, writers: [oem-b]',
      'compartment: site-a, writers: [oem-b]',
      /compartment "site-a" of level measurement has a channel already/,
    ],
    [
      'a chaincode on an unknown channel',
      'channels: [calibration]',
      'channels: [calibrations]',
      /runs on channel "calibrations", which is not defined/,
      'calibrations]',
    ],
    [
      'a policy that names an unknown MSP',
      "OR('MonitorMSP.peer')",
      "OR('LabGammaMSP.peer')",
      /names "LabGammaMSP"/,
      'LabGammaMSP',
    ],
    [
      'a policy that counts what a reader endorses',
      "OR('MonitorMSP.peer')",
      "OR('MonitorMSP.peer', 'OemAMSP.peer')",
      /names "OemAMSP", which only reads channel "monitoring-a"; name organisations that write it/,
      "OR('MonitorMSP.peer', 'OemAMSP.peer')",
    ],
    [
      'a policy that counts a reader of one of several channels',
      "channels: [measurement-a, measurement-b]\n    version: '1.0'\n    sequence: 1\n    endorsement:\n      measurement-a: OR('OemAMSP.peer')\n      measurement-b: OR('OemBMSP.peer')",
      "channels: [measurement-a, monitoring-a]\n    version: '1.0'\n    sequence: 1\n    endorsement: OR('MonitorMSP.peer', 'OemAMSP.peer')",
      /names "MonitorMSP", which only reads channel "measurement-a"/,
      "OR('MonitorMSP.peer', 'OemAMSP.peer')",
    ],
    [
      "a collection's policy that counts what a reader endorses",
      "endorsement: OR('MonitorMSP.peer')",
      `endorsement: OR('MonitorMSP.peer')
    collections: [{ name: private, members: [monitor, oem-a], endorsement: "OR('OemAMSP.peer')" }]`,
      /names "OemAMSP", which only reads channel "monitoring-a"/,
      'name: private',
    ],
    [
      'a collection whose members are never together',
      "measurement-b: OR('OemBMSP.peer')\n",
      "measurement-b: OR('OemBMSP.peer')\n    collections: [{ name: shared, members: [oem-a, oem-b] }]\n",
      /none of its channels has all members of collection "shared", so it would exist on no channel/,
      'name: shared',
    ],
    ...['member', 'client', 'admin', 'orderer'].map(
      (role) =>
        [
          `a policy that counts what a ${role} signs`,
          "OR('MonitorMSP.peer')",
          `OR('MonitorMSP.${role}')`,
          /names roles other than the peers of "MonitorMSP"; only peers endorse: write 'MonitorMSP\.peer'/,
          `MonitorMSP.${role}`,
        ] as const,
    ),
    [
      'a policy that names an unknown role',
      "OR('MonitorMSP.peer')",
      "OR('MonitorMSP.boss')",
      /position 4: 'MonitorMSP.boss' is not <MSP id>.<member/,
    ],
    [
      'a policy with a parenthesis too many',
      "OR('MonitorMSP.peer')",
      "OutOf((1, 'MonitorMSP.peer')",
      /position 7: expected a number, found '\('/,
      'OutOf((',
    ],
    [
      'a policy with a function as Fabric does not spell it',
      "OR('Mon",
      "or('Mon",
      /'or' is not AND, OR or OutOf/,
      'or(',
    ],
    ['a policy that anybody fulfils', "OR('MonitorMSP", "OutOf(0, 'MonitorMSP", /asks for 0 endorsements/, 'OutOf(0'],
    ['a policy that nobody fulfils', "OR('MonitorMSP", "OutOf(2, 'MonitorMSP", /asks for 2 of 1 somewhere/, 'OutOf(2'],
    [
      "a policy that is not the channel's",
      "OR('MonitorMSP.peer')",
      '/Channel/Readers',
      /is the path of no policy for endorsements/,
      '/Channel/Readers',
    ],
    ...[
      "OutOf(1, 'NmiNorthMSP.peer', 'NmiSouthMSP.peer', 'NmiEastMSP.peer')",
      "OutOf(2, 'NmiNorthMSP.peer', 'NmiSouthMSP.peer', 'NmiEastMSP.peer')",
      "AND('LabAlphaMSP.peer', 'LabBetaMSP.peer')",
      '/Channel/Application/LifecycleEndorsement',
    ].map(
      (policy) =>
        [
          `a policy of its own on the calibration level: ${policy}`,
          'endorsement: /Channel/Application/Endorsement',
          `endorsement: ${JSON.stringify(policy)}`,
          /"calibration" is of the calibration level, where a majority of the NMIs must endorse.*: write \/Channel\/Application\/Endorsement/,
          `endorsement: ${JSON.stringify(policy)}`,
        ] as const,
    ),
    [
      'a collection with a policy of its own on the calibration level',
      'endorsement: /Channel/Application/Endorsement',
      `endorsement: /Channel/Application/Endorsement
    collections: [{ name: private, members: [lab-alpha, lab-beta], endorsement: "OR('LabAlphaMSP.peer')" }]`,
      /"calibration" is of the calibration level, where a majority of the NMIs must endorse/,
      'name: private',
    ],
    [
      'a calibration level without an NMI',
      'writers: [nmi-north, nmi-south, nmi-east, lab-alpha, lab-beta]',
      'writers: [lab-alpha, lab-beta]',
      /channel "calibration" has no NMI among its writers; .*: add at least one/,
      'writers: [lab-alpha, lab-beta]',
    ],
    [
      'an observer that writes',
      'kind: OEM',
      'kind: OBSERVER',
      /"oem-a" is a writer of channel "measurement-a" but of kind OBSERVER; at the measurement level only members of kind OEM or OPERATOR write/,
      'writers: [oem-a]',
    ],
    [
      'an OEM that writes what its monitor says',
      'writers: [monitor], readers: [oem-a]',
      'writers: [oem-a], readers: [monitor]',
      /"oem-a" is a writer of channel "monitoring-a" but of kind OEM; at the monitoring level only members of kind MONITOR write/,
      'level: monitoring, compartment: site-a',
    ],
    [
      'a monitor that writes what it looks at',
      'writers: [oem-a], readers: [monitor]',
      'writers: [monitor], readers: [oem-a]',
      /"monitor" is a writer of channel "measurement-a" but of kind MONITOR.*no write up/,
      'writers: [monitor], readers: [oem-a]',
    ],
    ['a policy with an unknown function', "OR('MonitorMSP", "ANY('MonitorMSP", /'ANY' is not AND, OR or OutOf/, 'ANY('],
    [
      'a service that is neither package nor address',
      "package: '@tracecal/chaincode'",
      'path: chaincode',
      /service must be either/,
    ],
    [
      'an address with a scheme',
      "package: '@tracecal/chaincode'",
      'address: "http://cc.example:9999"',
      /service\.address must be <host>:<port>/,
      'http:',
    ],
    [
      'an address whose port is none',
      "package: '@tracecal/chaincode'",
      'address: "cc.example:99999"',
      /service\.address must have a port of at most 65535/,
    ],
    [
      'a client certificate without its key',
      "service: { package: '@tracecal/chaincode' }",
      'service: { address: "a:1", tls: { caFile: ca, certFile: c } }',
      /service\.tls must have both certFile and keyFile/,
    ],
    [
      'a variable that would make a process take itself for another member',
      "{ package: '@tracecal/chaincode' }",
      "{ package: '@tracecal/chaincode', environment: { CORE_PEER_LOCALMSPID: LabAlphaMSP } }",
      /service\.environment\.CORE_PEER_LOCALMSPID is set by the network itself/,
    ],
    [
      'variables that are a list',
      "{ package: '@tracecal/chaincode' }",
      "{ package: '@tracecal/chaincode', environment: [LIMIT] }",
      /service\.environment must be a map of names and quoted texts/,
    ],
    [
      'a variable with a name that no shell would take',
      "{ package: '@tracecal/chaincode' }",
      "{ package: '@tracecal/chaincode', environment: { a-b: c } }",
      /service\.environment\.a-b must have a name of capitals/,
    ],
    [
      'a variable that is no text',
      "{ package: '@tracecal/chaincode' }",
      "{ package: '@tracecal/chaincode', environment: { LIMIT: 5 } }",
      /service\.environment\.LIMIT must be a quoted text/,
    ],
    [
      "a chaincode with the name of one of Fabric's own, which would be asked instead",
      '- name: measurement\n',
      '- name: qscc\n',
      /chaincodes\[1\]\.name must not be cscc, escc, lscc, qscc or vscc, which are Fabric's own/,
      '- name: qscc',
    ],
    [
      'a chaincode without a service, and what a service is',
      "    service: { package: '@tracecal/chaincode' }\n",
      '',
      /chaincodes\[0\]\.service is missing: it must be either \{ package: /,
    ],
    ['YAML that does not parse', 'name: tracecal', 'name: [tracecal', /is not valid YAML/],
    ['a key given twice', 'name: tracecal', 'name: tracecal\nname: other', /Map keys must be unique/],
  ];

  for (const [what, from, to, reason, at] of wrong) {
    it(`is refused with line and reason for ${what}`, () => {
      const text = changed(from, to);
      const error = refusal(text);
      assert.equal(error.code, 'CONSORTIUM_INVALID');
      const problem = error.problems.find((candidate) => reason.test(candidate.reason));
      assert.ok(problem, `expected ${String(reason)} in:\n${error.message}`);
      assert.ok(problem.line !== undefined);
      if (at !== undefined) assert.equal(problem.line, lineWith(text, at), error.message);
      assert.ok(error.message.includes(`consortium.yaml:${problem.line}: ${problem.reason}`));
    });
  }

  it('is told everything that is wrong at once, in the order of the lines', () => {
    const text = changed('country: DE', 'country: Germany').replace('level: monitoring', 'level: higher');
    const lines = refusal(text).problems.map(({ line }) => line ?? 0);
    assert.equal(lines.length, 2);
    assert.deepEqual(
      lines,
      [...lines].sort((a, b) => a - b),
    );
  });

  it('is refused if aliases would multiply it or nesting exhaust the stack', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]',
      'c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
      'd: [*c,*c,*c,*c]',
    ];
    refusal(bomb.join('\n'));
    for (const deep of ['[', '{a: ', '- ', '? ']) assert.match(refusal(deep.repeat(1000)).message, /nested more than/);
    const stairs = Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a:`);
    assert.match(refusal(stairs.join('\n')).message, /nested more than/);
    assert.match(refusal('#'.repeat(200_001)).message, /longer than/);
    refusal('');
  });

  it('names packages and keys by paths that count from its own folder, wherever it is read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tracecal-topology-'));
    try {
      const file = join(folder, 'mine.yaml');
      const serviceIn = (service: object): unknown => {
        writeFileSync(file, changed("{ package: '@tracecal/chaincode' }", JSON.stringify(service)));
        return readConsortium(file).chaincodes[0]?.service;
      };
      assert.deepEqual(serviceIn({ package: './mine' }), { package: join(folder, 'mine') });
      assert.deepEqual(serviceIn({ package: join(folder, 'mine') }), { package: join(folder, 'mine') });
      assert.deepEqual(serviceIn({ package: '@mine/package' }), { package: '@mine/package' });
      const tls = { caFile: 'ca.pem', certFile: '../client.pem', keyFile: '/keys/client.key' };
      assert.deepEqual(serviceIn({ address: 'localhost:9999', tls }), {
        address: 'localhost:9999',
        tls: {
          caFile: join(folder, 'ca.pem'),
          certFile: join(folder, '..', 'client.pem'),
          keyFile: '/keys/client.key',
        },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is looked for where the caller says, and its absence is said in a sentence', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tracecal-topology-'));
    try {
      const file = join(folder, 'mine.yaml');
      assert.throws(() => readConsortium(file), { code: 'CONSORTIUM_MISSING', message: /mine\.yaml: cannot be read/ });
      writeFileSync(file, changed('port: 7151', 'port: 7051'));
      assert.throws(() => readConsortium(file), { code: 'CONSORTIUM_INVALID', message: /^mine\.yaml:\d+: port 7051/ });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
