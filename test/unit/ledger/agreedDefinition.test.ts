import assert from 'node:assert/strict';
import { agreedDefinition, LIFECYCLE, stateKey, type StateRecord } from '@tracecal/ledger/validation';
import {
  ApplicationPolicy,
  ChaincodeEndorsementInfo,
  ChaincodeValidationInfo,
  CollectionConfigPackage,
  keyOf,
  NO_BYTES,
  StateData,
} from '@tracecal/ledger/wire';

const POLICY = ApplicationPolicy.encode({ channelConfigPolicyReference: '/Channel/Application/Endorsement' });

describe('The definition of a chaincode, as a channel agreed on it', () => {
  function stateOf(name: string, fields: Readonly<Record<string, Uint8Array>>) {
    const records = new Map(
      Object.entries(fields).map(([field, bytes]): [string, StateRecord] => [
        keyOf(stateKey(LIFECYCLE, `namespaces/fields/${name}/${field}`)),
        { version: { block: 1, transaction: 0 }, value: StateData.encode({ bytes }), metadata: NO_BYTES },
      ]),
    );
    return { record: (place: Uint8Array) => records.get(keyOf(place)) };
  }

  const agreed = {
    EndorsementInfo: ChaincodeEndorsementInfo.encode({ version: '1.1', endorsementPlugin: 'escc' }),
    ValidationInfo: ChaincodeValidationInfo.encode({ validationPlugin: 'vscc', validationParameter: POLICY }),
    Collections: CollectionConfigPackage.encode({
      config: [{ staticCollectionConfig: { name: 'north', memberOnlyRead: true, blockToLive: 3 } as never }],
    }),
  };

  it('has its policy and its collections', () => {
    const definition = agreedDefinition('registry', stateOf('registry', agreed));
    assert.ok(definition);
    assert.deepEqual(definition.endorsementPolicy, POLICY);
    assert.deepEqual(
      definition.collections.map(({ name, blockToLive }) => [name, blockToLive]),
      [['north', 3]],
    );
  });

  it('is that of no other chaincode, and there is none before members agreed', () => {
    const state = stateOf('registry', agreed);
    assert.equal(agreedDefinition('regis', state), undefined);
    assert.equal(
      agreedDefinition('registry', stateOf('registry', { ValidationInfo: agreed.ValidationInfo })),
      undefined,
    );
  });

  it('of the lifecycle itself is the policy of the channel', () => {
    const { endorsementPolicy } = agreedDefinition(LIFECYCLE, stateOf('registry', {}))!;
    const { channelConfigPolicyReference } = ApplicationPolicy.decode(endorsementPolicy);
    assert.equal(channelConfigPolicyReference, '/Channel/Application/LifecycleEndorsement');
  });

  it('is refused if a plugin validates it, whose rules nobody else knows', () => {
    const ValidationInfo = ChaincodeValidationInfo.encode({ validationPlugin: 'own', validationParameter: POLICY });
    assert.throws(() => agreedDefinition('registry', stateOf('registry', { ...agreed, ValidationInfo })), /plugin own/);
  });
});
