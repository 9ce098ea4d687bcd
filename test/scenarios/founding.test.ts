import assert from 'node:assert/strict';
import { TraceCalError } from '@tracecal/gateway-client';
import { Application, credentialsOf } from '../support/application.js';
import { engineName } from '../support/engine.js';
import { failureOf } from '../support/failure.js';
import { Hierarchy, mspIdOf, presentDates, type Item } from '../support/hierarchy.js';
import { REGISTRY, RegistryNetwork } from '../support/registryNetwork.js';

const INSTITUTES = ['nmi-north', 'nmi-south', 'nmi-east'];
const WRITERS = [...INSTITUTES, 'lab-alpha', 'lab-beta'];

describe(`The founding of a registry [${engineName}]`, function () {
  this.timeout(240_000);

  const dates = presentDates();
  const hierarchy = new Hierarchy(undefined, dates);
  let founding: Item;
  let registry: RegistryNetwork;

  before(async () => {
    founding = await hierarchy.found({ institutes: INSTITUTES });
    registry = await RegistryNetwork.start(hierarchy);
  });

  after(async () => {
    await (registry as RegistryNetwork | undefined)?.stop();
  });

  /** How the registry refuses a founding that somebody submits. */
  async function refusalOf(item: Item, by: string): Promise<TraceCalError> {
    const member = await registry.as(by);
    const error: unknown = await member.found(item).then(
      () => assert.fail(`${by} founded the registry`),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof TraceCalError, String(error));
    return error;
  }

  const foundingOf = (institutes: readonly string[]): Promise<Item> =>
    new Hierarchy(undefined, dates).found({ institutes });

  it('by a stranger who comes first, under an id of their own, is refused for any member', async () => {
    const strange = await foundingOf(['nmi-false']);
    for (const member of WRITERS) {
      const { code, message } = await refusalOf(strange, member);
      assert.equal(code, 'WRONG_REGISTRY', member);
      assert.match(message, /started for another founding/);
    }
  });

  it("by a stranger who comes first is executed by no institute's peer, not even one alone", async () => {
    const strange = JSON.stringify({ items: [await foundingOf(['nmi-false'])] });
    const application = new Application(registry.network, 'lab-alpha');
    try {
      for (const institute of INSTITUTES) {
        const alone = { arguments: [strange], endorsingOrganizations: [mspIdOf(institute)] };
        const contract = application.contract(REGISTRY.chaincode, REGISTRY.channel);
        const { text } = await failureOf(contract.newProposal('found', alone).endorse());
        assert.match(text, /WRONG_REGISTRY/, institute);
      }
    } finally {
      application.close();
    }
  });

  it('by some of the institutes without the others is refused', async () => {
    const { code } = await refusalOf(await foundingOf(['nmi-north', 'nmi-south']), 'nmi-north');
    assert.equal(code, 'WRONG_REGISTRY');
  });

  it('with another policy than the services were started with is refused', async () => {
    const lax = await new Hierarchy(undefined, dates).found({
      institutes: INSTITUTES,
      policy: { transcriptionDays: 3650 },
    });
    assert.equal((await refusalOf(lax, 'nmi-north')).code, 'WRONG_REGISTRY');
  });

  it('that one of the founders has not signed is refused, even with the right digest', async () => {
    const signers = ['organisation:nmi-north', 'organisation:nmi-south'];
    const unsigned = { ...founding, statement: hierarchy.changed(founding.statement, {}, signers) };
    assert.equal((await refusalOf(unsigned, 'nmi-north')).code, 'SIGNATURE_INVALID');
  });

  it('by a client of those who only read is refused by the orderers', async () => {
    for (const reader of ['oem-a', 'monitor']) {
      const application = new Application(registry.network, reader, {
        credentials: credentialsOf(registry.network, reader),
      });
      try {
        const contract = application.contract(REGISTRY.chaincode, REGISTRY.channel);
        const failure = await failureOf(contract.submitTransaction('found', JSON.stringify({ items: [founding] })));
        assert.equal(failure.name, 'SubmitError', failure.text);
        assert.match(failure.text, /FORBIDDEN|implicit policy evaluation failed|signature set did not satisfy/);
      } finally {
        application.close();
      }
    }
  });

  it('leaves the registry empty as long as it is refused', async () => {
    await assert.rejects((await registry.as('nmi-north')).getRegistry(), { code: 'NOT_FOUND' });
    const early = await hierarchy.addOrganisation({ id: 'lab-alpha', kind: 'LAB', certifiedBy: 'nmi-north' });
    await assert.rejects(registry.submit(early), { code: 'NOT_FOUND', message: /not founded yet/ });
  });

  it('that the services were started with is registered, whoever submits it', async () => {
    await (await registry.as('lab-beta')).found(founding);
    const { founding: digest, institutes } = await (await registry.as('lab-beta')).getRegistry();
    assert.equal(digest, hierarchy.foundingDigest);
    assert.deepEqual(
      institutes.map(({ id }) => id),
      INSTITUTES,
    );
  });

  it('is registered once', async () => {
    const { code, message } = await refusalOf(founding, 'lab-beta');
    assert.equal(code, 'ALREADY_EXISTS');
    assert.match(message, /founded already/);
    assert.equal((await refusalOf(await foundingOf(['nmi-false']), 'lab-beta')).code, 'ALREADY_EXISTS');
  });
});
