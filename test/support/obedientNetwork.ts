import assert from 'node:assert/strict';
import type { Controllable } from '@tracecal/network/control';
import { defaultConsortiumFile, readConsortium, type ChaincodeDeployment } from '@tracecal/network/topology';

/** A network that takes note of what is asked of it, and has no orderer. */
export class ObedientNetwork implements Controllable {
  readonly organisations = [];
  readonly supervised = [{ name: 'peer0.lab-alpha.example', pid: 4711, restarts: 1, lastEnd: 'SIGKILL, today' }];
  readonly done: string[] = [];

  rotateAuthority: Controllable['rotateAuthority'] = (organisation, authority) => {
    this.done.push(`${authority} of ${organisation}`);
    return Promise.resolve();
  };

  rotateOrderer(name: string): Promise<void> {
    this.done.push(name);
    return Promise.reject(Object.assign(new Error(`no orderer ${name}`), { code: 'ROTATION_REFUSED' }));
  }

  reconfigure: Controllable['reconfigure'] = (consortium, _how, committed) => {
    this.done.push(`members ${consortium.organisations.map(({ id }) => id).join(' ')}`);
    committed?.();
    return Promise.resolve();
  };

  copyTo(folder: string): Promise<void> {
    this.done.push(`copy to ${folder}`);
    return Promise.resolve();
  }

  upgrade: Controllable['upgrade'] = (wanted, committed) => {
    const deployment = { ...wanted, sequence: wanted.sequence + 1 };
    committed?.(deployment);
    return Promise.resolve({ changed: true, deployment, packageIds: { 'nmi-north': 'registry_1.1:00' } });
  };
}

/** The registry as the project's own description has it. */
export function registryDeployment(): ChaincodeDeployment {
  const [found] = readConsortium(defaultConsortiumFile()).chaincodes.filter(({ name }) => name === 'registry');
  assert.ok(found);
  return found;
}
