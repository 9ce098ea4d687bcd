import assert from 'node:assert/strict';
import { join } from 'node:path';
import { connect } from '@tracecal/gateway-client';
import type { TraceCal } from '@tracecal/gateway-client';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import type { Consortium } from '@tracecal/network/topology';
import { golden, GOLDEN_VERSIONS } from '../golden/fixtures.js';
import type { Golden } from '../golden/fixtures.js';
import { registerLater } from '../golden/laterReport.js';
import { asMember } from '../support/application.js';
import type { Application } from '../support/application.js';
import { engineName, selectedEngine } from '../support/engine.js';
import type { EngineNetwork } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { REGISTRY, startedFor } from '../support/registryNetwork.js';

/** Writes the golden ledger as it is: no other chaincode of an earlier version need be kept. */
const LOADER = join(__dirname, '..', '..', 'support', 'chaincode-loader');
const MEMBERS = ['nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha'];
const RECORDS_A_TRANSACTION = 250;
const PATIENCE_MS = 20_000;

/** The calibration level of the sample consortium alone, on which another chaincode stands for the registry. */
function consortiumOfTheLoader(): Consortium {
  const { organisations, channels, chaincodes, ...rest } = readConsortium(defaultConsortiumFile());
  return {
    ...rest,
    organisations: organisations.filter(({ id }) => MEMBERS.includes(id)),
    channels: channels
      .filter(({ name }) => name === REGISTRY.channel)
      .map((channel) => ({ ...channel, writers: MEMBERS, readers: [] })),
    chaincodes: chaincodes
      .filter(({ name }) => name === REGISTRY.chaincode)
      .map((chaincode) => ({ ...chaincode, service: { package: LOADER } })),
  };
}

for (const version of GOLDEN_VERSIONS) {
  describe(`A live network that holds the golden ledger ${version} [${engineName}]`, function () {
    this.timeout(240_000);

    let kept: Golden;
    let network: EngineNetwork;

    before(async () => {
      kept = golden(version);
      const started = startedFor({ foundingDigest: kept.founding });
      network = await (await selectedEngine()).start(consortiumOfTheLoader(), started);
      await as('nmi-north', async (application) => {
        const records = [...kept.state];
        for (let from = 0; from < records.length; from += RECORDS_A_TRANSACTION) {
          const some = JSON.stringify(records.slice(from, from + RECORDS_A_TRANSACTION));
          await registryOf(application).submitTransaction('load', some);
        }
      });
    });

    after(async () => {
      await (network as EngineNetwork | undefined)?.stop();
    });

    function as<T>(member: string, act: (application: Application) => Promise<T>): Promise<T> {
      return asMember(network, member, act);
    }

    const registryOf = (application: Application) => application.contract(REGISTRY.chaincode, REGISTRY.channel);

    async function verdictOf(
      application: Application,
      { device, options }: Golden['verdicts'][number],
    ): Promise<string> {
      const answer = await registryOf(application).evaluateTransaction('traceCal', device, JSON.stringify(options));
      return Buffer.from(answer).toString('utf8');
    }

    it('is upgraded to this registry, as `tracecal chaincode upgrade` does it', async () => {
      const [loader] = network.consortium.chaincodes;
      const { changed, deployment } = await network.upgrade({
        ...loader!,
        version: '2.0',
        service: { package: '@tracecal/chaincode' },
      });
      assert.deepEqual([changed, deployment.version, deployment.sequence], [true, '2.0', 2]);
    });

    it('gives every golden verdict at one member, byte for byte', async () => {
      await as('nmi-north', async (application) => {
        for (const question of kept.verdicts) {
          assert.equal(await verdictOf(application, question), question.verdict, JSON.stringify(question.options));
        }
      });
    });

    it('gives the same at the others', async () => {
      const [first] = kept.verdicts.filter(({ device }) => device === 'oem-a/sensor-a');
      for (const member of MEMBERS) {
        await eventually(
          () =>
            as(member, async (application) => {
              assert.equal(await verdictOf(application, first!), first!.verdict, member);
            }),
          PATIENCE_MS,
        );
      }
    });

    it('takes a new device and its calibration with a golden standard', async () => {
      const member = await memberOf('lab-alpha');
      try {
        const device = await registerLater(member, kept.transactions);
        const verdict = await member.traceCal(device);
        assert.equal(verdict.status, 'TRACEABLE', verdict.reason);
        assert.deepEqual([verdict.levels, verdict.roots.map(({ organisation }) => organisation)], [4, ['nmi-north']]);
      } finally {
        member.close();
      }
    });

    it('still gives the golden verdicts then, since nothing was overwritten', async () => {
      await as('lab-alpha', async (application) => {
        for (const question of kept.verdicts.slice(0, 10)) {
          assert.equal(await verdictOf(application, question), question.verdict, question.device);
        }
      });
    });

    function memberOf(organisation: string): Promise<TraceCal> {
      return connect(network.organisations.find(({ id }) => id === organisation)!.profile);
    }
  });
}
