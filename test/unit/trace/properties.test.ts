import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson } from '@tracecal/chaincode/model';
import { AS_OF, twoCountries } from '../../support/hierarchy.js';
import { naiveStatus } from '../../support/naiveTrace.js';
import { asyncProperty } from '../../support/property.js';
import { build, plans } from '../../support/randomHierarchy.js';

describe('traceCal on random hierarchies', () => {
  it('agrees with a naive reading of the rules, whatever is broken', async function () {
    this.timeout(1_200_000);
    const seen = new Map<string, number>();
    await asyncProperty(
      plans,
      async (plan) => {
        const { hierarchy, devices } = await build(plan);
        for (const device of devices) {
          const verdict = await hierarchy.trace(device);
          assert.equal(verdict.status, naiveStatus(hierarchy, device, AS_OF), `${device}: ${verdict.reason}`);
          seen.set(verdict.status, (seen.get(verdict.status) ?? 0) + 1);
        }
      },
      60,
    );
    assert.deepEqual(
      [...seen.keys()].sort(),
      ['ATTESTED', 'FAILED', 'INCOMPLETE', 'TRACEABLE'],
      'every status occurred',
    );
  });

  it('says the same again, byte for byte', async () => {
    await asyncProperty(
      plans,
      async (plan) => {
        const { hierarchy, devices } = await build(plan);
        const last = devices.at(-1) ?? '';
        const [once, again] = [await hierarchy.trace(last), await hierarchy.trace(last)];
        assert.equal(canonicalJson(once), canonicalJson(again));
      },
      40,
    );
  });

  it('turns TRACEABLE into FAILED for any single change of any signed byte', async () => {
    const hierarchy = await twoCountries();
    const reports = ['sensor-a-r1', 'working-a-r1', 'reference-a-r1', 'primary-a-r1'];
    const change = fc.record({
      report: fc.constantFrom(...reports),
      part: fc.constantFrom('payload', 'protected', 'signature', 'technician', 'device', 'organisation' as const),
      signature: fc.nat({ max: 1 }),
      at: fc.nat(),
      flip: fc.integer({ min: 1, max: 255 }),
    });
    await asyncProperty(change, async ({ report, part, signature, at, flip }) => {
      const [devices, organisations] = [new Map(hierarchy.devices), new Map(hierarchy.organisations)];
      const device = hierarchy.payloadOf(report).device;
      const file = hierarchy.devices.get(device)!;
      const flipped = (text: string, encoding: 'base64' | 'base64url') => {
        const bytes = Buffer.from(text, encoding);
        const position = at % bytes.length;
        bytes[position] = bytes[position]! ^ flip;
        return bytes.toString(encoding);
      };
      if (part === 'device') {
        const certificate = flipped(file.device.certificate, 'base64');
        hierarchy.devices.set(device, { ...file, device: { ...file.device, certificate } });
      } else if (part === 'organisation') {
        const lab = hierarchy.organisations.get('lab-alpha')!;
        const certificate = flipped(lab.organisation.certificate, 'base64');
        hierarchy.organisations.set('lab-alpha', { ...lab, organisation: { ...lab.organisation, certificate } });
      } else {
        hierarchy.changeReport(report, (old) => {
          if (part === 'technician') {
            return { ...old, technicianCertificate: flipped(old.technicianCertificate, 'base64') };
          }
          if (part === 'payload') {
            return { ...old, jws: { ...old.jws, payload: flipped(old.jws.payload, 'base64url') } };
          }
          const which = signature % old.jws.signatures.length;
          const signatures = old.jws.signatures.map((entry, index) =>
            index === which ? { ...entry, [part]: flipped(entry[part], 'base64url') } : entry,
          );
          return { ...old, jws: { ...old.jws, signatures } };
        });
      }
      const { status } = await hierarchy.trace('sensor-a');
      for (const [id, before] of devices) hierarchy.devices.set(id, before);
      for (const [id, before] of organisations) hierarchy.organisations.set(id, before);
      assert.equal(status, 'FAILED');
      assert.equal((await hierarchy.trace('sensor-a')).status, 'TRACEABLE');
    });
  });
});
