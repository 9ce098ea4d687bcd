import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { common } from '@hyperledger/fabric-protos';
import { msp } from '@hyperledger/fabric-protos';
import { ChannelError, parsePolicy, printApplicationPolicy, printPolicy } from '@tracecal/network/channel';
import { field } from '../../support/protobufField.js';
import { property } from '../../support/property.js';

const principals = (policy: common.SignaturePolicyEnvelope): string[] =>
  policy.getIdentitiesList().map((identity) => {
    const role = msp.MSPRole.deserializeBinary(identity.getPrincipal_asU8());
    return `${role.getMspIdentifier()}:${role.getRole()}`;
  });

describe('The signature policy language', () => {
  it('reads nested rules, roles and any depth of AND, OR and OutOf', () => {
    const policy = parsePolicy("OutOf(2, 'A.peer', AND('B.member', 'C.admin'), Or(\"D-1.x.client\"))");
    const rule = policy.getRule()!.getNOutOf()!;
    assert.equal(rule.getN(), 2);
    const [first, second, third] = rule.getRulesList();
    assert.equal(second!.getNOutOf()!.getN(), 2);
    assert.equal(third!.getNOutOf()!.getN(), 1);
    // Inner gates take their places first, as in Fabric's own reader.
    assert.deepEqual(principals(policy), ['B:0', 'C:1', 'D-1.x:2', 'A:3']);
    assert.equal(first!.getSignedBy(), 3);
  });

  it('is printed so that reading it again gives the same policy', () => {
    const principal = fc
      .tuple(fc.constantFrom('A', 'Lab-1', 'x.y'), fc.constantFrom('member', 'admin', 'client', 'peer', 'orderer'))
      .map(([mspId, role]) => `'${mspId}.${role}'`);
    const { policy } = fc.letrec<{ policy: string; part: string }>((tie) => ({
      policy: fc
        .tuple(fc.array(tie('part'), { minLength: 1, maxLength: 4 }), fc.nat({ max: 5 }))
        .map(([parts, n]) => `OutOf(${[Math.min(n, parts.length + 1), ...parts].join(',')})`),
      part: fc.oneof({ maxDepth: 3 }, principal, tie('policy')),
    }));
    property(policy, (text) => {
      const envelope = parsePolicy(text);
      assert.deepEqual(parsePolicy(printPolicy(envelope)).toObject(), envelope.toObject());
    });
  });

  it('is printed as deep as Fabric reads policies, without overflowing the stack', () => {
    const levels = 4900;
    let rule = field(1, 0);
    for (let level = 0; level < levels; level++) rule = field(2, Buffer.concat([field(1, 1), field(2, rule)]));
    const role = new msp.MSPRole();
    role.setMspIdentifier('A');
    const principal = new msp.MSPPrincipal();
    principal.setPrincipal(role.serializeBinary());
    const envelope = Buffer.concat([field(2, rule), field(3, principal.serializeBinary())]);
    assert.equal(printApplicationPolicy(field(1, envelope)), `${'OR('.repeat(levels)}'A.member'${')'.repeat(levels)}`);
  });

  it('is refused with the position of what is wrong', () => {
    const wrong: readonly [text: string, position: number][] = [
      ['', 1],
      ["'A.member'", 1],
      ["AND('A.member'", 15],
      ["AND('A.member',)", 16],
      ["AND('A.boss')", 5],
      ["or('A.member')", 1],
      ["aNd('A.member')", 1],
      ["OutOf('A.member')", 7],
      ["OutOf(3, 'A.member')", 1],
      ["OR('A.member') x", 16],
      ["OR('A.member', §)", 16],
      ['OR()', 4],
    ];
    for (const [text, position] of wrong) {
      assert.throws(
        () => parsePolicy(text),
        (error: unknown) =>
          error instanceof ChannelError &&
          error.code === 'BAD_POLICY' &&
          error.message.includes(`position ${position}:`),
        text,
      );
    }
  });

  it('survives any text with a coded error', () => {
    const words = fc.array(fc.constantFrom('AND', 'OutOf', '(', ')', ',', "'A.peer'", '2', ' ', '"', '\\', 'x'), {
      maxLength: 30,
    });
    property(words, (parts) => {
      try {
        parsePolicy(parts.join(''));
      } catch (error) {
        assert.ok(error instanceof ChannelError && error.code === 'BAD_POLICY', String(error));
      }
    });
    assert.throws(() => parsePolicy('OR('.repeat(20_000)), { code: 'BAD_POLICY' });
  });
});
