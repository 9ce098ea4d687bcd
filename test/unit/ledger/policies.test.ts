import assert from 'node:assert/strict';
import fc from 'fast-check';
import { common, msp, peer } from '@hyperledger/fabric-protos';
import { parsePolicy, printPolicy } from '@tracecal/network/channel';
import { accessFromBlock } from '@tracecal/ledger/block';
import { accessFromConfig, type ChannelAccess } from '@tracecal/ledger/policy';
import { property } from '../../support/property.js';
import { TestChannel, TestOrganisation, type Person } from './testChannel.js';

const APPLICATION = '/Channel/Application';

interface Staff {
  readonly organisation: TestOrganisation;
  readonly client: Person;
  readonly peer: Person;
  readonly admin: Person;
}

async function staff(mspId: string): Promise<Staff> {
  const organisation = await TestOrganisation.make(mspId);
  const [client, peerNode, admin] = await Promise.all(
    (['client', 'peer', 'admin'] as const).map((role) => organisation.person(role)),
  );
  return { organisation, client: client!, peer: peerNode!, admin: admin! };
}

describe('The policies of a channel', () => {
  let channel: TestChannel;
  let a: Staff, b: Staff, c: Staff, reader: Staff;
  let access: ChannelAccess;

  before(async () => {
    [channel, a, b, c, reader] = await Promise.all([
      TestChannel.make(),
      staff('AMSP'),
      staff('BMSP'),
      staff('CMSP'),
      staff('ReaderMSP'),
    ]);
    access = accessFromBlock(
      channel.block([a.organisation, b.organisation, c.organisation], [reader.organisation]).serializeBinary(),
    );
  });

  const holds = (path: string, ...people: readonly Person[]): boolean =>
    access.satisfies(
      path,
      people.map((person) => person.signs()),
    ).satisfied;

  const satisfies = (policy: string, ...people: readonly Person[]): boolean =>
    access.satisfiesSignaturePolicy(
      parsePolicy(policy).serializeBinary(),
      people.map((person) => person.signs()),
    ).satisfied;

  it('let a reader evaluate and not write, its admin included', () => {
    for (const person of [reader.client, reader.peer, reader.admin])
      assert.ok(holds(access.policyFor('peer/Propose'), person));
    assert.ok(holds('/Channel/Writers', a.client));
    assert.ok(!holds('/Channel/Writers', reader.client));
    assert.ok(!holds('/Channel/Writers', reader.peer));
    assert.ok(!holds('/Channel/Writers', reader.admin));
    assert.ok(!holds(`${APPLICATION}/Writers`, reader.admin));
    assert.ok(holds('/Channel/Writers', channel.ordererNode));
  });

  it('ask more than half of the writers to endorse and to administer, and count no reader', () => {
    assert.ok(holds(`${APPLICATION}/Endorsement`, a.peer, b.peer));
    assert.ok(!holds(`${APPLICATION}/Endorsement`, a.peer, reader.peer));
    assert.ok(!holds(`${APPLICATION}/Endorsement`, a.peer, b.client));
    assert.ok(holds(`${APPLICATION}/Admins`, a.admin, c.admin));
    assert.ok(!holds(`${APPLICATION}/Admins`, a.admin, reader.admin));
  });

  it('over the groups below need the named number of them', async () => {
    const ordererAdmin = await channel.ordering.person('admin');
    assert.ok(holds('/Channel/Admins', a.admin, b.admin, ordererAdmin));
    assert.ok(!holds('/Channel/Admins', a.admin, b.admin));
    const outcome = access.satisfies('/Channel/Admins', [a.admin.signs(), b.admin.signs()]);
    assert.match(
      outcome.satisfied ? '' : outcome.why,
      /1 sub-policies were satisfied, but this policy requires 2 of the 'Admins'/,
    );
  });

  it('count nobody twice, nor a signature that is not valid', () => {
    assert.ok(!satisfies("AND('AMSP.peer', 'AMSP.peer')", a.peer, a.peer));
    const forged = { ...a.peer.signs(), signature: b.peer.signs().signature };
    assert.ok(!access.satisfies(`${APPLICATION}/Endorsement`, [forged, b.peer.signs()]).satisfied);
    // A bad signature does not spoil a good one by the same person.
    assert.ok(access.satisfies(`${APPLICATION}/Endorsement`, [forged, a.peer.signs(), b.peer.signs()]).satisfied);
  });

  it('use a signature for one principal only, in the order that Fabric tries them', () => {
    assert.ok(satisfies("AND('AMSP.member', 'AMSP.admin')", a.peer, a.admin));
    assert.ok(!satisfies("AND('AMSP.member', 'AMSP.admin')", a.admin));
    // Greedy, as Fabric: the admin is spent on "member" when it comes first.
    assert.ok(!satisfies("AND('AMSP.member', 'AMSP.admin')", a.admin, a.peer));
    assert.ok(satisfies("OutOf(0, 'AMSP.peer')"));
    assert.ok(!satisfies("OutOf(2, 'AMSP.peer')", a.peer));
  });

  it('that do not exist or make no sense are satisfied by nobody', () => {
    for (const path of ['', '/', '/Channel/Nowhere/Writers', 'Writers2', '/Application/Writers']) {
      const outcome = access.satisfies(path, [a.admin.signs()]);
      assert.deepEqual(outcome, { satisfied: false, why: `no such policy: '${path}'` });
    }
    assert.ok(holds('Application/Writers', a.client));
    property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const outcomes = [access.satisfiesSignaturePolicy(bytes, []), access.satisfiesApplicationPolicy(bytes, [])];
      // Bytes that happen to say "none of nobody" are a policy like any other.
      const needsNobody = access.layouts(bytes).some((layout) => layout.length === 0);
      if (!needsNobody) assert.equal(outcomes[0]!.satisfied, false);
    });
    for (const required of [2, 2 ** 31 - 1]) {
      const endless = parsePolicy("OR('AMSP.admin')");
      endless.getRule()!.getNOutOf()!.setN(required);
      assert.equal(access.satisfiesSignaturePolicy(endless.serializeBinary(), [a.admin.signs()]).satisfied, false);
      assert.deepEqual(access.layouts(endless.serializeBinary()), []);
    }
    const later = parsePolicy("OR('AMSP.admin')");
    later.setVersion(1);
    assert.equal(access.satisfiesSignaturePolicy(later.serializeBinary(), [a.admin.signs()]).satisfied, false);
  });

  it('are evaluated however deep or wide they are, as Fabric does', () => {
    const policyOf = (rule: common.SignaturePolicy, identities: readonly msp.MSPPrincipal[]): Uint8Array => {
      const envelope = new common.SignaturePolicyEnvelope();
      envelope.setRule(rule);
      envelope.setIdentitiesList([...identities]);
      return envelope.serializeBinary();
    };
    const [peers = assert.fail(), admins = assert.fail()] = parsePolicy(
      "AND('AMSP.peer', 'AMSP.admin')",
    ).getIdentitiesList();
    const signedBy = (position: number) => {
      const rule = new common.SignaturePolicy();
      rule.setSignedBy(position);
      return rule;
    };
    const gate = (n: number, rules: common.SignaturePolicy[]) => {
      const nOutOf = new common.SignaturePolicy.NOutOf();
      nOutOf.setN(n);
      nOutOf.setRulesList(rules);
      const rule = new common.SignaturePolicy();
      rule.setNOutOf(nOutOf);
      return rule;
    };
    const holdsFor = (bytes: Uint8Array, ...signers: readonly Person[]) =>
      access.satisfiesSignaturePolicy(
        bytes,
        signers.map((signer) => signer.signs()),
      ).satisfied;
    for (const [rule, identities, expected] of [
      [
        gate(
          20_000,
          Array.from({ length: 20_000 }, () => gate(1, [signedBy(0)])),
        ),
        [peers],
        false,
      ],
      [
        gate(
          1,
          Array.from({ length: 20_000 }, (_, place) => signedBy(place === 19_999 ? 0 : 1)),
        ),
        [peers, admins],
        true,
      ],
    ] as const) {
      assert.equal(holdsFor(policyOf(rule, identities), a.peer), expected);
    }
    let chain = signedBy(0);
    for (let depth = 0; depth < 200; depth++) chain = gate(1, [chain]);
    assert.deepEqual(
      [holdsFor(policyOf(chain, [peers]), a.peer), holdsFor(policyOf(chain, [peers]), b.peer)],
      [true, false],
    );
    assert.deepEqual(access.layouts(policyOf(chain, [peers])), [['AMSP']]);
    let combined = peers;
    for (let depth = 0; depth < 200; depth++) {
      const parts = new msp.CombinedPrincipal();
      parts.setPrincipalsList(depth === 100 ? [combined, peers] : [combined]);
      combined = new msp.MSPPrincipal();
      combined.setPrincipalClassification(msp.MSPPrincipal.Classification.COMBINED);
      combined.setPrincipal(parts.serializeBinary());
    }
    const [of, both] = [
      policyOf(signedBy(0), [combined]),
      policyOf(gate(2, [signedBy(0), signedBy(1)]), [combined, admins]),
    ];
    assert.deepEqual(
      [holdsFor(of, a.peer), holdsFor(of, a.admin), holdsFor(both, a.peer, a.admin), holdsFor(both, a.peer)],
      [true, false, true, false],
    );
  });

  it('are found for a resource in the ACLs of the channel, or else in those of Fabric', () => {
    assert.equal(access.policyFor('peer/Propose'), `${APPLICATION}/Readers`);
    assert.equal(access.policyFor('lscc/GetChaincodeData'), `${APPLICATION}/Readers`);
    assert.equal(access.policyFor('constructor'), '');
    const plain = accessFromBlock(
      channel.block([a.organisation], [], { ...channel.template, acls: {} }).serializeBinary(),
    );
    assert.equal(plain.policyFor('peer/Propose'), `${APPLICATION}/Writers`);
    assert.equal(plain.policyFor('event/Block'), `${APPLICATION}/Readers`);
  });

  it('can stand for the endorsement policy of a chaincode', () => {
    const reference = new peer.ApplicationPolicy();
    reference.setChannelConfigPolicyReference('/Channel/Admins');
    const bytes = reference.serializeBinary();
    const unfolded = access.signaturePolicyOf(bytes);
    assert.equal(
      printPolicy(common.SignaturePolicyEnvelope.deserializeBinary(unfolded)),
      "AND(OutOf(2, 'AMSP.admin', 'BMSP.admin', 'CMSP.admin'), OR('OrdererMSP.admin'))",
    );
    assert.ok(!access.satisfiesApplicationPolicy(bytes, [a.admin.signs()]).satisfied);
    const own = new peer.ApplicationPolicy();
    own.setSignaturePolicy(parsePolicy("OR('AMSP.admin')"));
    assert.ok(access.satisfiesApplicationPolicy(own.serializeBinary(), [a.admin.signs()]).satisfied);
    assert.deepEqual(access.layouts(access.signaturePolicyOf(own.serializeBinary())), []);
    assert.throws(() => access.signaturePolicyOf(new Uint8Array()), { code: 'MALFORMED_CONFIG' });
  });
});

describe('Endorsement layouts', () => {
  let access: ChannelAccess;
  const layouts = (policy: string): readonly (readonly string[])[] =>
    access.layouts(parsePolicy(policy).serializeBinary());

  before(async () => {
    access = accessFromBlock((await TestChannel.make()).block([await TestOrganisation.make('AMSP')]).serializeBinary());
  });

  it('are the smallest sets of organisations whose peers satisfy the policy', () => {
    assert.deepEqual(layouts("OutOf(2, 'A.peer', 'B.peer', 'C.peer')"), [
      ['A', 'B'],
      ['A', 'C'],
      ['B', 'C'],
    ]);
    assert.deepEqual(layouts("OR('A.peer', AND('A.member', 'B.peer'), AND('C.peer', 'B.peer'))"), [['A'], ['B', 'C']]);
    assert.deepEqual(layouts("AND('A.peer', 'A.peer')"), [['A', 'A']]);
    assert.deepEqual(layouts("AND('A.peer', 'B.admin')"), []);
    assert.deepEqual(layouts("OutOf(0, 'A.peer')"), [[]]);
  });

  it('of a policy with a million combinations come quickly', () => {
    const principals = Array.from({ length: 24 }, (_, index) => `'M${index}.peer'`).join(', ');
    const found = layouts(`OutOf(12, ${principals})`);
    assert.ok(found.length > 0 && found.every((layout) => layout.length === 12));
  });

  it('satisfy the policy and do so no longer without any of their members', () => {
    const principal = fc.constantFrom('A', 'B', 'C', 'D').map((mspId) => ({ text: `'${mspId}.peer'`, needs: [mspId] }));
    const rule = fc.letrec<{ rule: string; part: string }>((tie) => ({
      part: fc.oneof(
        { maxDepth: 1 },
        principal.map(({ text }) => text),
        tie('rule'),
      ),
      rule: fc
        .array(tie('part'), { minLength: 1, maxLength: 3 })
        .chain((parts) => fc.integer({ min: 1, max: parts.length }).map((n) => `OutOf(${[n, ...parts].join(', ')})`)),
    })).rule;
    property(rule, (text) => {
      const policy = parsePolicy(text).getRule()!;
      const mspOf = parsePolicy(text)
        .getIdentitiesList()
        .map((identity) => Buffer.from(identity.getPrincipal_asU8()).toString('latin1')[2]!);
      for (const layout of layouts(text)) {
        assert.ok(enough(policy, mspOf, layout), `${text} by ${layout.join()}`);
        layout.forEach((_, index) => {
          assert.ok(!enough(policy, mspOf, layout.toSpliced(index, 1)), `${text} by less than ${layout.join()}`);
        });
      }
    });
  });
});

/** A naive reading: whether the peers (one a name) can be handed out so that the rule holds. */
function enough(rule: common.SignaturePolicy, mspOf: readonly string[], available: readonly string[]): boolean {
  return waysToSatisfy(rule, mspOf, available).length > 0;
}

/** What may be left of the peers once the rule holds. */
function waysToSatisfy(
  rule: common.SignaturePolicy,
  mspOf: readonly string[],
  available: readonly string[],
): (readonly string[])[] {
  const group = rule.getNOutOf();
  if (group === undefined) {
    const index = available.indexOf(mspOf[rule.getSignedBy()]!);
    return index < 0 ? [] : [available.toSpliced(index, 1)];
  }
  let states: { count: number; left: readonly string[] }[] = [{ count: 0, left: available }];
  for (const inner of group.getRulesList()) {
    states = states.flatMap(({ count, left }) => [
      { count, left },
      ...waysToSatisfy(inner, mspOf, left).map((rest) => ({ count: count + 1, left: rest })),
    ]);
    states = [...new Map(states.map((state) => [`${state.count} ${state.left.join()}`, state])).values()];
  }
  return states.filter(({ count }) => count >= group.getN()).map(({ left }) => left);
}

describe('A configuration', () => {
  it('gives the organisations, the limits of a block and the sequence', async () => {
    const channel = await TestChannel.make();
    const access = accessFromBlock(
      channel.block([await TestOrganisation.make('BMSP')], [await TestOrganisation.make('AMSP')]).serializeBinary(),
    );
    assert.equal(access.channelId, 'test-channel');
    assert.deepEqual(access.applicationMsps, ['AMSP', 'BMSP']);
    assert.deepEqual(access.batch, {
      maxMessages: 10,
      timeoutMs: 250,
      maxBytes: 10 * 1024 * 1024,
      preferredMaxBytes: 2 * 1024 * 1024,
    });
  });

  it('that Fabric would refuse is refused with a code, wherever it is cut', async () => {
    const channel = await TestChannel.make();
    const block = channel.block([await TestOrganisation.make('AMSP')]);
    assert.throws(() => accessFromBlock(new common.Block().serializeBinary()), { code: 'MALFORMED_CONFIG' });
    assert.throws(() => accessFromConfig('x', new Uint8Array()), { code: 'MALFORMED_CONFIG' });
    const data = block.getData()!.getDataList_asU8()[0]!;
    for (let length = 0; length < data.length; length += 211) {
      const cut = block.clone();
      cut.getData()!.setDataList([data.slice(0, length)]);
      assert.throws(() => accessFromBlock(cut.serializeBinary()), { code: 'MALFORMED_CONFIG' });
    }
  });

  it('whose organisation has no usable CA is refused, naming the MSP', async () => {
    const channel = await TestChannel.make();
    const lab = await TestOrganisation.make('AMSP');
    const leaf = (await lab.person('peer')).certificate;
    for (const extra of [
      { rootCerts: [] },
      { rootCerts: ['garbage'] },
      { rootCerts: [leaf] },
      { revocationList: ['garbage'] },
    ]) {
      lab.extra = extra;
      assert.throws(() => accessFromBlock(channel.block([lab]).serializeBinary()), {
        code: 'MALFORMED_CONFIG',
        message: /AMSP/,
      });
    }
  });
});
