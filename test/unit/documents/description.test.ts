import assert from 'node:assert/strict';
import { textOf } from '../../support/pages.js';

/** The names of the members of an interface, as the page of the API lists them. */
function membersOf(api: string, name: string): readonly string[] {
  const body = new RegExp(`^interface ${name} (?:extends \\w+ )?\\{$(.*?)^\\}$`, 'ms').exec(api)?.[1];
  assert.ok(body !== undefined, name);
  return [...body.matchAll(/readonly (\w+)\??:/g)].map(([, member = '']) => member);
}

describe('The page about the description of a consortium', () => {
  const page = textOf('test-network-config/README.md');
  const api = textOf('docs/api/network.md');

  for (const part of [
    'Consortium',
    'MemberOrganisation',
    'NodeLocation',
    'PeerNode',
    'ClientUser',
    'OrdererNode',
    'Channel',
    'ChaincodeDeployment',
    'OwnService',
    'ServiceTls',
    'PrivateCollection',
    'Firewall',
    'Zone',
    'FirewallException',
  ]) {
    it(`says what each key is for: ${part}`, () => {
      const keys = membersOf(api, part);
      assert.ok(keys.length > 1);
      assert.deepEqual(
        keys.filter((key) => !page.includes(`\`${key}\``)),
        [],
      );
    });
  }
});
